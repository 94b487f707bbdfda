//! Huawei `SDK-HMAC-SHA256`, current layout (`Access=`): no scope, no derived key, and a path that is signed with a slash at its end.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{Layout, value};
use super::canonical::{self, Canonical, HeaderStyle, RepeatedHeaders};
use super::computed_signature::SignatureInputs;
use super::date::{self, Format};
use super::hash::{EncodedDigest, HashFunction, Hex};
use super::incoming::{self, require_signed};
use super::outgoing::{self, add};
use super::{AccessKey, ComputedSignature, KeyLookup, KnownKey, Scheme, SignError, Signed, SigningInputs, VerifyError, sdk_hmac_scoped};
use crate::wire::{Headers, Request};

const LAYOUT: Layout = Layout { algorithm: ALGORITHM, hash: HashFunction::Sha256, credential: "Access", separator: ", " };
/// The same with SM3, which the vendor's SDKs offer.
const SM3: Layout = Layout { algorithm: "SDK-HMAC-SM3", hash: HashFunction::Sm3, credential: "Access", separator: ", " };

const STYLE: HeaderStyle = HeaderStyle { collapse: false, repeats: RepeatedHeaders::SortedLines, bare_host: false };

pub(super) const ALGORITHM: &str = "SDK-HMAC-SHA256";
pub(super) const DATE: &str = "x-sdk-date";
pub(super) const TOKEN: &str = "x-security-token";
const PROJECT: &str = "x-project-id";
const HASH: &str = "x-sdk-content-sha256";
const HASH_SM3: &str = "x-sdk-content-sm3";

/// The value declared instead of a hash when the body is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

pub(super) fn sign(mut request: Request, key: &AccessKey, moment: &SigningInputs, also: &[String]) -> Result<Signed, SignError> {
    outgoing::key_travels(key)?;
    add_headers(&mut request.headers, key, moment);
    let date = outgoing::text(&request.headers, DATE);
    let signed = outgoing::select(&request.headers, is_signed, also);
    let declared = declared_payload(&request, HASH).map(|declared| EncodedDigest::Text(declared.to_owned().into()));
    let payload = declared.unwrap_or_else(|| EncodedDigest::Hex(Hex::sha256(&request.body)));
    let trace = seal(basis(&LAYOUT, &key.id, &date, signed, payload), &request, key.into()).trace();
    Ok(outgoing::seal(request, trace))
}

fn add_headers(headers: &mut Headers, key: &AccessKey, moment: &SigningInputs) {
    if let Some(project) = key.project_id.as_deref().filter(|project| !project.is_empty()) {
        add(headers, PROJECT, project);
    }
    add(headers, DATE, &Format::Basic.write(moment.now));
    if let Some(token) = key.security_token() {
        add(headers, TOKEN, token);
    }
}

fn is_signed(name: &str) -> bool {
    matches!(name, "content-type" | "host" | PROJECT | HASH | DATE | TOKEN)
}

/// Returns what the request itself declares as the payload line. Nothing when there is no body: then nothing is the payload.
fn declared_payload<'r>(request: &'r Request, header: &str) -> Option<&'r str> {
    request.headers.get_str(header).map(str::trim_ascii).filter(|_| !request.body.is_empty())
}

/// Returns the payload line that a verifier computes: it lets a caller leave the body unsigned, but not declare another one.
pub(super) fn payload(request: &Request, hash: HashFunction) -> EncodedDigest {
    let header = if hash == HashFunction::Sm3 { HASH_SM3 } else { HASH };
    match declared_payload(request, header) {
        Some(UNSIGNED_PAYLOAD) => EncodedDigest::Text(UNSIGNED_PAYLOAD.into()),
        _ => EncodedDigest::Hex(hash.hex(&request.body)),
    }
}

/// Verifies a request in either layout, told apart by how the key is named. The guide asks for a signed `host`, the gateway does not:
/// the vendor's own Go SDK and the SDK below the Terraform provider sign `x-sdk-date` and no host.
pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let authorization = value(request)?;
    if authorization.contains("Credential=") && !authorization.contains("Access=") {
        return sdk_hmac_scoped::verify(request, keys, now);
    }
    let layout: &'static Layout = if authorization.starts_with(SM3.algorithm) { &SM3 } else { &LAYOUT };
    let claim = layout.read_value(authorization)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    let key = incoming::key(keys, claim.credential)?;
    incoming::security_token(&request.headers, TOKEN, key.pair())?;
    require_signed(&claim.signed_headers, DATE)?;
    let basis = basis(layout, claim.credential, date, claim.signed_headers, payload(request, layout.hash));
    let computed_signature = seal(basis, request, key);
    let is_claimed = computed_signature.is(claim.signature);
    computed_signature.judge(is_claimed, true)
}

fn basis<'a>(
    layout: &'static Layout,
    key_id: &'a str,
    date: &'a str,
    signed: Vec<Cow<'a, str>>,
    payload: EncodedDigest,
) -> SignatureInputs<'a> {
    SignatureInputs {
        scheme: Scheme::SdkHmac,
        layout: Some(layout),
        key_id: key_id.into(),
        date: date.into(),
        scope: None,
        signed,
        payload,
    }
}

fn seal<'a>(basis: SignatureInputs<'a>, request: &Request, key: KnownKey<'_>) -> ComputedSignature<'a> {
    let (uri, query) = (canonical::slashed_path(request.path()), canonical::query(request.query()));
    let canonical = Canonical { request, uri: &uri, query: &query, signed: &basis.signed, style: STYLE, payload: basis.payload.as_bytes() };
    let layout = basis.layout.unwrap_or(&LAYOUT);
    let texts = canonical.under(layout.hash, &[layout.algorithm, &basis.date]);
    let signature = EncodedDigest::Hex(key.sign(layout.hash, texts.to_sign()));
    ComputedSignature { basis, texts, signature }
}
