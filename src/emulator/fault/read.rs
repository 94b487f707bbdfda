//! Reading a fault.

use super::filter::FaultFilter;
use super::kinds::{self, KINDS};
use super::{ALL, Failure, Fault, Reason, TOKEN};
use crate::catalog::{ErrorCode, Provider, Scheme};
use crate::text::nearest;

/// Reads a fault, and looks its names up.
pub(super) fn fault(text: &str, providers: &[&Provider]) -> Result<Fault, Reason> {
    let (target, what) = text.split_once(':').ok_or(Reason::Form)?;
    let (name, operation) = target.split_once('/').map_or((target, None), |(name, operation)| (name, Some(operation)));
    let (what, filter) = FaultFilter::split(what)?;
    if name.is_empty() || what.is_empty() || operation == Some("") {
        return Err(Reason::Form);
    }
    let scope = FaultScope { providers: providers_named(name, providers)?, operation };
    scope.check_operation()?;
    let failure = scope.failure(what)?;
    let provider = (name != ALL).then(|| name.to_owned());
    Ok(Fault { provider, operation: operation.map(str::to_owned), failure, filter })
}

/// Returns the providers that a name stands for: never none.
fn providers_named<'a>(name: &str, providers: &[&'a Provider]) -> Result<Vec<&'a Provider>, Reason> {
    let scope: Vec<_> = providers.iter().copied().filter(|provider| name == ALL || provider.id == name).collect();
    if !scope.is_empty() {
        return Ok(scope);
    }
    let near = nearest(name, providers.iter().map(|provider| provider.id.as_str()));
    Err(Reason::Provider { name: name.to_owned(), near })
}

/// The provider and operation that a fault is for.
struct FaultScope<'a> {
    providers: Vec<&'a Provider>,
    operation: Option<&'a str>,
}

impl<'a> FaultScope<'a> {
    fn check_operation(&self) -> Result<(), Reason> {
        let Some(name) = self.operation else { return Ok(()) };
        let names = || self.providers.iter().flat_map(|provider| operations(provider));
        if names().any(|known| known == name) {
            return Ok(());
        }
        Err(Reason::Operation { provider: self.title(), name: name.to_owned(), near: nearest(name, names()) })
    }

    fn failure(&self, what: &str) -> Result<Failure, Reason> {
        if what.len() == 3 && what.bytes().all(|byte| byte.is_ascii_digit()) {
            return kinds::status(what).map(Failure::Status).ok_or_else(|| Reason::Status(what.to_owned()));
        }
        let (name, value) = what.split_once('=').map_or((what, None), |(name, value)| (name, Some(value)));
        let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else { return self.code(name, value) };
        let wrong = || Reason::Value { given: what.to_owned(), form: kind.form, wanted: kind.wanted };
        let failure = (kind.read)(value).ok_or_else(wrong)?;
        let has_tokens = self.providers.iter().any(|provider| provider.auth.contains(&Scheme::IamToken));
        if failure == Failure::Revoke && !has_tokens {
            return Err(Reason::NoTokens(self.title()));
        }
        Ok(failure)
    }

    fn code(&self, code: &str, status: Option<&str>) -> Result<Failure, Reason> {
        let known: Vec<u16> = self.codes().filter(|entry| entry.names(code)).map(|entry| entry.status).collect();
        if known.is_empty() {
            let names = self.codes().map(|entry| entry.code.as_str()).chain(KINDS.iter().map(|kind| kind.name));
            return Err(Reason::What { name: code.to_owned(), near: nearest(code, names) });
        }
        let Some(given) = status else { return Ok(Failure::Code(code.to_owned(), None)) };
        match given.parse().ok().filter(|status| known.contains(status)) {
            Some(status) => Ok(Failure::Code(code.to_owned(), Some(status))),
            None => Err(Reason::CodeStatus { code: code.to_owned(), given: given.to_owned(), known: distinct(known) }),
        }
    }

    /// Returns the codes that the operation may answer: its own and the provider's. The token service has none in the catalog.
    fn codes(&self) -> impl Iterator<Item = &'a ErrorCode> {
        let operation = self.operation;
        self.providers
            .iter()
            .flat_map(move |provider| {
                let own = provider.operations.iter().filter(move |known| operation.is_none_or(|name| known.id == name));
                own.flat_map(|operation| &operation.errors).chain(&provider.errors)
            })
            .filter(move |_| operation != Some(TOKEN))
    }

    fn title(&self) -> String {
        match self.providers[..] {
            [only] => only.id.clone(),
            _ => "no provider".to_owned(),
        }
    }
}

fn operations(provider: &Provider) -> impl Iterator<Item = &str> {
    let token = provider.auth.contains(&Scheme::IamToken).then_some(TOKEN);
    provider.operations.iter().map(|operation| operation.id.as_str()).chain(token)
}

fn distinct(mut statuses: Vec<u16>) -> Vec<u16> {
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}
