//! Checks of the emulator's templates: every `{name}` in them must stand for something.

use super::Notebook;
use crate::catalog::{Emulate, Operation};

/// Facts of a request, its time and fresh identifiers: what any template may name (see [`Emulate`]).
const FACTS: [&str; 12] =
    ["region", "account", "user", "action", "version", "service", "request-id", "now", "now-millis", "uuid", "hex32", "digits"];

impl Notebook<'_> {
    pub(super) fn templates(&mut self, operation: &Operation) {
        let mut known: Vec<&str> = FACTS.to_vec();
        known.extend(operation.parameters.iter().map(|parameter| parameter.name.as_str()));
        if let Some(emulate) = &operation.emulate {
            self.derived(emulate, &mut known);
        }
        for answer in &operation.answers {
            let value = answer.value.iter();
            self.known_marks(&format!("the answer {}", answer.path), value, &known);
        }
    }

    fn derived<'e>(&mut self, emulate: &'e Emulate, known: &mut Vec<&'e str>) {
        self.distinct("property", emulate.derive.iter().map(|derive| &derive.name));
        for derive in &emulate.derive {
            self.known_marks(&format!("the property {}", derive.name), &derive.first, known);
            known.push(&derive.name);
        }
        let key = emulate.key.as_str();
        self.unless(known.contains(&key), || format!("the key {key} is neither a property nor a parameter"));
    }

    fn known_marks<'v>(&mut self, what: &str, values: impl IntoIterator<Item = &'v toml::Value>, known: &[&str]) {
        for value in values {
            let mut texts = Vec::new();
            collect(value, &mut texts);
            for mark in texts.into_iter().flat_map(marks) {
                self.unless(known.contains(&mark), || format!("{what} names {{{mark}}}, which stands for nothing"));
            }
        }
    }
}

/// The names in braces of a template. Braces around anything but a name are no mark.
pub(super) fn marks(template: &str) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(is_name)
}

/// Every text within a value.
fn collect<'v>(value: &'v toml::Value, texts: &mut Vec<&'v str>) {
    match value {
        toml::Value::String(text) => texts.push(text),
        toml::Value::Array(elements) => elements.iter().for_each(|element| collect(element, texts)),
        toml::Value::Table(members) => members.values().for_each(|member| collect(member, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_names_in_braces() {
        assert_eq!(marks("{region}:{Name}").collect::<Vec<_>>(), ["region", "Name"]);
        assert_eq!(marks("{ } {} {a b} {open").count(), 0);
    }
}
