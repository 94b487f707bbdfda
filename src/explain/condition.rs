//! Which of the catalog's conditions an error stands for: several may share one code, and then the message tells them apart.

use std::collections::BTreeMap;

use crate::catalog::{Condition, ErrorCode, Operation, Provider};

/// Returns the conditions that an entry's code stands for; of those the ones whose own message came, if any did.
pub(super) fn conditions(provider: &Provider, operation: Option<&Operation>, entry: &ErrorCode, message: &str) -> Vec<Condition> {
    let own = operation.into_iter().flat_map(|operation| &operation.conditions);
    let mut all: Vec<Condition> =
        own.chain(&provider.conditions).filter(|(_, code)| **code == entry.code).map(|(condition, _)| *condition).collect();
    all.dedup();
    let told = |condition: &Condition| {
        let own = operation.and_then(|operation| matched_chars(&operation.messages, *condition, message));
        own.or_else(|| matched_chars(&provider.messages, *condition, message))
    };
    let longest = all.iter().filter_map(told).max();
    if longest.is_some() {
        all.retain(|condition| told(condition) == longest);
        // Vendors say the same of a wrong signature and of what makes one wrong.
        if all.contains(&Condition::WrongSignature) {
            return vec![Condition::WrongSignature];
        }
    }
    all
}

/// Returns how much of the message is the condition's own text. What follows a colon would be another reason.
fn matched_chars(messages: &BTreeMap<Condition, String>, condition: Condition, message: &str) -> Option<usize> {
    let text = messages.get(&condition).filter(|text| !text.is_empty())?;
    let rest = message.strip_prefix(text.as_str())?;
    (!rest.trim_start().starts_with(':')).then_some(text.len())
}
