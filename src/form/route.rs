//! Which operation a request asks for: by path, by the action and version it names, by method.

use std::borrow::Cow;
use std::sync::Arc;

use super::decode::fits;
use super::{flat_parameters, path_values};
use crate::catalog::{Constant, Name, Operation, ParameterLocation, Provider, Scheme};
use crate::wire::{Request, parse_query};

/// The value of a constant that names the operation alone.
const ACTION: &str = "{operation}";

/// The value of a constant that names the API's version alone.
const VERSION: &str = "{version}";

/// The operation that a request asks for.
#[derive(Clone, Debug)]
pub struct Route<'r> {
    /// The operation.
    pub operation: &'r Arc<Operation>,
    /// Its id.
    pub name: Name,
    /// The values of the path's parameters.
    pub path: Vec<(String, String)>,
    /// Set when the parameters stand flat in the query or a form body, wherever they travel otherwise.
    pub is_flat: bool,
}

/// The reason why a request matches no operation of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// Nothing is on its path.
    Path,
    /// Its query lacks the parameter of this name, which says what is meant.
    Unnamed(String),
    /// Nothing on its path is what it names.
    Action,
    /// It names another version than the API's.
    Version,
    /// The named operation has another method.
    Method,
}

/// The parts of a request that select an operation.
#[derive(Clone, Debug)]
pub struct RouteQuery<'r> {
    /// The action that it names, or else that of its route; empty when it has neither.
    pub action: Cow<'static, str>,
    /// The version likewise.
    pub version: Cow<'static, str>,
    /// The operation, or why there is none.
    pub route: Result<Route<'r>, NoRoute>,
}

/// The ways to a provider's operations, computed once: every request takes one.
#[derive(Clone, Debug)]
pub struct Router {
    routes: Vec<RouteEntry>,
    /// The places in a request that name its action.
    actions: Vec<RouteCondition>,
    /// The places that name the version.
    versions: Vec<RouteCondition>,
    /// The required parameters of a query. Headers may leave them out: the path says enough.
    needed: Vec<RouteCondition>,
    /// Set when a part of what selects the operation stands in the query.
    asks_query: bool,
    /// Set when an operation may also be called by GET, or with a form for its body.
    takes_flat: bool,
    /// Set when operations may also be called at `/` in Alibaba Cloud's RPC style.
    takes_rpc: bool,
    version: Name,
}

/// The entry to one operation.
#[derive(Clone, Debug)]
struct RouteEntry {
    operation: Arc<Operation>,
    id: Name,
    /// Set when its path has no parameters.
    is_plain: bool,
    marks: Vec<RouteCondition>,
}

/// A place in a request that says which operation is meant.
#[derive(Clone, Debug)]
struct RouteCondition {
    place: ParameterLocation,
    name: String,
    /// The expected text when it is this operation.
    expected: String,
}

impl Router {
    /// Creates the ways to the operations of a provider.
    pub fn new(provider: &Provider) -> Self {
        let marks = || provider.constants.iter().filter(|constant| marks_route(constant));
        let own = provider.operations.iter().flat_map(|operation| &operation.constants);
        let saying = |what: &str| marks().filter(|constant| constant.value == what).map(RouteCondition::bare).collect();
        Self {
            routes: provider.operations.iter().map(|operation| RouteEntry::new(provider, operation)).collect(),
            actions: saying(ACTION),
            versions: saying(VERSION),
            needed: marks().filter(|constant| constant.place == ParameterLocation::Query).map(RouteCondition::bare).collect(),
            asks_query: marks()
                .chain(own.filter(|constant| marks_route(constant)))
                .any(|constant| constant.place == ParameterLocation::Query),
            takes_flat: provider.flat_parameters,
            takes_rpc: provider.auth.contains(&Scheme::Acs3),
            version: Name::new(&provider.version),
        }
    }

    /// Returns whether a request is an RPC-style call, with its signature among its parameters. One with an `authorization` header is none, nor
    /// one that names its action in a header alone.
    pub fn is_rpc(&self, request: &Request) -> bool {
        let has = |name| request.headers.contains(name);
        let names_action = || flat_parameters(request).iter().any(|(name, _)| name == "Action");
        self.takes_rpc && request.path() == "/" && !has("authorization") && (!has("x-acs-action") || names_action())
    }

