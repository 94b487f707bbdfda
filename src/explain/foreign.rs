//! Answers that are not in the vendor's format: who sent them instead, or what happened to them.

use super::Explanation;
use super::category::Category;
use crate::envelope::{Foreign, MAX_READ_BYTES};
use crate::exchange::{Answered, Exchange};
use crate::visible::visible_line;

const OTHER_PARTY: &str = "Check the endpoint (host, port, http or https) and the proxy of the environment (HTTPS_PROXY, NO_PROXY); the response view shows what came.";

/// Explains an answer by what it is.
pub(super) fn explained(what: &Foreign, exchange: &Exchange, answered: &Answered) -> Explanation {
    let status = answered.response.status;
    let mut explanation = words(what, exchange, status);
    explanation.vendor = status.to_string();
    explanation.transient = Category::by_status(status).transient() && !matches!(what, Foreign::Redirect(_));
    explanation
}

fn words(what: &Foreign, exchange: &Exchange, status: u16) -> Explanation {
    match what {
        Foreign::Empty => empty(status),
        Foreign::Html(title) => html(title.as_deref(), status),
        Foreign::Xml => Explanation::new(
            "the answer is XML where JSON should be",
            "The vendor's gateway answers in XML when a request does not ask for JSON; another product's endpoint (object storage) always does.",
            "Check that the endpoint is this product's, and that the request has the header `accept: application/json`.",
        ),
        Foreign::TruncatedJson(at) => truncated(*at),
        Foreign::NotJson(why) => {
            Explanation::new("the answer is not JSON", format!("{}: {why}.", by_status(status, "The body is some other text")), OTHER_PARTY)
        }
        Foreign::OtherJson => Explanation::new(
            "the answer is JSON, but not this API's",
            by_status(status, "It has none of the members that this vendor's answers have: another API, or a proxy that answers in JSON"),
            OTHER_PARTY,
        ),
        Foreign::Redirect(target) => redirect(target.as_deref(), exchange),
        Foreign::TooLarge(bytes) => Explanation::new(
            "the answer is too large to be read",
            format!(
                "It has {bytes} bytes; answers of these APIs have a few thousand, and no more than {MAX_READ_BYTES} are read. Whether the call succeeded is not known."
            ),
            "Look at the response view for what it is; it is probably not this API that answered.",
        ),
        Foreign::Encoded(coding) => Explanation::new(
            format!("the answer is coded as `{}`", visible_line(coding)),
            "The request asks for no compression, so something on the way added it. The bytes are shown as they came and not read; whether the call succeeded is not known.",
            "Check the endpoint and any proxy between here and there.",
        ),
    }
}

fn empty(status: u16) -> Explanation {
    let cause = if status >= 500 {
        "A proxy or load balancer before the service answers so when the service does not."
    } else {
        "The answer has no body where this API sends one: something between here and the service answered, or the service broke off."
    };
    Explanation::new(format!("an answer of status {status} without a body"), cause, OTHER_PARTY)
}

/// Explains a web page in the place of an answer; the status is 0 where it is not known.
pub(super) fn page(seen: Option<&str>, status: u16) -> Explanation {
    let seen = seen.map(super::shortened);
    Explanation { transient: Category::by_status(status).transient(), ..html(seen.as_deref(), status) }
}

fn html(title: Option<&str>, status: u16) -> Explanation {
    let page = title.map_or("a web page".to_owned(), |title| format!("a web page, \"{}\"", visible_line(title)));
    let cause = match status {
        200..300 => "A login portal of the network (a hotel, a company's gateway) or a web server answered in the API's place.",
        413 => "A proxy or web server in between takes no body of this size.",
        407 => "The proxy wants a login of its own.",
        502..=504 => "A proxy or load balancer got no answer from the service behind it. Whether the call took effect is not known.",
        _ => "A proxy, a firewall or a web server answered in the API's place.",
    };
    let remedy = match status {
        502..=504 => "Look whether the call took effect, then send again.",
        407 => "Put the proxy's user and password into its URL in the environment (HTTPS_PROXY), or leave the host out with NO_PROXY.",
        _ => OTHER_PARTY,
    };
    Explanation::new(format!("not the API answered, but {page}"), cause, remedy)
}

fn truncated(at: usize) -> Explanation {
    Explanation::new(
        format!("the answer breaks off after {at} bytes"),
        "It begins as JSON and ends in the middle, though the transfer itself ended well: the service or a proxy cut it. Whether the call took effect is not known.",
        "Look whether the call took effect before it is sent again; the response view shows what came.",
    )
}

fn redirect(target: Option<&str>, exchange: &Exchange) -> Explanation {
    let summary = target.map_or("a redirect that names no target".to_owned(), |target| format!("a redirect to {}", visible_line(target)));
    let cause = match target {
        Some(target) if exchange.endpoint.protocol.name() == "http" && target.starts_with("https://") => {
            "The server wants https. Redirects are never followed: a signed request must not go elsewhere."
        }
        _ => {
            "APIs do not redirect: a portal or a proxy answered, or the endpoint is not the API's. Redirects are never followed: a signed request must not go elsewhere."
        }
    };
    Explanation::new(
        summary,
        cause,
        "If the target is the API's own, make it the endpoint and send again: the signature holds for one host only.",
    )
}

/// Returns the cause, led by what the status says, where it says something.
fn by_status(status: u16, cause: &str) -> String {
    match status {
        200..300 => cause.to_owned(),
        502..=504 => format!("Status {status}: a proxy or load balancer got no answer from the service. {cause}"),
        _ => format!("Status {status}. {cause}"),
    }
}
