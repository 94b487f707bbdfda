//! Huawei `SDK-HMAC-SHA256`, current layout (`Access=`): no scope, no derived key, and a path that is signed with a slash at its end.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{Layout, value};
use super::canonical::{self, Canonical, HeaderStyle, Repeats};
use super::date::{self, Format};
use super::hash::{Hex, hex_sha256};
use super::incoming::{self, require_signed};
use super::outgoing::{self, add};
use super::sealed::Basis;
use super::{AccessKey, KeyLookup, Moment, Scheme, Sealed, SignError, Signed, VerifyError, sdk_hmac_scoped};
use crate::secret::Secret;
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
    let payload_hash = declared_payload(&request).map_or_else(|| hex_sha256(&request.body), str::to_owned).into();
    let basis = Basis { key_id: &key.id, date: &date, signed, payload_hash };
    let trace = seal(basis, &request, &key.secret).trace();
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
pub(super) fn payload(request: &Request) -> Cow<'static, str> {
    match declared_payload(request) {
        Some(UNSIGNED_PAYLOAD) => UNSIGNED_PAYLOAD.into(),
        _ => hex_sha256(&request.body).into(),
    }
}

/// Verifies a request in either layout, told apart by how the key is named.
pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<Sealed<'a>, VerifyError> {
    let authorization = value(request)?;
    if authorization.contains("Credential=") && !authorization.contains("Access=") {
        return sdk_hmac_scoped::verify(request, keys, now);
    }
    let claim = LAYOUT.read(request)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    let key = incoming::key(keys, claim.credential)?;
    incoming::security_token(&request.headers, TOKEN, key)?;
    require_needed(&claim.signed_headers)?;
    let basis = Basis { key_id: claim.credential, date, signed: claim.signed_headers, payload_hash: payload(request) };
    seal(basis, request, &key.secret).judge(claim.signature, true)
}

/// The guide asks for these two at least.
pub(super) fn require_needed(signed: &[Cow<'_, str>]) -> Result<(), VerifyError> {
    ["host", DATE].into_iter().try_for_each(|name| require_signed(signed, name))
}

fn seal<'a>(basis: Basis<'a>, request: &Request, secret: &Secret) -> Sealed<'a> {
    let (uri, query) = (canonical::slashed_path(request.path()), canonical::query(request.query()));
    let canonical =
        Canonical { request, uri: &uri, query: &query, signed: &basis.signed, style: STYLE, payload: &basis.payload_hash }.to_bytes();
    let string_to_sign = [ALGORITHM, "\n", basis.date, "\n", Hex::sha256(&canonical).as_str()].concat();
    basis.sealed((Scheme::SdkHmac, &LAYOUT), (canonical, string_to_sign), secret)
}
