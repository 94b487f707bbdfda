//! A field's documentation: meaning, rules, example, default, warnings.

use super::{LABEL_COLUMNS, Line, Page, Role};
use crate::catalog::{NoteKind, Operation, Parameter, Rule, Severity};

/// Adds the documentation of a parameter.
pub fn field(page: &mut Page, operation: &Operation, parameter: &Parameter) {
    let required = if parameter.required { "required" } else { "optional" };
    page.line(
        Line::of(Role::Heading, &parameter.name)
            .with(Role::Dim, format!("   {}, {required}, in the {}", parameter.kind.name(), parameter.place.name())),
    );
    page.gap();
    page.text(Role::Text, &parameter.help);
    values(page, parameter);
    facts(page, parameter);
    rules(page, parameter);
    notes(page, parameter);
    for member in &parameter.members {
        page.heading(&format!("{}.{}", parameter.name, member.name));
        page.text(Role::Text, &member.help);
        rules(page, member);
        notes(page, member);
    }
    errors(page, operation, parameter);
    if let Some(link) = &operation.link {
        page.gap();
        page.line(Line::of(Role::Dim, link));
    }
}

fn values(page: &mut Page, parameter: &Parameter) {
    if !parameter.values.is_empty() {
        page.heading("Values");
    }
    for choice in &parameter.values {
        page.field(LABEL_COLUMNS, &choice.value, Role::Text, &choice.help);
    }
}

fn facts(page: &mut Page, parameter: &Parameter) {
    page.gap();
    if let Some(default) = &parameter.default {
        page.field(LABEL_COLUMNS, "Default", Role::Text, &format!("{} (the vendor's, when nothing is sent)", plain(default)));
    }
    if let Some(example) = &parameter.example {
        page.field(LABEL_COLUMNS, "Example", Role::String, &plain(example));
    }
}

/// Returns a value of the catalog as an operator would type it.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

fn rules(page: &mut Page, parameter: &Parameter) {
    if parameter.rules.is_empty() && parameter.item_rules.is_empty() {
        return;
    }
    page.heading("Rules");
    for rule in &parameter.rules {
        page.line(rule_line(rule, ""));
    }
    for rule in &parameter.item_rules {
        page.line(rule_line(rule, "each: "));
    }
}

fn rule_line(rule: &Rule, prefix: &str) -> Line {
    let (weight, mark) = match rule.severity {
        Severity::Error => (Role::Text, "· "),
        Severity::Warning => (Role::Warning, "! "),
    };
    let mut line = Line::of(weight, mark).with(weight, format!("{prefix}{}", rule.describe())).hanging(2);
    if let Some(source) = &rule.source {
        line.push(Role::Dim, &format!("  ({source})"));
    }
    line
}

fn notes(page: &mut Page, parameter: &Parameter) {
    for note in &parameter.notes {
        let role = if note.kind == NoteKind::Hint { Role::Accent } else { Role::Warning };
        page.gap();
        let mut line = Line::of(role, note.kind.name()).with(Role::Text, ": ").with(Role::Text, &note.text).hanging(2);
        if let Some(source) = &note.source {
            line.push(Role::Dim, &format!("  ({source})"));
        }
        page.line(line);
    }
}

fn errors(page: &mut Page, operation: &Operation, parameter: &Parameter) {
    let about: Vec<_> = operation.errors.iter().filter(|error| error.parameter.as_deref() == Some(&parameter.name)).collect();
    if !about.is_empty() {
        page.heading("Errors that speak of it");
    }
    for error in about {
        page.line(Line::of(Role::Dim, format!("{} ", error.status)).with(Role::Text, &error.code));
        page.line(Line::of(Role::Dim, "    ").with(Role::Dim, &error.cause).hanging(4));
    }
}
