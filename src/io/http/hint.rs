//! Hints what to try after a failure, in a sentence.

use rustls::CertificateError;
use rustls::Error as TlsError;

use super::outgoing::NotExact;
use super::route::ProxyLabel;
use super::settings::{Settings, SetupError};
use crate::exchange::FailureClass;
use crate::wire::Endpoint;

/// The context of an exchange that a failure's message mentions.
#[derive(Clone, Debug)]
pub(super) struct FailureContext<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) via: Option<ProxyLabel>,
    pub(super) settings: &'a Settings,
}

/// Returns the hint that goes by the class alone.
pub(super) fn general(class: FailureClass, at: &FailureContext<'_>) -> String {
    let (host, port) = (&at.endpoint.host, at.endpoint.port);
    match class {
        FailureClass::Dns => format!(
            "check the spelling of {host}: it comes from the region or the endpoint; if no name resolves, this machine is offline or its name server is down"
        ),
        FailureClass::Refused => format!("nothing listens on port {port} of {host}: check the port, and that the service runs"),
        FailureClass::Unreachable => format!("no way leads to {host} from this machine: check the network, the VPN and the firewall"),
        FailureClass::ConnectTimeout => format!(
            "no connection to {host}:{port} within {:?}: a firewall may drop it without a word; check host and port, or allow more time",
            at.settings.connect_timeout
        ),
        FailureClass::ReadTimeout | FailureClass::TotalTimeout => {
            "allow more time in the configuration, if the service is only slow; the call may have been carried out all the same".to_owned()
        }
        FailureClass::Proxy => proxy(at),
        FailureClass::Tls | FailureClass::BrokenAnswer | FailureClass::NotSent => {
            "send it again; if it stays, check the endpoint".to_owned()
        }
    }
}

fn proxy(at: &FailureContext<'_>) -> String {
    let via = at.via.as_ref().map_or("a proxy", |via| &via.0);
    format!(
        "calls to {} go through {via}, as HTTPS_PROXY, HTTP_PROXY or ALL_PROXY says: check that proxy, or name the host in NO_PROXY",
        at.endpoint.host
    )
}

/// Returns the hint for a name server that does not answer.
pub(super) fn slow_lookup(at: &FailureContext<'_>) -> String {
    format!("the name server did not answer for {} in time: check this machine's network and DNS settings", at.endpoint.host)
}

/// Returns the hint for a failed handshake.
pub(super) fn tls(error: Option<&TlsError>, at: &FailureContext<'_>) -> String {
    let (host, port) = (&at.endpoint.host, at.endpoint.port);
    match error {
        Some(TlsError::InvalidCertificate(reason)) => certificate(reason, host),
        Some(TlsError::InvalidMessage(_)) => format!("port {port} of {host} does not speak TLS: try http://, or another port"),
        Some(TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_)) => {
            format!("{host} refused the handshake: it may not serve this host name, or speak neither TLS 1.2 nor 1.3")
        }
        Some(_) | None => format!("{host} broke off the handshake: check the port, or try http:// if it does not speak TLS"),
    }
}

fn certificate(reason: &CertificateError, host: &str) -> String {
    use CertificateError as Bad;
    match reason {
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            format!("the certificate is not for {host}: check the endpoint; a proxy or a login portal may have answered in its place")
        }
        Bad::UnknownIssuer => {
            "this machine does not know who issued the certificate: if a company proxy or a private CA did, name its certificate as the extra CA file"
                .to_owned()
        }
        Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
            "check this machine's clock; if it is right, the server's certificate is out of date".to_owned()
        }
        _ => format!("the certificate of {host} cannot be trusted: check the endpoint, or name its CA as the extra CA file"),
    }
}

/// Returns the hint when the connection stood and no answer's head came.
pub(super) fn no_answer(error: Option<&hyper::Error>, at: &FailureContext<'_>) -> String {
    if error.is_some_and(hyper::Error::is_parse_too_large) {
        return "the answer's head has more than 100 headers or is very long: look at what answers there (a proxy may add headers)"
            .to_owned();
    }
    if error.is_some_and(hyper::Error::is_parse) {
        return format!("what answers at {} does not speak HTTP/1.1: check the port; if it expects TLS, use https://", at.endpoint);
    }
    "the server hung up before it answered: a restart, an overload or a proxy between; the call may have been carried out all the same"
        .to_owned()
}

/// Returns the hint when an answer broke off in its body.
pub(super) fn broke_off() -> String {
    "the answer broke off: what came is kept; the call was probably carried out".to_owned()
}

/// Returns the hint for a request that would not go out as it stands.
pub(super) fn not_exact(error: &NotExact) -> String {
    match error {
        NotExact::TargetTooLong(_) => "shorten the values: servers rarely take more than 8000 bytes in a request line".to_owned(),
        NotExact::TargetChanged { .. } | NotExact::Target(_) => {
            "a changed target would not match its signature: write the value percent-encoded, without `.` or `..` as a segment".to_owned()
        }
        _ => "correct the header, or leave it out".to_owned(),
    }
}

/// Returns the hint when there is no client.
pub(super) fn setup(error: &SetupError) -> String {
    match error {
        SetupError::CaFile { .. } => "name a PEM file with CA certificates, or none".to_owned(),
        SetupError::Tls(_) => {
            "install the system's CA certificates (the package is often called ca-certificates), or name an extra CA file".to_owned()
        }
        SetupError::Proxy(_) => "correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or clear it".to_owned(),
    }
}
