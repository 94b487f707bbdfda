//! What may stand where the caret is.

use std::ops::Range;

use super::OutcomeKind;
use super::field::{FIELDS, FieldType, NameField, ORIGINATORS, find};
use super::grams::fold;
use crate::catalog::{Catalog, Provider};

/// The words that join parts.
const JOINTS: [(&str, &str); 3] = [("and", "both"), ("or", "either"), ("not", "what must not be")];

/// The known names, each with a description.
#[derive(Clone, Debug, Default)]
pub struct KnownNames {
    /// Providers: id and title.
    pub providers: Vec<(String, String)>,
    /// Operations: id and title.
    pub operations: Vec<(String, String)>,
    /// Error codes: code and cause.
    pub codes: Vec<(String, String)>,
    /// Regions: id and title.
    pub regions: Vec<(String, String)>,
    /// Profiles: the name alone.
    pub profiles: Vec<(String, String)>,
}

/// The candidates for completing what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that a candidate replaces.
    pub range: Range<usize>,
    /// The candidates, the more usual first.
    pub candidates: Vec<Candidate>,
}

/// A candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The text to insert.
    pub text: String,
    /// A description; may be empty.
    pub help: String,
}

impl KnownNames {
    /// Collects the names of a catalog and of the profiles. Loads every file of the catalog that is not loaded yet.
    pub fn from_catalog<'a>(catalog: &Catalog, profiles: impl Iterator<Item = &'a str>) -> Self {
        Self::new(catalog.providers().map(|provider| &**provider), profiles)
    }

    /// Collects the names of some providers and of the profiles.
    pub fn new<'a, 'b>(providers: impl Iterator<Item = &'a Provider>, profiles: impl Iterator<Item = &'b str>) -> Self {
        let mut known = Self { profiles: profiles.map(|name| (name.to_owned(), String::new())).collect(), ..Self::default() };
        for provider in providers {
            known.providers.push((provider.id.clone(), provider.title.clone()));
            known.operations.extend(provider.operations.iter().map(|operation| (operation.id.clone(), operation.title.clone())));
            let errors = provider.error_codes();
            known.codes.extend(errors.map(|error| (any_parameter(&error.code), error.cause.clone())));
            known.regions.extend(provider.regions.iter().map(|region| (region.id.clone(), region.title.clone())));
        }
        for names in [&mut known.operations, &mut known.codes, &mut known.regions] {
            names.sort();
            names.dedup_by(|one, other| one.0 == other.0);
        }
        known
    }

    fn names(&self, field: NameField) -> &[(String, String)] {
        match field {
            NameField::Provider => &self.providers,
            NameField::Operation => &self.operations,
            NameField::Code => &self.codes,
            NameField::Region => &self.regions,
            NameField::Profile => &self.profiles,
            NameField::Endpoint | NameField::Request => &[],
        }
    }
}

/// Reads `MissingParameter.{parameter}` as a pattern.
fn any_parameter(code: &str) -> String {
    code.replace("{parameter}", "*")
}

/// Completes the word at the caret, a byte of the text: fields at the beginning of a word, values behind a colon. Case does not matter.
pub fn complete(text: &str, caret: usize, known: &KnownNames) -> Completion {
    let caret = if text.is_char_boundary(caret) { caret.min(text.len()) } else { text.len() };
    let start = word_start(&text[..caret]);
    let typed = &text[start..caret];
    match typed.split_once(':').map(|(name, value)| (find(name), name, value)) {
        Some((Some(field), name, value)) => {
            let from = start + name.len() + 1;
            Completion { range: from..caret, candidates: beginning(value.trim_start_matches('"'), values(field.sort, known)) }
        }
        Some((None, ..)) => Completion { range: caret..caret, candidates: Vec::new() },
        None => Completion { range: start..caret, candidates: beginning(typed, fields()) },
    }
}

