//! The language in which exchanges are looked for: read, evaluated in memory, and made into SQL.
//!
//! ```text
//! provider:alibaba-sae operation:Create* status:4xx code:Throttling* since:2h duration:>500ms "group taken"
//! (code:*Exist* or status:409) not profile:demo
//! ```
//!
//! Terms that stand side by side must all hold; `and`, `or`, `not` and parentheses join them (`not` binds strongest, then
//! `and`, then `or`). A word without a field is text. What has white space, a colon, a parenthesis or one of the three words in it stands in quotes,
//! in which `\"` is a quote. Case never matters.
//!
//! | field | value | holds for |
//! | --- | --- | --- |
//! | `provider` `operation` `profile` `region` `endpoint` `code` `request` | a name, `*` for any characters | the whole name; `request` is the request id |
//! | `status` | `404`, `4xx`, `400-409`, `>=500` | an answer with such a status |
//! | `outcome` | `success` `error` `foreign` `failed` `cancelled` `unanswered` | how it ended |
//! | `duration` | `>500ms`, `<=2s`, `100ms-1s` | the time from sending to the end |
//! | `since` `before` | `2h`, `7d`, `today`, `2026-11-22`, `2026-11-22T10:00`, RFC 3339 | when it was sent |
//! | `by` | `operator` `console` | whether the operator sent it, or the console by itself |
//! | `id` `origin` | `17`, `>100`, `10-20` | its number, and the number of the exchange that it repeats |
//! | `text` | a text | heads (but for `authorization`), bodies, what is said of a failure and the request id; the first 64 KiB of each |
//!
//! Pure: the moment that `since:2h` counts from is an argument. What a term means is said once for both evaluations: names by
//! [`Pattern::fits`], text by [`Texts::hold`].

mod complete;
mod field;
mod grams;
mod matching;
mod parse;
mod sql;
mod token;
mod value;

use thiserror::Error;

pub use complete::{Candidate, Completion, Known, complete};
pub use field::{Ended, NameField, NumberField};
pub use grams::grams;
pub use matching::{Facts, Pattern, SEARCHED, Texts};
pub use parse::parse;
pub use sql::{Condition, Reach, SqlValue, condition};
pub use value::{Moment, age_seconds};

/// What exchanges must be like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    root: Node,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// All must hold; nothing at all holds for every exchange.
    All(Vec<Node>),
    /// One must hold.
    Any(Vec<Node>),
    /// Must not hold.
    Not(Box<Node>),
    /// A single condition.
    Term(Term),
}

impl Default for Node {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// A single condition. An exchange that lacks what it speaks of does not meet it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    /// A name fits a pattern.
    Name(NameField, Pattern),
    /// A number lies within both bounds, which belong to it.
    Number(NumberField, i64, i64),
    /// A text stands somewhere; in lower case.
    Text(String),
}

/// Why a text is not a query.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("at {}: {reason}", .at + 1)]
pub struct QueryError {
    /// Where, in characters from 0.
    pub at: usize,
    /// What is wrong and what to write instead.
    pub reason: String,
}

impl Query {
    /// Whether every exchange meets it.
    pub fn is_empty(&self) -> bool {
        self.root == Node::default()
    }

    /// Whether the texts of an exchange must be looked at.
    pub fn looks_at_text(&self) -> bool {
        self.root.looks_at_text()
    }

    /// A query for a text alone.
    pub fn text(text: &str) -> Self {
        let text = grams::fold(text);
        if text.is_empty() { Self::default() } else { Self { root: Node::Term(Term::Text(text)) } }
    }

    /// Both this and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { root: Node::All(vec![self.root, other.root]) }
    }
}
