//! The vendor's own trouble, and what stands between here and the vendor.

use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::{shortened, transport};
use crate::catalog::Condition;
use crate::envelope::{Foreign, Verdict};
use crate::exchange::{Exchange, Outcome};
use crate::wire::{Headers, Response};

/// Headers that proxies add to an answer.
const PROXY_HEADERS: [&str; 9] = [
    "via",
    "x-cache",
    "x-squid-error",
    "x-bluecoat-via",
    "x-proxy-error",
    "proxy-status",
    "proxy-authenticate",
    "proxy-connection",
    "x-zscaler-error",
];

/// Checks whether an outage at the vendor is the cause.
pub(super) fn vendor(case: &CheckInput<'_>) -> CheckResult {
    match &case.vendor_error {
        Some(vendor_error) if vendor_error.category == Category::Server => {
            CheckResult::found(format!("The vendor failed on its own ({}).", vendor_error.status), vendor_error.remedy())
        }
        Some(_) => CheckResult::passed("it answers"),
        None => match case.exchange.response().map(|response| response.status) {
            Some(status @ 500..600) => CheckResult::suspicious(
                format!("Perhaps: status {status} did not come in the vendor's own format."),
                "If other networks get it too, look at the vendor's status page.",
            ),
            Some(_) => CheckResult::not_run("it seems that somebody else answered"),
            None => CheckResult::not_run("no answer"),
        },
    }
}

/// Checks whether the connection or a proxy is the cause.
pub(super) fn network(case: &CheckInput<'_>) -> CheckResult {
    match &case.exchange.outcome {
        Outcome::Failed(failure) => {
            let (says, remedy) = transport::evidence(failure);
            CheckResult::found(says, remedy)
        }
        Outcome::Answered(answered) => answer(case, &answered.response, &answered.envelope.verdict),
        Outcome::InFlight | Outcome::Unrecorded | Outcome::Cancelled => CheckResult::not_run("the call was not waited for"),
    }
}

fn answer(case: &CheckInput<'_>, response: &Response, verdict: &Verdict) -> CheckResult {
    let proxy_traces = proxy_traces(&response.headers);
    if let (Verdict::Foreign(what), None) = (verdict, &case.vendor_error) {
        let trace = if proxy_traces.is_empty() { String::new() } else { format!(" It bears traces: {proxy_traces}.") };
        return CheckResult::found(
            format!("{}{trace}", responder_of(what, response.status)),
            "Ask whoever runs the proxy, or try another network; the response view shows what came.",
        );
    }
    if credentials_were_removed(case) {
        return CheckResult::found(
            "The request went out with credentials, and the vendor says that it has none: something on the way removed them.",
            "Leave the host out of the proxy (NO_PROXY), or ask whoever runs it.",
        );
    }
    match proxy_traces.as_str() {
        "" => CheckResult::passed("the vendor's own format, no trace of a proxy"),
        proxy_traces => CheckResult::found_or_odd(
            false,
            format!("The answer bears traces of a proxy: {proxy_traces}."),
            "A proxy may change headers: if the signature does not match, try without it (NO_PROXY).",
        ),
    }
}

/// Describes who answered instead of the vendor.
fn responder_of(what: &Foreign, status: u16) -> &'static str {
    match (what, status) {
        (_, 407) => "A proxy on the way wants a login.",
        (Foreign::Redirect(_), _) => "Somebody on the way redirects the call: a portal, or a server that is not the API.",
        (Foreign::TruncatedJson(_), _) => "The answer was cut on the way, or by the service.",
        (Foreign::Encoded(_), _) => "Something on the way coded the answer.",
        (_, 502..=504) => "A proxy or load balancer answered: it got nothing from behind it.",
        _ => "Somebody else answered in the API's place.",
    }
}

/// Returns whether the vendor reports missing credentials although they were sent.
fn credentials_were_removed(case: &CheckInput<'_>) -> bool {
    let missed = case.vendor_error.as_ref().is_some_and(|vendor_error| vendor_error.conditions == [Condition::NoCredentials]);
    missed && had_credentials(case.exchange)
}

fn had_credentials(exchange: &Exchange) -> bool {
    ["authorization", "x-auth-token"].into_iter().any(|name| exchange.request.headers.contains(name))
}

/// Lists the headers that proxies added to the answer.
fn proxy_traces(headers: &Headers) -> String {
    let trace = |name: &&str| Some(format!("{name}: {}", shortened(headers.get_str(name)?.trim())));
    PROXY_HEADERS.iter().filter_map(trace).take(2).collect::<Vec<_>>().join(", ")
}
