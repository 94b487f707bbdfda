//! Every key, printed from the key map.

use super::{Line, Page, Role};
use crate::app::Action;
use crate::app::keymap::{BINDINGS, KeyContext};

/// Every context in the order of the help.
const CONTEXTS: [KeyContext; 17] = [
    KeyContext::Everywhere,
    KeyContext::Field,
    KeyContext::Commands,
    KeyContext::Form,
    KeyContext::Resources,
    KeyContext::Filter,
    KeyContext::Preview,
    KeyContext::Log,
    KeyContext::LogFilter,
    KeyContext::Exchange,
    KeyContext::Prompt,
    KeyContext::Popup,
    KeyContext::Reading,
    KeyContext::Laboratory,
    KeyContext::Picker,
    KeyContext::Faults,
    KeyContext::Warning,
];

/// Adds every key.
pub fn help(page: &mut Page) {
    for context in CONTEXTS {
        page.heading(context.title());
        for (action, keys) in actions(context) {
            let line = Line::of(Role::Text, "  ").with(Role::Accent, format!("{:<18}", keys.join("  ")));
            page.line(line.with(Role::Text, action.words().help).hanging(20));
        }
    }
}

/// Returns the actions of a context with their keys, in the order of the key map. The nine tabs are one row.
fn actions(context: KeyContext) -> Vec<(Action, Vec<String>)> {
    let mut rows: Vec<(Action, Vec<String>)> = Vec::new();
    for binding in BINDINGS.iter().filter(|binding| binding.context == context) {
        let name = binding.chord.name();
        match binding.action {
            Action::Tab(0) => rows.push((binding.action, vec![name.replace('1', "1…9")])),
            Action::Tab(_) => {}
            action => match rows.iter_mut().find(|(known, _)| *known == action) {
                Some((_, keys)) => keys.push(name),
                None => rows.push((action, vec![name])),
            },
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_in_the_help() {
        for binding in BINDINGS {
            assert!(CONTEXTS.contains(&binding.context), "{:?} {}", binding.context, binding.chord.name());
        }
    }
}
