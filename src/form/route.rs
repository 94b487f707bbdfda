//! Which operation a request asks for: by path, by the action and version it names, by method.

use std::borrow::Cow;
use std::sync::Arc;

use super::path_values;
use crate::catalog::{Constant, Operation, Place, Provider};
use crate::wire::{Request, parse_query};

/// The operation that a request asks for.
#[derive(Clone, Debug)]
pub struct Route {
    /// The operation.
    pub operation: Arc<Operation>,
    /// The values of the path's parameters.
    pub path: Vec<(String, String)>,
}

impl Route {
    /// The operation of a provider that a request asks for; `None` when it has none like that.
    pub fn find(provider: &Provider, request: &Request) -> Option<Self> {
        let asked = Asked::new(provider, request);
        Self::on_path(provider, request.path())
            .find(|route| route.operation.method == request.method && asked.lacking().is_none() && asked.is_for(&route.operation))
    }

    /// The operations of a provider on a path.
    pub fn on_path(provider: &Provider, path: &str) -> impl Iterator<Item = Self> {
        provider.operations.iter().filter_map(move |operation| on_path(operation, path))
    }
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
pub struct Asked<'a> {
    provider: &'a Provider,
    request: &'a Request,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Asked<'a> {
    /// A request to a provider.
    pub fn new(provider: &'a Provider, request: &'a Request) -> Self {
        Self { provider, request, query: parse_query(request.query()) }
    }

    /// What the request has in the place of the constant with this value; empty when there is nothing.
    pub fn what_names(&self, value: &str) -> String {
        let mut constants = self.provider.constants.iter().filter(|constant| constant.value == value);
        constants.find_map(|constant| self.named(constant)).unwrap_or_default().to_owned()
    }

    /// The constant that must name the operation or its version, and does not. A query must; headers may leave it out: the path
    /// says enough.
    pub fn lacking(&self) -> Option<&'a Constant> {
        let must = |constant: &&Constant| marks_route(constant) && constant.place == Place::Query;
        self.provider.constants.iter().filter(must).find(|constant| self.named(constant).is_none())
    }

    /// Whether what the request names, where it names anything, is this operation.
    pub fn is_for(&self, operation: &Operation) -> bool {
        let marks = self.provider.constants.iter().chain(&operation.constants).filter(|constant| marks_route(constant));
        marks.filter_map(|constant| Some((constant, self.named(constant)?))).all(|(constant, given)| match constant.value.as_str() {
            "{operation}" => given == operation.id,
            "{version}" => given == self.provider.version,
            mixed => given == mixed.replace("{operation}", &operation.id).replace("{version}", &self.provider.version),
        })
    }

    /// What the request has in the place of a constant.
    fn named(&self, constant: &Constant) -> Option<&str> {
        match constant.place {
            Place::Header => self.request.headers.get_str(&constant.name),
            Place::Query => self.query.iter().find(|(name, _)| *name == constant.name).map(|(_, value)| &**value),
            Place::Path | Place::Body => None,
        }
    }
}
