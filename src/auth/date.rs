//! Dates as the schemes write them, and the window in which they hold.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

use super::VerifyError;

/// The maximum distance of a request's date from the clock, either way, in seconds: 15 minutes with every vendor here.
pub const MAX_CLOCK_SKEW_SECONDS: i64 = 900;

/// In a template a `0` stands for a digit: year to second, nothing else.
const EXTENDED: &[u8] = b"0000-00-00T00:00:00Z";
const BASIC: &[u8] = b"00000000T000000Z";

/// A scheme's date format. All are UTC, without a fraction of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `2026-11-22T00:39:53Z`.
    Extended,
    /// `20261122T003953Z`.
    Basic,
    /// `Sun, 22 Nov 2026 00:39:53 GMT`.
    Http,
}

impl Format {
    /// Writes a date.
    pub fn write(self, time: Timestamp) -> String {
        match self {
            Self::Extended => in_template(time, EXTENDED),
            Self::Basic => in_template(time, BASIC),
            Self::Http => time.strftime(self.strftime()).to_string(),
        }
    }

    /// Returns a time to the millisecond, `2026-11-22T00:39:53.123Z`: no scheme signs it, but answers and logs have it.
    pub fn write_millis(time: Timestamp) -> String {
        let seconds = Self::Extended.write(time);
        format!("{}.{:03}Z", seconds.trim_end_matches('Z'), time.subsec_millisecond())
    }

    /// Reads a date of exactly this form.
    pub fn read(self, text: &str) -> Option<Timestamp> {
        match self {
            Self::Extended => by_template(text, EXTENDED),
            Self::Basic => by_template(text, BASIC),
            Self::Http => DateTimeParser::new().parse_timestamp(text).ok().filter(|_| text.ends_with(" GMT")),
        }
    }

    /// Returns the form in the notation of `date` and `strftime`.
    pub fn strftime(self) -> &'static str {
        match self {
            Self::Extended => "%Y-%m-%dT%H:%M:%SZ",
            Self::Basic => "%Y%m%dT%H%M%SZ",
            Self::Http => "%a, %d %b %Y %H:%M:%S GMT",
        }
    }

    /// Returns a date in this form.
    pub fn example(self) -> &'static str {
        match self {
            Self::Extended => "2026-11-22T00:39:53Z",
            Self::Basic => "20261122T003953Z",
            Self::Http => "Sun, 22 Nov 2026 00:39:53 GMT",
        }
    }
}

/// Compares a date with the clock; `name` is the header or parameter with it.
pub(super) fn check(text: &str, name: &str, format: Format, now: Timestamp) -> Result<(), VerifyError> {
    let date =
        format.read(text).ok_or_else(|| VerifyError::MalformedDate(format!("{name} is not a UTC time like {}", format.example())))?;
    let ahead = date.as_second() - now.as_second();
    if ahead.abs() > MAX_CLOCK_SKEW_SECONDS { Err(VerifyError::Stale(ahead)) } else { Ok(()) }
}

/// Returns a time in the template's form. An emulator writes several for every request: the general way would take longer than a signature.
fn in_template(time: Timestamp, template: &[u8]) -> String {
    let civil = Offset::UTC.to_datetime(time);
    let parts = [civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()];
    // Years before 0 do not come up: no clock shows them, and none of these forms can write them.
    let year = u64::try_from(civil.year()).unwrap_or_default();
    let mut number = parts.into_iter().fold(year, |number, part| number * 100 + u64::try_from(part).unwrap_or_default());
    let mut text = template.to_vec();
    for place in text.iter_mut().rev().filter(|place| **place == b'0') {
        *place = b"0123456789"[usize::try_from(number % 10).unwrap_or_default()];
        number /= 10;
    }
    String::from_utf8(text).unwrap_or_default()
}

/// Reads a text of exactly the template's form.
fn by_template(text: &str, template: &[u8]) -> Option<Timestamp> {
    if text.len() != template.len() {
        return None;
    }
    let mut number: u64 = 0;
    for (&byte, &wanted) in text.as_bytes().iter().zip(template) {
        match wanted {
            b'0' if byte.is_ascii_digit() => number = number * 10 + u64::from(byte - b'0'),
            b'0' => return None,
            _ if byte != wanted => return None,
            _ => {}
        }
    }
    civil(number)
}

/// Returns the time that fourteen digits, year to second, stand for.
fn civil(number: u64) -> Option<Timestamp> {
    let two = |place: u64| i8::try_from(number / place % 100).ok();
    let year = i16::try_from(number / 10_000_000_000).ok()?;
    let (month, day) = (two(100_000_000)?, two(1_000_000)?);
    let date = DateTime::new(year, month, day, two(10_000)?, two(100)?, two(1)?, 0).ok()?;
    Offset::UTC.to_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-22T00:39:53Z";

    #[test]
    fn formats_every_second_like_the_general_formatter() {
        for second in (-62_135_596_800_i64..=253_402_300_799).step_by(86_399 * 1009) {
            let time = Timestamp::from_second(second).unwrap_or_default();
            assert_eq!(Format::Extended.write(time), time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            assert_eq!(Format::Basic.write(time), time.strftime("%Y%m%dT%H%M%SZ").to_string());
        }
    }

    #[test]
    fn reads_what_it_writes() {
        let now: Timestamp = NOW.parse().unwrap();
        for format in [Format::Extended, Format::Basic, Format::Http] {
            assert_eq!(format.write(now), format.example());
            assert_eq!(format.read(format.example()), Some(now));
        }
    }

    #[test]
    fn refuses_other_forms() {
        for text in ["2026-11-22T00:39:53.1Z", "2026-11-22 00:39:53Z", "2026-11-22T00:39:53+00:00", "2026-13-22T00:39:53Z", "", "２０２６"]
        {
            assert_eq!(Format::Extended.read(text), None, "{text}");
        }
        for text in ["20261122T003953", "20261122t003953Z", "20261122T003960Z", "20261122T0039530", "2026-11-22T00:39"] {
            assert_eq!(Format::Basic.read(text), None, "{text}");
        }
        assert_eq!(Format::Http.read("Sun, 22 Nov 2026 00:39:53 +0100"), None);
    }

    #[test]
    fn holds_for_fifteen_minutes_either_way() {
        let at = |offset: i64| check("20261122T003953Z", "x-date", Format::Basic, Timestamp::from_second(1_795_307_993 + offset).unwrap());
        assert_eq!(at(900), Ok(()));
        assert_eq!(at(-900), Ok(()));
        assert_eq!(at(901), Err(VerifyError::Stale(-901)));
        assert_eq!(at(-901), Err(VerifyError::Stale(901)));
    }
}
