//! The key map: data. Help, footer and the README's table are printed from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Action;

/// A part of the console in which a key binding is active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyContext {
    /// Everywhere, a field included.
    Everywhere,
    /// While a field is being typed into.
    Field,
    /// Outside a field, in every pane.
    Commands,
    /// In the form, outside a field.
    Form,
    /// In the table of resources.
    Resources,
    /// While the table's filter is being typed.
    Filter,
    /// While the log's filter is being typed.
    LogFilter,
    /// In the preview.
    Preview,
    /// In the log.
    Log,
    /// In the exchange.
    Exchange,
    /// While something is typed into the exchange's own line.
    Prompt,
    /// In a popup that is read.
    Popup,
    /// In a popup that has been read when it is closed: every one but the laboratory, where a paste may end in enter.
    Reading,
    /// In the laboratory.
    Laboratory,
    /// In a popup that is typed into.
    Picker,
    /// In the popup of the emulator's faults.
    Faults,
    /// In the popup that asks whether to send what a rule refuses.
    Warning,
}

impl KeyContext {
    /// Returns the heading of its keys in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "In a field and outside",
            Self::Field => "In a field",
            Self::Commands => "Outside a field",
            Self::Form => "In the form",
            Self::Resources => "In the resources",
            Self::Filter => "While the resources are filtered",
            Self::LogFilter => "While the log is filtered",
            Self::Preview => "In the preview",
            Self::Log => "In the log",
            Self::Exchange => "In the exchange",
            Self::Prompt => "While something is typed in the exchange",
            Self::Popup => "In a popup",
            Self::Reading => "In a popup that is only read",
            Self::Laboratory => "In the laboratory",
            Self::Picker => "In a popup that is typed into",
            Self::Faults => "In the popup of faults",
            Self::Warning => "When a rule is broken",
        }
    }
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// Returns whether this is the key that was pressed. The shift of a character is in the character.
    fn fits(self, key: KeyEvent) -> bool {
        let shift = if matches!(key.code, KeyCode::Char(_) | KeyCode::BackTab) { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        self.code == key.code && self.modifiers == key.modifiers.difference(shift)
    }

    /// Returns how the key is written: `^s`, `alt-1`, `pgup`.
    pub fn name(self) -> String {
        let code = match self.code {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(character) => character.to_string(),
            KeyCode::F(number) => format!("F{number}"),
            other => named(other).to_owned(),
        };
        let mut prefix = String::new();
        for (modifier, text) in [(KeyModifiers::CONTROL, "^"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")] {
            if self.modifiers.contains(modifier) {
                prefix.push_str(text);
            }
        }
        prefix + &code
    }
}

fn named(code: KeyCode) -> &'static str {
    const NAMES: [(KeyCode, &str); 13] = [
        (KeyCode::Enter, "enter"),
        (KeyCode::Esc, "esc"),
        (KeyCode::Tab, "tab"),
        (KeyCode::BackTab, "shift-tab"),
        (KeyCode::Up, "↑"),
        (KeyCode::Down, "↓"),
        (KeyCode::Left, "←"),
        (KeyCode::Right, "→"),
        (KeyCode::PageUp, "pgup"),
        (KeyCode::PageDown, "pgdn"),
        (KeyCode::Home, "home"),
        (KeyCode::End, "end"),
        (KeyCode::Delete, "del"),
    ];
    NAMES.iter().find(|(known, _)| *known == code).map_or("?", |(_, name)| name)
}

/// A key, where it works, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The context in which it works.
    pub context: KeyContext,
    /// The key.
    pub chord: Chord,
    /// The effect.
    pub action: Action,
}

const fn bind(context: KeyContext, modifiers: KeyModifiers, code: KeyCode, action: Action) -> Binding {
    Binding { context, chord: Chord { code, modifiers }, action }
}

const fn key(context: KeyContext, code: KeyCode, action: Action) -> Binding {
    bind(context, KeyModifiers::NONE, code, action)
}

const fn char(context: KeyContext, character: char, action: Action) -> Binding {
    bind(context, KeyModifiers::NONE, KeyCode::Char(character), action)
}

const fn ctrl(context: KeyContext, character: char, action: Action) -> Binding {
    bind(context, KeyModifiers::CONTROL, KeyCode::Char(character), action)
}

