//! The words of a query, with their places.

use std::ops::Range;

use super::QueryError;

/// A word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Its bytes in the text.
    pub(super) span: Range<usize>,
}

/// The kind of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `and`.
    And,
    /// `or`.
    Or,
    /// `not`.
    Not,
    /// A text without a field.
    Word(String),
    /// `field:value`.
    Field {
        /// The field's name as it was written.
        name: String,
        /// The value without quotes.
        value: String,
        /// The start of the value.
        value_at: usize,
    },
}

/// Splits a text into tokens.
///
/// # Errors
/// A quote that is never closed.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let (kind, end) = match next {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (TokenKind::Open, at + 1),
            ')' => (TokenKind::Close, at + 1),
            _ => word(text, at)?,
        };
        tokens.push(Token { kind, span: at..end });
        at = end;
    }
    Ok(tokens)
}

/// Returns the word, operator or field that begins at `start`, and where it ends.
fn word(text: &str, start: usize) -> Result<(TokenKind, usize), QueryError> {
    if text[start..].starts_with('"') {
        let (word, end) = quoted(text, start)?;
        return Ok((TokenKind::Word(word), end));
    }
    let end = run(text, start);
    let name = text[start..end].split(':').next().unwrap_or_default();
    if name.len() == end - start {
        return Ok((joint(name), end));
    }
    let value_at = start + name.len() + 1;
    let (value, end) = if text[value_at..].starts_with('"') { quoted(text, value_at)? } else { (text[value_at..end].to_owned(), end) };
    Ok((TokenKind::Field { name: name.to_owned(), value, value_at }, end))
}

fn joint(word: &str) -> TokenKind {
    let joints = [("and", TokenKind::And), ("or", TokenKind::Or), ("not", TokenKind::Not)];
    let found = joints.into_iter().find(|(joint, _)| word.eq_ignore_ascii_case(joint));
    found.map_or_else(|| TokenKind::Word(word.to_owned()), |(_, kind)| kind)
}

/// Returns where a word without quotes ends.
fn run(text: &str, start: usize) -> usize {
    text[start..].find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"')).map_or(text.len(), |length| start + length)
}

/// Returns the text between quotes, and where the closing one ends.
fn quoted(text: &str, start: usize) -> Result<(String, usize), QueryError> {
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in text[start..].char_indices().skip(1) {
        match c {
            '"' if !escaped => return Ok((out, start + at + 1)),
            '\\' if !escaped => escaped = true,
            _ => {
                if escaped && !matches!(c, '"' | '\\') {
                    out.push('\\');
                }
                out.push(c);
                escaped = false;
            }
        }
    }
    Err(QueryError { at: characters(text, start), reason: "this quote is never closed".to_owned() })
}

/// Returns how many characters stand before a byte.
pub(super) fn characters(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).unwrap().into_iter().map(|token| token.kind).collect()
    }

    fn field(name: &str, value: &str, value_at: usize) -> TokenKind {
        TokenKind::Field { name: name.to_owned(), value: value.to_owned(), value_at }
    }

    #[test]
    fn takes_fields_words_and_joints_apart() {
        assert_eq!(
            kinds("code:Thr* (a or NOT \"x y\")"),
            [
                field("code", "Thr*", 5),
                TokenKind::Open,
                TokenKind::Word("a".into()),
                TokenKind::Or,
                TokenKind::Not,
                TokenKind::Word("x y".into()),
                TokenKind::Close
            ]
        );
        assert_eq!(kinds("text:\"a \\\"b\\\" \\n\"c"), [field("text", "a \"b\" \\n", 5), TokenKind::Word("c".into())]);
        assert_eq!(kinds("since:2026-11-22T10:00"), [field("since", "2026-11-22T10:00", 6)]);
        assert_eq!(kinds("命名 code:"), [TokenKind::Word("命名".into()), field("code", "", 12)]);
        assert_eq!(kinds("\"and\""), [TokenKind::Word("and".into())]);
    }

    #[test]
    fn locates_an_open_quote() {
        assert_eq!(tokens("命 text:\"x").unwrap_err().to_string(), "at 8: this quote is never closed");
    }
}
