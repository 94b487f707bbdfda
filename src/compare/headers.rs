//! Headers side by side: by name, wherever they stand.

use super::{ComparisonContext, LinePair};
use crate::wire::Headers;

/// Headers of HTTP whose value is another one each time; a vendor's own stand in the catalog.
const VOLATILE: [&str; 3] = ["date", "etag", "age"];

/// Returns the headers of both sides: in the order of the left one, then those that only the right one has.
pub(super) fn pairs(left: &Headers, right: &Headers, by: ComparisonContext<'_>) -> Vec<LinePair> {
    let (left, right) = (by.redactor.headers(left), by.redactor.headers(right));
    let mut names: Vec<String> = Vec::new();
    for (name, _) in left.iter().chain(right.iter()) {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.iter().flat_map(|name| of_name(name, &left, &right, by)).collect()
}

/// Returns the values of one name, the first with the first.
fn of_name(name: &str, left: &Headers, right: &Headers, by: ComparisonContext<'_>) -> Vec<LinePair> {
    let values = |headers: &Headers| headers.get_all(name).map(|value| String::from_utf8_lossy(value).into_owned()).collect::<Vec<_>>();
    let (left, right) = (values(left), values(right));
    let line = |value: Option<&String>| value.map(|value| format!("{name}: {value}"));
    (0..left.len().max(right.len()))
        .map(|at| {
            let own = by.volatile.iter().any(|known| known.eq_ignore_ascii_case(name));
            let volatile = own || VOLATILE.contains(&name) || (name == "authorization" && differ_by_signature(left.get(at), right.get(at)));
            LinePair::new(line(left.get(at)), line(right.get(at))).volatile(volatile)
        })
        .collect()
}

/// Returns whether two authorizations are alike but for the signature and the day in their scope.
fn differ_by_signature(left: Option<&String>, right: Option<&String>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    stable_parts(left).eq(stable_parts(right))
}

/// Returns the parts of an authorization that stay from one time to the next.
fn stable_parts(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.split([',', ' ', '/']).filter(|part| !part.is_empty() && !part.starts_with("Signature="));
    parts.filter(|part| part.len() != 8 || !part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::LineComparison;
    use super::*;
    use crate::redact::Redactor;

    fn by(redactor: &Redactor) -> ComparisonContext<'_> {
        ComparisonContext { redactor, volatile: &["X-Date"] }
    }

    fn likeness(name: &str, left: &str, right: &str) -> LineComparison {
        let side = |value: &str| Headers::from_iter([(name, value)]);
        pairs(&side(left), &side(right), by(&Redactor::default()))[0].likeness
    }

    #[test]
    fn compares_scopes_as_text() {
        let authorization = |day: &str, region: &str, signature: &str| {
            format!("HMAC-SHA256 Credential=AK/{day}/{region}/id/request, SignedHeaders=host;x-date, Signature={signature}")
        };
        let one = authorization("20261122", "cn-beijing", "aa");
        assert_eq!(likeness("authorization", &one, &one), LineComparison::Same);
        assert_eq!(likeness("authorization", &one, &authorization("20261123", "cn-beijing", "bb")), LineComparison::Volatile);
        assert_eq!(likeness("Authorization", &one, &authorization("20261122", "cn-shanghai", "bb")), LineComparison::Different);
        assert_eq!(likeness("x-date", "1", "2"), LineComparison::Volatile);
        assert_eq!(likeness("host", "a", "b"), LineComparison::Different);
    }

    #[test]
    fn reports_a_header_of_one_side_as_different() {
        let left = Headers::from_iter([("Host", "a"), ("x-date", "1"), ("via", "p")]);
        let right = Headers::from_iter([("x-new", "n"), ("host", "a")]);
        let pairs = pairs(&left, &right, by(&Redactor::default()));
        let seen: Vec<_> = pairs.iter().map(|pair| (pair.left.as_deref(), pair.right.as_deref(), pair.likeness)).collect();
        let expected = [
            (Some("host: a"), Some("host: a"), LineComparison::Same),
            (Some("x-date: 1"), None, LineComparison::Different),
            (Some("via: p"), None, LineComparison::Different),
            (None, Some("x-new: n"), LineComparison::Different),
        ];
        assert_eq!(seen, expected);
    }
}
