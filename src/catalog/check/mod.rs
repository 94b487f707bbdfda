//! Checks of a provider's entry that no type can hold.

mod parameter;
mod resources;
mod template;

pub(super) use resources::resource_problems;

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use super::identifier::is_operation_id;
use super::{Constant, ErrorCode, JointCheck, JointRule, Operation, ParameterLocation, Provider, Scheme};
use crate::text::quoted;

/// The methods that an operation may use.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/// Returns the mistakes in an entry, a sentence each: examples that break their own rules, codes without an entry, unknown parameters.
pub fn check(provider: &Provider) -> Vec<String> {
    let all = find_problems(provider).into_iter().chain(resource_problems(provider));
    all.map(|complaint| complaint.to_string()).collect()
}

/// A mistake in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CatalogProblem {
    /// The operation it is in; `None` when it is the provider's own.
    pub operation: Option<String>,
    text: String,
}

impl CatalogProblem {
    /// Creates a mistake in an operation.
    pub(super) fn in_operation(operation: &Operation, text: String) -> Self {
        Self { operation: Some(operation.id.clone()), text }
    }
}

impl fmt::Display for CatalogProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.operation {
            Some(operation) => write!(f, "{operation}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Returns every mistake: the provider's own, then those of its operations.
pub(super) fn find_problems(provider: &Provider) -> Vec<CatalogProblem> {
    let mut own = ProblemCollector::new(provider, None);
    own.provider();
    own.complaints.extend(find_operation_problems(provider, &provider.operations));
    own.complaints
}

/// Returns the mistakes of some of a provider's operations.
pub(super) fn find_operation_problems(provider: &Provider, operations: &[Arc<Operation>]) -> Vec<CatalogProblem> {
    let mut all = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        let mut own = ProblemCollector::new(provider, Some(operation));
        let first = operations[..at].iter().all(|earlier| earlier.id != operation.id);
        own.require(first, || "stands here twice".to_owned());
        own.operation(operation);
        all.append(&mut own.complaints);
    }
    all
}

/// Collects the problems of one operation, or of what stands around them.
struct ProblemCollector<'a> {
    provider: &'a Provider,
    operation: Option<&'a Operation>,
    complaints: Vec<CatalogProblem>,
}

impl<'a> ProblemCollector<'a> {
    fn new(provider: &'a Provider, operation: Option<&'a Operation>) -> Self {
        Self { provider, operation, complaints: Vec::new() }
    }

    fn add(&mut self, text: String) {
        self.complaints.push(CatalogProblem { operation: self.operation.map(|operation| operation.id.clone()), text });
    }

    fn require(&mut self, holds: bool, text: impl FnOnce() -> String) {
        if !holds {
            self.add(text());
        }
    }

    /// Complains of every name that stands twice.
    fn distinct<T: Eq + Hash + fmt::Display>(&mut self, what: &str, names: impl IntoIterator<Item = T>) {
        let mut seen = HashSet::new();
        for name in names {
            let text = format!("{what} {name} stands here twice");
            self.require(seen.insert(name), || text);
        }
    }

    fn provider(&mut self) {
        let provider = self.provider;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        self.require(!provider.id.is_empty() && provider.id.chars().all(plain), || {
            format!("the provider's id {} has other characters than a-z, 0-9 and '-'", quoted(&provider.id))
        });
        self.distinct("region", provider.regions.iter().map(|region| &region.id));
        self.require(!provider.operations.is_empty(), || "there is no operation".to_owned());
        self.require(provider.regions.iter().any(|region| region.id == provider.default_region), || {
            format!("the default region {} is not among the regions", quoted(&provider.default_region))
        });
        self.require(!provider.auth.is_empty(), || "`auth` names no scheme".to_owned());
        self.require(!provider.auth.contains(&Scheme::IamToken) || provider.iam_endpoint.is_some(), || {
            "iam-token needs an `iam-endpoint`".to_owned()
        });
        self.constants(&provider.constants);
        let header = provider.retry_after.as_ref().map(|retry| &retry.header);
        self.require(header.is_none_or(|name| is_token(name)), || "the header of `retry-after` cannot travel as it is written".to_owned());
        self.require(provider.policy.as_ref().is_none_or(|policy| is_policy(policy)), || {
            "`policy` is not a JSON object with {action} in it".to_owned()
        });
        self.errors(&provider.errors);
        for code in provider.conditions.values() {
            let known = provider.operations.iter().any(|operation| provider.error(Some(operation), None, code).is_some());
            self.require(known, || no_entry("a condition", code));
        }
    }

