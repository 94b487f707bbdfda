//! The one function that sends: guards, tokens, signatures, and what it reports on the way.
#![allow(clippy::unwrap_used)] // a test may fail

mod raw;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use raw::Server;
use skydeck::auth::{self, AccessKey, Credentials, Login, Project, Scheme, SigningInputs};
use skydeck::call::{Call, ExactRequest, Refusal, Resend};
use skydeck::catalog::Provider;
use skydeck::config::{Access, Guard};
use skydeck::exchange::{Exchange, ExchangeId, FailureClass, Outcome, Purpose};
use skydeck::form::Plan;
use skydeck::io::clock::{Clock, NoRandomness};
use skydeck::io::http::Settings;
use skydeck::io::send::{Progress, Sender};
use skydeck::redact::SecretRegistry;
use skydeck::secret::{MASK, Secret};
use skydeck::wire::{Endpoint, Request};

const CREATED: &str = "HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n";
const UNAUTHORIZED: &str = r#"{"error_msg":"Incorrect IAM authentication information","error_code":"APIGW.0301"}"#;
const WRONG_PASSWORD: &str = r#"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#;

const PROVIDER: &str = r#"
    id = "otc-swr"
    title = "OTC SWR"
    product = "SoftWare Repository for Container"
    vendor = "otc"
    version = "v2"
    auth = ["sdk-hmac-sha256", "iam-token"]
    answer-format = "otc-swr"
    default-region = "eu-de"
    endpoint = "swr-api.{region}.otc.t-systems.com"

    [[operation]]
    id = "CreateOrganization"
    title = "Create an organization"
    changes = true
    method = "POST"
    path = "/v2/manage/namespaces"
    success = [201]

    [[operation]]
    id = "ListOrganizations"
    title = "List the organizations"
    changes = false
    method = "GET"
    path = "/v2/manage/namespaces"
    success = [200]
"#;

/// A clock that stands still.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-11-22T00:00:00Z".parse().unwrap()
    }

    fn moment(&self) -> Result<SigningInputs, NoRandomness> {
        Ok(SigningInputs { now: self.now(), nonce: "00112233445566778899aabbccddeeff".to_owned() })
    }
}

fn access(endpoint: &Endpoint, scheme: Scheme, credentials: Credentials) -> Access {
    Access {
        profile: "staging".to_owned(),
        guard: Guard::None,
        region: "eu-de".to_owned(),
        endpoint: endpoint.clone(),
        iam_endpoint: Some(endpoint.clone()),
        scheme,
        credentials,
        warnings: Vec::new(),
    }
}

fn with_key(endpoint: &Endpoint) -> Access {
    access(endpoint, Scheme::SdkHmac, Credentials::AccessKey(key()))
}

fn key() -> AccessKey {
    AccessKey { id: "AKDEMO".to_owned(), secret: Secret::new("demo-secret"), token: None, project_id: None }
}

fn with_login(endpoint: &Endpoint) -> Access {
    let login = Login {
        user: "demo".to_owned(),
        password: Secret::new("hunter2"),
        domain: "demo-domain".to_owned(),
        project: Project::Name("eu-de".to_owned()),
        endpoint: None,
    };
    access(endpoint, Scheme::IamToken, Credentials::Login(login))
}

fn call(operation: &str, access: Access) -> Call {
    let provider: Provider = toml::from_str(PROVIDER).unwrap();
    let operation = Arc::clone(provider.operation(operation).unwrap());
    let body = if operation.changes { "{\"namespace\":\"group\"}" } else { "" };
    let headers = [("host", access.endpoint.authority()), ("user-agent", "skydeck/test".to_owned())].into_iter().collect();
    let request = Request { method: operation.method.clone(), target: operation.path.clone(), headers, body: body.into() };
    let plan = Plan { provider: provider.id.clone(), operation: operation.id.clone(), changes: operation.changes, request };
    Call {
        provider: Arc::new(provider),
        operation,
        access: Arc::new(access),
        plan,
        values: Vec::new(),
        origin: None,
        also_signed: Vec::new(),
        ahead: jiff::SignedDuration::ZERO,
        confirmed: false,
        purpose: Purpose::Operator,
        again: Resend::default(),
    }
}

fn create(access: Access) -> Call {
    call("CreateOrganization", access)
}

fn sender() -> Sender {
    Sender::with_clock(Settings::default(), SecretRegistry::default(), Arc::new(Still))
}

