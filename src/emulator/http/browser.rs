//! Protects the emulator from web pages: none may reach it under a name that is not its own, or from another origin.
//!
//! Any page can make the browser of the machine send requests to the loopback interface, and a page whose name is made to point there
//! (DNS rebinding) can read the answers. Both are recognized by headers that no page can set: `host`, `origin` and `sec-fetch-site`.

use std::net::IpAddr;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// The hosts and origins that are let in besides the emulator's own.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedClients {
    /// Names of hosts, without a port.
    pub hosts: Vec<String>,
    /// Origins as browsers write them, or `*` for all.
    pub origins: Vec<String>,
}

/// The origin of an allowed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RequestOrigin {
    /// No browser's, or that of a page of the emulator's own origin.
    Own,
    /// That of a page of an allowed origin, with the value of `access-control-allow-origin` for it.
    Page(HeaderValue),
}

/// The reason why a request is not allowed: the status, and the reason for the log.
pub(crate) type Refusal = (StatusCode, String);

impl AllowedClients {
    /// Admits a request, or says why not.
    pub(crate) fn admit(&self, head: &Parts) -> Result<RequestOrigin, Refusal> {
        let text = |name: HeaderName| head.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let host = text(header::HOST).unwrap_or_default();
        // The authority of an absolute target counts in the place of the header.
        for name in head.uri.authority().map(http::uri::Authority::as_str).into_iter().chain([&*host]) {
            if !self.is_ours(name) {
                let reason = format!("the host `{name}` is not this emulator's (--allow-host NAME lets it in)");
                return Err((StatusCode::MISDIRECTED_REQUEST, reason));
            }
        }
        if [header::ORIGIN, HeaderName::from_static("sec-fetch-site")].iter().any(|name| head.headers.get_all(name).iter().count() > 1) {
            return Err((StatusCode::FORBIDDEN, "it has more than one origin".to_owned()));
        }
        let site = head.headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        match text(header::ORIGIN) {
            Some(origin) if origin.eq_ignore_ascii_case(&format!("http://{host}")) => Ok(RequestOrigin::Own),
            Some(origin) => self.page(&origin),
            None if site.is_some_and(|site| site != b"same-origin" && site != b"none") => {
                Err((StatusCode::FORBIDDEN, "a page of another site asks for it".to_owned()))
            }
            None => Ok(RequestOrigin::Own),
        }
    }

    fn page(&self, origin: &str) -> Result<RequestOrigin, Refusal> {
        let named = self.origins.iter().find(|own| *own == "*" || own.eq_ignore_ascii_case(origin));
        let told = named.and_then(|named| HeaderValue::from_str(if named == "*" { "*" } else { origin }).ok());
        let refused = || (StatusCode::FORBIDDEN, format!("the origin `{origin}` is another's (--allow-origin URL lets it in)"));
        told.map(RequestOrigin::Page).ok_or_else(refused)
    }

    /// Returns whether a host, with or without a port, is a loopback address or name, or one that was named.
    fn is_ours(&self, host: &str) -> bool {
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit())).map_or(host, |(name, _)| name);
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let is_loopback = bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        let is_local = name == "localhost" || name.strip_suffix(".localhost").is_some_and(is_name);
        is_loopback || is_local || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(&name))
    }
}

