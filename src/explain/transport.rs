//! Calls that got no answer, or not a whole one.

use super::Explanation;
use crate::catalog::Operation;
use crate::exchange::{Exchange, Failure, FailureClass};

/// Summary, cause and remedy for a class of failure, and whether a retry may help.
struct FailureAdvice {
    class: FailureClass,
    texts: [&'static str; 3],
    transient: bool,
}

const ADVICE: [FailureAdvice; 10] = [
    FailureAdvice {
        class: FailureClass::NotSent,
        texts: [
            "nothing was sent",
            "The request could not be put on the wire exactly as it was signed, so it was held back.",
            "Look at the preview for a character that no header or request line can carry.",
        ],
        transient: false,
    },
    FailureAdvice {
        class: FailureClass::Dns,
        texts: [
            "the host's name could not be resolved",
            "No name server knows the host, or none could be asked: a misspelt region or endpoint, no network, a VPN that is off.",
            "Check region and endpoint; if another name resolves, the host is wrong, otherwise the network is.",
        ],
        transient: false,
    },
    FailureAdvice {
        class: FailureClass::Refused,
        texts: [
            "the server refused the connection",
            "Nothing listens at that port, or a firewall answers for it.",
            "Check host and port; an emulator must be running before it is called.",
        ],
        transient: false,
    },
    FailureAdvice {
        class: FailureClass::Unreachable,
        texts: [
            "the host cannot be reached",
            "No route leads there: no network, a VPN that is off, or an address of an inner network (a vpc endpoint).",
            "Check the network; from outside the cloud use the public endpoint.",
        ],
        transient: true,
    },
    FailureAdvice {
        class: FailureClass::Tls,
        texts: [
            "no trusted encrypted connection",
            "The server's certificate is not trusted, has expired or is for another host, or the server speaks no TLS at that port. A wrong clock looks the same.",
            "Behind a company's proxy name its CA file in the configuration; for a server without TLS begin the endpoint with http://; check the clock.",
        ],
        transient: false,
    },
    FailureAdvice {
        class: FailureClass::ConnectTimeout,
        texts: [
            "connecting took too long",
            "Nothing answered at that address within the time-out: usually a firewall that drops packets in silence, or a wrong port.",
            "Check host, port and proxy; some networks allow the way out by a proxy only (HTTPS_PROXY).",
        ],
        transient: true,
    },
    FailureAdvice {
        class: FailureClass::ReadTimeout,
        texts: [
            "the server did not answer in time",
            "The connection stood and the request went out; then the server was silent, or had not finished the head of its answer, when the time-out was over.",
            "Send again, or allow more time in the configuration.",
        ],
        transient: true,
    },
    FailureAdvice {
        class: FailureClass::TotalTimeout,
        texts: [
            "the whole call took too long",
            "Bytes may have come, but the answer was not complete within the time for the whole call.",
            "Send again, or allow more time in the configuration.",
        ],
        transient: true,
    },
    FailureAdvice {
        class: FailureClass::BrokenAnswer,
        texts: [
            "the answer broke off or is not HTTP",
            "The connection was closed in the middle of the answer, or what came is no HTTP: another protocol at that port (TLS, for one), a proxy, a restarting server.",
            "Check http or https and the port; otherwise send again.",
        ],
        transient: true,
    },
    FailureAdvice {
        class: FailureClass::Proxy,
        texts: [
            "the proxy failed",
            "The environment names a proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) that cannot be reached or does not let the call through.",
            "Check the proxy's address and login, or leave the host out with NO_PROXY.",
        ],
        transient: false,
    },
];

/// Explains a call that the operator cancelled.
pub(super) fn cancelled(operation: Option<&Operation>) -> Explanation {
    let remedy = if changes(operation) {
        "Look whether the call took effect before it is sent again."
    } else {
        "Send it again when you like: it changes nothing."
    };
    Explanation::new("cancelled", "You cancelled the call. The request may have reached the vendor all the same.", remedy)
}

/// Returns the finding and the remedy for a failed transfer.
pub(super) fn evidence(failure: &Failure) -> (String, String) {
    let sort = advice_for(failure);
    let [summary, _, remedy] = sort.texts;
    let remedy = if failure.hint.is_empty() { remedy.to_owned() } else { sentence(&failure.hint) };
    (sentence(summary), remedy)
}

fn advice_for(failure: &Failure) -> &'static FailureAdvice {
    ADVICE.iter().find(|sort| sort.class == failure.class).unwrap_or(&ADVICE[0])
}

/// Explains a call without a whole answer.
pub(super) fn failed(failure: &Failure, exchange: &Exchange, operation: Option<&Operation>) -> Explanation {
    let sort = advice_for(failure);
    let [summary, cause, _] = sort.texts;
    let (_, remedy) = evidence(failure);
    let came = failure.partial.as_ref().map(|partial| format!("Until then {} bytes of the body had come.", partial.body.len()));
    let vendor_error = (!failure.detail.is_empty()).then(|| format!("The system says: {}.", failure.detail.trim_end_matches('.')));
    let parts = [Some(cause.to_owned()), vendor_error, came];
    let unsure = failure.class.may_have_arrived() && changes(operation);
    Explanation {
        // What may be there already cannot be asked for again without looking.
        transient: sort.transient && !unsure,
        ..Explanation::new(
            format!("{summary} ({})", exchange.endpoint),
            parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
            if unsure { format!("The call may have taken effect: look first. {remedy}") } else { remedy },
        )
    }
}

/// Returns a hint as a sentence of its own.
fn sentence(hint: &str) -> String {
    let mut rest = hint.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    let sentence: String = first.chain(rest).collect();
    if sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}

/// Returns whether the call may have changed something; one we do not know may.
fn changes(operation: Option<&Operation>) -> bool {
    operation.is_none_or(|operation| operation.changes)
}
