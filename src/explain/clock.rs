//! Clocks: this machine's, the server's, and the one that stands in the request.

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::MIN_REPORTED_SKEW_SECONDS;
use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::times::RefusalTimes;
use crate::auth::{DateFormat, MAX_CLOCK_SKEW_SECONDS};
use crate::catalog::Condition;
use crate::exchange::Exchange;

const SET_CLOCK: &str = "Set this machine's clock (NTP; look at the time zone too), then send again: a new request gets a new date.";

/// The headers in which the schemes carry their date.
const DATE_HEADERS: [&str; 3] = ["x-acs-date", "x-date", "x-sdk-date"];

/// Returns how many seconds the server's clock is ahead of ours (negative: behind), by the answer's `date` header and the moment
/// its head arrived; `None` without an answer or a readable date. Exact to a second and half the way there and back.
pub fn clock_skew(exchange: &Exchange) -> Option<i64> {
    Some(server_time(exchange)?.as_second() - arrived(exchange).as_second())
}

/// Returns the moment at which the answer's head arrived, by our clock.
pub(super) fn arrived(exchange: &Exchange) -> Timestamp {
    let waited = exchange.timings.first_byte.and_then(|waited| jiff::SignedDuration::try_from(waited).ok()).unwrap_or_default();
    exchange.started.checked_add(waited).unwrap_or(exchange.started)
}

/// Returns the server's clock as it answered.
pub(super) fn server_time(exchange: &Exchange) -> Option<Timestamp> {
    http_date(exchange.response()?.headers.get_str("date")?)
}

/// Returns a date as HTTP writes it: `Sun, 22 Nov 2026 10:00:40 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text.trim()).ok()
}

/// Describes how far this machine's clock is off.
pub(super) fn skew_sentence(skew: i64) -> String {
    match skew {
        0 => "This machine's clock is 0 s off the server's".to_owned(),
        1.. => format!("This machine's clock is {skew} s behind the server's"),
        _ => format!("This machine's clock is {} s ahead of the server's", skew.unsigned_abs()),
    }
}

/// Checks whether a clock is the cause.
pub(super) fn check(case: &CheckInput<'_>) -> CheckResult {
    let refused = case.category() == Some(Category::Date);
    if let Some(times) = case.vendor_error.as_ref().filter(|_| refused).and_then(|vendor_error| RefusalTimes::find(vendor_error.message()))
    {
        return check_stated_times(case, times);
    }
    let Some(skew) = clock_skew(case.exchange) else {
        return without_server_date(case, refused);
    };
    let off = skew.abs() > MIN_REPORTED_SKEW_SECONDS;
    let words = skew_sentence(skew);
    let made_up = off && age(case.exchange, skew).is_some_and(|age| age.abs() <= MIN_REPORTED_SKEW_SECONDS);
    if made_up && !refused {
        return CheckResult::suspicious(format!("{words}; this call was signed by the server's."), SET_CLOCK);
    }
    if off && (refused || (skew.abs() > MAX_CLOCK_SKEW_SECONDS && case.refuses_caller())) {
        let other_clock_note =
            other_clock_note(case.exchange).map(|other_clock_note| format!(" The request was dated {other_clock_note}."));
        return CheckResult::found(format!("{words}, by the date of its answer.{}", other_clock_note.unwrap_or_default()), SET_CLOCK);
    }
    if off {
        let within = if skew.abs() > MAX_CLOCK_SKEW_SECONDS { "Vendors allow" } else { "That is within what vendors allow:" };
        return CheckResult::suspicious(format!("{words}. {within} {} minutes.", MAX_CLOCK_SKEW_SECONDS / 60), SET_CLOCK);
    }
    if refused { with_server_date(case, skew) } else { CheckResult::passed(format!("{} s off the server's", skew.abs())) }
}

/// Reads both times from the vendor's message.
fn check_stated_times(case: &CheckInput<'_>, times: RefusalTimes) -> CheckResult {
    let agree = clock_skew(case.exchange).is_some_and(|skew| skew.abs() <= MIN_REPORTED_SKEW_SECONDS);
    let remedy = if agree && times.age() > 0 {
        "This machine's clock agrees with the answer's date now: if it was not set meanwhile, the request was sent that long after it was signed. Sign just before sending; a new request gets a new date."
    } else {
        SET_CLOCK
    };
    CheckResult::found(times.sentence(), remedy)
}

fn without_server_date(case: &CheckInput<'_>, refused: bool) -> CheckResult {
    match case.exchange.response() {
        _ if refused => CheckResult::found(
            "The vendor refuses the request's date; its answer has no date to hold this machine's clock against.",
            "Compare this machine's clock with a time server, time zone included; then send again.",
        ),
        Some(_) => CheckResult::not_run("the answer has no date that can be read"),
        None => CheckResult::not_run("no answer, no date to compare with"),
    }
}

/// Reports a date that was refused although the clocks agree.
fn with_server_date(case: &CheckInput<'_>, skew: i64) -> CheckResult {
    let vendor_error = case.vendor_error.as_ref();
    if let Some(other_clock_note) = other_clock_note(case.exchange) {
        return CheckResult::found(
            format!("The clocks agree, but the request was dated {other_clock_note}."),
            "Send again, without a correction: a new request gets this machine's date.",
        );
    }
    match age(case.exchange, skew) {
        Some(age) if age > MIN_REPORTED_SKEW_SECONDS => CheckResult::found(
            format!("The clocks agree, but the request's date is {age} s old: a request that was signed earlier was sent again."),
            "Send it again, not the same bytes: a new request gets a new date and signature.",
        ),
        Some(age) if age < -MIN_REPORTED_SKEW_SECONDS => CheckResult::found(
            format!("The clocks agree, but the request's date is {} s in the future.", age.unsigned_abs()),
            "Send it again, without a date of your own: a new request gets this machine's.",
        ),
        _ if vendor_error.is_some_and(|vendor_error| vendor_error.may_mean(Condition::MalformedDate)) => CheckResult::found(
            "The clocks agree; the vendor cannot read the date as the request writes it.",
            "Look at the date in the request view: something on the way may have changed or removed it.",
        ),
        _ => CheckResult::found(
            "The vendor refuses the request's date, though the clocks agree.",
            "Send again: a new request gets a new date. If it stays so, something on the way holds requests back or changes them.",
        ),
    }
}

/// Describes the date of a request that was signed by another clock than this machine's. The exact bytes of an earlier request keep that
/// request's date; an exchange from the history does not say which clock was used.
fn other_clock_note(exchange: &Exchange) -> Option<String> {
    let ahead = request_date(exchange)?.as_second() - exchange.started.as_second();
    if exchange.call_origin.exact || ahead.abs() <= MIN_REPORTED_SKEW_SECONDS {
        return None;
    }
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    let earlier = if exchange.id.stored_number().is_some() { "earlier, or " } else { "" };
    Some(format!("{} s {side} this machine's clock: {earlier}by a correction that no longer fits", ahead.unsigned_abs()))
}

/// Returns how many seconds old the request's date was when the answer came, by the server's clock.
fn age(exchange: &Exchange, skew: i64) -> Option<i64> {
    Some(arrived(exchange).as_second().saturating_add(skew) - request_date(exchange)?.as_second())
}

/// Returns the date that the request says it was signed at.
fn request_date(exchange: &Exchange) -> Option<Timestamp> {
    let text = DATE_HEADERS.iter().find_map(|name| exchange.request.headers.get_str(name))?.trim();
    [DateFormat::Extended, DateFormat::Basic, DateFormat::Http].into_iter().find_map(|format| format.read(text))
}
