//! Volcengine `HMAC-SHA256`: a scope of day, region and service, and a key derived along it.

use jiff::Timestamp;

use super::authorization::{Layout, ScopedCredential};
use super::canonical::{self, Canonical, HeaderStyle, Repeats};
use super::date::{self, Format};
use super::hash::{derive_key, hex_hmac_sha256, hex_sha256};
use super::incoming::{self, judge, require_signed};
use super::outgoing::{self, add};
use super::{AccessKey, KeyLookup, Moment, Scheme, Scope, SignError, Signed, Trace, VerifyError};
use crate::wire::{Headers, Request};

const LAYOUT: Layout = Layout { algorithm: "HMAC-SHA256", credential: "Credential", separator: ", " };
const STYLE: HeaderStyle = HeaderStyle { collapse: true, repeats: Repeats::Joined, bare_host: true };
const TERMINATOR: &str = "request";

const DATE: &str = "x-date";
const HASH: &str = "x-content-sha256";
const TOKEN: &str = "x-security-token";

/// What a request is signed with.
struct Basis<'a> {
    key: &'a AccessKey,
    scope: Scope<'a>,
    date: &'a str,
    signed: Vec<String>,
    payload_hash: String,
}

pub(super) fn sign(mut request: Request, key: &AccessKey, scope: Scope<'_>, moment: &Moment, also: &[String]) -> Result<Signed, SignError> {
    outgoing::key_travels(key)?;
    outgoing::travels("region", scope.region)?;
    outgoing::travels("service", scope.service)?;
    let payload_hash = hex_sha256(&request.body);
    add_headers(&mut request.headers, key, moment, &payload_hash);
    let date = outgoing::text(&request.headers, DATE);
    outgoing::travels("date", &date)?;
    let signed = outgoing::select(&request.headers, is_signed, also);
    let trace = trace(&request, Basis { key, scope, date: &date, signed, payload_hash });
    Ok(outgoing::seal(request, trace))
}

fn add_headers(headers: &mut Headers, key: &AccessKey, moment: &Moment, payload_hash: &str) {
    add(headers, HASH, payload_hash);
    add(headers, DATE, &Format::Basic.write(moment.now));
    if let Some(token) = key.security_token() {
        add(headers, TOKEN, token);
    }
}

fn is_signed(name: &str) -> bool {
    matches!(name, "content-type" | "host" | HASH | DATE | TOKEN)
}

/// Verifies a request. `host` need not be signed: an official SDK for Node does not, though the documents ask for it.
pub(super) fn verify(request: &Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<Trace, VerifyError> {
    let claim = LAYOUT.read(request)?;
    let credential = ScopedCredential::read(claim.credential, TERMINATOR)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    credential.is_of(date)?;
    let key = incoming::key(keys, credential.key_id)?;
    incoming::security_token(&request.headers, TOKEN, &key)?;
    require_signed(&claim.signed_headers, DATE)?;
    let payload_hash = hex_sha256(&request.body);
    let holds = incoming::payload_holds(&request.headers, HASH, &payload_hash);
    let scope = Scope { region: credential.region, service: credential.service };
    let trace = trace(request, Basis { key: &key, scope, date, signed: claim.signed_headers, payload_hash });
    judge(trace, claim.signature, holds)
}

fn trace(request: &Request, basis: Basis<'_>) -> Trace {
    let Basis { key, scope, date, signed, payload_hash } = basis;
    let (uri, query) = (canonical::path(request.path()), canonical::query(request.query()));
    let canonical = Canonical { request, uri: &uri, query: &query, signed: &signed, style: STYLE, payload: &payload_hash }.to_bytes();
    let day = date.get(..8).unwrap_or(date);
    let full_scope = format!("{day}/{}/{}/{TERMINATOR}", scope.region, scope.service);
    let string_to_sign = format!("{}\n{date}\n{full_scope}\n{}", LAYOUT.algorithm, hex_sha256(&canonical));
    let derived = derive_key(key.secret.expose().as_bytes(), [day, scope.region, scope.service, TERMINATOR]);
    let signature = hex_hmac_sha256(&*derived, string_to_sign.as_bytes());
    Trace {
        scheme: Scheme::Volcengine,
        key_id: key.id.clone(),
        date: date.to_owned(),
        authorization: LAYOUT.write(&format!("{}/{full_scope}", key.id), &signed.join(";"), &signature),
        scope: Some(full_scope),
        signed_headers: signed,
        payload_hash,
        canonical_request: canonical::text(canonical),
        string_to_sign,
        signature,
    }
}
