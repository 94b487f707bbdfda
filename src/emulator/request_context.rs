//! The provider that a request arrived for, and the facts that its answer repeats.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::gateway::{AnswerForm, asked_form, named_form};
use super::ids::IdBatch;
use super::resources::change::ResourceScope;
use crate::auth::{self, claimed_scope};
use crate::catalog::{Name, Provider, Scheme};
use crate::envelope::RequestFacts;
use crate::form::route::Router;
use crate::wire::Request;

/// One provider as the emulator plays it: its entry, and the region that its port stands for.
#[derive(Clone, Debug)]
pub(super) struct ProviderContext {
    /// The provider.
    pub provider: Arc<Provider>,
    /// The region.
    pub region: String,
    /// The routes to its operations.
    pub router: Router,
    /// The scopes of its resources, one for each kind.
    resource_scopes: Vec<ResourceScope>,
    /// The same provider in its other regions, where a request's signature names the region that it is for.
    others: Vec<Self>,
}

impl ProviderContext {
    /// Creates a provider as its port stands for a region.
    pub(super) fn new(provider: &Arc<Provider>, region: &str) -> Self {
        let scope_scheme = scope_scheme(provider);
        let served = provider.regions.iter().map(|other| &*other.id).chain(provider.also_served.iter().map(String::as_str));
        let others = served.filter(|other| scope_scheme.is_some() && *other != region);
        let others = others.map(|other| Self::in_region(provider, other)).collect();
        Self { others, ..Self::in_region(provider, region) }
    }

    /// Returns the context of the region that a request's signature is for; itself where the request names none that is served.
    pub(super) fn of_request(&self, request: &Request) -> &Self {
        if self.others.is_empty() {
            return self;
        }
        let region = scope_scheme(&self.provider).and_then(|scheme| claimed_scope(scheme, request)).map(|scope| scope.region);
        self.others.iter().find(|other| region == Some(&*other.region)).unwrap_or(self)
    }

    fn in_region(provider: &Arc<Provider>, region: &str) -> Self {
        let mut kinds: Vec<&str> =
            provider.operations.iter().filter_map(|operation| Some(&*operation.emulate.as_ref()?.resource)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        Self {
            provider: Arc::clone(provider),
            region: region.to_owned(),
            router: Router::new(provider),
            resource_scopes: kinds.into_iter().map(|kind| resource_scope(provider, region, kind)).collect(),
            others: Vec::new(),
        }
    }

    /// Returns whether it takes tokens of an identity service: whether it is one of the two SWR providers.
    pub(super) fn has_tokens(&self) -> bool {
        self.provider.auth.contains(&Scheme::IamToken)
    }

    /// Returns the scope of its resources of a kind.
    pub(super) fn resource_scope(&self, kind: &str) -> ResourceScope {
        let own = self.resource_scopes.iter().find(|resource_scope| *resource_scope.kind == *kind).copied();
        own.unwrap_or_else(|| resource_scope(&self.provider, &self.region, kind))
    }
}

/// Returns the provider's scheme whose signatures name a region, if it has one.
fn scope_scheme(provider: &Provider) -> Option<auth::Scheme> {
    let mut schemes = provider.auth.iter().map(|scheme| auth::Scheme::from(*scheme));
    schemes.find(|scheme| scheme.descriptor().is_some_and(|descriptor| descriptor.terminator.is_some()))
}

fn resource_scope(provider: &Provider, region: &str, kind: &str) -> ResourceScope {
    ResourceScope { provider: Name::new(&provider.id), region: region.into(), kind: kind.into() }
}

/// Facts of one request.
#[derive(Debug)]
pub(super) struct RequestContext<'a> {
    /// The provider that it arrived for.
    pub provider_context: &'a ProviderContext,
    /// Fresh identifiers.
    pub ids: IdBatch<'a>,
    /// The time at which it arrived.
    pub now: Timestamp,
    /// The id given to it.
    pub request_id: String,
    /// The second id that some vendors add.
    pub trace_id: String,
    /// Set when it is signed, and carries no token beside.
    pub is_signed: bool,
    /// The `host` header.
    pub host: String,
    /// The operation's id; before the route is known, the one that the request names.
    pub action: Cow<'static, str>,
    /// The API's version; before the route is known, the one that the request names.
    pub version: Cow<'static, str>,
    /// The form that the answer is wanted in.
    pub form: AnswerForm,
}

impl<'a> RequestContext<'a> {
    /// Creates the facts of a request that has just arrived.
    pub(super) fn new(provider_context: &'a ProviderContext, request: &Request, now: Timestamp, ids: IdBatch<'a>) -> Self {
        let format = provider_context.provider.answer_format;
        Self {
            now,
            request_id: ids.request_id(format, now),
            trace_id: ids.trace_id(format),
            is_signed: request.headers.contains("authorization") && !request.headers.contains("x-auth-token"),
            host: request.headers.get_str("host").unwrap_or_default().to_owned(),
            action: Cow::default(),
            version: Cow::default(),
            form: if provider_context.router.is_rpc(request) { named_form(request) } else { asked_form(request) },
            provider_context,
            ids,
        }
    }

    /// Returns the facts as an envelope takes them.
    pub(super) fn for_envelope(&self) -> RequestFacts<'_> {
        let provider = &self.provider_context.provider;
        RequestFacts {
            request_id: &self.request_id,
            trace_id: &self.trace_id,
            host: &self.host,
            action: &self.action,
            version: &self.version,
            service: &provider.service,
            product: &provider.product_code,
            region: &self.provider_context.region,
        }
    }
}
