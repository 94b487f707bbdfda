//! What an action does: one function for each, or for each family.

use super::popups::{PickerKind, Popup, PopupInput, help};
use super::viewer::PromptKind;
use super::{Action, App, Effect, ExchangeView, Notice, Pane, PreviewView};
use crate::body::View;
use crate::exchange::{Exchange, Purpose};
use crate::explain::blamed;

impl App {
    /// Carries an action out.
    pub(super) fn act(&mut self, action: Action) {
        if self.popups.is_open() && action != Action::Quit {
            return self.popup_input(PopupInput::Action(action));
        }
        match action {
            Action::Send => self.send(),
            Action::SendPersistently => self.send_persistently(),
            Action::EditAgain => drop(self.edit_again()),
            Action::SendAgain => self.send_again(),
            Action::SendExactly => self.send_exactly(),
            Action::Edit => self.begin_editing(),
            Action::Choose => self.take_prompt(),
            Action::Back => self.back(),
            Action::NextField => self.next_field(),
            Action::PreviousField => self.previous_field(),
            Action::Toggle => self.edit(|field, choices| field.step(1, false, choices)),
            Action::Json => self.toggle_json(),
            Action::AddRow => self.rows(super::Field::add_row),
            Action::RemoveRow => self.rows(super::Field::remove_row),
            Action::Clear => self.edit(|field, _| field.unset()),
            Action::ClearForm => self.clear_form(),
            Action::Examples => self.fill_examples(),
            Action::FieldHelp => self.open_field_help(),
            Action::Help => self.popups.show(Popup::Text(help())),
            Action::NextPane => self.step_pane(1),
            Action::PreviousPane => self.step_pane(Pane::ALL.len() - 1),
            Action::ToForm => self.go_to_form(),
            Action::ToPreview => self.focus_pane(Pane::Preview),
            Action::ToLog => self.focus_pane(Pane::Log),
            Action::ToExchange => self.focus_pane(Pane::Exchange),
            Action::Tab(at) => self.show_tab(usize::from(at)),
            Action::NextTab => self.show_tab((self.tab + 1) % self.tabs.len()),
            Action::PreviousTab => self.show_tab((self.tab + self.tabs.len() - 1) % self.tabs.len()),
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => self.travel(action),
            Action::NextView => self.step_view(1),
            Action::PreviousView => self.step_view(-1),
            Action::BodyView => self.step_body_view(),
            Action::Search | Action::NextMatch | Action::PreviousMatch | Action::Regex => self.act_on_search(action),
            Action::Fold | Action::FoldAll | Action::UnfoldAll | Action::Path | Action::Complete | Action::Jq => self.act_on_json(action),
            Action::Wrap | Action::Further | Action::Nearer | Action::Numbers => self.act_on_lines(action),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::Cancel => self.cancel(),
            Action::JumpToField => self.jump_to_field(),
            Action::Compare => self.compare_selected(),
            Action::Laboratory => self.open_laboratory(),
            Action::ServerClock => self.turn_clock(),
            Action::OtherKey => self.ask_other_key(),
            Action::Copy => self.copy(),
            Action::Save => self.save(),
            Action::Reveal => self.reveal(),
            Action::Profile => self.open_picker(PickerKind::Profile),
            Action::Region => self.open_picker(PickerKind::Region),
            Action::Operation => self.open_picker(PickerKind::Operation),
            Action::CopyAs => self.open_export(PickerKind::CopyAs),
            Action::WriteAs => self.open_export(PickerKind::WriteAs),
            Action::Resources => self.toggle_resources(),
            Action::Refresh
            | Action::ShowResource
            | Action::FillShow
            | Action::FillUpdate
            | Action::FillDelete
            | Action::NewResource
            | Action::Sort
            | Action::TurnSort
            | Action::Filter => self.act_on_resources(action),
            Action::EndFilter if self.finding() => self.end_finding(),
            Action::EndFilter => self.current_mut().resources.filtering = false,
            Action::Faults => self.open_faults(),
            Action::FilterLog => self.find(),
            Action::TakeCandidate => self.take_candidate(),
            Action::Mouse => self.toggle_mouse(),
            Action::Quit => self.quit(),
            // Keys of popups alone.
            Action::SendAnyway | Action::AddFault | Action::RemoveFault | Action::ClearFaults => {}
        }
    }

    fn go_to_form(&mut self) {
        self.show_form();
        self.focus_pane(Pane::Form);
    }

    fn begin_editing(&mut self) {
        if self.resources_shown() {
            self.show_form();
        }
        self.focus_pane(Pane::Form);
        self.editing = true;
    }

