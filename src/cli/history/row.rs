//! One line of the history, for people and for programs.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::cli::output::{ColorRole, Output, OutputFormat};
use crate::history::Row;
use crate::query::OutcomeKind;

/// Prints lines, and when there are none says so.
pub fn print(rows: &[Row], output: &mut Output) {
    if output.form == OutputFormat::Json {
        return rows.iter().for_each(|row| output.json(&object(row)));
    }
    if rows.is_empty() {
        output.note(&[(ColorRole::Label, "no exchange like this is kept")]);
    }
    let zone = TimeZone::system();
    for row in rows {
        line(row, &zone, output);
    }
}

/// Writes `     17  2026-11-22 12:01:07  409  otc-swr        CreateOrganization    87 ms  SVCSTG.SWR.4090060`
fn line(row: &Row, zone: &TimeZone, output: &mut Output) {
    let (ink, how) = how(row);
    let sent = row.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    let took = row.duration.map(|took| format!("{} ms", took / 1_000_000)).unwrap_or_default();
    let what = format!("  {:<14} {:<26} {took:>9}", row.provider, row.operation);
    let rest = [Some(row.profile.as_str()), row.code.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("  ");
    output.line(&[
        (ColorRole::Label, &format!("{:>7}  {sent}  ", row.id)),
        (ink, &format!("{how:<10}")),
        (ColorRole::Plain, &what),
        (ColorRole::Plain, &format!("  {rest}")),
    ]);
}

/// Returns the status, or in a word why there is none.
fn how(row: &Row) -> (ColorRole, String) {
    let ink = match row.ended {
        OutcomeKind::Success => ColorRole::Good,
        OutcomeKind::Error | OutcomeKind::Failed => ColorRole::Bad,
        OutcomeKind::Foreign | OutcomeKind::Cancelled | OutcomeKind::Unanswered => ColorRole::Warning,
    };
    let status = row.status.filter(|_| matches!(row.ended, OutcomeKind::Success | OutcomeKind::Error | OutcomeKind::Foreign));
    let word = if row.ended == OutcomeKind::Unanswered { "no answer" } else { row.ended.word() };
    (ink, status.map_or_else(|| word.to_owned(), |status| status.to_string()))
}

fn object(row: &Row) -> Value {
    #[allow(clippy::cast_precision_loss)] // a duration in milliseconds is far below 2^53
    let duration = row.duration.map(|took| (took / 1000) as f64 / 1e3);
    json!({
        "id": row.id,
        "started": row.started.to_string(),
        "provider": row.provider,
        "operation": row.operation,
        "profile": row.profile,
        "region": row.region,
        "endpoint": row.endpoint,
        "origin": row.origin,
        "by_console": row.background_call,
        "outcome": row.ended.word(),
        "status": row.status,
        "code": row.code,
        "request_id": row.request_id,
        "duration_ms": duration,
    })
}
