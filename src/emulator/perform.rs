//! Carrying an operation out: check the parameters, derive the resource, keep it, answer.

use serde_json::{Map, Value};

use super::accounts::Caller;
use super::facts::{Facts, Station};
use super::ids::Ids;
use super::refusal::Refusal;
use super::template::{as_text, evaluate};
use super::world::{Candidate, Properties, Shelf, World};
use crate::catalog::{Answer, AnswerFormat, Condition, Derive, Emulate, Operation, Type};
use crate::envelope::render_success;
use crate::form::{Context, Finding, FindingKind, Form, Value as Typed, validate};
use crate::wire::Response;

/// An operation that somebody may carry out.
pub(super) struct Act<'a> {
    /// Where it arrived.
    pub station: &'a Station,
    /// The parameters.
    pub form: &'a Form,
    /// Who calls.
    pub caller: &'a Caller,
    /// Facts of the request.
    pub facts: &'a Facts,
}

/// Carries an operation out.
pub(super) fn perform(act: &Act<'_>, world: &mut World, ids: &mut Ids) -> Result<Response, Refusal> {
    check(act)?;
    let mut names = Names { act, ids, parameters: parameters(act.form), properties: Properties::new() };
    if let Some(emulate) = &act.form.operation.emulate {
        names.derive(&emulate.derive);
        create(act, emulate, names.properties.clone(), world)?;
    }
    Ok(answer(act, &mut names))
}

/// Refuses what breaks the rules: what is missing before what is wrong.
fn check(act: &Act<'_>) -> Result<(), Refusal> {
    let findings = validate(act.form, Context { region: &act.station.region });
    let missing = findings.iter().find(|finding| finding.kind == FindingKind::Missing);
    match missing.or_else(|| findings.iter().find(|finding| refuses(finding))) {
        Some(finding) => Err(refusal(finding)),
        None => Ok(()),
    }
}

/// Whether the vendor refuses it. A doubtful one is refused when the catalog names the code that the vendor would answer.
fn refuses(finding: &Finding) -> bool {
    finding.severity == crate::catalog::Severity::Error || finding.code.is_some()
}

fn refusal(finding: &Finding) -> Refusal {
    let facts = [&finding.parameter, &finding.message];
    let refusal = match (&finding.code, finding.kind) {
        (Some(code), _) => Refusal::with_code(code).filled(facts),
        (None, FindingKind::Missing) => Refusal::of(Condition::MissingParameter),
        (None, _) => Refusal::of(Condition::InvalidParameter).filled(facts),
    };
    refusal.about(&finding.parameter).meaning(&format!("{}: {}", finding.parameter, finding.message))
}

fn create(act: &Act<'_>, emulate: &Emulate, properties: Properties, world: &mut World) -> Result<(), Refusal> {
    let provider = act.station.provider.id.clone();
    let shelf = Shelf { provider, region: act.station.region.clone(), kind: emulate.resource.clone() };
    // A resource without its key property is like no other.
    let key = properties.get(&emulate.key).map_or_else(|| act.facts.request_id.clone(), as_text);
    let candidate = Candidate { shelf, account: &act.caller.account, key: key.clone(), properties };
    world.create(emulate, candidate).map_err(|condition| {
        let fact = if condition == Condition::QuotaReached { &emulate.resource } else { &key };
        Refusal::of(condition).filled([fact]).about(&emulate.key)
    })
}

/// What the names in templates stand for.
struct Names<'a> {
    act: &'a Act<'a>,
    ids: &'a mut Ids,
    parameters: Map<String, Value>,
    properties: Properties,
}

impl Names<'_> {
    fn derive(&mut self, rules: &[Derive]) {
        for rule in rules {
            let value = rule.first.iter().find_map(|template| evaluate(template, &mut |name| self.find(name)));
            if let Some(value) = value {
                self.properties.insert(rule.name.clone(), cut(value, rule.after.as_deref()));
            }
        }
    }

    fn find(&mut self, name: &str) -> Option<Value> {
        let known = self.properties.get(name).or_else(|| self.parameters.get(name));
        known.cloned().or_else(|| self.fact(name).map(Value::String))
    }

    fn fact(&mut self, name: &str) -> Option<String> {
        let Act { station, caller, facts, .. } = self.act;
        Some(match name {
            "region" => station.region.clone(),
            "account" => caller.account.clone(),
            "user" => caller.name.clone(),
            "action" => facts.action.clone(),
            "version" => facts.version.clone(),
            "service" => station.provider.service.clone(),
            "request-id" => facts.request_id.clone(),
            "now" => facts.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "now-millis" => facts.now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "uuid" => self.ids.uuid(),
            "hex32" => self.ids.hex32(),
            "digits" => self.ids.digits(),
            _ => return None,
        })
    }
}

