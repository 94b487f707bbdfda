//! The services that a client may look up.

use serde_json::{Value, json};

use super::IdentityRequest;
use crate::catalog::Vendor;

/// The types of the services and their paths on this port.
const SERVICES: [(&str, &str); 3] = [("identity", "/identity/v3"), ("swr", "/v2"), ("swrv2", "/v2")];

/// OTC's message service, which is not here: its Go tools put `swr-api` in the place of `smn` to find SWR, which gives
/// `/swr-api/v2`, and there SWR is once more.
const MESSAGES: (&str, &str) = ("smn", "/smn/v2");

/// Returns the services of the provider that was called, with their paths.
fn services(call: &IdentityRequest<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let messages = (call.auth.context.provider_context.provider.vendor == Vendor::Otc).then_some(MESSAGES);
    SERVICES.into_iter().chain(messages)
}

/// Returns the catalog of a token.
pub(super) fn catalog(call: &IdentityRequest<'_>) -> Value {
    services(call).map(|(kind, path)| with_endpoints(call, kind, path)).collect()
}

fn with_endpoints(call: &IdentityRequest<'_>, kind: &str, path: &str) -> Value {
    let region = &call.auth.context.provider_context.region;
    let url = format!("http://{}{path}", call.auth.context.host);
    json!({
        "type": kind, "id": format!("{kind}-{region}"), "name": kind,
        "endpoints": [{
            "id": format!("{kind}-{region}-public"), "interface": "public", "url": url, "region": region, "region_id": region,
        }],
    })
}

/// Returns the services as `GET /v3/services` lists them.
pub(super) fn list(call: &IdentityRequest<'_>) -> Vec<Value> {
    let region = &call.auth.context.provider_context.region;
    let entry = |(kind, _)| {
        let id = format!("{kind}-{region}");
        json!({"id": id, "name": kind, "type": kind, "enabled": true, "links": {"self": call.url(&format!("/v3/services/{id}"))}})
    };
    services(call).map(entry).collect()
}

/// Returns the endpoints as `GET /v3/endpoints` lists them.
pub(super) fn endpoints(call: &IdentityRequest<'_>) -> Vec<Value> {
    let region = &call.auth.context.provider_context.region;
    let entry = |(kind, path)| {
        let id = format!("{kind}-{region}-public");
        json!({
            "id": id, "interface": "public", "url": format!("http://{}{path}", call.auth.context.host), "region": region, "region_id": region,
            "service_id": format!("{kind}-{region}"), "enabled": true, "links": {"self": call.url(&format!("/v3/endpoints/{id}"))},
        })
    };
    services(call).map(entry).collect()
}
