//! The sockets: one port per provider on the loopback interface, HTTP/1.1 by hyper.
//!
//! The only part of the emulator with a network, a clock and randomness. What arrives is handed on as it came
//! (the target raw, every header value), what goes out has the vendor's headers plus `date` and `content-length`.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use http::StatusCode;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::body::{Body, read};
use super::browser::{AllowedClients, RequestOrigin};
use super::budget::{Budget, MAX_BODIES_BYTES};
use super::deliver::{HttpResponse, RawDelivery, deliver, plain, set_keep_alive, to_wire};
use super::framing::Framing;
use super::idle_timeout::{IdleTimer, IdleTrackedStream};
use crate::catalog::{Catalog, Name};
use crate::emulator::settings::{Settings, SettingsError};
use crate::emulator::state::{self, StateError};
use crate::emulator::{AccessRecord, AccessSink, Emulator, Note, Reply};
use crate::log_error::LogError;
use crate::wire::Request;

/// The largest head of a request. Beyond it hyper answers 431.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// The time to wait when the system has no room for another connection.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// An emulator that listens. Dropping it closes every port and connection.
#[derive(Debug)]
pub struct RunningEmulator {
    /// The provider's id and address of each port, in the order of the tabs.
    pub addresses: Vec<(String, SocketAddr)>,
    emulator: Arc<Emulator>,
    port_listeners: JoinSet<()>,
}

/// An error from starting an emulator.
#[derive(Debug, Error)]
pub enum StartError {
    /// It listens for this machine only.
    #[error("cannot listen on {0}: the emulator listens on the loopback interface only (127.0.0.1:PORT)")]
    NotLoopback(SocketAddr),
    /// There are not enough ports above the first.
    #[error("cannot listen from port {first}: {count} ports in a row are needed, and 65535 is the last")]
    NoMorePorts {
        /// The first port.
        first: u16,
        /// The number that are needed.
        count: usize,
    },
    /// A port cannot be had.
    #[error("cannot listen on {address} for {provider}: {source}")]
    Listen {
        /// The provider.
        provider: String,
        /// The address.
        address: SocketAddr,
        /// The operating system's error.
        source: io::Error,
    },
    /// The system gives no random bytes.
    #[error("no random bytes to make tokens from: {0}")]
    Random(getrandom::Error),
    /// The settings name what is not there.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
}

/// Starts an emulator of every provider in the catalog, on the runtime that this is called in. It is ready when this returns.
///
/// # Errors
/// [`StartError`] when the settings are wrong or a port cannot be had.
pub async fn start(catalog: &Catalog, settings: &Settings) -> Result<RunningEmulator, StartError> {
    start_logged(catalog, settings, None).await
}

/// Starts an emulator that logs every request.
///
/// # Errors
/// [`StartError`] when the settings are wrong or a port cannot be had.
pub async fn start_logged(catalog: &Catalog, settings: &Settings, log: Option<Arc<dyn AccessSink>>) -> Result<RunningEmulator, StartError> {
    let providers: Vec<_> = catalog.providers().cloned().collect();
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(StartError::Random)?;
    let mut emulator = Emulator::new(&providers, settings, seed)?;
    if let Some(file) = &settings.state {
        let (resource_store, count) = state::open(file)?;
        emulator.resume(resource_store, count);
    }
    let mut ports = Vec::new();
    for (provider, address) in addresses(catalog, settings)? {
        let port = listen(&provider, address).await?;
        ports.push((provider, port));
    }
    let allowed_clients = Arc::new(AllowedClients { hosts: settings.hosts.clone(), origins: settings.origins.clone() });
    Ok(open(emulator, ports, &ServerOptions { log, allowed_clients, timeouts: ServerTimeouts::default(), bodies: Budget::default() }))
}

/// Returns the provider's id and address of each port, as the settings ask for them; with port 0 the system chooses.
///
/// # Errors
/// [`StartError`] when there are no such addresses.
pub fn addresses(catalog: &Catalog, settings: &Settings) -> Result<Vec<(String, SocketAddr)>, StartError> {
    let ids: Vec<String> = catalog.providers().map(|provider| provider.id.clone()).collect();
    let places = consecutive_addresses(settings.listen, ids.len())?;
    Ok(ids.into_iter().zip(places).collect())
}

/// Returns the addresses of so many ports, from the first on.
fn consecutive_addresses(first: SocketAddr, count: usize) -> Result<Vec<SocketAddr>, StartError> {
    if !first.ip().is_loopback() {
        return Err(StartError::NotLoopback(first));
    }
    let port = |at: usize| if first.port() == 0 { Some(0) } else { first.port().checked_add(u16::try_from(at).ok()?) };
    let ports = (0..count).map(port).collect::<Option<Vec<_>>>().ok_or(StartError::NoMorePorts { first: first.port(), count })?;
    Ok(ports.into_iter().map(|port| SocketAddr::new(first.ip(), port)).collect())
}

