//! Failures injected on demand.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use skydeck::catalog::Catalog;
use skydeck::emulator::{Fault, Settings};

use crate::lab::{Lab, code, good, message, texts};

fn lab(faults: &[&str]) -> Lab {
    Lab::with(Settings { faults: faults.iter().map(|fault| (*fault).to_owned()).collect(), ..Settings::default() })
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

fn refusal(text: &str) -> String {
    Fault::parse(text, CATALOG.providers().map(|provider| &**provider)).unwrap_err().to_string()
}

#[test]
fn injects_a_code_the_given_number_of_times() {
    let lab = lab(&["alibaba-sae/CreateNamespace:Throttling.User*2"]);
    let send = || lab.send("alibaba-sae", &lab.create("alibaba-sae", &["NamespaceName=o"]));
    for _ in 0..2 {
        let answer = send();
        assert_eq!((answer.status, code(&answer).as_str()), (400, "Throttling.User"));
        assert_eq!(message(&answer), "Request was denied due to user flow control.");
    }
    assert_eq!(send().status, 200);
}

#[test]
fn injects_a_code_and_spares_other_calls() {
    let lab = lab(&["volcengine-id:InvalidParameter.Tags", "huawei-swr:SVCSTG.SWR.5000059"]);
    let answer = lab.send("volcengine-id", &lab.create("volcengine-id", &["NamespaceName=o"]));
    assert_eq!((code(&answer).as_str(), message(&answer).as_str()), ("InvalidParameter.Tags", "The parameter Tags is invalid."));
    let answer = lab.send("huawei-swr", &lab.create("huawei-swr", &["namespace=o"]));
    assert_eq!((answer.status, code(&answer).as_str()), (500, "SVCSTG.SWR.5000059"));
    assert!(!message(&answer).is_empty());
    assert_eq!(lab.send("otc-swr", &lab.create("otc-swr", &["namespace=o"])).status, 201);
}

#[test]
fn injects_a_bare_status() {
    let lab = lab(&["otc-swr:502", "huawei-swr/token:503*1"]);
    let answer = lab.send("otc-swr", &lab.create("otc-swr", &["namespace=o"]));
    assert_eq!((answer.status, answer.headers.get_str("content-type")), (502, Some("text/plain")));
    assert_eq!(lab.raw("huawei-swr", b"GET /v3 HTTP/1.1\r\nhost: localhost\r\n\r\n")[..12], *b"HTTP/1.1 503");
    assert_eq!(lab.raw("huawei-swr", b"GET /v3 HTTP/1.1\r\nhost: localhost\r\n\r\n")[..12], *b"HTTP/1.1 200");
}

#[test]
fn delays_only_the_chosen_answer() {
    let lab = lab(&["alibaba-pai:delay=1500ms*1", "alibaba-pai:Throttling*1"]);
    let send = |name: &str| {
        let began = Instant::now();
        let answer = lab.send("alibaba-pai", &lab.create("alibaba-pai", &texts(&good("alibaba-pai", name))));
        let code = if answer.status == 200 { String::new() } else { code(&answer) };
        (code, began.elapsed(), Instant::now())
    };
    let both =
        std::thread::scope(|scope| ["orders", "shipping"].map(|name| scope.spawn(move || send(name))).map(|one| one.join().unwrap()));
    // Whichever came first is held back.
    let [quick, slow] = if both[0].0.is_empty() { both } else { [both[1].clone(), both[0].clone()] };
    assert_eq!((quick.0.as_str(), slow.0.as_str()), ("", "Throttling"));
    assert!(quick.2 < slow.2 && slow.1 >= Duration::from_millis(1500), "{quick:?} {slow:?}");
}

#[test]
fn names_impossible_faults() {
    for (text, wanted) in [
        ("alibaba-sae", "it is not PROVIDER[/OPERATION]:WHAT"),
        ("alibaba-sae:", "is not PROVIDER[/OPERATION]:WHAT"),
        ("alibaba-sea:503", "no provider `alibaba-sea`: did you mean alibaba-sae"),
        ("alibaba-sae/CreateNamespaces:503", "no operation `CreateNamespaces`: did you mean CreateNamespace"),
        ("alibaba-sae/token:503", "no operation `token`"),
        ("alibaba-sae:Throtling.User", "did you mean Throttling.User"),
        ("huawei-swr/token:APIGW.0301", "no error code `APIGW.0301`"),
        ("alibaba-sae:199", "199 is no status"),
        ("alibaba-sae:delay=5", "`delay=5` is not delay=TIME: a delay like"),
        ("alibaba-sae:delay=601s", "`delay=601s` is not delay=TIME"),
        ("alibaba-sae:503*0", "`*0` is not how many times"),
        ("alibaba-sae:503*x", "`*x` is not how many times"),
    ] {
        assert!(refusal(text).contains(wanted), "{text}: {}", refusal(text));
    }
}

proptest! {
    /// Whatever is written: an error that repeats it, or a fault that is read the same again.
    #[test]
    fn parses_or_rejects_any_fault_text(text in "(alibaba-sae|otc-swr|\\*|[a-z-]{0,5})(/token|/CreateNamespace|/.{0,3})?:?(503|throttle|html|reset|truncated|drip|clock|delay|content-type|malformed|APIGW\\.0201|.{0,6})(=.{0,9})?([*%@~].{0,6}){0,3}") {
        let parse = |text: &str| Fault::parse(text, CATALOG.providers().map(|provider| &**provider));
        match parse(&text) {
            Ok(fault) => prop_assert_eq!(parse(&fault.to_string()), Ok(fault)),
            Err(error) => prop_assert!(error.to_string().contains(&text)),
        }
    }
}
