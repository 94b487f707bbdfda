//! Follows the framing of a connection's requests, and refuses heads that the HTTP server would take and must not.
//!
//! The server is lenient: it takes lines that end in a bare line feed, several hosts, a length repeated or beside chunks. The vendors'
//! gateways answer 400 (RFC 9112, sections 2.2, 3.2 and 6.3), and two readers who understand a request differently are an attack.

/// The longest line that is looked at, in bytes. The server refuses a longer head by itself.
const MAX_LINE_BYTES: usize = 64 << 10;

/// Follows the bytes of a connection. What it cannot make out it leaves to the server.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    state: State,
    /// The line so far, when it began in earlier bytes.
    line: Vec<u8>,
}

/// The part of the request that the next byte belongs to.
#[derive(Debug)]
enum State {
    Head(Head),
    /// The bytes that are left of a body, or of one chunk with the line break behind it.
    Body {
        left: u64,
        in_chunks: bool,
    },
    ChunkSize,
    Trailer,
    /// The server refuses it, or there are no requests any more.
    Lost,
}

/// The head as far as it was read.
#[derive(Debug, Default)]
struct Head {
    has_request_line: bool,
    hosts: usize,
    lengths: usize,
    length: Option<u64>,
    encodings: usize,
    is_chunked: bool,
}

/// The reason why a head is refused, and the number of its bytes, among those just taken, that come before the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FramingError {
    /// The number of bytes that are good.
    pub at: usize,
    /// The reason.
    pub reason: &'static str,
}

impl Default for State {
    fn default() -> Self {
        Self::Head(Head::default())
    }
}

impl Framing {
    /// Takes the bytes that came next.
    ///
    /// # Errors
    /// [`FramingError`] when a head in them must not be read. Nothing more is looked at after that.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), FramingError> {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            at += match &mut self.state {
                State::Lost => return Ok(()),
                State::Body { left, in_chunks } => {
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= taken as u64;
                    if *left == 0 {
                        self.state = if *in_chunks { State::ChunkSize } else { State::default() };
                    }
                    taken
                }
                _ => match memchr::memchr(b'\n', rest) {
                    Some(end) => self.end_line(&rest[..end]).map(|()| end + 1).map_err(|reason| {
                        self.state = State::Lost;
                        FramingError { at: at + end, reason }
                    })?,
                    None => self.keep(rest),
                },
            };
        }
        Ok(())
    }

    fn keep(&mut self, part: &[u8]) -> usize {
        self.line.extend_from_slice(part);
        if self.line.len() > MAX_LINE_BYTES {
            self.state = State::Lost;
        }
        part.len()
    }

    fn end_line(&mut self, end: &[u8]) -> Result<(), &'static str> {
        let stored = std::mem::take(&mut self.line);
        let whole = if stored.is_empty() { std::borrow::Cow::Borrowed(end) } else { [&stored, end].concat().into() };
        let (line, is_ended) = match whole.strip_suffix(b"\r") {
            Some(line) => (line, true),
            None => (&*whole, false),
        };
        match &mut self.state {
            State::Head(_) if !is_ended => return Err("a line of the head ends without a carriage return"),
            State::Head(head) => {
                if let Some(next) = head.line(line)? {
                    self.state = next;
                }
            }
            State::ChunkSize => self.begin_chunk(line),
            State::Trailer if line.is_empty() => self.state = State::default(),
            State::Trailer | State::Body { .. } | State::Lost => {}
        }
        Ok(())
    }

    fn begin_chunk(&mut self, line: &[u8]) {
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(digits).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok());
        self.state = match size {
            Some(0) => State::Trailer,
            Some(size) => State::Body { left: size.saturating_add(2), in_chunks: true },
            None => State::Lost,
        };
    }
}