/// Sends, and gives every report with the outcome.
async fn send(sender: &Sender, call: &Call) -> (Vec<Progress>, Result<(), Refusal>) {
    let (mut reports, ids) = (Vec::new(), AtomicU64::new(0));
    let next = || ExchangeId(ids.fetch_add(1, Ordering::Relaxed) + 1);
    let outcome = sender.send(call, &next, &mut |progress| reports.push(progress)).await;
    (reports, outcome)
}

/// The reports as words: `> IAM token`, `secret`, `< IAM token 201`.
fn story(reports: &[Progress]) -> Vec<String> {
    reports
        .iter()
        .map(|report| match report {
            Progress::Started(exchange) => format!("> {}", exchange.operation),
            Progress::Stored(_, number) => format!("kept {number}"),
            Progress::StoreError(error) => format!("unkept {error}"),
            Progress::Waiting { wait, reason, left, .. } => format!("wait {} ms ({reason}; {left} left)", wait.as_millis()),
            Progress::Finished(exchange) => {
                format!("< {} {}", exchange.operation, exchange.response().map_or(0, |response| response.status))
            }
        })
        .collect()
}

fn last(reports: Vec<Progress>) -> Exchange {
    match reports.into_iter().next_back() {
        Some(Progress::Finished(exchange)) => *exchange,
        other => panic!("not a finished exchange: {other:?}"),
    }
}

