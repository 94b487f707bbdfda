//! Lists to choose from, narrowed by what is typed.

use std::borrow::Cow;

use tui_input::Input;

use super::component::{Body, PickerKind, PopupContext, PopupInput, PopupOutcome, Reaction, Row, View, type_into};
use crate::app::keys::{Action, KeyMap};
use crate::app::page::Role;

/// Rows of a list that are shown at once.
pub const MAX_ROWS: u16 = 14;

impl PickerKind {
    /// Returns the title, and the columns that the popup and the names in it may take.
    fn layout(self) -> (&'static str, u16, u16) {
        match self {
            Self::Profile => ("Profile", 64, 32),
            Self::Region => ("Region", 64, 32),
            Self::Operation => ("Operation", 64, 32),
            Self::Fault => ("Fault to set", 100, 44),
            Self::CopyAs => ("Copy as", 64, 32),
            Self::WriteAs => ("Write as", 64, 32),
        }
    }

    /// Returns what is said where nothing fits.
    fn nothing(self, keys: &KeyMap) -> String {
        match self {
            Self::Region => format!("the vendor lists no such region: {} takes it as it is typed", keys.hint(Action::Choose)),
            _ => "nothing fits what is typed".to_owned(),
        }
    }
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The name, by which it is chosen.
    pub name: String,
    /// A description.
    pub detail: String,
}

/// A list to choose from.
#[derive(Debug)]
pub struct Picker {
    /// The kind of item.
    pub kind: PickerKind,
    /// The typed text.
    pub input: Input,
    /// Everything that can be chosen.
    pub choices: Vec<Choice>,
    /// The selected one of those that are shown.
    pub selected: usize,
}

impl Picker {
    /// Creates a picker with the choice of this name selected.
    pub fn new(kind: PickerKind, choices: Vec<Choice>, current: &str) -> Self {
        let selected = choices.iter().position(|choice| choice.name == current).unwrap_or(0);
        Self { kind, input: Input::default(), choices, selected }
    }

    /// Returns the choices that fit what is typed: each typed word occurs in the name or the detail. Names that begin so stand first.
    pub fn shown(&self) -> Vec<&Choice> {
        let typed = self.input.value().to_lowercase();
        let fits = |choice: &&Choice| {
            let text = format!("{} {}", choice.name, choice.detail).to_lowercase();
            typed.split_whitespace().all(|word| text.contains(word))
        };
        let mut shown: Vec<&Choice> = self.choices.iter().filter(fits).collect();
        shown.sort_by_key(|choice| !choice.name.to_lowercase().starts_with(&typed));
        shown
    }

    /// Returns the selected choice, if any fits. A region may also be typed that no list has.
    fn chosen(&self) -> Option<String> {
        let typed = self.input.value().trim();
        let listed = self.shown().get(self.selected).map(|choice| choice.name.clone());
        listed.or_else(|| (self.kind == PickerKind::Region && !typed.is_empty()).then(|| typed.to_owned()))
    }

    /// Describes it for the screen.
    pub fn view<'a>(&'a self, context: &PopupContext<'_>) -> View<'a> {
        let (title, columns, name_columns) = self.kind.layout();
        let rows = u16::try_from(self.choices.len()).unwrap_or(u16::MAX).clamp(1, MAX_ROWS) + 4;
        let hints = &[(Action::Choose, "choose"), (Action::Back, "back"), (Action::Up, "up"), (Action::Down, "down")];
        let row = |choice: &'a Choice| Row { name: &choice.name, role: Role::Text, detail: Cow::Borrowed(&choice.detail) };
        let shown: Vec<_> = self.shown().into_iter().map(row).collect();
        let body = if shown.is_empty() {
            Body::remarks([&self.kind.nothing(context.keys)])
        } else {
            Body::Rows { rows: shown, selected: self.selected, name_columns: Some(name_columns) }
        };
        View { body, is_dismissible: true, ..View::typed(title, (columns, rows), Cow::Borrowed(&self.input), hints) }
    }

    /// Takes an input.
    pub fn update(&mut self, input: PopupInput<'_>) -> Reaction {
        let selected = match input {
            PopupInput::Action(Action::Back) if self.kind == PickerKind::Fault => return Reaction::Finish(PopupOutcome::ShowFaults),
            PopupInput::Action(Action::Choose) | PopupInput::Click(_) => {
                self.selected = if let PopupInput::Click(row) = input { row } else { self.selected };
                return self.chosen().map_or(Reaction::Stay, |name| Reaction::Finish(PopupOutcome::Chosen(self.kind, name)));
            }
            PopupInput::Action(action) if action.moves() => action.moved(self.selected, usize::from(MAX_ROWS)),
            PopupInput::Wheel(lines) => self.selected.saturating_add_signed(lines.signum()),
            typed if type_into(&mut self.input, typed) => 0,
            _ => self.selected,
        };
        self.selected = selected.min(self.shown().len().saturating_sub(1));
        Reaction::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(kind: PickerKind, typed: &str) -> Picker {
        let choice = |name: &str, detail: &str| Choice { name: name.into(), detail: detail.into() };
        let choices = vec![choice("cn-hangzhou", "China East"), choice("eu-de", "Germany"), choice("eu-nl", "Netherlands")];
        let mut picker = Picker::new(kind, choices, "eu-de");
        if !typed.is_empty() {
            picker.update(PopupInput::Paste(typed));
        }
        picker
    }

    #[test]
    fn typing_narrows() {
        assert_eq!(picker(PickerKind::Region, "").chosen().as_deref(), Some("eu-de"));
        assert_eq!(picker(PickerKind::Region, "EU neth").chosen().as_deref(), Some("eu-nl"));
    }

    #[test]
    fn accepts_typed_regions_but_no_unlisted_profile() {
        for (kind, chosen) in [(PickerKind::Region, Some("mars-1".to_owned())), (PickerKind::Profile, None)] {
            assert_eq!(picker(kind, "mars-1").chosen(), chosen);
        }
    }
}
