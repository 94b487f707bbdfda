//! Reading the vectors.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use skydeck::auth::{AccessKey, ComputedSignature, Scheme, Trace, VerifyError, verify};
use skydeck::wire::{Headers, Request, parse_query};

/// A signed request with what is known of its signature.
pub struct Vector {
    /// Folder and file, for messages.
    pub name: String,
    pub scheme: Scheme,
    pub request: Request,
    pub key: AccessKey,
    /// Region and service of the scope; empty for schemes without one.
    pub scope: (String, String),
    pub now: Timestamp,
    pub expected: Expected,
}

/// The intermediates; `None` where the scheme has none.
pub struct Expected {
    pub canonical_request: Option<String>,
    pub string_to_sign: String,
    pub signature: String,
    pub authorization: String,
    pub payload_hash: Option<String>,
    pub signed_headers: Option<String>,
    pub scope: Option<String>,
}

impl Vector {
    /// Verifies some request with this vector's key and at this vector's time.
    pub fn verify(&self, request: &Request) -> Result<Trace, VerifyError> {
        let keys = |id: &str| (id == self.key.id).then(|| (&self.key).into());
        verify(self.scheme, request, &keys, self.now).map(ComputedSignature::trace)
    }

    /// The names of the signed headers.
    pub fn signed_headers(&self) -> Vec<String> {
        self.verify(&self.request).unwrap_or_else(|error| panic!("{}: {error}", self.name)).signed_headers
    }

    /// The nonce of an Alibaba request.
    pub fn nonce(&self) -> String {
        self.request.headers.get_str("x-acs-signature-nonce").unwrap_or_default().to_owned()
    }
}

/// The vectors of a folder that are signed.
pub fn folder(name: &str) -> Vec<Vector> {
    let vectors: Vec<Vector> = files(name).iter().filter_map(|path| read(name, path)).collect();
    assert!(!vectors.is_empty(), "no vector in {name}");
    vectors
}

/// One file of a folder, as JSON.
pub fn json(folder: &str, file: &str) -> Value {
    parse(&root().join(folder).join(file))
}

/// The one vector of this file.
pub fn one(folder: &str, file: &str) -> Vector {
    read(folder, &root().join(folder).join(file)).expect("a signed vector")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn parse(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(folder: &str, path: &Path) -> Option<Vector> {
    let file = parse(path);
    let name = format!("{folder}/{}", path.file_name()?.to_str()?);
    if folder == "alibaba" { Some(alibaba(name, &file)) } else { other(name, &file) }
}

fn alibaba(name: String, file: &Value) -> Vector {
    let (signing, credentials) = (&file["signing"], &file["credentials"]);
    let scheme = if text(&signing["authorization"]).starts_with("acs ") { Scheme::Acs1 } else { Scheme::Acs3 };
    let request = request(&file["request"]);
    Vector {
        now: time(&request, &name),
        key: key(credentials, ["access_key_id", "access_key_secret"]),
        scope: Default::default(),
        expected: expected(signing, "hashed_payload"),
        name,
        scheme,
        request,
    }
}

fn other(name: String, file: &Value) -> Option<Vector> {
    let (expected_part, credentials) = (file.get("expected").filter(|part| !part.is_null())?, &file["credentials"]);
    let (scheme, hash) = match name.split('/').next()? {
        "volcengine" => (Scheme::Volcengine, "body_sha256"),
        "alibaba-rpc" => (Scheme::AcsRpc, "payload_hash"),
        "huawei" | "huawei-go" => (Scheme::SdkHmac, "payload_hash"),
        _ => (Scheme::SdkHmacScoped, "payload_hash"),
    };
    let request = request(file);
    Some(Vector {
        now: time(&request, &name),
        key: key(credentials, ["ak", "sk"]),
        scope: (text(&credentials["region"]), text(&credentials["service"])),
        expected: expected(expected_part, hash),
        name,
        scheme,
        request,
    })
}

fn expected(part: &Value, hash: &str) -> Expected {
    Expected {
        canonical_request: optional(&part["canonical_request"]),
        string_to_sign: text(&part["string_to_sign"]),
        signature: text(&part["signature"]),
        authorization: text(&part["authorization"]),
        payload_hash: optional(&part[hash]),
        signed_headers: optional(&part["signed_headers"]),
        scope: optional(&part["scope"]),
    }
}

fn key(credentials: &Value, [id, secret]: [&str; 2]) -> AccessKey {
    AccessKey {
        id: text(&credentials[id]),
        secret: text(&credentials[secret]).into(),
        token: optional(&credentials["security_token"]).map(Into::into),
        project_id: optional(&credentials["project_id"]),
    }
}

fn request(part: &Value) -> Request {
    let fields = part["headers"].as_array().unwrap().iter();
    let headers: Headers = fields.map(|field| (text(&field[0]), latin1(&text(&field[1])))).collect();
    Request { method: text(&part["method"]), target: text(&part["target"]), headers, body: text(&part["body"]).into() }
}

/// The bytes of a text that has one character for each.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a Latin-1 character")).collect()
}

fn time(request: &Request, name: &str) -> Timestamp {
    const FORMATS: [(&str, &str); 4] = [
        ("x-acs-date", "%Y-%m-%dT%H:%M:%SZ"),
        ("x-date", "%Y%m%dT%H%M%SZ"),
        ("x-sdk-date", "%Y%m%dT%H%M%SZ"),
        ("date", "%a, %d %b %Y %H:%M:%S GMT"),
    ];
    let read = |(header, format): &(&str, &str)| DateTime::strptime(format, request.headers.get_str(header)?).ok();
    let parameters = [parse_query(request.query()), parse_query(request.form_body().unwrap_or_default())].concat();
    let timestamp = || parameters.iter().find(|(name, _)| name == "Timestamp").map(|(_, text)| text);
    let by_parameter = || DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", timestamp()?.as_bytes()).ok();
    let civil = FORMATS.iter().find_map(read).or_else(by_parameter).unwrap_or_else(|| panic!("{name}: no date"));
    civil.to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn optional(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
