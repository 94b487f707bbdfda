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

use serde_json::{Value, json};

use super::auth::authenticate::AuthenticationContext;
use super::request_context::ProviderContext;
use crate::envelope::render_token_error;
use crate::wire::{Headers, Request, Response};

/// The path of the service's own URL, before the version.
const BASE: &str = "/identity";

/// The refusal of a request, in keystone's words.
#[derive(Debug)]
struct IdentityError {
    status: u16,
    message: String,
}

impl IdentityError {
    /// Returns the refusal of a request that lacks something.
    fn missing_attribute(attribute: &str, target: &str) -> Self {
        let message = format!(
            "Expecting to find {attribute} in {target}. The server could not comply with the request since it is either malformed or \
             otherwise incorrect. The client is assumed to be in error."
        );
        Self { status: 400, message }
    }

    /// Returns the refusal when nobody is known by what the request carries.
    fn unauthorized() -> Self {
        Self::with_status(401, "The request you have made requires authentication.")
    }

    fn with_status(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

/// The inputs of an answer to one request.
struct IdentityRequest<'a> {
    /// The accounts, tokens and facts of the request.
    auth: &'a AuthenticationContext<'a>,
    request: &'a Request,
    /// `/identity`, or nothing for a client that came to `/v3`.
    base: &'static str,
    /// The path behind the base, without a slash at its end.
    path: &'a str,
}

impl IdentityRequest<'_> {
    /// Returns the URL of a path of the service, as the client came to it.
    fn url(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.auth.context.host, self.base)
    }

    fn reply(&self, status: u16, body: &Value) -> Response {
        let headers = [("content-type", "application/json"), ("x-request-id", self.auth.context.request_id.as_str())];
        let body = if status == 204 { String::new() } else { body.to_string() };
        Response { version: "HTTP/1.1".into(), status, headers: Headers::from_iter(headers), body: body.into(), ..Response::default() }
    }

    fn deny(&self, denied: &IdentityError) -> Response {
        let title = http::StatusCode::from_u16(denied.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
        render_token_error(denied.status, &denied.message, title, &self.auth.context.for_envelope())
    }
}

/// Returns whether a path belongs to the identity service.
pub(super) fn owns(provider_context: &ProviderContext, path: &str) -> bool {
    let below = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (below(BASE) || below("/v3")) && provider_context.has_tokens()
}

/// Answers a request to the identity service.
pub(super) fn answer(auth: &AuthenticationContext<'_>, request: &Request) -> Response {
    let path = request.path().trim_end_matches('/');
    let (base, path) = path.strip_prefix(BASE).map_or(("", path), |path| (BASE, path));
    let call = IdentityRequest { auth, request, base, path };
    let result = match (request.method.as_str(), path) {
        ("GET" | "HEAD", "") => Ok(call.reply(300, &json!({"versions": {"values": [version(&call)]}}))),
        ("GET" | "HEAD", "/v3") => Ok(call.reply(200, &json!({"version": version(&call)}))),
        ("POST", "/v3/auth/tokens") => issue::issue(&call),
        _ => return caller::admit(&call).map_or_else(|refused| *refused, |caller| serve(&call, &caller)),
    };
    result.unwrap_or_else(|denied| call.deny(&denied))
}

/// Answers a caller that is known.
fn serve(call: &IdentityRequest<'_>, caller: &caller::IdentityCaller) -> Response {
    let result = match (call.request.method.as_str(), call.path) {
        ("GET" | "HEAD", "/v3/auth/tokens") => issue::show(call, caller),
        ("DELETE", "/v3/auth/tokens") => issue::revoke(call, caller),
        ("GET" | "HEAD", _) => directory::look_up(call, caller),
        _ if directory::is_known(call.path) => Err(IdentityError::with_status(405, "The method is not allowed for the requested URL.")),
        _ => Err(IdentityError::with_status(404, "The resource could not be found.")),
    };
    result.unwrap_or_else(|denied| call.deny(&denied))
}

fn version(call: &IdentityRequest<'_>) -> Value {
    json!({
        "id": "v3.6", "status": "stable", "updated": "2013-03-06T00:00:00Z",
        "links": [{"rel": "self", "href": call.url("/v3/")}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    })
}
