//! An examination as one JSON object: stable, documented in the help of `lab`. Secrets are masked where it is printed.

use serde_json::{Value, json};

use super::Examined;
use crate::export::object;
use crate::lab::{Comparison, Part};

pub(super) fn object(examined: &Examined) -> Value {
    let Examined { pasted, request, report, notes } = examined;
    let (claim, recomputed) = (report.claim.as_ref(), report.recomputed.as_ref());
    json!({
        "verdict": report.verdict.name(),
        "arithmetic_holds": report.arithmetic_holds(),
        "refused_for": report.refused_for().map(|cause| cause.fault.id),
        "dress": pasted.dress.name(),
        "method": request.method,
        "target": request.target,
        "scheme": claim.map(|claim| claim.scheme.name()),
        "key_id": claim.map(|claim| &claim.key_id),
        "scope": claim.and_then(|claim| claim.scope.as_ref()).map(crate::lab::ScopeParts::text),
        "signed_headers": claim.map(|claim| &claim.names),
        "signature": claim.map(|claim| &claim.signature),
        "causes": report.causes.iter().map(object::cause).collect::<Vec<_>>(),
        "canonical_request": recomputed.map(|texts| &texts.canonical_request),
        "string_to_sign": recomputed.map(|texts| &texts.string_to_sign),
        "expected_signature": recomputed.and_then(|texts| texts.signature.as_ref()),
        "caller": report.signed.as_ref().map(comparison),
        "server": report.server.as_ref().map(comparison),
        "tried": report.tried,
        "checked": report.checked,
        "notes": notes,
    })
}

fn comparison(comparison: &Comparison) -> Value {
    comparison.parts.iter().map(part).collect()
}

fn part(part: &Part) -> Value {
    json!({ "name": part.name, "ours": part.ours, "theirs": part.theirs, "at": part.at })
}
