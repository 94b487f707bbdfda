//! A query held against what is known of one exchange.

use std::borrow::Cow;

use memchr::memmem;

use super::field::{NameField, NumberField, OutcomeKind};
use super::{Node, Query, Term, grams};

/// The number of bytes of a head or a body that are searched for text.
pub const MAX_SEARCHED_BYTES: usize = 64 << 10;

/// The facts of an exchange that a query can test. Secrets are masked already.
#[derive(Clone, Debug)]
pub struct ExchangeFacts<'a> {
    /// The number in the history, if it has one.
    pub id: Option<i64>,
    /// The number of the exchange that it repeats.
    pub origin: Option<i64>,
    /// `true` when the console sent it by itself.
    pub background_call: bool,
    /// The provider's id.
    pub provider: &'a str,
    /// The operation's id.
    pub operation: &'a str,
    /// The profile's name.
    pub profile: &'a str,
    /// The region.
    pub region: &'a str,
    /// The endpoint.
    pub endpoint: &'a str,
    /// The vendor's code.
    pub code: Option<&'a str>,
    /// The vendor's request id.
    pub request_id: Option<&'a str>,
    /// The answer's status.
    pub status: Option<u16>,
    /// The outcome.
    pub ended: OutcomeKind,
    /// The time from sending to the end, in nanoseconds.
    pub duration: Option<i64>,
    /// The time at which it was sent, in nanoseconds since 1970.
    pub started: i64,
    /// The texts to search.
    pub texts: SearchTexts<'a>,
}

/// The texts that a query searches.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchTexts<'a> {
    /// The request's head, as HTTP.
    pub request_head: &'a [u8],
    /// The request's body.
    pub request_body: &'a [u8],
    /// The answer's head, as HTTP.
    pub answer_head: &'a [u8],
    /// The answer's body.
    pub answer_body: &'a [u8],
    /// The text on a failure, and the request id.
    pub note: &'a [u8],
}

/// A name in lower case, in which `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Creates a pattern; case does not count.
    pub fn new(text: &str) -> Self {
        Self(grams::fold(text))
    }

    /// Returns the pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a whole name fits.
    pub fn matches_name(&self, name: &str) -> bool {
        let name = grams::fold(name);
        let Some((first, rest)) = self.0.split_once('*') else { return name == self.0 };
        let Some(mut left) = name.strip_prefix(first) else { return false };
        let mut parts: Vec<&str> = rest.split('*').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let Some(at) = left.find(part) else { return false };
            left = &left[at + part.len()..];
        }
        left.ends_with(last)
    }
}

impl<'a> SearchTexts<'a> {
    /// Returns the request's parts as text.
    pub fn request(&self) -> [Cow<'a, str>; 2] {
        [head(self.request_head), text(self.request_body)]
    }

    /// Returns the answer's parts as text.
    pub fn answer(&self) -> [Cow<'a, str>; 3] {
        [head(self.answer_head), text(self.answer_body), text(self.note)]
    }

    /// Returns whether a text in lower case stands in one of the parts.
    pub fn contain(&self, needle: &str) -> bool {
        let holds = |part: &Cow<'_, str>| memmem::find(grams::fold(part).as_bytes(), needle.as_bytes()).is_some();
        self.request().iter().any(holds) || self.answer().iter().any(holds)
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_SEARCHED_BYTES)])
}

/// Returns a head without the authorization: every signature differs, and nobody searches for one.
fn head(bytes: &[u8]) -> Cow<'_, str> {
    const NAME: &[u8] = b"authorization:";
    let bytes = &bytes[..bytes.len().min(MAX_SEARCHED_BYTES)];
    let secret = |line: &&[u8]| line.len() >= NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME);
    if !bytes.split_inclusive(|byte| *byte == b'\n').any(|line| secret(&line)) {
        return String::from_utf8_lossy(bytes);
    }
    let stored: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !secret(line)).collect();
    Cow::Owned(String::from_utf8_lossy(&stored.concat()).into_owned())
}

impl Query {
    /// Returns whether an exchange meets it.
    pub fn matches(&self, facts: &ExchangeFacts<'_>) -> bool {
        self.root.matches(facts)
    }

