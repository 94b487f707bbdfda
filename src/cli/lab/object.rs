//! An examination as one JSON object: stable, documented in the help of `lab`. Secrets are masked where it is printed.

use serde_json::{Value, json};

use super::ExaminationReport;
use crate::export::object;
use crate::lab::{Comparison, Part};
use crate::redact::Redactor;

pub(super) fn object(examined: &ExaminationReport, redactor: &Redactor) -> Value {
    let ExaminationReport { pasted, request, report, notes } = examined;
    let (claim, recomputed) = (report.claim.as_ref(), report.recomputed.as_ref());
    json!({
        "verdict": report.verdict.name(),
        "arithmetic_holds": report.signature_correct,
        "refused_for": report.refused_for().map(|cause| cause.fault.id),
        "dress": pasted.input_format.name(),
        "method": request.method,
        "target": request.target,
        "scheme": claim.map(|claim| claim.scheme.name()),
        "key_id": claim.map(|claim| &claim.key_id),
        "scope": claim.and_then(|claim| claim.scope.as_ref()).map(crate::lab::ScopeParts::text),
        "signed_headers": claim.map(|claim| &claim.names),
        "signature": claim.map(|claim| &claim.signature),
        "causes": report.causes.iter().map(object::cause).collect::<Vec<_>>(),
        "canonical_request": recomputed.map(|texts| redactor.canonical_request(&texts.canonical_request)),
        "string_to_sign": recomputed.map(|texts| &texts.string_to_sign),
        "expected_signature": recomputed.and_then(|texts| texts.signature.as_ref()),
        "caller": report.signed.as_ref().map(|comparison| self::comparison(comparison, redactor)),
        "server": report.server.as_ref().map(|comparison| self::comparison(comparison, redactor)),
        "tried": report.tried,
        "checked": report.checked,
        "notes": notes,
    })
}

fn comparison(comparison: &Comparison, redactor: &Redactor) -> Value {
    comparison.parts.iter().map(|part| self::part(part, redactor)).collect()
}

fn part(part: &Part, redactor: &Redactor) -> Value {
    let side = |value: &Option<String>| value.as_ref().map(|value| redactor.named_line(&part.name, value));
    json!({ "name": part.name, "ours": side(&part.ours), "theirs": side(&part.theirs), "at": part.at })
}
