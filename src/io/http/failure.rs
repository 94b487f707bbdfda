//! Failures to get a whole answer: the library's chain of errors sorted into classes, with a hint.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use super::connect::is_lookup;
use super::hint::{self, FailureContext};
use super::outgoing::NotExact;
use super::settings::SetupError;
use super::watch::Watch;
use crate::exchange::{Failure, FailureClass};
use crate::wire::Protocol;

type Link<'a> = &'a (dyn Error + 'static);

impl FailureContext<'_> {
    /// Returns the failure to get an answer's head.
    pub(super) fn failure(&self, error: &reqwest::Error, watch: &Watch) -> Failure {
        let class = self.class(error);
        let hint = match class {
            FailureClass::Tls => hint::tls(find::<rustls::Error>(error), self),
            FailureClass::BrokenAnswer => hint::no_answer(find::<hyper::Error>(error), self),
            FailureClass::ConnectTimeout if watch.lookup_pending() => hint::slow_lookup(self),
            _ => hint::general(class, self),
        };
        without_answer(class, detail(error), hint)
    }

    /// Returns the failure of a wait that ended; `missing` says what had not arrived by then.
    pub(super) fn timed_out(&self, class: FailureClass, missing: &str) -> Failure {
        let (what, limit) = match class {
            FailureClass::TotalTimeout => ("the exchange was not done", self.settings.total_timeout),
            _ => (missing, self.settings.read_timeout),
        };
        without_answer(class, format!("{what} within {limit:?}"), hint::general(class, self))
    }

    fn class(&self, error: &reqwest::Error) -> FailureClass {
        match self.own_class(error) {
            // Within a tunnel the handshake is with the server: the proxy has done its part.
            FailureClass::Tls => FailureClass::Tls,
            _ if self.via.is_some() && error.is_connect() => FailureClass::Proxy,
            class => class,
        }
    }

    fn own_class(&self, error: &reqwest::Error) -> FailureClass {
        if error.is_builder() {
            FailureClass::NotSent
        } else if find::<rustls::Error>(error).is_some() {
            FailureClass::Tls
        } else if chain(error).any(is_lookup) {
            FailureClass::Dns
        } else if error.is_connect() {
            self.connect_class(error)
        } else if error.is_timeout() {
            FailureClass::ReadTimeout
        } else {
            FailureClass::BrokenAnswer
        }
    }

    fn connect_class(&self, error: &reqwest::Error) -> FailureClass {
        if error.is_timeout() {
            return FailureClass::ConnectTimeout;
        }
        let tunnelling = chain(error).any(|link| link.to_string().starts_with("tunnel error"));
        let handshaking = self.endpoint.protocol == Protocol::Https && !tunnelling;
        match socket_error(error) {
            Some(ErrorKind::ConnectionRefused) => FailureClass::Refused,
            Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) if handshaking => FailureClass::Tls,
            _ => FailureClass::Unreachable,
        }
    }
}

/// Returns the system's error about the socket; errors that only wrap another are of the kind `Other`.
fn socket_error(error: &reqwest::Error) -> Option<ErrorKind> {
    chain(error).filter_map(|link| link.downcast_ref::<io::Error>()).map(io::Error::kind).find(|kind| *kind != ErrorKind::Other)
}

/// Returns the failure to get an answer's body after its head.
pub(super) fn body_failure(error: &reqwest::Error) -> Failure {
    without_answer(FailureClass::BrokenAnswer, detail(error), hint::broke_off())
}

impl From<NotExact> for Failure {
    fn from(error: NotExact) -> Self {
        without_answer(FailureClass::NotSent, error.to_string(), hint::not_exact(&error))
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        let class = if matches!(error, SetupError::Proxy(_)) { FailureClass::Proxy } else { FailureClass::NotSent };
        without_answer(class, error.to_string(), hint::setup(&error))
    }
}

fn without_answer(class: FailureClass, detail: String, hint: String) -> Failure {
    Failure { class, detail, hint, partial: None }
}

/// Returns an error and what caused it, outermost first.
fn chain(error: Link<'_>) -> impl Iterator<Item = Link<'_>> {
    successors(Some(error), |link| cause(*link))
}

/// Returns the error that caused another. An `io::Error` skips the error inside it: its `source` is that one's source.
fn cause(error: Link<'_>) -> Option<Link<'_>> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    chain(error).find_map(|link| link.downcast_ref())
}

/// Joins the messages of the library and the system, without the layers that only say "error".
pub(super) fn detail(error: &reqwest::Error) -> String {
    let mut message_text: Vec<String> = Vec::new();
    for link in chain(error).filter(|link| !is_wrapping(*link)) {
        let text = link.to_string();
        if !text.is_empty() && !message_text.iter().any(|earlier| earlier.contains(&text)) {
            message_text.push(text);
        }
    }
    if message_text.is_empty() { error.to_string() } else { message_text.join(": ") }
}

fn is_wrapping(link: Link<'_>) -> bool {
    link.is::<reqwest::Error>() || link.is::<hyper_util::client::legacy::Error>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_an_io_error_wraps() {
        let inner = rustls::Error::General("deep".to_owned());
        let outer = io::Error::new(ErrorKind::InvalidData, inner);
        let wrapped = io::Error::other(outer);
        assert!(chain(&wrapped).any(<dyn Error>::is::<rustls::Error>));
    }
}
