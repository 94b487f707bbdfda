//! Volcengine `HMAC-SHA256`: a scope of day, region and service, and a key derived along it.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{Layout, ScopedCredential};
use super::canonical::{self, Canonical, HeaderStyle, RepeatedHeaders};
use super::computed_signature::SignatureInputs;
use super::date::{self, Format};
use super::hash::{EncodedDigest, HashFunction, Hex, HmacKey, derive_key};
use super::incoming::{self, require_signed};
use super::outgoing::{self, add};
use super::{AccessKey, ComputedSignature, KeyLookup, KnownKey, Scheme, Scope, SignError, Signed, SigningInputs, VerifyError};
use crate::wire::{Headers, Request};

const LAYOUT: Layout = Layout { algorithm: "HMAC-SHA256", hash: HashFunction::Sha256, credential: "Credential", separator: ", " };
const STYLE: HeaderStyle = HeaderStyle { collapse: true, repeats: RepeatedHeaders::Joined, bare_host: true };
const TERMINATOR: &str = "request";

const DATE: &str = "x-date";
const HASH: &str = "x-content-sha256";
const TOKEN: &str = "x-security-token";

pub(super) fn sign(
    mut request: Request,
    key: &AccessKey,
    scope: Scope<'_>,
    moment: &SigningInputs,
    also: &[String],
) -> Result<Signed, SignError> {
    outgoing::key_travels(key)?;
    outgoing::travels("region", scope.region)?;
    outgoing::travels("service", scope.service)?;
    let payload = Hex::sha256(&request.body);
    add_headers(&mut request.headers, key, moment, payload.as_str());
    let date = outgoing::text(&request.headers, DATE);
    outgoing::travels("date", &date)?;
    let signed = outgoing::select(&request.headers, is_signed, also);
    let day = date.get(..8).unwrap_or(&date);
    let full_scope = [day, "/", scope.region, "/", scope.service, "/", TERMINATOR].concat();
    let basis = basis(&key.id, &date, full_scope.into(), signed, payload);
    let trace = seal(basis, &request, (day, scope), key.into()).trace();
    Ok(outgoing::seal(request, trace))
}

fn add_headers(headers: &mut Headers, key: &AccessKey, moment: &SigningInputs, payload_hash: &str) {
    add(headers, HASH, payload_hash);
    add(headers, DATE, &Format::Basic.write(moment.now));
    if let Some(token) = key.security_token() {
        add(headers, TOKEN, token);
    }
}

fn is_signed(name: &str) -> bool {
    matches!(name, "content-type" | "host" | HASH | DATE | TOKEN)
}

/// Reads the region and the service for which a request claims to be signed; `None` where its credential cannot be read.
pub(super) fn claimed_scope(request: &Request) -> Option<Scope<'_>> {
    let (_, rest) = request.headers.get_str("authorization")?.split_once("Credential=")?;
    let credential = rest.split(',').next().unwrap_or_default().trim_ascii();
    let ScopedCredential { region, service, .. } = ScopedCredential::read(credential, TERMINATOR).ok()?;
    Some(Scope { region, service })
}

/// Verifies a request. `host` need not be signed: an official SDK for Node does not, though the documents ask for it.
pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let claim = LAYOUT.read(request)?;
    let credential = ScopedCredential::read(claim.credential, TERMINATOR)?;
    let date = date::check(&request.headers, DATE, Format::Basic, now)?;
    credential.is_of(date)?;
    let key = incoming::key(keys, credential.key_id)?;
    incoming::security_token(&request.headers, TOKEN, key.pair())?;
    require_signed(&claim.signed_headers, DATE)?;
    let payload = Hex::sha256(&request.body);
    let holds = incoming::payload_holds(&request.headers, HASH, payload.as_bytes());
    let basis = basis(credential.key_id, date, credential.scope.into(), claim.signed_headers, payload);
    let scope = Scope { region: credential.region, service: credential.service };
    let computed_signature = seal(basis, request, (credential.day, scope), key);
    let is_claimed = computed_signature.is(claim.signature);
    computed_signature.judge(is_claimed, holds)
}

fn basis<'a>(key_id: &'a str, date: &'a str, scope: Cow<'a, str>, signed: Vec<Cow<'a, str>>, payload: Hex) -> SignatureInputs<'a> {
    SignatureInputs {
        scheme: Scheme::Volcengine,
        layout: Some(&LAYOUT),
        key_id: key_id.into(),
        date: date.into(),
        scope: Some(scope),
        signed,
        payload: EncodedDigest::Hex(payload),
    }
}

/// Returns the signature along a day and a scope, which the basis has as one text.
fn seal<'a>(basis: SignatureInputs<'a>, request: &Request, (day, scope): (&str, Scope<'_>), key: KnownKey<'_>) -> ComputedSignature<'a> {
    let (uri, query) = (canonical::path(request.path()), canonical::query(request.query()));
    let full_scope = basis.scope.as_deref().unwrap_or_default();
    let canonical = Canonical { request, uri: &uri, query: &query, signed: &basis.signed, style: STYLE, payload: basis.payload.as_bytes() };
    let texts = canonical.under(HashFunction::Sha256, &[LAYOUT.algorithm, &basis.date, full_scope]);
    let derive =
        |pair: &AccessKey| HmacKey::new(&*derive_key(pair.secret.expose().as_bytes(), [day, scope.region, scope.service, TERMINATOR]));
    let signature = EncodedDigest::Hex(key.sign_along(full_scope, derive, texts.to_sign()));
    ComputedSignature { basis, texts, signature }
}
