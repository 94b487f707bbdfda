//! Values known from the catalog that a caller may have meant: hosts, regions, services, operations.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, ParameterLocation, Provider, Vendor};
use crate::secret::Secret;

/// The services of the operations named in the query: what a scope must name to reach them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationServices {
    /// The vendor of the operations.
    pub vendor: Vendor,
    /// The service of the scope.
    pub service: String,
    /// The version of their API.
    pub version: String,
    /// Their names.
    pub actions: Vec<String>,
    /// Regions, each with its host.
    pub regions: Vec<(String, String)>,
}

/// Values that a caller may have signed in place of those that are there.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Hosts.
    pub hosts: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Services of scopes.
    pub services: Vec<String>,
    /// Region and service together.
    pub places: Vec<(String, String)>,
    /// Operations with the version of their API.
    pub actions: Vec<(String, String)>,
    /// Query members with the values that requests carry in them.
    pub constants: Vec<(String, String)>,
    /// Names of query members, the constant ones too.
    pub query_names: Vec<String>,
    /// Headers with the values that requests carry in them.
    pub headers: Vec<(String, String)>,
    /// Paths of operations.
    pub paths: Vec<String>,
    /// The services of the operations.
    pub operation_services: Vec<OperationServices>,
    /// Vendors of providers whose operations are all called at the root.
    pub rooted: Vec<Vendor>,
    /// Secrets of other keys, each with whose it is.
    pub secrets: Vec<(String, Secret)>,
}

impl OperationServices {
    fn of(provider: &Provider) -> Self {
        let ids = provider.regions.iter().map(|region| region.id.clone());
        Self {
            vendor: provider.vendor,
            service: provider.service.clone(),
            version: provider.version.clone(),
            actions: provider.operations.iter().map(|operation| operation.id.clone()).collect(),
            regions: ids.map(|id| (id.clone(), bare_host(&provider.endpoint_of(&id)))).collect(),
        }
    }
}

impl OperationServices {
    /// Returns whether a region is one of its own.
    pub(super) fn has_region(&self, region: &str) -> bool {
        self.regions.iter().any(|(known, _)| known == region)
    }
}

impl Hints {
    /// Returns where operations of these vendors are at home.
    pub(super) fn homes_of(&self, vendors: &[Vendor]) -> impl Iterator<Item = &OperationServices> {
        self.operation_services.iter().filter(move |home| vendors.contains(&home.vendor))
    }

    /// Returns where an operation of one of these vendors is at home.
    pub(super) fn home_of(&self, vendors: &[Vendor], action: &str, version: &str) -> Option<&OperationServices> {
        let of_vendor = self.homes_of(vendors).filter(|home| home.version == version);
        of_vendor.filter(|home| !home.service.is_empty()).find(|home| home.actions.iter().any(|known| known == action))
    }

    /// Returns all that the catalog knows.
    pub fn of(catalog: &Catalog) -> Self {
        let mut hints = Self::default();
        let (mut hosts, mut regions, mut services) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for provider in catalog.providers() {
            let ids = provider.regions.iter().map(|region| region.id.as_str()).chain([provider.default_region.as_str()]);
            for region in ids {
                let host = bare_host(&provider.endpoint_of(region));
                hosts.extend(regional(&provider.service, region, &host));
                hosts.insert(host);
                regions.insert(region.to_owned());
            }
            services.insert(provider.service.clone());
            for endpoint in [Some(provider.endpoint.as_str()), provider.iam_endpoint.as_deref()].into_iter().flatten() {
                services.extend(names_in(endpoint));
            }
            hints.places.push((provider.default_region.clone(), provider.service.clone()));
            hints.operation_services.push(OperationServices::of(provider));
            if provider.operations.iter().all(|operation| operation.path == "/") {
                hints.rooted.push(provider.vendor);
            }
            for operation in &provider.operations {
                hints.actions.push((operation.id.clone(), provider.version.clone()));
                hints.paths.push(operation.path.clone());
                for constant in provider.constants.iter().chain(&operation.constants) {
                    let value = constant.value.replace("{operation}", &operation.id).replace("{version}", &provider.version);
                    let list = if constant.place == ParameterLocation::Query { &mut hints.constants } else { &mut hints.headers };
                    list.push((constant.name.clone(), value));
                }
                let in_query = operation.parameters.iter().filter(|parameter| parameter.place == ParameterLocation::Query);
                hints.query_names.extend(in_query.map(|parameter| parameter.name.clone()));
            }
        }
        hosts.extend(["localhost", "127.0.0.1"].map(str::to_owned));
        (hints.hosts, hints.regions, hints.services) =
            (hosts.into_iter().collect(), regions.into_iter().collect(), services.into_iter().collect());
        for list in [&mut hints.constants, &mut hints.headers] {
            list.sort();
            list.dedup();
        }
        hints.query_names.extend(hints.constants.iter().map(|(name, _)| name.clone()));
        hints.query_names.sort();
        hints.query_names.dedup();
        hints
    }

    /// Returns paths of operations that end in this one, up to their first parameter: what a gateway may have cut off.
    pub(super) fn paths_ending_in(&self, path: &str) -> Vec<String> {
        let first = path.split('/').nth(1).unwrap_or_default();
        let longer = |known: &String| {
            let at = known.find(&format!("/{first}")).filter(|at| *at > 0 && !first.is_empty())?;
            Some(format!("{}{path}", &known[..at]))
        };
        let mut found: Vec<String> = self.paths.iter().filter_map(longer).collect();
        found.sort();
        found.dedup();
        found
    }
}

fn bare_host(endpoint: &str) -> String {
    endpoint.split_once("://").map_or(endpoint, |(_, host)| host).trim_end_matches('/').to_owned()
}

/// Returns the host of one region, where the provider has a common one: `id.cn-beijing.volcengineapi.com`.
fn regional(service: &str, region: &str, host: &str) -> Option<String> {
    let domain = host.split_once('.').map(|(_, domain)| domain)?;
    (!service.is_empty() && !host.contains(region)).then(|| format!("{service}.{region}.{domain}"))
}

/// Returns what a service may be called, by its host: `swr-api.eu-de...` gives `swr-api` and `swr`.
fn names_in(endpoint: &str) -> [String; 2] {
    let host = bare_host(endpoint);
    let label = host.split('.').next().unwrap_or_default();
    [label.to_owned(), label.split('-').next().unwrap_or_default().to_owned()]
}
