//! Checks of what the vendor's error is about: the signature, a parameter, a limit.

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
const CANONICAL_TEXT_WORDS: [&str; 3] = ["canonicalrequest", "stringtosign", "string to sign"];

const COMPARE_REMEDY: &str = "Equal texts mean a wrong secret, different ones a request that was changed on the way: hold the vendor's against ours in the signing view.";

const NOT_REACHED: &str = "the vendor did not come so far";

const NO_ANSWER: &str = "no answer of the vendor's to tell by";

/// The names of the laboratory's faults that white space around the secret or a key of another vendor explains.
const SECRET_FAULTS: [&str; 2] = ["wrong-secret", "secret-space"];

/// Finds the difference between our signature and the text that the server shows, if the error is about the signature: a vendor that refuses
/// the date may show its text too, which then equals ours and proves nothing.
pub(super) fn cause(exchange: &Exchange, vendor_error: Option<&VendorError<'_>>) -> Option<Cause> {
    let about = vendor_error.is_none_or(|vendor_error| {
        let unnamed = vendor_error.entry.is_none() && vendor_error.rule.is_none();
        (vendor_error.category == Category::Signature && !vendor_error.may_mean(Condition::NonceUsed)) || unnamed
    });
    lab::cause(exchange).filter(|_| about)
}

/// Returns whether a check's finding is compatible with the laboratory's cause.
pub(super) fn is_compatible(check: &str, cause: &Cause) -> bool {
    check == "signature" || (matches!(check, "key" | "white space") && SECRET_FAULTS.contains(&cause.fault.id))
}

/// Replaces cause and remedy by what the exchange proves, where the message alone would say otherwise.
pub(super) fn with_proven_cause(explanation: Explanation, case: &CheckInput<'_>) -> Explanation {
    if let Some(cause) = &case.signature {
        return Explanation { cause: difference_sentence(cause), remedy: cause.fault.remedy.to_owned(), ..explanation };
    }
    let Some([summary, why, remedy]) = token::credential_mismatch(case) else { return explanation };
    Explanation { summary: summary.to_owned(), cause: why.to_owned(), remedy: remedy.to_owned(), parameter: None, ..explanation }
}

fn difference_sentence(cause: &Cause) -> String {
    format!("The vendor computed another signature. {}: {}; the signing view shows both texts.", cause.named(), cause.fault.title)
}

/// Checks whether the signature is the cause.
pub(super) fn signature(case: &CheckInput<'_>) -> CheckResult {
    let Some(vendor_error) = &case.vendor_error else { return CheckResult::not_run(NO_ANSWER) };
    match case.exchange.signing.as_ref().map(|trace| trace.scheme) {
        Some(Scheme::IamToken) if vendor_error.category != Category::Signature => {
            return CheckResult::not_run("nothing is signed: a token is used");
        }
        None if !case.exchange.request.headers.contains("authorization") => return CheckResult::not_run("this request is not signed"),
        _ => {}
    }
    if let Some([_, cause, remedy]) = token::credential_mismatch(case).filter(|_| vendor_error.category == Category::Signature) {
        return CheckResult::found(cause, remedy);
    }
    if let Some(cause) = &case.signature {
        return CheckResult::found(difference_sentence(cause), cause.fault.remedy);
    }
    if vendor_error.category != Category::Signature {
        return if vendor_error.category.is_past_authentication() {
            CheckResult::passed("taken: the vendor looked further")
        } else {
            CheckResult::not_run(NOT_REACHED)
        };
    }
    if vendor_error.may_mean(Condition::NonceUsed) {
        return CheckResult::found("The nonce was used before: the same signed request came twice.", vendor_error.remedy());
    }
    if vendor_error.may_mean(Condition::MalformedAuthorization) {
        return CheckResult::found("The vendor cannot read the authorization header.", vendor_error.remedy());
    }
    let message = vendor_error.message().to_ascii_lowercase();
    if CANONICAL_TEXT_WORDS.iter().any(|words| message.contains(words)) {
        return CheckResult::found("The vendor computed another signature; what it signed stands in its message.", COMPARE_REMEDY);
    }
    CheckResult::found("The vendor computed another signature from what arrived.", vendor_error.remedy())
}

/// Checks whether a parameter is the cause.
pub(super) fn parameter(case: &CheckInput<'_>) -> CheckResult {
    let Some(vendor_error) = &case.vendor_error else { return CheckResult::not_run(NO_ANSWER) };
    match vendor_error.category {
        Category::Parameter => CheckResult::found("is refused.", vendor_error.remedy()),
        Category::Taken => CheckResult::found("is taken, or in a state that does not allow the call.", vendor_error.remedy()),
        Category::NotFound => CheckResult::found("names nothing that is there.", vendor_error.remedy()),
        Category::Route => CheckResult::not_run("the vendor did not find the call itself"),
        _ if vendor_error.is_from_service() => CheckResult::passed("the vendor does not speak of one"),
        _ => CheckResult::not_run(NOT_REACHED),
    }
}

/// Returns a sentence about the field that the vendor speaks of.
pub(super) fn field_sentence(field: Option<&str>, says: &str) -> String {
    format!("{} {says}", field.unwrap_or("Something in the request"))
}

/// Checks whether a quota is the cause.
pub(super) fn quota(case: &CheckInput<'_>) -> CheckResult {
    match &case.vendor_error {
        None => CheckResult::not_run(NO_ANSWER),
        Some(vendor_error) if vendor_error.category == Category::Quota => {
            CheckResult::found("The account may not have more of these in this region.", vendor_error.remedy())
        }
        Some(vendor_error) if vendor_error.is_from_service() => CheckResult::passed("no limit is spoken of"),
        Some(_) => CheckResult::not_run(NOT_REACHED),
    }
}
