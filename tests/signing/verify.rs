//! Every vector verifies, and each intermediate is the SDK's own.

use skydeck::auth::{Trace, VerifyError};

use crate::vector::{Vector, folder};

#[test]
fn verifies_every_vector_stage_by_stage() {
    let mut wrong = Vec::new();
    let mut seen = [0; 6];
    for (at, name) in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy", "alibaba-rpc"].into_iter().enumerate() {
        for vector in folder(name) {
            seen[at] += 1;
            wrong.extend(differences(&vector));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(seen, [91, 42, 37, 6, 13, 3]);
}

fn differences(vector: &Vector) -> Vec<String> {
    match vector.verify(&vector.request) {
        Ok(trace) => compare(vector, &trace),
        Err(VerifyError::Mismatch(trace)) => {
            let mut wrong = compare(vector, &trace);
            wrong.push(format!("{}: refused", vector.name));
            wrong
        }
        Err(error) => vec![format!("{}: refused: {error}", vector.name)],
    }
}

/// What is not as expected, with file and stage.
pub fn compare(vector: &Vector, trace: &Trace) -> Vec<String> {
    let (expected, signed) = (&vector.expected, trace.signed_headers.join(";"));
    let optional =
        |stage, expected: &Option<String>, got: &str| expected.as_ref().map(|expected| (stage, expected.clone(), got.to_owned()));
    let required = |stage, expected: &str, got: &str| Some((stage, expected.to_owned(), got.to_owned()));
    let stages = [
        optional("signed headers", &expected.signed_headers, &signed),
        optional("payload hash", &expected.payload_hash, &trace.payload_hash),
        optional("canonical request", &expected.canonical_request, &trace.canonical_request),
        optional("scope", &expected.scope, trace.scope.as_deref().unwrap_or_default()),
        required("string to sign", &expected.string_to_sign, &trace.string_to_sign),
        required("signature", &expected.signature, &trace.signature),
        required("authorization", &expected.authorization, &trace.authorization),
        required("key id", &vector.key.id, &trace.key_id),
        required("scheme", vector.scheme.name(), trace.scheme.name()),
    ];
    let differs = stages.into_iter().flatten().filter(|(_, expected, got)| expected != got);
    differs.map(|(stage, expected, got)| format!("{}: {stage}\n  expected {expected:?}\n  got      {got:?}", vector.name)).collect()
}
