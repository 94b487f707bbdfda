//! Huawei `SDK-HMAC-SHA256`, the older layout with a scope (`Credential=`) that the Go tools for OTC use. Verified, never made.
//!
//! Beside the scope and the key derived along it, it differs from the current layout in three habits: runs of white space in a header
//! value become one space, query parameters are sorted without regard to case, and a POST without a body signs its query as the
//! payload instead. The tools add `x-project-id`, `x-domain-id` and `x-security-token` after signing, so these may be unsigned.

use std::borrow::Cow;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::authorization::{Layout, ScopedCredential};
use super::canonical::{self, Canonical, HeaderStyle, Pair, RepeatedHeaders};
use super::computed_signature::SignatureInputs;
use super::date::{self, Format};
use super::hash::{EncodedDigest, HashFunction, Hex, HmacKey, derive_key};
use super::incoming;
use super::sdk_hmac::{ALGORITHM, DATE, TOKEN, payload};
use super::{AccessKey, ComputedSignature, KeyLookup, KnownKey, Scheme, VerifyError};
use crate::wire::{Request, encode};

const LAYOUT: Layout = Layout { algorithm: ALGORITHM, hash: HashFunction::Sha256, credential: "Credential", separator: ", " };
const STYLE: HeaderStyle = HeaderStyle { collapse: true, repeats: RepeatedHeaders::SortedLines, bare_host: false };
const TERMINATOR: &str = "sdk_request";

pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let claim = LAYOUT.read(request)?;
    let credential = ScopedCredential::read(claim.credential, TERMINATOR)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    credential.is_of(date)?;
    let key = incoming::key(keys, credential.key_id)?;
    incoming::security_token(&request.headers, TOKEN, key.pair())?;
    incoming::require_signed(&claim.signed_headers, DATE)?;
    let computed_signature = seal(request, key, date, &credential, claim.signed_headers);
    let is_claimed = computed_signature.is(claim.signature);
    computed_signature.judge(is_claimed, true)
}

fn seal<'a>(
    request: &'a Request,
    key: KnownKey<'_>,
    date: &'a str,
    credential: &ScopedCredential<'a>,
    signed: Vec<Cow<'a, str>>,
) -> ComputedSignature<'a> {
    let (uri, scope) = (canonical::slashed_path(request.path()), credential.scope);
    let (query, payload) = query_and_payload(request);
    let canonical = Canonical { request, uri: &uri, query: &query, signed: &signed, style: STYLE, payload: payload.as_bytes() };
    let texts = canonical.under(HashFunction::Sha256, &[ALGORITHM, date, scope]);
    let signature = EncodedDigest::Hex(key.sign_along(scope, |pair| signing_key(pair, credential), texts.to_sign()));
    let (scheme, layout, key_id) = (Scheme::SdkHmacScoped, Some(&LAYOUT), credential.key_id);
    ComputedSignature {
        basis: SignatureInputs { scheme, layout, key_id: key_id.into(), date: date.into(), scope: Some(scope.into()), signed, payload },
        texts,
        signature,
    }
}

fn signing_key(pair: &AccessKey, credential: &ScopedCredential<'_>) -> HmacKey {
    let secret = Zeroizing::new(["SDK", pair.secret.expose()].concat());
    HmacKey::new(&*derive_key(secret.as_bytes(), [credential.day, credential.region, credential.service, TERMINATOR]))
}

/// Returns the parameters of the canonical query and the payload line.
fn query_and_payload(request: &Request) -> (Vec<Pair<'_>>, EncodedDigest) {
    if request.method.eq_ignore_ascii_case("post") && request.body.is_empty() {
        return (Vec::new(), EncodedDigest::Hex(Hex::sha256(form(request.query()).as_bytes())));
    }
    (query(request.query()), payload(request, HashFunction::Sha256))
}

/// Returns the parameters sorted by encoded name without regard to case.
fn query(query: &str) -> Vec<Pair<'_>> {
    let mut pairs = canonical::parameters(query);
    pairs.sort_by_cached_key(|(name, _)| encode(name).to_ascii_lowercase());
    pairs
}

/// Returns the query as a form body, as Go's `url.Values.Encode` writes it: sorted by name, a space as `+`.
fn form(query: &str) -> String {
    let mut pairs = canonical::parameters(query);
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    written(&pairs).replace("%20", "+")
}

fn written(pairs: &[Pair<'_>]) -> String {
    let mut out = Vec::new();
    canonical::encode_query(&mut out, pairs);
    canonical::text(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::hex_sha256;

    #[test]
    fn a_post_without_body_signs_its_query_as_payload() {
        let mut request = Request { method: "POST".into(), target: "/p?b=x+y&B=%20&a=1".into(), ..Request::default() };
        let found = |request: &Request| {
            let (query, payload) = query_and_payload(request);
            (written(&query), payload.as_str().to_owned())
        };
        assert_eq!(found(&request), (String::new(), hex_sha256(b"B=+&a=1&b=x+y")));
        request.body = "{}".into();
        assert_eq!(found(&request), ("a=1&b=x%20y&B=%20".into(), hex_sha256(b"{}")));
        request.method = "DELETE".into();
        request.body = "".into();
        assert_eq!(found(&request).1, hex_sha256(b""));
    }
}