    fn operation(&mut self, operation: &'a Operation) {
        self.require(is_operation_id(&operation.id), || {
            format!("the id {} does not begin with a letter or has more than letters, digits, '.', '_' and '-'", quoted(&operation.id))
        });
        self.require(METHODS.contains(&operation.method.as_str()), || format!("{} is not a method", quoted(&operation.method)));
        self.require(!operation.success.is_empty(), || "`success` names no status".to_owned());
        self.path(operation);
        self.constants(&operation.constants);
        self.distinct("parameter", operation.parameters.iter().map(|parameter| &parameter.name));
        for parameter in &operation.parameters {
            self.parameter(parameter, &parameter.name);
            self.placed(parameter);
        }
        for joint in &operation.joints {
            self.joint(operation, joint);
        }
        self.errors(&operation.errors);
        for code in operation.conditions.values() {
            self.code("a condition", Some(code));
        }
        template::check_templates(self, operation);
    }

    fn path(&mut self, operation: &Operation) {
        let path = &operation.path;
        let plain = path.starts_with('/') && path.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#'));
        self.require(plain, || format!("{} is not a path: it begins with `/` and has no white space, `?` or `#`", quoted(path)));
        let marks: Vec<&str> = template::marks(path).collect();
        for mark in &marks {
            let known = operation.parameter(mark).is_some_and(|parameter| parameter.place == ParameterLocation::Path);
            self.require(known, || format!("the path names {{{mark}}}, and no parameter of that name stands `in = \"path\"`"));
        }
        for parameter in operation.parameters.iter().filter(|parameter| parameter.place == ParameterLocation::Path) {
            let name = &parameter.name;
            self.require(marks.contains(&name.as_str()), || format!("{name} stands in the path, which does not name {{{name}}}"));
            self.require(parameter.required, || format!("{name} stands in the path and is not required"));
        }
    }

    fn constants(&mut self, constants: &[Constant]) {
        for constant in constants {
            let name = &constant.name;
            let fits = matches!(constant.place, ParameterLocation::Query | ParameterLocation::Header);
            self.require(fits, || format!("the constant {name} stands in the {}: only query and header can be", constant.place.name()));
            let printable = constant.value.chars().all(|c| c == ' ' || c.is_ascii_graphic());
            self.require(printable && (constant.place != ParameterLocation::Header || is_token(name)), || {
                format!("the constant {} cannot travel as it is written", quoted(name))
            });
        }
    }

    fn errors(&mut self, errors: &[ErrorCode]) {
        self.distinct("error", errors.iter().map(|error| format!("{} {}", error.status, error.code)));
        for error in errors {
            let code = &error.code;
            self.require((100..600).contains(&error.status), || format!("{code}: {} is not an HTTP status", error.status));
            self.require(!error.cause.trim().is_empty(), || format!("{code} has no cause"));
            self.require(!error.remedy.trim().is_empty(), || format!("{code} has no remedy"));
            if let Some(name) = &error.parameter {
                self.require(self.has_parameter(name), || format!("{code} speaks of {name}, which is no parameter"));
            }
        }
    }

    fn joint(&mut self, operation: &Operation, joint: &JointRule) {
        let names: Vec<&String> = match &joint.check {
            JointCheck::AnyOf(names) | JointCheck::AtMostOne(names) => names.iter().collect(),
            JointCheck::Overrides(first, second) => vec![first, second],
        };
        self.require(!names.is_empty(), || "a joint names no parameter".to_owned());
        for name in names {
            self.require(operation.parameter(name).is_some(), || format!("a joint names {name}, which is no parameter"));
        }
        self.code("a joint", joint.code.as_ref());
    }

    /// Checks that a code that something answers with is described.
    fn code(&mut self, what: &str, code: Option<&String>) {
        if let Some(code) = code {
            self.require(self.provider.error(self.operation, None, code).is_some(), || no_entry(what, code));
        }
    }

    fn has_parameter(&self, name: &str) -> bool {
        match self.operation {
            Some(operation) => operation.parameter(name).is_some(),
            None => self.provider.operations.iter().any(|operation| operation.parameter(name).is_some()),
        }
    }
}

fn no_entry(what: &str, code: &str) -> String {
    format!("{what} names the code {code}, which has no [[error]] entry")
}

/// Returns whether a text can be the name of a header.
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Returns whether a text is a JSON object that names the action it allows.
fn is_policy(text: &str) -> bool {
    text.contains("{action}") && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|policy| policy.is_object())
}