const fn alt(context: KeyContext, character: char, action: Action) -> Binding {
    bind(context, KeyModifiers::ALT, KeyCode::Char(character), action)
}

use KeyContext::{
    Commands, Everywhere, Exchange, Faults, Field, Filter, Form, Laboratory, Log, LogFilter, Picker, Popup, Preview, Prompt, Reading,
    Resources, Warning,
};

/// Every binding. The first of an action in a context is the one that is shown.
pub const BINDINGS: &[Binding] = &[
    ctrl(Everywhere, 's', Action::Send),
    key(Everywhere, KeyCode::F(5), Action::Send),
    key(Everywhere, KeyCode::F(1), Action::FieldHelp),
    alt(Everywhere, '1', Action::Tab(0)),
    alt(Everywhere, '2', Action::Tab(1)),
    alt(Everywhere, '3', Action::Tab(2)),
    alt(Everywhere, '4', Action::Tab(3)),
    alt(Everywhere, '5', Action::Tab(4)),
    alt(Everywhere, '6', Action::Tab(5)),
    alt(Everywhere, '7', Action::Tab(6)),
    alt(Everywhere, '8', Action::Tab(7)),
    alt(Everywhere, '9', Action::Tab(8)),
    bind(Everywhere, KeyModifiers::CONTROL, KeyCode::PageDown, Action::NextTab),
    bind(Everywhere, KeyModifiers::CONTROL, KeyCode::PageUp, Action::PreviousTab),
    key(Everywhere, KeyCode::F(2), Action::Resources),
    key(Everywhere, KeyCode::F(4), Action::Faults),
    key(Everywhere, KeyCode::F(6), Action::NextPane),
    bind(Everywhere, KeyModifiers::SHIFT, KeyCode::F(6), Action::PreviousPane),
    key(Everywhere, KeyCode::F(8), Action::JumpToField),
    key(Everywhere, KeyCode::F(9), Action::Cancel),
    key(Everywhere, KeyCode::F(12), Action::Mouse),
    ctrl(Everywhere, 'c', Action::Quit),
    ctrl(Everywhere, 'q', Action::Quit),
    key(Field, KeyCode::Tab, Action::NextField),
    key(Field, KeyCode::Enter, Action::NextField),
    key(Field, KeyCode::Down, Action::NextField),
    key(Field, KeyCode::BackTab, Action::PreviousField),
    key(Field, KeyCode::Up, Action::PreviousField),
    key(Field, KeyCode::Esc, Action::Back),
    ctrl(Field, 't', Action::Json),
    ctrl(Field, 'n', Action::AddRow),
    ctrl(Field, 'r', Action::RemoveRow),
    char(Commands, '?', Action::Help),
    char(Commands, 's', Action::Send),
    char(Commands, 'T', Action::SendPersistently),
    char(Commands, 'S', Action::SendAgain),
    key(Commands, KeyCode::Tab, Action::NextPane),
    key(Commands, KeyCode::BackTab, Action::PreviousPane),
    char(Commands, 'f', Action::ToForm),
    char(Commands, 'v', Action::ToPreview),
    char(Commands, 'l', Action::ToLog),
    char(Commands, 'x', Action::ToExchange),
    char(Commands, '1', Action::Tab(0)),
    char(Commands, '2', Action::Tab(1)),
    char(Commands, '3', Action::Tab(2)),
    char(Commands, '4', Action::Tab(3)),
    char(Commands, '5', Action::Tab(4)),
    char(Commands, '6', Action::Tab(5)),
    char(Commands, '7', Action::Tab(6)),
    char(Commands, '8', Action::Tab(7)),
    char(Commands, '9', Action::Tab(8)),
    char(Commands, ']', Action::NextTab),
    char(Commands, '[', Action::PreviousTab),
    key(Commands, KeyCode::Up, Action::Up),
    char(Commands, 'k', Action::Up),
    key(Commands, KeyCode::Down, Action::Down),
    char(Commands, 'j', Action::Down),
    key(Commands, KeyCode::PageUp, Action::PageUp),
    key(Commands, KeyCode::PageDown, Action::PageDown),
    char(Commands, ' ', Action::PageDown),
    key(Commands, KeyCode::Home, Action::First),
    char(Commands, 'g', Action::First),
    key(Commands, KeyCode::End, Action::Last),
    char(Commands, 'G', Action::Last),
    char(Commands, 'z', Action::Zoom),
    char(Commands, 'y', Action::Copy),
    char(Commands, 'w', Action::Save),
    char(Commands, 'u', Action::Reveal),
    char(Commands, 'p', Action::Profile),
    char(Commands, 'r', Action::Region),
    char(Commands, 'o', Action::Operation),
    char(Commands, 'R', Action::Resources),
    char(Commands, 'L', Action::Laboratory),
    char(Commands, 'C', Action::ServerClock),
    char(Commands, 'K', Action::OtherKey),
    char(Commands, '!', Action::Faults),
    char(Commands, 'm', Action::Mouse),
    char(Commands, 'e', Action::JumpToField),
    char(Commands, 'c', Action::Cancel),
    key(Commands, KeyCode::Esc, Action::Back),
    char(Commands, 'q', Action::Quit),
    key(Form, KeyCode::Enter, Action::Edit),
    char(Form, 'i', Action::Edit),
    char(Form, ' ', Action::Toggle),
    char(Form, 'd', Action::FieldHelp),
    key(Form, KeyCode::Delete, Action::Clear),
    char(Form, 'D', Action::ClearForm),
    char(Form, 'a', Action::Examples),
    char(Form, 't', Action::Json),
    char(Form, '+', Action::AddRow),
    char(Form, '-', Action::RemoveRow),
    key(Resources, KeyCode::Enter, Action::ShowResource),
    char(Resources, 'i', Action::FillShow),
    char(Resources, 'e', Action::FillUpdate),
    char(Resources, 'd', Action::FillDelete),
    key(Resources, KeyCode::Delete, Action::FillDelete),
    char(Resources, 'n', Action::NewResource),
    key(Resources, KeyCode::F(5), Action::Refresh),
    char(Resources, 's', Action::Sort),
    char(Resources, 'S', Action::TurnSort),
    char(Resources, '/', Action::Filter),
    key(Filter, KeyCode::Enter, Action::EndFilter),
    key(Filter, KeyCode::Esc, Action::Back),
    key(Filter, KeyCode::Up, Action::Up),
    key(Filter, KeyCode::Down, Action::Down),
    ctrl(Filter, 'c', Action::Back),
    ctrl(Filter, 'q', Action::Quit),
    key(LogFilter, KeyCode::Enter, Action::EndFilter),
    key(LogFilter, KeyCode::Esc, Action::Back),
    key(LogFilter, KeyCode::Tab, Action::TakeCandidate),
    key(LogFilter, KeyCode::Up, Action::Up),
    key(LogFilter, KeyCode::Down, Action::Down),
    ctrl(LogFilter, 'c', Action::Back),
    ctrl(LogFilter, 'q', Action::Quit),
    key(Preview, KeyCode::Right, Action::NextView),
    key(Preview, KeyCode::Left, Action::PreviousView),
    key(Log, KeyCode::Enter, Action::ToExchange),
    char(Log, '/', Action::FilterLog),
    char(Log, '=', Action::Compare),
    char(Log, 'i', Action::EditAgain),
    char(Log, 'X', Action::SendExactly),
    key(Exchange, KeyCode::Right, Action::NextView),
    key(Exchange, KeyCode::Left, Action::PreviousView),
    char(Exchange, 'b', Action::BodyView),
    char(Exchange, 'Y', Action::CopyAs),
    char(Exchange, 'W', Action::WriteAs),
    char(Exchange, '=', Action::Compare),
    char(Exchange, 'i', Action::EditAgain),
    char(Exchange, 'X', Action::SendExactly),
    char(Exchange, '/', Action::Search),
    char(Exchange, 'n', Action::NextMatch),
    char(Exchange, 'N', Action::PreviousMatch),
    key(Exchange, KeyCode::Enter, Action::Fold),
    char(Exchange, '-', Action::FoldAll),
    char(Exchange, '+', Action::UnfoldAll),
    char(Exchange, ':', Action::Path),
    char(Exchange, '#', Action::Numbers),
    char(Exchange, 'J', Action::Jq),
    char(Exchange, '|', Action::Jq),
    char(Exchange, '\\', Action::Wrap),
    char(Exchange, '>', Action::Further),
    char(Exchange, '<', Action::Nearer),
    key(Prompt, KeyCode::Tab, Action::Complete),
    key(Prompt, KeyCode::Enter, Action::Choose),
    key(Prompt, KeyCode::Esc, Action::Back),
    key(Prompt, KeyCode::Down, Action::Down),
    key(Prompt, KeyCode::Up, Action::Up),
    key(Prompt, KeyCode::PageDown, Action::PageDown),
    key(Prompt, KeyCode::PageUp, Action::PageUp),
    alt(Prompt, 'r', Action::Regex),
    ctrl(Prompt, 'r', Action::Regex),
    ctrl(Prompt, 'c', Action::Back),
    ctrl(Prompt, 'q', Action::Quit),
    key(Popup, KeyCode::Esc, Action::Back),
    char(Popup, 'q', Action::Back),
    key(Popup, KeyCode::Up, Action::Up),
    char(Popup, 'k', Action::Up),
    key(Popup, KeyCode::Down, Action::Down),
    char(Popup, 'j', Action::Down),
    key(Popup, KeyCode::PageUp, Action::PageUp),
    key(Popup, KeyCode::PageDown, Action::PageDown),
    char(Popup, ' ', Action::PageDown),
    key(Popup, KeyCode::Home, Action::First),
    key(Popup, KeyCode::End, Action::Last),
    char(Popup, 'y', Action::Copy),
    key(Popup, KeyCode::F(1), Action::Back),
    char(Popup, '?', Action::Back),
    ctrl(Popup, 'c', Action::Back),
    ctrl(Popup, 'q', Action::Quit),
    key(Reading, KeyCode::Enter, Action::Back),
    char(Laboratory, 'i', Action::EditAgain),
    key(Picker, KeyCode::Enter, Action::Choose),
    key(Picker, KeyCode::Esc, Action::Back),
    key(Picker, KeyCode::Up, Action::Up),
    key(Picker, KeyCode::Down, Action::Down),
    ctrl(Picker, 'c', Action::Back),
    ctrl(Picker, 'q', Action::Quit),
    char(Faults, 'a', Action::AddFault),
    key(Faults, KeyCode::Enter, Action::AddFault),
    char(Faults, 'd', Action::RemoveFault),
    key(Faults, KeyCode::Delete, Action::RemoveFault),
    char(Faults, 'D', Action::ClearFaults),
    key(Faults, KeyCode::Esc, Action::Back),
    key(Faults, KeyCode::F(4), Action::Back),
    char(Faults, '!', Action::Back),
    char(Warning, 'a', Action::SendAnyway),
    ctrl(Warning, 's', Action::SendAnyway),
    key(Warning, KeyCode::Esc, Action::Back),
    key(Warning, KeyCode::Enter, Action::Back),
    ctrl(Warning, 'c', Action::Back),
    ctrl(Warning, 'q', Action::Quit),
];