/// A cloud with a token service: takes the token `accepted` only, and issues `issued` one after another. Keeps the request lines.
#[derive(Clone, Default)]
struct Cloud {
    issued: Arc<Mutex<Vec<&'static str>>>,
    accepted: &'static str,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Cloud {
    fn new(issued: &[&'static str], accepted: &'static str) -> Self {
        Self { issued: Arc::new(Mutex::new(issued.iter().rev().copied().collect())), accepted, ..Self::default() }
    }

    fn start(&self) -> Server {
        let cloud = self.clone();
        Server::start(move |talk| {
            while talk.read_request() {
                let answer = cloud.answer(&talk.request());
                talk.write(answer.as_bytes());
            }
        })
    }

    fn answer(&self, request: &str) -> String {
        self.seen.lock().unwrap().push(request.lines().next().unwrap().to_owned());
        if request.starts_with("POST /v3/auth/tokens") {
            return self.issued.lock().unwrap().pop().map_or_else(|| unauthorized(WRONG_PASSWORD), token_answer);
        }
        let accepted = request.contains(&format!("\r\nx-auth-token: {}\r\n", self.accepted));
        if accepted { CREATED.to_owned() } else { unauthorized(UNAUTHORIZED) }
    }

    fn token_requests(&self) -> usize {
        self.seen.lock().unwrap().iter().filter(|line| line.contains("/v3/auth/tokens")).count()
    }
}

fn unauthorized(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn token_answer(token: &str) -> String {
    let body = r#"{"token":{"expires_at":"2026-11-23T00:00:00.000000Z"}}"#;
    format!("HTTP/1.1 201 Created\r\nx-subject-token: {token}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn guards_stop_a_call_that_changes_something() {
    let server = Server::answering(CREATED.as_bytes(), true);
    let guarded = |guard| create(Access { guard, ..with_key(&server.endpoint) });
    let sender = sender();
    let (reports, refused) = send(&sender, &guarded(Guard::ReadOnly)).await;
    assert!(matches!(refused, Err(Refusal::ReadOnly { .. })) && reports.is_empty());
    let confirmed = Call { confirmed: true, ..guarded(Guard::ReadOnly) };
    assert!(matches!(send(&sender, &confirmed).await.1, Err(Refusal::ReadOnly { .. })));
    let (reports, refused) = send(&sender, &guarded(Guard::Confirm)).await;
    assert_eq!(refused.unwrap_err().to_string(), "profile `staging` wants CreateOrganization to be confirmed by the profile's name");
    assert!(reports.is_empty() && !server.was_used());
}

#[tokio::test]
async fn guards_let_through_what_is_confirmed_or_changes_nothing() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false);
    for guard in [Guard::None, Guard::Confirm, Guard::ReadOnly] {
        let list = call("ListOrganizations", Access { guard, ..with_key(&server.endpoint) });
        assert_eq!(story(&send(&sender(), &list).await.0), ["> ListOrganizations", "< ListOrganizations 200"]);
    }
    let confirmed = Call { confirmed: true, ..create(Access { guard: Guard::Confirm, ..with_key(&server.endpoint) }) };
    assert!(send(&sender(), &confirmed).await.1.is_ok());
}

#[tokio::test]
async fn a_signed_call_goes_out_as_reported() {
    let server = Server::answering(CREATED.as_bytes(), false);
    let sender = sender();
    let (reports, outcome) = send(&sender, &create(with_key(&server.endpoint))).await;
    outcome.unwrap();
    assert_eq!(story(&reports), ["> CreateOrganization", "< CreateOrganization 201"]);
    let Progress::Started(started) = &reports[0] else { panic!("not started") };
    assert!(started.in_flight());
    let first = started.request.clone();
    let exchange = last(reports);
    assert_eq!((exchange.id, exchange.profile.as_str(), exchange.region.as_str()), (ExchangeId(1), "staging", "eu-de"));
    assert_eq!((exchange.started, &exchange.request), (Still.now(), &first));
    assert!(exchange.succeeded() && exchange.timings.total.is_some());
    drop(sender);
    let (_, received) = server.received().await;
    assert_eq!(received, [exchange.request.head(), exchange.request.body.to_vec()].concat());
    let key = key();
    let sealed = auth::verify(Scheme::SdkHmac, &exchange.request, &|_| Some((&key).into()), Still.now()).unwrap();
    assert_eq!(Some(sealed.trace()), exchange.signing);
}

#[tokio::test]
async fn a_token_is_fetched_once_and_registered_before_it_is_shown() {
    let cloud = Cloud::new(&["token-1"], "token-1");
    let server = cloud.start();
    let secrets = SecretRegistry::default();
    let sender = Sender::with_clock(Settings::default(), secrets.clone(), Arc::new(Still));
    let call = create(with_login(&server.endpoint));
    let mut reports = Vec::new();
    let mut progress = |report| {
        let is_known = secrets.redactor().text("token-1") == MASK;
        assert_eq!(is_known, matches!(report, Progress::Finished(_)) || reports.len() > 1);
        reports.push(report);
    };
    let ids = AtomicU64::new(0);
    sender.send(&call, &|| ExchangeId(ids.fetch_add(1, Ordering::Relaxed) + 1), &mut progress).await.unwrap();
    assert_eq!(story(&reports), ["> IAM token", "< IAM token 201", "> CreateOrganization", "< CreateOrganization 201"]);
    let Progress::Started(token) = &reports[0] else { panic!("not started") };
    assert!(token.signing.is_none());
    assert_eq!(token.request.headers.get_str("user-agent"), Some("skydeck/test"));
    let (reports, _) = send(&sender, &call).await;
    assert_eq!(story(&reports), ["> CreateOrganization", "< CreateOrganization 201"]);
    assert_eq!(cloud.token_requests(), 1);
}

#[tokio::test]
async fn a_kept_token_that_is_refused_is_fetched_anew_once() {
    let mut cloud = Cloud::new(&["token-1", "token-2"], "token-1");
    let sender = sender();
    let server = cloud.start();
    let call = create(with_login(&server.endpoint));
    send(&sender, &call).await.1.unwrap();
    cloud.accepted = "token-2";
    let revoked = cloud.start();
    let elsewhere = Access { endpoint: revoked.endpoint.clone(), ..with_login(&server.endpoint) };
    let (reports, outcome) = send(&sender, &create(elsewhere)).await;
    outcome.unwrap();
    assert_eq!(
        story(&reports),
        [
            "> CreateOrganization",
            "< CreateOrganization 401",
            "> IAM token",
            "< IAM token 201",
            "> CreateOrganization",
            "< CreateOrganization 201"
        ]
    );
    assert_eq!(last(reports).id, ExchangeId(3));
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_not_tried_again() {
    let cloud = Cloud::new(&["token-1", "token-2"], "another");
    let server = cloud.start();
    let (reports, outcome) = send(&sender(), &create(with_login(&server.endpoint))).await;
    outcome.unwrap();
    assert_eq!(story(&reports).last().unwrap(), "< CreateOrganization 401");
    let exchange = last(reports);
    assert_eq!(exchange.answered().unwrap().envelope.code.as_deref(), Some("APIGW.0301"));
    assert_eq!(cloud.token_requests(), 1);
}

#[tokio::test]
async fn without_a_token_the_call_is_not_sent() {
    let cloud = Cloud::new(&[], "");
    let server = cloud.start();
    let (reports, outcome) = send(&sender(), &create(with_login(&server.endpoint))).await;
    assert_eq!(outcome.unwrap_err().to_string(), "no token: the token service answered 401, not 201: The username or password is wrong.");
    assert_eq!(story(&reports), ["> IAM token", "< IAM token 401"]);
    let nowhere = Access { iam_endpoint: None, ..with_login(&server.endpoint) };
    let (reports, outcome) = send(&sender(), &create(nowhere)).await;
    assert!(reports.is_empty() && outcome.unwrap_err().to_string().contains("no token service is known for region eu-de"));
}

#[tokio::test]
async fn calls_at_once_share_a_token() {
    let cloud = Cloud::new(&["token-1"], "token-1");
    let server = cloud.start();
    let (sender, call) = (Arc::new(sender()), create(with_login(&server.endpoint)));
    let (one, two, three) = tokio::join!(send(&sender, &call), send(&sender, &call), send(&sender, &call));
    for (reports, outcome) in [one, two, three] {
        outcome.unwrap();
        assert!(last(reports).succeeded());
    }
    assert_eq!(cloud.token_requests(), 1);
}

#[tokio::test]
async fn no_answer_is_an_outcome_and_not_a_refusal() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let (reports, outcome) = send(&sender(), &create(with_key(&endpoint))).await;
    outcome.unwrap();
    let Outcome::Failed(failure) = last(reports).outcome else { panic!("not failed") };
    assert_eq!(failure.class, FailureClass::Refused);
}

#[tokio::test]
async fn credentials_that_do_not_fit_are_refused() {
    let endpoint: Endpoint = "http://127.0.0.1:9".parse().unwrap();
    let wrong = access(&endpoint, Scheme::IamToken, Credentials::AccessKey(key()));
    assert!(matches!(send(&sender(), &create(wrong)).await, (reports, Err(Refusal::Sign(_))) if reports.is_empty()));
}

#[test]
fn sends_a_call_from_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    let (sender, call) = (sender(), create(with_key(&"http://127.0.0.1:9".parse().unwrap())));
    let mut ignore = |_: Progress| {};
    is_send(&sender.send(&call, &|| ExchangeId(1), &mut ignore));
}

