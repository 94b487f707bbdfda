//! The checks in their order: what an experienced engineer examines when a call failed, with the findings.

use super::check::{CheckInput, CheckResult, Checked, State};
use super::{Explanation, clock, endpoint, key, network, permission, refusal, throttle, token};

/// A check.
struct Check {
    name: &'static str,
    looks_at: &'static str,
    adds_to_code: bool,
    look: fn(&CheckInput<'_>) -> CheckResult,
}

const fn adds_to_code(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, adds_to_code: true, look }
}

const fn named(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, adds_to_code: false, look }
}

/// The checks in their order: the first that finds something is the likely cause.
const CHECKS: [Check; 12] = [
    adds_to_code("clock", "the date header of the answer, the date in the request", clock::check),
    adds_to_code("key", "the shape of the access key id, whether the vendor knows it", key::shape),
    adds_to_code("white space", "the credentials of the profile", key::white_space),
    adds_to_code("token", "whether there is one, how long it holds, for which project, from which service", token::check),
    adds_to_code("endpoint", "the host, the region, the scope of the signature", endpoint::check),
    named("signature", "what the vendor says of it", refusal::signature),
    adds_to_code("permission", "what was denied to whom", permission::check),
    named("parameter", "which field the vendor speaks of", refusal::parameter),
    named("quota", "what the vendor says of it", refusal::quota),
    adds_to_code("throttling", "the code, retry-after and rate-limit headers", throttle::check),
    named("vendor", "whether it is the vendor's own trouble", network::vendor),
    named("network", "the connection, who answered, traces of a proxy", network::network),
];

/// Makes every check.
pub(super) fn all(case: &CheckInput<'_>, base: &Explanation) -> Vec<Checked> {
    let checked = |check: &Check| {
        let CheckResult { state, says, remedy } = (check.look)(case);
        Checked { name: check.name, looked_at: check.looks_at, adds_to_code: check.adds_to_code, state, says, remedy }
    };
    let mut made: Vec<_> = CHECKS.iter().map(checked).collect();
    if let Some(cause) = &case.signature {
        made.iter_mut().filter(|checked| !refusal::is_compatible(checked.name, cause)).for_each(downgrade);
    }
    let field = base.parameter.as_deref();
    for field_sentence in made.iter_mut().filter(|checked| checked.name == "parameter" && checked.state == State::Found) {
        field_sentence.says = refusal::field_sentence(field, &field_sentence.says);
    }
    made
}

/// Lowers a finding to an oddity: another check knows the cause.
fn downgrade(checked: &mut Checked) {
    if checked.state == State::Found {
        checked.state = State::Odd;
    }
}
