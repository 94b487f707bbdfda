//! Checks of what a resources view is made from.

use std::sync::Arc;

use super::{CatalogProblem, ProblemCollector, quoted};
use crate::catalog::resources::{ParameterTemplates, Resources};
use crate::catalog::{Operation, Provider};

/// Returns the mistakes in a provider's resources.
pub(in crate::catalog) fn resource_problems(provider: &Provider) -> Vec<CatalogProblem> {
    let mut own = ProblemCollector::new(provider, None);
    if let Some(resources) = &provider.resources {
        check_resources(&mut own, resources);
    }
    own.complaints
}

fn check_resources<'p>(problems: &mut ProblemCollector<'p>, resources: &'p Resources) {
    problems.require(!resources.columns.is_empty(), || "resources have no column".to_owned());
    check_listing(problems, resources);
    if let Some(create) = &resources.create {
        used_operation(problems, &create.operation);
    }
    for deed in resources.resource_calls() {
        if let Some(operation) = used_operation(problems, &deed.operation) {
            check_fill(problems, operation, &deed.fill);
        }
    }
    if let Some(show) = &resources.show {
        check_reads_only(problems, &show.operation);
    }
}

fn check_listing<'p>(problems: &mut ProblemCollector<'p>, resources: &'p Resources) {
    let list = &resources.list;
    let Some(operation) = used_operation(problems, &list.operation) else { return };
    check_reads_only(problems, &list.operation);
    for name in list.page.iter().flat_map(|page| [&page.number, &page.size]) {
        check_parameter(problems, operation, name);
    }
}

fn used_operation<'p>(problems: &mut ProblemCollector<'p>, id: &'p str) -> Option<&'p Arc<Operation>> {
    let found = problems.provider.operation(id);
    problems.require(found.is_some(), || format!("resources use the operation {}, which there is not", quoted(id)));
    found
}

/// Checks that a call that the console makes by itself changes nothing.
fn check_reads_only(problems: &mut ProblemCollector<'_>, id: &str) {
    let changes = problems.provider.operation(id).is_some_and(|operation| operation.changes);
    problems.require(!changes, || format!("resources are listed and shown by calls that change nothing; {} does", quoted(id)));
}

fn check_fill(problems: &mut ProblemCollector<'_>, operation: &Operation, fill: &ParameterTemplates) {
    for name in fill.keys() {
        check_parameter(problems, operation, name);
    }
}

fn check_parameter(problems: &mut ProblemCollector<'_>, operation: &Operation, name: &str) {
    problems.require(operation.parameter(name).is_some(), || {
        format!("resources fill {} of {}, which is no parameter", quoted(name), operation.id)
    });
}
