//! An emulator in a thread of its own, signed requests for it, and a client that sends bytes and reads bytes.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use jiff::Timestamp;
use serde_json::Value;
use skydeck::auth::{self, AccessKey, Credentials, Scheme, Scope, SigningInputs};
use skydeck::catalog::{Catalog, Provider};
use skydeck::emulator::{Settings, demo, start};
use skydeck::form::{Assignment, Form, assign, plan};
use skydeck::secret::Secret;
use skydeck::wire::{Endpoint, Headers, Request, Response};

use crate::wait::HANG_TIMEOUT;

/// A running emulator.
pub struct Lab {
    catalog: Catalog,
    addresses: Vec<(String, SocketAddr)>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How a request is to be made wrong.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The key to sign with.
    pub key: AccessKey,
    /// The time to sign.
    pub now: Timestamp,
    /// The nonce; a fresh one if none is given.
    pub nonce: Option<String>,
}

static NONCES: AtomicU64 = AtomicU64::new(0);

/// The providers, in the order of the tabs.
pub const PROVIDERS: [&str; 5] = ["alibaba-sae", "alibaba-pai", "volcengine-id", "huawei-swr", "otc-swr"];

impl Lab {
    /// An emulator on free ports, with the demo's keys and users.
    pub fn demo() -> Self {
        Self::with(Settings::default())
    }

    /// An emulator with other settings.
    pub fn with(settings: Settings) -> Self {
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let running = start(&Catalog::built_in(), &settings).await.unwrap();
                ready.send(running.addresses.clone()).unwrap();
                let _ = stopped.await;
            });
        });
        Self { catalog: Catalog::built_in(), addresses: started.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    /// An emulator that somebody else started.
    pub fn at(addresses: Vec<(String, SocketAddr)>) -> Self {
        Self { catalog: Catalog::built_in(), addresses, stop: None, thread: None }
    }

    /// A provider's entry.
    pub fn provider(&self, id: &str) -> Arc<Provider> {
        Arc::clone(self.catalog.provider(id).unwrap())
    }

    /// The address of a provider's port.
    pub fn address(&self, id: &str) -> SocketAddr {
        self.addresses.iter().find(|(provider, _)| provider == id).unwrap().1
    }

    /// The endpoint of a provider's port.
    pub fn endpoint(&self, id: &str) -> Endpoint {
        format!("http://{}", self.address(id)).parse().unwrap()
    }

    /// The unsigned create call of a provider, from `NAME=VALUE` and `NAME:=JSON`.
    pub fn plan(&self, id: &str, arguments: &[&str]) -> Request {
        self.plan_of(id, &self.provider(id).operations[0].id, arguments)
    }

    /// The unsigned call of an operation.
    pub fn plan_of(&self, id: &str, operation: &str, arguments: &[&str]) -> Request {
        let provider = self.provider(id);
        let mut form = Form::new(Arc::clone(provider.operation(operation).unwrap()));
        assign(&mut form, &arguments.iter().map(|text| assignment(text)).collect::<Vec<_>>()).unwrap();
        let endpoint = self.endpoint(id);
        plan(&provider, &form, &endpoint).unwrap().request
    }

    /// The signed create call of a provider with the demo's key.
    pub fn create(&self, id: &str, arguments: &[&str]) -> Request {
        self.signer(id).sign(self, id, self.plan(id, arguments))
    }

    /// Calls an operation with the demo's key and reads the answer.
    pub fn call(&self, id: &str, operation: &str, arguments: &[&str]) -> Response {
        self.send(id, &self.signer(id).sign(self, id, self.plan_of(id, operation, arguments)))
    }

    /// Signs with the demo's key, now, with a fresh nonce.
    pub fn signer(&self, id: &str) -> Signer {
        Signer { key: demo::access_key(self.provider(id).vendor), now: Timestamp::now(), nonce: None }
    }

    /// Sends a request on a connection of its own and reads the answer.
    pub fn send(&self, id: &str, request: &Request) -> Response {
        let mut bytes = request.head();
        bytes.extend_from_slice(&request.body);
        let all = self.raw(id, &bytes);
        read_answers(&all).remove(0)
    }

    /// Sends bytes, ends the sending side, and reads until the emulator closes.
    pub fn raw(&self, id: &str, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect(id);
        stream.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        all
    }

    /// The same for an emulator that may answer and close before it has read everything.
    pub fn raw_lossy(&self, id: &str, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect(id);
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        all
    }

    /// A connection to a provider's port.
    pub fn connect(&self, id: &str) -> TcpStream {
        let stream = TcpStream::connect(self.address(id)).unwrap();
        stream.set_read_timeout(Some(HANG_TIMEOUT)).unwrap();
        stream
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Signer {
    /// Signs a request in the provider's way by access key.
    pub fn sign(&self, lab: &Lab, id: &str, request: Request) -> Request {
        self.try_sign(lab, id, request).unwrap()
    }

    /// The same for a request that perhaps cannot be signed.
    pub fn try_sign(&self, lab: &Lab, id: &str, request: Request) -> Result<Request, auth::SignError> {
        let provider = lab.provider(id);
        self.try_sign_for(lab, id, request, Scope { region: &provider.default_region, service: &provider.service })
    }

    /// The same for another region or service.
    pub fn try_sign_for(&self, lab: &Lab, id: &str, request: Request, scope: Scope<'_>) -> Result<Request, auth::SignError> {
        let provider = lab.provider(id);
        let scheme = provider.auth.iter().map(|way| Scheme::from(*way)).find(|scheme| *scheme != Scheme::IamToken).unwrap();
        let nonce = self.nonce.clone().unwrap_or_else(|| format!("{:032x}", NONCES.fetch_add(1, Ordering::Relaxed)));
        let moment = SigningInputs { now: self.now, nonce };
        auth::sign(scheme, request, &Credentials::AccessKey(self.key.clone()), scope, &moment, &[]).map(|signed| signed.request)
    }

    /// The same with another secret.
    pub fn with_secret(mut self, secret: &str) -> Self {
        self.key.secret = Secret::new(secret);
        self
    }

    /// The same with another key id.
    pub fn with_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.key.id);
        self
    }

    /// The same at another time.
    pub fn minutes_off(mut self, minutes: i64) -> Self {
        self.now += jiff::SignedDuration::from_mins(minutes);
        self
    }
}

