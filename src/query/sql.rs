//! A query as a condition of SQL, for the tables of the history (`io::history`).
//!
//! Every value is bound, none is written into the SQL. The exchange's row is called `x`; names stand in a table `name`, so that a pattern is
//! held against each name once and not against each row. Three functions are the database's only in name: `fits` is
//! [`Pattern::fits`](super::Pattern::fits), `holds` is [`Texts::hold`](super::Texts::hold), of a request or of an answer; and `found` says where
//! the index of texts finds a needle: 1 in the request, 2 in the answer, 3 in both, 0 in neither.

use super::field::{NameField, NumberField};
use super::{Node, Pattern, Query, Term, grams};

/// A condition of SQL with the values to bind, in the order of its question marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The condition to write after `WHERE`.
    pub sql: String,
    /// The values.
    pub values: Vec<SqlValue>,
    /// The queries to the full-text index: for each needle the words that must all be found.
    pub needles: Vec<Vec<String>>,
    /// The exchanges that can meet it, by what the index finds.
    pub reach: IndexReach,
}

/// A value to bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlValue {
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
    /// What the index found for the needle of this number: the argument of `found`.
    Found(usize),
}

/// The exchanges that can meet a condition, by what the index says of its needles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IndexReach {
    /// Any: the index says nothing.
    #[default]
    Everything,
    /// Those in which it finds a needle.
    Needle(usize),
    /// Those within all of these reaches.
    All(Vec<IndexReach>),
    /// Those within one of them.
    Any(Vec<IndexReach>),
}

/// Translates a query into a condition on the history.
pub fn condition(query: &Query) -> Condition {
    let mut condition = Condition::default();
    condition.reach = condition.node(&query.root);
    condition
}

impl Condition {
    fn node(&mut self, node: &Node) -> IndexReach {
        match node {
            Node::All(parts) => IndexReach::all(self.joined(parts, " AND ", "1")),
            Node::Any(parts) => IndexReach::any(self.joined(parts, " OR ", "0")),
            Node::Not(part) => {
                self.sql.push_str("NOT ");
                self.node(part);
                IndexReach::Everything
            }
            Node::Term(Term::Name(field, pattern)) => self.name(*field, pattern),
            Node::Term(Term::Number(field, low, high)) => self.number(*field, *low, *high),
            Node::Term(Term::Text(needle)) => self.text(needle),
        }
    }

