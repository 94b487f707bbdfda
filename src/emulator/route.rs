//! Which operation a request asks for, or what the vendor answers when there is none like that.

use super::facts::Facts;
use super::refusal::Refusal;
use crate::catalog::{Condition, Provider};
use crate::form::route::{Asked, Route};
use crate::wire::Request;

/// Finds the operation, and notes the action and version that the request names.
pub(super) fn find(provider: &Provider, request: &Request, facts: &mut Facts) -> Result<Route, Refusal> {
    let asked = Asked::new(provider, request);
    facts.action = asked.what_names("{operation}");
    facts.version = asked.what_names("{version}");
    let refuse = |condition| Refusal::of(condition).filled([&facts.action, &facts.version]);

    let by_path: Vec<Route> = Route::on_path(provider, request.path()).collect();
    if by_path.is_empty() {
        return Err(refuse(Condition::UnknownRoute));
    }
    if let Some(absent) = asked.lacking() {
        return Err(Refusal::of(Condition::MissingAction).about(&absent.name));
    }
    let by_action: Vec<Route> = by_path.into_iter().filter(|route| asked.is_for(&route.operation)).collect();
    if by_action.is_empty() {
        return Err(refuse(Condition::UnknownAction));
    }
    let found = by_action.into_iter().find(|route| route.operation.method == request.method);
    let route = found.ok_or_else(|| refuse(Condition::UnknownMethod))?;
    facts.action.clone_from(&route.operation.id);
    facts.version.clone_from(&provider.version);
    Ok(route)
}
