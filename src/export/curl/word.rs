//! The variables that stand for secrets in a shell's words.

use std::ops::Range;

use crate::catalog::{Keys, Variable};
use crate::export::shell::{Script, Word};
use crate::export::{ExportInput, Secrets};
use crate::secret::MASK;

/// The environment variables that a script wants: keys, and what stands for each secret.
pub(super) struct ScriptVariables<'a> {
    secrets: Secrets<'a>,
    keys: Keys,
    /// Secrets found by their place in a text, in the order in which they were met.
    values: Vec<Vec<u8>>,
    /// Variables and what they hold, in the order in which they were asked for.
    wanted: Vec<(Variable, &'static str)>,
}

impl<'a> ScriptVariables<'a> {
    pub(super) fn new(subject: &ExportInput<'a>) -> Self {
        Self { secrets: subject.secrets, keys: subject.keys(), values: Vec::new(), wanted: Vec::new() }
    }

    /// Returns the variable of the access key id.
    pub(super) fn key_id(&mut self) -> Variable {
        self.want(self.keys.id.clone(), "the access key id")
    }

    /// Returns the variable of the secret access key.
    pub(super) fn key_secret(&mut self) -> Variable {
        self.want(self.keys.secret.clone(), "the secret access key")
    }

    /// Returns bytes, with variables in the place of secrets.
    pub(super) fn word(&mut self, bytes: &[u8]) -> Word {
        let mut word = Word::default();
        let mut at = 0;
        for span in self.hidden(bytes) {
            word.push(&bytes[at..span.start]);
            word.append(Word::variable(self.variable_of(&bytes[span.clone()])));
            at = span.end;
        }
        if at < bytes.len() {
            word.push(&bytes[at..]);
        }
        word
    }

    /// Returns where secrets stand, and where one stood that is masked already: in what was kept.
    fn hidden(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut spans = self.secrets.spans(bytes);
        let masked = memchr::memmem::find_iter(bytes, MASK).map(|at| at..at + MASK.len());
        spans.extend(masked.filter(|mask| spans.iter().all(|span| span.end <= mask.start || mask.end <= span.start)).collect::<Vec<_>>());
        spans.sort_unstable_by_key(|span| span.start);
        spans
    }

    /// Returns a header's value: a variable where the name says that it is secret, or where nothing less masks it.
    pub(super) fn header(&mut self, name: &str, value: &[u8]) -> Word {
        if value.is_empty() {
            return Word::default();
        }
        if self.secrets.holds_header(name, value) {
            return Word::variable(self.variable_of_header(name, value));
        }
        let masked = self.secrets.header(name, value) != value;
        if masked && self.hidden(value).is_empty() {
            return Word::variable(self.variable_of(value));
        }
        self.word(value)
    }

    fn variable_of_header(&mut self, name: &str, value: &[u8]) -> Variable {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "x-auth-token" => self.want(self.keys.auth_token.clone(), "the token"),
            _ if name.ends_with("security-token") => self.want(self.keys.token.clone(), "the security token"),
            _ => self.variable_of(value),
        }
    }

    /// Returns the variable of a secret; the same one wherever the same bytes stand.
    fn variable_of(&mut self, value: &[u8]) -> Variable {
        let known = self.values.iter().position(|known| known == value);
        let at = known.unwrap_or_else(|| {
            self.values.push(value.to_vec());
            self.values.len() - 1
        });
        let name = if at == 0 { Variable::new("SECRET") } else { Variable::numbered("SECRET", at + 1) };
        self.want(name, "what is covered here, as it stands in the request")
    }

    fn want(&mut self, name: Variable, what: &'static str) -> Variable {
        if !self.wanted.iter().any(|(known, _)| *known == name) {
            self.wanted.push((name.clone(), what));
        }
        name
    }

    /// Returns lines that end the script with a word on what is missing.
    pub(super) fn wanted(&self) -> Script {
        let mut out = Script::default();
        for (name, what) in &self.wanted {
            out.code(": \"${").name(name).code(":?set it to ").code(what).code("}\"\n");
        }
        out
    }
}
