//! Sent exchanges as forms: to be edited and signed again, or only to know which call they were.

use super::Composer;
use crate::app::session::Session;
use crate::call::{Call, ExactRequest, Resend};
use crate::exchange::{Exchange, Purpose};
use crate::explain::blamed;
use crate::form::{Form, decode, path_values};
use crate::secret::MASK;

impl Composer {
    /// Returns an exchange as a form, with its tab, or why it has none.
    pub(super) fn form_of(&self, exchange: &Exchange) -> Result<(usize, Form), &'static str> {
        let tab = self.tab_of(&exchange.provider).ok_or("its provider has no tab")?;
        let operation = self.tabs[tab].operation_named(&exchange.operation).ok_or("a request for a token has no form")?;
        let path = path_values(&operation.path, exchange.request.path()).ok_or("its path is not the operation's")?;
        let form =
            decode(operation, &exchange.request, &path).map_err(|_| "its body is not what a form sends: send the very bytes again (X)")?;
        Ok((tab, form))
    }

    /// Returns the form of an exchange, or an empty one where its body is not what a form sends: the bytes are sent, the form is not.
    pub(super) fn call_of(&self, exchange: &Exchange) -> Result<(usize, Form), &'static str> {
        self.form_of(exchange).or_else(|reason| {
            let tab = self.tab_of(&exchange.provider).ok_or(reason)?;
            let operation = self.tabs[tab].operation_named(&exchange.operation).ok_or(reason)?;
            Ok((tab, Form::new(operation.clone())))
        })
    }

    /// Returns the call that sends an exchange's exact bytes again, or why there is none.
    pub(super) fn exact_call(&self, exchange: &Exchange, session: &Session) -> Result<Call, String> {
        if is_masked(exchange) {
            return Err("parts of it are masked: its exact bytes are not known any more".to_owned());
        }
        let (tab, form) = self.call_of(exchange)?;
        let call = self.tabs[tab].call(&form, Purpose::Operator, session.clock.offset())?;
        if session.profile().name != exchange.profile || call.access.endpoint != exchange.endpoint {
            return Err(format!("it went to {} with profile {}: choose that first", exchange.endpoint, exchange.profile));
        }
        let exact =
            ExactRequest { request: exchange.request.clone(), signing: exchange.signing.clone(), endpoint: exchange.endpoint.clone() };
        Ok(Call { again: Resend { repeats: Some(exchange.id), exact: Some(Box::new(exact)), retries: 0 }, ..call })
    }

    /// Returns the tab, operation and parameter that an exchange's error is about.
    pub fn blamed_field(&self, exchange: &Exchange) -> Option<(usize, usize, String)> {
        let tab = self.tab_of(&exchange.provider)?;
        let provider = self.tabs[tab].provider.as_deref()?;
        let at = provider.operations.iter().position(|operation| operation.id == exchange.operation)?;
        let operation = &provider.operations[at];
        let parameter = blamed(provider, Some(operation), exchange)?;
        operation.parameters.iter().any(|known| known.name == parameter).then_some((tab, at, parameter))
    }
}

/// Returns whether an exchange came from a history, with its secrets masked.
fn is_masked(exchange: &Exchange) -> bool {
    let mask_bytes = MASK.as_bytes();
    let has = |bytes: &[u8]| memchr::memmem::find(bytes, mask_bytes).is_some();
    exchange.request.headers.iter().any(|(_, value)| has(value)) || has(&exchange.request.body)
}
