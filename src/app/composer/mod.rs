//! The form: the tabs with their fields, the accounts that calls go to, and sending.

mod error;
mod field;
mod preview;
mod replay;
mod sending;
mod sign_preview;
mod tab;

use std::sync::Arc;

use super::message::{AccessKey, Effect, Notice};
use super::session::Session;
use super::{Action, AppRequest, Context};
use crate::call::Resend;
use crate::catalog::{Catalog, Provider};
use crate::config::Access;
use crate::exchange::Exchange;
use crate::form::{Form, secrets};
use crate::redact::Redactor;

pub use error::{RequestError, ResendError};
pub use field::{Editor, Field};
pub(super) use preview::PreviewKey;
pub use preview::{Preview, PreviewView};
pub use replay::blamed_field;
pub use sending::Sending;
pub use tab::Tab;

/// The tabs and what becomes of their forms.
#[derive(Debug)]
pub struct Composer {
    /// A tab for each provider.
    pub tabs: Vec<Tab>,
    /// The tab that is shown, counted from 0.
    pub tab: usize,
    /// What becomes of the form that was sent last.
    pub sending: Sending,
    /// What the next call repeats, and how often it is retried.
    next: Resend,
}

impl Composer {
    /// Creates the tabs; the form of the first one is empty.
    pub(super) fn new(catalog: &Catalog, region: Option<&str>) -> Self {
        let mut tabs: Vec<Tab> = catalog.index().map(|(id, title)| Tab::new(id, title)).collect();
        if let Some(first) = tabs.first_mut()
            && let Some(provider) = catalog.opening(&first.id)
        {
            first.load(Arc::clone(provider));
        }
        for tab in &mut tabs {
            tab.region = region.map(str::to_owned);
        }
        Self { tabs, tab: 0, sending: Sending::default(), next: Resend::default() }
    }

    /// Returns the tab that is shown. There is always one: a catalog without providers is refused at the start.
    pub fn current(&self) -> &Tab {
        &self.tabs[self.tab]
    }

    pub(super) fn current_mut(&mut self) -> &mut Tab {
        &mut self.tabs[self.tab]
    }

    /// Returns the tab of a provider.
    pub fn tab_of(&self, provider: &str) -> Option<usize> {
        self.tabs.iter().position(|tab| tab.id == provider)
    }

    /// Returns the provider of an exchange, if its file is read.
    pub fn provider_of(&self, exchange: &Exchange) -> Option<&Provider> {
        self.tab_of(&exchange.provider).and_then(|at| self.tabs[at].provider.as_deref())
    }

    /// Returns a redactor that also masks what is being typed into secret fields of the shown form.
    pub(super) fn masking_typed(&self, redactor: &Redactor) -> Redactor {
        let typed = self.current().form().map(|form| secrets(&form.operation, &form.given()).collect::<Vec<_>>());
        redactor.with(typed.iter().flatten())
    }

    /// Checks the shown form and signs its request again.
    pub(super) fn refresh(&mut self, session: &Session) {
        self.current_mut().refresh(&session.signing_moment());
    }

    /// Shows a tab.
    pub(super) fn show_tab(&mut self, at: usize, cx: &mut Context<'_>) {
        if at >= self.tabs.len() {
            return cx.notify(Notice::warning(format!("there are {} tabs", self.tabs.len())));
        }
        self.tab = at;
        self.resolve_shown(cx);
        self.refresh(cx.session);
    }

    /// Takes a provider's entry of the catalog.
    pub(super) fn loaded(&mut self, provider: Arc<Provider>, session: &Session) {
        let Some(at) = self.tab_of(&provider.id) else { return };
        let tab = &mut self.tabs[at];
        if tab.provider.is_some() {
            // The first tab opened with its first operation alone; the form that is being filled in stays.
            tab.provider = Some(provider);
            return;
        }
        tab.load(provider);
        tab.refresh(&session.signing_moment());
    }

