//! The date of a request beside its scheme and the clock.

use jiff::Timestamp;

use super::ClaimedRequest;
use crate::auth::MAX_CLOCK_SKEW_SECONDS;
use crate::auth::scheme::{PayloadLine, SchemeDescriptor, TextLayout};
use crate::lab::cause::Cause;
use crate::lab::claim::{ParsedClaim, parameter};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::mistake::{read_date, zone_of};
use crate::lab::{ExaminedRequest, ReferenceClock};
use crate::wire::Request;

/// The maximum number of seconds for which a signed URL of object storage holds: a week (AWS "Authenticating Requests: Using Query
/// Parameters", OSS and TOS alike).
const MAX_EXPIRES_SECONDS: i64 = 7 * 24 * 3600;

/// Returns why a gateway refuses the date, or the time for which it should hold.
pub(super) fn cause(view: &ClaimedRequest<'_>) -> Option<Cause> {
    let scheme = view.scheme;
    let name = &date_header(scheme, view.request);
    let times = view.request.headers.get_all(name).count();
    if times > 1 {
        return Some(Cause::seen(&fault::HEADER_REPEATED, format!("{name} is there {times} times")));
    }
    let Some(text) = view.header(name).filter(|text| !text.is_empty()) else {
        return Some(Cause::seen(&fault::DATE_MISSING, format!("no {name}")));
    };
    if scheme.date == "expires" {
        return expired(text, view.case.clock);
    }
    // Object storage takes other zones and forms of a date too, and no bare number.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let lenient = || read_date(text).filter(|_| scheme.text == TextLayout::Storage && !is_number);
    let Some(date) = scheme.date_format.read(text).or_else(lenient) else {
        let example = scheme.date_format.example();
        return Some(Cause::seen(&fault::DATE_FORMAT, format!("{name}: `{text}` should be like {example}")));
    };
    let expires = scheme.query.and_then(|names| names.expires);
    let expires = expires.and_then(|name| Some((name, parameter(view.request, name)?)));
    let seconds = expires.as_ref().and_then(|(_, text)| text.trim().parse::<i64>().ok());
    if let Some((name, text)) = expires.filter(|_| scheme.payload == PayloadLine::Unsigned)
        && !seconds.is_some_and(|seconds| (1..=MAX_EXPIRES_SECONDS).contains(&seconds))
    {
        let detail = format!("{name}: `{text}` should be a number of seconds from 1 to {MAX_EXPIRES_SECONDS}");
        return Some(Cause::seen(&fault::DATE_EXPIRES, detail));
    }
    stale(date, text, view.case.clock?, seconds.unwrap_or(MAX_CLOCK_SKEW_SECONDS))
}

/// Returns a URL that held until a time (seconds since 1970) which is over.
fn expired(text: &str, clock: Option<ReferenceClock>) -> Option<Cause> {
    let Ok(until) = text.parse::<i64>() else {
        return Some(Cause::seen(&fault::DATE_FORMAT, format!("Expires: `{text}` should be seconds since 1970")));
    };
    let clock = clock.filter(|clock| clock.now.as_second() > until)?;
    let detail = format!("Expires: {text} was over {} s ago", clock.now.as_second() - until);
    Some(by_clock(clock, &fault::DATE_STALE, detail))
}

/// Returns a cause that the clock shows. By this machine's clock alone it is merely noted: the request may have been sent long ago.
fn by_clock(clock: ReferenceClock, fault: &'static MistakeKind, detail: String) -> Cause {
    if clock.certain { Cause::seen(fault, detail) } else { Cause::noted(fault, detail) }
}

/// Returns a date outside the window, which is this long after the date.
fn stale(date: Timestamp, text: &str, clock: ReferenceClock, window: i64) -> Option<Cause> {
    let ahead = date.as_second() - clock.now.as_second();
    if ahead <= MAX_CLOCK_SKEW_SECONDS && -ahead <= window {
        return None;
    }
    let (way, window) = if ahead > 0 { ("ahead of", MAX_CLOCK_SKEW_SECONDS) } else { ("behind", window) };
    let whose = if clock.certain { "the time of sending" } else { "this machine's clock" };
    let zone = zone_of(ahead).filter(|_| clock.certain);
    let offset = zone.as_ref().map_or_else(String::new, |zone| format!(", as if it were a local time of {zone}"));
    let detail = format!("{text} is {} s {way} {whose}{offset}; a gateway takes {window} s at most", ahead.abs());
    Some(by_clock(clock, if zone.is_some() { &fault::DATE_ZONE } else { &fault::DATE_STALE }, detail))
}

/// Returns the time that a request says it was signed at.
pub(in crate::lab) fn own_time(reading: &ParsedClaim, case: &ExaminedRequest<'_>) -> Option<Timestamp> {
    read_date(case.request.headers.get_str(&date_header(reading.dialect, case.request))?.trim_ascii())
}

/// Returns the header with the date: object storage takes one of its own in place of `date`.
fn date_header(scheme: &SchemeDescriptor, request: &Request) -> String {
    let own = scheme.own.filter(|_| scheme.text == TextLayout::Storage && scheme.query.is_none()).map(|own| format!("{own}date"));
    own.filter(|name| request.headers.contains(name)).unwrap_or_else(|| scheme.date.to_owned())
}
