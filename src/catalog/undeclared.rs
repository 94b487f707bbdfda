//! Operations that claim to read although the same call is known to change something: a guard would let them through.

use std::sync::Arc;

use super::check::CatalogProblem;
use super::{Operation, ParameterLocation, Provider};

/// Complains of each operation of an operator's file that claims to read while a built-in operation that changes something is called the same way.
pub(super) fn undeclared_changes(provider: &Provider, own: &[Arc<Operation>], built_in: fn() -> Vec<Arc<Provider>>) -> Vec<CatalogProblem> {
    let reading: Vec<_> = own.iter().filter(|operation| !operation.changes).collect();
    if reading.is_empty() {
        return Vec::new();
    }
    let known = built_in();
    let changing: Vec<_> =
        known.iter().flat_map(|of| of.operations.iter().filter(|operation| operation.changes).map(move |one| (of, one))).collect();
    let complain = |operation: &&Arc<Operation>| {
        let (_, same) = changing.iter().find(|(of, known)| is_same(provider, operation, of, known))?;
        let text = format!(
            "`changes = false`, but it is the same call as the built-in {}, which changes something: write `changes = true`",
            same.id
        );
        Some(CatalogProblem::in_operation(operation, text))
    };
    reading.iter().filter_map(complain).collect()
}

/// Returns whether an operation is, or may be called as, one that is known.
fn is_same(provider: &Provider, operation: &Operation, of: &Provider, known: &Operation) -> bool {
    if actions(of, known).any(|known| actions(provider, operation).any(|own| own == known)) {
        return true;
    }
    let replaces = provider.id == of.id && operation.id == known.id;
    replaces
        || !is_routed_by_query(of) && operation.method.eq_ignore_ascii_case(&known.method) && is_same_path(&operation.path, &known.path)
}

/// Returns whether calls of a provider differ in their action alone, and not in method and path.
fn is_routed_by_query(provider: &Provider) -> bool {
    provider.constants.iter().any(|constant| constant.place == ParameterLocation::Query && constant.name.eq_ignore_ascii_case("action"))
}

/// Returns the actions that an operation's constants name, in lower case.
fn actions<'a>(provider: &'a Provider, operation: &'a Operation) -> impl Iterator<Item = String> + 'a {
    let named = provider.constants.iter().chain(&operation.constants).filter(|constant| names_action(&constant.name));
    named.map(|constant| constant.value.replace("{operation}", &operation.id).to_ascii_lowercase())
}

/// Returns whether a header or a member of a query of this name says which action is called.
pub fn names_action(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "action" || name.starts_with("x-") && name.ends_with("-action")
}

/// Returns whether two paths may be the same: a segment with a parameter in it fits any, and `%2e`, `.` and empty segments make no difference.
pub fn is_same_path(one: &str, other: &str) -> bool {
    let (one, other) = (segments(one), segments(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one == other || has_parameter(one) || has_parameter(other))
}

fn segments(path: &str) -> Vec<Vec<u8>> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut segments: Vec<Vec<u8>> = Vec::new();
    for segment in decoded(path).split(|byte| *byte == b'/') {
        // What follows a semicolon are parameters of the segment.
        match segment.split(|byte| *byte == b';').next().unwrap_or_default() {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            segment => segments.push(segment.to_ascii_lowercase()),
        }
    }
    segments
}

/// Returns a path with its percent codes decoded; what is none stays as it is.
fn decoded(path: &str) -> Vec<u8> {
    let (mut rest, mut bytes) = (path.as_bytes(), Vec::with_capacity(path.len()));
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|digits| hex::decode(digits).ok());
        rest = if code.is_some() { &after[2..] } else { after };
        bytes.push(code.map_or(*first, |code| code[0]));
    }
    bytes
}

fn has_parameter(segment: &[u8]) -> bool {
    segment.contains(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_paths_as_servers_do() {
        for same in [
            "/v2/manage/namespaces",
            "/v2//manage/namespaces/",
            "/v2/./manage/x/../%6eamespaces?a=b",
            "/v2/manage;a=b/namespaces;",
            "/{v}/manage/Namespaces",
        ] {
            assert!(is_same_path(same, "/v2/manage/namespaces"), "{same}");
        }
        for other in ["/v2/manage", "/v2/manage/namespaces/a", "/v2/manage/repos"] {
            assert!(!is_same_path(other, "/v2/manage/namespaces"), "{other}");
        }
    }
}
