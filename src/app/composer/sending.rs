//! From the form to a call: warnings, confirmation, sending, giving up.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::popups::{ConfirmedAction, Popup, RequiredName, warnings};
use crate::app::{Action, App, Effect, Notice};
use crate::call::{Call, Resend};
use crate::config::{Access, Guard};
use crate::exchange::Purpose;
use crate::form::{Form, plan};

impl App {
    pub(in crate::app) fn send(&mut self) {
        if self.resources_shown() {
            return self.notify(Notice::warning(format!("the form is not visible: {} shows it", self.keys.hint(Action::ToForm))));
        }
        if self.current().errors() > 0 {
            let findings = self.current().findings.clone();
            return self.popups.show(Popup::Text(warnings(findings)));
        }
        self.send_anyway();
    }

    pub(in crate::app) fn send_anyway(&mut self) {
        self.popups.close();
        let wanted = self.wanted();
        if !wanted.is_empty() {
            return self.open_confirmation(wanted, ConfirmedAction::Form);
        }
        self.send_now(false);
    }

    /// Returns the names that must be typed before the form is sent.
    fn wanted(&self) -> VecDeque<RequiredName> {
        let tab = self.current();
        let Some(operation) = tab.operation().filter(|operation| operation.changes) else { return VecDeque::new() };
        let guarded = matches!(&tab.access, Some(Ok(access)) if access.guard == Guard::Confirm);
        let profile = guarded.then(|| RequiredName::Profile(self.profile().name.clone()));
        let resource = tab.first_text().filter(|_| operation.destructive).map(RequiredName::Resource);
        profile.into_iter().chain(resource).collect()
    }

    pub(in crate::app) fn send_now(&mut self, confirmed: bool) {
        if self.current().access.is_none() {
            self.pending = Some(self.tab);
            return self.notify(Notice::warning("sent as soon as the account is known"));
        }
        let Some(form) = self.current().form() else { return self.notify(Notice::warning("the catalog is still being read")) };
        self.awaiting = Some(self.tab);
        let again = Resend { repeats: self.repeats.take(), exact: None, retries: std::mem::take(&mut self.retries) };
        match self.call(self.tab, &form, Purpose::Operator).map(|call| Call { confirmed, again, ..call }) {
            Ok(call) => self.effects.push(Effect::Send(Box::new(call))),
            Err(reason) => self.notify(Notice::failure(reason.lines().next().unwrap_or_default())),
        }
    }

    /// Returns the call that a form of a tab makes, or why it makes none.
    pub(in crate::app) fn call(&self, tab: usize, form: &Form, purpose: Purpose) -> Result<Call, String> {
        let tab = &self.tabs[tab];
        let Some(provider) = &tab.provider else { return Err("the catalog is still being read".to_owned()) };
        let access: &Arc<Access> = match &tab.access {
            Some(Ok(access)) => access,
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Err("still finding out whose account this is: again in a moment".to_owned()),
        };
        let plan = plan(provider, form, &access.endpoint).map_err(|error| error.to_string())?;
        Ok(Call {
            provider: Arc::clone(provider),
            operation: Arc::clone(&form.operation),
            access: Arc::clone(access),
            plan,
            values: form.given(),
            origin: None,
            also_signed: Vec::new(),
            ahead: self.clock.offset(),
            confirmed: false,
            purpose,
            again: Resend::default(),
        })
    }

    pub(in crate::app) fn cancel(&mut self) {
        match self.cancellable() {
            Some(id) => self.effects.push(Effect::Cancel(id)),
            None => self.notify(Notice::warning("the selected exchange is not in flight, and no wait follows it")),
        }
    }
}
