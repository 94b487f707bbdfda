//! Permissions: which action was denied to whom, and a policy that would allow it.

use super::brief;
use super::check::{Case, Finding};
use super::matter::Matter;
use super::said::Said;
use crate::catalog::{Operation, Provider};

/// What stands for every resource in all of the vendors' policies.
const EVERY: &str = "*";

/// Where Alibaba Cloud names what was denied to whom.
const DETAIL: &str = "AccessDeniedDetail.";

/// What is missing for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The action, in the vendor's spelling: `sae:CreateNamespace`.
    pub action: String,
    /// What it is to be allowed on; `*` where the vendor names nothing else.
    pub resource: String,
    /// A policy that allows just that, as JSON: our suggestion, not the vendor's.
    pub policy: Option<String>,
}

/// What is missing, where permission is the matter and the action is known.
pub(super) fn missing(case: &Case<'_>) -> Option<Missing> {
    let said = case.said.as_ref().filter(|said| said.matter == Matter::Permission)?;
    let action = denied(case.provider, case.operation, said)?;
    let resource = told(case.provider, case.operation, said).get(1).copied().unwrap_or(EVERY);
    Some(Missing { policy: policy(case.provider, &action, resource), action, resource: resource.to_owned() })
}

/// The action that was denied: as the answer names it, or else the operation's.
pub(super) fn denied(provider: &Provider, operation: Option<&Operation>, said: &Said<'_>) -> Option<String> {
    if said.matter != Matter::Permission {
        return None;
    }
    let detail = said.field(&format!("{DETAIL}AuthAction"));
    let named = detail.or_else(|| told(provider, operation, said).first().copied());
    named.or_else(|| operation?.permission.as_deref()).map(str::to_owned)
}

/// What the vendor filled in where one of the catalog's messages for this code has `%s`: an action, then a resource.
fn told<'a>(provider: &Provider, operation: Option<&Operation>, said: &'a Said<'_>) -> Vec<&'a str> {
    let own = operation.into_iter().flat_map(|operation| &operation.errors);
    let entries = own.chain(&provider.errors).filter(|entry| entry.names(said.code()));
    entries.filter_map(|entry| filled(&entry.message, said.message())).find(|facts| !facts.is_empty()).unwrap_or_default()
}

/// What stands at each `%s` of a text; `None` when the rest differs.
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

/// The vendor's form of a policy with action and resource put in; `None` where what the vendor named makes no JSON of it.
fn policy(provider: &Provider, action: &str, resource: &str) -> Option<String> {
    let quoted = |text: &str| serde_json::to_string(text).ok().map(|quoted| quoted[1..quoted.len() - 1].to_owned());
    let template = provider.policy.as_ref()?;
    let document = template.replace("{action}", &quoted(action)?).replace("{resource}", &quoted(resource)?);
    serde_json::from_str::<serde_json::Value>(&document).is_ok().then_some(document)
}

/// Whether a missing permission is the cause.
pub(super) fn check(case: &Case<'_>) -> Finding {
    let Some(said) = &case.said else { return Finding::idle("no answer of the vendor's to tell by") };
    if said.matter != Matter::Permission {
        return if said.is_the_services() { Finding::fine("nothing was denied") } else { Finding::idle("the vendor did not come so far") };
    }
    let action = missing(case).map_or_else(|| "this call".to_owned(), |missing| on(&missing));
    Finding::found(format!("{} not allowed {action}.", who(said)), remedy(said))
}

fn on(missing: &Missing) -> String {
    let action = brief(&missing.action);
    if missing.resource == EVERY { action } else { format!("{action} on {}", brief(&missing.resource)) }
}

/// Who was denied: `The caller is`, or by name.
fn who(said: &Said<'_>) -> String {
    let detail = |name: &str| said.field(&format!("{DETAIL}{name}")).filter(|value| !value.is_empty()).map(brief);
    match (detail("AuthPrincipalType"), detail("AuthPrincipalDisplayName")) {
        (Some(kind), Some(name)) => format!("{kind} {name} is"),
        (None, Some(name)) => format!("{name} is"),
        _ => "The caller is known, and".to_owned(),
    }
}

/// An explicit denial is not undone by allowing.
fn remedy(said: &Said<'_>) -> String {
    let kind = said.field(&format!("{DETAIL}NoPermissionType")).unwrap_or_default();
    if kind.eq_ignore_ascii_case("ExplicitDeny") {
        return "A policy denies it by name: allowing it elsewhere does not help. Have that statement changed, or use another profile."
            .to_owned();
    }
    said.remedy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_gives_back_what_was_filled_in() {
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
