//! The kinds of faults beside codes and statuses, as a table.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Cut, Damage, Failure};

/// A kind of fault.
#[derive(Debug)]
pub struct FaultKind {
    /// Its name: `delay`.
    pub name: &'static str,
    /// The syntax: `delay=TIME`.
    pub form: &'static str,
    /// An example of it.
    pub example: &'static str,
    /// The effect.
    pub meaning: &'static str,
    /// `true` for a state of the server, which lasts, rather than a failure of single requests.
    pub lasts: bool,
    /// The expected form of its value.
    pub(super) wanted: &'static str,
    /// Reads its value.
    pub(super) read: fn(Option<&str>) -> Option<Failure>,
}

/// The longest delay, and the longest wait between two drops.
const MAX_DELAY: Duration = Duration::from_secs(600);

/// The furthest that a clock is off: a year and a day.
const MAX_CLOCK_OFFSET: Duration = Duration::from_secs(366 * 86_400);

/// The most bytes of a place in a body: the largest answer has far fewer.
const MAX_BODY_OFFSET_BYTES: usize = 1 << 30;

/// The status of a proxy that got no answer.
const BAD_GATEWAY_STATUS: u16 = 502;

/// The longest name of a content type.
const MAX_CONTENT_TYPE_CHARS: usize = 100;

/// Every kind, those that take the answer's place first.
pub const KINDS: [FaultKind; 11] = [
    FaultKind {
        name: "throttle",
        form: "throttle",
        example: "throttle",
        meaning: "the vendor's error for too many calls; with a rate (throttle@5/s) it strikes what comes beyond it, and says when to come again where the vendor does",
        lasts: false,
        wanted: "it has no value; the rate is a mark: throttle@5/s",
        read: |value| value.is_none().then_some(Failure::Throttle),
    },
    FaultKind {
        name: "html",
        form: "html[=STATUS]",
        example: "html=503",
        meaning: "a web page, as a proxy or load balancer sends it (502 unless another status is named)",
        lasts: false,
        wanted: "a status from 200 to 599 that has a body",
        read: |value| value.map_or(Some(BAD_GATEWAY_STATUS), status).filter(|status| has_body(*status)).map(Failure::Html),
    },
    FaultKind {
        name: "revoke",
        form: "revoke",
        example: "revoke*1",
        meaning: "the tokens given out so far no longer hold: 401, until a new one is fetched",
        lasts: false,
        wanted: "it has no value",
        read: |value| value.is_none().then_some(Failure::Revoke),
    },
    FaultKind {
        name: "clock",
        form: "clock=±TIME",
        example: "clock=-20m",
        meaning: "the emulator's clock is off: dates in requests are judged by it, and the answer's date shows it",
        lasts: true,
        wanted: "a time ahead or behind like +90s, -20m or +2h, a year at most",
        read: |value| clock(value?).map(Failure::Clock),
    },
    FaultKind {
        name: "delay",
        form: "delay=TIME",
        example: "delay=2s",
        meaning: "the answer comes later",
        lasts: false,
        wanted: "a delay like 500ms or 2s, ten minutes at most",
        read: |value| time(value?).filter(|delay| *delay <= MAX_DELAY).map(Failure::Delay),
    },
    FaultKind {
        name: "content-type",
        form: "content-type[=TYPE]",
        example: "content-type=text/plain",
        meaning: "the right body under another content type (text/html unless another is named)",
        lasts: false,
        wanted: "a content type like text/plain",
        read: |value| content_type(value.unwrap_or("text/html")),
    },
    FaultKind {
        name: "malformed",
        form: "malformed[=cut|garbled]",
        example: "malformed=garbled",
        meaning: "a body that is not JSON, cut in half or with a sign changed; the length it states is right",
        lasts: false,
        wanted: "cut or garbled",
        read: |value| damage(value).map(Failure::Malformed),
    },
    FaultKind {
        name: "truncated",
        form: "truncated[=BYTES|half]",
        example: "truncated=20",
        meaning: "the answer ends after so many bytes of its body, before the length it states; an answer without a body ends in its head",
        lasts: false,
        wanted: "a number of bytes, or half",
        read: |value| value.map_or(Some(Cut::Half), cut).map(Failure::Truncated),
    },
    FaultKind {
        name: "reset",
        form: "reset[=BYTES|half]",
        example: "reset=half",
        meaning: "the connection is reset before the answer, or after so many bytes of its body",
        lasts: false,
        wanted: "a number of bytes, or half",
        read: |value| match value {
            None => Some(Failure::Reset(None)),
            Some(value) => cut(value).map(|cut| Failure::Reset(Some(cut))),
        },
    },
    FaultKind {
        name: "not-http",
        form: "not-http",
        example: "not-http",
        meaning: "what comes is another protocol's greeting",
        lasts: false,
        wanted: "it has no value",
        read: |value| value.is_none().then_some(Failure::NotHttp),
    },
    FaultKind {
        name: "drip",
        form: "drip=BYTES/TIME",
        example: "drip=16/100ms",
        meaning: "the whole answer, so many bytes at a time",
        lasts: false,
        wanted: "bytes and the time between them, like 16/100ms, ten minutes at most",
        read: |value| drip(value?),
    },
];

