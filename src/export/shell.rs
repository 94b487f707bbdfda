//! Programs for a POSIX shell, made so that no text in them can be run.

use super::quoting;
use crate::catalog::Variable;
use crate::visible::visible_line;

/// A word: texts and variables in turn. Texts are quoted when it is written, whatever they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    Variable(Variable),
}

/// A program. It consists of code that stands in skydeck's own source, of words, names of variables and comments: there is no way to put in
/// another text.
#[derive(Clone, Debug, Default)]
pub(super) struct Script(Vec<u8>);

impl Word {
    /// Returns a text alone.
    pub(super) fn text(text: impl AsRef<[u8]>) -> Self {
        Self(vec![Piece::Text(text.as_ref().to_vec())])
    }

    /// Returns a variable alone.
    pub(super) fn variable(variable: Variable) -> Self {
        Self(vec![Piece::Variable(variable)])
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: impl AsRef<[u8]>) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.extend_from_slice(text.as_ref()),
            _ => self.0.push(Piece::Text(text.as_ref().to_vec())),
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

    fn quoted(&self) -> Vec<u8> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => quoting::shell(text),
            Piece::Variable(name) => format!("\"${name}\"").into_bytes(),
        };
        if self.0.is_empty() { quoting::shell(b"") } else { self.0.iter().flat_map(piece).collect() }
    }

    fn printed(&self) -> Vec<u8> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => [b"printf ".as_slice(), &quoting::printf(text), b"; "].concat(),
            Piece::Variable(name) => format!("printf %s \"${name}\"; ").into_bytes(),
        };
        self.0.iter().flat_map(piece).collect()
    }
}

impl Script {
    /// Adds code.
    pub(super) fn code(&mut self, code: &'static str) -> &mut Self {
        self.0.extend_from_slice(code.as_bytes());
        self
    }

    /// Adds a word.
    pub(super) fn word(&mut self, word: &Word) -> &mut Self {
        self.0.extend_from_slice(&word.quoted());
        self
    }

    /// Adds commands that print a word, each with a semicolon.
    pub(super) fn print(&mut self, word: &Word) -> &mut Self {
        self.0.extend_from_slice(&word.printed());
        self
    }

    /// Adds the name of a variable.
    pub(super) fn name(&mut self, variable: &Variable) -> &mut Self {
        self.0.extend_from_slice(variable.as_str().as_bytes());
        self
    }

    /// Adds a comment, on a line of its own.
    pub(super) fn comment(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(format!("# {}\n", visible_line(text)).as_bytes());
        self
    }

    /// Adds another program.
    pub(super) fn script(&mut self, other: &Self) -> &mut Self {
        self.0.extend_from_slice(&other.0);
        self
    }

    /// Returns its text.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
