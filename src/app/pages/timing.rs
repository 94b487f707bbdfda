//! Where the time went.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{LABEL_COLUMNS, Line, Page, Role};
use crate::exchange::Exchange;

/// Columns of the longest bar.
const MAX_BAR_COLUMNS: u128 = 30;

/// Adds an exchange's timings, with the clock of the server beside ours.
pub fn timing(page: &mut Page, exchange: &Exchange, zone: &TimeZone) {
    let sent = exchange.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.3f %z").to_string();
    page.field(LABEL_COLUMNS, "Sent", Role::Text, &sent);
    page.field(LABEL_COLUMNS, "To", Role::Text, &exchange.endpoint.to_string());
    call_origin(page, exchange);
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
        page.field(LABEL_COLUMNS, "Server clock", if skew.abs() > 30 { Role::Warning } else { Role::Text }, &skew_text(skew));
    }
}

/// Adds what it comes of.
fn call_origin(page: &mut Page, exchange: &Exchange) {
    let call_origin = &exchange.call_origin;
    if let Some(id) = call_origin.repeats {
        let how = if call_origin.exact { "its exact bytes" } else { "signed again" };
        page.field(LABEL_COLUMNS, "Repeats", Role::Text, &format!("{id}, {how}"));
    }
    if let Some(retry) = &call_origin.retry {
        page.field(
            LABEL_COLUMNS,
            "Attempt",
            Role::Text,
            &format!("{}, after {:.1} s: {}", retry.attempt, retry.waited.as_secs_f64(), retry.reason),
        );
    }
}

fn bar(label: &str, part: Option<Duration>, total: Duration) -> Line {
    let line = Line::of(Role::Label, format!("{label:<LABEL_COLUMNS$}"));
    let Some(part) = part else { return line.with(Role::Dim, format!("{:>11}", "–")) };
    let cells = part.as_micros() * MAX_BAR_COLUMNS / total.as_micros().max(1);
    let cells = usize::try_from(cells.min(MAX_BAR_COLUMNS)).unwrap_or_default();
    line.with(Role::Text, format!("{:>11}  ", millis(part))).with(Role::Accent, "▪".repeat(cells))
}

/// Returns a duration in milliseconds: `0.8 ms`, `87 ms`, `1,204 ms`.
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
