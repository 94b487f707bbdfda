//! Which parameter an error speaks of.

use super::category::Category;
use super::vendor_error::VendorError;
use crate::catalog::Operation;

/// Returns the parameter that the entry names, that stands in the code, or whose name stands in the vendor's message.
pub(super) fn blamed_parameter(operation: Option<&Operation>, vendor_error: &VendorError<'_>) -> Option<String> {
    // An entry for a bare status is about this call; a message that a rule explains may be about another, such as the login.
    let entry = vendor_error.entry.filter(|entry| vendor_error.rule.is_none() || !entry.has_no_code());
    if let Some(fixed) = entry.and_then(|entry| entry.parameter.clone()) {
        return Some(fixed);
    }
    let operation = operation?;
    let filled = vendor_error.entry.and_then(|entry| entry.parameter_in(vendor_error.code()));
    if let Some(name) = filled.and_then(|filled| of_operation(operation, filled)) {
        return Some(name);
    }
    // A refused signature's message repeats the whole request, names of parameters included.
    let speaks = matches!(vendor_error.category, Category::Parameter | Category::Taken | Category::NotFound | Category::Other);
    if !speaks {
        return None;
    }
    longest_name_in(operation, vendor_error.message()).or_else(|| longest_name_in(operation, vendor_error.code()))
}

/// Returns the operation's own spelling of a name that may have a place in a list behind it: `Tags.1.Key`.
fn of_operation(operation: &Operation, filled: &str) -> Option<String> {
    let first = filled.split(['.', '[']).next().unwrap_or(filled);
    let named = |name: &str| operation.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name));
    named(filled).or_else(|| named(first)).map(|parameter| parameter.name.clone())
}

/// Returns the longest parameter's name that stands as a word in the text, in its own spelling or else in any case.
fn longest_name_in(operation: &Operation, text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let find = |exact: bool| {
        let names = operation.parameters.iter().map(|parameter| &parameter.name);
        let stands = |name: &&String| if exact { has_word(text, name) } else { has_word(&lower, &name.to_ascii_lowercase()) };
        names.filter(stands).max_by_key(|name| name.len()).cloned()
    };
    find(true).or_else(|| find(false))
}

fn has_word(text: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_as_whole_words() {
        assert!(has_word("The specified NamespaceName is invalid.", "NamespaceName"));
        assert!(!has_word("The specified NamespaceNames", "NamespaceName"));
        assert!(has_word("SubNamespaceName NamespaceName", "NamespaceName"));
        assert!(!has_word("", "x"));
    }
}