/// Keeps what stands after the first of a sign, if it is there.
fn cut(value: Value, after: Option<&str>) -> Value {
    let tail = after.and_then(|sign| value.as_str()?.split_once(sign)).map(|(_, tail)| Value::from(tail));
    tail.unwrap_or(value)
}

/// The parameters that are set, as JSON.
fn parameters(form: &Form) -> Map<String, Value> {
    let set = form.operation.parameters.iter().zip(&form.values);
    set.filter_map(|(parameter, value)| Some((parameter.name.clone(), json(value, parameter.kind)?))).collect()
}

fn json(value: &Typed, kind: Type) -> Option<Value> {
    match value {
        Typed::Unset => None,
        Typed::Text(text) => Some(of_kind(Value::from(text.as_str()), kind)),
        Typed::Flag(flag) => Some(Value::from(*flag)),
        Typed::List(texts) => Some(Value::from(texts.clone())),
        Typed::Rows(objects) if kind == Type::Object => objects.first().map(|members| object(members)),
        Typed::Rows(objects) => Some(objects.iter().map(|members| object(members)).collect()),
        Typed::Json(text) => serde_json::from_str(text).ok(),
    }
}

fn object(members: &[(String, String)]) -> Value {
    members.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect::<Map<_, _>>().into()
}

/// A value as an integer or a text, where that is its kind.
fn of_kind(value: Value, kind: Type) -> Value {
    match (kind, &value) {
        (Type::Integer, Value::String(text)) => text.parse::<i64>().map_or(value, Value::from),
        (Type::String, Value::Number(_) | Value::Bool(_)) => Value::from(as_text(&value)),
        _ => value,
    }
}

fn answer(act: &Act<'_>, names: &mut Names<'_>) -> Response {
    let operation = &*act.form.operation;
    let status = operation.success.first().copied().unwrap_or(200);
    let format = act.station.provider.answer_format;
    let data = (!operation.answers.is_empty()).then(|| data(operation, format, names));
    render_success(format, status, data, &act.facts.for_envelope(act.station))
}

/// The answer proper: what the format's wrapper goes around.
fn data(operation: &Operation, format: AnswerFormat, names: &mut Names<'_>) -> Value {
    let mut body = Value::Object(Map::new());
    for field in &operation.answers {
        if let Some(value) = field_value(operation, field, names) {
            put(&mut body, &field.path, of_kind(value, field.kind));
        }
    }
    match wrapper(format).and_then(|member| body.get_mut(member)) {
        Some(data) => data.take(),
        None => body,
    }
}

/// The value of a field; an operation that is not emulated answers with the examples.
fn field_value(operation: &Operation, field: &Answer, names: &mut Names<'_>) -> Option<Value> {
    let template = match &operation.emulate {
        Some(_) => field.value.as_ref(),
        None => field.value.as_ref().or(field.example.as_ref()),
    };
    evaluate(template?, &mut |name| names.find(name))
}

/// The member of the body that holds the answer proper.
fn wrapper(format: AnswerFormat) -> Option<&'static str> {
    match format {
        AnswerFormat::AlibabaService => Some("Data"),
        AnswerFormat::Volcengine => Some("Result"),
        AnswerFormat::AlibabaFlat | AnswerFormat::HuaweiSwr | AnswerFormat::OtcSwr => None,
    }
}

/// Puts a value at a dotted path, making the objects on the way.
fn put(body: &mut Value, path: &str, value: Value) {
    let mut place = body;
    for name in path.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(members) = place else { return };
        place = members.entry(name).or_insert(Value::Null);
    }
    *place = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn puts_values_at_paths() {
        let mut body = json!({});
        put(&mut body, "Data.Name", json!("a"));
        put(&mut body, "Data.Deep.Er", json!(1));
        put(&mut body, "Top", json!(true));
        assert_eq!(body, json!({"Data": {"Name": "a", "Deep": {"Er": 1}}, "Top": true}));
    }

    #[test]
    fn cuts_after_a_sign() {
        assert_eq!(cut(json!("eu:a:b"), Some(":")), json!("a:b"));
        assert_eq!(cut(json!("ab"), Some(":")), json!("ab"));
        assert_eq!(cut(json!(true), Some(":")), json!(true));
    }

    #[test]
    fn typed_values_become_json() {
        let rows = Typed::Rows(vec![vec![("Key".into(), "env".into())]]);
        assert_eq!(json(&rows, Type::List), Some(json!([{"Key": "env"}])));
        assert_eq!(json(&rows, Type::Object), Some(json!({"Key": "env"})));
        assert_eq!(json(&Typed::Text("7".into()), Type::Integer), Some(json!(7)));
        assert_eq!(json(&Typed::Json("[1]".into()), Type::List), Some(json!([1])));
        assert_eq!(json(&Typed::Unset, Type::String), None);
    }
}