async fn listen(provider: &str, address: SocketAddr) -> Result<(SocketAddr, TcpListener), StartError> {
    let wrong = |source| StartError::Listen { provider: provider.to_owned(), address, source };
    let listener = TcpListener::bind(address).await.map_err(wrong)?;
    Ok((listener.local_addr().map_err(wrong)?, listener))
}

fn open(emulator: Emulator, ports: Vec<(String, (SocketAddr, TcpListener))>, options: &ServerOptions) -> RunningEmulator {
    let emulator = Arc::new(emulator);
    let mut running = RunningEmulator { addresses: Vec::new(), emulator: Arc::clone(&emulator), port_listeners: JoinSet::new() };
    for (number, (provider, (address, listener))) in ports.into_iter().enumerate() {
        let port_listener =
            PortListener { emulator: Arc::clone(&emulator), number, provider: Name::new(&provider), options: options.clone() };
        running.addresses.push((provider, address));
        running.port_listeners.spawn(accept(listener, port_listener));
    }
    running
}

impl RunningEmulator {
    /// Returns the address of a provider's port.
    pub fn address(&self, provider: &str) -> Option<SocketAddr> {
        self.addresses.iter().find(|(id, _)| id == provider).map(|(_, address)| *address)
    }

    /// Returns the emulator behind all ports.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }
}

/// One provider's port.
#[derive(Clone, Debug)]
struct PortListener {
    emulator: Arc<Emulator>,
    number: usize,
    provider: Name,
    options: ServerOptions,
}

/// The options that apply to every port.
#[derive(Clone, Debug)]
struct ServerOptions {
    /// The receiver of access records.
    log: Option<Arc<dyn AccessSink>>,
    /// The allowed hosts and origins.
    allowed_clients: Arc<AllowedClients>,
    timeouts: ServerTimeouts,
    bodies: Budget,
}

/// The time limits for a client.
#[derive(Clone, Copy, Debug)]
struct ServerTimeouts {
    /// For a head, for its next request on a connection that is kept, and for taking anything of an answer.
    head: Duration,
    /// For a body.
    body: Duration,
}

impl Default for ServerTimeouts {
    fn default() -> Self {
        Self { head: Duration::from_secs(90), body: Duration::from_secs(60) }
    }
}

