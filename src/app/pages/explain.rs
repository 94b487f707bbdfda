//! What a failure means: the likely cause first, then what the vendor says and what it means, then what was checked.

use super::{LABEL_COLUMNS, Line, Page, Role, masked, waiting};
use crate::app::keys::{Action, KeyMap};
use crate::catalog::{Operation, Provider};
use crate::exchange::Exchange;
use crate::explain::{Checked, Explanation, ExplanationContext, MIN_REPORTED_SKEW_SECONDS, State, clock_skew, explain_with};
use crate::redact::Redactor;

/// An exchange and what is known about it.
pub struct ExplainedExchange<'a> {
    /// The provider called; `None` when its file is not read or gone.
    pub provider: Option<&'a Provider>,
    /// The operation called; `None` for a token request.
    pub operation: Option<&'a Operation>,
    /// The keys.
    pub keys: &'a KeyMap,
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The context of the explanation.
    pub known: ExplanationContext<'a>,
    /// The redactor that masks secrets; `None` when they are revealed.
    pub redactor: Option<&'a Redactor>,
    /// Set when calls are signed by the server's clock meanwhile.
    pub by_server: bool,
}

impl ExplainedExchange<'_> {
    /// Returns what a failure means, without the secrets that the vendor's own words may hold.
    pub(super) fn explained(&self) -> Option<Explanation> {
        let mut explained = explain_with(self.provider?, self.operation, self.exchange, &self.known)?;
        for text in explained.texts_mut() {
            *text = masked(text, self.redactor);
        }
        Some(explained)
    }
}

/// Adds the explanation of an exchange, or that none is needed.
pub fn explain(page: &mut Page, subject: &ExplainedExchange<'_>) {
    if subject.exchange.in_flight() {
        return page.text(Role::Dim, &waiting(subject.keys));
    }
    let Some(explained) = subject.explained() else { return success(page, subject) };
    page.line(Line::of(Role::Failure, "✗ ").with(Role::Heading, &explained.summary).hanging(2));
    if let Some(likely) = explained.likely() {
        page.gap();
        cause(page, likely);
        keys(page, likely, &explained, subject);
    }
    page.gap();
    if !explained.vendor.is_empty() {
        page.field(LABEL_COLUMNS, "Vendor", Role::Text, &explained.vendor);
    }
    details(page, &explained, explained.likely(), subject.keys);
    checklist(page, &explained);
}

fn success(page: &mut Page, subject: &ExplainedExchange<'_>) {
    page.line(Line::of(Role::Success, "✓ ").with(Role::Text, "The call succeeded: there is nothing to explain."));
    if let Some(skew) = skew(subject.exchange) {
        let side = if skew > 0 { "behind" } else { "ahead of" };
        let key = subject.keys.hint(Action::ServerClock);
        let until = if subject.by_server {
            format!("until then calls are signed by the server's ({key} is on)")
        } else {
            format!("or sign by the server's ({key})")
        };
        let words = format!("This machine's clock is {} s {side} the server's: set it before it is refused; {until}.", skew.unsigned_abs());
        page.line(Line::of(Role::Warning, "! ").with(Role::Text, words).hanging(2));
    }
}

/// Adds cause, remedy and field, as the envelope view repeats them; before them the likely cause, where the code does not say it.
pub(super) fn verdict(page: &mut Page, explained: &Explanation, subject: &ExplainedExchange<'_>) {
    page.gap();
    if let Some(hint) = explained.hint() {
        cause(page, hint);
        keys(page, hint, explained, subject);
        page.gap();
    }
    details(page, explained, explained.hint(), subject.keys);
}

fn cause(page: &mut Page, likely: &Checked) {
    page.field(LABEL_COLUMNS, "Likely cause", Role::Heading, &likely.says);
    page.field(LABEL_COLUMNS, "Remedy", Role::Accent, &likely.remedy);
}

fn keys(page: &mut Page, likely: &Checked, explained: &Explanation, subject: &ExplainedExchange<'_>) {
    if let Some(words) = offer(likely.name, explained, subject) {
        page.field(LABEL_COLUMNS, "Keys", Role::Text, &words);
    }
}

