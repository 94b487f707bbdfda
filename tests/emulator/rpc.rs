//! Alibaba Cloud's RPC-style calls: all parameters and a V1 signature, in the query or in a form body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use skydeck::auth::{AccessKey, DateFormat, hmac_sha1, hmac_sha256, rpc_string_to_sign};
use skydeck::emulator::Settings;
use skydeck::wire::{Headers, Request, Response, encode};

use crate::lab::{Lab, code, json, message};

const PAI: &str = "alibaba-pai";
const SAE: &str = "alibaba-sae";

/// An RPC-style call before it is signed.
struct Call<'l> {
    lab: &'l Lab,
    id: &'l str,
    key: AccessKey,
    method: &'l str,
    parameters: Vec<(String, String)>,
}

impl<'l> Call<'l> {
    /// A call with the demo's key and every parameter that the scheme wants.
    fn new(lab: &'l Lab, id: &'l str, action: &str) -> Self {
        let signer = lab.signer(id);
        let (time, version) = (DateFormat::Extended.write(signer.now), lab.provider(id).version.clone());
        let call = Self { lab, id, key: signer.key, method: "POST", parameters: Vec::new() };
        let key_id = call.key.id.clone();
        call.with("AccessKeyId", &key_id)
            .with("Action", action)
            .with("Version", &version)
            .with("Format", "JSON")
            .with("SignatureMethod", "HMAC-SHA1")
            .with("SignatureVersion", "1.0")
            .with("SignatureNonce", "once")
            .with("Timestamp", &time)
    }

    fn get(self) -> Self {
        Self { method: "GET", ..self }
    }

    fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(own, _)| own != name);
        self
    }

    /// The same with this value of a parameter, whatever it had.
    fn with(self, name: &str, value: &str) -> Self {
        let mut call = self.without(name);
        call.parameters.push((name.to_owned(), value.to_owned()));
        call
    }

    fn request(&self) -> Request {
        let text = self.parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&");
        let mut headers: Headers = [("Host", self.lab.address(self.id).to_string())].into_iter().collect();
        if self.method == "GET" {
            return Request { method: "GET".into(), target: format!("/?{text}"), headers, ..Request::default() };
        }
        headers.push("Content-Type", "application/x-www-form-urlencoded");
        headers.push("Content-Length", text.len().to_string());
        Request { method: self.method.into(), target: "/".into(), headers, body: text.into() }
    }

    fn signature(&self) -> String {
        let (key, text) = (format!("{}&", self.key.secret.expose()), rpc_string_to_sign(&self.request()));
        if text.contains("HMAC-SHA256") {
            return STANDARD.encode(*hmac_sha256(key.as_bytes(), text.as_bytes()));
        }
        STANDARD.encode(hmac_sha1(key.as_bytes(), text.as_bytes()))
    }

    fn send(self) -> Response {
        let signature = self.signature();
        self.with("Signature", &signature).unsigned()
    }

    /// Sends it as it is.
    fn unsigned(self) -> Response {
        self.lab.send(self.id, &self.request())
    }
}

fn refused(answer: &Response) -> (u16, String) {
    (answer.status, code(answer))
}

