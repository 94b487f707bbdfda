//! The vendor's own trouble, and what stands between here and the vendor.

use super::check::{Case, Finding};
use super::matter::Matter;
use super::{brief, transport};
use crate::catalog::Condition;
use crate::envelope::{Foreign, Verdict};
use crate::exchange::{Exchange, Outcome};
use crate::wire::{Headers, Response};

/// Headers that proxies leave in an answer.
const TRACES: [&str; 9] = [
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

/// Whether the vendor's own trouble is the cause.
pub(super) fn vendor(case: &Case<'_>) -> Finding {
    match &case.said {
        Some(said) if said.matter == Matter::Server => {
            Finding::found(format!("The vendor failed on its own ({}).", said.status), said.remedy())
        }
        Some(_) => Finding::fine("it answers"),
        None => match case.exchange.response().map(|response| response.status) {
            Some(status @ 500..600) => Finding::odd(
                format!("Perhaps: status {status} did not come in the vendor's own format."),
                "If other networks get it too, look at the vendor's status page.",
            ),
            Some(_) => Finding::idle("it seems that somebody else answered"),
            None => Finding::idle("no answer"),
        },
    }
}

/// Whether the connection or somebody on the way is the cause.
pub(super) fn network(case: &Case<'_>) -> Finding {
    match &case.exchange.outcome {
        Outcome::Failed(failure) => {
            let (says, remedy) = transport::evidence(failure);
            Finding::found(says, remedy)
        }
        Outcome::Answered(answered) => answer(case, &answered.response, &answered.envelope.verdict),
        Outcome::InFlight | Outcome::Unrecorded | Outcome::Cancelled => Finding::idle("the call was not waited for"),
    }
}

fn answer(case: &Case<'_>, response: &Response, verdict: &Verdict) -> Finding {
    let traces = traces(&response.headers);
    if let (Verdict::Foreign(what), None) = (verdict, &case.said) {
        let trace = if traces.is_empty() { String::new() } else { format!(" It bears traces: {traces}.") };
        return Finding::found(
            format!("{}{trace}", stranger(what, response.status)),
            "Ask whoever runs the proxy, or try another network; the response view shows what came.",
        );
    }
    if lost_on_the_way(case) {
        return Finding::found(
            "The request went out with credentials, and the vendor says that it has none: something on the way removed them.",
            "Leave the host out of the proxy (NO_PROXY), or ask whoever runs it.",
        );
    }
    match traces.as_str() {
        "" => Finding::fine("the vendor's own format, no trace of a proxy"),
        traces => Finding::weighed(
            false,
            format!("The answer bears traces of a proxy: {traces}."),
            "A proxy may change headers: if the signature does not match, try without it (NO_PROXY).",
        ),
    }
}

/// Who answered in the vendor's place.
fn stranger(what: &Foreign, status: u16) -> &'static str {
    match (what, status) {
        (_, 407) => "A proxy on the way wants a login.",
        (Foreign::Redirect(_), _) => "Somebody on the way redirects the call: a portal, or a server that is not the API.",
        (Foreign::TruncatedJson(_), _) => "The answer was cut on the way, or by the service.",
        (Foreign::Encoded(_), _) => "Something on the way coded the answer.",
        (_, 502..=504) => "A proxy or load balancer answered: it got nothing from behind it.",
        _ => "Somebody else answered in the API's place.",
    }
}

/// Whether the vendor misses the credentials that went out.
fn lost_on_the_way(case: &Case<'_>) -> bool {
    let missed = case.said.as_ref().is_some_and(|said| said.conditions == [Condition::NoCredentials]);
    missed && had_credentials(case.exchange)
}

fn had_credentials(exchange: &Exchange) -> bool {
    ["authorization", "x-auth-token"].into_iter().any(|name| exchange.request.headers.contains(name))
}

/// What proxies left in the answer, short.
fn traces(headers: &Headers) -> String {
    let trace = |name: &&str| Some(format!("{name}: {}", brief(headers.get_str(name)?.trim())));
    TRACES.iter().filter_map(trace).take(2).collect::<Vec<_>>().join(", ")
}
