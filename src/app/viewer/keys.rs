//! What the keys of reading do: a function for each family.

use super::PromptKind;
use crate::app::{Action, App};

impl App {
    /// Searches, or goes through what was found.
    pub(in crate::app) fn act_on_search(&mut self, action: Action) {
        match action {
            Action::Search => self.begin_search(),
            Action::NextMatch => self.step_match(1),
            Action::PreviousMatch => self.step_match(-1),
            _ => self.toggle_regex(),
        }
    }

    /// Folds a JSON body, goes to a path in it, or filters it.
    pub(in crate::app) fn act_on_json(&mut self, action: Action) {
        match action {
            Action::Fold => self.toggle_fold(),
            Action::FoldAll => self.fold_all(true),
            Action::UnfoldAll => self.fold_all(false),
            Action::Path => self.begin_path(),
            Action::Jq => self.begin_jq(),
            _ => self.complete(),
        }
    }

    /// Changes how the body's lines are shown.
    pub(in crate::app) fn act_on_lines(&mut self, action: Action) {
        match action {
            Action::Wrap => self.toggle_wrap(),
            Action::Further => self.step_part(1),
            Action::Nearer => self.step_part(-1),
            _ => self.viewer.numbered = !self.viewer.numbered,
        }
    }

    fn complete(&mut self) {
        match self.viewer.prompt.as_ref().map(|prompt| prompt.asked) {
            Some(PromptKind::Path) => self.complete_path(),
            Some(PromptKind::Filter) => self.complete_filter(),
            Some(PromptKind::Search) | None => {}
        }
    }
}
