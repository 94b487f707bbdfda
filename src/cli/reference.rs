//! An operation in full, as the catalog has it: for people, and as an object.

use serde_json::{Value, json};

use super::output::{ColorRole, Output};
use crate::catalog::{Answer, ErrorCode, Note, Operation, Parameter, Provider, Rule, Severity};

fn optional(name: &str, text: Option<&str>, output: &mut Output) {
    if let Some(text) = text {
        output.field(name, text);
    }
}

/// Prints an operation: what it does, its parameters with their rules, its answer, its errors.
pub fn print(provider: &Provider, operation: &Operation, output: &mut Output) {
    output.line(&[(ColorRole::Good, &operation.id), (ColorRole::Plain, &format!("  {}", operation.title))]);
    output.field("request", &format!("{} {}", operation.method, operation.path));
    output.field("api", &format!("{} {}", provider.product, provider.version));
    if !operation.help.is_empty() {
        output.field("does", &operation.help);
    }
    output.field("changes", if operation.changes { "yes: guards apply" } else { "nothing" });
    optional("permission", operation.permission.as_deref(), output);
    optional("page", operation.link.as_deref(), output);
    notes(&operation.notes, "", output);
    heading("Parameters", output);
    operation.parameters.iter().for_each(|parameter| print_parameter(parameter, "  ", output));
    for joint in &operation.joints {
        rule(&joint.otherwise, joint.severity, "  ", output);
    }
    heading("Answer", output);
    operation.answers.iter().for_each(|answer| print_answer(answer, output));
    heading("Errors", output);
    operation.errors.iter().chain(&provider.errors).for_each(|error| print_error(error, output));
}

fn heading(title: &str, output: &mut Output) {
    output.plain("");
    output.line(&[(ColorRole::Label, title)]);
}

fn print_parameter(parameter: &Parameter, indent: &str, output: &mut Output) {
    let required = if parameter.required { "required" } else { "optional" };
    let facts = format!("  {}, {required}, in the {}", parameter.kind.name(), parameter.place.name());
    output.line(&[(ColorRole::Plain, indent), (ColorRole::Good, &parameter.name), (ColorRole::Label, &facts)]);
    let inner = format!("{indent}    ");
    output.plain(&format!("{inner}{}", parameter.help));
    let values: Vec<&str> = parameter.values.iter().map(|choice| choice.value.as_str()).collect();
    let (default, example) = (parameter.default.as_ref().map(typed), parameter.example.as_ref().map(typed));
    let facts = [("values", (!values.is_empty()).then(|| values.join(", "))), ("default", default), ("example", example)];
    for (name, text) in facts.into_iter().filter_map(|(name, text)| text.map(|text| (name, text))) {
        output.line(&[(ColorRole::Plain, &inner), (ColorRole::Label, &format!("{name}: ")), (ColorRole::Plain, &text)]);
    }
    parameter.rules.iter().for_each(|one| rule(&one.describe(), one.severity, &inner, output));
    parameter.item_rules.iter().for_each(|one| rule(&format!("each: {}", one.describe()), one.severity, &inner, output));
    notes(&parameter.notes, &inner, output);
    parameter.members.iter().for_each(|member| print_parameter(member, &inner, output));
}

fn rule(sentence: &str, severity: Severity, indent: &str, output: &mut Output) {
    match severity {
        Severity::Error => output.plain(&format!("{indent}- {sentence}")),
        Severity::Warning => output.line(&[(ColorRole::Plain, indent), (ColorRole::Warning, "- warning: "), (ColorRole::Plain, sentence)]),
    }
}

fn notes(notes: &[Note], indent: &str, output: &mut Output) {
    for note in notes {
        output.line(&[
            (ColorRole::Plain, indent),
            (ColorRole::Warning, &format!("{}: ", note.kind.name())),
            (ColorRole::Plain, &note.text),
        ]);
    }
}

fn print_answer(answer: &Answer, output: &mut Output) {
    output.line(&[(ColorRole::Plain, "  "), (ColorRole::Good, &answer.path), (ColorRole::Label, &format!("  {}", answer.kind.name()))]);
    output.plain(&format!("      {}", answer.help));
}

fn print_error(error: &ErrorCode, output: &mut Output) {
    output.line(&[(ColorRole::Plain, "  "), (ColorRole::Label, &format!("{} ", error.status)), (ColorRole::Bad, &error.code)]);
    output.plain(&format!("      {}", error.cause));
    output.line(&[(ColorRole::Plain, "      "), (ColorRole::Label, "remedy: "), (ColorRole::Plain, &error.remedy)]);
}

/// Returns a value of the catalog as an operator would type it.
fn typed(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => json_of(other).to_string(),
    }
}

fn json_of(value: &toml::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Returns an operation as an object.
pub fn object(provider: &Provider, operation: &Operation) -> Value {
    json!({
        "provider": provider.id,
        "id": operation.id,
        "title": operation.title,
        "help": operation.help,
        "changes": operation.changes,
        "method": operation.method,
        "path": operation.path,
        "permission": operation.permission,
        "link": operation.link,
        "notes": operation.notes,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "joint_rules": operation.joints.iter().map(|joint| json!({ "text": joint.otherwise, "severity": joint.severity })).collect::<Vec<_>>(),
        "answer": operation.answers.iter().map(|answer| json!({ "path": answer.path, "type": answer.kind.name(), "help": answer.help })).collect::<Vec<_>>(),
        "errors": operation.errors.iter().chain(&provider.errors).collect::<Vec<_>>(),
    })
}

fn parameter(parameter: &Parameter) -> Value {
    let mut object = json!({
        "name": parameter.name,
        "in": parameter.place.name(),
        "type": parameter.kind.name(),
        "required": parameter.required,
        "help": parameter.help,
        "rules": parameter.rules.iter().map(|one| rule_object(one, false)).chain(parameter.item_rules.iter().map(|one| rule_object(one, true))).collect::<Vec<_>>(),
    });
    let lists = [
        ("values", json!(parameter.values)),
        ("members", parameter.members.iter().map(self::parameter).collect()),
        ("notes", json!(parameter.notes)),
    ];
    let single = [("default", &parameter.default), ("example", &parameter.example)];
    let lists = lists.into_iter().filter(|(_, list)| list.as_array().is_some_and(|list| !list.is_empty()));
    for (name, value) in single.into_iter().filter_map(|(name, value)| Some((name, json_of(value.as_ref()?)))).chain(lists) {
        object[name] = value;
    }
    object
}

fn rule_object(rule: &Rule, each: bool) -> Value {
    json!({ "text": rule.describe(), "severity": rule.severity, "each": each, "code": rule.code })
}
