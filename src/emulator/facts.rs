//! What an answer repeats of its request, and where the request arrived.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::change::Shelf;
use super::gateway::{AnswerForm, asked_form, named_form};
use super::ids::Fresh;
use crate::auth::claimed_scope;
use crate::catalog::{Name, Provider, Scheme};
use crate::envelope::RequestFacts;
use crate::form::route::Router;
use crate::wire::Request;

/// One provider as the emulator plays it: its entry, and the region that its port stands for.
#[derive(Clone, Debug)]
pub(super) struct Station {
    /// The provider.
    pub provider: Arc<Provider>,
    /// The region.
    pub region: String,
    /// The ways to its operations.
    pub router: Router,
    /// Where its resources are, one for each kind.
    shelves: Vec<Shelf>,
    /// The same provider in its other regions, where a request's signature names the region that it is for.
    others: Vec<Self>,
}

impl Station {
    /// A provider as its port stands for a region.
    pub(super) fn new(provider: &Arc<Provider>, region: &str) -> Self {
        let has_scope = provider.auth.contains(&Scheme::Volcengine);
        let served = provider.regions.iter().map(|other| &*other.id).chain(provider.also_served.iter().map(String::as_str));
        let others = served.filter(|other| has_scope && *other != region);
        let others = others.map(|other| Self::in_region(provider, other)).collect();
        Self { others, ..Self::in_region(provider, region) }
    }

    /// Returns the station of the region that a request's signature is for; itself where the request names none that is served.
    pub(super) fn of_request(&self, request: &Request) -> &Self {
        if self.others.is_empty() {
            return self;
        }
        let region = claimed_scope(request).map(|scope| scope.region);
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
            shelves: kinds.into_iter().map(|kind| shelf(provider, region, kind)).collect(),
            others: Vec::new(),
        }
    }

    /// Whether it takes tokens of an identity service: whether it is one of the two SWR providers.
    pub(super) fn has_tokens(&self) -> bool {
        self.provider.auth.contains(&Scheme::IamToken)
    }

    /// Where its resources of a kind are.
    pub(super) fn shelf(&self, kind: &str) -> Shelf {
        let own = self.shelves.iter().find(|shelf| *shelf.kind == *kind).copied();
        own.unwrap_or_else(|| shelf(&self.provider, &self.region, kind))
    }
}

fn shelf(provider: &Provider, region: &str, kind: &str) -> Shelf {
    Shelf { provider: Name::of(&provider.id), region: region.into(), kind: kind.into() }
}

/// Facts of one request.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// When it arrived.
    pub now: Timestamp,
    /// The id given to it.
    pub request_id: String,
    /// The second id that some vendors add.
    pub trace_id: String,
    /// Whether it is signed, and carries no token beside.
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

impl Facts {
    /// The facts of a request that has just arrived.
    pub(super) fn new(station: &Station, request: &Request, now: Timestamp, ids: &Fresh<'_>) -> Self {
        Self {
            now,
            request_id: ids.request_id(station.provider.answer_format, now),
            trace_id: ids.trace_id(station.provider.answer_format),
            is_signed: request.headers.contains("authorization") && !request.headers.contains("x-auth-token"),
            host: request.headers.get_str("host").unwrap_or_default().to_owned(),
            action: Cow::default(),
            version: Cow::default(),
            form: if station.router.is_rpc(request) { named_form(request) } else { asked_form(request) },
        }
    }

    /// The facts as an envelope takes them.
    pub(super) fn for_envelope<'a>(&'a self, station: &'a Station) -> RequestFacts<'a> {
        RequestFacts {
            request_id: &self.request_id,
            trace_id: &self.trace_id,
            host: &self.host,
            action: &self.action,
            version: &self.version,
            service: &station.provider.service,
            product: &station.provider.product_code,
            region: &station.region,
        }
    }
}
