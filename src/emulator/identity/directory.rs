//! The resources that a caller may look up: its projects and domain, the catalog, regions and services. Lists are filtered by the query and paged
//! by `page` and `per_page`.

use serde_json::{Value, json};

use super::caller::IdentityCaller;
use super::{IdentityError, IdentityRequest, services};
use crate::emulator::auth::accounts::{domain_id, project_id};
use crate::wire::{Response, parse_query};

/// Paths of lists, which the query filters.
const LISTS: [&str; 7] =
    ["/v3/projects", "/v3/auth/projects", "/v3/auth/domains", "/v3/users", "/v3/regions", "/v3/services", "/v3/endpoints"];

/// Returns whether anything can be looked up at a path, or at least done.
pub(super) fn is_known(path: &str) -> bool {
    LISTS.contains(&path) || matches!(path, "" | "/v3" | "/v3/auth/tokens" | "/v3/auth/catalog")
}

/// Answers a question.
///
/// # Errors
/// 404 for what is not there, 403 for what is another's.
pub(super) fn look_up(call: &IdentityRequest<'_>, caller: &IdentityCaller) -> Result<Response, IdentityError> {
    let not_found = || IdentityError::with_status(404, "The resource could not be found.");
    let path = call.path.strip_prefix("/v3/").ok_or_else(not_found)?;
    if path == "auth/catalog" {
        return Ok(call.reply(200, &json!({"catalog": services::catalog(call), "links": {"self": call.url("/v3/auth/catalog")}})));
    }
    if let Some(user) = path.strip_prefix("users/").and_then(|rest| rest.strip_suffix("/projects")) {
        if caller.user_id.as_ref().is_some_and(|own| own != user) {
            return Err(IdentityError::with_status(
                403,
                "You are not authorized to perform the requested action: identity:list_user_projects.",
            ));
        }
        return Ok(list(call, "projects", projects(call, caller)));
    }
    if LISTS.contains(&call.path) {
        let name = path.trim_start_matches("auth/");
        return Ok(list(call, name, collection(call, caller, name).ok_or_else(not_found)?));
    }
    let (name, id) = path.split_once('/').ok_or_else(not_found)?;
    let all = collection(call, caller, name).ok_or_else(not_found)?;
    let kind = name.trim_end_matches('s');
    let found = all.into_iter().find(|element| element["id"] == id);
    let found = found.ok_or_else(|| IdentityError::with_status(404, format!("Could not find {kind}: {id}.")))?;
    Ok(call.reply(200, &json!({kind: found})))
}

/// Returns all elements of a name: a link of each leads to it by its id.
fn collection(call: &IdentityRequest<'_>, caller: &IdentityCaller, name: &str) -> Option<Vec<Value>> {
    match name {
        "projects" => Some(projects(call, caller)),
        "domains" => Some(vec![domain(call, caller)]),
        "users" => Some(users(call, caller)),
        "regions" => Some(regions(call)),
        "services" => Some(services::list(call)),
        "endpoints" => Some(services::endpoints(call)),
        _ => None,
    }
}

/// Returns the projects of the caller's domain: those that its users were given, or else the region's own, which every account has.
fn projects(call: &IdentityRequest<'_>, caller: &IdentityCaller) -> Vec<Value> {
    let own = call.auth.accounts.users().filter(|user| user.domain == caller.domain).map(|user| user.project.as_str());
    let mut names: Vec<&str> = Vec::new();
    for name in own {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.push(&call.auth.context.provider_context.region);
    }
    let domain = domain_id(&caller.domain);
    let project = |name: &str| {
        let id = project_id(&caller.domain, name);
        json!({
            "id": id, "name": name, "domain_id": domain, "parent_id": domain, "is_domain": false, "enabled": true, "description": "",
            "links": {"self": call.url(&format!("/v3/projects/{id}"))},
        })
    };
    names.into_iter().map(project).collect()
}

/// Returns the users of the caller's domain, each once.
fn users(call: &IdentityRequest<'_>, caller: &IdentityCaller) -> Vec<Value> {
    let own = call.auth.accounts.users().filter(|user| user.domain == caller.domain);
    let mut found: Vec<Value> = Vec::new();
    for user in own {
        let id = user.id();
        if found.iter().all(|known| known["id"] != id.as_str()) {
            found.push(json!({
                "id": id, "name": user.name, "domain_id": user.domain_id(), "enabled": true, "description": "", "password_expires_at": "",
                "links": {"self": call.url(&format!("/v3/users/{id}"))},
            }));
        }
    }
    found
}

fn domain(call: &IdentityRequest<'_>, caller: &IdentityCaller) -> Value {
    let id = domain_id(&caller.domain);
    json!({
        "id": id, "name": caller.domain, "enabled": true, "description": "",
        "links": {"self": call.url(&format!("/v3/domains/{id}"))},
    })
}

fn regions(call: &IdentityRequest<'_>) -> Vec<Value> {
    let region = |id: &str| {
        json!({
            "id": id, "type": "public", "description": "", "parent_region_id": null, "links": {"self": call.url(&format!("/v3/regions/{id}"))},
        })
    };
    call.auth.context.provider_context.provider.regions.iter().map(|known| region(&known.id)).collect()
}

/// Returns a list with its links.
fn list(call: &IdentityRequest<'_>, member: &str, elements: Vec<Value>) -> Response {
    let query = parse_query(call.request.query());
    let found: Vec<Value> = elements.into_iter().filter(|element| query.iter().all(|(name, value)| fits(element, name, value))).collect();
    let number = |wanted: &str| query.iter().find(|(name, _)| name == wanted).and_then(|(_, value)| value.parse::<usize>().ok());
    let size = number("per_page").filter(|size| *size > 0).unwrap_or(usize::MAX);
    let page = number("page").unwrap_or(1).max(1);
    let start = (page - 1).saturating_mul(size);
    let link = |to: usize| call.url(&format!("{}?page={to}&per_page={size}", call.path));
    let links = json!({
        "self": format!("http://{}{}", call.auth.context.host, call.request.target),
        "next": (start.saturating_add(size) < found.len()).then(|| link(page + 1)),
        "previous": (page > 1).then(|| link(page - 1)),
    });
    let shown: Vec<Value> = found.into_iter().skip(start).take(size).collect();
    call.reply(200, &json!({"links": links, member: shown}))
}

/// Returns whether an element has what a parameter of the query asks for. What it has no member for filters nothing, as with keystone.
fn fits(element: &Value, name: &str, wanted: &str) -> bool {
    match element.get(name) {
        Some(Value::String(text)) => text == wanted,
        Some(Value::Bool(flag)) => *flag != ["0", "false"].iter().any(|no| wanted.eq_ignore_ascii_case(no)),
        _ => true,
    }
}
