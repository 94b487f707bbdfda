//! The body of a request beside the headers that speak of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

use super::ClaimedRequest;
use crate::auth::hex_sha256;
use crate::auth::scheme::PayloadLine;
use crate::lab::cause::{Cause, Certainty};
use crate::lab::fault;
use crate::lab::material::{UNSIGNED, declared};
use crate::lab::mistake::recognise;

/// The first bytes that gzip writes.
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub(super) fn causes(view: &ClaimedRequest<'_>) -> Vec<Cause> {
    [length(view), declared_hash(view), content_md5(view), encoded(view)].into_iter().flatten().collect()
}

/// Returns a declared hash that is not the body's.
fn declared_hash(view: &ClaimedRequest<'_>) -> Option<Cause> {
    let (scheme, body) = (view.scheme, &view.request.body);
    let (header, hash) = (scheme.hash?, hex_sha256(body));
    let declared = declared(scheme, view.request).filter(|declared| *declared != hash)?;
    // Object storage and Huawei let a body be unsigned; with Huawei an empty one is signed as it is, whatever is declared.
    let is_storage = scheme.payload != PayloadLine::Hash;
    let storage = is_storage && (declared == UNSIGNED || declared.starts_with("STREAMING-"));
    let huawei = scheme.may_leave_body && scheme.terminator.is_none() && (declared == UNSIGNED || body.is_empty());
    if storage || huawei {
        return None;
    }
    Some(match recognise(declared, Some(body)) {
        Some((fault, how)) => Cause::seen(fault, format!("{how}; {header} declares it")),
        None => Cause::seen(&fault::PAYLOAD_HEADER, format!("{header}: {declared}, and the body's hash is {hash}")),
    })
}

/// Returns a length that the body does not have. A blank line is what a paste leaves of a body that is missing.
fn length(view: &ClaimedRequest<'_>) -> Option<Cause> {
    let (body, bytes) = (&view.request.body, view.request.body.len());
    let length = view.header("content-length").and_then(|text| text.parse::<usize>().ok()).filter(|length| *length != bytes)?;
    if body.trim_ascii().is_empty() && bytes < length {
        return Some(Cause::seen(&fault::PAYLOAD_MISSING, format!("content-length says {length}, and nothing follows the headers")));
    }
    Some(Cause::seen(&fault::PAYLOAD_LENGTH, format!("content-length says {length}, the body has {bytes} bytes")))
}

/// Returns a `content-md5` that is not the body's: object storage compares the two.
fn content_md5(view: &ClaimedRequest<'_>) -> Option<Cause> {
    let (body, declared) = (&view.request.body, view.header("content-md5").filter(|declared| !declared.is_empty())?);
    let own = STANDARD.encode(Md5::digest(body));
    let detail = || format!("content-md5: {declared}, the body's is {own}");
    (!body.is_empty() && declared != own).then(|| Cause::seen(&fault::PAYLOAD_HEADER, detail()))
}

/// Returns a compressed body. By itself it is no fault: it may be what was signed.
fn encoded(view: &ClaimedRequest<'_>) -> Option<Cause> {
    let coding = view.header("content-encoding").filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let named = coding.map(|coding| format!("content-encoding: {coding}"));
    let gzip = || view.request.body.starts_with(&GZIP).then(|| "the body begins as gzip does".to_owned());
    named.or_else(gzip).map(|detail| Cause::noted(&fault::PAYLOAD_ENCODED, detail))
}

/// Puts first what likely changed the body: that it is missing from the paste, which makes all other causes about it moot, or that it is
/// compressed, where nothing more is known than that it changed.
pub(in crate::lab) fn prioritize_body_causes(causes: &mut Vec<Cause>) {
    let likely = [&fault::PAYLOAD_MISSING, &fault::PAYLOAD_ENCODED];
    let Some(at) = causes.iter().position(|cause| likely.contains(&cause.fault)) else { return };
    let missing = causes[at].fault == &fault::PAYLOAD_MISSING;
    let moot = |cause: &Cause| cause.fault == &fault::PAYLOAD_CHANGED || (missing && cause.fault.id.starts_with("payload-"));
    if causes.iter().all(|cause| cause.certainty != Certainty::Proven || moot(cause)) {
        let cause = causes.remove(at);
        causes.insert(0, Cause { certainty: Certainty::Seen, ..cause });
    }
}
