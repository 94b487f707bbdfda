//! A signature step by step: what is hashed, what is signed, what comes out.

use super::{Line, Page, Role, covered};
use crate::auth::{Scheme, Trace};
use crate::redact::Redactor;

/// What the lines of a canonical request are, in order, up to the headers.
const NAMES: [&str; 3] = ["method", "path", "query"];

/// A signature's trace.
pub fn signing(page: &mut Page, trace: &Trace, redactor: Option<&Redactor>) {
    if trace.scheme == Scheme::IamToken {
        return token(page);
    }
    summary(page, trace);
    if !trace.canonical_request.is_empty() {
        page.heading("Canonical request");
        canonical(page, &covered(&trace.canonical_request, redactor));
    }
    page.heading("String to sign");
    numbered(page, &covered(&trace.string_to_sign, redactor));
    page.heading("Signature");
    page.text(Role::Text, key_derivation(trace.scheme));
    page.line(Line::of(Role::Success, &trace.signature));
    page.heading("Authorization");
    page.line(Line::of(Role::Text, &trace.authorization).hanging(2));
}

fn token(page: &mut Page) {
    page.line(Line::of(Role::Heading, "X-Auth-Token"));
    page.text(
        Role::Text,
        "Nothing is signed: a token of the identity service (POST /v3/auth/tokens) in the header x-auth-token says who calls.",
    );
    page.gap();
    page.text(
        Role::Dim,
        "The token is fetched when the call is sent, kept until shortly before it expires, and fetched once more after a 401.",
    );
}

fn summary(page: &mut Page, trace: &Trace) {
    let mut fields = vec![("Scheme", trace.scheme.name().to_owned()), ("Access key", trace.key_id.clone()), ("Date", trace.date.clone())];
    fields.extend(trace.scope.clone().map(|scope| ("Scope", scope)));
    fields.push(("Payload", payload(&trace.payload_hash)));
    fields.push(("Signed headers", trace.signed_headers.join("; ")));
    for (label, value) in fields {
        page.field(16, label, Role::Text, &value);
    }
}

/// A payload hash, with the two that everybody meets named.
fn payload(hash: &str) -> String {
    const KNOWN: [(&str, &str); 2] = [
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "the empty body"),
        ("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", "the two bytes {}"),
    ];
    let known = KNOWN.iter().find(|(known, _)| *known == hash);
    known.map_or_else(|| hash.to_owned(), |(_, name)| format!("{hash} ({name})"))
}

/// The canonical request with its lines named in the margin.
fn canonical(page: &mut Page, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let from_end = lines.len() - at;
        let name = match (NAMES.get(at), from_end) {
            (Some(name), _) => name,
            (None, 1) => "payload",
            (None, 2) => "signed",
            (None, 3) => "",
            (None, _) => "header",
        };
        page.line(Line::of(Role::Dim, format!("{name:<8}")).with(Role::Text, line).hanging(8));
    }
}

fn numbered(page: &mut Page, text: &str) {
    for (at, line) in text.split('\n').enumerate() {
        page.line(Line::of(Role::Dim, format!("{:<8}", at + 1)).with(Role::Text, line).hanging(8));
    }
}

/// How the key of the last step comes about; the key itself is never shown.
fn key_derivation(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Volcengine => "HMAC-SHA256 of it, with the key HMAC(HMAC(HMAC(HMAC(secret, date), region), service), \"request\"):",
        Scheme::SdkHmacScoped => "HMAC-SHA256 of it, with a key derived from \"SDK\" + secret over date, region, service, \"sdk_request\":",
        Scheme::Acs1 => "Base64 of HMAC-SHA1 of it, with the secret as the key:",
        Scheme::Acs3 | Scheme::SdkHmac | Scheme::IamToken => "HMAC-SHA256 of it, with the secret as the key:",
    }
}
