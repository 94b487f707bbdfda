//! Which operation a request asks for, or what the vendor answers when it has none like that.

use super::facts::Facts;
use super::refusal::Refusal;
use crate::catalog::Condition;
use crate::form::route::{NoRoute, Route, Router, Wanted};
use crate::wire::Request;

/// Finds the operation, and notes the action and version that the request names.
pub(super) fn find<'r>(router: &'r Router, request: &Request, facts: &mut Facts) -> Result<Route<'r>, Refusal> {
    let Wanted { action, version, route } = router.find(request);
    (facts.action, facts.version) = (action, version);
    let refuse = |condition| Refusal::of(condition).filled([&facts.action, &facts.version]);
    route.map_err(|reason| match reason {
        NoRoute::Path => refuse(Condition::UnknownRoute),
        NoRoute::Unnamed(name) => Refusal::of(Condition::MissingAction).about(&name),
        NoRoute::Action => refuse(Condition::UnknownAction),
        NoRoute::Version => refuse(Condition::UnknownVersion),
        NoRoute::Method => refuse(Condition::UnknownMethod),
    })
}
