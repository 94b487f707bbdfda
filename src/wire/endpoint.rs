//! Where a request goes: protocol, host and port.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Plain or encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `http`, port 80.
    Http,
    /// `https`, port 443.
    Https,
}

impl Protocol {
    /// Returns the scheme of a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// Returns the port that a URL may leave out.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Protocol and authority of a server: what stands before the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `http` or `https`.
    pub protocol: Protocol,
    /// Host, in brackets for an IPv6 address.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// An error from parsing an endpoint.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EndpointError {
    /// Another scheme than `http` and `https`.
    #[error("`{0}` is not an endpoint: it must begin with http:// or https://")]
    Protocol(String),
    /// Nothing between `//` and the end.
    #[error("`{0}` names no host")]
    NoHost(String),
    /// A user name before the host. Not repeated: what stands there may be a secret.
    #[error("the endpoint has something before an `@`, and only protocol, host and port belong in it: credentials come from the profile")]
    User,
    /// Something that no host name has: white space, control characters.
    #[error("`{0}` has {1:?} in its host, which no host name has")]
    BadHost(String, char),
    /// The part after the colon is not a port.
    #[error("`{0}` ends in `:{1}`, which is not a port (1 to 65535)")]
    BadPort(String, String),
    /// A path, a query or a fragment after the authority.
    #[error("`{0}` has more than protocol, host and port: leave out `{1}`")]
    Trailing(String, String),
}

impl Endpoint {
    /// Returns the value of the `host` header: the port only when it is not the protocol's own.
    pub fn authority(&self) -> String {
        if self.port == self.protocol.default_port() { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// Returns whether the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        bare.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.protocol.name(), self.authority())
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    /// Reads `http://host[:port]` or `https://host[:port]`; one trailing slash is allowed.
    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let (protocol, rest) = protocol(text)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return Err(EndpointError::User);
        }
        if let Some(at) = rest.find(['/', '?', '#']) {
            return Err(EndpointError::Trailing(text.to_owned(), rest[at..].to_owned()));
        }
        let (host, port) = split_port(rest);
        if host.is_empty() {
            return Err(EndpointError::NoHost(text.to_owned()));
        }
        if let Some(odd) = host.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_' | '[' | ']' | ':')) {
            return Err(EndpointError::BadHost(text.to_owned(), odd));
        }
        let port = match port {
            None => protocol.default_port(),
            Some(digits) => number(digits).ok_or_else(|| EndpointError::BadPort(text.to_owned(), digits.to_owned()))?,
        };
        Ok(Self { protocol, host: host.to_ascii_lowercase(), port })
    }
}

fn protocol(text: &str) -> Result<(Protocol, &str), EndpointError> {
    let (name, rest) = text.split_once("://").ok_or_else(|| EndpointError::Protocol(text.to_owned()))?;
    let protocol = [Protocol::Https, Protocol::Http].into_iter().find(|protocol| name.eq_ignore_ascii_case(protocol.name()));
    protocol.map(|protocol| (protocol, rest)).ok_or_else(|| EndpointError::Protocol(text.to_owned()))
}

/// Reads a port in digits alone: the library's parser would take `+80` too.
fn number(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| plain && *port != 0)
}

/// Splits `host:port`; the colons inside the brackets of an IPv6 address do not count.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[after_brackets..].find(':') {
        Some(at) => (&authority[..after_brackets + at], Some(&authority[after_brackets + at + 1..])),
        None => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_the_default_port() {
        let parsed: Endpoint = "https://sae.cn-hangzhou.aliyuncs.com:443/".parse().unwrap();
        assert_eq!(parsed.authority(), "sae.cn-hangzhou.aliyuncs.com");
        let parsed: Endpoint = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!((parsed.authority().as_str(), parsed.is_loopback()), ("127.0.0.1:8080", true));
        let parsed: Endpoint = "http://[::1]:81".parse().unwrap();
        assert_eq!((parsed.to_string().as_str(), parsed.is_loopback()), ("http://[::1]:81", true));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, wrong) in [
            ("ftp://a", "must begin with"),
            ("127.0.0.1:80", "must begin with"),
            ("http://", "names no host"),
            ("http://a b", "' ' in its host"),
            ("http://a:99999", "not a port"),
            ("http://a:+80", "not a port"),
            ("http://a/v3", "leave out `/v3`"),
        ] {
            let error = text.parse::<Endpoint>().unwrap_err().to_string();
            assert!(error.contains(wrong), "{text}: {error}");
        }
    }

    #[test]
    fn refuses_a_password_without_repeating_it() {
        for text in ["http://user@a", "https://user:hunter2@a:80", "https://user:hunter2/x@a/"] {
            let error = text.parse::<Endpoint>().unwrap_err();
            assert_eq!(error, EndpointError::User);
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn accepts_a_protocol_in_capitals() {
        let parsed: Endpoint = "HTTPS://SWR.example:8443".parse().unwrap();
        assert_eq!(parsed.to_string(), "https://swr.example:8443");
    }
}
