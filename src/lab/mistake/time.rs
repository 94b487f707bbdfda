//! Mistakes with the date.

use std::sync::Arc;

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::{Aspect, Mistake, MistakeContext, PairingScope};
use crate::auth::{DateFormat, MAX_CLOCK_SKEW_SECONDS};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::SignatureParts;

/// Offsets of time zones from UTC, in quarters of an hour.
const ZONES: std::ops::RangeInclusive<i64> = -48..=56;

/// The last shift of which each second is common; of longer ones each whole minute is.
const COMMON_SECONDS: i64 = 5;

/// The last shift of which each second is tried beside other mistakes.
const PAIRED_SECONDS: i64 = 60;

const FORMATS: [DateFormat; 3] = [DateFormat::Extended, DateFormat::Basic, DateFormat::Http];

/// A function that writes a time.
type Writer = Box<dyn Fn(Timestamp) -> String + Send + Sync>;

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let base = context.base;
    others(context, all);
    let Some(now) = read(&base.date) else { return };
    for write in writers(base.dialect.date_format) {
        forms(context, now, Arc::new(write), all);
    }
    // A quarter of an hour is no zone, but the edge of the window.
    for quarters in ZONES.filter(|quarters| quarters.abs() > 1) {
        let reach = if quarters % 2 == 0 { PairingScope::Common } else { PairingScope::Series };
        shifted(context, TimeShift { fault: &fault::DATE_ZONE, seconds: quarters * 15 * 60, reach }, all);
    }
    for seconds in 1..=MAX_CLOCK_SKEW_SECONDS {
        let reach = match seconds {
            _ if seconds <= COMMON_SECONDS || seconds % 60 == 0 => PairingScope::Common,
            _ if seconds <= PAIRED_SECONDS => PairingScope::Series,
            _ => PairingScope::Alone,
        };
        for seconds in [-seconds, seconds] {
            shifted(context, TimeShift { fault: &fault::DATE_CHANGED, seconds, reach }, all);
        }
    }
}

/// Returns every form of a date that is met.
fn writers(own: DateFormat) -> Vec<Writer> {
    let mut writers: Vec<Writer> = Vec::new();
    for form in FORMATS {
        writers.push(Box::new(move |time| form.write(time)));
    }
    writers.push(Box::new(|time| time.as_second().to_string()));
    writers.push(Box::new(|time| time.as_millisecond().to_string()));
    for zone in [".000Z", "", "+00:00", "+0000"] {
        writers.push(Box::new(move |time| own.write(time).replace('Z', zone)));
    }
    writers.push(Box::new(move |time| own.write(time).chars().take(8).collect()));
    writers
}

/// The tolerance for a date that is off by a time zone, in seconds from whole hours: what a request takes, and a clock that is not set well.
const ZONE_SLACK: i64 = 300;

/// Returns the offset from UTC that a difference of two times looks like: whole hours, or half an hour more as some zones have it.
pub(in crate::lab) fn zone_of(seconds: i64) -> Option<String> {
    const HALF_HOURS: [i64; 8] = [-19, -7, -5, 7, 9, 11, 13, 19];
    let halves = (seconds + seconds.signum() * 900) / 1800;
    let is_zone = (halves % 2 == 0 && (-24..=28).contains(&halves) && halves != 0) || HALF_HOURS.contains(&halves);
    let is_near = (seconds - halves * 1800).abs() <= ZONE_SLACK;
    (is_zone && is_near).then(|| offset(halves * 1800))
}

/// Returns a date in any form that it is met in.
pub(in crate::lab) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_matches(['"', '\'']);
    FORMATS.into_iter().find_map(|format| format.read(text)).or_else(|| odd(text))
}

/// Returns a date as no scheme writes it: with a fraction or an offset, in lower case, with a space, as a count since 1970.
fn odd(text: &str) -> Option<Timestamp> {
    if text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let count = text.parse().ok()?;
        return if text.len() >= 13 { Timestamp::from_millisecond(count).ok() } else { Timestamp::from_second(count).ok() };
    }
    let upper = text.to_ascii_uppercase();
    let joined = upper.replacen(' ', "T", 1);
    let with_zone = [upper.clone(), format!("{upper}Z"), joined.clone(), format!("{joined}Z")];
    let parsed = with_zone.iter().find_map(|text| text.parse().ok());
    parsed.or_else(|| Timestamp::strptime("%Y%m%dT%H%M%S%z", &upper).ok()).or_else(|| DateTimeParser::new().parse_timestamp(text).ok())
}

/// A time other than the one that is sent.
#[derive(Clone, Copy)]
struct TimeShift {
    fault: &'static MistakeKind,
    seconds: i64,
    reach: PairingScope,
}

