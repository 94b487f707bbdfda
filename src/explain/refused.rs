//! What the vendor says in its code: the signature, a parameter, a limit.

use super::Explanation;
use super::check::{Case, Finding};
use super::matter::Matter;
use super::said::Said;
use super::token;
use crate::auth::Scheme;
use crate::catalog::Condition;
use crate::exchange::Exchange;
use crate::lab::{self, Cause};

/// Words of the texts that vendors send with a refused signature, in lower case.
const OWN_TEXTS: [&str; 3] = ["canonicalrequest", "stringtosign", "string to sign"];

const COMPARE: &str = "Equal texts mean a wrong secret, different ones a request that was changed on the way: hold the vendor's against ours in the signing view.";

const NOT_REACHED: &str = "the vendor did not come so far";

const NO_ANSWER: &str = "no answer of the vendor's to tell by";

/// The names of the laboratory's faults that white space around the secret or a key of another vendor explains.
const OF_THE_SECRET: [&str; 2] = ["wrong-secret", "secret-space"];

/// Where our signature departs from the text that the server shows. Only where the error is about the signature: a vendor that refuses
/// the date may show its text too, which is then ours and proves nothing.
pub(super) fn cause(exchange: &Exchange, said: Option<&Said<'_>>) -> Option<Cause> {
    let about = said.is_none_or(|said| {
        let unnamed = said.entry.is_none() && said.rule.is_none();
        (said.matter == Matter::Signature && !said.may_mean(Condition::NonceUsed)) || unnamed
    });
    lab::cause(exchange).filter(|_| about)
}

/// Whether what a check found may stand beside the laboratory's cause as another reason.
pub(super) fn agrees(check: &str, cause: &Cause) -> bool {
    check == "signature" || (matches!(check, "key" | "white space") && OF_THE_SECRET.contains(&cause.fault.id))
}

/// The explanation with cause and remedy of what is proven or seen in the exchange, where the message alone would say otherwise.
pub(super) fn in_one_voice(explanation: Explanation, case: &Case<'_>) -> Explanation {
    if let Some(cause) = &case.signature {
        return Explanation { cause: departs(cause), remedy: cause.fault.remedy.to_owned(), ..explanation };
    }
    let Some([summary, why, remedy]) = token::misread(case) else { return explanation };
    Explanation { summary: summary.to_owned(), cause: why.to_owned(), remedy: remedy.to_owned(), parameter: None, ..explanation }
}

fn departs(cause: &Cause) -> String {
    format!("The vendor computed another signature. {}: {}; the signing view shows both texts.", cause.named(), cause.fault.title)
}

/// Whether the signature is the cause.
pub(super) fn signature(case: &Case<'_>) -> Finding {
    let Some(said) = &case.said else { return Finding::idle(NO_ANSWER) };
    match case.exchange.signing.as_ref().map(|trace| trace.scheme) {
        Some(Scheme::IamToken) if said.matter != Matter::Signature => return Finding::idle("nothing is signed: a token is used"),
        None if !case.exchange.request.headers.contains("authorization") => return Finding::idle("this request is not signed"),
        _ => {}
    }
    if let Some([_, cause, remedy]) = token::misread(case).filter(|_| said.matter == Matter::Signature) {
        return Finding::found(cause, remedy);
    }
    if let Some(cause) = &case.signature {
        return Finding::found(departs(cause), cause.fault.remedy);
    }
    if said.matter != Matter::Signature {
        return if said.matter.is_beyond_the_gate() {
            Finding::fine("taken: the vendor looked further")
        } else {
            Finding::idle(NOT_REACHED)
        };
    }
    if said.may_mean(Condition::NonceUsed) {
        return Finding::found("The nonce was used before: the same signed request came twice.", said.remedy());
    }
    if said.may_mean(Condition::MalformedAuthorization) {
        return Finding::found("The vendor cannot read the authorization header.", said.remedy());
    }
    let message = said.message().to_ascii_lowercase();
    if OWN_TEXTS.iter().any(|words| message.contains(words)) {
        return Finding::found("The vendor computed another signature; what it signed stands in its message.", COMPARE);
    }
    Finding::found("The vendor computed another signature from what arrived.", said.remedy())
}

/// Whether a parameter is the cause.
pub(super) fn parameter(case: &Case<'_>) -> Finding {
    let Some(said) = &case.said else { return Finding::idle(NO_ANSWER) };
    match said.matter {
        Matter::Parameter => Finding::found("is refused.", said.remedy()),
        Matter::Taken => Finding::found("is taken, or in a state that does not allow the call.", said.remedy()),
        Matter::NotFound => Finding::found("names nothing that is there.", said.remedy()),
        Matter::Route => Finding::idle("the vendor did not find the call itself"),
        _ if said.is_the_services() => Finding::fine("the vendor does not speak of one"),
        _ => Finding::idle(NOT_REACHED),
    }
}

/// A sentence about the field that the vendor speaks of.
pub(super) fn of_field(field: Option<&str>, says: &str) -> String {
    format!("{} {says}", field.unwrap_or("Something in the request"))
}

/// Whether a limit on how many there may be is the cause.
pub(super) fn quota(case: &Case<'_>) -> Finding {
    match &case.said {
        None => Finding::idle(NO_ANSWER),
        Some(said) if said.matter == Matter::Quota => {
            Finding::found("The account may not have more of these in this region.", said.remedy())
        }
        Some(said) if said.is_the_services() => Finding::fine("no limit is spoken of"),
        Some(_) => Finding::idle(NOT_REACHED),
    }
}