/// A server that throttles so many times, then answers.
fn throttling(times: u64) -> Server {
    const THROTTLED: &str = r#"{"errors":[{"errorCode":"SVCSTG.SWR.4031032","errorMessage":"too many"}]}"#;
    let seen = Arc::new(AtomicU64::new(0));
    Server::start(move |talk| {
        while talk.read_request() {
            let answer = if seen.fetch_add(1, Ordering::Relaxed) < times {
                format!("HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: {}\r\n\r\n{THROTTLED}", THROTTLED.len())
            } else {
                CREATED.to_owned()
            };
            talk.write(answer.as_bytes());
        }
    })
}

#[tokio::test]
async fn a_throttled_call_is_tried_again_as_often_as_asked_and_each_attempt_is_told() {
    let server = throttling(2);
    let persistent = Call { again: Resend { retries: 3, ..Resend::default() }, ..create(with_key(&server.endpoint)) };
    let (reports, outcome) = send(&sender(), &persistent).await;
    assert_eq!(outcome, Ok(()));
    let waits = story(&reports).iter().filter(|report| report.starts_with("wait 0 ms (429")).count();
    assert_eq!(waits, 2, "{:?}", story(&reports));
    let exchange = last(reports);
    let retry = exchange.call_origin.retry.clone().unwrap();
    assert_eq!((exchange.succeeded(), retry.attempt), (true, 3));
    assert!(retry.reason.contains("retry-after: 0"), "{}", retry.reason);
}

#[tokio::test]
async fn nothing_is_tried_again_unasked_or_for_ever() {
    for (retries, attempts) in [(0, 1), (2, 3)] {
        let server = throttling(99);
        let call = Call { again: Resend { retries, ..Resend::default() }, ..create(with_key(&server.endpoint)) };
        let (reports, _) = send(&sender(), &call).await;
        let sent = reports.iter().filter(|report| matches!(report, Progress::Started(_))).count();
        assert_eq!(sent, attempts);
        assert!(!last(reports).succeeded());
    }
}

#[tokio::test]
async fn the_very_bytes_go_out_again_and_the_guard_holds() {
    let server = throttling(0);
    let (reports, _) = send(&sender(), &create(with_key(&server.endpoint))).await;
    let first = last(reports);
    let exact = ExactRequest { request: first.request.clone(), signing: first.signing.clone(), endpoint: first.endpoint.clone() };
    let again = Resend { repeats: Some(first.id), exact: Some(Box::new(exact)), retries: 0 };
    let call = Call { again, ..create(with_key(&server.endpoint)) };
    let (reports, _) = send(&sender(), &call).await;
    let second = last(reports);
    assert_eq!(second.request, first.request);
    assert!(second.call_origin.exact && second.call_origin.repeats == Some(first.id));
    let guarded = Call { access: Arc::new(Access { guard: Guard::ReadOnly, ..with_key(&server.endpoint) }), ..call };
    assert!(matches!(send(&sender(), &guarded).await.1, Err(Refusal::ReadOnly { .. })));
}
