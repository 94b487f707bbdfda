//! Selects the resources of an operation: filters, sorting, pages.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::Value;

use super::properties::Properties;
use super::template_variables::{ListCounts, TemplateVariables, replace_text};
use crate::catalog::as_text;
use crate::catalog::{Filter, JsonRef, Match, Page, SortOrder};

/// The filters of a request, each with the value it compares with.
pub(crate) struct Selection<'a> {
    expected: Vec<(&'a Filter, Value)>,
}

impl<'a> Selection<'a> {
    /// Takes from the request what the filters compare with; one without a value, or whose time it is not, is left out.
    pub(crate) fn new(filters: &'a [Filter], names: &mut TemplateVariables<'_>) -> Self {
        Self { expected: filters.iter().filter_map(|filter| Some((filter, expected_value(filter, names)?))).collect() }
    }

    /// Returns whether a resource is meant.
    pub(crate) fn fits(&self, properties: &Properties) -> bool {
        self.expected
            .iter()
            .all(|(filter, expected)| properties.get(&filter.property).is_some_and(|value| matches(filter.matching, &value, expected)))
    }

    /// Returns the property by which one resource is meant, and its value; `None` when the request names none.
    pub(crate) fn target(&self) -> Option<(&'a str, String)> {
        self.expected.first().map(|(filter, value)| (filter.property.as_str(), as_text(value).into_owned()))
    }

    /// Returns a property that what is meant has, whatever else, and its value as a text.
    pub(crate) fn equality_filter(&self) -> Option<(&'a str, String)> {
        let equal = self.expected.iter().find(|(filter, _)| filter.matching == Match::Equals);
        equal.map(|(filter, value)| (filter.property.as_str(), as_text(value).into_owned()))
    }
}

fn expected_value(filter: &Filter, names: &mut TemplateVariables<'_>) -> Option<Value> {
    if !names.holds(&filter.when) {
        return None;
    }
    let value = replace_text(names.first(&filter.first)?, &filter.swap);
    if filter.after.is_none() && filter.before.is_none() {
        return Some(value.into_value()).filter(|value| value != "");
    }
    cut(&value.as_text(), filter).filter(|part| !part.is_empty()).map(Value::from)
}

/// Returns the text between the filter's two marks.
fn cut(text: &str, filter: &Filter) -> Option<String> {
    let rest = match &filter.after {
        Some(mark) => text.split_once(mark.as_str())?.1,
        None => text,
    };
    let end = filter.before.as_ref().and_then(|mark| rest.find(mark.as_str()));
    Some(rest[..end.unwrap_or(rest.len())].to_owned())
}

fn matches(matching: Match, value: &JsonRef<'_>, expected: &Value) -> bool {
    match matching {
        Match::Equals => value.as_text() == as_text(expected),
        Match::Contains => value.as_text().contains(&*as_text(expected)),
        Match::OneOf => as_text(expected).split(',').any(|part| part.trim() == value.as_text()),
        Match::Tags => {
            list(expected).iter().all(|filter| value.value().map(list).unwrap_or_default().iter().any(|tag| is_tagged(tag, filter)))
        }
    }
}

fn is_tagged(tag: &Value, filter: &Value) -> bool {
    let values = filter.get("Values").map(list).unwrap_or_default();
    tag.get("Key") == filter.get("Key") && (values.is_empty() || tag.get("Value").is_some_and(|value| values.contains(value)))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Sorts a listing; what is equal, or does not have the property, keeps the order of creation.
pub(crate) fn sort(found: &mut [Arc<Properties>], sort: &SortOrder, names: &TemplateVariables<'_>) {
    let expected = names.given(&sort.by);
    let by = if expected.is_empty() { sort.default.as_str() } else { &expected };
    let down = names.given(&sort.order).starts_with(['d', 'D']);
    found.sort_by(|one, other| {
        let order = compare(one.get(by), other.get(by));
        if down { order.reverse() } else { order }
    });
}

/// Numbers as numbers, also those written as texts.
fn compare(one: Option<JsonRef<'_>>, other: Option<JsonRef<'_>>) -> Ordering {
    let (one, other) = (one.map(JsonRef::into_text).unwrap_or_default(), other.map(JsonRef::into_text).unwrap_or_default());
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(&other),
    }
}

/// Cuts a listing to the page that is asked for, and says what there was.
pub(crate) fn cut_page(found: &mut Vec<Arc<Properties>>, page: Option<&Page>, names: &TemplateVariables<'_>) -> ListCounts {
    let total = found.len();
    let Some(page) = page else { return ListCounts { total, page: 1, size: total } };
    let size = names.given(&page.size).parse().unwrap_or(page.default_size);
    let number = names.given(&page.number).parse().unwrap_or(1).max(1);
    let start = size.saturating_mul(number - 1).min(total);
    found.drain(..start);
    found.truncate(size);
    ListCounts { total, page: number, size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn filter(text: &str) -> Filter {
        toml::from_str(&format!("property = 'Name'\nfirst = []\n{text}")).unwrap()
    }

    #[test]
    fn cuts_what_stands_between() {
        let filter = filter("after = 'namespace::'\nbefore = '|'");
        assert_eq!(cut("namespace::a|mode::b", &filter).as_deref(), Some("a"));
        assert_eq!(cut("mode::b|namespace::a", &filter).as_deref(), Some("a"));
        assert_eq!(cut("mode::b", &filter), None);
    }

    #[test]
    fn compares_in_four_ways() {
        let matches = |matching, value: &Value, expected: &Value| matches(matching, &JsonRef::from(value), expected);
        assert!(matches(Match::Equals, &json!("7"), &json!(7)) && !matches(Match::Equals, &json!("ab"), &json!("a")));
        assert!(matches(Match::Contains, &json!("orders_dev"), &json!("ers")) && !matches(Match::Contains, &json!("a"), &json!("ab")));
        assert!(matches(Match::OneOf, &json!("2"), &json!("1, 2")) && !matches(Match::OneOf, &json!("2"), &json!("12,21")));
        let tags = json!([{"Key": "env", "Value": "prod"}, {"Key": "team", "Value": "a"}]);
        assert!(matches(Match::Tags, &tags, &json!([{"Key": "env", "Values": ["dev", "prod"]}, {"Key": "team"}])));
        assert!(!matches(Match::Tags, &tags, &json!([{"Key": "env", "Values": ["dev"]}])));
        assert!(!matches(Match::Tags, &json!("none"), &json!([{"Key": "env"}])));
    }

    #[test]
    fn numbers_in_texts_are_in_their_own_order() {
        let text = |text| Some(JsonRef::from(text));
        assert_eq!(compare(text("9"), text("10")), Ordering::Less);
        assert_eq!(compare(text("b"), text("a")), Ordering::Greater);
        assert_eq!(compare(None, text("a")), Ordering::Less);
    }
}
