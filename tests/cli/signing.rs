//! `sign` beside the vendors' own SDKs: the same request gives the same canonical request, string to sign and signature.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::support::Home;

/// A request as an SDK sent it, in one shape for all vendors.
struct Captured {
    name: String,
    provider: &'static str,
    operation: &'static str,
    region: Option<String>,
    params: Value,
    headers: Vec<(String, String)>,
    body: String,
    expected: Value,
    credentials: Value,
}

fn vectors(folder: &str, wanted: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let named = |path: &std::path::PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.into_iter().filter(|path| named(path).contains(wanted)).map(|path| (named(&path), read(&path))).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn headers(value: &Value) -> Vec<(String, String)> {
    let pair = |pair: &Value| (pair[0].as_str().unwrap().to_ascii_lowercase(), latin1(pair[1].as_str().unwrap()));
    value.as_array().unwrap().iter().map(pair).collect()
}

/// The files have each byte of a header as the character of the same number.
fn latin1(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

impl Captured {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The headers that the SDK signed and that no scheme makes by itself.
    fn own_headers(&self) -> Vec<String> {
        const MADE: [&str; 9] = [
            "x-acs-date",
            "x-acs-signature-nonce",
            "x-acs-content-sha256",
            "x-acs-security-token",
            "x-date",
            "x-content-sha256",
            "x-security-token",
            "x-sdk-date",
            "x-project-id",
        ];
        let signed = self.expected["signed_headers"].as_str().unwrap();
        let own = |name: &str| signed.split(';').any(|one| one == name) && !MADE.contains(&name);
        self.headers.iter().filter(|(name, _)| own(name)).map(|(name, value)| format!("{name}: {value}")).collect()
    }

    fn arguments(&self, body: &Path) -> Vec<String> {
        let mut arguments = vec!["sign".to_owned(), self.provider.to_owned(), self.operation.to_owned()];
        arguments.extend(self.params.as_object().unwrap().iter().map(|(name, value)| format!("{name}:={value}")));
        let endpoint = format!("http://{}", self.header("host").unwrap());
        let date = ["x-acs-date", "x-date", "x-sdk-date"].iter().find_map(|name| self.header(name)).unwrap();
        for (option, value) in [("--endpoint", endpoint.as_str()), ("--at", &*rfc3339(date)), ("--profile", "env"), ("--output", "json")] {
            arguments.extend([option.to_owned(), value.to_owned()]);
        }
        let optional = [("--nonce", self.header("x-acs-signature-nonce")), ("--region", self.region.as_deref())];
        for (option, value) in optional.into_iter().filter_map(|(option, value)| Some((option, value?))) {
            arguments.extend([option.to_owned(), value.to_owned()]);
        }
        for header in self.own_headers() {
            arguments.extend(["--header".to_owned(), header]);
        }
        if self.provider != "alibaba-sae" {
            arguments.extend(["--body".to_owned(), body.to_str().unwrap().to_owned()]);
        }
        arguments.push("--no-validate".to_owned());
        arguments
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let text = |name: &str| self.credentials[name].as_str().unwrap_or_default().to_owned();
        match self.provider {
            "huawei-swr" => vec![
                ("HUAWEICLOUD_SDK_AK", text("ak")),
                ("HUAWEICLOUD_SDK_SK", text("sk")),
                ("HUAWEICLOUD_SDK_SECURITY_TOKEN", text("security_token")),
                ("HUAWEICLOUD_SDK_PROJECT_ID", text("project_id")),
            ],
            "volcengine-id" => vec![
                ("VOLCENGINE_ACCESS_KEY", text("ak")),
                ("VOLCENGINE_SECRET_KEY", text("sk")),
                ("VOLCENGINE_SESSION_TOKEN", text("security_token")),
            ],
            _ => vec![
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", text("access_key_id")),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", text("access_key_secret")),
                ("ALIBABA_CLOUD_SECURITY_TOKEN", text("security_token")),
            ],
        }
    }
}

/// `20261122T005033Z` as `2026-11-22T00:50:33Z`.
fn rfc3339(date: &str) -> String {
    if date.contains('-') {
        return date.to_owned();
    }
    format!("{}-{}-{}T{}:{}:{}Z", &date[..4], &date[4..6], &date[6..8], &date[9..11], &date[11..13], &date[13..15])
}

fn check(captured: &Captured) {
    let home = Home::new();
    let body = home.write("body", &captured.body);
    let arguments = captured.arguments(&body);
    let output = home.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).envs(captured.variables()).output().unwrap();
    let ran = super::support::Ran::of(&output);
    assert_eq!(ran.status, 0, "{}: {ran:?}", captured.name);
    let signed = ran.json();
    // A security token is masked in what is shown; the signature says that it was right.
    let temporary = captured.expected["canonical_request"].as_str().unwrap().contains("security-token");
    for step in ["canonical_request", "string_to_sign", "signature"] {
        if !(temporary && step == "canonical_request") {
            assert_eq!(signed[step], captured.expected[step], "{} {step}", captured.name);
        }
    }
}

#[test]
fn signs_like_alibabas_sdks() {
    let both = [("py-sae-create", "alibaba-sae", "CreateNamespace"), ("py-pai-create", "alibaba-pai", "CreateWorkspace")];
    let mut seen = 0;
    for (wanted, provider, operation) in both {
        for (name, value) in vectors("alibaba", wanted) {
            // Python's SDK writes True and False, which are no booleans of the API.
            if value["params"].as_object().unwrap().values().any(Value::is_boolean) && provider == "alibaba-sae" {
                continue;
            }
            let captured = Captured {
                name,
                provider,
                operation,
                region: None,
                params: if provider == "alibaba-pai" { json!({}) } else { value["params"].clone() },
                headers: headers(&value["request"]["headers"]),
                body: value["request"]["body"].as_str().unwrap_or_default().to_owned(),
                expected: value["signing"].clone(),
                credentials: value["credentials"].clone(),
            };
            check(&captured);
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen}");
}

#[test]
fn signs_like_the_sdks_of_volcengine_and_huawei() {
    let both = [("volcengine", "volcengine-id", "CreateNamespace"), ("huawei", "huawei-swr", "CreateOrganization")];
    let mut seen = 0;
    for (folder, provider, operation) in both {
        for (name, value) in vectors(folder, "-create") {
            let captured = Captured {
                name,
                provider,
                operation,
                region: value["credentials"]["region"].as_str().map(str::to_owned),
                params: json!({}),
                headers: headers(&value["headers"]),
                body: value["body"].as_str().unwrap_or_default().to_owned(),
                expected: value["expected"].clone(),
                credentials: value["credentials"].clone(),
            };
            check(&captured);
            seen += 1;
        }
    }
    assert!(seen > 25, "only {seen}");
}
