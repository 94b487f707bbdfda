//! Sending again what was sent: back into the form, signed again, or byte for byte.

use std::collections::VecDeque;

use crate::app::popups::{ConfirmedAction, RequiredName};
use crate::app::{Action, App, Effect, Field, Notice, Pane};
use crate::call::{Call, ExactRequest, Resend};
use crate::config::Guard;
use crate::exchange::{Exchange, ExchangeId, Purpose};
use crate::form::{Form, Value, decode, path_values};
use crate::secret::MASK;

/// The number of retries when the operator asks for them.
const MAX_RETRIES: u32 = 3;

impl App {
    /// Puts the selected exchange's parameters back into its form; `false` if that cannot be done.
    pub(in crate::app) fn edit_again(&mut self) -> bool {
        let Some((tab, form, id)) = self.selected_form() else { return false };
        self.fill_form(tab, &form);
        self.repeats = Some(id);
        self.notify(Notice::done(format!("{id} is back in its form: {} signs and sends it again", self.keys.hint(Action::Send))));
        true
    }

    /// Shows a tab with a form filled in.
    pub(in crate::app) fn fill_form(&mut self, tab: usize, form: &Form) {
        self.show_tab(tab);
        let position = self
            .current()
            .provider
            .as_ref()
            .and_then(|provider| provider.operations.iter().position(|known| known.id == form.operation.id));
        self.show_form();
        let shown = self.current_mut();
        shown.choose(position.unwrap_or(shown.operation));
        shown.fields =
            form.operation.parameters.iter().zip(&form.values).map(|(parameter, value)| Field::showing(parameter, value)).collect();
        shown.focus = 0;
        self.focus_pane(Pane::Form);
        self.refresh();
    }

    /// Returns the selected exchange as a form, with its tab.
    fn selected_form(&mut self) -> Option<(usize, Form, ExchangeId)> {
        let found = self.log.selected().ok_or_else(|| "nothing was sent yet".to_owned()).and_then(|exchange| self.form_of(exchange));
        found.map_err(|reason| self.notify(Notice::warning(reason))).ok()
    }

    fn form_of(&self, exchange: &Exchange) -> Result<(usize, Form, ExchangeId), String> {
        let tab = self.tabs.iter().position(|tab| tab.id == exchange.provider).ok_or("its provider has no tab")?;
        let operation = self.operation_of(tab, &exchange.operation).ok_or("a request for a token has no form")?;
        let path = path_values(&operation.path, exchange.request.path()).ok_or("its path is not the operation's")?;
        let form = decode(&operation, &exchange.request, &path).map_err(|_| {
            format!("its body is not what a form sends: send the very bytes again ({})", self.keys.hint(Action::SendExactly))
        })?;
        Ok((tab, form, exchange.id))
    }

    /// Signs and sends the selected exchange's call again, through its form and every guard.
    pub(in crate::app) fn send_again(&mut self) {
        if self.edit_again() {
            self.log.follow_newest();
            self.send();
        }
    }

    /// Sends the form, and again when the vendor throttles or fails.
    pub(in crate::app) fn send_persistently(&mut self) {
        self.retries = MAX_RETRIES;
        self.send();
    }

    /// Sends the selected exchange's very bytes again; asks for the profile's name where its guard does.
    pub(in crate::app) fn send_exactly(&mut self) {
        let Some(exchange) = self.log.selected() else { return self.notify(Notice::warning("nothing was sent yet")) };
        let (id, wanted) = (exchange.id, self.resend_call(exchange));
        if !wanted.is_empty() {
            return self.open_confirmation(wanted, ConfirmedAction::Exact(id));
        }
        self.send_exactly_now(id, false);
    }

    /// Returns the names that must be typed before an exchange's bytes are sent again.
    fn resend_call(&self, exchange: &Exchange) -> VecDeque<RequiredName> {
        let found = self.form_of(exchange).ok().or_else(|| self.empty_form_of(exchange));
        let Some((tab, form, _)) = found.filter(|(_, form, _)| form.operation.changes) else { return VecDeque::new() };
        let guarded = matches!(&self.tabs[tab].access, Some(Ok(access)) if access.guard == Guard::Confirm);
        let profile = guarded.then(|| RequiredName::Profile(self.profile().name.clone()));
        let named = form.values.iter().find_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None });
        let resource = named.filter(|_| form.operation.destructive).map(RequiredName::Resource);
        profile.into_iter().chain(resource).collect()
    }

    pub(in crate::app) fn send_exactly_now(&mut self, id: ExchangeId, confirmed: bool) {
        match self.exact_call(id).map(|call| Call { confirmed, ..call }) {
            Ok(call) => {
                self.log.follow_newest();
                self.effects.push(Effect::Send(Box::new(call)));
                self.notify(Notice::warning(format!("the exact bytes of {id} again: old date, old nonce, old signature")));
            }
            Err(reason) => self.notify(Notice::warning(reason)),
        }
    }

    fn exact_call(&self, id: ExchangeId) -> Result<Call, String> {
        let at = self.log.position(id).ok_or("it is no longer in the log")?;
        let exchange = &self.log.entries()[at];
        if is_masked(exchange) {
            return Err("parts of it are masked: its exact bytes are not known any more".to_owned());
        }
        let (tab, form, _) = self.form_of(exchange).or_else(|reason| self.empty_form_of(exchange).ok_or(reason))?;
        let same_profile = self.profile().name == exchange.profile;
        let call = self.call(tab, &form, Purpose::Operator)?;
        if !same_profile || call.access.endpoint != exchange.endpoint {
            return Err(format!("it went to {} with profile {}: choose that first", exchange.endpoint, exchange.profile));
        }
        let exact =
            ExactRequest { request: exchange.request.clone(), signing: exchange.signing.clone(), endpoint: exchange.endpoint.clone() };
        Ok(Call { again: Resend { repeats: Some(id), exact: Some(Box::new(exact)), retries: 0 }, ..call })
    }

    /// Returns the operation of an exchange whose body is not what a form sends: the bytes are sent, the form is not.
    fn empty_form_of(&self, exchange: &Exchange) -> Option<(usize, Form, ExchangeId)> {
        let tab = self.tabs.iter().position(|tab| tab.id == exchange.provider)?;
        let operation = self.operation_of(tab, &exchange.operation)?;
        Some((tab, Form::new(operation), exchange.id))
    }
}

/// Returns whether an exchange came from a history, with its secrets masked.
fn is_masked(exchange: &Exchange) -> bool {
    let mask_bytes = MASK.as_bytes();
    let has = |bytes: &[u8]| memchr::memmem::find(bytes, mask_bytes).is_some();
    exchange.request.headers.iter().any(|(_, value)| has(value)) || has(&exchange.request.body)
}