/// Adds another time in the string to sign and the header alike, and in the string to sign alone.
fn shifted<'a>(context: &'a MistakeContext<'a>, shift: TimeShift, all: &mut Vec<Mistake<'a>>) {
    let TimeShift { fault, seconds, reach } = shift;
    let format = context.base.dialect.date_format;
    // A date that was written in another form keeps it.
    let later = move |date: &str| {
        let known = FORMATS.into_iter().find_map(|form| Some((form, form.read(date)?)));
        let (form, time) = known.or_else(|| Some((format, read(date)?)))?;
        time.checked_add(SignedDuration::from_secs(seconds)).ok().map(|then| form.write(then))
    };
    let Some(date) = later(&context.base.date) else { return };
    let aspect = if fault == &fault::DATE_ZONE { Aspect::DateZone } else { Aspect::Date };
    let detail = match aspect {
        Aspect::DateZone => format!("{date} was signed, {} of it is in the request: {} from UTC", context.base.date, offset(seconds)),
        _ => format!("{date} was signed, the request has {} ({seconds:+} s)", context.base.date),
    };
    let twice = format!("{detail}; the header's line was signed as it is");
    let in_both = move |m: &mut SignatureParts| {
        if let Some(date) = later(&m.date) {
            put_both(m, &date);
        }
    };
    all.push(Mistake::new(fault, aspect.clone(), detail, in_both).reaching(reach));
    let in_text = move |m: &mut SignatureParts| {
        if let Some(date) = later(&m.date) {
            m.date = date;
        }
    };
    let fault = if fault == &fault::DATE_CHANGED { &fault::DATE_TWICE } else { fault };
    // Two times are read one after the other, so a few seconds are what they differ by most often.
    let reach = if seconds.abs() > COMMON_SECONDS { reach.min(PairingScope::Series) } else { reach };
    all.push(Mistake::new(fault, Aspect::DateText, twice, in_text).reaching(reach));
}

/// Returns an offset from UTC: `+08:00`.
fn offset(seconds: i64) -> String {
    let minutes = seconds.abs() / 60;
    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

fn put_both(material: &mut SignatureParts, date: &str) {
    let before = std::mem::replace(&mut material.date, date.to_owned());
    // The scope's day follows, where it is the date's.
    if let Some(scope) = material.scope.as_mut().filter(|scope| before.starts_with(&scope.day) && scope.day.len() == 8)
        && let Some(day) = date.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()))
    {
        day.clone_into(&mut scope.day);
    }
    material.set_line(material.dialect.date, date.as_bytes());
}

/// Adds the same time in another form.
fn forms(context: &MistakeContext<'_>, now: Timestamp, write: Arc<Writer>, all: &mut Vec<Mistake<'_>>) {
    let (sent, date) = (&context.base.date, write(now));
    if date == *sent {
        return;
    }
    let again = Arc::clone(&write);
    let detail = format!("the string to sign has {date}, the request has {sent}");
    all.push(Mistake::new(&fault::DATE_FORMAT, Aspect::DateForm, detail, move |m| {
        m.date = read(&m.date).map_or_else(|| m.date.clone(), |time| again(time));
    }));
    let detail = format!("{date} was signed throughout, the request has {sent}");
    all.push(Mistake::new(&fault::DATE_FORMAT, Aspect::DateForm, detail, move |m| {
        if let Some(time) = read(&m.date) {
            put_both(m, &write(time));
        }
    }));
}

/// Adds the dates of other headers in the string to sign, and none at all.
fn others(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    for name in ["date", "x-date", "x-sdk-date", "x-acs-date", "x-amz-date"] {
        let Some(value) = context.request.headers.get_str(name).map(|value| value.trim_ascii().to_owned()) else { continue };
        let detail = format!("{name}: {value} was signed, the scheme's date is {}", context.base.date);
        let forms = read(&value).map(|time| context.base.dialect.date_format.write(time));
        for date in [Some(value), forms].into_iter().flatten() {
            all.push(Mistake::new(&fault::DATE_SOURCE, Aspect::Date, detail.clone(), move |m| date.clone_into(&mut m.date)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_whole_hours_as_a_time_zone() {
        let zone = |seconds: i64| zone_of(seconds);
        assert_eq!([zone(28_800), zone(-28_797), zone(19_800)].map(Option::unwrap), ["+08:00", "-08:00", "+05:30"]);
        assert_eq!([0, 60, 900, 1_800, -1_800, 5_400, 30_000, 29 * 1_800, -90_000].map(zone), [const { None }; 9]);
    }

    #[test]
    fn reads_a_date_in_many_formats() {
        let at = Some(Timestamp::from_second(1_795_307_993).unwrap());
        for text in [
            "2026-11-22T00:39:53Z",
            "20261122T003953Z",
            "Sun, 22 Nov 2026 00:39:53 GMT",
            "Sun, 22 Nov 2026 00:39:53 +0000",
            "2026-11-22T08:39:53+08:00",
            "20261122T083953+0800",
            "2026-11-22t00:39:53z",
            "2026-11-22 00:39:53Z",
            "2026-11-22 00:39:53",
            "\"2026-11-22T00:39:53Z\"",
            "2026-11-22T00:39:53.000Z",
            "1795307993",
            "1795307993000",
        ] {
            assert_eq!(read(text), at, "{text}");
        }
        assert_eq!((read("yesterday"), read(""), read("20261122")), (None, None, None));
    }
}
