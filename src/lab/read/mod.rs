//! Requests as people hand them over: raw HTTP, a command of curl or PowerShell, an entry of a HAR file.

mod curl;
mod curl_options;
mod cursor;
mod har;
mod powershell;
mod raw;
mod words;

use jiff::Timestamp;
use thiserror::Error;

use crate::wire::Request;

/// The format of a pasted request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFormat {
    /// Request line, headers, empty line, body.
    Raw,
    /// A shell's command line.
    Curl,
    /// A script with `Invoke-WebRequest` or `Invoke-RestMethod`.
    PowerShell,
    /// A URL alone.
    Url,
    /// HTTP Archive.
    Har,
}

impl InputFormat {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw HTTP",
            Self::Curl => "curl command",
            Self::PowerShell => "PowerShell command",
            Self::Url => "URL",
            Self::Har => "HAR entry",
        }
    }
}

/// A request that was read, with what came along.
#[derive(Clone, Debug)]
pub struct PastedRequest {
    /// The format of the input.
    pub input_format: InputFormat,
    /// The request.
    pub request: Request,
    /// Host and port of its URL, where it had one.
    pub url_host: Option<String>,
    /// The time at which it was sent, where that is said.
    pub sent: Option<Timestamp>,
    /// The answer that it got, where that came along.
    pub answer: Option<String>,
    /// Assumptions of the reader, and oddities of the text.
    pub notes: Vec<String>,
    /// Set when a line end at the body's end may be the paste's and not the body's.
    pub loose_end: bool,
}

/// An error from reading a pasted request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing but white space.
    #[error("there is nothing to read: give raw HTTP, a curl or PowerShell command, or a HAR file")]
    Empty,
    /// The first line is no request line, and the text is nothing else either.
    #[error(
        "line {line} is no request line (METHOD /path HTTP/1.1), and the text is neither a curl or PowerShell command nor JSON of a HAR file: `{text}`"
    )]
    NoRequestLine {
        /// The line's number.
        line: usize,
        /// Its beginning.
        text: String,
    },
    /// A line among the headers that is none.
    #[error("line {line} is no header (Name: value): `{text}`")]
    BadHeader {
        /// The line's number.
        line: usize,
        /// Its beginning, without what may be secret.
        text: String,
    },
    /// The command cannot be split into words.
    #[error("the command has no end to the {what} that begins at byte {at}")]
    Unclosed {
        /// The bracket or quote that is not closed.
        what: &'static str,
        /// The start, counted from 1.
        at: usize,
    },
    /// A part of a PowerShell script that would have to be run.
    #[error("PowerShell's {what} at byte {at} cannot be followed here: write its value into the command")]
    Expression {
        /// The role of the text.
        what: String,
        /// The position, counted from 1.
        at: usize,
    },
    /// An option that makes a request we cannot see.
    #[error("the command's {option} cannot be followed here: {hint}")]
    Option {
        /// The option.
        option: String,
        /// The remedy.
        hint: &'static str,
    },
    /// The command names no URL, or one that is none.
    #[error("the command {0}")]
    Url(String),
    /// The JSON is no HAR.
    #[error("the JSON is no HAR file: {0}")]
    Har(String),
    /// There are several entries.
    #[error("the HAR file has {count} entries: choose one with --entry\n{list}")]
    Several {
        /// The number of them.
        count: usize,
        /// Number, method and URL each, a line for an entry.
        list: String,
    },
    /// There is no such entry.
    #[error("the HAR file has {count} entries, and none of number {wanted}")]
    NoEntry {
        /// The number of them.
        count: usize,
        /// The number of the wanted one, counted from 1.
        wanted: usize,
    },
}

impl PastedRequest {
    fn new(input_format: InputFormat, request: Request) -> Self {
        Self { input_format, request, url_host: None, sent: None, answer: None, notes: Vec::new(), loose_end: false }
    }
}

