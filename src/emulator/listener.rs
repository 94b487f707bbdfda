//! The sockets: one port per provider on the loopback interface, HTTP/1.1 by hyper.
//!
//! The only part of the emulator with a network, a clock and randomness. What arrives is handed on as it came
//! (the target raw, every header value), what goes out has the vendor's headers plus `date` and `content-length`.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Emulator;
use super::deliver::{Odd, Whole, deliver, plain};
use super::settings::{Settings, SettingsError};
use super::state::{self, StateError};
use crate::catalog::Catalog;
use crate::wire::Request;

/// The largest body that is taken: what Huawei Cloud documents for signed requests.
const BODY_LIMIT: usize = 12 << 20;

/// So much of a larger body is read and thrown away, so that the client gets to read why.
const DISCARD_LIMIT: usize = 64 << 20;

/// The largest head of a request. Beyond it hyper answers 431.
const HEAD_LIMIT: usize = 64 << 10;

/// How long a client may take for a head, or keep an idle connection.
const HEAD_PATIENCE: Duration = Duration::from_secs(90);

/// How long a client may take for a body.
const BODY_PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait when the system has no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// An emulator that listens. Dropping it closes every port and connection.
#[derive(Debug)]
pub struct Running {
    /// The provider's id and address of each port, in the order of the tabs.
    pub addresses: Vec<(String, SocketAddr)>,
    emulator: Arc<Mutex<Emulator>>,
    doors: JoinSet<()>,
}

/// Why an emulator does not start.
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
        /// How many are needed.
        count: usize,
    },
    /// A port cannot be had.
    #[error("cannot listen on {address} for {provider}: {source}")]
    Listen {
        /// The provider.
        provider: String,
        /// The address.
        address: SocketAddr,
        /// What the system says.
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
pub async fn start(catalog: &Catalog, settings: &Settings) -> Result<Running, StartError> {
    let providers: Vec<_> = catalog.providers().cloned().collect();
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(StartError::Random)?;
    let mut emulator = Emulator::new(&providers, settings, seed)?;
    if let Some(file) = &settings.state {
        let (world, count) = state::open(file)?;
        emulator.resume(world, count);
    }
    let mut ports = Vec::new();
    for (provider, address) in providers.iter().zip(addresses(settings.listen, providers.len())?) {
        ports.push((provider.id.clone(), listen(&provider.id, address).await?));
    }
    Ok(open(emulator, ports))
}

/// The addresses of so many ports, from the first on.
fn addresses(first: SocketAddr, count: usize) -> Result<Vec<SocketAddr>, StartError> {
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

fn open(emulator: Emulator, ports: Vec<(String, (SocketAddr, TcpListener))>) -> Running {
    let emulator = Arc::new(Mutex::new(emulator));
    let mut running = Running { addresses: Vec::new(), emulator: Arc::clone(&emulator), doors: JoinSet::new() };
    for (number, (provider, (address, listener))) in ports.into_iter().enumerate() {
        running.addresses.push((provider, address));
        running.doors.spawn(accept(listener, Door { emulator: Arc::clone(&emulator), number }));
    }
    running
}

impl Running {
    /// The address of a provider's port.
    pub fn address(&self, provider: &str) -> Option<SocketAddr> {
        self.addresses.iter().find(|(id, _)| id == provider).map(|(_, address)| *address)
    }

    /// The emulator behind all ports.
    pub(super) fn emulator(&self) -> MutexGuard<'_, Emulator> {
        lock(&self.emulator)
    }
}

fn lock(emulator: &Mutex<Emulator>) -> MutexGuard<'_, Emulator> {
    // What a request that panicked left behind is still a world to answer from.
    emulator.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One provider's port.
#[derive(Clone, Debug)]
struct Door {
    emulator: Arc<Mutex<Emulator>>,
    number: usize,
}

/// Takes connections for ever; they end with the port.
async fn accept(listener: TcpListener, door: Door) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, door.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Answers the requests of one connection. What is not HTTP gets hyper's bare 400.
async fn serve(stream: TcpStream, door: Door) {
    // Small answers go out at once; failing to ask for that costs time, nothing else.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let door = door.clone();
        async move { door.answer(request).await }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(HEAD_LIMIT)
        .title_case_headers(true)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    // A client that breaks off is its own affair.
    let Err(error) = (&mut connection).await else { return };
    if let Some(odd) = Odd::behind(&error) {
        let _ = odd.play(connection.into_parts().io.into_inner()).await;
    }
}

impl Door {
    async fn answer(&self, incoming: http::Request<Incoming>) -> Result<Whole, Odd> {
        let (head, body) = incoming.into_parts();
        let mut request = to_wire(&head);
        let reply = match tokio::time::timeout(BODY_PATIENCE, read(body, &request)).await {
            Ok(Body::Whole(bytes)) => {
                request.body = bytes;
                self.emulator().answer(self.number, &request, Timestamp::now())
            }
            Ok(Body::TooLarge) => self.emulator().answer_too_large(self.number, &request, Timestamp::now()),
            Ok(Body::Broken) => return Ok(plain(StatusCode::BAD_REQUEST)),
            Err(_) => return Ok(plain(StatusCode::REQUEST_TIMEOUT)),
        };
        deliver(reply).await
    }

    fn emulator(&self) -> MutexGuard<'_, Emulator> {
        lock(&self.emulator)
    }
}

/// What came of reading a body.
enum Body {
    Whole(Bytes),
    TooLarge,
    Broken,
}

async fn read(mut body: Incoming, request: &Request) -> Body {
    let declared = request.headers.get_str("content-length").and_then(|length| length.parse().ok()).unwrap_or(0_u64);
    // A client that asks first is told before it sends.
    if declared > BODY_LIMIT as u64 && request.headers.contains("expect") {
        return Body::TooLarge;
    }
    let (mut whole, mut length) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Body::Broken };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > DISCARD_LIMIT {
            break;
        }
        if length <= BODY_LIMIT {
            whole.extend_from_slice(&data);
        }
    }
    if length > BODY_LIMIT { Body::TooLarge } else { Body::Whole(whole.freeze()) }
}

/// The request as it came. An absolute target is cut to its path and query: that is what is signed.
fn to_wire(head: &http::request::Parts) -> Request {
    let target = head.uri.path_and_query().map_or_else(|| head.uri.to_string(), |target| target.as_str().to_owned());
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    Request { method: head.method.as_str().to_owned(), target, headers, body: Bytes::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_follow_one_another() {
        let ports =
            |text: &str, count| addresses(text.parse().unwrap(), count).map(|all| all.iter().map(SocketAddr::port).collect::<Vec<_>>());
        assert_eq!(ports("127.0.0.1:0", 2).unwrap(), [0, 0]);
        assert_eq!(ports("127.0.0.1:8000", 3).unwrap(), [8000, 8001, 8002]);
        assert!(ports("127.0.0.1:65534", 3).unwrap_err().to_string().contains("3 ports in a row"));
        assert!(ports("0.0.0.0:8000", 1).unwrap_err().to_string().contains("loopback"));
    }

    #[test]
    fn an_absolute_target_is_cut_to_path_and_query() {
        let target = |uri: &str| to_wire(&http::Request::builder().uri(uri).body(()).unwrap().into_parts().0).target;
        assert_eq!(target("http://127.0.0.1:80/a%2fb?x=+%41"), "/a%2fb?x=+%41");
        assert_eq!(target("/a!'()*?b"), "/a!'()*?b");
        assert_eq!(target("*"), "*");
    }
}
