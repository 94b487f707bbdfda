//! The identity service of the two SWR providers, in the shape of keystone: versions, tokens, and what a caller may look up.
//!
//! ```text
//! /identity, /identity/v3, /v3 ──▶ version documents
//! POST .../auth/tokens ──────────▶ a token                    (ask: the body; issue: whether it proves somebody)
//! anything else ─▶ who calls? ──▶ own token or access key ──▶ tokens, projects, domains, catalog, regions, services
//!                      ╲ nobody: keystone's 401, or the gateway's for a signature
//! ```
//!
//! Its address in the catalog and in its own documents is `/identity/v3`, so that `/` and `/v2` of the port are SWR's; `/v3` is the
//! same service for clients that are given a host alone, as they are on the real one.

mod ask;
mod caller;
mod directory;
mod issue;
mod services;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::ids::FreshIds;
use super::request_context::{ProviderContext, RequestContext};
use crate::emulator::auth::accounts::Accounts;
use crate::emulator::auth::failures::Failures;
use crate::emulator::auth::tokens::Tokens;
use crate::envelope::render_token_error;
use crate::wire::{Headers, Request, Response};

/// The path of the service's own URL, before the version.
const BASE: &str = "/identity";

/// The identity service: its accounts, tokens and context.
pub(super) struct IdentityService<'a> {
    /// The port's provider.
    pub provider_context: &'a ProviderContext,
    /// The accepted users and keys.
    pub accounts: &'a Accounts,
    /// The tokens issued.
    pub tokens: &'a Mutex<Tokens>,
    /// The signatures that failed.
    pub failures: &'a Failures,
    /// Fresh identifiers.
    pub ids: &'a FreshIds<'a>,
}

/// The refusal of a request, in keystone's words.
#[derive(Debug)]
struct IdentityError {
    status: u16,
    message: String,
}

impl IdentityError {
    /// Returns something is missing from the request.
    fn expecting(attribute: &str, target: &str) -> Self {
        let message = format!(
            "Expecting to find {attribute} in {target}. The server could not comply with the request since it is either malformed or \
             otherwise incorrect. The client is assumed to be in error."
        );
        Self { status: 400, message }
    }

    /// Returns the refusal when nobody is known by what the request carries.
    fn unauthorized() -> Self {
        Self::saying(401, "The request you have made requires authentication.")
    }

    fn saying(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

/// The inputs of an answer to one request.
struct IdentityRequest<'a> {
    identity_service: &'a IdentityService<'a>,
    request: &'a Request,
    request_context: &'a RequestContext,
    /// `/identity`, or nothing for a client that came to `/v3`.
    base: &'static str,
    /// The path behind the base, without a slash at its end.
    path: &'a str,
}

impl IdentityRequest<'_> {
    /// Returns the URL of a path of the service, as the client came to it.
    fn url(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.request_context.host, self.base)
    }

    fn reply(&self, status: u16, body: &Value) -> Response {
        let headers = [("content-type", "application/json"), ("x-request-id", self.request_context.request_id.as_str())];
        let body = if status == 204 { String::new() } else { body.to_string() };
        Response { version: "HTTP/1.1".into(), status, headers: Headers::from_iter(headers), body: body.into(), ..Response::default() }
    }

    fn deny(&self, denied: &IdentityError) -> Response {
        let title = http::StatusCode::from_u16(denied.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
        render_token_error(
            denied.status,
            &denied.message,
            title,
            &self.request_context.for_envelope(self.identity_service.provider_context),
        )
    }
}

/// Returns whether a path belongs to the identity service.
pub(super) fn owns(provider_context: &ProviderContext, path: &str) -> bool {
    let below = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (below(BASE) || below("/v3")) && provider_context.has_tokens()
}

/// Answers a request to the identity service.
pub(super) fn answer(identity_service: &IdentityService<'_>, request: &Request, request_context: &RequestContext) -> Response {
    let path = request.path().trim_end_matches('/');
    let (base, path) = path.strip_prefix(BASE).map_or(("", path), |path| (BASE, path));
    let visit = IdentityRequest { identity_service, request, request_context, base, path };
    let result = match (request.method.as_str(), path) {
        ("GET" | "HEAD", "") => Ok(visit.reply(300, &json!({"versions": {"values": [version(&visit)]}}))),
        ("GET" | "HEAD", "/v3") => Ok(visit.reply(200, &json!({"version": version(&visit)}))),
        ("POST", "/v3/auth/tokens") => issue::issue(&visit),
        _ => return caller::admit(&visit).map_or_else(|refused| *refused, |caller| serve(&visit, &caller)),
    };
    result.unwrap_or_else(|denied| visit.deny(&denied))
}

/// Answers a caller that is known.
fn serve(visit: &IdentityRequest<'_>, caller: &caller::IdentityCaller) -> Response {
    let result = match (visit.request.method.as_str(), visit.path) {
        ("GET" | "HEAD", "/v3/auth/tokens") => issue::show(visit, caller),
        ("DELETE", "/v3/auth/tokens") => issue::revoke(visit, caller),
        ("GET" | "HEAD", _) => directory::look_up(visit, caller),
        _ if directory::is_known(visit.path) => Err(IdentityError::saying(405, "The method is not allowed for the requested URL.")),
        _ => Err(IdentityError::saying(404, "The resource could not be found.")),
    };
    result.unwrap_or_else(|denied| visit.deny(&denied))
}

fn version(visit: &IdentityRequest<'_>) -> Value {
    json!({
        "id": "v3.6", "status": "stable", "updated": "2013-03-06T00:00:00Z",
        "links": [{"rel": "self", "href": visit.url("/v3/")}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    })
}
