//! The value of a field: what follows its colon.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use thiserror::Error;

use super::field::{Field, FieldType, NumberField, ORIGINATORS};
use super::{OutcomeKind, Pattern, Term, grams};
use crate::text::{did_you_mean, nearest};

/// The moment at which a query is read, and where: what `2h` counts back from, and the midnight that `today` means.
#[derive(Clone, Debug)]
pub struct QueryTime {
    /// The time.
    pub now: Timestamp,
    /// The operator's time zone.
    pub zone: TimeZone,
}

/// The units of a duration, in nanoseconds, longer names first.
const UNITS: [(&str, i64); 5] = [("ms", 1_000_000), ("us", 1_000), ("µs", 1_000), ("s", 1_000_000_000), ("m", 60_000_000_000)];

/// The units of a time back from now, in seconds.
const AGE_UNITS: [(&str, i64); 5] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];

/// The comparison operators, longer ones first.
const OPERATORS: [&str; 4] = [">=", "<=", ">", "<"];

/// An error in the value of a field: each says what to write.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(super) enum ValueError {
    #[error("a value must follow the colon: {0}")]
    Missing(&'static str),
    #[error("`{0}` is no whole number")]
    Number(String),
    #[error("write 404, 4xx, 400-409 or >=500")]
    Status,
    #[error("write a time with its unit (us, ms, s, m) behind > or <: >500ms")]
    Duration,
    #[error("longer or shorter? >{0} or <{0}")]
    NoComparison(String),
    #[error("`{0}` is none of {help}", help = outcome_help(.0))]
    Outcome(String),
    #[error("write operator or console")]
    By,
    #[error("write a time back from now (2h, 7d), today, yesterday, a date (2026-11-22) or a time (2026-11-22T10:00)")]
    Moment,
}

/// Lists the outcomes, and suggests the one that was meant.
fn outcome_help(given: &str) -> String {
    let words = OutcomeKind::WORDS.map(|(word, _)| word);
    format!("{}{}", words.join(", "), did_you_mean(&nearest(given, words)))
}

/// Returns the condition that a field's value stands for.
pub(super) fn term(field: &Field, value: &str, moment: &QueryTime) -> Result<Term, ValueError> {
    if value.is_empty() {
        return Err(ValueError::Missing(field.help));
    }
    let number = |field, (low, high)| Term::Number(field, low, high);
    match field.sort {
        FieldType::Name(name) => Ok(Term::Name(name, Pattern::new(value))),
        FieldType::Text => Ok(Term::Text(grams::fold(value))),
        FieldType::Number(field) => range(value, whole).map(|range| number(field, range)),
        FieldType::Status => status(value).map(|range| number(NumberField::Status, range)),
        FieldType::Duration => range(value, time).and_then(compared(value)).map(|range| number(NumberField::Duration, range)),
        FieldType::Outcome => outcome(value).map(|ended| number(NumberField::Outcome, (ended as i64, ended as i64))),
        FieldType::By => origin(value).map(|who| number(NumberField::By, (who, who))),
        FieldType::Since => point_in_time(value, moment).map(|at| number(NumberField::Started, (at, i64::MAX))),
        FieldType::Before => point_in_time(value, moment).map(|at| number(NumberField::Started, (i64::MIN, at.saturating_sub(1)))),
    }
}

/// Reads `17`, `>5`, `<=9`, `3-8` as the bounds that belong to it.
fn range(value: &str, read: fn(&str) -> Result<i64, ValueError>) -> Result<(i64, i64), ValueError> {
    if let Some((sign, rest)) = OPERATORS.iter().find_map(|sign| Some((*sign, value.strip_prefix(sign)?))) {
        let bound = read(rest.trim_start())?;
        return Ok(match sign {
            ">=" => (bound, i64::MAX),
            "<=" => (i64::MIN, bound),
            ">" => (bound.saturating_add(1), i64::MAX),
            _ => (i64::MIN, bound.saturating_sub(1)),
        });
    }
    match value.split_once('-') {
        Some((low, high)) => Ok((read(low)?, read(high)?)),
        None => read(value).map(|number| (number, number)),
    }
}

fn whole(text: &str) -> Result<i64, ValueError> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| ValueError::Number(text.to_owned()))
}

/// Reads a status, or a class written `4xx`.
fn status(value: &str) -> Result<(i64, i64), ValueError> {
    let class = value.to_ascii_lowercase().strip_suffix("xx").and_then(|digit| digit.parse::<i64>().ok());
    match class {
        Some(class @ 1..=9) => Ok((class * 100, class * 100 + 99)),
        _ => range(value, whole).map_err(|_| ValueError::Status),
    }
}

/// Returns a time with its unit, in nanoseconds.
fn time(text: &str) -> Result<i64, ValueError> {
    let (digits, unit) = UNITS.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size))).ok_or(ValueError::Duration)?;
    let number: f64 = digits.parse().map_err(|_| ValueError::Duration)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    #[allow(clippy::cast_precision_loss)] // a unit is far below 2^53, and a time too long becomes the longest
    if plain { Ok((number * unit as f64) as i64) } else { Err(ValueError::Duration) }
}

