//! Volcengine `HMAC-SHA256`: a scope of day, region and service, and a key derived along it.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{Layout, ScopedCredential};
use super::canonical::{self, Canonical, HeaderStyle, Repeats};
use super::date::{self, Format};
use super::hash::{Hex, derive_key, hex_hmac_sha256, hex_sha256};
use super::incoming::{self, require_signed};
use super::outgoing::{self, add};
use super::{AccessKey, KeyLookup, Moment, Scheme, Scope, Sealed, SignError, Signed, VerifyError};
use crate::secret::Secret;
use crate::wire::{Headers, Request};

const LAYOUT: Layout = Layout { algorithm: "HMAC-SHA256", credential: "Credential", separator: ", " };
const STYLE: HeaderStyle = HeaderStyle { collapse: true, repeats: Repeats::Joined, bare_host: true };
const TERMINATOR: &str = "request";

const DATE: &str = "x-date";
const HASH: &str = "x-content-sha256";
const TOKEN: &str = "x-security-token";

/// What a request is signed with.
struct Basis<'a> {
    key_id: &'a str,
    scope: Scope<'a>,
    date: &'a str,
    signed: Vec<Cow<'a, str>>,
    payload_hash: Cow<'a, str>,
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
    let basis = Basis { key_id: &key.id, scope, date: &date, signed, payload_hash: payload_hash.into() };
    let trace = basis.seal(&request, &key.secret).trace();
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
pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<Sealed<'a>, VerifyError> {
    let claim = LAYOUT.read(request)?;
    let credential = ScopedCredential::read(claim.credential, TERMINATOR)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    credential.is_of(date)?;
    let key = incoming::key(keys, credential.key_id)?;
    incoming::security_token(&request.headers, TOKEN, key)?;
    require_signed(&claim.signed_headers, DATE)?;
    let payload_hash = hex_sha256(&request.body);
    let holds = incoming::payload_holds(&request.headers, HASH, &payload_hash);
    let scope = Scope { region: credential.region, service: credential.service };
    let basis = Basis { key_id: credential.key_id, scope, date, signed: claim.signed_headers, payload_hash: payload_hash.into() };
    basis.seal(request, &key.secret).judge(claim.signature, holds)
}

impl<'a> Basis<'a> {
    fn seal(self, request: &Request, secret: &Secret) -> Sealed<'a> {
        let Self { key_id, scope, date, signed, payload_hash } = self;
        let (uri, query) = (canonical::path(request.path()), canonical::query(request.query()));
        let canonical = Canonical { request, uri: &uri, query: &query, signed: &signed, style: STYLE, payload: &payload_hash }.to_bytes();
        let day = date.get(..8).unwrap_or(date);
        let full_scope = [day, "/", scope.region, "/", scope.service, "/", TERMINATOR].concat();
        let string_to_sign = [LAYOUT.algorithm, "\n", date, "\n", &full_scope, "\n", Hex::sha256(&canonical).as_str()].concat();
        let derived = derive_key(secret.expose().as_bytes(), [day, scope.region, scope.service, TERMINATOR]);
        Sealed {
            scheme: Scheme::Volcengine,
            layout: Some(&LAYOUT),
            key_id,
            date,
            scope: Some(full_scope.into()),
            signed_headers: signed,
            payload_hash,
            canonical_request: canonical,
            signature: hex_hmac_sha256(&*derived, string_to_sign.as_bytes()),
            string_to_sign: string_to_sign.into(),
        }
    }
}
