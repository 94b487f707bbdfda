//! The marks behind a fault: which requests it strikes, of those it is for.

use std::fmt;

use jiff::SignedDuration;

use super::Reason;

/// The signs that begin a mark.
pub(super) const OPERATORS: [char; 4] = ['~', '@', '%', '*'];

/// The filter of requests that a fault applies to. A request must pass every condition that is set, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultFilter {
    /// The number of requests that are spared at first.
    pub skipped_requests: Option<u32>,
    /// The rate beyond which it applies.
    pub rate: Option<Rate>,
    /// The percentage of requests.
    pub percent: Option<u8>,
    /// The most requests that it applies to.
    pub count: Option<u32>,
}

/// A number of requests in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The number that are let through.
    pub most: u32,
    /// In which time.
    pub unit: RateUnit,
}

/// A time in which requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateUnit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

/// The units with the letter that each is written with.
const UNITS: [(RateUnit, &str); 3] = [(RateUnit::Second, "s"), (RateUnit::Minute, "m"), (RateUnit::Hour, "h")];

/// More than this many in a time are not kept count of.
const MAX_RATE_COUNT: u32 = 100_000;

impl Rate {
    /// Returns the length of the time.
    pub fn time(self) -> SignedDuration {
        match self.unit {
            RateUnit::Second => SignedDuration::from_secs(1),
            RateUnit::Minute => SignedDuration::from_mins(1),
            RateUnit::Hour => SignedDuration::from_hours(1),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (most, letter) = text.split_once('/')?;
        let (unit, _) = UNITS.iter().find(|(_, known)| *known == letter)?;
        Some(Self { most: most.parse().ok().filter(|most| *most <= MAX_RATE_COUNT)?, unit: *unit })
    }
}

impl FaultFilter {
    /// Splits what stands behind the `:` into what goes wrong and the marks.
    pub(super) fn split(text: &str) -> Result<(&str, Self), Reason> {
        let mut filter = Self::default();
        let end = text.find(OPERATORS).unwrap_or(text.len());
        let mut rest = text[end..].chars();
        while let Some(sign) = rest.next() {
            let behind = rest.as_str();
            let value = &behind[..behind.find(OPERATORS).unwrap_or(behind.len())];
            filter.take(sign, value)?;
            rest = behind[value.len()..].chars();
        }
        Ok((&text[..end], filter))
    }

    fn take(&mut self, sign: char, value: &str) -> Result<(), Reason> {
        match sign {
            '~' => take(&mut self.skipped_requests, (sign, value), "how many are spared at first (1 or more)", number),
            '@' => take(&mut self.rate, (sign, value), "a rate like @5/s, @100/m or @1000/h, 100000 at most", Rate::read),
            '%' => take(&mut self.percent, (sign, value), "how many in a hundred (1 to 100)", percent),
            _ => take(&mut self.count, (sign, value), "how many times (1 or more)", number),
        }
    }
}

fn take<T>(place: &mut Option<T>, mark: (char, &str), wanted: &'static str, read: fn(&str) -> Option<T>) -> Result<(), Reason> {
    if place.is_some() {
        return Err(Reason::MarkTwice(mark.0));
    }
    *place = Some(read(mark.1).ok_or_else(|| Reason::Mark { mark: mark.0, given: mark.1.to_owned(), wanted })?);
    Ok(())
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

fn percent(text: &str) -> Option<u8> {
    text.parse().ok().filter(|percent| (1..=100).contains(percent))
}

impl fmt::Display for FaultFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(skipped_requests) = self.skipped_requests {
            write!(f, "~{skipped_requests}")?;
        }
        if let Some(rate) = self.rate {
            let letter = UNITS.iter().find(|(unit, _)| *unit == rate.unit).map_or("", |(_, letter)| letter);
            write!(f, "@{}/{letter}", rate.most)?;
        }
        if let Some(percent) = self.percent {
            write!(f, "%{percent}")?;
        }
        match self.count {
            Some(count) => write!(f, "*{count}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_in_any_order_and_written_in_one() {
        let (what, filter) = FaultFilter::split("503*3%25@5/m~1").unwrap();
        assert_eq!((what, filter.to_string().as_str()), ("503", "~1@5/m%25*3"));
        assert_eq!(FaultFilter::split("clock=+10m").unwrap(), ("clock=+10m", FaultFilter::default()));
    }

    #[test]
    fn names_a_wrong_fault_option() {
        for (text, wanted) in [
            ("503*0", "`*0` is not how many times"),
            ("503*", "`*` is not how many times"),
            ("503%101", "`%101` is not how many in a hundred"),
            ("503@5", "`@5` is not a rate like @5/s"),
            ("503@5/d", "`@5/d` is not a rate"),
            ("503@999999/s", "100000 at most"),
            ("503~x", "`~x` is not how many are spared"),
            ("503*2*3", "`*` stands there twice"),
        ] {
            let message_text = FaultFilter::split(text).unwrap_err().to_string();
            assert!(message_text.contains(wanted), "{text}: {message_text}");
        }
    }
}
