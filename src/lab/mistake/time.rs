//! Mistakes with the date.

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
    for form in FORMATS.into_iter().filter(|form| *form != format) {
        forms(bench, form.write(now), all);
    }
    forms(bench, now.as_second().to_string(), all);
    forms(bench, format.write(now).replace('Z', ".000Z"), all);
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

/// A date in any of the forms.
pub(in crate::lab) fn read(text: &str) -> Option<Timestamp> {
    FORMATS.into_iter().find_map(|format| format.read(text)).or_else(|| text.parse().ok())
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
