//! Huawei `SDK-HMAC-SHA256`, the older layout with a scope (`Credential=`) that the Go tools for OTC use. Verified, never made.
//!
//! Beside the scope and the key derived along it, it differs from the current layout in three habits: runs of white space in a header
//! value become one space, query parameters are sorted without regard to case, and a POST without a body signs its query as the
//! payload instead. The tools add `x-project-id`, `x-domain-id` and `x-security-token` after signing, so these may be unsigned.

use std::borrow::Cow;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::authorization::{Layout, ScopedCredential};
use super::canonical::{self, Canonical, HeaderStyle, Repeats};
use super::date::{self, Format};
use super::hash::{Hex, derive_key, hex_hmac_sha256, hex_sha256};
use super::incoming;
use super::sdk_hmac::{ALGORITHM, DATE, TOKEN, payload, require_needed};
use super::{AccessKey, KeyLookup, Scheme, Sealed, VerifyError};
use crate::wire::{Request, encode};

const LAYOUT: Layout = Layout { algorithm: ALGORITHM, credential: "Credential", separator: ", " };
const STYLE: HeaderStyle = HeaderStyle { collapse: true, repeats: Repeats::SortedLines, bare_host: false };
const TERMINATOR: &str = "sdk_request";

pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<Sealed<'a>, VerifyError> {
    let claim = LAYOUT.read(request)?;
    let credential = ScopedCredential::read(claim.credential, TERMINATOR)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    credential.is_of(date)?;
    let key = incoming::key(keys, credential.key_id)?;
    incoming::security_token(&request.headers, TOKEN, key)?;
    require_needed(&claim.signed_headers)?;
    seal(request, key, date, &credential, claim.signed_headers).judge(claim.signature, true)
}

fn seal<'a>(
    request: &'a Request,
    key: &AccessKey,
    date: &'a str,
    credential: &ScopedCredential<'a>,
    signed: Vec<Cow<'a, str>>,
) -> Sealed<'a> {
    let uri = canonical::slashed_path(request.path());
    let (query, payload_hash) = query_and_payload(request);
    let canonical = Canonical { request, uri: &uri, query: &query, signed: &signed, style: STYLE, payload: &payload_hash }.to_bytes();
    let scope = credential.scope;
    let string_to_sign = [ALGORITHM, "\n", date, "\n", scope, "\n", Hex::sha256(&canonical).as_str()].concat();
    Sealed {
        scheme: Scheme::SdkHmacScoped,
        layout: Some(&LAYOUT),
        key_id: credential.key_id,
        date,
        scope: Some(scope.into()),
        signed_headers: signed,
        payload_hash,
        canonical_request: canonical,
        signature: hex_hmac_sha256(&*signing_key(key, credential), string_to_sign.as_bytes()),
        string_to_sign: string_to_sign.into(),
    }
}

fn signing_key(key: &AccessKey, credential: &ScopedCredential<'_>) -> Zeroizing<[u8; 32]> {
    let secret = Zeroizing::new(["SDK", key.secret.expose()].concat());
    derive_key(secret.as_bytes(), [credential.day, credential.region, credential.service, TERMINATOR])
}

/// The canonical query and the payload line.
fn query_and_payload(request: &Request) -> (String, Cow<'static, str>) {
    if request.method.eq_ignore_ascii_case("post") && request.body.is_empty() {
        return (String::new(), hex_sha256(form(request.query()).as_bytes()).into());
    }
    (query(request.query()), payload(request))
}

/// The query sorted by encoded name without regard to case.
fn query(query: &str) -> String {
    let mut pairs = canonical::parameters(query);
    pairs.sort_by_cached_key(|(name, _)| encode(name).to_ascii_lowercase());
    canonical::encode_query(&pairs)
}

/// The query as a form body, as Go's `url.Values.Encode` writes it: sorted by name, a space as `+`.
fn form(query: &str) -> String {
    let mut pairs = canonical::parameters(query);
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    canonical::encode_query(&pairs).replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_without_body_signs_its_query_as_payload() {
        let mut request = Request { method: "POST".into(), target: "/p?b=x+y&B=%20&a=1".into(), ..Request::default() };
        assert_eq!(query_and_payload(&request), (String::new(), hex_sha256(b"B=+&a=1&b=x+y").into()));
        request.body = "{}".into();
        assert_eq!(query_and_payload(&request), ("a=1&b=x%20y&B=%20".into(), hex_sha256(b"{}").into()));
        request.method = "DELETE".into();
        request.body = "".into();
        assert_eq!(query_and_payload(&request).1, hex_sha256(b""));
    }
}