    fn next_field(&mut self) {
        let tab = self.current_mut();
        let focus = tab.focus;
        if tab.fields.get_mut(focus).is_some_and(super::Field::next_part) {
            return;
        }
        if focus + 1 < tab.fields.len() {
            tab.focus += 1;
            tab.fields[focus + 1].part = 0;
        } else {
            tab.focus = 0;
        }
    }

    fn previous_field(&mut self) {
        let tab = self.current_mut();
        let focus = tab.focus;
        if tab.fields.get_mut(focus).is_some_and(super::Field::previous_part) {
            return;
        }
        let Some(last) = tab.fields.len().checked_sub(1) else { return };
        tab.focus = focus.checked_sub(1).unwrap_or(last);
        let field = &mut tab.fields[tab.focus];
        field.part = if matches!(field.editor, super::Editor::Checks(_)) { field.part } else { field.parts().saturating_sub(1) };
    }

    fn toggle_json(&mut self) {
        let tab = self.current_mut();
        let focus = tab.focus;
        let Some(parameter) = tab.parameters().get(focus).cloned() else { return };
        if !tab.fields[focus].toggle_json(&parameter) {
            self.notify(Notice::warning("only JSON can say this value"));
        }
        self.refresh();
    }

    fn rows(&mut self, change: fn(&mut super::Field) -> bool) {
        let mut has_rows = true;
        self.edit(|field, _| has_rows = change(field));
        if !has_rows {
            self.notify(Notice::warning("this field has no rows"));
        }
    }

    fn clear_form(&mut self) {
        self.current_mut().clear();
        self.refresh();
    }

    fn fill_examples(&mut self) {
        let filled = self.current_mut().fill_examples();
        self.refresh();
        self.notify(Notice::done(format!("{filled} fields filled with the vendor's examples")));
    }

    fn jump_to_field(&mut self) {
        if self.log.is_empty() {
            return self.notify(Notice::warning("nothing was sent yet"));
        }
        let Some((tab, operation, parameter)) = self.blamed_field() else {
            return self.notify(Notice::warning("this exchange names no field"));
        };
        self.show_tab(tab);
        self.current_mut().choose(operation);
        self.refresh();
        if self.current_mut().focus_on(&parameter) {
            self.begin_editing();
        }
    }

    /// Returns the tab, operation and parameter that the selected exchange's error is about.
    pub fn blamed_field(&self) -> Option<(usize, usize, String)> {
        let exchange = self.log.selected()?;
        let tab = self.tabs.iter().position(|tab| tab.id == exchange.provider)?;
        let provider = self.tabs[tab].provider.as_deref()?;
        let at = provider.operations.iter().position(|operation| operation.id == exchange.operation)?;
        let operation = &provider.operations[at];
        let parameter = blamed(provider, Some(operation), exchange)?;
        operation.parameters.iter().any(|known| known.name == parameter).then_some((tab, at, parameter))
    }

    fn back(&mut self) {
        if self.editing {
            self.editing = false;
        } else if self.back_in_pane() {
        } else if self.zoomed {
            self.zoomed = false;
        } else {
            self.pane = Pane::Form;
        }
    }

    /// Goes back inside of the focused pane; `false` if there is nothing to go back from.
    fn back_in_pane(&mut self) -> bool {
        match self.pane {
            Pane::Form => self.back_from_resources(),
            Pane::Exchange => self.back_from_reading(),
            Pane::Log => self.back_from_finding(),
            Pane::Preview => false,
        }
    }

    fn step_pane(&mut self, by: usize) {
        let at = Pane::ALL.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        self.focus_pane(Pane::ALL[(at + by) % Pane::ALL.len()]);
    }

    /// Gives a pane the focus; typing ends.
    pub(super) fn focus_pane(&mut self, pane: Pane) {
        self.pane = pane;
        self.editing = false;
        self.viewer.prompt = None;
        if pane != Pane::Form {
            self.lower = pane;
        }
    }

    /// Shows a tab. Its form has the focus as it was left.
    pub(super) fn show_tab(&mut self, at: usize) {
        if at >= self.tabs.len() {
            return self.notify(Notice::warning(format!("there are {} tabs", self.tabs.len())));
        }
        self.tab = at;
        self.resolve_shown();
        self.refresh();
    }

    fn travel(&mut self, action: Action) {
        if self.prompting() {
            return self.travel_prompt(action);
        }
        match self.pane {
            Pane::Form if self.resources_shown() => self.travel_table(action),
            Pane::Form => self.travel_form(action),
            Pane::Log if self.log.filter.typing => self.travel_candidates(action),
            Pane::Log => self.travel_log(action),
            Pane::Preview => self.preview.scroll = action.moved(self.preview.scroll, self.sizes.preview.1),
            Pane::Exchange => self.travel_exchange(action),
        }
    }

