//! The HTTP client: sends a request exactly as it stands and gives the answer exactly as it came.
//!
//! ```text
//! Request ──exact──▶ reqwest ──head──▶ PartialBody ──▶ Response
//!    ╲ not sent         ╲ DNS, refused, TLS, silent   ╲ broke off (partial)
//! ```
//!
//! Over HTTP/1.1 the log is the wire, byte for byte. What the library does not let us see or do:
//! - names of an answer's headers come in lower case, and the values of a repeated name stand together, in order;
//! - to an `http://` server behind a proxy the target goes out in absolute form, with the proxy's credentials beside it. Servers
//!   with `https://` are reached through a tunnel, in which the request is as logged.
//!
//! Redirects are not followed, nothing is decoded, nothing is sent twice.

mod attempt;
mod body;
mod client;
mod connect;
mod failure;
mod hint;
mod outgoing;
mod route;
mod settings;
mod watch;

use std::sync::{Arc, OnceLock};

use reqwest::Client;
use tokio::sync::OnceCell;

use attempt::Attempt;
use hint::FailureContext;
pub use outgoing::complete;
use route::{Route, Routes};
pub use settings::{Proxies, Settings, SetupError};
use watch::Watch;

use crate::exchange::{Failure, Timings};
use crate::wire::{Endpoint, Request, Response};

/// The client. Cheap to make: TLS is set up on first use, off the thread that runs the loop. Keeps connections between calls.
#[derive(Debug, Default)]
pub struct Http {
    settings: Settings,
    routes: OnceLock<Routes>,
    plain: OnceCell<Client>,
    tls: OnceCell<Client>,
    proxied: OnceCell<Client>,
}

/// The result of sending a request.
#[derive(Debug)]
pub struct SendOutcome {
    /// The durations of the parts; `total` is always there.
    pub timings: Timings,
    /// The answer, or why there is none.
    pub answer: Result<Response, Failure>,
}

impl Http {
    /// Creates a client with these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Sets TLS up before it is needed.
    ///
    /// # Errors
    /// [`SetupError`] when the CA file or the system's certificates cannot be used. Sending fails in the same way.
    pub async fn warm(&self) -> Result<(), SetupError> {
        self.client(Route::Tls).await.map(drop)
    }

    /// Sends a request that [`complete`] has nothing to add to, and awaits the answer. Dropping the future closes the connection.
    pub async fn send(&self, endpoint: &Endpoint, request: &Request) -> SendOutcome {
        let watch = Watch::start();
        let answer = self.answer(endpoint, request, &watch).await;
        SendOutcome { timings: watch.timings(), answer }
    }

    async fn answer(&self, endpoint: &Endpoint, request: &Request, watch: &Arc<Watch>) -> Result<Response, Failure> {
        let ready = outgoing::exact(endpoint, request)?;
        let (route, via) = self.routes.get_or_init(|| Routes::new(&self.settings.proxies)).to(ready.url())?;
        let client = self.client(route).await?;
        let attempt = Attempt { circumstances: FailureContext { endpoint, via, settings: &self.settings }, watch };
        let head = attempt.head(client.execute(ready)).await?;
        attempt.body(head).await
    }

    /// Returns the client of a route, built on first use. A failure is not kept: the operator may fix a file meanwhile.
    async fn client(&self, route: Route) -> Result<&Client, SetupError> {
        match route {
            Route::Plain => self.plain.get_or_try_init(|| async { client::build(&self.settings, route) }).await,
            Route::Tls => self.tls.get_or_try_init(|| self.build_blocking(route)).await,
            Route::Proxied => self.proxied.get_or_try_init(|| self.build_blocking(route)).await,
        }
    }

    /// Builds on a thread of its own: reading the system's certificates would hold the loop up.
    async fn build_blocking(&self, route: Route) -> Result<Client, SetupError> {
        let settings = self.settings.clone();
        let built = tokio::task::spawn_blocking(move || client::build(&settings, route)).await;
        built.unwrap_or_else(|error| Err(SetupError::Tls(error.to_string())))
    }
}
