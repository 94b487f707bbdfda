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
//! [`Pattern::matches_name`], text by [`SearchTexts::contain`].

mod complete;
mod field;
mod grams;
mod matching;
mod parse;
mod sql;
mod token;
mod value;

use thiserror::Error;

pub use complete::{Candidate, Completion, KnownNames, complete};
pub use field::{NameField, NumberField, OutcomeKind};
pub use grams::grams;
pub use matching::{ExchangeFacts, MAX_SEARCHED_BYTES, Pattern, SearchTexts};
pub use parse::parse;
pub use sql::{Condition, IndexReach, SqlValue, condition};
pub use value::{QueryTime, age_seconds};

/// A parsed query.
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

/// An error from parsing a query.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("at {}: {reason}", .at + 1)]
pub struct QueryError {
    /// The position, in characters from 0.
    pub at: usize,
    /// The error and its correction.
    pub reason: String,
}

impl Query {
    /// Returns whether every exchange meets it.
    pub fn is_empty(&self) -> bool {
        self.root == Node::default()
    }

    /// Returns whether the texts of an exchange must be searched.
    pub fn looks_at_text(&self) -> bool {
        self.root.looks_at_text()
    }

    /// Creates a query for a text.
    pub fn text(text: &str) -> Self {
        let text = grams::fold(text);
        if text.is_empty() { Self::default() } else { Self { root: Node::Term(Term::Text(text)) } }
    }

    /// Returns the query that both this and another must meet.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { root: Node::All(vec![self.root, other.root]) }
    }
}
