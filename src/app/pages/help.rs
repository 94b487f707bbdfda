//! Every key, printed from the key map.

use super::{Line, Page, Role};
use crate::app::Action;
use crate::app::keymap::{BINDINGS, Context};

/// Every context in the order of the help.
const CONTEXTS: [Context; 17] = [
    Context::Everywhere,
    Context::Field,
    Context::Commands,
    Context::Form,
    Context::Resources,
    Context::Filter,
    Context::Preview,
    Context::Log,
    Context::LogFilter,
    Context::Exchange,
    Context::Prompt,
    Context::Popup,
    Context::Reading,
    Context::Laboratory,
    Context::Picker,
    Context::Faults,
    Context::Doubt,
];

/// Every key.
pub fn help(page: &mut Page) {
    for context in CONTEXTS {
        page.heading(context.title());
        for (action, keys) in actions(context) {
            let line = Line::of(Role::Text, "  ").with(Role::Accent, format!("{:<18}", keys.join("  ")));
            page.line(line.with(Role::Text, action.words().help).hanging(20));
        }
    }
}

/// The actions of a context with their keys, in the order of the key map. The nine tabs are one row.
fn actions(context: Context) -> Vec<(Action, Vec<String>)> {
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
