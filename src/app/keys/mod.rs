//! Keys as data: which key does what where, and how a text names it.

mod chord;
mod table;

use crossterm::event::KeyEvent;

pub use chord::{Chord, UnknownKey};
pub use table::{ACTIONS, Action, ActionInfo, CONTEXTS, ContextInfo, KeyContext};

/// A key, where it works, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The context in which it works.
    pub context: KeyContext,
    /// The key.
    pub chord: Chord,
    /// The action.
    pub action: Action,
}

/// The keys of a console.
#[derive(Clone, Debug)]
pub struct KeyMap(Vec<Binding>);

impl Default for KeyMap {
    /// Returns the keys of the action table.
    fn default() -> Self {
        let mut bindings = Vec::new();
        for info in ACTIONS {
            for (context, keys) in info.keys {
                let chords = keys.split(' ').filter_map(|key| key.parse::<Chord>().ok());
                bindings.extend(chords.flat_map(|chord| each_tab(Binding { context: *context, chord, action: info.action })));
            }
        }
        Self(bindings)
    }
}

/// Returns the binding; that of the first tab with those of the other eight, which differ in the digit.
fn each_tab(binding: Binding) -> impl Iterator<Item = Binding> {
    let last = if binding.action == Action::Tab(0) { 9 } else { 1 };
    (1..=last).map(move |digit| match binding.action {
        Action::Tab(_) => Binding { action: Action::Tab(digit - 1), chord: binding.chord.with_digit(digit), ..binding },
        _ => binding,
    })
}

impl KeyMap {
    /// Returns what a key does, looked up in the contexts that hold, the closest first.
    pub fn lookup(&self, contexts: &[KeyContext], key: KeyEvent) -> Option<Action> {
        self.find(contexts, |binding| binding.chord.matches(key)).map(|binding| binding.action)
    }

    /// Returns the key shown for an action in the contexts that hold.
    pub fn chord_of(&self, contexts: &[KeyContext], action: Action) -> Option<Chord> {
        self.find(contexts, |binding| binding.action == action).map(|binding| binding.chord)
    }

    fn find(&self, contexts: &[KeyContext], wanted: impl Fn(&Binding) -> bool) -> Option<&Binding> {
        contexts.iter().find_map(|context| self.0.iter().find(|binding| binding.context == *context && wanted(binding)))
    }

    /// Returns the key by which a text names an action, whatever has the focus: the first of the table.
    pub fn hint(&self, action: Action) -> String {
        self.0.iter().find(|binding| binding.action == action).map(|binding| binding.chord.to_string()).unwrap_or_default()
    }

    /// Returns the actions of a context with their keys, in the order of the table. The nine tabs are one row.
    pub fn rows(&self, context: KeyContext) -> Vec<(&'static ActionInfo, Vec<String>)> {
        let keys = |info: &'static ActionInfo| {
            let bound = self.0.iter().filter(|binding| binding.context == context && binding.action == info.action);
            let names = bound.map(|binding| binding.chord.to_string());
            let names: Vec<_> =
                if info.action == Action::Tab(0) { names.map(|name| name.replace('1', "1…9")).collect() } else { names.collect() };
            (info, names)
        };
        ACTIONS.iter().map(keys).filter(|(_, names)| !names.is_empty()).collect()
    }
}

impl Action {
    /// Returns `true` for a movement within a pane or popup.
    pub fn moves(self) -> bool {
        matches!(self, Self::Up | Self::Down | Self::PageUp | Self::PageDown | Self::First | Self::Last)
    }

    /// Returns a position after a movement, in lines; the end is brought back into range when the frame is fitted.
    pub fn moved(self, position: usize, page_rows: usize) -> usize {
        let page = page_rows.saturating_sub(1).max(1);
        match self {
            Self::Up => position.saturating_sub(1),
            Self::Down => position.saturating_add(1),
            Self::PageUp => position.saturating_sub(page),
            Self::PageDown => position.saturating_add(page),
            Self::First => 0,
            _ => usize::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_key_is_read_as_it_is_written() {
        for key in ACTIONS.iter().flat_map(|info| info.keys).flat_map(|(_, keys)| keys.split(' ')) {
            assert_eq!(key.parse::<Chord>().map(|chord| chord.to_string()).as_deref(), Ok(key));
        }
    }

    #[test]
    fn binds_no_key_twice_in_a_context() {
        let KeyMap(bindings) = KeyMap::default();
        for (at, one) in bindings.iter().enumerate() {
            for other in &bindings[at + 1..] {
                assert!(one.context != other.context || one.chord != other.chord, "{:?} {}", one.context, one.chord);
            }
        }
    }

    #[test]
    fn types_every_plain_character_in_a_field() {
        let KeyMap(bindings) = KeyMap::default();
        for binding in bindings.iter().filter(|binding| matches!(binding.context, KeyContext::Field | KeyContext::Everywhere)) {
            assert!(!binding.chord.is_character(), "{}", binding.chord);
        }
    }

    #[test]
    fn every_footer_action_has_a_key_there() {
        let keys = KeyMap::default();
        for info in CONTEXTS {
            let contexts = [info.context, KeyContext::Commands, KeyContext::Everywhere];
            for action in info.footer {
                assert!(keys.chord_of(&contexts, *action).is_some(), "{:?}: {action:?}", info.context);
            }
        }
    }

    #[test]
    fn the_tabs_are_nine_keys_and_one_row() {
        let keys = KeyMap::default();
        assert_eq!(keys.chord_of(&[KeyContext::Everywhere], Action::Tab(8)).map(|chord| chord.to_string()).as_deref(), Some("alt-9"));
        let rows = keys.rows(KeyContext::Commands);
        let tabs: Vec<_> = rows.iter().filter(|(info, _)| matches!(info.action, Action::Tab(_))).map(|(_, keys)| keys).collect();
        assert_eq!(tabs, [&["1…9"]]);
    }

    #[test]
    fn a_text_names_the_key_that_works_in_most_places() {
        let keys = KeyMap::default();
        let hints = [Action::Send, Action::Cancel, Action::JumpToField, Action::Back, Action::Reveal].map(|action| keys.hint(action));
        assert_eq!(hints, ["^s", "F9", "F8", "esc", "u"]);
    }
}