/// Returns where the last word of a text begins; white space in quotes separates nothing.
fn word_start(text: &str) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if !quoted && (c.is_whitespace() || matches!(c, '(' | ')')) => start = at + c.len_utf8(),
            _ => {}
        }
    }
    start
}

fn fields() -> impl Iterator<Item = (String, String)> {
    let fields = FIELDS.iter().map(|field| (format!("{}:", field.name), field.help.to_owned()));
    fields.chain(JOINTS.iter().map(|(word, help)| ((*word).to_owned(), (*help).to_owned())))
}

fn values(sort: FieldType, known: &KnownNames) -> impl Iterator<Item = (String, String)> {
    let plain = |words: &[&str]| words.iter().map(|word| ((*word).to_owned(), String::new())).collect();
    let values: Vec<(String, String)> = match sort {
        FieldType::Name(field) => known.names(field).iter().map(|(name, help)| (in_quotes(name), help.clone())).collect(),
        FieldType::Outcome => plain(&OutcomeKind::WORDS.map(|(word, _)| word)),
        FieldType::By => plain(&ORIGINATORS.map(|(word, _)| word)),
        FieldType::Status => plain(&["2xx", "3xx", "4xx", "5xx", ">=400"]),
        FieldType::Since | FieldType::Before => plain(&["1h", "24h", "7d", "today", "yesterday"]),
        FieldType::Duration => plain(&[">500ms", ">1s", "<100ms"]),
        FieldType::Number(_) | FieldType::Text => Vec::new(),
    };
    values.into_iter()
}

/// Quotes a name where a value needs it.
fn in_quotes(name: &str) -> String {
    if name.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"')) {
        return format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    }
    name.to_owned()
}

/// Returns the candidates that begin with what was typed, then those that contain it.
fn beginning(typed: &str, all: impl Iterator<Item = (String, String)>) -> Vec<Candidate> {
    let typed = fold(typed);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (text, help) in all {
        let folded = fold(text.trim_start_matches('"'));
        let candidate = Candidate { text, help };
        if folded.starts_with(&typed) {
            first.push(candidate);
        } else if typed.chars().count() > 1 && folded.contains(&typed) {
            second.push(candidate);
        }
    }
    first.append(&mut second);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{QueryTime, parse};

    fn texts(text: &str) -> Vec<String> {
        let known = KnownNames::from_catalog(&Catalog::built_in(), ["prod", "two words"].into_iter());
        complete(text, text.len(), &known).candidates.into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn completes_fields_and_values() {
        assert_eq!(texts("pro"), ["provider:", "profile:"]);
        assert_eq!(texts("status:4xx (prov"), ["provider:"]);
        assert_eq!(texts("provider:alibaba-s"), ["alibaba-sae"]);
        assert_eq!(texts("not operation:createo"), ["CreateOrganization"]);
        assert_eq!(texts("outcome:un"), ["unanswered"]);
        assert_eq!(texts("profile:"), ["prod", "\"two words\""]);
        assert!(texts("code:throttling").iter().any(|code| code.starts_with("Throttling")));
        assert_eq!(texts("nofield:x"), [""; 0]);
        assert_eq!(texts("text:\"a b"), [""; 0]);
    }

    #[test]
    fn replaces_what_was_typed() {
        let known = KnownNames::from_catalog(&Catalog::built_in(), std::iter::empty());
        assert_eq!(complete("a status:4", 10, &known).range, 9..10);
        assert_eq!(complete("命 prov", 2, &known).range, 4..8, "a caret within a character stands at the end");
        assert_eq!(complete("", 0, &known).range, 0..0);
    }

    #[test]
    fn offers_only_valid_values() {
        let known = KnownNames::from_catalog(&Catalog::built_in(), ["prod", "a \"b\" (c)"].into_iter());
        let moment = QueryTime { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        for field in &FIELDS {
            let text = format!("{}:", field.name);
            for candidate in complete(&text, text.len(), &known).candidates {
                let query = format!("{text}{}", candidate.text);
                assert!(parse(&query, &moment).is_ok(), "{query}");
            }
        }
    }
}
