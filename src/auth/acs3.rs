//! Alibaba Cloud `ACS3-HMAC-SHA256` ("V3"): no scope, no derived key.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{self, Layout};
use super::canonical::{self, Canonical, HeaderStyle, RepeatedHeaders};
use super::computed_signature::SignatureInputs;
use super::date::{self, Format};
use super::hash::{EncodedDigest, HashFunction, Hex};
use super::incoming::{self, require_signed};
use super::outgoing::{self, add};
use super::{AccessKey, ComputedSignature, KeyLookup, KnownKey, Scheme, SignError, Signed, SigningInputs, VerifyError};
use crate::wire::{Headers, Request};

const LAYOUT: Layout = Layout { algorithm: "ACS3-HMAC-SHA256", hash: HashFunction::Sha256, credential: "Credential", separator: "," };
/// The same with SM3, which the vendor's SDKs offer.
const SM3: Layout = Layout { algorithm: "ACS3-HMAC-SM3", hash: HashFunction::Sm3, credential: "Credential", separator: "," };

const STYLE: HeaderStyle = HeaderStyle { collapse: false, repeats: RepeatedHeaders::SortedJoined, bare_host: false };

const DATE: &str = "x-acs-date";
const HASH: &str = "x-acs-content-sha256";
const TOKEN: &str = "x-acs-security-token";

pub(super) fn sign(mut request: Request, key: &AccessKey, moment: &SigningInputs, also: &[String]) -> Result<Signed, SignError> {
    outgoing::key_travels(key)?;
    outgoing::travels("nonce", &moment.nonce)?;
    let payload = Hex::sha256(&request.body);
    add_headers(&mut request.headers, key, moment, payload.as_str());
    let date = outgoing::text(&request.headers, DATE);
    let signed = outgoing::select(&request.headers, is_signed, also);
    let trace = seal(basis(&LAYOUT, &key.id, &date, signed, payload), &request, &canonical::path(request.path()), key.into()).trace();
    Ok(outgoing::seal(request, trace))
}

/// Adds the scheme's headers. The official SDKs name the key id of a temporary key once more in a header of its own.
fn add_headers(headers: &mut Headers, key: &AccessKey, moment: &SigningInputs, payload_hash: &str) {
    if key.security_token().is_some() {
        add(headers, "x-acs-accesskey-id", &key.id);
    }
    add(headers, HASH, payload_hash);
    add(headers, DATE, &Format::Extended.write(moment.now));
    if let Some(token) = key.security_token() {
        add(headers, TOKEN, token);
    }
    add(headers, "x-acs-signature-nonce", &moment.nonce);
}

/// Returns the documented rule: `host`, `content-type` and every `x-acs-*`.
fn is_signed(name: &str) -> bool {
    matches!(name, "host" | "content-type") || name.starts_with("x-acs-")
}

pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let value = authorization::value(request)?;
    let layout: &'static Layout = if value.starts_with(SM3.algorithm) { &SM3 } else { &LAYOUT };
    let claim = layout.read_value(value)?;
    let date = date::check(&request.headers, DATE, Format::Extended, now)?;
    let key = incoming::key(keys, claim.credential)?;
    incoming::security_token(&request.headers, TOKEN, key.pair())?;
    require_all_signed(&request.headers, &claim.signed_headers)?;
    let payload = layout.hash.hex(&request.body);
    let holds = incoming::payload_holds(&request.headers, HASH, payload.as_bytes());
    let basis = basis(layout, claim.credential, date, claim.signed_headers, payload);
    let strict = seal(basis, request, &canonical::path(request.path()), key);
    if strict.is(claim.signature) {
        return strict.judge(true, holds);
    }
    let other = seal(strict.basis.clone(), request, &as_sent(request.path()), key);
    if other.is(claim.signature) { other.judge(true, holds) } else { strict.judge(false, holds) }
}

/// Checks what must be signed: SDKs differ in what they sign beyond the rule (Python signs all it sets) and in whether they sign `content-type` at all; `host` and
/// whatever else speaks to the gateway must be signed.
fn require_all_signed(headers: &Headers, signed: &[Cow<'_, str>]) -> Result<(), VerifyError> {
    require_signed(signed, "host")?;
    let is_own = |name: &&[u8]| name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-acs-"));
    headers.names().filter(is_own).try_for_each(|name| require_signed(signed, name))
}

/// Returns the other canonical form of a path that official SDKs sign, beside each segment strictly encoded: the path as sent but for the
/// three differences between `encodeURIComponent` or `quote` and strict encoding.
fn as_sent(path: &str) -> String {
    path.replace('+', "%20").replace('*', "%2A").replace("%7E", "~")
}

fn basis<'a>(layout: &'static Layout, key_id: &'a str, date: &'a str, signed: Vec<Cow<'a, str>>, payload: Hex) -> SignatureInputs<'a> {
    SignatureInputs {
        scheme: Scheme::Acs3,
        layout: Some(layout),
        key_id: key_id.into(),
        date: date.into(),
        scope: None,
        signed,
        payload: EncodedDigest::Hex(payload),
    }
}

/// Returns the signature over this canonical path: a request may have two.
fn seal<'a>(basis: SignatureInputs<'a>, request: &Request, uri: &str, key: KnownKey<'_>) -> ComputedSignature<'a> {
    let query = canonical::query(request.query());
    let canonical = Canonical { request, uri, query: &query, signed: &basis.signed, style: STYLE, payload: basis.payload.as_bytes() };
    let layout = basis.layout.unwrap_or(&LAYOUT);
    let texts = canonical.under(layout.hash, &[layout.algorithm]);
    let signature = EncodedDigest::Hex(key.sign(layout.hash, texts.to_sign()));
    ComputedSignature { basis, texts, signature }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_two_canonical_forms() {
        let paths = |path| [canonical::path(path).into_owned(), as_sent(path)];
        assert_eq!(paths("/a!b(c)"), ["/a%21b%28c%29", "/a!b(c)"]);
        assert_eq!(paths("/a%20b%2Fc*d~e%2Bf"), ["/a%20b%2Fc%2Ad~e%2Bf", "/a%20b%2Fc%2Ad~e%2Bf"]);
        assert_eq!(paths("/a+%7E"), ["/a%2B~", "/a%20~"]);
    }

    #[test]
    fn requires_signed_gateway_headers() {
        let headers: Headers = [("Host", "a"), ("X-Acs-Action", "b"), ("Content-Type", "c")].into_iter().collect();
        let check = |signed: &[&str]| require_all_signed(&headers, &signed.iter().copied().map(Cow::from).collect::<Vec<_>>());
        assert_eq!(check(&["host", "x-acs-action"]), Ok(()));
        assert_eq!(check(&["x-acs-action"]), Err(VerifyError::Unsigned("host".into())));
        assert_eq!(check(&["host"]), Err(VerifyError::Unsigned("x-acs-action".into())));
    }
}
