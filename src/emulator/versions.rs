//! The versions of SWR's own API, as `GET /` lists them and `GET /v2` shows one. The vendor's `links` is an object, and its SDKs read
//! nothing else; they sign. keystoneauth reads a list alone, and asks without a token: so whoever proves nothing gets a list.

use serde_json::{Value, json};

use super::request_context::RequestContext;
use crate::wire::{Headers, Request, Response};

/// Returns the answer to a question for versions; nothing if the request is something else.
pub(super) fn answer(request: &Request, context: &RequestContext<'_>) -> Option<Response> {
    if request.method != "GET" && request.method != "HEAD" {
        return None;
    }
    let own = json!({"href": format!("http://{}/v2/", context.host), "rel": "self"});
    let is_known = context.is_signed || request.headers.contains("x-auth-token");
    let links = if is_known { own } else { json!([own]) };
    let body = match request.path() {
        "/" => json!({"versions": [version(&links)]}),
        "/v2" | "/v2/" => json!({"version": version(&links)}),
        _ => return None,
    };
    let headers = [("content-type", "application/json;charset=utf-8"), ("x-request-id", context.request_id.as_str())];
    let (version, headers) = ("HTTP/1.1".into(), Headers::from_iter(headers));
    Some(Response { version, status: 200, headers, body: body.to_string().into(), ..Response::default() })
}

/// Returns the version by the vendor's page (Querying All API Versions).
fn version(links: &Value) -> Value {
    json!({
        "id": "v2", "links": links, "min_version": "2.0", "version": "2.26", "status": "CURRENT", "updated": "2020-07-09T00:00:00Z",
    })
}
