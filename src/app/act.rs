//! What an action does: one function for each, or for each family.

use std::sync::Arc;

use tui_input::Input;

use super::message::Notice;
use super::page::Page;
use super::popup::{Choice, Picker, Reading, Subject, Topic};
use super::update::scroll;
use super::{Action, App, Effect, ExchangeView, Pane, Popup, PreviewView, USER_AGENT};
use crate::body::View;
use crate::call::Call;
use crate::config::{Access, Guard};
use crate::explain::explain;
use crate::form::{Target, plan};

/// Lines of a page above which it is not copied to the clipboard.
const COPY_LINES: usize = 2000;

impl App {
    /// Carries an action out.
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Send => self.send(),
            Action::SendAnyway => self.send_anyway(),
            Action::Edit => self.begin_editing(),
            Action::Choose => self.choose(),
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
            Action::FieldHelp => self.read(Topic::Field),
            Action::Help => self.read(Topic::Help),
            Action::NextPane => self.step_pane(1),
            Action::PreviousPane => self.step_pane(Pane::ALL.len() - 1),
            Action::ToForm => self.to_pane(Pane::Form),
            Action::ToPreview => self.to_pane(Pane::Preview),
            Action::ToLog => self.to_pane(Pane::Log),
            Action::ToExchange => self.to_pane(Pane::Exchange),
            Action::Tab(at) => self.to_tab(usize::from(at)),
            Action::NextTab => self.to_tab((self.tab + 1) % self.tabs.len()),
            Action::PreviousTab => self.to_tab((self.tab + self.tabs.len() - 1) % self.tabs.len()),
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => self.travel(action),
            Action::NextView => self.step_view(1),
            Action::PreviousView => self.step_view(-1),
            Action::BodyView => self.step_body_view(),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::Cancel => self.cancel(),
            Action::JumpToField => self.jump_to_field(),
            Action::Copy => self.copy(),
            Action::Save => self.save(),
            Action::Uncover => self.uncover(),
            Action::Profile => self.open_picker(Subject::Profile),
            Action::Region => self.open_picker(Subject::Region),
            Action::Operation => self.open_picker(Subject::Operation),
            Action::Mouse => self.toggle_mouse(),
            Action::Quit => self.quit(),
        }
    }

    // Sending.

    fn send(&mut self) {
        if self.current().errors() > 0 {
            self.popup = Some(Popup::Doubt(Page::default()));
            return;
        }
        self.send_anyway();
    }

    fn send_anyway(&mut self) {
        self.popup = None;
        let changes = self.current().operation().is_some_and(|operation| operation.changes);
        let guarded = matches!(&self.current().access, Some(Ok(access)) if access.guard == Guard::Confirm);
        if changes && guarded {
            self.popup = Some(Popup::Confirm(Input::default()));
            return;
        }
        self.send_now(false);
    }

    fn send_now(&mut self, confirmed: bool) {
        match self.call(confirmed) {
            Ok(call) => self.effects.push(Effect::Send(Box::new(call))),
            Err(reason) => self.tell(Notice::failure(reason)),
        }
    }

    /// The call that the shown form makes, or why it makes none.
    fn call(&self, confirmed: bool) -> Result<Call, String> {
        let tab = self.current();
        let (Some(provider), Some(form)) = (&tab.provider, tab.form()) else { return Err("the catalog is still being read".to_owned()) };
        let access: &Arc<Access> = match &tab.access {
            Some(Ok(access)) => access,
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Err("still finding out whose account this is: again in a moment".to_owned()),
        };
        let target = Target { endpoint: &access.endpoint, user_agent: USER_AGENT };
        let plan = plan(provider, &form, target).map_err(|error| error.to_string())?;
        Ok(Call {
            provider: Arc::clone(provider),
            operation: Arc::clone(&form.operation),
            access: Arc::clone(access),
            plan,
            also_signed: Vec::new(),
            confirmed,
        })
    }

    fn cancel(&mut self) {
        match self.log.selected().filter(|exchange| exchange.in_flight()) {
            Some(exchange) => self.effects.push(Effect::Cancel(exchange.id)),
            None => self.tell(Notice::doubt("the selected exchange is not in flight")),
        }
    }

    // Fields.

    fn begin_editing(&mut self) {
        self.to_pane(Pane::Form);
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
            self.tell(Notice::doubt("only JSON can say this value"));
        }
        self.refresh();
    }

    fn rows(&mut self, change: fn(&mut super::Field) -> bool) {
        let mut has_rows = true;
        self.edit(|field, _| has_rows = change(field));
        if !has_rows {
            self.tell(Notice::doubt("this field has no rows"));
        }
    }

    fn clear_form(&mut self) {
        self.current_mut().clear();
        self.refresh();
    }

    fn fill_examples(&mut self) {
        let filled = self.current_mut().fill_examples();
        self.refresh();
        self.tell(Notice::done(format!("{filled} fields filled with the vendor's examples")));
    }

    fn jump_to_field(&mut self) {
        let Some(exchange) = self.log.selected() else { return self.tell(Notice::doubt("nothing was sent yet")) };
        let provider = self.provider_of(exchange);
        let operation = provider.and_then(|provider| provider.operation(&exchange.operation)).map(AsRef::as_ref);
        let parameter = provider.and_then(|provider| explain(provider, operation, exchange)).and_then(|explained| explained.parameter);
        let tab = self.tabs.iter().position(|tab| tab.id == exchange.provider);
        let (Some(tab), Some(parameter)) = (tab, parameter) else {
            return self.tell(Notice::doubt("this exchange speaks of no field"));
        };
        self.to_tab(tab);
        if self.current_mut().focus_on(&parameter) {
            self.begin_editing();
        } else {
            self.tell(Notice::doubt(format!("the operation in this tab has no field {parameter}")));
        }
    }

    // Moving about.

    fn back(&mut self) {
        if self.popup.take().is_some() {
            return;
        }
        if self.editing {
            self.editing = false;
        } else if self.zoomed {
            self.zoomed = false;
        } else {
            self.pane = Pane::Form;
        }
    }

    fn step_pane(&mut self, by: usize) {
        let at = Pane::ALL.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        self.to_pane(Pane::ALL[(at + by) % Pane::ALL.len()]);
    }

    /// Gives a pane the focus; typing ends.
    pub(super) fn to_pane(&mut self, pane: Pane) {
        self.pane = pane;
        self.editing = false;
        if pane != Pane::Form {
            self.lower = pane;
        }
    }

    /// Shows a tab. Its form has the focus as it was left.
    pub(super) fn to_tab(&mut self, at: usize) {
        if at >= self.tabs.len() {
            return self.tell(Notice::doubt(format!("there are {} tabs", self.tabs.len())));
        }
        self.tab = at;
        self.refresh();
    }

    fn travel(&mut self, action: Action) {
        if self.popup.is_some() {
            return self.travel_popup(action);
        }
        match self.pane {
            Pane::Form => self.travel_form(action),
            Pane::Log => self.travel_log(action),
            Pane::Preview => self.preview.scroll = travelled(self.preview.scroll, action, self.sizes.preview.1),
            Pane::Exchange => self.viewer.scroll = travelled(self.viewer.scroll, action, self.sizes.exchange.1),
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

    fn travel_log(&mut self, action: Action) {
        let last = self.log.entries().len().saturating_sub(1);
        let row = travelled(self.log.row(), action, self.sizes.log);
        self.log.select(row.min(last));
    }

    fn travel_popup(&mut self, action: Action) {
        let page = self.sizes.popup.1;
        match &mut self.popup {
            Some(Popup::Reading(reading)) => reading.scroll = travelled(reading.scroll, action, page),
            Some(Popup::Picker(picker)) => picker.step(if action == Action::Up { -1 } else { 1 }),
            _ => {}
        }
    }

    pub(super) fn scroll_popup(&mut self, lines: isize) {
        match &mut self.popup {
            Some(Popup::Reading(reading)) => scroll(&mut reading.scroll, lines),
            Some(Popup::Picker(picker)) => picker.step(lines.signum()),
            _ => {}
        }
    }

    fn step_view(&mut self, by: isize) {
        if self.pane == Pane::Preview {
            self.preview.view = stepped(&PreviewView::ALL, self.preview.view, by);
            self.preview.scroll = 0;
        } else {
            self.viewer.view = stepped(&ExchangeView::ALL, self.viewer.view, by);
        }
    }

    fn step_body_view(&mut self) {
        self.viewer.body_view = stepped(&[View::Pretty, View::Raw, View::Hex], self.viewer.body_view, 1);
        if !matches!(self.viewer.view, ExchangeView::Request | ExchangeView::Response) {
            self.viewer.view = ExchangeView::Response;
        }
    }

    // Popups.

    fn read(&mut self, topic: Topic) {
        let open = matches!(&self.popup, Some(Popup::Reading(reading)) if reading.topic == topic);
        self.popup = (!open).then(|| Popup::Reading(Reading { topic, page: Page::default(), scroll: 0 }));
    }

    pub(super) fn open_picker(&mut self, subject: Subject) {
        let (choices, current) = match subject {
            Subject::Profile => (self.profile_choices(), self.profile().name.clone()),
            Subject::Region => (self.region_choices(), self.current().region().to_owned()),
            Subject::Operation => {
                (self.operation_choices(), self.current().operation().map_or_else(String::new, |operation| operation.id.clone()))
            }
        };
        self.popup = Some(Popup::Picker(Picker::new(subject, choices, &current)));
    }

    fn profile_choices(&self) -> Vec<Choice> {
        let detail = |mark: &super::ProfileMark| match (mark.demo, mark.guard) {
            (true, _) => "the built-in emulator".to_owned(),
            (false, guard) => format!("guard {}", guard.name()),
        };
        self.profiles.iter().map(|mark| Choice { name: mark.name.clone(), detail: detail(mark) }).collect()
    }

    fn region_choices(&self) -> Vec<Choice> {
        let Some(provider) = &self.current().provider else { return Vec::new() };
        provider.regions.iter().map(|region| Choice { name: region.id.clone(), detail: region.title.clone() }).collect()
    }

    fn operation_choices(&self) -> Vec<Choice> {
        let Some(provider) = &self.current().provider else { return Vec::new() };
        provider.operations.iter().map(|operation| Choice { name: operation.id.clone(), detail: operation.title.clone() }).collect()
    }

    pub(super) fn pick_row(&mut self, row: usize) {
        if let Some(Popup::Picker(picker)) = &mut self.popup {
            picker.selected = row;
            self.choose();
        }
    }

    fn choose(&mut self) {
        match self.popup.take() {
            Some(Popup::Confirm(input)) => self.confirm(&input),
            Some(Popup::Ask(asking)) => asking.answer(),
            Some(Popup::Picker(picker)) => match picker.chosen() {
                Some(name) => self.picked(picker.subject, &name),
                None => self.popup = Some(Popup::Picker(picker)),
            },
            other => self.popup = other,
        }
    }

    fn confirm(&mut self, input: &Input) {
        if input.value().trim() == self.profile().name {
            return self.send_now(true);
        }
        self.tell(Notice::failure(format!("not sent: that is not the profile's name ({})", self.profile().name)));
    }

    fn picked(&mut self, subject: Subject, name: &str) {
        match subject {
            Subject::Profile => self.to_profile(name),
            Subject::Region => {
                self.current_mut().region = Some(name.to_owned());
                self.resolve(self.tab);
            }
            Subject::Operation => {
                let tab = self.current_mut();
                let at = tab.provider.as_ref().and_then(|provider| provider.operations.iter().position(|operation| operation.id == name));
                tab.choose(at.unwrap_or(tab.operation));
                self.refresh();
            }
        }
    }

    fn to_profile(&mut self, name: &str) {
        self.profile = self.profiles.iter().position(|mark| mark.name == name).unwrap_or(self.profile);
        (0..self.tabs.len()).for_each(|tab| {
            self.tabs[tab].region = None;
            self.resolve(tab);
        });
    }

    // Copies.

    fn copy(&mut self) {
        let text = match (&self.popup, self.pane) {
            (Some(Popup::Reading(reading)), _) => reading.page.plain(),
            (_, Pane::Form | Pane::Preview) => self.preview.page.plain(),
            (_, Pane::Log | Pane::Exchange) => match self.exchange_text() {
                Some(text) => text,
                None => return self.tell(Notice::doubt("too long for the clipboard: w writes it to a file")),
            },
        };
        self.effects.push(Effect::Copy(text));
    }

    /// The exchange pane's whole text, unless it is long or not laid out yet.
    fn exchange_text(&self) -> Option<String> {
        if self.viewer.len() > COPY_LINES || self.viewer.is_partial() {
            return None;
        }
        let lines = (0..self.viewer.len()).filter_map(|at| self.viewer.line(at));
        Some(lines.map(|line| line.text().trim_end().to_owned() + "\n").collect())
    }

    fn save(&mut self) {
        let effect = match (self.pane, self.log.selected()) {
            (Pane::Form | Pane::Preview, _) => {
                let name = format!("{}-{}.txt", self.current().id, self.preview.view.name());
                Effect::Save { name, head: self.preview.page.plain(), body: None }
            }
            (_, None) => return self.tell(Notice::doubt("nothing was sent yet")),
            (_, Some(exchange)) => {
                let name = format!("{}-{}-{}.txt", exchange.provider, exchange.id.0, self.viewer.view.name());
                Effect::Save { name, head: self.viewer.head.plain(), body: self.viewer.body.clone() }
            }
        };
        self.effects.push(effect);
    }

    fn uncover(&mut self) {
        self.uncovered = !self.uncovered;
        let words = if self.uncovered { "secrets are shown: u covers them" } else { "secrets are covered" };
        self.tell(Notice::doubt(words));
    }

    fn toggle_mouse(&mut self) {
        self.mouse = !self.mouse;
        self.effects.push(Effect::Mouse(self.mouse));
        let words =
            if self.mouse { "the mouse is skydeck's" } else { "the mouse is the terminal's: select text as usual, F12 takes it back" };
        self.tell(Notice::doubt(words));
    }

    fn quit(&mut self) {
        let in_flight = self.log.in_flight();
        if in_flight == 0 || self.leaving {
            return self.effects.push(Effect::Quit);
        }
        self.leaving = true;
        self.tell(Notice::doubt(format!("{in_flight} in flight: the same key again leaves all the same")));
    }
}

/// A position after an action, in lines; the end is brought back into range when the frame is fitted.
fn travelled(position: usize, action: Action, page: usize) -> usize {
    let page = page.saturating_sub(1).max(1);
    match action {
        Action::Up => position.saturating_sub(1),
        Action::Down => position.saturating_add(1),
        Action::PageUp => position.saturating_sub(page),
        Action::PageDown => position.saturating_add(page),
        Action::First => 0,
        _ => usize::MAX,
    }
}

fn stepped<T: Copy + PartialEq>(all: &[T], current: T, by: isize) -> T {
    let at = all.iter().position(|one| *one == current).unwrap_or(0);
    all[(at + all.len()).wrapping_add_signed(by) % all.len()]
}
