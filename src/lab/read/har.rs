//! HAR 1.2: a file with entries, one entry, or one request of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::{InputFormat, PastedRequest, ReadError, Url};
use crate::wire::{Headers, Request};

pub(super) fn read(bytes: &[u8], entry: Option<usize>) -> Result<PastedRequest, ReadError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| ReadError::Har(error.to_string()))?;
    let entries = entries(&value)?;
    let chosen = choose(&entries, entry)?;
    pasted(chosen)
}

/// Returns the entries, in whichever part of a file was given.
fn entries(value: &Value) -> Result<Vec<&Value>, ReadError> {
    if let Some(entries) = value.pointer("/log/entries").or_else(|| value.get("entries")).or(Some(value)).and_then(Value::as_array) {
        return Ok(entries.iter().collect());
    }
    let one = value.get("request").is_some() || value.get("url").is_some();
    if one { Ok(vec![value]) } else { Err(ReadError::Har("it has neither log.entries nor a request".to_owned())) }
}

/// Returns the one that is wanted, or the only one, or the only one that is signed.
fn choose<'v>(entries: &[&'v Value], wanted: Option<usize>) -> Result<&'v Value, ReadError> {
    let count = entries.len();
    if let Some(wanted) = wanted {
        return wanted.checked_sub(1).and_then(|at| entries.get(at).copied()).ok_or(ReadError::NoEntry { count, wanted });
    }
    let signed: Vec<&&Value> = entries.iter().filter(|entry| is_signed(entry)).collect();
    match (entries, signed.as_slice()) {
        ([one], _) => Ok(one),
        (_, [one]) => Ok(one),
        ([], _) => Err(ReadError::Har("it has no entries".to_owned())),
        _ => Err(ReadError::Several { count, list: list(entries) }),
    }
}

fn request_of(entry: &Value) -> &Value {
    entry.get("request").unwrap_or(entry)
}

fn is_signed(entry: &Value) -> bool {
    let fields = request_of(entry).get("headers").and_then(Value::as_array).into_iter().flatten();
    fields.filter_map(|field| field["name"].as_str()).any(|name| name.eq_ignore_ascii_case("authorization"))
}

fn list(entries: &[&Value]) -> String {
    let line = |(at, entry): (usize, &&Value)| {
        let request = request_of(entry);
        let url = request["url"].as_str().unwrap_or_default().split('?').next().unwrap_or_default();
        format!("  {}  {} {url}", at + 1, request["method"].as_str().unwrap_or_default())
    };
    entries.iter().enumerate().take(40).map(line).collect::<Vec<_>>().join("\n")
}

fn pasted(entry: &Value) -> Result<PastedRequest, ReadError> {
    let lacks = |what: &str| ReadError::Har(format!("the entry's request has no {what}"));
    let source = request_of(entry);
    let method = source["method"].as_str().ok_or_else(|| lacks("method"))?;
    let url = source["url"].as_str().ok_or_else(|| lacks("url"))?;
    let url = Url::read(url).ok_or_else(|| lacks("url that is one (http:// or https://)"))?;
    let mut headers = headers(source)?;
    let mut notes = Vec::new();
    if !headers.contains("host") {
        headers.push("host", url.host());
        notes.push(format!("host is taken from the URL: {}", url.host()));
    }
    let request = Request { method: method.to_owned(), target: url.target.clone(), headers, body: body(source)? };
    let mut pasted = PastedRequest::new(InputFormat::Har, request);
    pasted.sent = entry["startedDateTime"].as_str().and_then(|text| text.parse().ok());
    pasted.answer = answer(entry);
    (pasted.url_host, pasted.notes) = (Some(url.host()), notes);
    Ok(pasted)
}

/// Returns the fields, without those that HTTP/2 has in place of a request line.
fn headers(source: &Value) -> Result<Headers, ReadError> {
    let fields = source["headers"].as_array().ok_or_else(|| ReadError::Har("the entry's request has no list of headers".to_owned()))?;
    let field = |field: &Value| Some((field["name"].as_str()?.to_owned(), field["value"].as_str()?.to_owned()));
    Ok(fields.iter().filter_map(field).filter(|(name, _)| !name.starts_with(':')).collect())
}

fn body(source: &Value) -> Result<Bytes, ReadError> {
    let data = &source["postData"];
    let Some(text) = data["text"].as_str() else { return Ok(form(data)) };
    if data["encoding"].as_str() != Some("base64") {
        return Ok(text.to_owned().into());
    }
    STANDARD.decode(text).map(Bytes::from).map_err(|error| ReadError::Har(format!("the body is no Base64: {error}")))
}

/// Returns the body that a list of parameters stands for.
fn form(data: &Value) -> Bytes {
    let pair = |one: &Value| Some(format!("{}={}", one["name"].as_str()?, one["value"].as_str().unwrap_or_default()));
    let pairs: Vec<String> = data["params"].as_array().into_iter().flatten().filter_map(pair).collect();
    pairs.join("&").into()
}

fn answer(entry: &Value) -> Option<String> {
    let content = entry.pointer("/response/content")?;
    let text = content["text"].as_str()?;
    if content["encoding"].as_str() == Some("base64") {
        return STANDARD.decode(text).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    }
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(url: &str, signed: bool) -> Value {
        let headers = if signed { json!([{ "name": "Authorization", "value": "x" }]) } else { json!([]) };
        json!({ "startedDateTime": "2026-11-22T01:00:00.5Z", "request": { "method": "POST", "url": url, "headers": headers,
            "postData": { "mimeType": "x", "text": "e30=", "encoding": "base64" } }, "response": { "content": { "text": "{}" } } })
    }

    fn read_json(value: &Value, entry: Option<usize>) -> Result<PastedRequest, ReadError> {
        read(value.to_string().as_bytes(), entry)
    }

    #[test]
    fn reads_an_entry() {
        let pasted = read_json(&json!({ "log": { "entries": [entry("https://h:443/a?b=1", true)] } }), None).unwrap();
        assert_eq!((&*pasted.request.target, &pasted.request.body[..]), ("/a?b=1", &b"{}"[..]));
        assert_eq!((pasted.url_host.as_deref(), pasted.answer.as_deref()), (Some("h"), Some("{}")));
        assert_eq!(pasted.sent.unwrap().as_second(), 1_795_309_200);
        assert!(read_json(&entry("http://h/", false)["request"], None).is_ok());
    }

    #[test]
    fn chooses_among_several() {
        let two = json!([entry("http://a/", false), entry("http://b/", true)]);
        assert_eq!(read_json(&two, None).unwrap().url_host.as_deref(), Some("b"));
        assert_eq!(read_json(&two, Some(1)).unwrap().url_host.as_deref(), Some("a"));
        assert_eq!(read_json(&two, Some(3)).unwrap_err(), ReadError::NoEntry { count: 2, wanted: 3 });
        let both = json!([entry("http://a/", true), entry("http://b/", true)]);
        assert!(matches!(read_json(&both, None), Err(ReadError::Several { count: 2, .. })));
    }

    #[test]
    fn says_what_is_no_har() {
        for value in [
            json!({}),
            json!([]),
            json!({ "log": { "entries": [1] } }),
            json!({ "request": { "method": "GET", "url": "x:y://", "headers": 1 } }),
        ] {
            assert!(read_json(&value, None).is_err(), "{value}");
        }
        assert!(read(b"{", None).is_err());
    }
}
