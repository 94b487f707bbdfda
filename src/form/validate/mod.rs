//! Checking a form against the rules of its operation. Called on every keystroke: it allocates little but for what is wrong.

mod joint;

use serde_json::{Map, Value as Json};

use super::{Diagnostic, DiagnosticKind, Form, Row, Value, json};
use crate::catalog::{Items, Parameter, Rule, Severity, Type, Violation};
use crate::text::{did_you_mean, joined, nearest, quoted};

/// Context that rules may refer to besides the values.
#[derive(Clone, Copy, Debug)]
pub struct ValidationContext<'a> {
    /// The region that the call goes to.
    pub region: &'a str,
}

/// Returns everything wrong or doubtful, in the order of the form; none means that it can be sent.
///
/// Empty texts, empty lists and JSON's `null` count as missing where something is required. Of an empty text only the length is checked.
pub fn validate(form: &Form, context: ValidationContext<'_>) -> Vec<Diagnostic> {
    let mut walk = FormValidator { context, findings: Vec::new() };
    for (parameter, value) in form.operation.parameters.iter().zip(&form.values) {
        walk.value(CheckTarget::new(parameter), value);
        walk.findings.extend(joint::findings(form, parameter));
    }
    walk.findings
}

/// The subject of a check: a parameter, an element of it, or a member of an element.
#[derive(Clone, Copy)]
struct CheckTarget<'a> {
    /// The parameter's name.
    name: &'a str,
    /// The element's number, and the member's name.
    element: Option<(usize, Option<&'a str>)>,
    /// The parameter that describes the value here: the parameter or, for a member, the member.
    like: &'a Parameter,
}

impl<'a> CheckTarget<'a> {
    fn new(parameter: &'a Parameter) -> Self {
        Self { name: &parameter.name, element: None, like: parameter }
    }

    /// Returns an element of the list. Within a member we stay at the member: a finding names no deeper place.
    fn element(self, at: usize) -> Self {
        Self { element: self.element.filter(|(_, member)| member.is_some()).or(Some((at, None))), ..self }
    }

    /// Returns a member of the object that is the element `at`, unless we are in a member already.
    fn member(self, like: &'a Parameter) -> Self {
        let element = match self.element {
            Some((at, None)) => Some((at, Some(like.name.as_str()))),
            deeper => deeper,
        };
        Self { element, like, ..self }
    }
}

struct FormValidator<'a> {
    context: ValidationContext<'a>,
    findings: Vec<Diagnostic>,
}