fn assignment(text: &str) -> Assignment {
    match text.split_once(":=") {
        Some((name, json)) => Assignment::Json(name.into(), json.into()),
        None => text.split_once('=').map(|(name, value)| Assignment::Text(name.into(), value.into())).unwrap(),
    }
}

/// Good arguments for each provider's create call, with this name.
pub fn good(id: &str, name: &str) -> Vec<String> {
    let arguments: &[&str] = match id {
        "alibaba-sae" => &["NamespaceName=Orders", "NameSpaceShortId="],
        "alibaba-pai" => &["Description=d", "EnvTypes=prod", "WorkspaceName="],
        "volcengine-id" => &["Description=d", "NamespaceName="],
        _ => &["namespace="],
    };
    arguments.iter().map(|argument| if argument.ends_with('=') { format!("{argument}{name}") } else { (*argument).to_owned() }).collect()
}

/// Borrowed arguments.
pub fn texts(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Splits bytes into answers.
pub fn read_answers(mut bytes: &[u8]) -> Vec<Response> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a whole head") + 4;
        let mut answer = head(std::str::from_utf8(&bytes[..end]).unwrap());
        let length = answer.headers.get_str("content-length").map_or(0, |length| length.parse().unwrap());
        answer.body = bytes[end..end + length].to_vec().into();
        bytes = &bytes[end + length..];
        if answer.status != 100 {
            answers.push(answer);
        }
    }
    answers
}

fn head(text: &str) -> Response {
    let mut lines = text.trim_end().split("\r\n");
    let mut status = lines.next().unwrap().splitn(3, ' ');
    let version = status.next().unwrap().to_owned();
    let (code, reason) = (status.next().unwrap().parse().unwrap(), status.next().unwrap_or_default().to_owned());
    let headers: Headers = lines.map(|line| line.split_once(": ").unwrap()).collect();
    Response { version: version.into(), status: code, reason: reason.into(), headers, ..Response::default() }
}

/// An answer's body as JSON.
pub fn json(answer: &Response) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

/// The error code in an answer, wherever the vendor's shape has it.
pub fn code(answer: &Response) -> String {
    let body = json(answer);
    let places = ["/Code", "/ResponseMetadata/Error/Code", "/error_code", "/0/errorCode", "/error/title"];
    let found = places.iter().find_map(|place| body.pointer(place)).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no code in {body}")).to_owned()
}

/// The message in an answer, wherever the vendor's shape has it.
pub fn message(answer: &Response) -> String {
    let body = json(answer);
    let places = ["/Message", "/ResponseMetadata/Error/Message", "/error_msg", "/0/errorMessage", "/error/message"];
    places.iter().find_map(|place| body.pointer(place)).and_then(Value::as_str).unwrap_or_default().to_owned()
}
