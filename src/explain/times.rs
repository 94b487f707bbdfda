//! The times in a vendor's message: when the request was signed by its date, and what the server's clock showed.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use regex_lite::Regex;

use crate::auth::{DateFormat, MAX_CLOCK_SKEW_SECONDS};

/// The forms in which messages write a time.
const TIME_PATTERN: &str = r"\d{8}T\d{6}Z|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?: ?(?:Z|UTC|GMT)|[+-]\d{2}:?\d{2})?|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|\b1\d{9}(?:\d{3})?\b";

/// Words before the server's time, in lower case.
const SERVER_WORDS: [&str; 7] = ["server", "gateway", "current", "服务器", "服务端", "当前", "系统"];

/// Differences this near to whole half hours come from a time zone rather than from a clock, in seconds.
const ZONE_TOLERANCE_SECONDS: i64 = 60;

/// Milliseconds since 1970 begin here.
const MIN_EPOCH_MILLIS: i64 = 1_000_000_000_000;

/// Both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RefusalTimes {
    signed: Timestamp,
    server: Timestamp,
}

impl RefusalTimes {
    /// Finds both times; `None` where there are fewer than two. Without a word that tells, the request's stands first.
    pub(super) fn find(message: &str) -> Option<Self> {
        static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
        let pattern = PATTERN.get_or_init(|| Regex::new(TIME_PATTERN).ok()).as_ref()?;
        let mut found = Vec::new();
        let mut after = 0;
        for at in pattern.find_iter(message).take(8) {
            let label = message[after..at.start()].to_lowercase();
            after = at.end();
            found.extend(read(at.as_str()).map(|time| (time, SERVER_WORDS.iter().any(|word| label.contains(word)))));
        }
        let server = found.iter().rposition(|(_, is_servers)| *is_servers).or_else(|| found.len().checked_sub(1))?;
        let signed = (0..found.len()).find(|at| *at != server)?;
        Some(Self { signed: found[signed].0, server: found[server].0 })
    }

    /// Returns how many seconds the request's date was behind the server's clock; negative where it was ahead.
    pub(super) fn age(self) -> i64 {
        self.server.as_second() - self.signed.as_second()
    }

    /// Describes both times and their difference in a sentence.
    pub(super) fn sentence(self) -> String {
        let age = self.age();
        let side = if age < 0 { "ahead" } else { "behind" };
        let seconds = age.unsigned_abs();
        let allowed = if age.abs() > MAX_CLOCK_SKEW_SECONDS { format!("; {MAX_CLOCK_SKEW_SECONDS} s are allowed") } else { String::new() };
        format!(
            "By the message the request is dated {}, and the server's clock showed {}: the date is {seconds} s ({}) {side}{allowed}.{}",
            DateFormat::Extended.write(self.signed),
            DateFormat::Extended.write(self.server),
            format_duration(seconds),
            if is_zone(age) { " Whole hours are a time zone: local time was written as if it were UTC." } else { "" },
        )
    }
}

/// Returns whether a difference is that of a time zone.
fn is_zone(seconds: i64) -> bool {
    let off = seconds.abs().rem_euclid(1800);
    let near = off <= ZONE_TOLERANCE_SECONDS || off >= 1800 - ZONE_TOLERANCE_SECONDS;
    near && (3600 - ZONE_TOLERANCE_SECONDS..=14 * 3600 + ZONE_TOLERANCE_SECONDS).contains(&seconds.abs())
}

/// Writes `16 min 18 s`, `8 h 0 min`, `3 d 4 h`.
fn format_duration(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if days > 0 => format!("{days} d {} h", hours % 24),
        () if hours > 0 => format!("{hours} h {} min", minutes % 60),
        () => format!("{minutes} min {} s", seconds % 60),
    }
}

fn read(text: &str) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<i64>() {
        return if number >= MIN_EPOCH_MILLIS { Timestamp::from_millisecond(number).ok() } else { Timestamp::from_second(number).ok() };
    }
    let written = [DateFormat::Basic, DateFormat::Extended, DateFormat::Http].into_iter().find_map(|format| format.read(text));
    written.or_else(|| text.parse().ok()).or_else(|| {
        let bare = text.trim_end_matches(['Z', 'U', 'T', 'C', 'G', 'M', ' ']);
        Offset::UTC.to_timestamp(bare.parse::<DateTime>().ok()?).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(message: &str) -> Option<i64> {
        RefusalTimes::find(message).map(RefusalTimes::age)
    }

    #[test]
    fn finds_both_times_in_every_format() {
        assert_eq!(age("signature expired, signature time:20261130T065557Z,server time:20261130T071215Z"), Some(978));
        assert_eq!(age("服务器时间 2026-11-30 07:12:15, 签名时间 2026-11-30 06:55:57"), Some(978));
        assert_eq!(age("Timestamp 2026-11-30T06:55:57Z, now 2026-11-30T07:12:15.5Z"), Some(978));
        assert_eq!(age("current time: 1795331535, request time: 1795330557000"), Some(978));
        assert_eq!(age("client Mon, 30 Nov 2026 07:12:15 GMT server Mon, 30 Nov 2026 06:55:57 GMT"), Some(-978));
        assert_eq!(age("20170111T204052Z is now earlier than 20170111T225449Z (20170111T230949Z - 15 min.)"), Some(8937));
        assert_eq!(age("token expires, expires_at: 2026-11-30T07:12:15Z"), None);
        assert_eq!(age(""), None);
    }

    #[test]
    fn reports_whole_hours_as_a_time_zone() {
        let sentence = |message: &str| RefusalTimes::find(message).unwrap().sentence();
        let shifted = sentence("signed 2026-11-30T15:00:03Z, server 2026-11-30T07:00:00Z");
        assert!(shifted.contains("28803 s (8 h 0 min) ahead") && shifted.contains("time zone"), "{shifted}");
        assert!(!sentence("signed 20261130T065557Z, server 20261130T071215Z").contains("time zone"));
    }
}
