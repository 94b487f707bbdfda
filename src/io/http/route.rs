//! The route of a request: plain, through TLS, or through a proxy.

use std::net::IpAddr;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use super::settings::{Proxies, SetupError};

/// The route to a server. Each has a client of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Without TLS and without a proxy: needs no certificates, so the emulator's first answer does not wait for them.
    Plain,
    /// TLS, without a proxy.
    Tls,
    /// Through a proxy.
    Proxied,
}

/// The proxy that a request goes through: its URL without a password, for a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProxyLabel(pub(super) String);

/// Finds the route to each server.
#[derive(Debug)]
pub(super) struct Routes(Option<Matcher>);

impl Routes {
    pub(super) fn new(proxies: &Proxies) -> Self {
        Self(match proxies {
            Proxies::System => Some(Matcher::from_system()),
            Proxies::Given { all: Some(proxy), except } => Some(Matcher::builder().all(proxy.expose()).no(except.as_str()).build()),
            Proxies::Given { all: None, .. } => None,
        })
    }

    /// Returns the route to the server of this URL, and the proxy on it. Fails for a sort of proxy that the library does not speak to.
    pub(super) fn to(&self, url: &Url) -> Result<(Route, Option<ProxyLabel>), SetupError> {
        match self.proxy_for(url) {
            Some(ProxyLabel(proxy)) if !proxy.starts_with("http") => {
                Err(SetupError::Proxy(format!("{proxy} is of a sort that cannot be used, only http:// and https:// can")))
            }
            Some(via) => Ok((Route::Proxied, Some(via))),
            None if url.scheme() == "https" => Ok((Route::Tls, None)),
            None => Ok((Route::Plain, None)),
        }
    }

    fn proxy_for(&self, url: &Url) -> Option<ProxyLabel> {
        if is_loopback(url) {
            return None;
        }
        let uri: http::Uri = url.as_str().parse().ok()?;
        let proxy = self.0.as_ref()?.intercept(&uri)?;
        Some(ProxyLabel(proxy.uri().to_string().trim_end_matches('/').to_owned()))
    }
}

/// Returns whether a URL leads to this machine, in whatever way its host is written (`127.1`, `[::ffff:127.0.0.1]`, `x.localhost.`).
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => bare == "localhost" || bare.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn given(all: &str, except: &str) -> Routes {
        Routes::new(&Proxies::Given { all: Some(Secret::new(all)), except: except.to_owned() })
    }

    fn route(routes: &Routes, url: &str) -> Route {
        routes.to(&url.parse().unwrap()).unwrap().0
    }

    #[test]
    fn loopback_is_never_proxied() {
        let routes = given("http://proxy.test:3128", "");
        for host in [
            "127.0.0.1",
            "127.8.9.10:80",
            "127.1",
            "2130706433",
            "localhost:8080",
            "LOCALHOST",
            "a.localhost.",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert_eq!(route(&routes, &format!("http://{host}/")), Route::Plain, "{host}");
            assert_eq!(route(&routes, &format!("https://{host}/")), Route::Tls, "{host}");
        }
        for host in ["128.0.0.1", "localhost.test", "127.0.0.1.test", "[::2]"] {
            assert_eq!(route(&routes, &format!("http://{host}/")), Route::Proxied, "{host}");
        }
    }

    #[test]
    fn exceptions_go_directly() {
        let routes = given("http://proxy.test:3128", "aliyuncs.com, 10.0.0.0/8");
        assert_eq!(route(&routes, "https://sae.cn-hangzhou.aliyuncs.com/"), Route::Tls);
        assert_eq!(route(&routes, "http://10.1.2.3/"), Route::Plain);
        assert_eq!(route(&routes, "https://open.volcengineapi.com/"), Route::Proxied);
        assert_eq!(route(&Routes::new(&Proxies::Given { all: None, except: String::new() }), "https://a.test/"), Route::Tls);
    }

    #[test]
    fn names_a_proxy_without_its_password() {
        let via = given("http://user:hunter2@proxy.test:3128", "").to(&"https://a.test/".parse().unwrap()).unwrap().1.unwrap();
        assert_eq!(via.0, "http://proxy.test:3128");
    }

    #[test]
    fn refuses_other_kinds_of_proxies() {
        let error = given("socks5://proxy.test:1080", "").to(&"https://a.test/".parse().unwrap()).unwrap_err();
        assert!(error.to_string().contains("socks5://proxy.test:1080 is of a sort"), "{error}");
    }
}
