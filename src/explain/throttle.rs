//! Throttling: whether the vendor asks for fewer calls, and until when.

use jiff::{SignedDuration, Timestamp};

use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::clock::{arrived, http_date, server_time};
use crate::catalog::{Provider, RetryUnit};
use crate::exchange::Exchange;

/// The longest wait that is believed: whoever names a longer one is not waited for.
pub const MAX_ACCEPTED_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Seconds from here on are a moment since 1970, not a time to wait (in 2001; no vendor makes anybody wait 31 years).
const MIN_EPOCH_SECONDS: u64 = 1_000_000_000;

/// Headers that say when to come again, besides the provider's own, in the order in which they are believed.
const RETRY_HEADERS: [(&str, RetryUnit); 5] = [
    ("retry-after", RetryUnit::S),
    ("x-acs-retry-after", RetryUnit::Ms),
    ("ratelimit-reset", RetryUnit::S),
    ("x-ratelimit-reset", RetryUnit::S),
    ("x-rate-limit-reset", RetryUnit::S),
];

/// Headers that say how many calls are left.
const REMAINING_HEADERS: [&str; 3] = ["x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining"];

/// The time that an answer asks its caller to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedWait {
    /// The header that says so.
    pub header: String,
    /// The delay after the answer came; never negative, at most [`MAX_ACCEPTED_WAIT`].
    pub delay: SignedDuration,
    /// Until when, by our clock.
    pub until: Timestamp,
    /// Whether the answer asks for more than [`MAX_ACCEPTED_WAIT`].
    pub capped: bool,
}

/// Returns how long an answer asks to wait: a header in seconds, in milliseconds (`x-acs-retry-after`) or with a date. `None` where no
/// header says so in a form that can be read.
pub fn wait(provider: &Provider, exchange: &Exchange) -> Option<RequestedWait> {
    let own = provider.retry_after.as_ref().map(|retry| (retry.header.as_str(), retry.unit));
    let (header, asked) =
        own.into_iter().chain(RETRY_HEADERS).find_map(|(name, unit)| Some((name, parse_wait_header(exchange, name, unit)?)))?;
    let delay = asked.clamp(SignedDuration::ZERO, MAX_ACCEPTED_WAIT);
    let until = arrived(exchange).checked_add(delay).ok()?;
    Some(RequestedWait { header: header.to_owned(), delay, until, capped: asked > MAX_ACCEPTED_WAIT })
}

/// Returns what the header of this name asks for.
fn parse_wait_header(exchange: &Exchange, name: &str, unit: RetryUnit) -> Option<SignedDuration> {
    let text = exchange.response()?.headers.get_str(name)?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(number(text.parse().unwrap_or(u64::MAX), unit, exchange));
    }
    // A fraction is rounded up: too early would be throttled again.
    if let Some(seconds) = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite() && *seconds >= 0.0) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not negative, and a cast of what is too large saturates
        return Some(number(seconds.ceil() as u64, unit, exchange));
    }
    http_date(text).map(|date| duration_until(exchange, date))
}

fn number(number: u64, unit: RetryUnit, exchange: &Exchange) -> SignedDuration {
    let whole = i64::try_from(number).unwrap_or(i64::MAX);
    match unit {
        RetryUnit::Ms => SignedDuration::from_millis(whole),
        RetryUnit::S if number >= MIN_EPOCH_SECONDS => {
            Timestamp::from_second(whole).map_or(SignedDuration::from_secs(whole), |moment| duration_until(exchange, moment))
        }
        RetryUnit::S => SignedDuration::from_secs(whole),
    }
}

/// Returns how long it is until a moment of the server's clock, by that clock where the answer tells it.
fn duration_until(exchange: &Exchange, moment: Timestamp) -> SignedDuration {
    moment.duration_since(server_time(exchange).unwrap_or_else(|| arrived(exchange)))
}

/// Checks whether too many calls are the cause.
pub(super) fn check(case: &CheckInput<'_>) -> CheckResult {
    let vendor_error = case.vendor_error.as_ref().filter(|vendor_error| vendor_error.category == Category::Throttled);
    let status = case.exchange.answered().map(|answered| answered.response.status);
    let wait = wait(case.provider, case.exchange);
    match (vendor_error, &wait) {
        (Some(_), Some(wait)) => CheckResult::found(format!("Too many calls: {}.", words(wait, case)), "Wait until then."),
        (Some(vendor_error), None) => CheckResult::found("Too many calls; the answer does not say for how long.", vendor_error.remedy()),
        (None, Some(wait)) if status == Some(429) => {
            CheckResult::found(format!("Too many calls: {}.", words(wait, case)), "Wait until then.")
        }
        (None, Some(wait)) if case.vendor_error.is_none() || case.category() == Some(Category::Server) => {
            CheckResult::suspicious(format!("Whoever answered asks to wait: {}.", words(wait, case)), "Wait until then.")
        }
        _ => check_remaining_calls(case.exchange),
    }
}

/// Writes `come again at 12:01:37, 37 s after the answer (retry-after)`.
fn words(wait: &RequestedWait, case: &CheckInput<'_>) -> String {
    let seconds = (wait.delay.as_millis() + 999) / 1000;
    let cap = if wait.capped { "; it asks for more than a day, which nobody waits" } else { "" };
    format!("come again at {}, {seconds} s after the answer ({}{cap})", case.known.time(wait.until), wait.header)
}

/// Checks how many calls are left, if the answer says so.
fn check_remaining_calls(exchange: &Exchange) -> CheckResult {
    let Some(response) = exchange.response() else { return CheckResult::not_run("no answer") };
    let left = REMAINING_HEADERS.iter().find_map(|name| response.headers.get_str(name)?.trim().parse::<u64>().ok());
    match left {
        Some(0) => CheckResult::suspicious("By its rate-limit header no call is left for now.", "Wait a little before the next."),
        Some(left) => CheckResult::passed(format!("no; {left} calls are left by the answer's header")),
        None => CheckResult::passed("not spoken of"),
    }
}
