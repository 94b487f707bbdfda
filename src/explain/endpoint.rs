//! Endpoint and region: whether the host, the region of the call and the scope of the signature agree.

use super::TOKEN_REQUEST;
use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::shortened;
use crate::catalog::Provider;
use crate::exchange::{Exchange, FailureClass, Outcome};
use crate::wire::Endpoint;

/// A host as the catalog knows it.
#[derive(Debug, PartialEq, Eq)]
enum Host {
    /// It is the region's.
    Of(String),
    /// It is written as the region's would be, and the region has another.
    Misspelt { region: String, own: String },
    /// It is none of the catalog's.
    Unknown,
}

/// Checks whether a region or an endpoint is the cause.
pub(super) fn check(case: &CheckInput<'_>) -> CheckResult {
    let blamed = may_be_wrong_endpoint(case);
    let odd = scope_mismatch(case).or_else(|| answer_region_mismatch(case)).or_else(|| host_region_mismatch(case));
    if let Some((says, remedy)) = odd {
        return CheckResult::found_or_odd(blamed, says, remedy);
    }
    let (endpoint, region) = (&case.exchange.endpoint, &case.exchange.region);
    if endpoint.is_loopback() {
        return CheckResult::not_run("it is on this machine: an emulator, or a tunnel");
    }
    let expected = case.exchange.operation == TOKEN_REQUEST || classify_host(case.provider, &endpoint.host) != Host::Unknown;
    if expected {
        return CheckResult::passed(format!("{} is {region}'s", shortened(&endpoint.host)));
    }
    let lost = case.category() == Some(Category::Route) || failed_with(case.exchange, FailureClass::Dns);
    CheckResult::found_or_odd(
        lost,
        format!("{} is no host that the catalog has for {}.", shortened(&endpoint.host), case.provider.product),
        format!("Region {region} is at {}; a private endpoint (VPC) works from inside only.", case.provider.endpoint_of(region)),
    )
}

/// Returns whether a wrong endpoint would explain the failure.
fn may_be_wrong_endpoint(case: &CheckInput<'_>) -> bool {
    let answered = case.category().is_some_and(|category| {
        category.is_about_caller() || matches!(category, Category::Route | Category::NotFound | Category::Permission | Category::Other)
    });
    answered || failed_with(case.exchange, FailureClass::Dns) || failed_with(case.exchange, FailureClass::Tls)
}

fn failed_with(exchange: &Exchange, class: FailureClass) -> bool {
    matches!(&exchange.outcome, Outcome::Failed(failure) if failure.class == class)
}

/// Evidence and remedy.
type EvidenceAndRemedy = (String, String);

/// Compares the signature's scope (`20261122/cn-beijing/id/request`) with the provider's service, the host's region and the call's.
fn scope_mismatch(case: &CheckInput<'_>) -> Option<EvidenceAndRemedy> {
    let scope = scope(case.exchange)?;
    let mut parts = scope.split('/').skip(1);
    let (region, service) = (parts.next()?, parts.next()?);
    let own = &case.provider.service;
    if !own.is_empty() && service != own {
        let says = format!("The signature is for the service {}, and this API's is {own}.", shortened(service));
        return Some((says, format!("Sign for the service {own}: in lower case, as the scope of the credential.")));
    }
    let wanted = match classify_host(case.provider, &case.exchange.endpoint.host) {
        Host::Of(host_region_mismatch) => host_region_mismatch,
        Host::Misspelt { .. } | Host::Unknown => case.exchange.region.clone(),
    };
    (!region.is_empty() && !wanted.is_empty() && region != wanted).then(|| {
        let says = format!(
            "The signature is for region {} (its scope), and {} is {wanted}'s.",
            shortened(region),
            shortened(&case.exchange.endpoint.host)
        );
        (says, format!("Choose one region for both: {}", endpoint_sentence(case.provider, region)))
    })
}

