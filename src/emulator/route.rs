//! Which operation a request asks for: by path, by the action and version it names, by method.

use std::borrow::Cow;
use std::sync::Arc;

use super::facts::Facts;
use super::refusal::Refusal;
use crate::catalog::{Condition, Constant, Operation, Place, Provider};
use crate::form::path_values;
use crate::wire::{Request, parse_query};

/// What a constant's value says when it names the operation alone.
const ACTION: &str = "{operation}";

/// What a constant's value says when it names the API's version alone.
const VERSION: &str = "{version}";

/// The operation that a request asks for.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The operation.
    pub operation: Arc<Operation>,
    /// The values of the path's parameters.
    pub path: Vec<(String, String)>,
}

/// The ways to a provider's operations, worked out once: every request takes one.
#[derive(Clone, Debug)]
pub(super) struct Router {
    ways: Vec<Way>,
    /// Where a request names its action.
    actions: Vec<Mark>,
    /// Where it names the version.
    versions: Vec<Mark>,
    /// What a query must have. Headers may leave it out: the path says enough.
    needed: Vec<Mark>,
    version: String,
}

/// The way to one operation.
#[derive(Clone, Debug)]
struct Way {
    operation: Arc<Operation>,
    marks: Vec<Mark>,
}

/// A place in a request that says which operation is meant.
#[derive(Clone, Debug)]
struct Mark {
    place: Place,
    name: String,
    /// What stands there when it is this operation.
    wanted: String,
}

impl Router {
    /// The ways to the operations of a provider.
    pub(super) fn new(provider: &Provider) -> Self {
        let marks = || provider.constants.iter().filter(|constant| marks_route(constant));
        let saying = |what: &str| marks().filter(|constant| constant.value == what).map(Mark::bare).collect();
        Self {
            ways: provider.operations.iter().map(|operation| Way::new(provider, operation)).collect(),
            actions: saying(ACTION),
            versions: saying(VERSION),
            needed: marks().filter(|constant| constant.place == Place::Query).map(Mark::bare).collect(),
            version: provider.version.clone(),
        }
    }

    /// Finds the operation, and notes the action and version that the request names.
    pub(super) fn find(&self, request: &Request, facts: &mut Facts) -> Result<Route, Refusal> {
        let asked = Asked { request, query: parse_query(request.query()) };
        let named = |marks: &[Mark]| marks.iter().find_map(|mark| asked.named(mark)).unwrap_or_default().to_owned();
        facts.action = named(&self.actions);
        facts.version = named(&self.versions);
        let refuse = |condition| Refusal::of(condition).filled([&facts.action, &facts.version]);

        let by_path: Vec<&Way> = self.ways.iter().filter(|way| way.is_on(request.path())).collect();
        if by_path.is_empty() {
            return Err(refuse(Condition::UnknownRoute));
        }
        if let Some(absent) = self.needed.iter().find(|mark| asked.named(mark).is_none()) {
            return Err(Refusal::of(Condition::MissingAction).about(&absent.name));
        }
        let mut by_action = by_path.into_iter().filter(|way| asked.is_for(way)).peekable();
        if by_action.peek().is_none() {
            return Err(refuse(Condition::UnknownAction));
        }
        let found = by_action.find(|way| way.operation.method == request.method);
        let operation = Arc::clone(&found.ok_or_else(|| refuse(Condition::UnknownMethod))?.operation);
        facts.action.clone_from(&operation.id);
        facts.version.clone_from(&self.version);
        Ok(Route { path: path_values(&operation.path, request.path()).unwrap_or_default(), operation })
    }
}

impl Way {
    fn new(provider: &Provider, operation: &Arc<Operation>) -> Self {
        let marks = provider.constants.iter().chain(&operation.constants).filter(|constant| marks_route(constant));
        let wanted = |constant: &Constant| constant.value.replace(ACTION, &operation.id).replace(VERSION, &provider.version);
        let marks = marks.map(|constant| Mark { wanted: wanted(constant), ..Mark::bare(constant) });
        Self { operation: Arc::clone(operation), marks: marks.collect() }
    }

    fn is_on(&self, path: &str) -> bool {
        let pattern = &self.operation.path;
        if pattern.contains('{') { path_values(pattern, path).is_some() } else { pattern == path }
    }
}

impl Mark {
    /// The place of a constant, whatever stands there.
    fn bare(constant: &Constant) -> Self {
        Self { place: constant.place, name: constant.name.clone(), wanted: String::new() }
    }
}

/// Whether a constant says which operation is meant; others (`accept`) are the caller's own affair.
fn marks_route(constant: &Constant) -> bool {
    constant.value.contains(ACTION) || constant.value.contains(VERSION)
}

/// A request that asks for something.
struct Asked<'a> {
    request: &'a Request,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl Asked<'_> {
    /// Whether what the request names, where it names anything, is this operation.
    fn is_for(&self, way: &Way) -> bool {
        way.marks.iter().all(|mark| self.named(mark).is_none_or(|given| given == mark.wanted))
    }

    /// What the request has in the place of a mark.
    fn named(&self, mark: &Mark) -> Option<&str> {
        match mark.place {
            Place::Header => self.request.headers.get_str(&mark.name),
            Place::Query => self.query.iter().find(|(name, _)| *name == mark.name).map(|(_, value)| &**value),
            Place::Path | Place::Body => None,
        }
    }
}
