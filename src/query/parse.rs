//! From a text to a query.

use super::field::{FIELDS, find};
use super::token::{Token, TokenKind, characters, tokens};
use super::value::{QueryTime, term};
use super::{Node, Query, QueryError, Term, grams};
use crate::text::{brief, did_you_mean, nearest};

/// The most terms and parentheses: the SQL made of a query must stay within the database's limits.
const MAX_TERMS: usize = 100;

/// Parses a query; every exchange meets an empty one.
///
/// # Errors
/// [`QueryError`], with the place.
pub fn parse(text: &str, moment: &QueryTime) -> Result<Query, QueryError> {
    let tokens = tokens(text)?;
    if let Some(token) = tokens.get(MAX_TERMS) {
        return Err(QueryError {
            at: characters(text, token.span.start),
            reason: format!("more than {MAX_TERMS} words: too long for a query"),
        });
    }
    let mut reader = Reader { text, tokens: &tokens, at: 0, moment };
    if tokens.is_empty() {
        return Ok(Query::default());
    }
    let root = reader.any()?;
    match reader.peek() {
        None => Ok(Query { root }),
        Some(token) => Err(reader.error(token.span.start, "this parenthesis closes none")),
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    moment: &'a QueryTime,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        self.at += usize::from(found);
        found
    }

    fn error(&self, byte: usize, reason: impl Into<String>) -> QueryError {
        QueryError { at: characters(self.text, byte), reason: reason.into() }
    }

    /// Parses parts joined by `or`.
    fn any(&mut self) -> Result<Node, QueryError> {
        let mut parts = vec![self.all()?];
        while self.take(&TokenKind::Or) {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Any(parts) })
    }

    /// Parses parts side by side, or joined by `and`.
    fn all(&mut self) -> Result<Node, QueryError> {
        let mut parts = vec![self.one()?];
        while self.take(&TokenKind::And) || self.peek().is_some_and(|token| !matches!(token.kind, TokenKind::Or | TokenKind::Close)) {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::All(parts) })
    }

    /// Parses one part: a term, a part in parentheses, or a negated part.
    fn one(&mut self) -> Result<Node, QueryError> {
        let Some(token) = self.peek() else { return Err(self.error(self.text.len(), "something must stand here: a word or field:value")) };
        self.at += 1;
        match &token.kind {
            TokenKind::Not => Ok(Node::Not(Box::new(self.one()?))),
            TokenKind::Open => self.inside(token),
            TokenKind::Word(word) => self.word(word, token),
            TokenKind::Field { name, value, value_at } => self.field(name, value, (token.span.start, *value_at)),
            TokenKind::And | TokenKind::Or => {
                let word = &self.text[token.span.clone()];
                Err(self.error(token.span.start, format!("`{word}` joins two parts; the text `{word}` stands in quotes")))
            }
            TokenKind::Close => Err(self.error(token.span.start, "something must stand before this parenthesis: a word or field:value")),
        }
    }

    fn inside(&mut self, open: &Token) -> Result<Node, QueryError> {
        let inside = self.any()?;
        if self.take(&TokenKind::Close) { Ok(inside) } else { Err(self.error(open.span.start, "this parenthesis is never closed")) }
    }

    fn word(&self, word: &str, token: &Token) -> Result<Node, QueryError> {
        if word.is_empty() {
            return Err(self.error(token.span.start, "an empty text is everywhere: leave it out"));
        }
        if let Some((name, rest)) = without_colon(&self.text[token.span.clone()]) {
            let reason = format!("a field has a colon behind its name: `{name}:{rest}` (the text itself stands in quotes)");
            return Err(self.error(token.span.start, reason));
        }
        Ok(Node::Term(Term::Text(grams::fold(word))))
    }

    fn field(&self, name: &str, value: &str, (name_at, value_at): (usize, usize)) -> Result<Node, QueryError> {
        let field = find(name).ok_or_else(|| self.error(name_at, unknown(name)))?;
        let term = term(field, value, self.moment).map_err(|reason| self.error(value_at, format!("{}: {reason}", field.name)))?;
        Ok(Node::Term(term))
    }
}

/// Splits a field's name from a comparison without a colon: `duration>500ms`. As a text it would be found nowhere.
fn without_colon(word: &str) -> Option<(&str, &str)> {
    let at = word.find(['<', '>', '='])?;
    let (name, rest) = word.split_at(at);
    find(name).map(|field| (field.name, rest))
}

/// Describes an unknown field: `there is no field x: did you mean y?`
fn unknown(name: &str) -> String {
    let near = nearest(name, FIELDS.iter().map(|field| field.name));
    let all = || format!("; there are {} (a text with a colon stands in quotes)", FIELDS.map(|field| field.name).join(", "));
    let hint = if near.is_empty() { all() } else { did_you_mean(&near) };
    format!("there is no field `{}`{hint}", brief(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> QueryTime {
        QueryTime { now: "2026-11-22T12:00:00Z".parse().unwrap(), zone: jiff::tz::TimeZone::UTC }
    }

    fn error(text: &str) -> String {
        parse(text, &moment()).unwrap_err().to_string()
    }

    #[test]
    fn joints_bind_as_they_should() {
        let node = |text: &str| parse(text, &moment()).unwrap();
        assert_eq!(node("a b or c"), node("(a and b) or c"));
        assert_eq!(node("not a b"), node("(not a) and b"));
        assert_eq!(node("a or b and not c"), node("a or (b and (not c))"));
        assert_ne!(node("not a b"), node("not (a b)"));
        assert!(node("  ").is_empty());
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, wrong) in [
            ("provder:x", "at 1: there is no field `provder`: did you mean provider or profile?"),
            ("http://x", "at 1: there is no field `http`; there are provider"),
            ("a duration>500ms", "at 3: a field has a colon behind its name: `duration:>500ms`"),
            ("a or", "at 5: something must stand here"),
            ("or a", "at 1: `or` joins two parts"),
            ("(a", "at 1: this parenthesis is never closed"),
            ("a)", "at 2: this parenthesis closes none"),
            ("()", "at 2: something must stand before this parenthesis"),
            ("not", "at 4: something must stand here"),
            ("a \"\"", "at 3: an empty text"),
            ("status:4y", "at 8: status: "),
        ] {
            assert!(error(text).starts_with(wrong), "{text}: {}", error(text));
        }
    }

    #[test]
    fn refuses_an_endless_query() {
        assert!(error(&"a ".repeat(5000)).contains("too long"));
        assert!(error(&"(".repeat(5000)).contains("too long"));
        assert!(error(&"not ".repeat(5000)).contains("too long"));
    }
}
