//! The causes that can be seen in a request without the secret.

mod body;
mod date;
mod scope;

use super::ExaminedRequest;
use super::cause::Cause;
use super::claim::{Claim, ParsedClaim, parameter};
use super::fault;
use crate::auth::SchemeDescriptor;
use crate::catalog::Vendor;
use crate::secret::KeyShape;
use crate::wire::Request;

pub(super) use body::prioritize_body_causes;
pub(super) use date::own_time;

/// Returns all causes that can be seen, the weightier first.
pub(super) fn causes(case: &ExaminedRequest<'_>, reading: &ParsedClaim) -> Vec<Cause> {
    let view = ClaimedRequest { case, request: case.request, scheme: reading.dialect, claim: &reading.claim };
    let mut causes = reading.causes.clone();
    causes.extend(view.unsigned_headers());
    causes.extend(view.dropped_headers());
    causes.extend(view.missing());
    causes.extend(scope::causes(&view));
    causes.extend(date::cause(&view));
    causes.extend(body::causes(&view));
    causes.extend(view.key());
    causes.extend(view.token());
    causes.extend(view.other_host());
    causes.extend(view.unfilled_nonce());
    // A secret in the place of a key id is no damaged one, and is not repeated.
    if causes.iter().any(|cause| cause.fault == &fault::KEY_EXCHANGED) {
        causes.retain(|cause| cause.fault != &fault::KEY_ID_DAMAGED);
    }
    causes
}

/// A request with its claim.
struct ClaimedRequest<'v> {
    case: &'v ExaminedRequest<'v>,
    request: &'v Request,
    scheme: &'static SchemeDescriptor,
    claim: &'v Claim,
}

