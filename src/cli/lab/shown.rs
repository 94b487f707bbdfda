//! An examination for people: what it is, what was found, and the texts side by side.

use super::ExaminationReport;
use crate::cli::output::{ColorRole, Output};
use crate::lab::{Cause, Certainty, Comparison, Part, Report, Verdict};
use crate::visible::{around, visible_line};

/// The part of a long line that is shown around a difference, in columns.
const CONTEXT_COLUMNS: usize = 180;

pub(super) fn print(examined: &ExaminationReport, output: &mut Output) {
    for note in &examined.notes {
        output.note(&[(ColorRole::Label, "note: "), (ColorRole::Plain, note)]);
    }
    identity(examined, output);
    let report = &examined.report;
    verdict(report, output);
    for (at, cause) in report.causes.iter().enumerate() {
        print_cause(cause, at == 0, output);
    }
    if !report.checked.is_empty() && report.signed.is_none() {
        field("checked", &format!("{} ways to sign wrongly: {}", report.tried, report.checked.join("; ")), output);
    }
    let sides = [("what should be signed, and what was", "signed", &report.signed), ("ours, and the server's", "server", &report.server)];
    for (title, other, comparison) in sides {
        if let Some(comparison) = comparison {
            side_by_side(title, other, comparison, output);
        }
    }
    if report.signed.is_none() && report.server.is_none() {
        texts(report, output);
    }
}

fn field(name: &str, text: &str, output: &mut Output) {
    output.line(&[(ColorRole::Label, &format!("{name:<11}")), (ColorRole::Plain, text)]);
}

fn identity(examined: &ExaminationReport, output: &mut Output) {
    let request = &examined.request;
    field("request", &format!("{} {} ({})", request.method, request.target, examined.pasted.input_format.name()), output);
    let Some(claim) = &examined.report.claim else { return };
    let vendors: Vec<&str> = claim.scheme.vendors().iter().map(|vendor| vendor.title()).collect();
    field("scheme", &format!("{} ({})", claim.scheme.name(), vendors.join(", ")), output);
    field("key id", &claim.key_id, output);
    if let Some(scope) = &claim.scope {
        field("scope", &scope.text(), output);
    }
    if !claim.names.is_empty() {
        field("signed", &claim.names.join(";"), output);
    }
    field("signature", &claim.signature, output);
}

fn verdict(report: &Report, output: &mut Output) {
    let role = match report.verdict {
        Verdict::Verifies => ColorRole::Good,
        Verdict::Fails => ColorRole::Bad,
        Verdict::Open | Verdict::NoSignature | Verdict::NotVerified => ColorRole::Warning,
    };
    output.line(&[(ColorRole::Label, "verdict    "), (role, report.summary())]);
    if let Some(cause) = report.refused_for() {
        let detail = visible_line(&cause.detail);
        output.line(&[(ColorRole::Label, "refused-for: "), (ColorRole::Bad, cause.fault.id), (ColorRole::Plain, &format!(" ({detail})"))]);
    }
}

fn print_cause(cause: &Cause, first: bool, output: &mut Output) {
    let (name, role) = match cause.certainty {
        Certainty::Noted => ("noted", ColorRole::Label),
        _ if first => ("cause", ColorRole::Bad),
        _ => ("and", ColorRole::Bad),
    };
    let certainty = if cause.certainty == Certainty::Noted { String::new() } else { format!(" ({})", cause.certainty.name()) };
    output.line(&[
        (ColorRole::Label, &format!("{name:<11}")),
        (role, cause.fault.id),
        (ColorRole::Plain, &format!("{certainty}: {}", cause.fault.title)),
    ]);
    if !cause.detail.is_empty() {
        field("", &visible_line(&cause.detail), output);
    }
    if cause.certainty != Certainty::Noted {
        field("remedy", cause.fault.remedy, output);
    }
}

/// Adds the recomputed texts, every line with its name.
fn texts(report: &Report, output: &mut Output) {
    let (Some(claim), Some(recomputed)) = (&report.claim, &report.recomputed) else { return };
    heading("what should be signed", output);
    for (name, value) in recomputed.named_lines(claim) {
        output.line(&[
            (ColorRole::Label, &format!("  {name:<34}")),
            (ColorRole::Plain, &visible_line(&output.redactor().named_line(&name, &value))),
        ]);
    }
    if let Some(signature) = &recomputed.signature {
        output.line(&[(ColorRole::Label, &format!("  {:<34}", "signature")), (ColorRole::Plain, signature)]);
    }
}

fn heading(title: &str, output: &mut Output) {
    output.plain("");
    output.line(&[(ColorRole::Label, &format!("--- {title} ---"))]);
}

fn side_by_side(title: &str, other: &str, comparison: &Comparison, output: &mut Output) {
    heading(title, output);
    let mut first = true;
    for part in &comparison.parts {
        if part.same() {
            let value = output.redactor().named_line(&part.name, part.ours.as_deref().unwrap_or_default());
            output.line(&[(ColorRole::Label, &format!("  {:<34}", part.name)), (ColorRole::Plain, &around(&value, 0, CONTEXT_COLUMNS).0)]);
            continue;
        }
        output.line(&[(ColorRole::Bad, &format!("! {}", part.name))]);
        pair(part, other, output);
        if first && part.at.is_some() {
            mark(part, output);
        }
        first = false;
    }
}

fn pair(part: &Part, other: &str, output: &mut Output) {
    for (name, value) in [("ours", &part.ours), (other, &part.theirs)] {
        let shown = match value {
            Some(value) => around(&output.redactor().named_line(&part.name, value), part.at.unwrap_or_default(), CONTEXT_COLUMNS).0,
            None => "(not there)".to_owned(),
        };
        output.line(&[(ColorRole::Label, &format!("    {name:<8}")), (ColorRole::Plain, &shown)]);
    }
}

/// Adds the character under the first byte that differs; where it lies inside something covered, words in its place.
fn mark(part: &Part, output: &mut Output) {
    let (Some(at), Some(ours)) = (part.at, &part.ours) else { return };
    let shown = output.redactor().named_line(&part.name, ours);
    if ours.get(..at) != shown.get(..at) {
        return output.plain("            (the difference lies in or after masked text)");
    }
    let column = around(&shown, at, CONTEXT_COLUMNS).1;
    output.line(&[(ColorRole::Plain, &" ".repeat(12 + column)), (ColorRole::Bad, &format!("^ byte {}", at + 1))]);
}
