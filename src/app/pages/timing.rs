//! Where the time went.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{LABELS, Line, Page, Role};
use crate::exchange::Exchange;

/// Columns of the longest bar.
const BAR: u128 = 30;

/// An exchange's timings, with the clock of the server beside ours.
pub fn timing(page: &mut Page, exchange: &Exchange, zone: &TimeZone) {
    let sent = exchange.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.3f %z").to_string();
    page.field(LABELS, "Sent", Role::Text, &sent);
    page.field(LABELS, "To", Role::Text, &exchange.endpoint.to_string());
    lineage(page, exchange);
    page.gap();
    let timings = &exchange.timings;
    let total = timings.total.unwrap_or_default();
    for (label, part) in [("DNS", timings.dns), ("Connect", timings.connect), ("First byte", timings.first_byte), ("Total", timings.total)]
    {
        page.line(bar(label, part, total));
    }
    page.gap();
    page.text(Role::Dim, "Connect includes TLS. First byte and total count from sending. A kept connection has neither DNS nor connect.");
    if let Some(skew) = crate::explain::clock_skew(exchange) {
        page.gap();
        page.field(LABELS, "Server clock", if skew.abs() > 30 { Role::Doubt } else { Role::Text }, &skew_text(skew));
    }
}

/// What it comes of.
fn lineage(page: &mut Page, exchange: &Exchange) {
    let lineage = &exchange.lineage;
    if let Some(id) = lineage.repeats {
        let how = if lineage.exact { "its exact bytes" } else { "signed again" };
        page.field(LABELS, "Repeats", Role::Text, &format!("{id}, {how}"));
    }
    if let Some(retry) = &lineage.retry {
        page.field(
            LABELS,
            "Attempt",
            Role::Text,
            &format!("{}, after {:.1} s: {}", retry.attempt, retry.waited.as_secs_f64(), retry.reason),
        );
    }
}

fn bar(label: &str, part: Option<Duration>, total: Duration) -> Line {
    let line = Line::of(Role::Label, format!("{label:<LABELS$}"));
    let Some(part) = part else { return line.with(Role::Dim, format!("{:>11}", "–")) };
    let cells = part.as_micros() * BAR / total.as_micros().max(1);
    let cells = usize::try_from(cells.min(BAR)).unwrap_or_default();
    line.with(Role::Text, format!("{:>11}  ", millis(part))).with(Role::Accent, "▪".repeat(cells))
}

/// A duration in milliseconds: `0.8 ms`, `87 ms`, `1,204 ms`.
pub fn millis(duration: Duration) -> String {
    let micros = duration.as_micros();
    if micros < 10_000 {
        return format!("{:.1} ms", duration.as_secs_f64() * 1000.0);
    }
    let whole = (micros + 500) / 1000;
    if whole < 1000 { format!("{whole} ms") } else { format!("{},{:03} ms", whole / 1000, whole % 1000) }
}

fn skew_text(skew: i64) -> String {
    match skew {
        0 => "the same second as ours".to_owned(),
        1.. => format!("{skew} s ahead of ours"),
        _ => format!("{} s behind ours", -skew),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_at_a_glance() {
        for (micros, text) in [(800, "0.8 ms"), (87_400, "87 ms"), (1_204_000, "1,204 ms"), (61_005_000, "61,005 ms")] {
            assert_eq!(millis(Duration::from_micros(micros)), text);
        }
    }
}
