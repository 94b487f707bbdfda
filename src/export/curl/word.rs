//! Words of a shell that are in part variables, and the variables that stand for secrets.

use std::ops::Range;

use crate::catalog::Keys;
use crate::export::{Secrets, Subject, quoting};
use crate::secret::MASK;

/// A word: texts and variables in turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    Variable(String),
}

impl Word {
    /// A text alone.
    pub(super) fn text(text: &[u8]) -> Self {
        Self(vec![Piece::Text(text.to_vec())])
    }

    /// A variable alone.
    pub(super) fn variable(name: &str) -> Self {
        Self(vec![Piece::Variable(name.to_owned())])
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: &[u8]) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.extend_from_slice(text),
            _ => self.0.push(Piece::Text(text.to_vec())),
        }
    }

    /// Adds another word.
    pub(super) fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece {
                Piece::Text(text) => self.push(&text),
                variable @ Piece::Variable(_) => self.0.push(variable),
            }
        }
    }

    /// Whether it is certain to be empty.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()))
    }

    /// As a shell's word.
    pub(super) fn quoted(&self) -> Vec<u8> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => quoting::shell(text),
            Piece::Variable(name) => format!("\"${name}\"").into_bytes(),
        };
        if self.0.is_empty() { quoting::shell(b"") } else { self.0.iter().flat_map(piece).collect() }
    }

    /// As commands that print it, each with a semicolon.
    pub(super) fn printed(&self) -> Vec<u8> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => [b"printf ".as_slice(), &quoting::printf(text), b"; "].concat(),
            Piece::Variable(name) => format!("printf %s \"${name}\"; ").into_bytes(),
        };
        self.0.iter().flat_map(piece).collect()
    }
}

/// The environment variables that a script wants: keys, and what stands for each secret.
pub(super) struct Vault<'a> {
    secrets: Secrets<'a>,
    keys: Keys,
    /// Secrets found by their place in a text, in the order in which they were met.
    values: Vec<Vec<u8>>,
    /// Variables and what they hold, in the order in which they were asked for.
    wanted: Vec<(String, &'static str)>,
}

impl<'a> Vault<'a> {
    pub(super) fn new(subject: &Subject<'a>) -> Self {
        Self { secrets: subject.secrets, keys: subject.keys(), values: Vec::new(), wanted: Vec::new() }
    }

    /// The variable of the access key id.
    pub(super) fn key_id(&mut self) -> String {
        self.want(self.keys.id.clone(), "the access key id")
    }

    /// The variable of the secret access key.
    pub(super) fn key_secret(&mut self) -> String {
        self.want(self.keys.secret.clone(), "the secret access key")
    }

    /// Bytes, with variables in the place of secrets.
    pub(super) fn word(&mut self, bytes: &[u8]) -> Word {
        let mut word = Word::default();
        let mut at = 0;
        for span in self.hidden(bytes) {
            word.push(&bytes[at..span.start]);
            word.append(Word::variable(&self.variable_of(&bytes[span.clone()])));
            at = span.end;
        }
        if at < bytes.len() {
            word.push(&bytes[at..]);
        }
        word
    }

    /// Where secrets stand, and where one stood that is covered already: in what was kept.
    fn hidden(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut spans = self.secrets.spans(bytes);
        let covered = memchr::memmem::find_iter(bytes, MASK).map(|at| at..at + MASK.len());
        spans.extend(covered.filter(|mask| spans.iter().all(|span| span.end <= mask.start || mask.end <= span.start)).collect::<Vec<_>>());
        spans.sort_unstable_by_key(|span| span.start);
        spans
    }

    /// A header's value: a variable where the name says that it is secret, or where nothing less covers it.
    pub(super) fn header(&mut self, name: &str, value: &[u8]) -> Word {
        if value.is_empty() {
            return Word::default();
        }
        if self.secrets.holds_header(name) {
            return Word::variable(&self.variable_of_header(name, value));
        }
        let covered = self.secrets.header(name, value) != value;
        if covered && self.hidden(value).is_empty() {
            return Word::variable(&self.variable_of(value));
        }
        self.word(value)
    }

    fn variable_of_header(&mut self, name: &str, value: &[u8]) -> String {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "x-auth-token" => self.want(self.keys.auth_token.clone(), "the token"),
            _ if name.ends_with("security-token") => self.want(self.keys.token.clone(), "the security token"),
            _ => self.variable_of(value),
        }
    }

    /// The variable of a secret; the same one wherever the same bytes stand.
    fn variable_of(&mut self, value: &[u8]) -> String {
        let known = self.values.iter().position(|known| known == value);
        let at = known.unwrap_or_else(|| {
            self.values.push(value.to_vec());
            self.values.len() - 1
        });
        let name = if at == 0 { "SECRET".to_owned() } else { format!("SECRET_{}", at + 1) };
        self.want(name, "what is covered here, as it stands in the request")
    }

    fn want(&mut self, name: String, what: &'static str) -> String {
        if !self.wanted.iter().any(|(known, _)| *known == name) {
            self.wanted.push((name.clone(), what));
        }
        name
    }

    /// Lines that end the script with a word on what is missing.
    pub(super) fn wanted(&self) -> String {
        self.wanted.iter().flat_map(|(name, what)| [": \"${", name, ":?set it to ", what, "}\"\n"]).collect()
    }
}
