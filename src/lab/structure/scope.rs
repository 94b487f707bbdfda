//! The scope of a signature beside the date, the host and the operation of its request.

use super::ClaimedRequest;
use crate::auth::scheme::PayloadLine;
use crate::lab::cause::Cause;
use crate::lab::claim::{ScopeParts, parameter};
use crate::lab::fault;
use crate::lab::hints::OperationServices;

/// Object storage that refuses a scope of another region than its host's: the beginning and the end of the host.
const REGIONAL_STORAGE_HOSTS: [(&str, &str); 3] = [("s3", ".amazonaws.com"), ("oss", ".aliyuncs.com"), ("tos", ".volces.com")];

pub(super) fn causes(view: &ClaimedRequest<'_>) -> Vec<Cause> {
    let (Some(scope), Some(terminator)) = (&view.claim.scope, view.scheme.terminator) else { return Vec::new() };
    let mut causes = Vec::new();
    if scope.terminator != terminator {
        causes.push(Cause::seen(&fault::SCOPE_END, format!("`{}` in place of `{terminator}`", scope.terminator)));
    }
    // Of a date in another form nothing is said but that: its first characters are no day.
    let date = view.header(view.scheme.date).filter(|date| view.scheme.date_format.read(date).is_some());
    if let Some(day) = date.map(|date| date.chars().take(8).collect::<String>()).filter(|day| *day != scope.day) {
        causes.push(Cause::seen(&fault::SCOPE_DAY, format!("the credential has {}, the date header {day}", scope.day)));
    }
    causes.extend(region_syntax(view, &scope.region).map(|why| syntax("region", &scope.region, &why)));
    causes.extend(syntax_flaw(view, &scope.service, "_-.").map(|why| syntax("service", &scope.service, why)));
    let called = called_region(view).filter(|called| *called != scope.region && !scope.region.is_empty());
    causes.extend(called.map(|called| Cause::seen(&fault::SCOPE_REGION, other_region(called, scope))));
    causes.extend(service_mismatch(view, scope));
    causes
}

fn syntax(part: &str, text: &str, why: &str) -> Cause {
    Cause::seen(&fault::SCOPE_SYNTAX, format!("the {part} `{text}` {why}"))
}

fn other_region(called: &str, scope: &ScopeParts) -> String {
    format!("the host is that of `{called}`, the scope has `{}`", scope.region)
}

/// Returns why no gateway can know a region: by its form, or because no list of the vendor's regions has it.
fn region_syntax(view: &ClaimedRequest<'_>, region: &str) -> Option<String> {
    if let Some(why) = syntax_flaw(view, region, "-") {
        return Some(why.to_owned());
    }
    if region.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some("has capitals".to_owned());
    }
    if view.scheme.buckets.iter().any(|mark| region.starts_with(&format!("{mark}-"))) {
        return Some("is the beginning of a host, not a region".to_owned());
    }
    (!is_region(view, region)).then(|| format!("is no region of {} that is known here", view.vendor()))
}

/// Returns why a part of the scope can be no name of letters, digits and these marks.
fn syntax_flaw(view: &ClaimedRequest<'_>, text: &str, marks: &str) -> Option<&'static str> {
    match text {
        "" => (!view.scheme.scope_may_be_empty).then_some("is empty"),
        "null" | "undefined" | "None" | "nil" => Some("is what an unset variable leaves"),
        text => {
            let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || marks.as_bytes().contains(&byte));
            (!is_name).then_some("has characters that none has")
        }
    }
}

/// Returns the region that the host of object storage names.
fn called_region<'v>(view: &'v ClaimedRequest<'_>) -> Option<&'v str> {
    let host = view.header("host").filter(|_| view.scheme.payload != PayloadLine::Hash)?;
    let (mark, end) = REGIONAL_STORAGE_HOSTS.iter().find(|(_, end)| host.contains(end))?;
    let labels: Vec<&str> = host[..host.find(end)?].split('.').collect();
    let marked = |label: &&str| label.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let at = labels.iter().rposition(marked)?;
    let beside = labels[at].strip_prefix(mark)?.strip_prefix('-');
    let region = beside.or_else(|| labels.last().copied().filter(|_| at + 1 < labels.len()))?;
    let region = region.strip_suffix("-internal").unwrap_or(region);
    (region.contains('-') && !region.contains("accelerate")).then_some(region)
}

/// Returns whether the vendor has such a region, where there is a list of them.
fn is_region(view: &ClaimedRequest<'_>, region: &str) -> bool {
    let scheme = view.scheme;
    let of_vendor = view.case.hints.operation_services.iter().filter(|home| scheme.vendors.contains(&home.vendor));
    let is_listed = || of_vendor.flat_map(|home| &home.regions).any(|(known, _)| known == region);
    scheme.regions.is_empty() || scheme.regions.split(' ').any(|known| known == region) || is_listed()
}

/// Returns a scope that leads to another service than the operation's: the gateway does not find it there. Another region is a warning,
/// for regions open that no list has yet.
fn service_mismatch(view: &ClaimedRequest<'_>, scope: &ScopeParts) -> Vec<Cause> {
    let value = |name: &str| parameter(view.request, name).unwrap_or_default();
    let action = value("Action");
    let Some(home) = view.case.hints.home_of(view.scheme.vendors, &action, &value("Version")) else { return Vec::new() };
    let mut causes = Vec::new();
    if scope.service != home.service {
        let detail = format!("{action} is an operation of `{}`, the scope has `{}`", home.service, scope.service);
        causes.push(Cause::seen(&fault::SCOPE_SERVICE, detail));
    }
    causes.extend(unlikely_region(view, scope, home).map(|detail| Cause::noted(&fault::SCOPE_REGION, detail)));
    causes
}

fn unlikely_region(view: &ClaimedRequest<'_>, scope: &ScopeParts, home: &OperationServices) -> Option<String> {
    let host = view.header("host").unwrap_or_default();
    let called = home.regions.iter().find(|(region, known)| known.contains(region) && known.eq_ignore_ascii_case(host));
    if let Some((region, _)) = called.filter(|(region, _)| *region != scope.region) {
        return Some(other_region(region, scope));
    }
    let is_known = home.regions.iter().any(|(region, _)| *region == scope.region);
    (!is_known).then(|| format!("`{}` is not known to have the service `{}`", scope.region, home.service))
}