    /// Takes the account that a tab's calls go to; returns the tab, unless another account is wanted by now.
    pub(super) fn resolved(&mut self, key: &AccessKey, access: Result<Arc<Access>, String>, cx: &mut Context<'_>) -> Option<usize> {
        let profile = &cx.session.profile().name;
        let at = self.tabs.iter().position(|tab| tab.access_key(profile) == *key)?;
        let warning = access.as_ref().ok().and_then(|access| access.warnings.first()).filter(|_| at == self.tab);
        if let Some(warning) = warning {
            cx.notify(Notice::warning(warning.clone()));
        }
        self.tabs[at].access = Some(access);
        self.tabs[at].refresh(&cx.session.signing_moment());
        Some(at)
    }

    /// Forgets the account that a tab's calls go to.
    pub(super) fn forget_access(&mut self, at: usize, session: &Session) {
        let tab = &mut self.tabs[at];
        (tab.access, tab.may_ask) = (None, false);
        tab.refresh(&session.signing_moment());
    }

    /// Has the profile resolved for the shown tab, where that could not be done without asking the operator.
    pub(super) fn resolve_shown(&mut self, cx: &mut Context<'_>) {
        let tab = self.current_mut();
        let key = tab.access_key(&cx.session.profile().name);
        if tab.access.is_none() && !std::mem::replace(&mut tab.may_ask, true) {
            cx.effect(Effect::Resolve { key, may_ask: true });
        }
    }

    /// Has the profile resolved for every tab; questions are asked for the shown one alone.
    pub(super) fn resolve_all(&mut self, cx: &mut Context<'_>) {
        self.resolve_shown(cx);
        for tab in self.tabs.iter().filter(|tab| tab.access.is_none() && !tab.may_ask) {
            cx.effect(Effect::Resolve { key: tab.access_key(&cx.session.profile().name), may_ask: false });
        }
    }

    /// Carries out an action of the form.
    pub(super) fn act(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::NextField => self.current_mut().next_field(),
            Action::PreviousField => self.current_mut().previous_field(),
            Action::Toggle => self.edit(cx.session, |field, choices| field.step(1, false, choices)),
            Action::Json => {
                if !self.current_mut().toggle_json() {
                    cx.notify(Notice::warning("only JSON can say this value"));
                }
                self.refresh(cx.session);
            }
            Action::AddRow => self.change_rows(Field::add_row, cx),
            Action::RemoveRow => self.change_rows(Field::remove_row, cx),
            Action::Clear => self.edit(cx.session, |field, _| field.unset()),
            Action::ClearForm => {
                self.current_mut().clear();
                self.refresh(cx.session);
            }
            Action::Examples => {
                let filled = self.current_mut().fill_examples();
                self.refresh(cx.session);
                cx.notify(Notice::done(format!("{filled} fields filled with the vendor's examples")));
            }
            _ if action.moves() => self.current_mut().travel(action),
            _ => {}
        }
    }

    /// Changes the focused field, checks the form and signs again.
    pub(super) fn edit(&mut self, session: &Session, change: impl FnOnce(&mut Field, usize)) {
        let tab = self.current_mut();
        let choices = tab.focused().map_or(0, |(parameter, _)| parameter.values.len());
        if let Some(field) = tab.fields.get_mut(tab.focus) {
            change(field, choices);
            self.refresh(session);
        }
    }

    fn change_rows(&mut self, change: fn(&mut Field) -> bool, cx: &mut Context<'_>) {
        let mut has_rows = true;
        self.edit(cx.session, |field, _| has_rows = change(field));
        if !has_rows {
            cx.notify(Notice::warning("this field has no rows"));
        }
    }

    /// Shows a tab with a form filled in, and gives one of its fields the focus.
    pub(super) fn fill_form(&mut self, tab: usize, form: &Form, focus: usize, cx: &mut Context<'_>) {
        self.show_tab(tab, cx);
        self.current_mut().fill(form, focus);
        self.refresh(cx.session);
    }

    /// Shows the field that the selected exchange's error is about.
    pub(super) fn jump_to_field(&mut self, selected: Option<&Exchange>, cx: &mut Context<'_>) {
        let Some((tab, operation, parameter)) = selected.and_then(|exchange| blamed_field(self, exchange)) else {
            return cx.notify(Notice::warning("this exchange names no field"));
        };
        self.show_tab(tab, cx);
        self.current_mut().choose(operation);
        self.refresh(cx.session);
        if self.current_mut().focus_on(&parameter) {
            cx.requests.push(AppRequest::Edit);
        }
    }
}
