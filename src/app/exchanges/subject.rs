//! An exchange with what the console knows about it: the catalog's entry, the account, what was sent before it.

use super::Log;
use crate::app::composer::{Composer, Tab};
use crate::app::page::Page;
use crate::app::pages::{self, ExplainedExchange};
use crate::app::resources::{ResourceTable, ResourceTables};
use crate::app::session::Session;
use crate::catalog::Provider;
use crate::exchange::Exchange;
use crate::explain::{ExplanationContext, signature_cause};
use crate::lab::Cause;
use crate::redact::Redactor;

/// An exchange and the state that explains it.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeContext<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The state of the session.
    pub session: &'a Session,
    /// The log that the exchange is in.
    pub log: &'a Log,
    /// Its provider's tab, with the table of its resources; `None` when there is no such tab.
    pub tab: Option<(&'a Tab, &'a ResourceTable)>,
}

impl<'a> ExchangeContext<'a> {
    /// Returns an exchange with what is known about it.
    pub(in crate::app) fn of(
        exchange: &'a Exchange,
        session: &'a Session,
        log: &'a Log,
        composer: &'a Composer,
        resources: &'a ResourceTables,
    ) -> Self {
        let tab = composer.tab_of(&exchange.provider).map(|at| (&composer.tabs[at], &resources.tables[at]));
        Self { exchange, session, log, tab }
    }

    fn provider(&self) -> Option<&'a Provider> {
        self.tab?.0.provider.as_deref()
    }

    /// Returns the exchange with its explanation.
    pub fn explained(&self, redactor: Option<&'a Redactor>) -> ExplainedExchange<'a> {
        let provider = self.provider();
        let operation = provider.and_then(|provider| provider.operation(&self.exchange.operation)).map(AsRef::as_ref);
        let by_server = self.session.clock.is_by_server();
        ExplainedExchange {
            keys: &self.session.keys,
            provider,
            operation,
            exchange: self.exchange,
            known: self.known(),
            redactor,
            by_server,
        }
    }

    /// Returns where the signature of a refused exchange departs from the text that the server shows.
    pub fn refused_signature(&self) -> Option<Cause> {
        let provider = self.provider()?;
        signature_cause(provider, provider.operation(&self.exchange.operation).map(AsRef::as_ref), self.exchange)
    }

    /// Returns the account, which is known as long as its profile is the chosen one.
    fn known(&self) -> ExplanationContext<'a> {
        let exchange = self.exchange;
        let known = ExplanationContext::in_zone(self.session.zone.clone()).with_earlier(self.log.entries().iter(), exchange);
        let access = self.tab.and_then(|(tab, _)| tab.access.as_ref()?.as_ref().ok());
        match access.filter(|access| access.profile == exchange.profile && access.region == exchange.region) {
            Some(access) => known.with_credentials(&access.credentials),
            None => known,
        }
    }

    /// Adds the resource that the exchange created, below its envelope.
    pub fn add_created(&self, page: &mut Page, redactor: Option<&Redactor>) {
        let Some((tab, table)) = self.tab else { return };
        let resources = tab.provider.as_ref().and_then(|provider| provider.resources.as_ref());
        if let (Some(resources), Some(fetched)) = (resources, table.created_by(self.exchange.id)) {
            pages::created(page, resources, fetched, (&self.session.zone, &self.session.keys), redactor);
        }
    }
}
