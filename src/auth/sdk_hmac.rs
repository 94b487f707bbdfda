//! Huawei `SDK-HMAC-SHA256`, current layout (`Access=`): no scope, no derived key, and a path that is signed with a slash at its end.

use jiff::Timestamp;

use super::authorization::{Layout, value};
use super::canonical::{self, Canonical, HeaderStyle, Repeats};
use super::date::{self, Format};
use super::hash::{hex_hmac_sha256, hex_sha256};
use super::incoming::{self, judge, require_signed};
use super::outgoing::{self, add};
use super::{AccessKey, KeyLookup, Moment, Scheme, SignError, Signed, Trace, VerifyError, sdk_hmac_scoped};
use crate::wire::{Headers, Request};

const LAYOUT: Layout = Layout { algorithm: ALGORITHM, credential: "Access", separator: ", " };
const STYLE: HeaderStyle = HeaderStyle { collapse: false, repeats: Repeats::SortedLines, bare_host: false };

pub(super) const ALGORITHM: &str = "SDK-HMAC-SHA256";
pub(super) const DATE: &str = "x-sdk-date";
pub(super) const TOKEN: &str = "x-security-token";
const PROJECT: &str = "x-project-id";
const HASH: &str = "x-sdk-content-sha256";

/// What a caller declares instead of a hash when the body is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

pub(super) fn sign(mut request: Request, key: &AccessKey, moment: &Moment, also: &[String]) -> Result<Signed, SignError> {
    outgoing::key_travels(key)?;
    add_headers(&mut request.headers, key, moment);
    let date = outgoing::text(&request.headers, DATE);
    let signed = outgoing::select(&request.headers, is_signed, also);
    let payload = declared_payload(&request).map_or_else(|| hex_sha256(&request.body), str::to_owned);
    let trace = trace(&request, key, &date, signed, payload);
    Ok(outgoing::seal(request, trace))
}

fn add_headers(headers: &mut Headers, key: &AccessKey, moment: &Moment) {
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

/// What the request itself declares as the payload line. Nothing when there is no body: then nothing is the payload.
fn declared_payload(request: &Request) -> Option<&str> {
    request.headers.get_str(HASH).map(str::trim_ascii).filter(|_| !request.body.is_empty())
}

/// The payload line that a verifier computes: it lets a caller leave the body unsigned, but not declare another one.
pub(super) fn payload(request: &Request) -> String {
    match declared_payload(request) {
        Some(UNSIGNED_PAYLOAD) => UNSIGNED_PAYLOAD.to_owned(),
        _ => hex_sha256(&request.body),
    }
}

/// Verifies a request in either layout, told apart by how the key is named.
pub(super) fn verify(request: &Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<Trace, VerifyError> {
    let authorization = value(request)?;
    if authorization.contains("Credential=") && !authorization.contains("Access=") {
        return sdk_hmac_scoped::verify(request, keys, now);
    }
    let claim = LAYOUT.read(request)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    let key = incoming::key(keys, claim.credential)?;
    incoming::security_token(&request.headers, TOKEN, &key)?;
    require_needed(&claim.signed_headers)?;
    judge(trace(request, &key, date, claim.signed_headers, payload(request)), claim.signature, true)
}

/// The guide asks for these two at least.
pub(super) fn require_needed(signed: &[String]) -> Result<(), VerifyError> {
    ["host", DATE].into_iter().try_for_each(|name| require_signed(signed, name))
}

fn trace(request: &Request, key: &AccessKey, date: &str, signed: Vec<String>, payload: String) -> Trace {
    let (uri, query) = (canonical::slashed_path(request.path()), canonical::query(request.query()));
    let canonical = Canonical { request, uri: &uri, query: &query, signed: &signed, style: STYLE, payload: &payload }.to_bytes();
    let string_to_sign = format!("{ALGORITHM}\n{date}\n{}", hex_sha256(&canonical));
    let signature = hex_hmac_sha256(key.secret.expose().as_bytes(), string_to_sign.as_bytes());
    Trace {
        scheme: Scheme::SdkHmac,
        key_id: key.id.clone(),
        date: date.to_owned(),
        scope: None,
        authorization: LAYOUT.write(&key.id, &signed.join(";"), &signature),
        signed_headers: signed,
        payload_hash: payload,
        canonical_request: canonical::text(canonical),
        string_to_sign,
        signature,
    }
}
