//! What the vendor says in its code: the signature, a parameter, a limit.

use super::Explanation;
use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::token;
use super::vendor_error::VendorError;
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

/// Returns where our signature departs from the text that the server shows. Only where the error is about the signature: a vendor that refuses
/// the date may show its text too, which is then ours and proves nothing.
pub(super) fn cause(exchange: &Exchange, vendor_error: Option<&VendorError<'_>>) -> Option<Cause> {
    let about = vendor_error.is_none_or(|vendor_error| {
        let unnamed = vendor_error.entry.is_none() && vendor_error.rule.is_none();
        (vendor_error.category == Category::Signature && !vendor_error.may_mean(Condition::NonceUsed)) || unnamed
    });
    lab::cause(exchange).filter(|_| about)
}

/// Returns whether what a check found may stand beside the laboratory's cause as another reason.
pub(super) fn agrees(check: &str, cause: &Cause) -> bool {
    check == "signature" || (matches!(check, "key" | "white space") && OF_THE_SECRET.contains(&cause.fault.id))
}

/// Returns the explanation with cause and remedy of what is proven or seen in the exchange, where the message alone would say otherwise.
pub(super) fn in_one_voice(explanation: Explanation, case: &CheckInput<'_>) -> Explanation {
    if let Some(cause) = &case.signature {
        return Explanation { cause: departs(cause), remedy: cause.fault.remedy.to_owned(), ..explanation };
    }
    let Some([summary, why, remedy]) = token::misread(case) else { return explanation };
    Explanation { summary: summary.to_owned(), cause: why.to_owned(), remedy: remedy.to_owned(), parameter: None, ..explanation }
}

fn departs(cause: &Cause) -> String {
    format!("The vendor computed another signature. {}: {}; the signing view shows both texts.", cause.named(), cause.fault.title)
}

/// Returns whether the signature is the cause.
pub(super) fn signature(case: &CheckInput<'_>) -> CheckResult {
    let Some(vendor_error) = &case.vendor_error else { return CheckResult::idle(NO_ANSWER) };
    match case.exchange.signing.as_ref().map(|trace| trace.scheme) {
        Some(Scheme::IamToken) if vendor_error.category != Category::Signature => {
            return CheckResult::idle("nothing is signed: a token is used");
        }
        None if !case.exchange.request.headers.contains("authorization") => return CheckResult::idle("this request is not signed"),
        _ => {}
    }
    if let Some([_, cause, remedy]) = token::misread(case).filter(|_| vendor_error.category == Category::Signature) {
        return CheckResult::found(cause, remedy);
    }
    if let Some(cause) = &case.signature {
        return CheckResult::found(departs(cause), cause.fault.remedy);
    }
    if vendor_error.category != Category::Signature {
        return if vendor_error.category.is_beyond_the_gate() {
            CheckResult::fine("taken: the vendor looked further")
        } else {
            CheckResult::idle(NOT_REACHED)
        };
    }
    if vendor_error.may_mean(Condition::NonceUsed) {
        return CheckResult::found("The nonce was used before: the same signed request came twice.", vendor_error.remedy());
    }
    if vendor_error.may_mean(Condition::MalformedAuthorization) {
        return CheckResult::found("The vendor cannot read the authorization header.", vendor_error.remedy());
    }
    let message = vendor_error.message().to_ascii_lowercase();
    if OWN_TEXTS.iter().any(|words| message.contains(words)) {
        return CheckResult::found("The vendor computed another signature; what it signed stands in its message.", COMPARE);
    }
    CheckResult::found("The vendor computed another signature from what arrived.", vendor_error.remedy())
}

/// Returns whether a parameter is the cause.
pub(super) fn parameter(case: &CheckInput<'_>) -> CheckResult {
    let Some(vendor_error) = &case.vendor_error else { return CheckResult::idle(NO_ANSWER) };
    match vendor_error.category {
        Category::Parameter => CheckResult::found("is refused.", vendor_error.remedy()),
        Category::Taken => CheckResult::found("is taken, or in a state that does not allow the call.", vendor_error.remedy()),
        Category::NotFound => CheckResult::found("names nothing that is there.", vendor_error.remedy()),
        Category::Route => CheckResult::idle("the vendor did not find the call itself"),
        _ if vendor_error.is_the_services() => CheckResult::fine("the vendor does not speak of one"),
        _ => CheckResult::idle(NOT_REACHED),
    }
}

/// Returns a sentence about the field that the vendor speaks of.
pub(super) fn of_field(field: Option<&str>, says: &str) -> String {
    format!("{} {says}", field.unwrap_or("Something in the request"))
}

/// Returns whether a limit on how many there may be is the cause.
pub(super) fn quota(case: &CheckInput<'_>) -> CheckResult {
    match &case.vendor_error {
        None => CheckResult::idle(NO_ANSWER),
        Some(vendor_error) if vendor_error.category == Category::Quota => {
            CheckResult::found("The account may not have more of these in this region.", vendor_error.remedy())
        }
        Some(vendor_error) if vendor_error.is_the_services() => CheckResult::fine("no limit is spoken of"),
        Some(_) => CheckResult::idle(NOT_REACHED),
    }
}
