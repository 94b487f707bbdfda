//! The laboratory with what it is to know: keys, the catalog, the demo's secrets.

use jiff::Timestamp;

use crate::app::laboratory::{ExaminationReport, ExamineError, Sample};
use crate::auth::AccessKey;
use crate::catalog::{Catalog, Vendor};
use crate::emulator::demo;
use crate::lab::{self, ExaminedRequest, Hints, ReferenceClock, ServerText};
use crate::redact::SecretRegistry;
use crate::wire::Request;

/// Returns hints from the catalog, with the demo's keys, which end up in many a request.
pub fn hints(catalog: &Catalog, key: Option<&AccessKey>) -> Hints {
    let mut hints = Hints::of(catalog);
    let others = Vendor::ALL.map(|vendor| (vendor, demo::access_key(vendor)));
    let others = others.into_iter().filter(|(_, other)| key.is_none_or(|key| key.secret != other.secret));
    hints.secrets = others.map(|(vendor, other)| (format!("the demo's key of {}", vendor.title()), other.secret)).collect();
    hints
}

/// Returns the clock to hold a request against: when it is said to have been sent, or else now.
pub fn clock(sent: Option<Timestamp>, now: Timestamp) -> ReferenceClock {
    ReferenceClock { now: sent.unwrap_or(now), certain: sent.is_some() }
}

/// Examines a pasted text; a search takes a second or so. Secrets in its headers are registered before anything is shown.
///
/// # Errors
/// The text cannot be read.
pub fn examine(sample: &Sample, catalog: &Catalog, secrets: &SecretRegistry) -> Result<ExaminationReport, ExamineError> {
    let mut pasted = lab::read(sample.text.expose().as_bytes(), None)?;
    secrets.add_headers(&pasted.request.headers);
    let (key, note) = chosen(sample, &pasted.request);
    let (server, hints) = (pasted.answer.as_deref().and_then(ServerText::find), hints(catalog, key.as_ref()));
    let case = ExaminedRequest {
        request: &pasted.request,
        key: key.as_ref(),
        clock: Some(clock(pasted.sent, sample.now)),
        url_host: pasted.url_host.as_deref(),
        server: server.as_ref(),
        hints: &hints,
    };
    let (report, request) = lab::examine_pasted(&pasted, &case);
    let mut notes = std::mem::take(&mut pasted.notes);
    notes.extend(note);
    Ok(ExaminationReport { input_format: pasted.input_format, request, report, notes })
}

/// Returns the key to examine with: of those that sign with the request's scheme the one that it names, or else the first.
fn chosen(sample: &Sample, request: &Request) -> (Option<AccessKey>, Option<String>) {
    let Some(claim) = lab::claim(request) else { return (None, None) };
    let demo = Vendor::ALL.into_iter().filter(|_| sample.demo).map(|vendor| (vendor, demo::access_key(vendor)));
    let fit = |(vendor, _): &(Vendor, AccessKey)| claim.scheme.vendors().contains(vendor);
    let mut keys: Vec<AccessKey> = sample.keys.iter().cloned().chain(demo).filter(fit).map(|(_, key)| key).collect();
    let at = keys.iter().position(|key| key.id == claim.key_id).unwrap_or(0);
    let profile = &sample.profile;
    if keys.is_empty() {
        let note = format!("profile {profile} has no key that signs like this: only what can be seen without a secret is said");
        return (None, Some(note));
    }
    let key = keys.swap_remove(at);
    let note = format!("examined with the key {} of profile {profile}", key.id);
    (Some(key), Some(note))
}
