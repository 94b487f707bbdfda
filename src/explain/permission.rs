//! Permissions: which action was denied to whom, and a policy that would allow it.

use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::shortened;
use super::vendor_error::VendorError;
use crate::catalog::{Operation, Provider};

/// The wildcard for every resource in all of the vendors' policies.
const ANY_RESOURCE: &str = "*";

/// The field in which Alibaba Cloud names the denied action and caller.
const DETAIL_PREFIX: &str = "AccessDeniedDetail.";

/// The permission that a call lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPermission {
    /// The action, in the vendor's spelling: `sae:CreateNamespace`.
    pub action: String,
    /// The resource it is to be allowed on; `*` where the vendor names nothing else.
    pub resource: String,
    /// A policy that allows just that, as JSON: our suggestion, not the vendor's.
    pub policy: Option<String>,
}

/// Returns the missing permission, when that is the cause and the action is known.
pub(super) fn missing(case: &CheckInput<'_>) -> Option<MissingPermission> {
    let vendor_error = case.vendor_error.as_ref().filter(|vendor_error| vendor_error.category == Category::Permission)?;
    let action = denied(case.provider, case.operation, vendor_error)?;
    let resource = message_values(case.provider, case.operation, vendor_error).get(1).copied().unwrap_or(ANY_RESOURCE);
    Some(MissingPermission { policy: policy(case.provider, &action, resource), action, resource: resource.to_owned() })
}

/// Returns the action that was denied: as the answer names it, or else the operation's.
pub(super) fn denied(provider: &Provider, operation: Option<&Operation>, vendor_error: &VendorError<'_>) -> Option<String> {
    if vendor_error.category != Category::Permission {
        return None;
    }
    let detail = vendor_error.field(&format!("{DETAIL_PREFIX}AuthAction"));
    let named = detail.or_else(|| message_values(provider, operation, vendor_error).first().copied());
    named.or_else(|| operation?.permission.as_deref()).map(str::to_owned)
}

/// Returns the vendor's values for `%s` in one of the catalog's messages for this code: an action, then a resource.
fn message_values<'a>(provider: &Provider, operation: Option<&Operation>, vendor_error: &'a VendorError<'_>) -> Vec<&'a str> {
    let own = operation.into_iter().flat_map(|operation| &operation.errors);
    let entries = own.chain(&provider.errors).filter(|entry| entry.names(vendor_error.code()));
    entries.filter_map(|entry| filled(&entry.message, vendor_error.message())).find(|facts| !facts.is_empty()).unwrap_or_default()
}

/// Returns the text at each `%s` of a template; `None` when the rest differs.
fn filled<'a>(template: &str, text: &'a str) -> Option<Vec<&'a str>> {
    // Some services leave out the full stop.
    let template = if text.ends_with('.') { template } else { template.strip_suffix('.').unwrap_or(template) };
    let mut pieces = template.split("%s");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    for piece in pieces {
        let end = if piece.is_empty() {
            rest.len()
        } else {
            rest.rfind(piece).filter(|at| at + piece.len() == rest.len()).or_else(|| rest.find(piece))?
        };
        found.push(rest[..end].trim());
        rest = &rest[end + piece.len()..];
    }
    found.iter().all(|fact| !fact.is_empty() && !fact.contains(char::is_whitespace)).then_some(found)
}

/// Fills action and resource into the vendor's policy template; `None` when the result is not JSON.
fn policy(provider: &Provider, action: &str, resource: &str) -> Option<String> {
    let quoted = |text: &str| serde_json::to_string(text).ok().map(|quoted| quoted[1..quoted.len() - 1].to_owned());
    let template = provider.policy.as_ref()?;
    let document = template.replace("{action}", &quoted(action)?).replace("{resource}", &quoted(resource)?);
    serde_json::from_str::<serde_json::Value>(&document).is_ok().then_some(document)
}

/// Checks whether a missing permission is the cause.
pub(super) fn check(case: &CheckInput<'_>) -> CheckResult {
    let Some(vendor_error) = &case.vendor_error else { return CheckResult::not_run("no answer of the vendor's to tell by") };
    if vendor_error.category != Category::Permission {
        return if vendor_error.is_from_service() {
            CheckResult::passed("nothing was denied")
        } else {
            CheckResult::not_run("the vendor did not come so far")
        };
    }
    let action = missing(case).map_or_else(|| "this call".to_owned(), |missing| on_resource(&missing));
    CheckResult::found(format!("{} not allowed {action}.", denied_principal(vendor_error)), remedy(vendor_error))
}

fn on_resource(missing: &MissingPermission) -> String {
    let action = shortened(&missing.action);
    if missing.resource == ANY_RESOURCE { action } else { format!("{action} on {}", shortened(&missing.resource)) }
}

/// Names who was denied.
fn denied_principal(vendor_error: &VendorError<'_>) -> String {
    let detail = |name: &str| vendor_error.field(&format!("{DETAIL_PREFIX}{name}")).filter(|value| !value.is_empty()).map(shortened);
    match (detail("AuthPrincipalType"), detail("AuthPrincipalDisplayName")) {
        (Some(kind), Some(name)) => format!("{kind} {name} is"),
        (None, Some(name)) => format!("{name} is"),
        _ => "The caller is known, and".to_owned(),
    }
}

/// Returns the remedy: an explicit denial is not undone by allowing.
fn remedy(vendor_error: &VendorError<'_>) -> String {
    let kind = vendor_error.field(&format!("{DETAIL_PREFIX}NoPermissionType")).unwrap_or_default();
    if kind.eq_ignore_ascii_case("ExplicitDeny") {
        return "A policy denies it by name: allowing it elsewhere does not help. Have that statement changed, or use another profile."
            .to_owned();
    }
    vendor_error.remedy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_vendor_filled_in() {
        let template = "User is not authorized to perform: %s on resource: %s.";
        let text = "User is not authorized to perform: id:CreateNamespace on resource: trn:id:cn-beijing:21:ns/a.b.";
        assert_eq!(filled(template, text), Some(vec!["id:CreateNamespace", "trn:id:cn-beijing:21:ns/a.b"]));
        assert_eq!(filled(template, "User is not authorized to perform: a thing on resource: b."), None);
        let unended = filled(template, "User is not authorized to perform: ark:Get on resource: trn:iam::1:project/*");
        assert_eq!(unended, Some(vec!["ark:Get", "trn:iam::1:project/*"]));
        assert_eq!(filled(template, "something else"), None);
        assert_eq!(filled("no mark", "no mark"), Some(Vec::new()));
    }
}