/// Refuses a duration without a comparison: none is exactly 500 ms, so that a bare one is a slip.
fn compared(value: &str) -> impl Fn((i64, i64)) -> Result<(i64, i64), ValueError> {
    move |(low, high)| if low == high { Err(ValueError::NoComparison(value.to_owned())) } else { Ok((low, high)) }
}

fn outcome(value: &str) -> Result<OutcomeKind, ValueError> {
    let found = OutcomeKind::WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
    found.map(|(_, ended)| *ended).ok_or_else(|| ValueError::Outcome(value.to_owned()))
}

fn origin(value: &str) -> Result<i64, ValueError> {
    let found = ORIGINATORS.iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
    found.map(|(_, number)| *number).ok_or(ValueError::By)
}

/// Returns a moment in nanoseconds since 1970.
fn point_in_time(value: &str, moment: &QueryTime) -> Result<i64, ValueError> {
    let at = age(value, moment).or_else(|| day(value, moment)).or_else(|| exact(value, moment)).ok_or(ValueError::Moment)?;
    i64::try_from(at.as_nanosecond()).map_err(|_| ValueError::Moment)
}

/// Seconds of an age such as `7d` (units: s, m, h, d, w); `None` when it is none.
pub fn age_seconds(value: &str) -> Option<i64> {
    let (digits, unit) = AGE_UNITS.iter().find_map(|(unit, size)| Some((value.strip_suffix(unit)?, *size)))?;
    whole(digits).ok()?.checked_mul(unit)
}

fn age(value: &str, moment: &QueryTime) -> Option<Timestamp> {
    moment.now.checked_sub(Span::new().try_seconds(age_seconds(value)?).ok()?).ok()
}

fn day(value: &str, moment: &QueryTime) -> Option<Timestamp> {
    let today = moment.zone.to_datetime(moment.now).date();
    let date = match value.to_ascii_lowercase().as_str() {
        "today" => today,
        "yesterday" => today.yesterday().ok()?,
        other => other.parse::<Date>().ok().filter(|_| value.len() == 10)?,
    };
    in_zone(date.at(0, 0, 0, 0), moment)
}

fn exact(value: &str, moment: &QueryTime) -> Option<Timestamp> {
    value.parse::<Timestamp>().ok().or_else(|| in_zone(value.parse::<DateTime>().ok()?, moment))
}

fn in_zone(time: DateTime, moment: &QueryTime) -> Option<Timestamp> {
    moment.zone.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::field::find;

    fn read(name: &str, value: &str) -> Result<Term, ValueError> {
        let moment = QueryTime { now: "2026-11-22T12:00:00Z".parse().unwrap(), zone: TimeZone::fixed(jiff::tz::offset(8)) };
        term(find(name).unwrap(), value, &moment)
    }

    fn bounds(name: &str, value: &str) -> (i64, i64) {
        match read(name, value) {
            Ok(Term::Number(_, low, high)) => (low, high),
            other => panic!("{name}:{value}: {other:?}"),
        }
    }

    fn nanoseconds(time: &str) -> i64 {
        time.parse::<Timestamp>().unwrap().as_nanosecond() as i64
    }

    #[test]
    fn numbers_have_bounds() {
        assert_eq!(bounds("status", "4xx"), (400, 499));
        assert_eq!(bounds("status", "400-409"), (400, 409));
        assert_eq!(bounds("status", ">=500"), (500, i64::MAX));
        assert_eq!(bounds("id", "<10"), (i64::MIN, 9));
        assert_eq!(bounds("duration", ">1.5s"), (1_500_000_001, i64::MAX));
        assert_eq!(bounds("duration", "100ms-1s"), (100_000_000, 1_000_000_000));
        assert_eq!(bounds("outcome", "Failed"), (4, 4));
    }

    #[test]
    fn moments_are_counted_back_or_stand_in_the_zone() {
        for (value, time) in [
            ("2h", "2026-11-22T10:00:00Z"),
            ("1w", "2026-11-15T12:00:00Z"),
            ("today", "2026-11-22T00:00:00+08:00"),
            ("yesterday", "2026-11-21T00:00:00+08:00"),
            ("2026-11-20", "2026-11-20T00:00:00+08:00"),
            ("2026-11-20T10:00", "2026-11-20T10:00:00+08:00"),
            ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ] {
            assert_eq!(bounds("since", value), (nanoseconds(time), i64::MAX), "{value}");
            assert_eq!(bounds("before", value), (i64::MIN, nanoseconds(time) - 1), "{value}");
        }
    }

    #[test]
    fn value_errors_name_valid_forms() {
        for (name, value, wrong) in [
            ("status", "4y", "write 404"),
            ("duration", "500ms", "longer or shorter? >500ms or <500ms"),
            ("duration", ">500", "with its unit"),
            ("duration", ">NaNs", "with its unit"),
            ("since", "soon", "write a time back"),
            ("since", "99999999999999999d", "write a time back"),
            ("outcome", "sucess", "did you mean success?"),
            ("id", "+5", "no whole number"),
            ("code", "", "a value must follow"),
        ] {
            let error = read(name, value).unwrap_err().to_string();
            assert!(error.contains(wrong), "{name}:{value}: {error}");
        }
    }
}
