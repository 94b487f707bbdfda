//! A place in a text that is read character by character.

use super::ReadError;

/// A text with the place up to which it is read.
pub(super) struct Cursor<'s> {
    pub text: &'s str,
    pub at: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Steps over a text, where it stands here, in any case.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_here = self.rest().get(..text.len()).is_some_and(|here| here.eq_ignore_ascii_case(text));
        self.at += if is_here { text.len() } else { 0 };
        is_here
    }

    /// Steps over spaces and lines that go on behind a backtick; with `lines` over line ends and comments too.
    pub(super) fn space(&mut self, lines: bool) {
        loop {
            let rest = self.rest();
            let joint = ["`\r\n", "`\n"].iter().find(|joint| rest.starts_with(**joint)).map(|joint| joint.len());
            let comment = if rest.starts_with("<#") {
                Some(rest.find("#>").map_or(rest.len(), |end| end + 2))
            } else if lines && rest.starts_with('#') {
                Some(rest.find('\n').unwrap_or(rest.len()))
            } else {
                None
            };
            let plain = rest.chars().next().filter(|c| c.is_whitespace() && (lines || *c != '\n')).map(char::len_utf8);
            match joint.or(comment).or(plain) {
                Some(length) => self.at += length,
                None => return,
            }
        }
    }

    /// Steps over the rest of a line.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
    }

    /// Returns the word that begins here.
    pub(super) fn word(&mut self) -> &'s str {
        let ends = |c: char| c.is_whitespace() || "(){};,|\"'`=".contains(c);
        let word = &self.rest()[..self.rest().find(ends).unwrap_or(self.rest().len())];
        self.at += word.len();
        word
    }

    pub(super) fn name(&mut self) -> &'s str {
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix('{') {
            let end = inside.find('}').unwrap_or(inside.len());
            self.at += (end + 2).min(rest.len());
            return &inside[..end];
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    pub(super) fn comes(&mut self, sign: &str) -> bool {
        self.space(false);
        self.take(sign)
    }

    /// Returns the error of something that this reader does not know, with the text where it stands.
    pub(super) fn cannot(&self, what: &str) -> ReadError {
        ReadError::Expression { what: what.to_owned(), at: self.at + 1 }
    }
}
