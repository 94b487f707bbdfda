//! Sent exchanges as forms: to be edited and signed again, or only to know which call they were.

use std::sync::Arc;

use super::Composer;
use super::error::ResendError;
use crate::app::keys::{Action, KeyMap};
use crate::app::session::Session;
use crate::call::{Call, ExactRequest, Resend};
use crate::catalog::Operation;
use crate::exchange::{Exchange, Purpose};
use crate::explain::blamed;
use crate::form::{Form, decode, path_values};

/// The reason why an exchange has no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoForm {
    NothingSent,
    NoTab,
    TokenRequest,
    OtherPath,
    OtherBody,
}

impl NoForm {
    /// Returns the reason in a sentence, with the key that helps.
    pub(super) fn describe(self, keys: &KeyMap) -> String {
        match self {
            Self::NothingSent => "nothing was sent yet".to_owned(),
            Self::NoTab => "its provider has no tab".to_owned(),
            Self::TokenRequest => "a request for a token has no form".to_owned(),
            Self::OtherPath => "its path is not the operation's".to_owned(),
            Self::OtherBody => {
                format!("its body is not what a form sends: send the very bytes again ({})", keys.hint(Action::SendExactly))
            }
        }
    }
}

/// Returns an exchange as a form, with its tab, or why it has none.
pub(super) fn form_of(composer: &Composer, exchange: &Exchange) -> Result<(usize, Form), NoForm> {
    let (tab, operation) = operation_of(composer, exchange)?;
    let path = path_values(&operation.path, exchange.request.path()).ok_or(NoForm::OtherPath)?;
    let form = decode(operation, &exchange.request, &path).map_err(|_| NoForm::OtherBody)?;
    Ok((tab, form))
}

/// Returns the form of an exchange, or an empty one where its body is not what a form sends: the bytes are sent, the form is not.
pub(super) fn call_of(composer: &Composer, exchange: &Exchange) -> Result<(usize, Form), NoForm> {
    form_of(composer, exchange).or_else(|_| {
        let (tab, operation) = operation_of(composer, exchange)?;
        Ok((tab, Form::new(Arc::clone(operation))))
    })
}

fn operation_of<'a>(composer: &'a Composer, exchange: &Exchange) -> Result<(usize, &'a Arc<Operation>), NoForm> {
    let tab = composer.tab_of(&exchange.provider).ok_or(NoForm::NoTab)?;
    composer.tabs[tab].operation_named(&exchange.operation).map(|operation| (tab, operation)).ok_or(NoForm::TokenRequest)
}

/// Returns the call that sends an exchange's exact bytes again, or why there is none.
pub(super) fn exact_call(composer: &Composer, exchange: &Exchange, session: &Session) -> Result<Call, ResendError> {
    // What comes from the history has its secrets masked, perhaps a target or a body cut, and is never the exact bytes.
    if exchange.id.stored_number().is_some() {
        return Err(ResendError::Masked);
    }
    let (tab, form) = call_of(composer, exchange).map_err(|reason| ResendError::NoCall(reason.describe(&session.keys)))?;
    let call = composer.tabs[tab].call(&form, Purpose::Operator, session.clock.offset())?;
    if session.profile().name != exchange.profile || call.access.endpoint != exchange.endpoint {
        return Err(ResendError::OtherTarget { endpoint: exchange.endpoint.clone(), profile: exchange.profile.clone() });
    }
    let exact = ExactRequest { request: exchange.request.clone(), signing: exchange.signing.clone(), endpoint: exchange.endpoint.clone() };
    Ok(Call { again: Resend { repeats: Some(exchange.id), exact: Some(Box::new(exact)), retries: 0 }, ..call })
}

/// Returns the tab, operation and parameter that an exchange's error is about.
pub fn blamed_field(composer: &Composer, exchange: &Exchange) -> Option<(usize, usize, String)> {
    let tab = composer.tab_of(&exchange.provider)?;
    let provider = composer.tabs[tab].provider.as_deref()?;
    let at = provider.operations.iter().position(|operation| operation.id == exchange.operation)?;
    let operation = &provider.operations[at];
    let parameter = blamed(provider, Some(operation), exchange)?;
    operation.parameters.iter().any(|known| known.name == parameter).then_some((tab, at, parameter))
}
