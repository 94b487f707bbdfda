//! The create calls that the vendors' own SDKs sent, answered at the time they were sent; and what is left of them after a change.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;
use skydeck::catalog::{Catalog, Provider};
use skydeck::emulator::{AcceptedKey, Emulator, Settings};
use skydeck::wire::{Headers, Request, Response};

use crate::lab::{PROVIDERS, code};

/// One captured request.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The file's name.
    pub name: String,
    /// The provider's number.
    pub provider: usize,
    /// The key that it is signed with: `ID:SECRET[:TOKEN]`.
    pub key: String,
    /// When it was sent.
    pub now: Timestamp,
    /// What was sent.
    pub request: Request,
}

fn text<'a>(value: &'a Value, names: &[&str]) -> &'a str {
    names.iter().find_map(|name| value[*name].as_str()).unwrap_or_default()
}

fn captured(path: &Path) -> Option<Captured> {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let sent = file.get("request").unwrap_or(&file);
    let headers: Headers = sent["headers"].as_array()?.iter().map(|field| (field[0].as_str().unwrap(), latin1(&file, &field[1]))).collect();
    let request = Request {
        method: text(sent, &["method"]).into(),
        target: text(sent, &["target"]).into(),
        headers,
        body: text(sent, &["body"]).to_owned().into(),
    };
    let name = path.file_stem()?.to_str()?.to_owned();
    let credentials = &file["credentials"];
    let mut parts = vec![text(credentials, &["access_key_id", "ak"]), text(credentials, &["access_key_secret", "sk"])];
    parts.extend([text(credentials, &["security_token"])].iter().filter(|token| !token.is_empty()));
    let now = date(&request)?;
    Some(Captured { provider: provider(path, &request)?, name, key: parts.join(":"), now, request })
}

/// Header values are Latin-1 text of the raw bytes, but for Alibaba's, which are text.
fn latin1(file: &Value, value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    if file.get("request").is_some() { text.as_bytes().to_vec() } else { text.chars().map(|c| u8::try_from(c).unwrap()).collect() }
}

/// Which provider's create call it is, by its place and path.
fn provider(path: &Path, request: &Request) -> Option<usize> {
    let vendor = path.parent()?.file_name()?.to_str()?;
    let wanted = match (vendor, request.method.as_str(), request.path()) {
        ("alibaba", "POST", "/pop/v1/paas/namespace") => "alibaba-sae",
        ("alibaba", "POST", "/api/v1/workspaces") => "alibaba-pai",
        ("volcengine", "POST", "/") if request.target.contains("Action=CreateNamespace&") => "volcengine-id",
        ("huawei" | "huawei-go", "POST", "/v2/manage/namespaces") => "huawei-swr",
        ("otc-legacy", "POST", "/v2/manage/namespaces") => "otc-swr",
        _ => return None,
    };
    request.headers.contains("authorization").then(|| PROVIDERS.iter().position(|id| *id == wanted))?
}

fn date(request: &Request) -> Option<Timestamp> {
    let sent = |name: &str| request.headers.get_str(name);
    if let Some(date) = sent("date") {
        return jiff::fmt::rfc2822::parse(date).ok().map(|date| date.timestamp());
    }
    let date = sent("x-acs-date").or(sent("x-date")).or(sent("x-sdk-date"))?.replace(['-', ':'], "");
    jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|date| date.timestamp())
}

/// All of them.
pub static ALL: LazyLock<Vec<Captured>> = LazyLock::new(all);
static CATALOG: LazyLock<Vec<Arc<Provider>>> = LazyLock::new(|| Catalog::built_in().providers().cloned().collect());

fn all() -> Vec<Captured> {
    let folders = ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"].map(|vendor| Path::new("tests/vectors").join(vendor));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let mut all: Vec<_> = files.filter_map(|path| captured(&path)).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn answer(one: &Captured, request: &Request) -> Response {
    let keys: Vec<AcceptedKey> = vec![one.key.parse().unwrap()];
    let emulator = Emulator::new(&CATALOG, &Settings { keys, ..Settings::default() }, [0; 32]).unwrap();
    emulator.answer(one.provider, request, one.now).response
}

#[test]
fn accepts_captured_sdk_requests() {
    assert!(ALL.len() > 70, "{}", ALL.len());
    let (mut taken, mut refused) = (0, Vec::new());
    for one in ALL.iter() {
        let answer = answer(one, &one.request);
        if answer.status < 300 {
            taken += 1;
            continue;
        }
        let code = code(&answer);
        let of_parameters = ["Missing", "Invalid", "SVCSTG.SWR.400"].iter().any(|start| code.starts_with(start));
        let of_access = ["AccessKey", "Authorization", "TimeStamp", "Timestamp", "Token", "Action", "Credential"];
        assert!(of_parameters && !of_access.iter().any(|part| code.contains(part)), "{}: {code}", one.name);
        refused.push(format!("{} {code}", one.name));
    }
    assert!(taken > 40, "{taken} taken, refused: {refused:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_accepts_a_changed_signature_or_body(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let mut one = ALL[which.index(ALL.len())].clone();
        let mut body = one.request.body.to_vec();
        let mut value = one.request.headers.get("authorization").unwrap().to_vec();
        // The older Alibaba signature covers no body.
        if body.is_empty() || value.starts_with(b"acs ") {
            let last = value.len() - 1 - at.index(20);
            value[last] ^= flip;
            one.request.headers.set("authorization", value);
        } else {
            let place = at.index(body.len());
            body[place] ^= flip;
            one.request.body = body.into();
        }
        let answer = answer(&one, &one.request);
        prop_assert!((400..500).contains(&answer.status), "{} {answer:?}", one.name);
    }

    #[test]
    fn whatever_comes_is_answered_and_nothing_unsigned_is_taken(
        provider in 0..5_usize,
        method in "(GET|POST|PUT|[A-Z]{1,8})",
        target in "(/pop/v1/paas/namespace|/api/v1/workspaces|/|/v2/manage/namespaces|/v3/auth/tokens|/\\PC{0,12})(\\?\\PC{0,24}|\\?Action=CreateNamespace&Version=2025-10-30)?",
        authorization in "(acs |ACS3-HMAC-SHA256 |HMAC-SHA256 |SDK-HMAC-SHA256 )?(Credential=|Access=)?\\PC{0,40}",
        names in prop::collection::vec("(x-acs-date|x-date|x-sdk-date|date|x-auth-token|x-acs-action|host|\\PC{1,8})", 0..5),
        value in prop::collection::vec(any::<u8>(), 0..20),
        body in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let one = Captured { name: String::new(), provider, key: "AK:SK".into(), now: Timestamp::UNIX_EPOCH, request: Request::default() };
        let mut headers: Headers = names.into_iter().map(|name| (name, value.clone())).collect();
        headers.push("authorization", authorization);
        let answer = answer(&one, &Request { method: method.clone(), target, headers, body: body.into() });
        let discovery = provider >= 3 && method == "GET" && answer.status <= 300;
        prop_assert!(discovery || (400..500).contains(&answer.status), "{answer:?}");
    }
}