impl FormValidator<'_> {
    fn value(&mut self, spot: CheckTarget<'_>, value: &Value) {
        match (value, spot.like.kind) {
            (Value::Unset, _) => self.missing(spot),
            (Value::Text(text), _) => self.typed(spot, text),
            (Value::Flag(_), Type::Boolean) => {}
            (Value::Flag(_), _) => self.mismatch(spot, "a boolean"),
            (Value::List(elements), Type::List) if spot.like.items == Items::String => self.texts(spot, elements),
            (Value::List(_), _) => self.mismatch(spot, "a list of strings"),
            (Value::Rows(rows), Type::Object) => self.one_object(spot, rows),
            (Value::Rows(rows), Type::List) if spot.like.items == Items::Object => self.rows(spot, rows),
            (Value::Rows(_), _) => self.mismatch(spot, "objects"),
            (Value::Json(text), _) => self.raw(spot, text),
        }
    }

    fn missing(&mut self, spot: CheckTarget<'_>) {
        if spot.like.required {
            self.add(spot, DiagnosticKind::Missing, "required".to_owned());
        }
    }

    fn mismatch(&mut self, spot: CheckTarget<'_>, given: &str) {
        let expected = match (spot.like.kind, spot.like.items) {
            (Type::String | Type::Enum, _) => "a string",
            (Type::Boolean, _) => "true or false",
            (Type::Integer, _) => "a whole number",
            (Type::List, Items::String) => "a list of strings",
            (Type::List, Items::Object) => "a list of objects",
            (Type::Object, _) => "an object",
        };
        self.add(spot, DiagnosticKind::Type, format!("{given}, not {expected}"));
    }

    /// Adds a text as it was typed.
    fn typed(&mut self, spot: CheckTarget<'_>, text: &str) {
        match spot.like.kind {
            _ if text.is_empty() && spot.like.required => self.missing(spot),
            Type::String => self.rules(spot, &spot.like.rules, text),
            Type::Enum if self.choice(spot, text) => self.rules(spot, &spot.like.rules, text),
            Type::Enum => {}
            Type::Integer if json::whole(text).is_some() => self.rules(spot, &spot.like.rules, text),
            Type::Integer | Type::Boolean => self.mismatch(spot, &quoted(text)),
            Type::List | Type::Object => self.mismatch(spot, "a string"),
        }
    }

    /// Returns whether the text is one of the values, if there are any; a finding if it is not.
    fn choice(&mut self, spot: CheckTarget<'_>, text: &str) -> bool {
        let values = &spot.like.values;
        let fits = values.is_empty() || values.iter().any(|choice| choice.value == text);
        if !fits {
            let names = || values.iter().map(|choice| choice.value.as_str());
            let hint = match nearest(text, names()) {
                near if near.is_empty() => format!(": expected {}", joined(names().map(str::to_owned), "or")),
                near => did_you_mean(&near),
            };
            self.add(spot, DiagnosticKind::Type, format!("{} is not one of the values{hint}", quoted(text)));
        }
        fits
    }

    /// Checks a list of strings: each element, then the list if its elements are what they can be.
    fn texts<T: AsRef<str>>(&mut self, spot: CheckTarget<'_>, elements: &[T]) {
        if elements.is_empty() && spot.like.required {
            return self.missing(spot);
        }
        let mut all_fit = true;
        for (at, element) in elements.iter().enumerate() {
            let (spot, text) = (spot.element(at), element.as_ref());
            if self.choice(spot, text) {
                self.rules(spot, &spot.like.item_rules, text);
            } else {
                all_fit = false;
            }
        }
        if all_fit {
            self.list_rules(spot, elements);
        }
    }

    fn rows(&mut self, spot: CheckTarget<'_>, rows: &[Row]) {
        if rows.is_empty() && spot.like.required {
            return self.missing(spot);
        }
        let objects: Vec<Json> = rows.iter().map(|row| json::object(&spot.like.members, row).into()).collect();
        self.objects(spot, &objects);
    }

    fn one_object(&mut self, spot: CheckTarget<'_>, rows: &[Row]) {
        match rows {
            [] => self.missing(spot),
            [row] => self.object(spot.element(0), &json::object(&spot.like.members, row)),
            _ => self.mismatch(spot, "several objects"),
        }
    }

    /// Writes JSON as it was written.
    fn raw(&mut self, spot: CheckTarget<'_>, text: &str) {
        match serde_json::from_str(text) {
            Ok(json) => self.json(spot, &json),
            Err(error) => {
                let (at, message) = not_json(text, &error);
                self.findings.push(Diagnostic { at, ..finding(spot, DiagnosticKind::Type, message) });
            }
        }
    }

    fn json(&mut self, spot: CheckTarget<'_>, json: &Json) {
        match (spot.like.kind, json) {
            (_, Json::Null) => self.missing(spot),
            (Type::String | Type::Enum, Json::String(text)) => self.typed(spot, text),
            (Type::Integer, Json::Number(number)) if number.is_i64() => self.rules(spot, &spot.like.rules, &number.to_string()),
            (Type::Boolean, Json::Bool(_)) => {}
            (Type::List, Json::Array(elements)) => self.elements(spot, elements),
            (Type::Object, Json::Object(members)) => self.object(spot.element(0), members),
            (_, json) => self.mismatch(spot, &name(json)),
        }
    }

    fn elements(&mut self, spot: CheckTarget<'_>, elements: &[Json]) {
        let wrong = |element: &Json| match spot.like.items {
            Items::String => !element.is_string(),
            Items::Object => !element.is_object(),
        };
        for (at, element) in elements.iter().enumerate().filter(|(_, element)| wrong(element)) {
            self.element_mismatch(spot.element(at), &name(element));
        }
        match spot.like.items {
            _ if elements.is_empty() && spot.like.required => self.missing(spot),
            Items::Object => self.objects(spot, elements),
            Items::String if elements.iter().any(wrong) => {}
            Items::String => {
                let texts: Vec<&str> = elements.iter().filter_map(Json::as_str).collect();
                self.texts(spot, &texts);
            }
        }
    }

    fn element_mismatch(&mut self, spot: CheckTarget<'_>, given: &str) {
        let expected = if spot.like.items == Items::Object { "an object" } else { "a string" };
        self.add(spot, DiagnosticKind::Type, format!("{given}, not {expected}"));
    }

    fn objects(&mut self, spot: CheckTarget<'_>, elements: &[Json]) {
        for (at, members) in elements.iter().enumerate().filter_map(|(at, element)| Some((at, element.as_object()?))) {
            self.object(spot.element(at), members);
        }
        if !spot.like.rules.is_empty() {
            let texts: Vec<String> = elements.iter().map(Json::to_string).collect();
            self.list_rules(spot, &texts);
        }
    }

    fn object(&mut self, spot: CheckTarget<'_>, members: &Map<String, Json>) {
        for like in &spot.like.members {
            self.json(spot.member(like), members.get(&like.name).unwrap_or(&Json::Null));
        }
        let declared = || spot.like.members.iter().map(|member| member.name.as_str());
        let extra = |name: &&String| !spot.like.members.is_empty() && !declared().any(|declared| declared == *name);
        for name in members.keys().filter(extra) {
            let hint = did_you_mean(&nearest(name, declared()));
            self.add(spot, DiagnosticKind::Type, format!("there is no member {}{hint}", quoted(name)));
        }
    }

    fn rules(&mut self, spot: CheckTarget<'_>, rules: &[Rule], text: &str) {
        for rule in rules {
            if let Some(violation) = rule.text(text, self.context.region) {
                self.broken(spot, rule, violation);
            }
        }
    }

    fn list_rules<T: AsRef<str>>(&mut self, spot: CheckTarget<'_>, elements: &[T]) {
        for rule in &spot.like.rules {
            if let Some(violation) = rule.list(elements) {
                self.broken(spot, rule, violation);
            }
        }
    }

    fn broken(&mut self, spot: CheckTarget<'_>, rule: &Rule, violation: Violation) {
        self.findings.push(Diagnostic {
            severity: rule.severity,
            at: violation.at,
            source: rule.source.clone(),
            code: rule.code.clone(),
            ..finding(spot, DiagnosticKind::Rule, violation.message)
        });
    }

    fn add(&mut self, spot: CheckTarget<'_>, kind: DiagnosticKind, message: String) {
        self.findings.push(finding(spot, kind, message));
    }
}

fn finding(spot: CheckTarget<'_>, kind: DiagnosticKind, message: String) -> Diagnostic {
    Diagnostic {
        parameter: spot.name.to_owned(),
        element: spot.element.map(|(at, member)| (at, member.map(str::to_owned))),
        kind,
        severity: Severity::Error,
        message,
        at: None,
        source: None,
        code: None,
    }
}

/// Returns the position, in characters of the whole text, at which JSON ends early, and the reason.
fn not_json(text: &str, error: &serde_json::Error) -> (Option<usize>, String) {
    let lines_before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = lines_before + error.column().saturating_sub(1);
    let at = text.char_indices().skip(1).take_while(|(start, _)| *start <= offset).count();
    let message_text = error.to_string();
    let reason = message_text.rsplit_once(" at line ").map_or(&*message_text, |(reason, _)| reason);
    if text.is_empty() { (None, "not JSON: nothing is there".to_owned()) } else { (Some(at), format!("not JSON at {}: {reason}", at + 1)) }
}

/// Returns a JSON value's type, for a sentence.
fn name(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(_) => "a boolean".to_owned(),
        Json::Number(_) => "a number".to_owned(),
        Json::String(text) => format!("the text {}", quoted(text)),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
    }
}
