//! A request made ready for the library, or refused because it would not go out as it stands.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use reqwest::Url;
use thiserror::Error;

use crate::text::brief;
use crate::wire::{Endpoint, Headers, Request};

/// The library takes no longer URI; servers take far less.
const MAX_TARGET_BYTES: usize = 60_000;

/// Methods whose requests say the length of their body even when there is none (RFC 9110, section 8.6).
const WITH_BODY: [&str; 3] = ["POST", "PUT", "PATCH"];

/// The reason why a request would not be sent byte for byte.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(super) enum NotExact {
    #[error("`{0}` is not a method")]
    Method(String),
    #[error("`{0}` is not a header name")]
    HeaderName(String),
    #[error("the value of `{0}` has a character that no header can carry")]
    HeaderValue(String),
    #[error("the header `{0}` would go out in another spelling or another place")]
    HeaderMoved(String),
    #[error("`{0}` is missing, and the library would add it behind the log's back")]
    Missing(&'static str),
    #[error("`transfer-encoding` would change the body on its way")]
    TransferEncoding,
    #[error("`content-length` says {stated}, and the body has {actual} bytes")]
    Length { stated: String, actual: usize },
    #[error("`{}` is not a target that can be sent", brief(.0))]
    Target(String),
    #[error("the target has {0} bytes, and no more than {MAX_TARGET_BYTES} can be sent")]
    TargetTooLong(usize),
    #[error("the target `{}` would go out as `{}`", brief(.given), brief(.sent))]
    TargetChanged { given: String, sent: String },
}

/// Adds what HTTP/1.1 wants of every request (`host`, `accept`, and `content-length` where a body is usual), writes header names in lower case
/// and puts repeated names together: the form in which the library sends. A request that cannot be sent comes back as it was.
pub fn complete(endpoint: &Endpoint, mut request: Request) -> Request {
    let Ok(mut map) = header_map(&request.headers) else { return request };
    if !map.contains_key(http::header::HOST) {
        let Ok(host) = HeaderValue::try_from(endpoint.authority()) else { return request };
        map.insert(http::header::HOST, host);
    }
    map.entry(http::header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    if !request.body.is_empty() || WITH_BODY.contains(&request.method.as_str()) {
        map.entry(http::header::CONTENT_LENGTH).or_insert(request.body.len().into());
    }
    request.headers = map.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    request
}

/// Makes the library's request, once it is certain to go out as given.
pub(super) fn exact(endpoint: &Endpoint, request: &Request) -> Result<reqwest::Request, NotExact> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| NotExact::Method(request.method.clone()))?;
    let headers = header_map(&request.headers)?;
    check_order(&headers, &request.headers)?;
    check_framing(&headers, request)?;
    let mut ready = reqwest::Request::new(method, exact_url(endpoint, &request.target)?);
    *ready.headers_mut() = headers;
    if !request.body.is_empty() {
        *ready.body_mut() = Some(request.body.clone().into());
    }
    Ok(ready)
}

fn header_map(headers: &Headers) -> Result<HeaderMap, NotExact> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers.iter() {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| NotExact::HeaderName(name.to_owned()))?;
        let value = HeaderValue::from_bytes(value).map_err(|_| NotExact::HeaderValue(name.to_owned()))?;
        map.append(key, value);
    }
    Ok(map)
}

/// Refuses headers that the library would send in another spelling or order: it writes names in lower case and the values of one name together.
fn check_order(map: &HeaderMap, headers: &Headers) -> Result<(), NotExact> {
    let moved = map.iter().zip(headers.iter()).find(|((sent, value), (name, given))| sent.as_str() != *name || value.as_bytes() != *given);
    moved.map_or(Ok(()), |(_, (name, _))| Err(NotExact::HeaderMoved(name.to_owned())))
}

fn check_framing(map: &HeaderMap, request: &Request) -> Result<(), NotExact> {
    if map.contains_key(http::header::TRANSFER_ENCODING) {
        return Err(NotExact::TransferEncoding);
    }
    for name in ["host", "accept"] {
        if !map.contains_key(name) {
            return Err(NotExact::Missing(name));
        }
    }
    let actual = request.body.len();
    match request.headers.get("content-length") {
        Some(stated) if stated != actual.to_string().as_bytes() => {
            Err(NotExact::Length { stated: String::from_utf8_lossy(stated).into_owned(), actual })
        }
        None if actual > 0 || WITH_BODY.contains(&request.method.as_str()) => Err(NotExact::Missing("content-length")),
        _ => Ok(()),
    }
}

