//! What the laboratory found about a signature: the cause, and two texts side by side.

use super::explain::another_key;
use super::{LABEL_COLUMNS, Line, Page, Role, masked};
use crate::app::keys::KeyMap;
use crate::explain::Explanation;
use crate::lab::{Cause, Certainty, Comparison, Part, SignatureComparison};
use crate::redact::Redactor;
use crate::visible::around;

/// The column at which the sides of a difference stand.
const SIDE_COLUMN: usize = 10;

/// Adds the cause of a refused signature, with ours and the server's text.
pub(super) fn finding(page: &mut Page, finding: &SignatureComparison, keys: &KeyMap, redactor: Option<&Redactor>) {
    causes(page, &finding.causes, redactor);
    if finding.causes.first().is_some_and(|cause| cause.fault.id == "wrong-secret") {
        page.line(Line::of(Role::Label, "  Keys    ").with(Role::Text, another_key(keys)).hanging(10));
    }
    comparison(page, "Ours, and the server's", "server", &finding.comparison, redactor);
}

/// Adds what was found, the first as the answer.
pub(super) fn causes(page: &mut Page, causes: &[Cause], redactor: Option<&Redactor>) {
    for (at, cause) in causes.iter().enumerate() {
        let role = match cause.certainty {
            Certainty::Noted => Role::Dim,
            Certainty::Seen | Certainty::Proven if at == 0 => Role::Failure,
            Certainty::Seen | Certainty::Proven => Role::Warning,
        };
        let mark = if cause.certainty == Certainty::Noted { "· " } else { "✗ " };
        page.line(Line::of(role, mark).with(role, cause.named()).with(Role::Text, format!(": {}", cause.fault.title)).hanging(2));
        if !cause.detail.is_empty() {
            page.line(Line::of(Role::Dim, format!("  {}", masked(&cause.detail, redactor))).hanging(2));
        }
        if cause.certainty != Certainty::Noted {
            page.line(Line::of(Role::Label, "  Remedy  ").with(Role::Text, cause.fault.remedy).hanging(10));
        }
    }
}

/// Adds where the answer tells why the signature was refused: a line that says so, and where to look.
pub(super) fn pointer(page: &mut Page, explained: &Explanation) {
    if let Some(cause) = &explained.signature {
        page.field(LABEL_COLUMNS, "Signature", Role::Accent, &format!("{}   (the signing view shows both texts)", cause.named()));
    }
}

/// Adds two texts line by line: what differs to the byte, what is alike folded.
pub(super) fn comparison(page: &mut Page, title: &str, other: &str, comparison: &Comparison, redactor: Option<&Redactor>) {
    let same = comparison.parts.iter().all(Part::same);
    page.heading(&if same { format!("{title}: the same, byte for byte") } else { title.to_owned() });
    for run in comparison.parts.chunk_by(|one, next| one.same() && next.same()) {
        if run[0].same() {
            alike(page, run);
        } else if run[0].follows() && comparison.first_difference() != Some(&run[0]) {
            page.line(Line::of(Role::Dim, format!("≠ {}: it follows from the lines above", run[0].name)));
        } else {
            for part in run {
                difference(page, part, other, redactor);
            }
        }
    }
}

/// Lines that are alike, by their names.
fn alike(page: &mut Page, parts: &[Part]) {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    let lines = if parts.len() == 1 { "line" } else { "lines" };
    page.line(Line::of(Role::Dim, format!("… {} {lines} alike: {}", parts.len(), names.join(", "))).hanging(2));
}

fn difference(page: &mut Page, part: &Part, other: &str, redactor: Option<&Redactor>) {
    page.line(Line::of(Role::Warning, format!("≠ {}", part.name)));
    let room = page.width().checked_sub(SIDE_COLUMN).filter(|_| page.width() > 0).unwrap_or(usize::MAX);
    for (side, value) in [("ours", &part.ours), (other, &part.theirs)] {
        let label = Line::of(Role::Label, format!("  {side:<width$}", width = SIDE_COLUMN - 2));
        page.line(match value {
            Some(value) => label.with(Role::Text, around(&line(&part.name, value, redactor), part.at.unwrap_or_default(), room).0),
            None => label.with(Role::Dim, "(not there)"),
        });
    }
    mark(page, part, room, redactor);
}

/// Adds the character under the first byte that differs; where that lies inside something masked, words in its place.
fn mark(page: &mut Page, part: &Part, room: usize, redactor: Option<&Redactor>) {
    let (Some(at), Some(ours)) = (part.at, &part.ours) else { return };
    let shown = line(&part.name, ours, redactor);
    let words = format!("^ byte {}", at + 1);
    if ours.get(..at) != shown.get(..at) {
        return page.text(Role::Dim, &format!("{}(byte {}, in or after masked text)", " ".repeat(SIDE_COLUMN), at + 1));
    }
    let column = around(&shown, at, room).1;
    // Where there is no room for the words at the right of the sign they stand at its left.
    let (column, words) =
        if column + words.len() <= room { (column, words) } else { (column.saturating_sub(words.len() - 1), format!("byte {} ^", at + 1)) };
    page.line(Line::of(Role::Failure, " ".repeat(SIDE_COLUMN + column) + &words));
}

/// Returns the value of a named line with what is secret in it masked, by the name of its header too.
pub(super) fn line(name: &str, value: &str, redactor: Option<&Redactor>) -> String {
    redactor.map_or_else(|| value.to_owned(), |redactor| redactor.named_line(name, value))
}
