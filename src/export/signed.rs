//! What the forms have in common that carry a signature as it was made.

use crate::auth::Scheme;
use crate::exchange::Exchange;
use crate::wire::Headers;

use super::Subject;

/// The headers that a client must be told: those that it makes of the URL and the body by itself are left out.
pub(super) fn headers(exchange: &Exchange) -> Headers {
    let own = exchange.endpoint.authority();
    let told = |name: &str, value: &[u8]| match name.to_ascii_lowercase().as_str() {
        "host" => value != own.as_bytes(),
        "content-length" => exchange.request.body.is_empty(),
        _ => true,
    };
    exchange.request.headers.iter().filter(|(name, value)| told(name, value)).collect()
}

/// A sentence on how long the request is good for; `None` for one without a signature.
pub(super) fn validity(subject: &Subject<'_>) -> Option<&'static str> {
    match subject.exchange.signing.as_ref()?.scheme {
        Scheme::IamToken => Some("good as long as its token: put one in where it is covered"),
        Scheme::Acs3 | Scheme::Acs1 => Some("signed: good for 15 minutes, and once only (the nonce)"),
        _ => Some("signed: good for 15 minutes"),
    }
}
