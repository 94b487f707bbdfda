//! A request that was signed elsewhere: whether it verifies, and if not why.

use super::signature_comparison::{causes, comparison};
use super::signing::named_line;
use super::{LABEL_COLUMNS, Line, Page, Role, masked, signature_comparison};
use crate::app::keys::{Action, KeyMap};
use crate::app::laboratory::{ExaminationReport, Stage};
use crate::lab::{Report, ScopeParts, Verdict};
use crate::redact::Redactor;

/// Adds the state of the laboratory.
pub fn laboratory(page: &mut Page, stage: &Stage, keys: &KeyMap, redactor: Option<&Redactor>) {
    match stage {
        Stage::Empty => invitation(page),
        Stage::Examining => {
            page.text(Role::Text, "Examining it: where the signature is wrong, every known mistake is tried, alone and in pairs…");
        }
        Stage::Done(Err(reason)) => {
            page.line(Line::of(Role::Failure, "✗ It cannot be read.").hanging(2));
            page.text(Role::Text, &masked(&reason.to_string(), redactor));
            page.gap();
            invitation(page);
        }
        Stage::Done(Ok(examined)) => report(page, examined, keys, redactor),
    }
}

fn invitation(page: &mut Page) {
    page.text(Role::Text, "Paste a signed request here: raw HTTP, a curl command, or a HAR file with one entry.");
    page.gap();
    page.text(
        Role::Dim,
        "It is examined with the profile's keys, and nothing is sent: whether its signature verifies, and if not, which mistake gives it.",
    );
}

fn report(page: &mut Page, examined: &ExaminationReport, keys: &KeyMap, redactor: Option<&Redactor>) {
    let report = &examined.report;
    verdict(page, report);
    causes(page, &report.causes, redactor);
    if !report.checked.is_empty() && report.signed.is_none() {
        let words = format!("{} ways to sign wrongly were tried: {}", report.tried, report.checked.join("; "));
        page.line(Line::of(Role::Dim, format!("· {words}")).hanging(2));
    }
    identity(page, examined, redactor);
    let sides = [("What should be signed, and what was", "signed", &report.signed), ("Ours, and the server's", "server", &report.server)];
    for (title, other, sides) in sides {
        if let Some(sides) = sides {
            comparison(page, title, other, sides, redactor);
        }
    }
    if report.signed.is_none() && report.server.is_none() {
        texts(page, report, redactor);
    }
    page.gap();
    let key = keys.hint(Action::EditAgain);
    let words = format!("{key} puts it into its form, to be signed again with the profile's key. Pasting another request examines that.");
    page.text(Role::Dim, &words);
}

fn verdict(page: &mut Page, report: &Report) {
    let (role, mark) = match report.verdict {
        Verdict::Verifies => (Role::Success, '✓'),
        Verdict::Fails => (Role::Failure, '✗'),
        Verdict::Open | Verdict::NoSignature | Verdict::NotVerified => (Role::Warning, '!'),
    };
    let words = report.summary();
    let (first, rest) = words.split_at(1);
    page.line(Line::of(role, format!("{mark} {}{rest}.", first.to_uppercase())).hanging(2));
    if let Some(cause) = report.refused_for() {
        page.line(Line::of(Role::Failure, format!("  refused-for: {}", cause.fault.id)).hanging(2));
    }
}

fn identity(page: &mut Page, examined: &ExaminationReport, redactor: Option<&Redactor>) {
    page.heading("The request");
    let request = &examined.request;
    let mut fields = vec![("Request", format!("{} {} ({})", request.method, request.target, examined.input_format.name()))];
    if let Some(claim) = &examined.report.claim {
        let vendors: Vec<&str> = claim.scheme.vendors().iter().map(|vendor| vendor.title()).collect();
        fields.push(("Scheme", format!("{} ({})", claim.scheme.name(), vendors.join(", "))));
        fields.push(("Key id", claim.key_id.clone()));
        fields.extend(claim.scope.as_ref().map(|scope| ("Scope", ScopeParts::text(scope))));
        fields.push(("Signed", claim.names.join("; ")));
        fields.push(("Signature", claim.signature.clone()));
    }
    fields.extend(examined.notes.iter().map(|note| ("Note", note.clone())));
    for (label, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        page.field(LABEL_COLUMNS, label, Role::Text, &masked(&value, redactor));
    }
}

/// Adds the texts as they should be signed, every line with its name.
fn texts(page: &mut Page, report: &Report, redactor: Option<&Redactor>) {
    let (Some(claim), Some(recomputed)) = (&report.claim, &report.recomputed) else { return };
    page.heading("What should be signed");
    for (name, value) in recomputed.named_lines(claim) {
        named_line(page, &name, &signature_comparison::line(&name, &value, redactor));
    }
    if let Some(signature) = &recomputed.signature {
        page.gap();
        page.field(LABEL_COLUMNS, "Signature", Role::Success, signature);
    }
}
