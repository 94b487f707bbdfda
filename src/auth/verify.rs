//! Verifying: the credential, the date, the token and the list of signed headers are checked in the gateways' order, then the signature.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{Credential, value};
use super::hash::EncodedDigest;
use super::inputs::{Claim, SignatureInputs, SignedScope};
use super::scheme::{SchemeDescriptor, SigningVariants};
use super::{AccessKey, ComputedSignature, KeyLookup, Scheme, Scope, VerifyError, canonical, date, incoming, roa, rpc};
use crate::wire::Request;

/// Verifies a request as a gateway of this scheme does: with the scheme itself, or with another of its family that the request announces.
///
/// # Errors
/// [`VerifyError`]: what the gateway would refuse it for, first things first. Nonces are the caller's to remember.
pub fn verify<'a>(scheme: Scheme, request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let (name, scheme) = SchemeDescriptor::announced(scheme, request).ok_or(VerifyError::NoCredentials)?;
    let Claim { mut inputs, signature } = match scheme.query {
        Some(names) => rpc::read(name, names, request)?,
        None if scheme.is_plain() => roa::read(name, scheme, request)?,
        None => read(name, scheme, request)?,
    };
    let scheme = inputs.scheme;
    date::check(&inputs.date, scheme.query.map_or(scheme.date, |names| names.date), scheme.date_format, now)?;
    inputs.scope.as_ref().map_or(Ok(()), |scope| scope.check_day(&inputs.date))?;
    let key = incoming::key(keys, &inputs.key_id)?;
    check_token(scheme, request, key.pair())?;
    incoming::require_all_signed(scheme, &request.headers, &inputs.signed)?;
    let mut payload_holds = true;
    if !scheme.is_plain() {
        inputs.payload = canonical::payload(scheme, request);
        let declared = scheme.hash.filter(|_| !scheme.may_leave_body);
        payload_holds = declared.is_none_or(|header| incoming::payload_holds(&request.headers, header, inputs.payload.as_bytes()));
    }
    let computed = inputs.sign(request, key);
    if computed.matches(&signature) {
        return computed.require_match(payload_holds);
    }
    if scheme.variants != SigningVariants::Canonical {
        let variant = computed.inputs().clone().sign_variant(request, key);
        if variant.matches(&signature) {
            return variant.require_match(payload_holds);
        }
    }
    computed.require_match(false)
}

/// Reads an `authorization` that lists the signed headers.
fn read<'a>(name: Scheme, scheme: &'static SchemeDescriptor, request: &'a Request) -> Result<Claim<'a>, VerifyError> {
    let claim = scheme.read(value(request)?)?;
    let Credential { key_id, scope } = Credential::read(claim.credential, scheme.terminator)?;
    let date = incoming::date(&request.headers, scheme.date)?;
    let payload = EncodedDigest::Text("".into());
    let inputs = SignatureInputs { name, scheme, key_id: key_id.into(), date: date.into(), scope, signed: claim.signed_headers, payload };
    Ok(Claim { inputs, signature: Cow::Borrowed(claim.signature) })
}

/// Compares the security token of a request with the key's.
fn check_token(scheme: &SchemeDescriptor, request: &Request, key: &AccessKey) -> Result<(), VerifyError> {
    match scheme.query {
        Some(names) => incoming::security_token([rpc::security_token(names, request)?.as_bytes()].into_iter(), key),
        None => incoming::security_token(request.headers.get_all(scheme.token), key),
    }
}

/// Reads the region and the service for which a request claims to be signed, before anything is verified; `None` where its credential
/// cannot be read or the scheme has no scope.
pub fn claimed_scope(scheme: Scheme, request: &Request) -> Option<Scope<'_>> {
    let scheme = scheme.descriptor().filter(|scheme| scheme.terminator.is_some())?;
    let claim = scheme.read(value(request).ok()?).ok()?;
    let SignedScope { rounds: [_, region, service, _], .. } = Credential::read(claim.credential, scheme.terminator).ok()?.scope?;
    Some(Scope { region, service })
}