/// Accepts connections for ever; they end with the port. When the system has no room for another, those that are there are
/// served on, the new one waits in the system's queue, and the log says so once.
async fn accept(listener: TcpListener, port_listener: PortListener) {
    let mut connections = JoinSet::new();
    let mut is_full = false;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                is_full = false;
                connections.spawn(serve(stream, port_listener.clone()));
            }
            Err(error) => {
                tracing::debug!(%error, "a connection cannot be accepted");
                if !std::mem::replace(&mut is_full, true) {
                    port_listener.log_failure(0, &format!("no room for another connection: {error}"));
                }
                tokio::time::sleep(ACCEPT_RETRY_INTERVAL).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Answers the requests of one connection. What is not HTTP gets hyper's bare 400.
async fn serve(stream: TcpStream, port_listener: PortListener) {
    // Small answers go out at once; failing to ask for that costs time, nothing else.
    stream.set_nodelay(true).log_error("set TCP_NODELAY");
    let (idle_timer, refused) = (IdleTimer::default(), OnceLock::new());
    let answer = async |request| {
        idle_timer.end();
        let answer = port_listener.receive(request).await;
        idle_timer.begin();
        answer
    };
    let tracked = IdleTrackedStream { stream, idle_timer: &idle_timer, framing: Framing::default(), refused: &refused };
    let mut connection = http1::Builder::new()
        .max_buf_size(MAX_HEAD_BYTES)
        .title_case_headers(true)
        .half_close(true)
        .serve_connection(TokioIo::new(tracked), service_fn(answer));
    let ended = tokio::select! {
        biased;
        ended = &mut connection => ended,
        () = idle_timer.wait_until_idle(port_listener.options.timeouts.head) => return,
    };
    // A client that breaks off is no error.
    let Err(error) = ended else { return };
    port_listener.log_unreadable(&error, refused.get().copied());
    if let Some(raw) = RawDelivery::cause_of(&error) {
        raw.write_to(connection.into_parts().io.into_inner().stream).await.log_error("deliver a broken answer");
    }
}

impl PortListener {
    /// Answers a request, unless a web page has no right to send it.
    async fn receive(&self, incoming: http::Request<Incoming>) -> Result<HttpResponse, RawDelivery> {
        let (head, body) = incoming.into_parts();
        let (mut answer, origin) = match self.options.allowed_clients.admit(&head) {
            Ok(origin) if origin.is_preflight(&head) => (self.reject(&head, StatusCode::NO_CONTENT, "asked what a page may send"), origin),
            Ok(origin) => (self.answer(&head, body).await?, origin),
            Err((status, reason)) => (self.reject(&head, status, &reason), RequestOrigin::Own),
        };
        origin.notify(&head.headers, answer.headers_mut());
        set_keep_alive(&head, &mut answer);
        Ok(answer)
    }

    /// Returns a bare answer to a request that the emulator does not get to see.
    fn reject(&self, head: &http::request::Parts, status: StatusCode, reason: &str) -> HttpResponse {
        let answer = plain(status);
        self.log_access(&to_wire(head), Some(&answer), (Timestamp::now(), Duration::ZERO), &Note::from_reason(reason));
        answer
    }

    async fn answer(&self, head: &http::request::Parts, body: Incoming) -> Result<HttpResponse, RawDelivery> {
        let started = Instant::now();
        let mut request = to_wire(head);
        let mut share = self.options.bodies.share();
        let body = tokio::time::timeout(self.options.timeouts.body, read(body, &request, &mut share)).await;
        let arrived = Timestamp::now();
        let (answer, note) = match body {
            Ok(Body::Whole(bytes)) => {
                request.body = bytes;
                deliver_noted(self.emulator.answer(self.number, &request, arrived)).await
            }
            Ok(Body::TooLarge) => deliver_noted(self.emulator.answer_too_large(self.number, &request, arrived)).await,
            Ok(Body::NoRoom) => (
                Ok(plain(StatusCode::SERVICE_UNAVAILABLE)),
                Note::from_reason(&format!("the bodies of all requests have more than {} MiB together", MAX_BODIES_BYTES >> 20)),
            ),
            Ok(Body::Broken) => (Ok(plain(StatusCode::BAD_REQUEST)), Note::from_reason("the body breaks off")),
            Err(_) => (Ok(plain(StatusCode::REQUEST_TIMEOUT)), Note::from_reason("the body took too long")),
        };
        self.log_access(&request, answer.as_ref().ok(), (arrived, started.elapsed()), &note);
        answer
    }

    /// Logs a request and its answer, when it arrived and how long it took; without an answer a fault has taken it.
    fn log_access(&self, request: &Request, answer: Option<&HttpResponse>, (arrived, took): (Timestamp, Duration), note: &Note) {
        let Some(log) = &self.options.log else { return };
        let bytes = answer.and_then(|answer| usize::try_from(answer.body().size_hint().exact()?).ok()).unwrap_or_default();
        let status = answer.map_or(0, |answer| answer.status().as_u16());
        let Request { method, target, .. } = request;
        log.notify(&AccessRecord { arrived, provider: self.provider, method, target, status, bytes, took, note });
    }

    /// Logs what hyper itself has answered, because it could not be read.
    fn log_unreadable(&self, error: &hyper::Error, refused: Option<&str>) {
        if error.is_parse() {
            let is_large = error.is_parse_too_large();
            let status = if is_large { StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE } else { StatusCode::BAD_REQUEST };
            self.log_failure(status.as_u16(), refused.unwrap_or(&error.to_string()));
        }
    }

    /// Logs what never became a request.
    fn log_failure(&self, status: u16, reason: &str) {
        if let Some(log) = &self.options.log {
            let (arrived, note) = (Timestamp::now(), Note::from_reason(reason));
            let (provider, took) = (self.provider, Duration::ZERO);
            log.notify(&AccessRecord { arrived, provider, method: "", target: "", status, bytes: 0, took, note: &note });
        }
    }
}

/// Delivers a reply, and returns its note.
async fn deliver_noted(mut reply: Reply) -> (Result<HttpResponse, RawDelivery>, Note) {
    let note = std::mem::take(&mut reply.note);
    (deliver(reply).await, note)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[test]
    fn ports_follow_one_another() {
        let ports = |text: &str, count| {
            consecutive_addresses(text.parse().unwrap(), count).map(|all| all.iter().map(SocketAddr::port).collect::<Vec<_>>())
        };
        assert_eq!(ports("127.0.0.1:0", 2).unwrap(), [0, 0]);
        assert_eq!(ports("127.0.0.1:8000", 3).unwrap(), [8000, 8001, 8002]);
        assert!(ports("127.0.0.1:65534", 3).unwrap_err().to_string().contains("3 ports in a row"));
        assert!(ports("0.0.0.0:8000", 1).unwrap_err().to_string().contains("loopback"));
    }

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(90);

    /// Returns the answer of an emulator with these time-outs to bytes after which nothing is sent.
    async fn answer_to(bytes: &[u8], timeouts: ServerTimeouts) -> String {
        let emulator = Emulator::new(&Catalog::built_in().providers().cloned().collect::<Vec<_>>(), &Settings::default(), [0; 32]);
        let port = listen("alibaba-sae", SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let running = open(
            emulator.unwrap(),
            vec![("alibaba-sae".into(), port)],
            &ServerOptions { log: None, allowed_clients: Arc::default(), timeouts, bodies: Budget::default() },
        );
        let mut stream = TcpStream::connect(running.addresses[0].1).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn drops_slow_senders() {
        let slow_head = ServerTimeouts { head: SHORT, body: LONG };
        assert_eq!(answer_to(b"", slow_head).await, "");
        assert_eq!(answer_to(b"POST / HTTP/1.1\r\nhost: localhost\r\nx-slow", slow_head).await, "");
        let slow_body = ServerTimeouts { head: LONG, body: SHORT };
        let body = answer_to(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nab", slow_body).await;
        assert!(body.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{body}");
    }
}
