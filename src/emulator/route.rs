//! Which operation a request asks for: by path, by the action and version it names, by method.

use std::borrow::Cow;
use std::sync::Arc;

use super::facts::Facts;
use super::refusal::Refusal;
use crate::catalog::{Condition, Constant, Operation, Place, Provider};
use crate::form::path_values;
use crate::wire::{Request, parse_query};

/// The operation that a request asks for.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The operation.
    pub operation: Arc<Operation>,
    /// The values of the path's parameters.
    pub path: Vec<(String, String)>,
}

/// Finds the operation, and notes the action and version that the request names.
pub(super) fn find(provider: &Provider, request: &Request, facts: &mut Facts) -> Result<Route, Refusal> {
    let query = parse_query(request.query());
    let asked = Asked { provider, request, query: &query };
    facts.action = asked.what_names("{operation}");
    facts.version = asked.what_names("{version}");
    let refuse = |condition| Refusal::of(condition).filled([&facts.action, &facts.version]);

    let by_path: Vec<Route> = provider.operations.iter().filter_map(|operation| on_path(operation, request.path())).collect();
    if by_path.is_empty() {
        return Err(refuse(Condition::UnknownRoute));
    }
    if let Some(absent) = provider.constants.iter().find(|constant| marks_route(constant) && asked.lacks(constant)) {
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

/// Matches a path against an operation's.
fn on_path(operation: &Arc<Operation>, path: &str) -> Option<Route> {
    if !operation.path.contains('{') {
        return (operation.path == path).then(|| Route { operation: Arc::clone(operation), path: Vec::new() });
    }
    path_values(&operation.path, path).map(|path| Route { operation: Arc::clone(operation), path })
}

/// Whether a constant says which operation is meant; others (`accept`) are the caller's own affair.
fn marks_route(constant: &Constant) -> bool {
    constant.value.contains("{operation}") || constant.value.contains("{version}")
}

/// What a request asks for, and of whom.
struct Asked<'a> {
    provider: &'a Provider,
    request: &'a Request,
    query: &'a [(Cow<'a, str>, Cow<'a, str>)],
}

impl<'a> Asked<'a> {
    /// What the request has in the place of the constant with this value; empty when there is nothing.
    fn what_names(&self, value: &str) -> String {
        let mut constants = self.provider.constants.iter().filter(|constant| constant.value == value);
        constants.find_map(|constant| self.named(constant)).unwrap_or_default().to_owned()
    }

    /// A query must name its action. Headers may leave it out: the path says enough.
    fn lacks(&self, constant: &Constant) -> bool {
        constant.place == Place::Query && self.named(constant).is_none()
    }

    /// Whether what the request names, where it names anything, is this operation.
    fn is_for(&self, operation: &Operation) -> bool {
        let marks = self.provider.constants.iter().chain(&operation.constants).filter(|constant| marks_route(constant));
        marks.filter_map(|constant| Some((constant, self.named(constant)?))).all(|(constant, given)| match constant.value.as_str() {
            "{operation}" => given == operation.id,
            "{version}" => given == self.provider.version,
            mixed => given == mixed.replace("{operation}", &operation.id).replace("{version}", &self.provider.version),
        })
    }

    /// What the request has in the place of a constant.
    fn named(&self, constant: &Constant) -> Option<&'a str> {
        match constant.place {
            Place::Header => self.request.headers.get_str(&constant.name),
            Place::Query => self.query.iter().find(|(name, _)| *name == constant.name).map(|(_, value)| &**value),
            Place::Path | Place::Body => None,
        }
    }
}
