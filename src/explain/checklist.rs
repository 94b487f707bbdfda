//! The checks in their order: what a good engineer looks at when a call failed, with what was found.

use super::check::{CheckInput, CheckResult, Checked, State};
use super::{Explanation, clock, key, network, permission, place, refused, throttle, token};

/// A check.
struct Check {
    name: &'static str,
    looks_at: &'static str,
    beyond: bool,
    look: fn(&CheckInput<'_>) -> CheckResult,
}

const fn beyond(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, beyond: true, look }
}

const fn named(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, beyond: false, look }
}

/// The checks in their order: the first that finds something is the likely cause.
const CHECKS: [Check; 12] = [
    beyond("clock", "the date header of the answer, the date in the request", clock::check),
    beyond("key", "the shape of the access key id, whether the vendor knows it", key::shape),
    beyond("white space", "the credentials of the profile", key::white_space),
    beyond("token", "whether there is one, how long it holds, for which project, from which service", token::check),
    beyond("endpoint", "the host, the region, the scope of the signature", place::check),
    named("signature", "what the vendor says of it", refused::signature),
    beyond("permission", "what was denied to whom", permission::check),
    named("parameter", "which field the vendor speaks of", refused::parameter),
    named("quota", "what the vendor says of it", refused::quota),
    beyond("throttling", "the code, retry-after and rate-limit headers", throttle::check),
    named("vendor", "whether it is the vendor's own trouble", network::vendor),
    named("network", "the connection, who answered, traces of a proxy", network::network),
];

/// Makes every check.
pub(super) fn all(case: &CheckInput<'_>, base: &Explanation) -> Vec<Checked> {
    let checked = |check: &Check| {
        let CheckResult { state, says, remedy } = (check.look)(case);
        Checked { name: check.name, looked_at: check.looks_at, beyond: check.beyond, state, says, remedy }
    };
    let mut made: Vec<_> = CHECKS.iter().map(checked).collect();
    if let Some(cause) = &case.signature {
        made.iter_mut().filter(|checked| !refused::agrees(checked.name, cause)).for_each(weaken);
    }
    let field = base.parameter.as_deref();
    for of_field in made.iter_mut().filter(|checked| checked.name == "parameter" && checked.state == State::Found) {
        of_field.says = refused::of_field(field, &of_field.says);
    }
    made
}

/// Makes of what was found something that is merely odd: another check knows the cause.
fn weaken(checked: &mut Checked) {
    if checked.state == State::Found {
        checked.state = State::Odd;
    }
}
