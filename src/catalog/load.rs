//! Reading the catalog: the built-in files, and the operator's own.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use thiserror::Error;

use super::Provider;
use super::check::{CatalogProblem, find_problems, resource_problems};
use super::fragment::{Fragment, Head};
use super::undeclared::undeclared_changes;

/// A provider that is built in.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The provider's id.
    pub id: &'static str,
    /// The tab's title.
    pub title: &'static str,
    /// Its file, or the part of it that a start waits for: the provider with its first operation.
    pub text: &'static str,
    /// Further operations, read when the whole provider is asked for; empty where `text` has them all.
    pub more: &'static str,
}

/// The built-in providers in the order of the tabs. The first one's tab is drawn before anything else, so it is in two parts.
pub const BUILT_IN: [BuiltIn; 5] = [
    BuiltIn {
        id: "alibaba-sae",
        title: "Alibaba SAE",
        text: include_str!("../../assets/catalog/alibaba-sae.toml"),
        more: include_str!("../../assets/catalog/alibaba-sae-more.toml"),
    },
    BuiltIn { id: "alibaba-pai", title: "Alibaba PAI", text: include_str!("../../assets/catalog/alibaba-pai.toml"), more: "" },
    BuiltIn { id: "volcengine-id", title: "Volcengine ID", text: include_str!("../../assets/catalog/volcengine-id.toml"), more: "" },
    BuiltIn { id: "huawei-swr", title: "Huawei SWR", text: include_str!("../../assets/catalog/huawei-swr.toml"), more: "" },
    BuiltIn { id: "otc-swr", title: "OTC SWR", text: include_str!("../../assets/catalog/otc-swr.toml"), more: "" },
];

/// The providers, each read when it is first asked for: a start need not wait for five files.
#[derive(Debug, Default)]
pub struct Catalog {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: String,
    title: String,
    /// The built-in file in two parts; empty for an operator's own provider, which is read already.
    text: &'static str,
    more: &'static str,
    /// The content of the first part; `None` inside when the built-in file cannot be read, which the tests rule out.
    opening: OnceLock<Option<Arc<Provider>>>,
    /// The content of both parts.
    provider: OnceLock<Option<Arc<Provider>>>,
}

/// An error in a catalog file, with its position.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}:{column}: {reason}")]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The error, and what to write instead where that is known.
    pub reason: String,
}

impl LoadError {
    /// Creates an error at a byte offset of a file's text.
    pub fn at(file: &str, text: &str, offset: usize, reason: String) -> Self {
        let (line, column) = position(text, offset);
        Self { file: file.to_owned(), line, column, reason }
    }
}

impl Catalog {
    /// Creates the built-in catalog. Nothing is read yet.
    pub fn built_in() -> Self {
        let entry = |known: BuiltIn| Entry {
            id: known.id.to_owned(),
            title: known.title.to_owned(),
            text: known.text,
            more: known.more,
            opening: OnceLock::new(),
            provider: OnceLock::new(),
        };
        Self { entries: BUILT_IN.map(entry).into() }
    }

    /// Reads the operator's own files (name and text each) into the catalog: providers and operations are added, what is
    /// there already is replaced. A file with a mistake is left out, and the mistake returned.
    pub fn add_files(&mut self, files: &[(String, String)]) -> Vec<LoadError> {
        files.iter().filter_map(|(file, text)| self.add(Source { file, text }).err()).flatten().collect()
    }

    /// Returns ids and titles in the order of the tabs, without reading a file.
    pub fn index(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|entry| (entry.id.as_str(), entry.title.as_str()))
    }

    /// Returns a provider by its id, read now if it was not yet.
    pub fn provider(&self, id: &str) -> Option<&Arc<Provider>> {
        self.entries.iter().find(|entry| entry.id == id)?.provider()
    }

    /// Returns a provider by its id with its first operation, and perhaps not more: all that its tab opens with, read in half the time.
    pub fn opening(&self, id: &str) -> Option<&Arc<Provider>> {
        self.entries.iter().find(|entry| entry.id == id)?.opening()
    }

    /// Returns every provider in the order of the tabs.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.entries.iter().filter_map(Entry::provider)
    }

    fn add(&mut self, source: Source<'_>) -> Result<(), Vec<LoadError>> {
        let Head { id } = source.read()?;
        let (provider, mistakes) = match self.provider(&id) {
            Some(known) => source.read::<Fragment>()?.merge_checked(known, built_in_providers),
            None => checked(source.read()?),
        };
        if mistakes.is_empty() {
            self.put(provider);
            return Ok(());
        }
        Err(mistakes.iter().map(|mistake| source.complaint(mistake)).collect())
    }

    fn put(&mut self, provider: Provider) {
        let entry = Entry::read_already(provider);
        match self.entries.iter_mut().find(|known| known.id == entry.id) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }
}

impl Entry {
    fn opening(&self) -> Option<&Arc<Provider>> {
        self.opening.get_or_init(|| toml::from_str(self.text).ok().map(Arc::new)).as_ref()
    }

    fn provider(&self) -> Option<&Arc<Provider>> {
        self.provider.get_or_init(|| self.full_provider()).as_ref()
    }

    fn full_provider(&self) -> Option<Arc<Provider>> {
        let opening = self.opening()?;
        if self.more.is_empty() {
            return Some(Arc::clone(opening));
        }
        toml::from_str::<Fragment>(self.more).ok().map(|more| Arc::new(more.merge_unchecked(opening)))
    }

    fn read_already(provider: Provider) -> Self {
        let (id, title, provider) = (provider.id.clone(), provider.title.clone(), Some(Arc::new(provider)));
        Self { id, title, text: "", more: "", opening: OnceLock::from(provider.clone()), provider: OnceLock::from(provider) }
    }
}

fn checked(provider: Provider) -> (Provider, Vec<CatalogProblem>) {
    let mut mistakes = find_problems(&provider);
    mistakes.extend(resource_problems(&provider));
    mistakes.extend(undeclared_changes(&provider, &provider.operations, built_in_providers));
    (provider, mistakes)
}

fn built_in_providers() -> Vec<Arc<Provider>> {
    Catalog::built_in().providers().cloned().collect()
}

/// An operator's file.
#[derive(Clone, Copy)]
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl<'a> Source<'a> {
    fn read<T: Deserialize<'a>>(self) -> Result<T, Vec<LoadError>> {
        toml::from_str(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            vec![self.error(at, super::reason::reason(error.message()))]
        })
    }

    /// Returns the position of a mistake that only a check found: that of its operation.
    fn complaint(self, complaint: &CatalogProblem) -> LoadError {
        let at = complaint.operation.as_deref().and_then(|id| super::fragment::operation_at(self.text, id));
        self.error(at.unwrap_or(0), complaint.to_string())
    }

    fn error(self, offset: usize, reason: String) -> LoadError {
        LoadError::at(self.file, self.text, offset, reason)
    }
}

/// Returns line and column, counted from 1 and in characters, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = String::from_utf8_lossy(&text.as_bytes()[..offset.min(text.len())]);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("名 = 1\nb", 4), (1, 3));
        assert_eq!(position("a\n名b", 5), (2, 2));
        assert_eq!(position("a\n", 99), (2, 1));
    }
}
