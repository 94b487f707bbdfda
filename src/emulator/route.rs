//! The operation that a request asks for, or the vendor's refusal when there is none like it.

use std::borrow::Cow;

use super::refusal::Refusal;
use super::request_context::{ProviderContext, RequestContext};
use crate::catalog::Condition;
use crate::form::route::{NoRoute, Route, RouteQuery};
use crate::wire::Request;

/// The second path of SWR, for clients that derive its address from the message service's: they put `swr-api` in the place of `smn`.
const SWR_ALIAS_PATH: &str = "/swr-api";

/// Returns the request as its operation is found: at its own path, when it came to SWR's second address. The signature covers the first.
pub(super) fn normalize_path<'r>(provider_context: &ProviderContext, request: &'r Request) -> Cow<'r, Request> {
    match request.target.strip_prefix(SWR_ALIAS_PATH).filter(|rest| rest.starts_with('/') && provider_context.has_tokens()) {
        Some(rest) => Cow::Owned(Request { target: rest.to_owned(), ..request.clone() }),
        None => Cow::Borrowed(request),
    }
}

/// Finds the operation, and notes the action and version that the request names.
pub(super) fn find<'a>(context: &mut RequestContext<'a>, request: &Request) -> Result<Route<'a>, Refusal> {
    let RouteQuery { action, version, route } = context.provider_context.router.find(request);
    (context.action, context.version) = (action, version);
    let refuse = |condition| Refusal::for_condition(condition).with_values([&context.action, &context.version]);
    route.map_err(|reason| match reason {
        NoRoute::Path => refuse(Condition::UnknownRoute),
        NoRoute::Unnamed(name) => Refusal::for_condition(Condition::MissingAction).with_parameter(&name),
        NoRoute::Action => refuse(Condition::UnknownAction),
        NoRoute::Version => refuse(Condition::UnknownVersion),
        NoRoute::Method => refuse(Condition::UnknownMethod),
    })
}
