//! A resource as a row of the table.

use std::cmp::Ordering;

use serde_json::Value;

use crate::catalog::as_text;
use crate::catalog::template::member;
use crate::catalog::{Listing, Resources};

/// A resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The property that identifies it.
    pub key: String,
    /// The name that people use for it.
    pub name: String,
    /// The texts of the columns.
    pub cells: Vec<String>,
    /// All that the vendor said of it.
    pub value: Value,
}

impl Row {
    /// Creates the row of an object; `None` when it has no key.
    pub fn new(resources: &Resources, value: Value) -> Option<Self> {
        let cell = |name: &str| member(&value, name).filter(|member| !member.is_null()).map(|member| as_text(member).into_owned());
        let key = cell(&resources.key)?;
        let cells = resources.columns.iter().map(|column| cell(&column.member).unwrap_or_default()).collect();
        let name = resources.name.as_deref().and_then(cell).unwrap_or_else(|| key.clone());
        Some(Self { key, name, cells, value })
    }

    /// Takes what another answer says of the same resource. What it does not speak of stays.
    pub(super) fn renew(&mut self, newer: &Self) {
        for (cell, new) in self.cells.iter_mut().zip(&newer.cells).filter(|(_, new)| !new.is_empty()) {
            cell.clone_from(new);
        }
    }

    /// Returns whether every word, in lower case, occurs in a cell or in the key.
    pub(super) fn has(&self, words: &[String]) -> bool {
        let texts = || self.cells.iter().chain([&self.key]).map(|text| text.to_lowercase());
        words.iter().all(|word| texts().any(|text| text.contains(word)))
    }
}

/// A way in which a listing is not what the catalog says.
#[derive(Debug, thiserror::Error)]
pub(super) enum ListingError {
    #[error("the answer has no list at {0}")]
    NoList(String),
    #[error("{noun} without {key} in the answer")]
    NoKey { noun: String, key: String },
}

/// Returns the rows of a page of a listing, and how many there are on all pages where the answer counts them.
pub(super) fn rows_of(resources: &Resources, body: &Value) -> Result<(Vec<Row>, Option<u64>), ListingError> {
    let Listing { rows: path, page, .. } = &resources.list;
    let elements = match member(body, path) {
        Some(Value::Array(elements)) => elements.as_slice(),
        // A service that has none may say so with null.
        Some(Value::Null) => &[],
        _ => return Err(ListingError::NoList(path.clone())),
    };
    let rows: Option<Vec<Row>> = elements.iter().map(|element| Row::new(resources, element.clone())).collect();
    let rows = rows.ok_or_else(|| ListingError::NoKey { noun: resources.noun.clone(), key: resources.key.clone() })?;
    let total = page.as_ref().and_then(|page| member(body, &page.total)?.as_u64());
    Ok((rows, total))
}

/// Numbers by their size, anything else as texts.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.total_cmp(&other),
        _ => one.cmp(other),
    }
}