impl Head {
    /// Takes a line without its end; gives what follows the head when this line was its last.
    fn line(&mut self, line: &[u8]) -> Result<Option<State>, &'static str> {
        if !self.has_request_line {
            // Empty lines before a request are passed over.
            self.has_request_line = !line.is_empty();
            return Ok(None);
        }
        if line.is_empty() {
            return self.end().map(Some);
        }
        let colon = memchr::memchr(b':', line).unwrap_or(line.len());
        let (name, value) = (&line[..colon], line.get(colon + 1..).unwrap_or_default().trim_ascii());
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts += 1;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            self.lengths += 1;
            let digits = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            self.length = digits.and_then(|digits| digits.parse().ok());
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.encodings += 1;
            self.is_chunked = value.eq_ignore_ascii_case(b"chunked");
        }
        Ok(None)
    }

    fn end(&self) -> Result<State, &'static str> {
        match (self.hosts, self.lengths, self.encodings) {
            (0, ..) => Err("the head has no host"),
            (2.., ..) => Err("the head has more than one host"),
            (_, 2.., _) => Err("the head has more than one content-length"),
            (_, _, 2..) => Err("the head has more than one transfer-encoding"),
            (_, 1, 1) => Err("the head has both content-length and transfer-encoding"),
            (_, _, 1) if !self.is_chunked => Err("the head has another transfer-encoding than chunked"),
            (_, _, 1) => Ok(State::ChunkSize),
            (_, 1, _) => Ok(self
                .length
                .map_or(State::Lost, |length| if length == 0 { State::default() } else { State::Body { left: length, in_chunks: false } })),
            _ => Ok(State::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the place and the reason of a refusal, which are the same however the bytes are cut.
    fn read(bytes: &[u8]) -> Option<(usize, &'static str)> {
        let pieces = |size: usize| {
            let mut framing = Framing::default();
            let mut pieces = bytes.chunks(size).enumerate();
            pieces.find_map(|(at, piece)| framing.take(piece).err().map(|refused| (at * size + refused.at, refused.reason)))
        };
        let whole = pieces(bytes.len());
        for size in [1, 2, 3, 7] {
            assert_eq!(pieces(size), whole, "in pieces of {size}: {:?}", String::from_utf8_lossy(bytes));
        }
        whole
    }

    #[test]
    fn follows_requests_of_every_framing() {
        let good = [
            "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
            "\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na\nb\n\n",
            "POST / HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\n\n\n\n\r\n1\r\na\r\n0\r\ntrailer: x\r\n\r\n",
            "POST / HTTP/1.1\r\nhost:a\r\ncontent-length:0\r\n\r\n",
        ];
        assert_eq!(read(good.concat().repeat(2).as_bytes()), None);
        // A head behind each of them is still looked at.
        for before in good {
            let wrong = format!("{before}GET / HTTP/1.1\nhost: a\r\n\r\n");
            assert_eq!(read(wrong.as_bytes()).map(|(at, _)| at), Some(before.len() + 14), "{before:?}");
        }
    }

    #[test]
    fn refuses_what_two_readers_would_read_differently() {
        let reason = |lines: &str| read(format!("POST / HTTP/1.1\r\n{lines}\r\n\r\n").as_bytes()).map(|(_, reason)| reason);
        for (lines, wanted) in [
            ("x: y", "no host"),
            ("Host: a\r\nhOST: a", "more than one host"),
            ("host: a\r\ncontent-length: 1\r\ncontent-length: 1", "more than one content-length"),
            ("host: a\r\ncontent-length: 1\r\ncontent-length: 2", "more than one content-length"),
            ("host: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked", "both"),
            ("host: a\r\ntransfer-encoding: gzip\r\ntransfer-encoding: chunked", "more than one transfer-encoding"),
            ("host: a\r\ntransfer-encoding: chunked\r\ncontent-length: 1", "both"),
            ("host: a\r\ntransfer-encoding: gzip, chunked", "another transfer-encoding"),
            ("host: a\nx: y", "carriage return"),
            ("host: a\r\nx: y\n", "carriage return"),
        ] {
            assert!(reason(lines).is_some_and(|reason| reason.contains(wanted)), "{lines:?}: {:?}", reason(lines));
        }
    }

    #[test]
    fn leaves_what_it_cannot_make_out_to_the_server() {
        for lines in ["host: a\r\ncontent-length: +1", "host: a\r\ntransfer-encoding: chunked"] {
            assert_eq!(read(format!("POST / HTTP/1.1\r\n{lines}\r\n\r\nzz\nGET /\n").as_bytes()), None, "{lines}");
        }
        assert_eq!(read(&vec![b'x'; MAX_LINE_BYTES + 2]), None);
    }
}
