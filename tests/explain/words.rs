//! Every way a call can fail has an explanation that says what happened, why and what to do.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use skydeck::catalog::{Operation, Provider};
use skydeck::envelope::decode;
use skydeck::exchange::{Answered, Exchange, ExchangeId, Failure, FailureClass, Origin, Outcome, Purpose, Timings};
use skydeck::explain::{ErrorText, Explanation, clock_skew, explain, explain_error};
use skydeck::wire::{Headers, Request, Response};

const PROVIDER: &str = r#"
id = "test"
title = "Test"
product = "Test Product"
vendor = "alibaba"
version = "2019-05-06"
auth = ["acs3-hmac-sha256"]
answer-format = "alibaba-service"
default-region = "cn-hangzhou"
endpoint = "test.{region}.example"
link = "https://vendor.example/api"

[conditions]
wrong-signature = "SignatureDoesNotMatch"
stale-date = "GW.0303"

[[error]]
status = 400
code = "SignatureDoesNotMatch"
layer = "gateway"
cause = "Another secret."
remedy = "Copy it again."

[[error]]
status = 401
code = "GW.0303"
layer = "gateway"
cause = "Too old."
remedy = "Set the clock."

[[error]]
status = 400
code = "Missing{parameter}"
layer = "gateway"
cause = "Not there."
remedy = "Fill it in."

[[error]]
status = 403
code = "NoPermission"
layer = "gateway"
cause = "Not allowed."
remedy = "Ask."

[[operation]]
id = "CreateNamespace"
title = "Create a namespace"
changes = true
method = "POST"
path = "/ns"
success = [200]
permission = "sae:CreateNamespace"
link = "https://vendor.example/create"

[[operation.parameter]]
name = "NamespaceName"
in = "query"
type = "string"
help = "Its name."

[[operation.parameter]]
name = "NamespaceId"
in = "query"
type = "string"
help = "Its id."

[[operation.parameter]]
name = "Tags"
type = "list"
help = "Tags."

[[operation.error]]
status = 400
code = "InstanceExist.NamespaceId"
message = "The specified namespace ID already exists."
cause = "It is taken."
remedy = "Choose another."
parameter = "NamespaceId"
source = "https://vendor.example/errors"
"#;

fn provider() -> Provider {
    toml::from_str(PROVIDER).unwrap()
}

fn exchange(outcome: Outcome) -> Exchange {
    Exchange {
        id: ExchangeId(1),
        provider: "test".into(),
        operation: "CreateNamespace".into(),
        profile: "demo".into(),
        region: "cn-hangzhou".into(),
        purpose: Purpose::Operator,
        call_origin: Origin::default(),
        started: "2026-11-22T10:00:00Z".parse::<Timestamp>().unwrap(),
        endpoint: "http://127.0.0.1:8080".parse().unwrap(),
        request: Request::default(),
        signing: None,
        outcome,
        timings: Timings::default(),
    }
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let headers: Headers = headers.iter().copied().collect();
    let response = Response { status, headers, body: body.to_owned().into(), ..Response::default() };
    let envelope = decode(provider().answer_format, &response, &[200]);
    exchange(Outcome::Answered(Box::new(Answered { response, envelope })))
}

fn explained(exchange: &Exchange) -> Explanation {
    let provider = provider();
    let operation: Arc<Operation> = Arc::clone(&provider.operations[0]);
    explain(&provider, Some(&operation), exchange).expect("an explanation")
}