/// Reads a request in any format; `entry` chooses one of a HAR file, counted from 1.
///
/// # Errors
/// [`ReadError`]: what cannot be read, and where.
pub fn read(bytes: &[u8], entry: Option<usize>) -> Result<PastedRequest, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bare = uncommented(unfenced(bytes.trim_ascii_start()));
    if bare.is_empty() {
        return Err(ReadError::Empty);
    }
    if matches!(bare[0], b'{' | b'[') {
        return har::read(bare, entry);
    }
    // Before its first comment is taken off: a script has several.
    if powershell::begins(bare) {
        return powershell::read(&String::from_utf8_lossy(bare));
    }
    if let Some(url) = alone(bare) {
        let request = Request { method: "GET".to_owned(), target: url.target.clone(), ..Request::default() };
        let notes = vec!["a URL alone: taken as a GET of it".to_owned()];
        let mut pasted = PastedRequest { url_host: Some(url.host()), notes, ..PastedRequest::new(InputFormat::Url, request) };
        pasted.request.headers.push("host", url.host());
        return Ok(pasted);
    }
    match curl::begins(bare) {
        Some(command) => curl::read(&String::from_utf8_lossy(command)),
        None => raw::read(bare),
    }
}

/// Returns the URL that a text is, and nothing else: a signed one is often all that there is.
fn alone(bytes: &[u8]) -> Option<Url> {
    let text = std::str::from_utf8(bytes).ok()?.trim().trim_matches(['"', '\'', '<', '>', '`']);
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    Url::read(text).filter(|_| is_url && !text.contains(char::is_whitespace))
}

/// Returns it without the fence that a chat or a ticket puts around code.
fn unfenced(bytes: &[u8]) -> &[u8] {
    let Some(inside) = bytes.strip_prefix(b"```") else { return bytes };
    let after = inside.iter().position(|byte| *byte == b'\n').map_or(&[][..], |at| &inside[at + 1..]);
    let end = after.windows(4).rposition(|window| window == b"\n```").unwrap_or(after.len());
    after[..end].trim_ascii_start()
}

/// Returns it without the comments that stand before a request: `send --dry-run` and an exported `.http` file begin with some.
fn uncommented(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while rest.starts_with(b"#") {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        rest = rest[end..].trim_ascii_start();
    }
    rest
}

/// A URL taken apart: protocol, authority without a user, target.
struct Url {
    https: bool,
    user: Option<String>,
    authority: String,
    target: String,
}

impl Url {
    /// Reads an absolute URL; without a protocol it is http, as curl has it.
    fn read(text: &str) -> Option<Self> {
        let (https, rest) = match text.split_once("://") {
            Some((protocol, rest)) if protocol.eq_ignore_ascii_case("https") => (true, rest),
            Some((protocol, rest)) if protocol.eq_ignore_ascii_case("http") => (false, rest),
            Some(_) => return None,
            None => (false, text),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (user, authority) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user.to_owned()), host));
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        (!authority.is_empty()).then(|| Self { https, user, authority: authority.to_owned(), target })
    }

    /// Returns host and port as the `host` header has them: without the port that the protocol implies.
    fn host(&self) -> String {
        let implied = if self.https { ":443" } else { ":80" };
        self.authority.strip_suffix(implied).unwrap_or(&self.authority).to_owned()
    }
}

/// Returns the beginning of a text for an error, one line of it.
fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 60 { line.chars().take(60).chain(['…']).collect() } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_url() {
        let parts = |text: &str| Url::read(text).map(|url| (url.host(), url.target));
        assert_eq!(parts("https://h:443/a?b#c"), Some(("h".into(), "/a?b".into())));
        assert_eq!(parts("http://u:p@h:443?b"), Some(("h:443".into(), "/?b".into())));
        assert_eq!(parts("h/x"), Some(("h".into(), "/x".into())));
        assert_eq!(parts("ftp://h/"), None);
        assert_eq!(parts("http:///x"), None);
    }

    #[test]
    fn reads_every_input_format() {
        let input_format = |text: &str| read(text.as_bytes(), None).map(|pasted| pasted.input_format);
        assert_eq!(input_format("GET / HTTP/1.1\nHost: a\n\n"), Ok(InputFormat::Raw));
        assert_eq!(input_format("\n\n$ curl http://a/"), Ok(InputFormat::Curl));
        assert_eq!(input_format("```sh\ncurl http://a/\n```\n"), Ok(InputFormat::Curl));
        assert_eq!(
            input_format(r#"{"log":{"entries":[{"request":{"method":"GET","url":"http://a/","headers":[]}}]}}"#),
            Ok(InputFormat::Har)
        );
        assert_eq!(input_format(" \n"), Err(ReadError::Empty));
        assert!(matches!(input_format("hello"), Err(ReadError::NoRequestLine { .. })));
    }
}