impl ClaimedRequest<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.get_str(name).map(str::trim_ascii)
    }

    /// Returns a value that the scheme puts into a header, or among the parameters where its signature is one.
    fn value(&self, name: &str) -> Option<String> {
        if self.scheme.query.is_some() { parameter(self.request, name) } else { self.header(name).map(str::to_owned) }
    }

    fn is_signed(&self, name: &str) -> bool {
        self.claim.names.iter().any(|known| known == name)
    }

    /// Returns headers that must be signed and are not.
    fn unsigned_headers(&self) -> Vec<Cause> {
        let scheme = self.scheme;
        if scheme.is_plain() {
            return Vec::new();
        }
        let lacking = scheme.required.iter().filter(|name| !self.is_signed(name));
        let mut causes: Vec<Cause> = lacking.map(|name| Cause::seen(&fault::LIST_LACKS, format!("{name} is not signed"))).collect();
        if scheme.vendors.contains(&Vendor::Huawei) && !self.is_signed("host") {
            causes.push(Cause::noted(&fault::HOST_UNSIGNED, "host is not in the list of signed headers"));
        }
        if scheme.signs_by_rule() || !self.is_strict() {
            return causes;
        }
        let own = self.request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).filter(|name| scheme.is_own(name.as_bytes()));
        // The date of a signature in the query stands among the headers for our use alone.
        let own = own.filter(|name| scheme.query.is_none() || name != scheme.date);
        causes.extend(own.filter(|name| !self.is_signed(name)).map(|name| {
            let fault = if name == scheme.token { &fault::TOKEN_UNSIGNED } else { &fault::HEADER_ADDED };
            Cause::seen(fault, format!("{name} is not signed"))
        }));
        causes
    }

    /// Returns whether the rules about what must be there and signed hold: of AWS's services those of S3 are known.
    fn is_strict(&self) -> bool {
        self.scheme.prefix != "AWS4" || self.claim.scope.as_ref().is_some_and(|scope| scope.service == "s3")
    }

    /// Returns headers and parameters without which the gateway refuses the request, signed or not.
    fn missing(&self) -> Vec<Cause> {
        let scheme = self.scheme;
        if !self.is_strict() {
            return Vec::new();
        }
        let is_empty = |value: Option<String>| value.is_none_or(|value| value.is_empty());
        let fault = if scheme.query.is_some() { &fault::PARAMETER_MISSING } else { &fault::HEADER_MISSING };
        let needed = scheme.needed.iter().filter(|name| is_empty(self.value(name)));
        let at_root = scheme.needed_at_root.iter().filter(|name| self.request.path() == "/" && is_empty(parameter(self.request, name)));
        let at_root = at_root.map(|name| Cause::seen(&fault::PARAMETER_MISSING, format!("no {name} in the query")));
        needed.map(|name| Cause::seen(fault, format!("no {name}"))).chain(at_root).collect()
    }

    /// Returns headers that were signed and are not there.
    fn dropped_headers(&self) -> impl Iterator<Item = Cause> {
        let absent = self.claim.names.iter().filter(|name| !self.request.headers.contains(name));
        absent.map(|name| {
            let fault = if *name == self.scheme.token { &fault::TOKEN_SIGNED } else { &fault::HEADER_DROPPED };
            Cause::seen(fault, format!("{name} is in the list of signed headers"))
        })
    }

    /// Returns a nonce that a program should have made and did not.
    fn unfilled_nonce(&self) -> Option<Cause> {
        let name = self.scheme.nonce?;
        let nonce = self.value(name).filter(|nonce| is_unfilled(nonce))?;
        Some(Cause::noted(&fault::NONCE_UNFILLED, format!("{name}: {nonce}")))
    }

    /// Returns that the given secret stands in the request as its key id: the caller exchanged the two, or whoever gave the secret did.
    fn swapped_key_cause(&self) -> Option<Cause> {
        let secret = self.case.key?.secret.expose().trim();
        let detail = if KeyShape::detect(secret).is_some() {
            "what was given as the secret is the key id of the request"
        } else {
            "the secret that was given is the key id of the request: the request has its secret there, or the id was given for it"
        };
        (!secret.is_empty() && secret == self.claim.key_id).then(|| Cause::seen(&fault::KEY_EXCHANGED, detail))
    }

    fn key(&self) -> Vec<Cause> {
        if let Some(cause) = self.swapped_key_cause() {
            return vec![cause];
        }
        let (id, vendors) = (&self.claim.key_id, self.scheme.vendors);
        let given = self.case.key.map(|key| key.id.as_str()).filter(|given| !given.is_empty() && given != id);
        let other = given.map(|given| Cause::seen(&fault::OTHER_KEY, format!("the request has {id}, given is {given}")));
        let foreign = |shape: &KeyShape| vendors.len() < Vendor::ALL.len() && vendors.iter().all(|vendor| vendor.title() != shape.vendor());
        let shape = KeyShape::detect(id).filter(foreign).map(|shape| {
            let detail = format!("{id} looks like one of {}, and {} is called", shape.vendor(), self.vendor());
            Cause::seen(&fault::FOREIGN_KEY, detail)
        });
        other.into_iter().chain(shape).collect()
    }

    /// Returns the likeliest vendor's name.
    fn vendor(&self) -> &'static str {
        self.scheme.vendors.first().map_or("", |vendor| vendor.title())
    }

    fn token(&self) -> Option<Cause> {
        let in_query = self.scheme.query.and_then(|names| parameter(self.request, names.token));
        let sent = self.header(self.scheme.token).or(in_query.as_deref()).filter(|token| !token.is_empty());
        let own = self.case.key.and_then(|key| key.token.as_ref()).filter(|token| !token.is_empty());
        let id = &self.claim.key_id;
        match (sent, own) {
            (None, Some(_)) => Some(Cause::seen(&fault::TOKEN_MISSING, "the key that was given has a token")),
            (None, None) if is_temporary(id) => Some(Cause::seen(&fault::TOKEN_MISSING, format!("{id} is a temporary key id"))),
            (Some(sent), Some(own)) if sent != own.expose().trim() => {
                Some(Cause::seen(&fault::TOKEN_OTHER, "it differs from the one that was given"))
            }
            _ => None,
        }
    }

    /// Returns that the URL, where one was given, has another host than the header.
    fn other_host(&self) -> Option<Cause> {
        let (url, host) = (self.case.url_host?, self.header("host")?);
        let detail = || format!("the URL has {url}, the header host has {host}");
        (!url.eq_ignore_ascii_case(host)).then(|| Cause::seen(&fault::HOST_OTHER_THAN_URL, detail()))
    }
}

/// Returns whether a nonce is the text of a format, or of a command: nonces consist of letters, digits and a few marks.
fn is_unfilled(nonce: &str) -> bool {
    const WORDS: [&str; 8] = ["nonce", "uuid", "undefined", "null", "none", "nil", "nan", "random"];
    let escapes = |at: usize| nonce.as_bytes().get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
    let has_format = nonce.char_indices().any(|(at, c)| "${}<>`()[]".contains(c) || (c == '%' && !escapes(at)));
    has_format || WORDS.iter().any(|word| nonce.eq_ignore_ascii_case(word))
}

/// Returns whether a key id is a temporary key's: it has the mark, and otherwise the vendors' characters.
fn is_temporary(id: &str) -> bool {
    let is_regular = id.strip_prefix("STS.").unwrap_or(id).bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_regular && (KeyShape::detect(id).is_some_and(KeyShape::is_temporary) || (id.starts_with("ASIA") && id.len() == 20))
}
