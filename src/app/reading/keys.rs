//! What the keys of reading do.

use super::Asked;
use crate::app::{Action, App};

impl App {
    /// Carries out an action on what the exchange pane shows.
    pub(in crate::app) fn act_in_reading(&mut self, action: Action) {
        match action {
            Action::Search => self.begin_search(),
            Action::NextMatch => self.step_match(1),
            Action::PreviousMatch => self.step_match(-1),
            Action::Regex => self.toggle_regex(),
            Action::Fold => self.toggle_fold(),
            Action::FoldAll => self.fold_all(true),
            Action::UnfoldAll => self.fold_all(false),
            Action::Path => self.begin_path(),
            Action::Complete => self.complete(),
            Action::Jq => self.begin_jq(),
            Action::Wrap => self.toggle_wrap(),
            Action::Further => self.step_part(1),
            Action::Nearer => self.step_part(-1),
            Action::Numbers => self.viewer.numbered = !self.viewer.numbered,
            _ => {}
        }
    }

    fn complete(&mut self) {
        match self.viewer.prompt.as_ref().map(|prompt| prompt.asked) {
            Some(Asked::Path) => self.complete_path(),
            Some(Asked::Filter) => self.complete_filter(),
            Some(Asked::Search) | None => {}
        }
    }
}