/// Returns the keys offered after a wrong access key.
pub(super) fn another_key(keys: &KeyMap) -> String {
    let [other, profile, again] = [Action::OtherKey, Action::Profile, Action::SendAgain].map(|action| keys.hint(action));
    format!("{other} another key for this session, {profile} another profile; {again} sends again")
}

/// Returns what this console offers against a cause, by the name of the check that found it, as things stand.
fn offer(check: &str, explained: &Explanation, subject: &ExplainedExchange<'_>) -> Option<String> {
    let [clock, again, persist] = [Action::ServerClock, Action::SendAgain, Action::SendWithRetries].map(|action| subject.keys.hint(action));
    Some(match check {
        "clock" if subject.by_server => format!("signed by the server's clock; {clock} turns back to this machine's; {again} sends again"),
        "clock" if skew(subject.exchange).is_none() => format!("{again} sends again, with this machine's date"),
        "clock" => format!("{clock} signs by the server's clock until ours is set; {again} sends again"),
        "key" | "white space" | "signature" => another_key(subject.keys),
        "throttling" if explained.wait.is_some() => {
            format!("{persist} sends the form and waits as long as asked (a minute at most); {again} sends again")
        }
        "throttling" => format!("{persist} sends the form, up to three times more, after a longer wait each time; {again} sends again"),
        _ => return None,
    })
}

/// Returns how far the clocks are apart by an exchange, where that is worth a word.
fn skew(exchange: &Exchange) -> Option<i64> {
    clock_skew(exchange).filter(|skew| skew.abs() > MIN_REPORTED_SKEW_SECONDS)
}

/// Adds what the catalog says; the remedy only where `checked` did not.
fn details(page: &mut Page, explained: &Explanation, checked: Option<&Checked>, keys: &KeyMap) {
    page.field(LABEL_COLUMNS, "Cause", Role::Text, &explained.cause);
    if checked.is_none_or(|checked| checked.remedy != explained.remedy) {
        page.field(LABEL_COLUMNS, "Remedy", Role::Text, &explained.remedy);
    }
    if let Some(parameter) = &explained.parameter {
        page.field(LABEL_COLUMNS, "Field", Role::Accent, &format!("{parameter}   ({} goes there)", keys.hint(Action::JumpToField)));
    }
    if let Some(permission) = &explained.permission {
        page.field(LABEL_COLUMNS, "Permission", Role::Text, permission);
    }
    if let Some(policy) = explained.missing.as_ref().and_then(|missing| missing.policy.as_ref()) {
        page.field(LABEL_COLUMNS, "Policy", Role::Text, policy);
        page.field(LABEL_COLUMNS, "", Role::Dim, "(our suggestion, not the vendor's: it allows this one action)");
    }
    if explained.transient {
        page.field(LABEL_COLUMNS, "Again?", Role::Text, "the same call may succeed a little later");
    }
    if let Some(unlisted) = explained.catalog_note() {
        page.field(LABEL_COLUMNS, "Catalog", Role::Dim, &unlisted);
    }
    if let Some(source) = &explained.source {
        page.field(LABEL_COLUMNS, "Source", Role::Dim, source);
    }
}

/// Adds what was checked, a line each. What stands above already is not repeated.
fn checklist(page: &mut Page, explained: &Explanation) {
    if explained.checks.is_empty() {
        return;
    }
    page.heading("Checked");
    for checked in &explained.checks {
        let likely = explained.likely() == Some(checked);
        let says = if likely { "the likely cause, above" } else { checked.says.as_str() };
        let role = if checked.state == State::Idle { Role::Dim } else { Role::Text };
        let line = Line::of(sign_role(checked.state), format!("{} ", checked.state.sign()));
        page.line(line.with(Role::Label, format!("{:<12}", checked.name)).with(role, says).hanging(LABEL_COLUMNS));
    }
}

fn sign_role(state: State) -> Role {
    match state {
        State::Idle => Role::Dim,
        State::Fine => Role::Success,
        State::Odd => Role::Warning,
        State::Found => Role::Failure,
    }
}
