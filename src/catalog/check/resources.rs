//! Checks of what a resources view is made from.

use std::sync::Arc;

use super::{CatalogProblem, ProblemCollector, quoted};
use crate::catalog::resources::{ParameterTemplates, Resources};
use crate::catalog::{Operation, Provider};

/// Returns what is wrong with a provider's resources.
pub(in crate::catalog) fn resources_complaints(provider: &Provider) -> Vec<CatalogProblem> {
    let mut own = ProblemCollector::new(provider, None);
    if let Some(resources) = &provider.resources {
        own.resources(resources);
    }
    own.complaints
}

impl<'p> ProblemCollector<'p> {
    fn resources(&mut self, resources: &'p Resources) {
        self.unless(!resources.columns.is_empty(), || "resources have no column".to_owned());
        self.listing(resources);
        if let Some(create) = &resources.create {
            self.used(&create.operation);
        }
        for deed in resources.resource_calls() {
            if let Some(operation) = self.used(&deed.operation) {
                self.filled(operation, &deed.fill);
            }
        }
        if let Some(show) = &resources.show {
            self.asks_only(&show.operation);
        }
    }

    fn listing(&mut self, resources: &'p Resources) {
        let list = &resources.list;
        let Some(operation) = self.used(&list.operation) else { return };
        self.asks_only(&list.operation);
        for name in list.page.iter().flat_map(|page| [&page.number, &page.size]) {
            self.takes(operation, name);
        }
    }

    fn used(&mut self, id: &'p str) -> Option<&'p Arc<Operation>> {
        let found = self.provider.operation(id);
        self.unless(found.is_some(), || format!("resources use the operation {}, which there is not", quoted(id)));
        found
    }

    /// Checks that a call that the console makes by itself changes nothing.
    fn asks_only(&mut self, id: &str) {
        let changes = self.provider.operation(id).is_some_and(|operation| operation.changes);
        self.unless(!changes, || format!("resources are listed and shown by calls that change nothing; {} does", quoted(id)));
    }

    fn filled(&mut self, operation: &Operation, fill: &ParameterTemplates) {
        for name in fill.keys() {
            self.takes(operation, name);
        }
    }

    fn takes(&mut self, operation: &Operation, name: &str) {
        self.unless(operation.parameter(name).is_some(), || {
            format!("resources fill {} of {}, which is no parameter", quoted(name), operation.id)
        });
    }
}