    /// Finds the operation that a request asks for.
    pub fn find(&self, request: &Request) -> RouteQuery<'_> {
        if self.is_rpc(request) {
            return self.find_rpc(&flat_parameters(request));
        }
        let query = if self.asks_query { parse_query(request.query()) } else { Vec::new() };
        let asked = RequestedAction { request, query };
        let named = |marks: &[RouteCondition]| marks.iter().find_map(|mark| asked.named(mark)).unwrap_or_default().to_owned().into();
        match self.route(&asked) {
            Ok(route) => RouteQuery { action: route.name.as_str().into(), version: self.version.as_str().into(), route: Ok(route) },
            Err(reason) => RouteQuery { action: named(&self.actions), version: named(&self.versions), route: Err(reason) },
        }
    }

    fn find_rpc(&self, parameters: &[(Cow<'_, str>, Cow<'_, str>)]) -> RouteQuery<'_> {
        let named = |expected: &str| parameters.iter().find(|(name, _)| name == expected).map(|(_, value)| value.clone().into_owned());
        let (action, version) = (named("Action"), named("Version"));
        let entry = self.routes.iter().find(|entry| action.as_deref() == Some(entry.id.as_str()));
        let route = match entry {
            _ if action.is_none() => Err(NoRoute::Unnamed("Action".into())),
            None => Err(NoRoute::Action),
            Some(_) if version.as_deref() != Some(self.version.as_str()) => Err(NoRoute::Version),
            Some(entry) => Ok(Route { operation: &entry.operation, name: entry.id, path: Vec::new(), is_flat: true }),
        };
        RouteQuery { action: action.unwrap_or_default().into(), version: version.unwrap_or_default().into(), route }
    }

    fn route(&self, asked: &RequestedAction<'_>) -> Result<Route<'_>, NoRoute> {
        let path = asked.request.path();
        let mut by_path = self.routes.iter().filter(|entry| entry.is_on(path)).peekable();
        if by_path.peek().is_none() {
            return Err(NoRoute::Path);
        }
        if let Some(absent) = self.needed.iter().find(|mark| asked.named(mark).is_none_or(str::is_empty)) {
            return Err(NoRoute::Unnamed(absent.name.clone()));
        }
        if self.versions.iter().any(|mark| asked.named(mark).is_some_and(|version| version != self.version.as_str())) {
            return Err(NoRoute::Version);
        }
        let mut by_action = by_path.filter(|entry| asked.is_for(entry)).peekable();
        let first = *by_action.peek().ok_or(NoRoute::Action)?;
        let by_method = by_action.find(|entry| entry.operation.method == asked.request.method);
        let by_query = || Some(first).filter(|_| self.takes_flat && asked.request.method == "GET");
        let found = by_method.or_else(by_query).ok_or(NoRoute::Method)?;
        // Whoever sends no body can only have put the parameters into the query.
        let is_flat = self.takes_flat && (by_method.is_none() || asked.request.body.is_empty() || asked.request.form_body().is_some());
        Ok(Route { path: found.values(path), name: found.id, operation: &found.operation, is_flat })
    }
}

impl RouteEntry {
    fn new(provider: &Provider, operation: &Arc<Operation>) -> Self {
        let marks = provider.constants.iter().chain(&operation.constants).filter(|constant| marks_route(constant));
        let expected = |constant: &Constant| constant.value.replace(ACTION, &operation.id).replace(VERSION, &provider.version);
        let marks = marks.map(|constant| RouteCondition { expected: expected(constant), ..RouteCondition::bare(constant) });
        Self {
            operation: Arc::clone(operation),
            id: Name::new(&operation.id),
            is_plain: !operation.path.contains('{'),
            marks: marks.collect(),
        }
    }

    fn is_on(&self, path: &str) -> bool {
        let pattern = &self.operation.path;
        if self.is_plain { pattern == path } else { fits(pattern, path, &mut |_, _| {}) }
    }

    /// Returns the values of the parameters in a path that is this operation's.
    fn values(&self, path: &str) -> Vec<(String, String)> {
        if self.is_plain { Vec::new() } else { path_values(&self.operation.path, path).unwrap_or_default() }
    }
}

impl RouteCondition {
    /// Returns the place of a constant, whatever stands there.
    fn bare(constant: &Constant) -> Self {
        Self { place: constant.place, name: constant.name.clone(), expected: String::new() }
    }
}

/// Returns whether a constant says which operation is meant; others (`accept`) are the caller's own affair.
fn marks_route(constant: &Constant) -> bool {
    constant.value.contains(ACTION) || constant.value.contains(VERSION)
}

/// A request that asks for something.
struct RequestedAction<'a> {
    request: &'a Request,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl RequestedAction<'_> {
    /// Returns whether what the request names, where it names anything, is this operation.
    fn is_for(&self, entry: &RouteEntry) -> bool {
        entry.marks.iter().all(|mark| self.named(mark).is_none_or(|given| given == mark.expected))
    }

    /// Returns the request's value in the place of a mark.
    fn named(&self, mark: &RouteCondition) -> Option<&str> {
        match mark.place {
            ParameterLocation::Header => self.request.headers.get_str(&mark.name),
            ParameterLocation::Query => self.query.iter().find(|(name, _)| *name == mark.name).map(|(_, value)| &**value),
            ParameterLocation::Path | ParameterLocation::Body => None,
        }
    }
}