fn has_body(status: u16) -> bool {
    !matches!(status, 204 | 205 | 304)
}

/// Returns a status that an answer can have.
pub(super) fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| (200..600).contains(status))
}

/// Returns a time: a number with `ms`, `s`, `m` or `h`.
fn time(text: &str) -> Option<Duration> {
    const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, millis) = UNITS.iter().find(|(known, _)| *known == unit)?;
    Some(Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(*millis)?))
}

fn clock(text: &str) -> Option<SignedDuration> {
    let (behind, size) = match text.strip_prefix('-') {
        Some(size) => (true, size),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let size = time(size).filter(|size| *size <= MAX_CLOCK_OFFSET && size.subsec_nanos() == 0 && !size.is_zero())?;
    let skew = SignedDuration::try_from(size).ok()?;
    Some(if behind { -skew } else { skew })
}

fn content_type(text: &str) -> Option<Failure> {
    let part = |c: char| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c);
    let (kind, rest) = text.split_once('/')?;
    let sub = rest.split(';').next().unwrap_or_default();
    let visible = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let fits = !kind.is_empty() && !sub.is_empty() && kind.chars().all(part) && sub.chars().all(part) && visible;
    (fits && text.len() <= MAX_CONTENT_TYPE_CHARS).then(|| Failure::ContentType(text.to_owned()))
}

fn damage(value: Option<&str>) -> Option<Damage> {
    match value {
        None | Some("cut") => Some(Damage::Cut),
        Some("garbled") => Some(Damage::Garbled),
        Some(_) => None,
    }
}

fn cut(text: &str) -> Option<Cut> {
    match text {
        "half" => Some(Cut::Half),
        _ => text.parse().ok().filter(|bytes| *bytes <= MAX_BODY_OFFSET_BYTES).map(Cut::Bytes),
    }
}

fn drip(text: &str) -> Option<Failure> {
    let (bytes, every) = text.split_once('/')?;
    let bytes = bytes.parse().ok().filter(|bytes| (1..=MAX_BODY_OFFSET_BYTES).contains(bytes))?;
    let every = time(every).filter(|every| *every <= MAX_DELAY && !every.is_zero())?;
    Some(Failure::Drip { bytes, every })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Failure> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
        (kind.read)(value)
    }

    #[test]
    fn accepts_every_example() {
        for kind in &KINDS {
            let what = kind.example.split(super::super::filter::OPERATORS).next().unwrap();
            assert!(read(what).is_some(), "{}", kind.example);
            assert!(kind.form.starts_with(kind.name) && what.starts_with(kind.name));
        }
    }

    #[test]
    fn values_are_bounded() {
        for wrong in [
            "delay",
            "delay=",
            "delay=5",
            "delay=601s",
            "delay=99999999999999999999s",
            "delay=-1s",
            "clock",
            "clock=0s",
            "clock=500ms",
            "clock=+",
            "clock=+400h400",
            "clock=9999h",
            "html=99",
            "html=204",
            "html=",
            "truncated=-1",
            "truncated=99999999999",
            "reset=x",
            "drip",
            "drip=0/1s",
            "drip=1/0s",
            "drip=1",
            "content-type=plain",
            "content-type=/",
            "content-type=a/b\r\nc: d",
            "malformed=x",
            "throttle=5",
            "revoke=1",
            "not-http=x",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn fault_kinds_round_trip() {
        for text in [
            "throttle",
            "html=502",
            "revoke",
            "clock=-1200s",
            "clock=+90s",
            "delay=2000ms",
            "content-type=application/problem+json; a=b",
            "malformed",
            "malformed=garbled",
            "truncated=half",
            "truncated=0",
            "reset",
            "reset=half",
            "reset=7",
            "not-http",
            "drip=16/100ms",
        ] {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
    }
}
