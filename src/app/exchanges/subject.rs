//! What is known about an exchange when it is explained: the catalog's entry, the account, what was sent before it.

use crate::app::App;
use crate::app::pages::ExplainedExchange;
use crate::exchange::Exchange;
use crate::explain::{ExplanationContext, signature_cause};
use crate::lab::Cause;
use crate::redact::Redactor;

impl App {
    /// Returns an exchange with what is known about it.
    pub(in crate::app) fn subject<'a>(&'a self, exchange: &'a Exchange, redactor: Option<&'a Redactor>) -> ExplainedExchange<'a> {
        let provider = self.provider_of(exchange);
        let operation = provider.and_then(|provider| provider.operation(&exchange.operation)).map(AsRef::as_ref);
        ExplainedExchange {
            keys: &self.keys,
            provider,
            operation,
            exchange,
            known: self.known(exchange),
            redactor,
            by_server: self.clock.is_by_server(),
        }
    }

    /// Returns where the signature of a refused exchange departs from the text that the server shows.
    pub(in crate::app) fn refused_signature(&self, exchange: &Exchange) -> Option<Cause> {
        let provider = self.provider_of(exchange)?;
        signature_cause(provider, provider.operation(&exchange.operation).map(AsRef::as_ref), exchange)
    }

    /// Returns the account, which is known as long as its profile is the chosen one.
    fn known<'a>(&'a self, exchange: &Exchange) -> ExplanationContext<'a> {
        let known = ExplanationContext::in_zone(self.zone.clone()).with_earlier(self.log.entries().iter(), exchange);
        let tab = self.tabs.iter().find(|tab| tab.id == exchange.provider);
        let access = tab.and_then(|tab| tab.access.as_ref()?.as_ref().ok());
        match access.filter(|access| access.profile == exchange.profile && access.region == exchange.region) {
            Some(access) => known.with_credentials(&access.credentials),
            None => known,
        }
    }
}
