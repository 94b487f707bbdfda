//! Mistakes with the date.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::{Aspect, Bench, Mistake};
use crate::auth::{DateFormat, WINDOW};
use crate::lab::fault;
use crate::lab::material::Material;

/// Offsets of time zones from UTC, in quarters of an hour.
const ZONES: std::ops::RangeInclusive<i64> = -48..=56;

const FORMATS: [DateFormat; 3] = [DateFormat::Extended, DateFormat::Basic, DateFormat::Http];

pub(super) fn all<'a>(bench: &'a Bench<'a>, all: &mut Vec<Mistake<'a>>) {
    let base = bench.base;
    others(bench, all);
    let Some(now) = read(&base.date) else { return };
    let format = base.dialect.date_format;
    for form in FORMATS {
        forms(bench, form.write(now), all);
    }
    for text in [now.as_second().to_string(), now.as_millisecond().to_string()] {
        forms(bench, text, all);
    }
    for zone in [".000Z", "", "+00:00", "+0000"] {
        forms(bench, format.write(now).replace('Z', zone), all);
    }
    forms(bench, base.date.chars().take(8).collect(), all);
    for quarters in ZONES.filter(|quarters| *quarters != 0) {
        let Ok(there) = now.checked_add(SignedDuration::from_mins(quarters * 15)) else { continue };
        let detail = format!("{} was signed, {} of it is in the request", format.write(there), base.date);
        both(&fault::DATE_ZONE, format.write(there), detail, all);
    }
    for seconds in 1..=WINDOW {
        for seconds in [-seconds, seconds] {
            let Ok(then) = now.checked_add(SignedDuration::from_secs(seconds)) else { continue };
            let detail = format!("{} was signed, the request has {} ({seconds:+} s)", format.write(then), base.date);
            both(&fault::DATE_CHANGED, format.write(then), detail, all);
        }
    }
}

/// A date in any form that it is met in.
pub(in crate::lab) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_matches(['"', '\'']);
    FORMATS.into_iter().find_map(|format| format.read(text)).or_else(|| odd(text))
}

/// A date as no scheme writes it: with a fraction or an offset, in lower case, with a space, as a count since 1970.
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

/// Another date in the header alone, in the string to sign alone, and in both.
fn both(fault: &'static fault::Fault, date: String, detail: String, all: &mut Vec<Mistake<'_>>) {
    let (other, twice) = (date.clone(), format!("{detail}; the header's line was signed as it is"));
    all.push(Mistake::new(fault, Aspect::Date, detail, move |m| put_both(m, &date)).alone());
    let fault = if fault.id == fault::DATE_CHANGED.id { &fault::DATE_TWICE } else { fault };
    all.push(Mistake::new(fault, Aspect::Date, twice, move |m| other.clone_into(&mut m.date)).alone());
}

fn put_both(material: &mut Material, date: &str) {
    date.clone_into(&mut material.date);
    if let Some(scope) = &mut material.scope
        && let Some(day) = date.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()))
    {
        day.clone_into(&mut scope.day);
    }
    material.set_line(material.dialect.date, date.as_bytes());
}

/// The same time in another form.
fn forms(bench: &Bench<'_>, date: String, all: &mut Vec<Mistake<'_>>) {
    let sent = &bench.base.date;
    if date == *sent {
        return;
    }
    let alone = date.clone();
    let detail = format!("the string to sign has {date}, the request has {sent}");
    all.push(Mistake::new(&fault::DATE_FORMAT, Aspect::Date, detail, move |m| alone.clone_into(&mut m.date)));
    let detail = format!("{date} was signed throughout, the request has {sent}");
    all.push(Mistake::new(&fault::DATE_FORMAT, Aspect::Date, detail, move |m| put_both(m, &date)));
}

/// The dates of other headers in the string to sign, and none at all.
fn others(bench: &Bench<'_>, all: &mut Vec<Mistake<'_>>) {
    for name in ["date", "x-date", "x-sdk-date", "x-acs-date", "x-amz-date"] {
        let Some(value) = bench.request.headers.get_str(name).map(|value| value.trim_ascii().to_owned()) else { continue };
        let detail = format!("{name}: {value} was signed, the scheme's date is {}", bench.base.date);
        let forms = read(&value).map(|time| bench.base.dialect.date_format.write(time));
        for date in [Some(value), forms].into_iter().flatten() {
            all.push(Mistake::new(&fault::DATE_SOURCE, Aspect::Date, detail.clone(), move |m| date.clone_into(&mut m.date)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_many_forms() {
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
