//! What was not broken verifies, in every clothing.

use skydeck::lab::{Verdict, named_lines};

use crate::table::examined;
use crate::vector::folder;

#[test]
fn verifies_every_vector() {
    let mut wrong = Vec::new();
    for vector in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"].into_iter().flat_map(folder) {
        for clothing in 0..3 {
            let report = examined(&vector, &vector.request, Some(&vector.key), clothing);
            if report.verdict != Verdict::Verifies {
                wrong.push(format!("{} as {clothing}: {:?}", vector.name, report.causes));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn recomputes_what_the_sdks_signed() {
    for vector in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"].into_iter().flat_map(folder) {
        let report = examined(&vector, &vector.request, Some(&vector.key), 0);
        let texts = report.recomputed.unwrap();
        // Two habits of one SDK are taken as alternatives, and the first is the one that is shown.
        let other = ["punct", "v1-"].iter().any(|part| vector.name.contains(part));
        if !other {
            assert_eq!(
                Some(&texts.canonical_request),
                vector.expected.canonical_request.as_ref().or(Some(&String::new())),
                "{}",
                vector.name
            );
            assert_eq!(texts.string_to_sign, vector.expected.string_to_sign, "{}", vector.name);
            assert_eq!(texts.signature.as_ref(), Some(&vector.expected.signature), "{}", vector.name);
        }
        let texts = skydeck::lab::Texts { canonical_request: texts.canonical_request, string_to_sign: texts.string_to_sign };
        assert!(named_lines(vector.scheme, &texts).iter().all(|(name, _)| !name.is_empty()));
    }
}

#[test]
fn without_a_secret_nothing_is_claimed() {
    for vector in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"].into_iter().flat_map(folder) {
        // Its key id looks like a temporary key's, and it has no token: without the secret that is all there is to say.
        if vector.name.ends_with("19-create-unusual-secret.json") {
            continue;
        }
        let report = examined(&vector, &vector.request, None, 0);
        assert_eq!(report.verdict, Verdict::Open, "{}: {:?}", vector.name, report.causes);
    }
}

#[test]
fn only_notes_an_unsigned_host() {
    for vector in folder("huawei-go") {
        let noted: Vec<&str> = examined(&vector, &vector.request, Some(&vector.key), 0).causes.iter().map(|cause| cause.fault.id).collect();
        assert_eq!(noted, ["host-unsigned"], "{}", vector.name);
    }
}
