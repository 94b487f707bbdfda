//! Each kind of fault, met by our own sender: what the log of the call says, how it is explained, and the exit status.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use skydeck::auth::Scheme;
use skydeck::call::Call;
use skydeck::catalog::Catalog;
use skydeck::config::{Access, Guard};
use skydeck::exchange::{ExchangeId, Purpose};
use skydeck::form::{Form, plan};
use skydeck::io::demo;
use skydeck::io::http::Settings;
use skydeck::io::send::{Progress, Sender};
use skydeck::redact::SecretRegistry;

use crate::live::Live;
use crate::support::{Home, Ran};

/// A fault, and what comes of the call that it strikes: the exit status, the outcome, the failure's class or what the answer is
/// in place of the vendor's, and words of the explanation.
struct Case {
    fault: &'static str,
    status: i32,
    outcome: &'static str,
    what: &'static str,
    explained: &'static str,
}

const fn case(fault: &'static str, status: i32, outcome: &'static str, what: &'static str, explained: &'static str) -> Case {
    Case { fault, status, outcome, what, explained }
}

const CASES: [Case; 17] = [
    case("reset", 5, "failed", "broken answer", "the answer broke off"),
    case("reset=half", 5, "failed", "broken answer", "the answer broke off"),
    case("truncated", 5, "failed", "broken answer", "the answer broke off"),
    case("truncated=1", 5, "failed", "broken answer", "1 bytes of the body had come"),
    case("not-http", 5, "failed", "broken answer", "or is not HTTP"),
    case("malformed", 5, "foreign", "truncated-json", "the answer breaks off after"),
    case("malformed=garbled", 5, "foreign", "not-json", "the answer is not JSON"),
    case("html", 4, "foreign", "html", "a web page, \"502 Bad Gateway\""),
    case("html=200", 5, "foreign", "html", "a web page, \"200 OK\""),
    case("503", 4, "foreign", "not-json", "a proxy or load balancer got no answer"),
    case("throttle", 4, "error", "", "wants fewer calls"),
    case("clock=+1h", 4, "error", "", "This machine's clock is 3600 s behind the server's"),
    case("clock=-2h", 4, "error", "", "This machine's clock is 7200 s ahead of the server's"),
    case("clock=+2m", 0, "success", "", ""),
    case("drip=40/2ms", 0, "success", "", ""),
    case("delay=150ms", 0, "success", "", ""),
    case("content-type=text/plain", 0, "success", "", ""),
];

fn send(live: &Live, home: &Home, call: &[&str]) -> Ran {
    let url = live.url(call[0]);
    home.run(&[&["send"], call, &["--output", "json", "--endpoint", &url]].concat())
}

/// The clock is the one thing that a token does not depend on: this provider signs.
const PROVIDER: &str = "alibaba-pai";

#[test]
fn logs_and_explains_each_kind_of_fault() {
    let (live, home) = (Live::start(&[]), Home::new());
    for case in &CASES {
        live.running.emulator().clear_faults();
        live.running.emulator().set_fault(&format!("{PROVIDER}:{}", case.fault)).unwrap();
        let ran = send(&live, &home, &[PROVIDER, "ListWorkspaces"]);
        let told = ran.json();
        let what = told["failure"]["class"].as_str().or(told["envelope"]["foreign"].as_str()).unwrap_or_default();
        assert_eq!((ran.status, told["outcome"].as_str().unwrap(), what), (case.status, case.outcome, case.what), "{}: {told}", case.fault);
        // A second may begin between the request's date and the answer's: the emulator is real, and so is its clock.
        let on_time = |text: &str| text.replace(" 3601 s behind", " 3600 s behind").replace(" 7199 s ahead", " 7200 s ahead");
        let explanation = on_time(&told["explanation"].to_string().replace("\\\"", "\""));
        assert!(explanation.contains(case.explained), "{}: {explanation}", case.fault);
    }
}

#[test]
fn keeps_partial_answers() {
    let (live, home) = (Live::start(&["alibaba-pai:reset=10*1", "alibaba-pai:truncated=10*1"]), Home::new());
    for _ in 0..2 {
        let told = send(&live, &home, &[PROVIDER, "ListWorkspaces"]).json();
        assert_eq!((&told["response"]["status"], told["response"]["body"].as_str().unwrap().len()), (&Value::from(200), 10), "{told}");
    }
}

#[test]
fn times_slow_answers() {
    let (live, home) = (Live::start(&["alibaba-pai:delay=150ms*1", "alibaba-pai:drip=10/3ms~1*1"]), Home::new());
    let timings = || send(&live, &home, &[PROVIDER, "ListWorkspaces"]).json()["timings_ms"].clone();
    let delayed = timings();
    assert!(delayed["first_byte"].as_f64().unwrap() >= 150.0, "{delayed}");
    let dripped = timings();
    assert!(dripped["total"].as_f64().unwrap() >= 90.0, "{dripped}");
}

/// A token that was just fetched is not renewed when it is refused: the command ends. A sender that had kept it goes on.
#[test]
fn renews_a_revoked_token() {
    let (live, home) = (Live::start(&["huawei-swr:revoke*1"]), Home::new());
    assert_eq!(send(&live, &home, &["huawei-swr", "ListOrganizations"]).status, 4);

    let live = Live::start(&["huawei-swr:revoke~1*1"]);
    let (sender, call) = (Sender::new(Settings::default(), SecretRegistry::default()), listing(&live, "huawei-swr"));
    let (last_id, mut told) = (AtomicU64::new(0), Vec::new());
    let mut progress = |progress| {
        if let Progress::Finished(exchange) = progress {
            told.push((exchange.operation.clone(), exchange.response().unwrap().status));
        }
    };
    let next_id = || ExchangeId(last_id.fetch_add(1, Ordering::Relaxed));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..2 {
        runtime.block_on(sender.send(&call, &next_id, &mut progress)).unwrap();
    }
    let list = |status| ("ListOrganizations".to_owned(), status);
    let token = || ("IAM token".to_owned(), 201);
    assert_eq!(told, [token(), list(200), list(401), token(), list(200)]);
}

/// The call that lists a provider's organizations, with the demo's login.
fn listing(live: &Live, provider: &str) -> Call {
    let provider = Arc::clone(Catalog::built_in().provider(provider).unwrap());
    let operation = Arc::clone(provider.operation("ListOrganizations").unwrap());
    let demo = demo::access(&provider, live.url(&provider.id).parse().unwrap());
    let access = Access {
        profile: "demo".to_owned(),
        guard: Guard::None,
        region: provider.default_region.clone(),
        endpoint: demo.endpoint.clone(),
        iam_endpoint: demo.iam_endpoint,
        scheme: Scheme::IamToken,
        credentials: demo.credentials,
        warnings: Vec::new(),
    };
    let plan = plan(&provider, &Form::new(Arc::clone(&operation)), &demo.endpoint).unwrap();
    Call {
        provider,
        operation,
        access: Arc::new(access),
        plan,
        values: Vec::new(),
        origin: None,
        also_signed: Vec::new(),
        ahead: jiff::SignedDuration::ZERO,
        confirmed: false,
        purpose: Purpose::Operator,
        again: skydeck::call::Resend::default(),
    }
}

#[test]
fn names_a_failing_token_service() {
    let (live, home) = (Live::start(&["otc-swr/token:503"]), Home::new());
    let ran = send(&live, &home, &["otc-swr", "ListOrganizations"]);
    assert_eq!((ran.status, ran.json()["operation"].as_str()), (4, Some("IAM token")));
    assert!(ran.err.contains("no token"), "{ran:?}");
}
