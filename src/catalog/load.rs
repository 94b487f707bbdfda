//! Reading the catalog: the built-in files, and the operator's own.

use std::sync::Arc;

use thiserror::Error;

use super::Provider;

/// The built-in files in the order of the tabs: provider id, tab title, text.
pub const BUILT_IN: [(&str, &str, &str); 0] = [];

/// The providers, each read when it is first asked for: a start need not wait for five files.
#[derive(Debug, Default)]
pub struct Catalog {
    providers: Vec<Arc<Provider>>,
}

/// What is wrong with a file of the catalog, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}:{column}: {reason}")]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong, and what to write instead where that is known.
    pub reason: String,
}
impl Catalog {
    /// The built-in catalog. Nothing is read yet.
    pub fn built_in() -> Self {
        unimplemented!()
    }

    /// Reads the operator's own files (name and text each) into the catalog: providers and operations are added, what is
    /// there already is replaced. A file with a mistake is left out, and the mistake returned.
    pub fn add_files(&mut self, files: &[(String, String)]) -> Vec<LoadError> {
        let _ = files;
        unimplemented!()
    }

    /// Ids and titles in the order of the tabs, without reading a file.
    pub fn index(&self) -> impl Iterator<Item = (&str, &str)> {
        self.providers.iter().map(|provider| (provider.id.as_str(), provider.title.as_str()))
    }

    /// A provider by its id, read now if it was not yet.
    pub fn provider(&self, id: &str) -> Option<&Arc<Provider>> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// Every provider in the order of the tabs.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.providers.iter()
    }
}