    /// Returns the same without searching the texts; `None` where they decide.
    pub fn decided(&self, facts: &ExchangeFacts<'_>) -> Option<bool> {
        self.root.decided(facts)
    }
}

impl Node {
    /// Returns whether it is met, if that does not depend on the texts.
    fn decided(&self, facts: &ExchangeFacts<'_>) -> Option<bool> {
        let all = |parts: &[Self], wanted: bool| {
            let mut known = Some(wanted);
            for part in parts {
                match part.decided(facts) {
                    Some(met) if met != wanted => return Some(met),
                    None => known = None,
                    Some(_) => {}
                }
            }
            known
        };
        match self {
            Self::All(parts) => all(parts, true),
            Self::Any(parts) => all(parts, false),
            Self::Not(part) => part.decided(facts).map(|met| !met),
            Self::Term(Term::Text(_)) => None,
            Self::Term(_) => Some(self.matches(facts)),
        }
    }

    fn matches(&self, facts: &ExchangeFacts<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(facts)),
            Self::Not(part) => !part.matches(facts),
            Self::Term(Term::Name(field, pattern)) => facts.name(*field).is_some_and(|name| pattern.matches_name(name)),
            Self::Term(Term::Number(field, low, high)) => facts.number(*field).is_some_and(|number| (low..=high).contains(&&number)),
            Self::Term(Term::Text(needle)) => facts.texts.contain(needle),
        }
    }
}

impl<'a> ExchangeFacts<'a> {
    fn name(&self, field: NameField) -> Option<&'a str> {
        match field {
            NameField::Provider => Some(self.provider),
            NameField::Operation => Some(self.operation),
            NameField::Profile => Some(self.profile),
            NameField::Region => Some(self.region),
            NameField::Endpoint => Some(self.endpoint),
            NameField::Code => self.code,
            NameField::Request => self.request_id,
        }
    }

    fn number(&self, field: NumberField) -> Option<i64> {
        match field {
            NumberField::Id => self.id,
            NumberField::Origin => self.origin,
            NumberField::Status => self.status.map(i64::from),
            NumberField::Outcome => Some(self.ended as i64),
            NumberField::Duration => self.duration,
            NumberField::Started => Some(self.started),
            NumberField::By => Some(i64::from(self.background_call)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, fits) in [
            ("Throttling*", "throttling.User", true),
            ("throttling", "Throttling.User", false),
            ("*exist*", "NamespaceAlreadyExists", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("ÄB", "äb", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches_name(name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn decides_alike_with_and_without_texts() {
        let moment = crate::query::QueryTime { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        let facts = |note: &'static [u8]| ExchangeFacts {
            id: None,
            origin: None,
            background_call: false,
            provider: "alibaba-sae",
            operation: "CreateNamespace",
            profile: "demo",
            region: "",
            endpoint: "",
            code: None,
            request_id: None,
            status: Some(200),
            ended: crate::query::OutcomeKind::Success,
            duration: None,
            started: 0,
            texts: SearchTexts { note, ..SearchTexts::default() },
        };
        for (text, decided) in [
            ("status:200", Some(true)),
            ("provider:otc-swr word", Some(false)),
            ("provider:alibaba-sae word", None),
            ("provider:alibaba-sae or word", Some(true)),
            ("provider:otc-swr or word", None),
            ("not word", None),
            ("not (status:500 word)", Some(true)),
            ("", Some(true)),
        ] {
            let query = crate::query::parse(text, &moment).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(query.decided(&facts(b"")), decided, "{text}");
            for note in [&b""[..], b"a word"] {
                assert!(decided.is_none_or(|decided| decided == query.matches(&facts(note))), "{text}");
            }
        }
    }

    #[test]
    fn text_is_looked_for_in_every_part_but_the_authorization() {
        let texts = SearchTexts {
            request_head: b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Sig=abcdef\r\nx-b: c\r\n\r\n",
            note: b"Refused",
            ..SearchTexts::default()
        };
        assert!(texts.contain("host: a") && texts.contain("x-b: c") && texts.contain("refused"));
        assert!(!texts.contain("abcdef"));
    }
}