#[test]
fn success_and_flight_need_none() {
    let provider = provider();
    assert_eq!(explain(&provider, None, &exchange(Outcome::InFlight)), None);
    assert_eq!(explain(&provider, None, &answered(200, &[], r#"{"RequestId":"r","Success":true}"#)), None);
}

#[test]
fn explains_a_known_code_by_its_entry() {
    let body =
        r#"{"RequestId":"r","Code":"InstanceExist.NamespaceId","Message":"The specified namespace ID already exists.","Success":false}"#;
    let explanation = explained(&answered(400, &[], body));
    assert_eq!(explanation.vendor, "400  InstanceExist.NamespaceId  The specified namespace ID already exists.");
    assert_eq!((explanation.cause.as_str(), explanation.remedy.as_str()), ("It is taken.", "Choose another."));
    assert_eq!(explanation.summary, "the service already has something by that name");
    assert_eq!(explanation.parameter.as_deref(), Some("NamespaceId"));
    assert_eq!(explanation.source.as_deref(), Some("https://vendor.example/errors"));
}

#[test]
fn finds_the_parameter_in_code_and_message() {
    let explanation = explained(&answered(400, &[], r#"{"RequestId":"r","Code":"MissingNamespaceName","Message":"It is mandatory."}"#));
    assert_eq!((explanation.parameter.as_deref(), explanation.cause.as_str()), (Some("NamespaceName"), "Not there."));
    let explanation = explained(&answered(400, &[], r#"{"RequestId":"r","Code":"MissingTags.1.Key","Message":"It is mandatory."}"#));
    assert_eq!(explanation.parameter.as_deref(), Some("Tags"));
    let explanation = explained(&answered(400, &[], r#"{"RequestId":"r","Code":"Odd","Message":"The parameter namespacename is odd."}"#));
    assert_eq!(explanation.parameter.as_deref(), Some("NamespaceName"));
}

#[test]
fn blames_the_clock_for_a_refused_signature() {
    let body = r#"{"RequestId":"r","Code":"SignatureDoesNotMatch","Message":"server CanonicalRequest is [POST\n/ns\nNamespaceName=x]"}"#;
    let explanation = explained(&answered(400, &[("date", "Sun, 22 Nov 2026 10:00:20 GMT")], body));
    assert_eq!((explanation.parameter.as_deref(), explanation.cause.as_str()), (None, "Another secret."));
    assert_eq!(explanation.summary, "the vendor's gateway refused the signature");
    let explanation = explained(&answered(400, &[("date", "Sun, 22 Nov 2026 10:20:12 GMT")], body));
    assert!(explanation.likely().unwrap().says.contains("1212 s behind"), "{explanation:?}");
    assert_eq!(explanation.cause, "Another secret.", "what the catalog says stays as it is");
    let explanation =
        explained(&answered(401, &[("date", "Sun, 22 Nov 2026 09:59:00 GMT")], r#"{"RequestId":"r","Code":"GW.0303","Message":"old"}"#));
    assert!(explanation.likely().unwrap().says.contains("60 s ahead of"), "{explanation:?}");
    assert_eq!(explanation.summary, "the vendor's gateway refused the date of the request");
}

#[test]
fn reads_the_clock_when_the_answer_arrives() {
    let mut exchange = answered(200, &[("date", "Sun, 22 Nov 2026 10:00:40 GMT")], "{}");
    assert_eq!(clock_skew(&exchange), Some(40));
    exchange.timings.first_byte = Some(Duration::from_secs(39));
    assert_eq!(clock_skew(&exchange), Some(1));
    assert_eq!(clock_skew(&answered(200, &[("date", "yesterday")], "{}")), None);
    assert_eq!(clock_skew(&self::exchange(Outcome::Cancelled)), None);
}

#[test]
fn names_a_missing_permission() {
    let explanation = explained(&answered(403, &[], r#"{"RequestId":"r","Code":"NoPermission","Message":"no"}"#));
    assert_eq!(explanation.permission.as_deref(), Some("sae:CreateNamespace"));
    let body = r#"{"RequestId":"r","Code":"NoPermission","Message":"no","AccessDeniedDetail":{"AuthAction":"sae:Other"}}"#;
    assert_eq!(explained(&answered(403, &[], body)).permission.as_deref(), Some("sae:Other"));
}

#[test]
fn unknown_codes_are_explained_by_words_and_status() {
    let explanation =
        explained(&answered(429, &[], r#"{"RequestId":"r","Code":"Busy","Message":"no","Recommend":"https://vendor.example/q"}"#));
    assert!(explanation.transient && explanation.summary.contains("fewer calls"));
    assert_eq!(explanation.source.as_deref(), Some("https://vendor.example/q"));
    let explanation = explained(&answered(418, &[], r#"{"RequestId":"r","Code":"Teapot","Message":"no"}"#));
    assert_eq!(explanation.cause, "The catalog does not know this code.");
}

#[test]
fn names_the_party_that_answered() {
    let page = "<html><title>Sign in</title></html>";
    for (status, headers, body, message_text) in [
        (200, vec![], page, "a web page, \"Sign in\""),
        (502, vec![], page, "a web page"),
        (200, vec![], "", "without a body"),
        (200, vec![], "{\"a\":", "breaks off after 5 bytes"),
        (200, vec![], "hello", "not JSON"),
        (200, vec![], "{}", "not this API's"),
        (200, vec![("content-encoding", "br")], "x", "coded as `br`"),
        (302, vec![("location", "https://portal.example")], "", "a redirect to https://portal.example"),
        (301, vec![], "", "names no target"),
        (400, vec![], "<?xml version='1.0'?><a/>", "XML"),
    ] {
        let explanation = explained(&answered(status, &headers, body));
        assert!(explanation.summary.contains(message_text), "{status} {body}: {}", explanation.summary);
        assert!(!explanation.cause.is_empty() && !explanation.remedy.is_empty());
        assert_eq!(explanation.vendor, status.to_string());
    }
    assert!(explained(&answered(502, &[], page)).transient && !explained(&answered(200, &[], page)).transient);
}

#[test]
fn explains_every_transport_failure() {
    use FailureClass::{BrokenAnswer, ConnectTimeout, Dns, NotSent, Proxy, ReadTimeout, Refused, Tls, TotalTimeout, Unreachable};
    let mut summaries = Vec::new();
    for class in [NotSent, Dns, Refused, Unreachable, Tls, ConnectTimeout, ReadTimeout, TotalTimeout, BrokenAnswer, Proxy] {
        let failure = Failure { class, detail: "errno 5".into(), hint: String::new(), partial: None };
        let explanation = explained(&exchange(Outcome::Failed(failure)));
        assert!(explanation.cause.contains("errno 5") && explanation.summary.contains("127.0.0.1:8080"));
        summaries.push(explanation.summary);
    }
    summaries.sort();
    summaries.dedup();
    assert_eq!(summaries.len(), 10);
}

#[test]
fn warns_when_a_call_may_have_taken_effect() {
    let partial = Response { body: "abc".into(), ..Response::default() };
    let failure = Failure {
        class: FailureClass::BrokenAnswer,
        detail: String::new(),
        hint: "look at the port".into(),
        partial: Some(Box::new(partial)),
    };
    let explanation = explained(&exchange(Outcome::Failed(failure)));
    assert_eq!(explanation.remedy, "The call may have taken effect: look first. Look at the port.");
    assert!(!explanation.transient, "whoever must look first is not told to send it again");
    assert!(explanation.cause.contains("3 bytes"));
    assert!(explained(&exchange(Outcome::Cancelled)).remedy.contains("took effect"));
}

#[test]
fn explains_a_refused_login() {
    let mut exchange = answered(401, &[], r#"{"RequestId":"r","Code":"401","Message":"no"}"#);
    exchange.operation = "IAM token".into();
    let explanation = explain(&provider(), None, &exchange).unwrap();
    assert!(explanation.summary.contains("refused the login") && explanation.remedy.contains("domain"));
}

fn coded(code: &str) -> Explanation {
    explain_error(&provider(), &ErrorText { code: Some(code.into()), ..ErrorText::default() })
}

#[test]
fn codes_are_explained_without_a_call() {
    let explanation = coded("MissingNamespaceId");
    assert_eq!((explanation.parameter.as_deref(), explanation.vendor.as_str()), (Some("NamespaceId"), "400  MissingNamespaceId"));
    let explanation = coded("InstanceExist.NamespaceId");
    assert_eq!(explanation.vendor, "400  InstanceExist.NamespaceId  The specified namespace ID already exists.");
    assert_eq!((explanation.cause.as_str(), explanation.nearest), ("It is taken.", None));
}

#[test]
fn explains_an_unknown_code_by_its_words() {
    let explanation = coded("InstanceExists.NamespaceId");
    assert_eq!(explanation.nearest.as_deref(), Some(&["InstanceExist.NamespaceId".to_owned()][..]));
    assert!(explanation.summary.contains("already has something by that name"), "{explanation:?}");
    assert_eq!(coded("Nonsense").nearest, Some(Vec::new()));
    let limited = ErrorText { status: Some(429), code: Some("Nonsense".into()), ..ErrorText::default() };
    assert!(explain_error(&provider(), &limited).summary.contains("fewer calls"));
}