/// Returns what a key does, looked up in the contexts that hold, the closest first.
pub fn lookup(contexts: &[KeyContext], key: KeyEvent) -> Option<Action> {
    contexts.iter().find_map(|context| {
        BINDINGS.iter().find(|binding| binding.context == *context && binding.chord.fits(key)).map(|binding| binding.action)
    })
}

/// Returns the key shown for an action in the contexts that hold.
pub fn chord_of(contexts: &[KeyContext], action: Action) -> Option<Chord> {
    contexts.iter().find_map(|context| {
        BINDINGS.iter().find(|binding| binding.context == *context && binding.action == action).map(|binding| binding.chord)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things_in_one_context() {
        for (at, one) in BINDINGS.iter().enumerate() {
            for other in &BINDINGS[at + 1..] {
                assert!(one.context != other.context || one.chord != other.chord, "{:?} {}", one.context, one.chord.name());
            }
        }
    }

    #[test]
    fn no_plain_character_is_a_shortcut_in_a_field() {
        for binding in BINDINGS.iter().filter(|binding| matches!(binding.context, Field | Everywhere)) {
            let plain = matches!(binding.chord.code, KeyCode::Char(_)) && binding.chord.modifiers.is_empty();
            assert!(!plain, "{}", binding.chord.name());
        }
    }

    #[test]
    fn the_shift_of_a_character_does_not_matter() {
        let key = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(lookup(&[Log, Commands], key), Some(Action::Last));
        let key = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
        assert_eq!(lookup(&[Field], key), Some(Action::PreviousField));
    }
}