    /// Moves, while something is typed in the exchange: from match to match, or through the results of a filter.
    fn travel_prompt(&mut self, action: Action) {
        let (page, viewer) = (self.sizes.results.1, &mut self.viewer);
        match (viewer.prompt.as_ref().map(|prompt| prompt.asked), &mut viewer.jq) {
            (Some(PromptKind::Filter), Some(jq)) => jq.scroll = action.moved(jq.scroll, page),
            (Some(PromptKind::Search), _) => self.step_match(if matches!(action, Action::Up | Action::PageUp) { -1 } else { 1 }),
            _ => {}
        }
    }

    /// Moves the selected line of the body, or what there is beside it, or the body.
    fn travel_exchange(&mut self, action: Action) {
        let page = self.sizes.exchange.1;
        if let Some(jq) = self.viewer.jq.as_mut().filter(|_| self.viewer.cursor.is_none()) {
            jq.scroll = action.moved(jq.scroll, self.sizes.results.1);
            return;
        }
        if !self.viewer.move_cursor(|line| action.moved(line, page)) {
            self.viewer.scroll = action.moved(self.viewer.scroll, page);
        }
    }

    fn travel_form(&mut self, action: Action) {
        let tab = self.current_mut();
        let last = tab.fields.len().saturating_sub(1);
        tab.focus = match action {
            Action::Up => tab.focus.saturating_sub(1),
            Action::Down => (tab.focus + 1).min(last),
            Action::First | Action::PageUp => 0,
            _ => last,
        };
    }

    fn travel_table(&mut self, action: Action) {
        let page = self.sizes.resources;
        self.change_table(|table| {
            let last = table.visible().len().saturating_sub(1);
            table.selected = action.moved(table.selected, page).min(last);
        });
    }

    pub(super) fn step_table(&mut self, by: isize) {
        self.travel_table(if by < 0 { Action::Up } else { Action::Down });
    }

    fn travel_log(&mut self, action: Action) {
        let last = self.log.len().saturating_sub(1);
        let (from, row) = (self.log.row(), action.moved(self.log.row(), self.sizes.log));
        self.log.select(row.min(last));
        self.load_older_rows(action, if action == Action::First { self.log.row() } else { from });
    }

    fn step_view(&mut self, by: isize) {
        if self.pane == Pane::Preview {
            self.preview.view = stepped(&PreviewView::ALL, self.preview.view, by);
            self.preview.scroll = 0;
        } else {
            self.viewer.left = None;
            self.viewer.view = stepped(&ExchangeView::ALL, self.viewer.view, by);
        }
    }

    /// Shows the body in its next form. From a view without one it is the answer's, and behind the last form that view again.
    fn step_body_view(&mut self) {
        let viewer = &mut self.viewer;
        viewer.body_view = stepped(&[View::Pretty, View::Raw, View::Hex], viewer.body_view, 1);
        if !matches!(viewer.view, ExchangeView::Request | ExchangeView::Response) {
            viewer.left = Some(viewer.view);
            viewer.view = ExchangeView::Response;
            viewer.body_view = View::Raw;
        } else if viewer.body_view == View::Pretty {
            viewer.come_back();
        }
    }

    fn toggle_mouse(&mut self) {
        self.mouse = !self.mouse;
        self.effects.push(Effect::Mouse(self.mouse));
        let words = match self.mouse {
            true => "the mouse is skydeck's".to_owned(),
            false => format!("the mouse is the terminal's: select text as usual, {} takes it back", self.keys.hint(Action::Mouse)),
        };
        self.notify(Notice::warning(words));
    }

    fn quit(&mut self) {
        // What the console asks by itself changes nothing, and nobody waits for it.
        let wanted = |exchange: &&Exchange| exchange.in_flight() && exchange.purpose == Purpose::Operator;
        let in_flight = self.log.entries().iter().filter(wanted).count();
        let to_come = self.waits.in_progress();
        if in_flight + to_come == 0 || self.leaving {
            return self.effects.push(Effect::Quit);
        }
        self.leaving = true;
        let what = if in_flight > 0 { format!("{in_flight} in flight") } else { format!("{to_come} to be sent again") };
        self.notify(Notice::warning(format!("{what}: the same key again leaves all the same")));
    }
}

fn stepped<T: Copy + PartialEq>(all: &[T], current: T, by: isize) -> T {
    let at = all.iter().position(|one| *one == current).unwrap_or(0);
    all[(at + all.len()).wrapping_add_signed(by) % all.len()]
}
