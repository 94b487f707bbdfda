//! Two independent mistakes at once: both are named.

use skydeck::lab::Verdict;

use crate::table::{examined, faults};
use crate::vector::{Vector, one};

fn hold(folder: &str, file: &str, change: fn(String) -> String, wanted: [&str; 2]) {
    let vector: Vector = one(folder, file);
    let request = vector.canonical_changed(change);
    let report = examined(&vector, &request, Some(&vector.key), 0);
    let mut found = faults(&report);
    found.truncate(2);
    found.sort_unstable();
    assert_eq!((report.verdict, found), (Verdict::Fails, wanted.to_vec()), "{:?}", report.causes);
}

#[test]
fn names_both_mistakes() {
    hold("alibaba", "py-sae-create-special.json", |text| text.replace("%20", "+").replace(":42543", ""), ["host-port", "query-space"]);
    hold("alibaba", "py-sae-create-special.json", |text| text.replace("%2A", "*").replace('~', "%7E"), ["query-asterisk", "query-tilde"]);
    hold(
        "alibaba",
        "py-pai-create-all.json",
        |text| text.replace("; charset=utf-8", "").replace("POST", "PUT"),
        ["content-type", "method"],
    );
    hold(
        "huawei",
        "05-create-unicode.json",
        |text| {
            text.replace("namespaces/", "namespaces").replace(
                "5bf34b6a27228cf874c8b2b9bf1ed3752998d1197b0c9c10cf192544df6690b2",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            )
        },
        ["path-slash-lacking", "payload-empty"],
    );
    hold(
        "volcengine",
        "35-universal-get-query.json",
        |text| text.replace("%20", "+").replace("text/plain", "application/json"),
        ["content-type", "query-space"],
    );
}
