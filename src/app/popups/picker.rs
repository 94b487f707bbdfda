//! Lists to choose from, narrowed by what is typed.

use std::borrow::Cow;

use tui_input::Input;

use super::component::{Body, Component, PickerKind, PopupContext, PopupInput, PopupOutcome, Reaction, Row, View, hints, type_into};
use crate::app::keys::{Action, KeyMap};
use crate::app::page::Role;

/// Rows of a list that are shown at once.
pub const MAX_ROWS: u16 = 14;

impl PickerKind {
    fn title(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Region => "Region",
            Self::Operation => "Operation",
            Self::CopyAs => "Copy as",
            Self::WriteAs => "Write as",
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

/// A list with a line that narrows it.
#[derive(Debug, Default)]
pub struct ChoiceList {
    /// The typed text.
    pub input: Input,
    /// Everything that can be chosen.
    pub choices: Vec<Choice>,
    /// The selected one of those that are shown.
    pub selected: usize,
}

impl ChoiceList {
    /// Creates a list with the choice of this name selected.
    pub fn new(choices: Vec<Choice>, current: &str) -> Self {
        let selected = choices.iter().position(|choice| choice.name == current).unwrap_or(0);
        Self { input: Input::default(), choices, selected }
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

    /// Returns the selected choice, if any fits.
    pub fn chosen(&self) -> Option<String> {
        self.shown().get(self.selected).map(|choice| choice.name.clone())
    }

    /// Takes an input; `true` if it chooses what is selected.
    pub fn update(&mut self, input: PopupInput<'_>) -> bool {
        let selected = match input {
            PopupInput::Action(Action::Choose) => return true,
            PopupInput::Click(row) => {
                self.selected = row;
                return true;
            }
            PopupInput::Action(action) if action.moves() => action.moved(self.selected, usize::from(MAX_ROWS)),
            PopupInput::Wheel(lines) => self.selected.saturating_add_signed(lines.signum()),
            typed if type_into(&mut self.input, typed) => 0,
            _ => return false,
        };
        self.selected = selected.min(self.shown().len().saturating_sub(1));
        false
    }

    /// Describes it in so many columns, those of the names at most `name_columns`; `none` is said where nothing fits.
    pub fn view<'a>(&'a self, title: &'static str, columns: u16, name_columns: u16, none: &str) -> View<'a> {
        let size = (columns, u16::try_from(self.choices.len()).unwrap_or(u16::MAX).clamp(1, MAX_ROWS) + 4);
        let row = |choice: &'a Choice| Row { name: &choice.name, role: Role::Text, detail: Cow::Borrowed(&choice.detail) };
        let rows: Vec<_> = self.shown().into_iter().map(row).collect();
        let body = match rows.is_empty() {
            true => Body::remark([none]),
            false => Body::Rows { rows, selected: self.selected, name_columns: Some(name_columns) },
        };
        View { input: Some(Cow::Borrowed(&self.input)), body, ..View::new(title, size) }
    }
}

/// A list in a popup.
#[derive(Debug)]
pub struct Picker {
    /// The kind of item.
    pub kind: PickerKind,
    /// The list.
    pub list: ChoiceList,
}

impl Picker {
    /// Returns the selected choice, if any fits. A region may also be typed that no list has.
    fn chosen(&self) -> Option<String> {
        let typed = self.list.input.value().trim();
        self.list.chosen().or_else(|| (self.kind == PickerKind::Region && !typed.is_empty()).then(|| typed.to_owned()))
    }

    /// Returns what is said where nothing fits.
    fn none(&self, keys: &KeyMap) -> String {
        match self.kind {
            PickerKind::Region => format!("the vendor lists no such region: {} takes it as it is typed", keys.hint(Action::Choose)),
            _ => NOTHING_FITS.to_owned(),
        }
    }
}

/// Said where no item fits what is typed.
pub const NOTHING_FITS: &str = "nothing fits what is typed";

impl Component for Picker {
    fn hints(&self, _context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        hints([Action::Choose, Action::Back, Action::Up, Action::Down])
    }

    fn view<'a>(&'a self, context: &PopupContext<'a>) -> View<'a> {
        self.list.view(self.kind.title(), 64, 32, &self.none(context.keys))
    }

    fn update(&mut self, input: PopupInput<'_>, _context: &PopupContext<'_>) -> Reaction {
        if !self.list.update(input) {
            return Reaction::Stay;
        }
        self.chosen().map_or(Reaction::Stay, |name| Reaction::Finish(PopupOutcome::Chosen(self.kind, name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(kind: PickerKind, typed: &str) -> Picker {
        let choice = |name: &str, detail: &str| Choice { name: name.into(), detail: detail.into() };
        let choices = vec![choice("cn-hangzhou", "China East"), choice("eu-de", "Germany"), choice("eu-nl", "Netherlands")];
        let mut list = ChoiceList::new(choices, "eu-de");
        if !typed.is_empty() {
            list.update(PopupInput::Paste(typed));
        }
        Picker { kind, list }
    }

    #[test]
    fn typing_narrows() {
        assert_eq!(picker(PickerKind::Region, "").chosen().as_deref(), Some("eu-de"));
        assert_eq!(picker(PickerKind::Region, "EU neth").chosen().as_deref(), Some("eu-nl"));
    }

    #[test]
    fn an_unlisted_region_can_be_typed_but_no_unlisted_profile() {
        for (kind, chosen) in [(PickerKind::Region, Some("mars-1".to_owned())), (PickerKind::Profile, None)] {
            assert_eq!(picker(kind, "mars-1").chosen(), chosen);
        }
    }
}