impl RequestOrigin {
    /// Returns whether a browser asks beforehand what an allowed page may send.
    pub(crate) fn is_preflight(&self, head: &Parts) -> bool {
        *self != Self::Own && head.method == Method::OPTIONS && head.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Tells an allowed page's browser that the page may read the answer, and what it may send.
    pub(crate) fn notify(&self, asked: &HeaderMap, answer: &mut HeaderMap) {
        let Self::Page(origin) = self else { return };
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
        for (question, reply) in [
            (header::ACCESS_CONTROL_REQUEST_METHOD, header::ACCESS_CONTROL_ALLOW_METHODS),
            (header::ACCESS_CONTROL_REQUEST_HEADERS, header::ACCESS_CONTROL_ALLOW_HEADERS),
        ] {
            if let Some(wish) = asked.get(question) {
                answer.insert(reply, wish.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let request = headers.iter().fold(http::Request::builder().uri(uri), |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap().into_parts().0
    }

    fn status(allowed_clients: &AllowedClients, headers: &[(&str, &str)]) -> u16 {
        allowed_clients.admit(&head("/", headers)).map_or_else(|(status, _)| status.as_u16(), |_| 200)
    }

    #[test]
    fn accepts_loopback_and_named_hosts_only() {
        let allowed_clients = AllowedClients { hosts: vec!["cloud.test".into()], ..AllowedClients::default() };
        for host in ["127.0.0.1:4010", "127.9.9.9", "localhost:80", "LOCALHOST.", "sae.localhost:1", "[::1]:4010", "[::1]", "Cloud.Test:80"]
        {
            assert_eq!(status(&allowed_clients, &[("host", host)]), 200, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example/.localhost",
            "evil.example#.localhost",
            "evil.example?.localhost",
            "a@b.localhost",
            "127.0.0.1.evil.example",
            "localhost.evil.example:4010",
            "0.0.0.0",
            "10.0.0.1",
            "",
            "[::2]",
            "127.1",
            "a:b",
        ] {
            assert_eq!(status(&allowed_clients, &[("host", host)]), 421, "{host}");
        }
        let absolute = head("http://evil.example/", &[("host", "127.0.0.1")]);
        assert!(allowed_clients.admit(&absolute).is_err());
    }

    #[test]
    fn accepts_own_and_named_origins_only() {
        let host = ("host", "127.0.0.1:4010");
        let allowed_clients = AllowedClients { origins: vec!["http://localhost:3000".into()], ..AllowedClients::default() };
        for origin in ["http://127.0.0.1:4010", "http://localhost:3000"] {
            assert_eq!(status(&allowed_clients, &[host, ("origin", origin)]), 200, "{origin}");
        }
        for origin in ["null", "http://evil.example", "http://127.0.0.1:4011", "https://127.0.0.1:4010", "http://localhost:30000"] {
            assert_eq!(status(&allowed_clients, &[host, ("origin", origin)]), 403, "{origin}");
        }
        for (site, wanted) in [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)] {
            assert_eq!(status(&allowed_clients, &[host, ("sec-fetch-site", site)]), wanted, "{site}");
        }
    }

    #[test]
    fn refuses_a_repeated_origin() {
        let allowed_clients = AllowedClients::default();
        let ours = ("origin", "http://localhost:1");
        assert_eq!(status(&allowed_clients, &[("host", "localhost:1"), ours]), 200);
        assert_eq!(status(&allowed_clients, &[("host", "localhost:1"), ours, ("origin", "http://evil.example")]), 403);
        let sites = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert_eq!(status(&allowed_clients, &[("host", "localhost:1"), sites[0], sites[1]]), 403);
    }

    #[test]
    fn allows_cross_origin_reads_for_allowed_pages_only() {
        let told = |origins: &[&str]| {
            let allowed_clients =
                AllowedClients { origins: origins.iter().map(ToString::to_string).collect(), ..AllowedClients::default() };
            let head = head("/", &[("host", "localhost"), ("origin", "http://a.test"), ("access-control-request-headers", "x-a")]);
            let mut answer = HeaderMap::new();
            allowed_clients.admit(&head).unwrap().notify(&head.headers, &mut answer);
            answer
        };
        assert_eq!(told(&["*"])["access-control-allow-origin"], "*");
        let named = told(&["http://a.test"]);
        assert_eq!(
            (&named["access-control-allow-origin"], &named["access-control-allow-headers"]),
            (&"http://a.test".parse().unwrap(), &"x-a".parse().unwrap())
        );
    }
}
