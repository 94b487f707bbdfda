//! Look-up and connecting, timed.

use std::error::Error;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use hyper_util::client::legacy::connect::{Connection, HttpInfo};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use tower_layer::Layer;
use tower_service::Service;

use super::watch::Watch;

/// A host name that the system cannot resolve.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct LookupFailed(std::io::Error);

/// Resolves names as the system does, and times it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookup;

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let (watch, begun) = (Watch::current(), Instant::now());
            if let Some(watch) = &watch {
                watch.times().lookup_begun = true;
            }
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            if let Some(watch) = &watch {
                watch.times().lookup = Some(begun.elapsed());
            }
            let addresses: Vec<SocketAddr> = found.map_err(LookupFailed)?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Makes a connector time its connects.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimedConnects;

impl<S> Layer<S> for TimedConnects {
    type Service = TimedConnect<S>;

    fn layer(&self, connector: S) -> Self::Service {
        TimedConnect(connector)
    }
}

/// A connector that times its connects.
#[derive(Clone, Debug)]
pub(super) struct TimedConnect<S>(S);

impl<S, To> Service<To> for TimedConnect<S>
where
    S: Service<To>,
    S::Response: Connection + 'static,
    S::Error: 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let connecting = self.0.call(to);
        match Watch::current() {
            Some(watch) => Box::pin(timed(watch, connecting)),
            None => Box::pin(connecting),
        }
    }
}

/// Carries the watch along: the library moves a connect to a task of its own when another connection comes free first.
async fn timed<C: Connection, E>(watch: Arc<Watch>, connecting: impl Future<Output = Result<C, E>>) -> Result<C, E> {
    watch.times().connect_begun = Some(Instant::now());
    let connection = Arc::clone(&watch).observe(connecting).await;
    watch.connect_ends(connection.as_ref().ok().and_then(local_end));
    connection
}

fn local_end(connection: &impl Connection) -> Option<SocketAddr> {
    let mut extras = http::Extensions::new();
    connection.connected().get_extras(&mut extras);
    extras.get::<HttpInfo>().map(HttpInfo::local_addr)
}

/// Returns the error of a look-up in a chain of errors.
pub(super) fn is_lookup(error: &(dyn Error + 'static)) -> bool {
    error.is::<LookupFailed>()
}
