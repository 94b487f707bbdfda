//! What a row of the table is, and how it is examined.

use std::sync::LazyLock;

use skydeck::auth::AccessKey;
use skydeck::catalog::Catalog;
use skydeck::lab::{Certainty, ExaminedRequest, Hints, ReferenceClock, Report, Verdict, examine_pasted, read};
use skydeck::wire::Request;

use crate::input_format::{as_curl, as_har, as_raw};
use crate::vector::{Vector, one};

/// What the catalog knows, read once.
static HINTS: LazyLock<Hints> = LazyLock::new(|| Hints::of(&Catalog::built_in()));

/// A request that was broken, and the fault that must be named.
pub struct Row {
    pub folder: &'static str,
    pub file: &'static str,
    pub fault: &'static str,
    pub make: fn(&Vector) -> Request,
}

pub const fn row(folder: &'static str, file: &'static str, fault: &'static str, make: fn(&Vector) -> Request) -> Row {
    Row { folder, file, fault, make }
}

impl Row {
    pub fn vector(&self) -> Vector {
        one(self.folder, self.file)
    }
}

/// Examines a request in one of three kinds of clothing, at the vector's time.
pub fn examined(vector: &Vector, request: &Request, key: Option<&AccessKey>, clothing: usize) -> Report {
    let text = match clothing % 3 {
        0 => as_raw(request),
        1 => as_curl(request).into_bytes(),
        _ => as_har(request).into_bytes(),
    };
    let pasted = read(&text, None).unwrap_or_else(|error| panic!("{}: {error}\n{}", vector.name, String::from_utf8_lossy(&text)));
    let clock = Some(ReferenceClock { now: vector.now, certain: true });
    let case = ExaminedRequest { request: &pasted.request, key, clock, url_host: None, server: None, hints: &HINTS };
    examine_pasted(&pasted, &case).0
}

/// The faults of a report that count, the answer first.
pub fn faults(report: &Report) -> Vec<&'static str> {
    report.causes.iter().filter(|cause| cause.certainty != Certainty::Noted).map(|cause| cause.fault.id).collect()
}

/// Every row, in one kind of clothing after the other.
pub fn hold(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let vector = row.vector();
        let report = examined(&vector, &(row.make)(&vector), Some(&vector.key), at);
        let (found, secret) = (faults(&report), vector.key.secret.expose());
        assert!(!format!("{:?}", report.causes).contains(secret), "the secret is told");
        if found.first() != Some(&row.fault) || report.verdict != Verdict::Fails {
            wrong.push(format!("row {at} {}: {} expected, found {:?}", vector.name, row.fault, report.causes));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