    fn joined(&mut self, parts: &[Node], joint: &str, none: &str) -> Vec<IndexReach> {
        self.sql.push('(');
        if parts.is_empty() {
            self.sql.push_str(none);
        }
        // The cheap ones first: the database keeps to the order.
        let mut parts: Vec<&Node> = parts.iter().collect();
        parts.sort_by_key(|part| part.looks_at_text());
        let mut reaches = Vec::new();
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                self.sql.push_str(joint);
            }
            reaches.push(self.node(part));
        }
        self.sql.push(')');
        reaches
    }

    /// Adds the condition on a name. A missing one is null, and a condition on null would be neither true nor false: `not` must make it true.
    fn name(&mut self, field: NameField, pattern: &Pattern) -> IndexReach {
        let column = match field {
            NameField::Provider => "x.provider",
            NameField::Operation => "x.operation",
            NameField::Profile => "x.profile",
            NameField::Region => "x.region",
            NameField::Endpoint => "x.endpoint",
            NameField::Code => "x.code",
            NameField::Request => return self.request(pattern),
        };
        self.sql.extend(["(", column, " IS NOT NULL AND ", column, " IN (SELECT n.id FROM name n WHERE fits(?, n.text)))"]);
        self.values.push(SqlValue::Text(pattern.as_str().to_owned()));
        IndexReach::Everything
    }

    /// Compares request ids, which are all different: the index of texts has them too and narrows the rows.
    fn request(&mut self, pattern: &Pattern) -> IndexReach {
        self.sql.push_str("(x.request_id IS NOT NULL");
        let longest = pattern.as_str().split('*').max_by_key(|part| part.chars().count()).filter(|part| !part.is_empty());
        let place = longest.map(|part| self.ask(part));
        if let Some(place) = place {
            self.sql.push_str(" AND found(?, x.id)");
            self.values.push(SqlValue::Found(place));
        }
        self.sql.push_str(" AND fits(?, x.request_id))");
        self.values.push(SqlValue::Text(pattern.as_str().to_owned()));
        place.map_or(IndexReach::Everything, IndexReach::Needle)
    }

    /// Adds a needle to look up in the index; returns its number.
    fn ask(&mut self, needle: &str) -> usize {
        self.needles.push(grams::search_terms(needle));
        self.needles.len() - 1
    }

    fn number(&mut self, field: NumberField, low: i64, high: i64) -> IndexReach {
        let column = match field {
            NumberField::Id => "x.id",
            NumberField::Origin => "x.origin",
            NumberField::Status => "x.status",
            NumberField::Outcome => "x.outcome",
            NumberField::Duration => "x.duration",
            NumberField::Started => "x.started",
            NumberField::By => "x.background_call",
        };
        self.sql.extend(["(", column, " IS NOT NULL AND ", column, " BETWEEN ? AND ?)"]);
        self.values.extend([SqlValue::Integer(low), SqlValue::Integer(high)]);
        IndexReach::Everything
    }

    /// Searches a text where the index says that it can be; where the index is not certain, the text itself is searched.
    fn text(&mut self, needle: &str) -> IndexReach {
        let place = self.ask(needle);
        let (found, text) = (SqlValue::Found(place), SqlValue::Text(needle.to_owned()));
        if grams::is_exact(needle) {
            self.sql.push_str("(found(?, x.id) > 0)");
            self.values.push(found);
        } else {
            self.sql.push_str(TEXT_CONDITION);
            self.values.extend([found.clone(), text.clone(), found, text]);
        }
        IndexReach::Needle(place)
    }
}

impl IndexReach {
    fn all(mut parts: Vec<Self>) -> Self {
        parts.retain(|part| *part != Self::Everything);
        if parts.is_empty() { Self::Everything } else { Self::All(parts) }
    }

    fn any(parts: Vec<Self>) -> Self {
        if parts.contains(&Self::Everything) { Self::Everything } else { Self::Any(parts) }
    }
}

/// The condition that searches the texts that the index names.
const TEXT_CONDITION: &str =
    "(((found(?, x.id) & 1) AND coalesce((SELECT holds(?, a.head, a.body, NULL) FROM request a WHERE a.id = x.id), 0))
    OR ((found(?, x.id) & 2) AND coalesce((SELECT holds(?, c.head, c.body, c.note) FROM response c WHERE c.id = x.id), 0)))";

impl Node {
    pub(super) fn looks_at_text(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::looks_at_text),
            Self::Not(part) => part.looks_at_text(),
            Self::Term(term) => matches!(term, Term::Text(_) | Term::Name(NameField::Request, _)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{QueryTime, parse};

    #[test]
    fn values_are_bound_never_spliced() {
        let moment = QueryTime { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        let query = parse(r#"provider:"x' OR 1=1 --" and not ("'); DROP TABLE" or status:4xx)"#, &moment).unwrap();
        let condition = condition(&query);
        assert!(!condition.sql.contains("DROP") && !condition.sql.contains('\''), "{}", condition.sql);
        assert_eq!(condition.sql.matches('?').count(), condition.values.len());
    }

    #[test]
    fn never_narrows_the_time_range_too_much() {
        let moment = QueryTime { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        let reach = |text: &str| condition(&parse(text, &moment).unwrap()).reach;
        assert_eq!(reach("status:4xx"), IndexReach::Everything);
        assert_eq!(reach("abcd or status:4xx"), IndexReach::Everything);
        assert_eq!(reach("not abcd"), IndexReach::Everything);
        assert_eq!(reach("abcd status:4xx not efgh"), IndexReach::All(vec![IndexReach::Needle(0)]));
        assert_eq!(reach("abcd or request:x*"), IndexReach::Any(vec![IndexReach::Needle(0), IndexReach::Needle(1)]));
    }
}
