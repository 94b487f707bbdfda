//! From the form to a call: errors, confirmation, sending.

use std::collections::VecDeque;

use tui_input::Input;

use super::error::ResendError;
use super::replay::{NoForm, call_of, exact_call, form_of};
use super::{Composer, Tab};
use crate::app::keys::Action;
use crate::app::message::{Effect, Notice};
use crate::app::popups::{Confirm, ConfirmedAction, Popup, RequiredName, warnings};
use crate::app::{AppRequest, Context};
use crate::call::Call;
use crate::exchange::{Exchange, Purpose};
use crate::form::Form;

/// The number of retries when the operator asks for them.
const MAX_RETRIES: u32 = 3;

/// What becomes of the form that the operator sent last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// Nothing: a key has been pressed since.
    #[default]
    Idle,
    /// The form of this tab is sent as soon as its account is known; any key takes that back.
    AwaitsAccess(usize),
    /// The form of this tab was sent a moment ago.
    Sent(usize),
}

impl Composer {
    /// Sends the form, or shows what is wrong with it; `persistently` again when the vendor throttles or fails.
    pub(in crate::app) fn send(&mut self, persistently: bool, cx: &mut Context<'_>) {
        self.next.retries = if persistently { MAX_RETRIES } else { 0 };
        if self.current().errors() == 0 {
            return self.send_anyway(cx);
        }
        let findings = self.current().findings.clone();
        cx.open(Popup::Text(warnings(findings)));
    }

    /// Sends the form whatever is wrong with it; asks for names first where a guard does.
    pub(in crate::app) fn send_anyway(&mut self, cx: &mut Context<'_>) {
        cx.requests.push(AppRequest::ClosePopup);
        let tab = self.current();
        let form = tab.form().map(|form| (tab.required_names(&form, &cx.session.profile().name), form));
        match form {
            Some((required, form)) if !required.is_empty() => cx.open(confirmation(tab, &form, required, ConfirmedAction::Form)),
            _ => self.send_now(false, cx),
        }
    }

    /// Sends the form, or has it sent as soon as its account is known.
    pub(in crate::app) fn send_now(&mut self, confirmed: bool, cx: &mut Context<'_>) {
        if self.current().access.is_none() {
            self.sending = Sending::AwaitsAccess(self.tab);
            return cx.notify(Notice::warning("sent as soon as the account is known"));
        }
        let Some(form) = self.current().form() else { return cx.notify(Notice::warning("the catalog is still being read")) };
        self.sending = Sending::Sent(self.tab);
        let again = std::mem::take(&mut self.next);
        match self.current().call(&form, Purpose::Operator, cx.session.clock.offset()) {
            Ok(call) => cx.effect(Effect::Send(Box::new(Call { confirmed, again, ..call }))),
            Err(reason) => cx.notify(Notice::failure(reason.to_string().lines().next().unwrap_or_default())),
        }
    }

    /// Puts an exchange's parameters back into its form; `false` if that cannot be done.
    pub(in crate::app) fn edit_again(&mut self, selected: Option<&Exchange>, cx: &mut Context<'_>) -> bool {
        let found = selected.ok_or(NoForm::NothingSent).and_then(|exchange| Ok((exchange.id, form_of(self, exchange)?)));
        match found {
            Ok((id, (tab, form))) => {
                self.fill_form(tab, &form, 0, cx);
                cx.requests.push(AppRequest::ShowForm);
                self.next.repeats = Some(id);
                cx.notify(Notice::done(format!("{id} is back in its form: {} signs and sends it again", cx.key(Action::Send))));
                true
            }
            Err(reason) => {
                cx.notify(Notice::warning(reason.describe(&cx.session.keys)));
                false
            }
        }
    }

    /// Signs and sends an exchange's call again, through its form and every guard.
    pub(in crate::app) fn send_again(&mut self, selected: Option<&Exchange>, cx: &mut Context<'_>) {
        if self.edit_again(selected, cx) {
            cx.requests.push(AppRequest::FollowNewest);
            self.send(false, cx);
        }
    }

    /// Sends an exchange's exact bytes again; asks for names first where a guard does.
    pub(in crate::app) fn send_exactly(&self, selected: Option<&Exchange>, cx: &mut Context<'_>) {
        let Some(exchange) = selected else { return cx.notify(Notice::warning("nothing was sent yet")) };
        let call = exact_call(self, exchange, cx.session).ok().and_then(|_| call_of(self, exchange).ok());
        let Some((tab, form)) = call else { return self.send_exactly_now(Some(exchange), false, cx) };
        let required = self.tabs[tab].required_names(&form, &cx.session.profile().name);
        if required.is_empty() {
            return self.send_exactly_now(Some(exchange), false, cx);
        }
        cx.open(confirmation(&self.tabs[tab], &form, required, ConfirmedAction::Exact(exchange.id)));
    }

    /// Sends an exchange's exact bytes again; `None` is one that left the log.
    pub(in crate::app) fn send_exactly_now(&self, exchange: Option<&Exchange>, confirmed: bool, cx: &mut Context<'_>) {
        let found = exchange.ok_or(ResendError::Gone);
        match found.and_then(|exchange| Ok((exchange.id, exact_call(self, exchange, cx.session)?))) {
            Ok((id, call)) => {
                cx.requests.push(AppRequest::FollowNewest);
                cx.effect(Effect::Send(Box::new(Call { confirmed, ..call })));
                cx.notify(Notice::warning(format!("the exact bytes of {id} again: old date, old nonce, old signature")));
            }
            Err(reason) => cx.notify(Notice::warning(reason.to_string())),
        }
    }
}

/// Returns the popup in which names are typed before the call of a form is sent.
fn confirmation(tab: &Tab, form: &Form, required: VecDeque<RequiredName>, then: ConfirmedAction) -> Popup {
    let operation = form.operation.id.clone();
    let endpoint = tab.access.iter().flatten().map(|access| access.endpoint.to_string()).collect();
    Popup::Confirm(Confirm { operation, endpoint, required, then, input: Input::default() })
}