/// Returns the URL of a target, if the library leaves the target alone: it removes dot segments and encodes some characters.
fn exact_url(endpoint: &Endpoint, target: &str) -> Result<Url, NotExact> {
    let bad = || NotExact::Target(target.to_owned());
    if target.len() > MAX_TARGET_BYTES {
        return Err(NotExact::TargetTooLong(target.len()));
    }
    let url: Url = format!("{endpoint}{target}").parse().map_err(|_| bad())?;
    let uri: Uri = url.as_str().parse().map_err(|_| bad())?;
    let sent = uri.path_and_query().map_or("", |sent| sent.as_str());
    if sent != target {
        return Err(NotExact::TargetChanged { given: target.to_owned(), sent: sent.to_owned() });
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint() -> Endpoint {
        "http://127.0.0.1:8080".parse().unwrap()
    }

    fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &'static str) -> Request {
        Request { method: method.to_owned(), target: target.to_owned(), headers: headers.iter().copied().collect(), body: body.into() }
    }

    fn refused(request: &Request) -> String {
        exact(&endpoint(), request).unwrap_err().to_string()
    }

    #[test]
    fn completing_adds_only_what_is_missing() {
        let bare = complete(&endpoint(), request("POST", "/", &[("X-B", "1"), ("a", "2"), ("x-b", "3")], ""));
        let all: Vec<_> = bare.headers.iter().map(|(name, value)| (name, std::str::from_utf8(value).unwrap())).collect();
        assert_eq!(all, [("x-b", "1"), ("x-b", "3"), ("a", "2"), ("host", "127.0.0.1:8080"), ("accept", "*/*"), ("content-length", "0")]);
        let full = complete(&endpoint(), bare.clone());
        assert_eq!(full, bare);
        assert!(!complete(&endpoint(), request("GET", "/", &[], "")).headers.contains("content-length"));
    }

    #[test]
    fn targets_that_the_library_would_change_are_refused() {
        for target in ["/a/../b", "/a/./b", "/a b", "/\u{e9}", "/a?x=\"", "/a?x='<", "/a#b", "a", "", "*", "/a\\b", "/%2e%2e/b", "/a\tb"] {
            let error = exact(&endpoint(), &complete(&endpoint(), request("GET", target, &[], ""))).unwrap_err();
            assert!(matches!(error, NotExact::Target(_) | NotExact::TargetChanged { .. }), "{target}: {error}");
        }
        for target in ["/", "/?", "//a", "/a?b=c&d", "/a%20b?x=%22%27", "/a;b=c,d:e@f!$&'()*+", "/~a/%e4", "/a//b/?c=/d?e"] {
            assert!(exact(&endpoint(), &complete(&endpoint(), request("GET", target, &[], ""))).is_ok(), "{target}");
        }
    }

    #[test]
    fn says_why_a_request_would_not_go_out_as_it_stands() {
        let whole = [("host", "h"), ("accept", "*/*"), ("content-length", "0")];
        assert!(refused(&request("B D", "/", &whole, "")).contains("not a method"));
        assert!(refused(&request("POST", "/", &whole, "x")).contains("says 0, and the body has 1"));
        assert!(refused(&request("POST", "/", &whole[..2], "")).contains("`content-length` is missing"));
        assert!(refused(&request("GET", "/", &whole[..1], "")).contains("`accept` is missing"));
        assert!(refused(&request("GET", "/", &[("Host", "h"), ("accept", "*/*")], "")).contains("`Host` would go out in another"));
        assert!(refused(&request("GET", "/", &[("a b", "h")], "")).contains("not a header name"));
        assert!(refused(&request("GET", "/", &[("a", "b\r\nc: d")], "")).contains("no header can carry"));
        let chunked = [("host", "h"), ("accept", "*/*"), ("transfer-encoding", "chunked")];
        assert!(refused(&request("POST", "/", &chunked, "x")).contains("change the body"));
    }
}