fn scope(exchange: &Exchange) -> Option<&str> {
    if let Some(scope) = exchange.signing.as_ref().and_then(|trace| trace.scope.as_deref()) {
        return Some(scope);
    }
    let (_, credential) = exchange.request.headers.get_str("authorization")?.split_once("Credential=")?;
    let (_, scope) = credential.split(',').next()?.split_once('/')?;
    Some(scope)
}

/// Compares the region that the answer names with the call's.
fn answer_region_mismatch(case: &CheckInput<'_>) -> Option<EvidenceAndRemedy> {
    let (region, own) = (case.vendor_error.as_ref()?.field("Region")?, &case.exchange.region);
    (!region.is_empty() && region != own).then(|| {
        let says = format!("Region {} answered, and the call is for {own}.", shortened(region));
        (says, format!("Choose one region for both: {}", endpoint_sentence(case.provider, own)))
    })
}

/// Compares the host's region with the call's.
fn host_region_mismatch(case: &CheckInput<'_>) -> Option<EvidenceAndRemedy> {
    let (host, region) = (&case.exchange.endpoint.host, &case.exchange.region);
    if case.exchange.operation == TOKEN_REQUEST {
        return None;
    }
    match classify_host(case.provider, host) {
        Host::Of(host_region_mismatch) if host_region_mismatch != *region => {
            let says = format!("The host is {host_region_mismatch}'s ({}), and the call is for region {region}.", shortened(host));
            Some((says, format!("Choose one region for both: {}", endpoint_sentence(case.provider, region))))
        }
        Host::Misspelt { region, own } => Some((format!("Region {region} is not at {}.", shortened(host)), format!("It is at {own}."))),
        Host::Of(_) | Host::Unknown => None,
    }
}

/// Describes where a region's endpoint is.
fn endpoint_sentence(provider: &Provider, region: &str) -> String {
    format!("{} is at {}.", shortened(region), shortened(&provider.endpoint_of(region)))
}

/// Finds the region of a host, by the regions' endpoints and by the pattern.
fn classify_host(provider: &Provider, host: &str) -> Host {
    let listed = provider.regions.iter().find(|region| has_host(&provider.endpoint_of(&region.id), host));
    if let Some(region) = listed {
        return Host::Of(region.id.clone());
    }
    let Some(region) = region_from_pattern(&provider.endpoint, host) else { return Host::Unknown };
    let own = provider.endpoint_of(region);
    if has_host(&own, host) { Host::Of(region.to_owned()) } else { Host::Misspelt { region: region.to_owned(), own } }
}

fn has_host(url: &str, host: &str) -> bool {
    url.parse::<Endpoint>().is_ok_and(|endpoint| endpoint.host.eq_ignore_ascii_case(host))
}

/// Returns the text at `{region}`.
fn region_from_pattern<'a>(pattern: &str, host: &'a str) -> Option<&'a str> {
    let bare = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    let (before, after) = bare.split_once("{region}")?;
    let region = host.strip_prefix(before)?.strip_suffix(after)?;
    (!region.is_empty() && !region.contains('.')).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn tells_the_region_of_a_host() {
        let catalog = Catalog::built_in();
        let of = |provider: &str, host: &str| classify_host(catalog.provider(provider).unwrap(), host);
        let region = |region: &str| Host::Of(region.to_owned());
        assert_eq!(of("alibaba-sae", "sae.cn-hangzhou.aliyuncs.com"), region("cn-hangzhou"));
        assert_eq!(of("alibaba-sae", "sae.xx-new-9.aliyuncs.com"), region("xx-new-9"));
        assert_eq!(of("alibaba-sae", "sae-vpc.cn-hangzhou.aliyuncs.com"), Host::Unknown);
        assert_eq!(of("volcengine-id", "open.volcengineapi.com"), region("cn-beijing"));
        assert_eq!(of("huawei-swr", "swr-api.eu-west-101.myhuaweicloud.eu"), region("eu-west-101"));
        let own = "https://swr-api.eu-west-101.myhuaweicloud.eu".to_owned();
        let misspelt = Host::Misspelt { region: "eu-west-101".to_owned(), own };
        assert_eq!(of("huawei-swr", "swr-api.eu-west-101.myhuaweicloud.com"), misspelt);
    }
}
