//! Which operation a request asks for, or what the vendor answers when it has none like that.

use std::borrow::Cow;

use super::facts::{Facts, Station};
use super::refusal::Refusal;
use crate::catalog::Condition;
use crate::form::route::{NoRoute, Route, Router, Wanted};
use crate::wire::Request;

/// Where SWR is once more, for clients that make its address of the message service's: they put `swr-api` in the place of `smn`.
const SWR_AGAIN: &str = "/swr-api";

/// The request as its operation is found: at its own path, when it came to SWR's second address. The signature covers the first.
pub(super) fn within<'r>(station: &Station, request: &'r Request) -> Cow<'r, Request> {
    match request.target.strip_prefix(SWR_AGAIN).filter(|rest| rest.starts_with('/') && station.has_tokens()) {
        Some(rest) => Cow::Owned(Request { target: rest.to_owned(), ..request.clone() }),
        None => Cow::Borrowed(request),
    }
}

/// Finds the operation, and notes the action and version that the request names.
pub(super) fn find<'r>(router: &'r Router, request: &Request, facts: &mut Facts) -> Result<Route<'r>, Refusal> {
    let Wanted { action, version, route } = router.find(request);
    (facts.action, facts.version) = (action, version);
    let refuse = |condition| Refusal::of(condition).filled([&facts.action, &facts.version]);
    route.map_err(|reason| match reason {
        NoRoute::Path => refuse(Condition::UnknownRoute),
        NoRoute::Unnamed(name) => Refusal::of(Condition::MissingAction).about(&name),
        NoRoute::Action => refuse(Condition::UnknownAction),
        NoRoute::Version => refuse(Condition::UnknownVersion),
        NoRoute::Method => refuse(Condition::UnknownMethod),
    })
}