#[test]
fn creates_and_reads_in_the_query_and_in_a_form() {
    let lab = Lab::demo();
    let create = || {
        let call = Call::new(&lab, PAI, "CreateWorkspace").with("EnvTypes.2", "prod").with("EnvTypes.1", "dev");
        call.with("Description", "\u{540d} a*b~c+/d")
    };
    let id = json(&create().with("WorkspaceName", "by_form").send())["WorkspaceId"].as_str().unwrap().to_owned();
    let answer = create().get().with("WorkspaceName", "by_query").with("SignatureNonce", "two").send();
    assert_eq!(answer.status, 200, "{answer:?}");
    // What travels in the path otherwise is a parameter here.
    let shown = json(&Call::new(&lab, PAI, "GetWorkspace").get().with("WorkspaceId", &id).with("SignatureNonce", "three").send());
    assert_eq!((&shown["WorkspaceName"], &shown["Description"]), (&"by_form".into(), &"\u{540d} a*b~c+/d".into()));
    assert_eq!(shown["EnvTypes"], serde_json::json!(["dev", "prod"]));
    let call = Call::new(&lab, SAE, "CreateNamespace").with("NamespaceName", "o").with("NameSpaceShortId", "rpc");
    let answer = call.with("SignatureNonce", "four").send();
    assert_eq!(json(&answer)["Data"]["NameSpaceShortId"], "rpc", "{answer:?}");
    let answer = Call::new(&lab, SAE, "DescribeNamespaceList").with("SignatureMethod", "HMAC-SHA256").with("SignatureNonce", "five").send();
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn answers_in_xml_without_a_format() {
    let lab = Lab::demo();
    let text = |call: Call<'_>| String::from_utf8(call.send().body.to_vec()).unwrap();
    let xml = text(Call::new(&lab, PAI, "ListWorkspaces").without("Format"));
    assert!(xml.starts_with("<?xml version='1.0' encoding='UTF-8'?><ListWorkspacesResponse>"), "{xml}");
    let error = text(Call::new(&lab, PAI, "ListWorkspaces").with("Format", "XML").with("Timestamp", "now"));
    assert!(error.contains("<Error>") && error.contains("<Code>InvalidTimeStamp.Format</Code>"), "{error}");
}

#[test]
fn refuses_in_the_gateways_words() {
    let lab = Lab::demo();
    let call = || Call::new(&lab, PAI, "ListWorkspaces");
    for (call, status, wanted) in [
        (call().with("Timestamp", "2026-01-01T00:00:00Z"), 400, "InvalidTimeStamp.Expired"),
        (call().with("Timestamp", "2026-01-01 00:00:00"), 400, "InvalidTimeStamp.Format"),
        (call().without("Timestamp"), 400, "InvalidTimeStamp.Format"),
        (call().with("AccessKeyId", "LTAInobody"), 404, "InvalidAccessKeyId.NotFound"),
        (call().without("AccessKeyId"), 400, "MissingAccessKeyId"),
        (call().with("SecurityToken", "t"), 400, "InvalidSecurityToken.MismatchWithAccessKey"),
        (call().without("SignatureNonce"), 400, "MissingSignatureNonce"),
        (call().with("Action", "NoSuch"), 404, "InvalidAction.NotFound"),
        (call().without("Action"), 404, "InvalidAction.NotFound"),
        (call().with("Version", "2021-02-03"), 400, "InvalidVersion"),
        (call().with("SignatureVersion", "2.0"), 400, "IncompleteSignature"),
        (Call::new(&lab, PAI, "CreateWorkspace"), 400, "MissingWorkspaceName"),
    ] {
        let answer = call.send();
        assert_eq!(refused(&answer), (status, wanted.to_owned()), "{answer:?}");
    }
}

#[test]
fn shows_the_text_that_should_have_been_signed() {
    let lab = Lab::demo();
    let mut call = Call::new(&lab, PAI, "ListWorkspaces").get();
    let text = rpc_string_to_sign(&call.request());
    call.key.secret = "another".to_owned().into();
    let answer = call.send();
    assert_eq!(refused(&answer), (400, "SignatureDoesNotMatch".to_owned()));
    assert_eq!(message(&answer), format!("Specified signature is not matched with our calculation. server string to sign is:{text}"));
    let answer = Call::new(&lab, PAI, "ListWorkspaces").get().unsigned();
    assert_eq!(refused(&answer), (400, "IncompleteSignature".to_owned()));
    assert!(message(&answer).contains("Aliyun standards. server string to sign is:GET&%2F&AccessKeyId%3D"), "{answer:?}");
}

#[test]
fn takes_a_nonce_once_and_a_temporary_key_with_its_token() {
    let lab = Lab::with(Settings { keys: vec!["STS.a:secret:token+/=".parse().unwrap()], ..Settings::default() });
    let call = || {
        let mut call = Call::new(&lab, PAI, "ListWorkspaces").get().with("AccessKeyId", "STS.a").with("SecurityToken", "token+/=");
        call.key.secret = "secret".to_owned().into();
        call
    };
    assert_eq!(call().send().status, 200);
    assert_eq!(refused(&call().send()), (400, "SignatureNonceUsed".to_owned()));
    assert_eq!(refused(&call().without("SecurityToken").send()), (400, "MissingSecurityToken".to_owned()));
}
