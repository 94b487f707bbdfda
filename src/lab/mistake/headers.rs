//! Mistakes with the values of signed headers.

use unicode_normalization::UnicodeNormalization as _;

use super::{Aspect, Mistake, MistakeContext, text};
use crate::lab::encoding::{doubled, latin1};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::{Line, SignatureParts, collapsed, without_default_port};
use crate::lab::typography;
use crate::wire::{decode_path, encode};

/// The usual media types, and what follows each of them.
const CONTENT_TYPES: [(&str, &[&str]); 4] = [
    ("application/json", &["", "; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8"]),
    ("application/x-www-form-urlencoded", &["", "; charset=utf-8", ";charset=UTF-8"]),
    ("application/octet-stream", &[""]),
    ("text/plain", &["", "; charset=utf-8", ";charset=UTF-8"]),
];

/// The usual values of other headers.
const USUAL: [(&str, &[&str]); 4] = [
    ("accept", &["application/json", "*/*", "application/json, text/plain, */*", "text/html", "application/xml"]),
    ("accept-encoding", &["identity", "gzip", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"]),
    ("connection", &["keep-alive", "close"]),
    ("user-agent", &["curl", "Go-http-client/1.1", "python-requests"]),
];

/// The faults reported of a value that is a date: it is written in another way.
const AS_A_DATE: [&MistakeKind; 3] = [&fault::HEADER_CASE, &fault::HEADER_CHANGED, &fault::HEADER_CHARSET];

/// The number of numbers of one digit that are counted up and down in a value: `attempt=2; max=3`.
const MAX_COUNTERS: usize = 2;

/// The maximum length of a value that is changed character by character: no server accepts longer ones.
pub(super) const MAX_VALUE_BYTES: usize = 64 << 10;

/// Headers in which a proxy notes the host that it was called by.
const FORMER_HOSTS: [&str; 4] = ["x-forwarded-host", "x-original-host", "x-host", ":authority"];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    for line in &context.base.lines {
        let mut chapter = HeaderMistakes { context, line, all: &mut *all };
        chapter.repeats();
        chapter.by_name();
        chapter.by_value();
    }
}

/// The mistakes with one header.
struct HeaderMistakes<'c, 'a> {
    context: &'c MistakeContext<'c>,
    line: &'c Line,
    all: &'c mut Vec<Mistake<'a>>,
}

impl HeaderMistakes<'_, '_> {
    fn absent(&self) -> bool {
        !self.context.request.headers.contains(&self.line.name)
    }

    /// Adds one more value that may have been signed.
    fn push(&mut self, fault: &'static MistakeKind, value: impl Into<Vec<u8>>) {
        self.push_as(fault, value, true);
    }

    fn push_as(&mut self, fault: &'static MistakeKind, value: impl Into<Vec<u8>>, in_pairs: bool) {
        let (name, value) = (self.line.name.clone(), value.into());
        if value == self.line.value {
            return;
        }
        let absent = self.absent();
        let dated = name == self.context.base.dialect.date && AS_A_DATE.contains(&fault);
        let fault = match (absent, dated) {
            (true, _) => &fault::HEADER_DROPPED,
            (_, true) => &fault::DATE_FORMAT,
            _ if name == "content-type" && fault == &fault::HEADER_PROXY => &fault::CONTENT_TYPE,
            _ => fault,
        };
        let here = if absent { "the request has none".to_owned() } else { format!("the request has `{}`", text(&self.line.value)) };
        let detail = format!("{name}: `{}` was signed, {here}", text(&value));
        let mistake = Mistake::new(fault, Aspect::Header(name.clone()), detail, move |m| m.set_line(&name, &value));
        self.all.push(mistake.alone_unless(in_pairs));
    }

    fn by_name(&mut self) {
        let dialect = self.context.base.dialect;
        match self.line.name.as_str() {
            "host" => self.hosts(),
            "content-type" => {
                let types = CONTENT_TYPES.iter().flat_map(|(kind, ends)| ends.iter().map(move |end| format!("{kind}{end}")));
                types.for_each(|value| self.push(&fault::CONTENT_TYPE, value));
            }
            name if name == dialect.token => self.token(),
            name => {
                let usual = USUAL.iter().filter(|(known, _)| *known == name).flat_map(|(_, values)| values.iter());
                usual.for_each(|value| self.push(&fault::HEADER_CHANGED, *value));
                let ours = self.context.hints.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
                ours.for_each(|(_, value)| self.push_as(&fault::HEADER_CHANGED, value.as_str(), false));
            }
        }
    }

    fn hosts(&mut self) {
        let request = self.context.request;
        let sent = request.headers.get("host").unwrap_or_default().trim_ascii().to_vec();
        let name = sent.split(|byte| *byte == b':').next().unwrap_or_default().to_vec();
        self.push(&fault::HOST_PORT, name.clone());
        self.push(&fault::HOST_PORT, sent.clone());
        self.push(&fault::HOST_PORT, without_default_port(&sent));
        for port in ["80", "443", "8080", "8443"] {
            self.push(&fault::HOST_PORT, [name.as_slice(), b":", port.as_bytes()].concat());
        }
        for scheme in ["https://", "http://"] {
            self.push(&fault::HOST_CHANGED, [scheme.as_bytes(), &sent].concat());
        }
        if let Some(scope) = self.context.base.scope.as_ref().filter(|scope| !scope.region.is_empty()) {
            let (host, region) = (text(&sent), format!(".{}.", scope.region));
            self.push(&fault::HOST_CHANGED, host.replacen(&region, ".", 1));
            self.push(&fault::HOST_CHANGED, host.replacen(".s3.amazonaws.", &format!(".s3{region}amazonaws."), 1));
        }
        self.former_hosts();
        let port = sent.iter().position(|byte| *byte == b':').map_or(&[][..], |at| &sent[at..]);
        for known in &self.context.hints.hosts {
            let own = self
                .context
                .hints
                .homes_of(self.context.base.dialect.vendors)
                .any(|home| home.regions.iter().any(|(_, host)| host == known));
            self.push_as(&fault::HOST_CHANGED, known.as_bytes(), own || known.starts_with(['l', '1']));
            self.push_as(&fault::HOST_CHANGED, [known.as_bytes(), port].concat(), false);
        }
    }

    /// Adds the hosts that the URL and the headers of proxies name.
    fn former_hosts(&mut self) {
        let headers = &self.context.request.headers;
        let noted: Vec<String> = FORMER_HOSTS.iter().flat_map(|name| headers.get_all(name)).map(|value| text(value.trim_ascii())).collect();
        for former in noted.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|former| !former.is_empty()) {
            self.push(&fault::HOST_CHANGED, former);
            for port in headers.get_all("x-forwarded-port") {
                self.push(&fault::HOST_CHANGED, format!("{former}:{}", text(port.trim_ascii())));
            }
        }
        let forwarded: Vec<String> = headers.get_all("forwarded").map(text).collect();
        for member in forwarded.iter().flat_map(|value| value.split([';', ','])) {
            if let Some((_, host)) = member.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("host")) {
                self.push(&fault::HOST_CHANGED, host.trim().trim_matches('"'));
            }
        }
        if let Some(host) = self.context.url_host {
            self.push(&fault::HOST_CHANGED, host);
            self.push(&fault::HOST_CHANGED, without_default_port(host.as_bytes()));
        }
    }

    /// Adds a changed security token, which is never written into a detail beyond what the request shows; other values it may have had are the key's.
    fn token(&mut self) {
        let known = self.context.key.token.as_ref().map(|token| token.expose().as_bytes().to_vec());
        if let Some(token) = known {
            let fault = if self.absent() { &fault::TOKEN_SIGNED } else { &fault::TOKEN_OTHER };
            self.push_covered(fault, "the key's own token was signed, and the request carries another or none", token);
        }
        self.push_covered(&fault::TOKEN_UNSIGNED, "the token's line was signed empty", Vec::new());
        let encoded = encode(&self.line.value).into_bytes();
        self.push_covered(&fault::HEADER_CHANGED, "the token was signed percent-encoded", encoded);
        let decoded = decode_path(&text(&self.line.value));
        self.push_covered(&fault::HEADER_CHANGED, "the token was signed percent-decoded", decoded);
    }

    fn push_covered(&mut self, fault: &'static MistakeKind, detail: &str, value: Vec<u8>) {
        let name = self.line.name.clone();
        self.all.push(Mistake::new(fault, Aspect::Header(name.clone()), detail, move |m| m.set_line(&name, &value)));
    }

    /// Adds what can be done to any value.
    fn by_value(&mut self) {
        let value = self.line.value.clone();
        if value.is_empty() || value.len() > MAX_VALUE_BYTES || self.line.name == self.context.base.dialect.token {
            return;
        }
        self.spaces(&value);
        self.push(&fault::HEADER_CASE, value.to_ascii_lowercase());
        self.push(&fault::HEADER_CASE, value.to_ascii_uppercase());
        if let Some(other) = latin1(&value) {
            self.push(&fault::HEADER_CHARSET, other);
        }
        self.push(&fault::HEADER_CHARSET, doubled(&value));
        self.push(&fault::HEADER_CHARSET, value.iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }).collect::<Vec<_>>());
        self.push(&fault::HEADER_CHARSET, value.iter().copied().filter(u8::is_ascii).collect::<Vec<_>>());
        self.push(&fault::HEADER_CHANGED, decode_path(&text(&value)));
        self.push(&fault::HEADER_CHANGED, encode(&value));
        self.push(&fault::HEADER_CHANGED, value.iter().copied().filter(|byte| *byte != b'"').collect::<Vec<_>>());
        for separator in [&b","[..], b", ", b";", b"; "] {
            self.pieces(&value, separator);
        }
        self.push(&fault::HEADER_ADDED, Vec::new());
        self.words(&value);
        self.normal(&text(&value));
        self.counters(&text(&value));
    }

    /// Adds a value to which something added words at its end or its beginning.
    fn words(&mut self, value: &[u8]) {
        let gaps: Vec<usize> = value.iter().enumerate().filter(|(_, byte)| **byte == b' ').map(|(at, _)| at).collect();
        for at in gaps.iter().take(16) {
            self.push_as(&fault::HEADER_PROXY, value[..*at].trim_ascii(), false);
            self.push_as(&fault::HEADER_PROXY, value[at + 1..].trim_ascii(), false);
        }
    }

    /// Adds a value with plain signs, and in the other normal forms of Unicode.
    fn normal(&mut self, value: &str) {
        self.push_as(&fault::HEADER_CHANGED, typography::plain(value).as_bytes(), false);
        self.push_as(&fault::HEADER_CHARSET, value.nfc().collect::<String>(), false);
        self.push_as(&fault::HEADER_CHARSET, value.nfd().collect::<String>(), false);
    }

    /// Adds a value that counts something: a retry has another number in it.
    fn counters(&mut self, value: &str) {
        let digits: Vec<usize> = value.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at).collect();
        if digits.len() > MAX_COUNTERS {
            return;
        }
        let mut values = vec![value.to_owned()];
        for at in digits {
            values = values.iter().flat_map(|value| (0..10).map(move |n: u8| format!("{}{n}{}", &value[..at], &value[at + 1..]))).collect();
        }
        for value in values {
            self.push_as(&fault::HEADER_CHANGED, value, false);
        }
    }

    fn spaces(&mut self, value: &[u8]) {
        let (name, headers) = (&self.line.name, &self.context.request.headers);
        let as_sent = headers.get(name).unwrap_or_default().to_vec();
        self.push(&fault::HEADER_SPACE, as_sent.trim_ascii());
        self.push(&fault::HEADER_SPACE, as_sent);
        self.push(&fault::HEADER_SPACE, collapsed(value));
        self.push(&fault::HEADER_SPACE, value.iter().copied().filter(|byte| *byte != b' ').collect::<Vec<_>>());
        let gaps: Vec<usize> = value.iter().enumerate().filter(|(_, byte)| **byte == b' ').map(|(at, _)| at).collect();
        for at in gaps.iter().take(16) {
            self.push(&fault::HEADER_SPACE, [&value[..*at], b" ", &value[*at..]].concat());
        }
        for around in [[&b" "[..], value].concat(), [value, b" "].concat()] {
            self.push(&fault::HEADER_SPACE, around);
        }
    }

    /// Adds a list of which something on the way added the last or the first piece.
    fn pieces(&mut self, value: &[u8], separator: &[u8]) {
        let value = text(value);
        let separator = String::from_utf8_lossy(separator);
        if let Some((before, _)) = value.rsplit_once(&*separator) {
            self.push(&fault::HEADER_PROXY, before.trim_end());
        }
        if let Some((_, after)) = value.split_once(&*separator) {
            self.push(&fault::HEADER_PROXY, after.trim_start());
        }
    }

    fn repeats(&mut self) {
        let values: Vec<Vec<u8>> = self.context.request.headers.get_all(&self.line.name).map(|value| value.trim_ascii().to_vec()).collect();
        if values.len() < 2 {
            return;
        }
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let joined = [values.join(&b","[..]), values.join(&b", "[..]), sorted.join(&b","[..])];
        values.into_iter().chain(joined).for_each(|value| self.once(value));
    }

    /// Adds one line for a header that is there more than once: even of equal values it is another text than a line for each.
    fn once(&mut self, value: Vec<u8>) {
        let (name, here) = (self.line.name.clone(), text(&self.line.value));
        let detail = format!("{name}: `{}` was signed once, the request has it more than once: `{here}`", text(&value));
        let make = move |m: &mut SignatureParts| m.set_line(&name, &value);
        self.all.push(Mistake::new(&fault::HEADER_REPEATED, Aspect::Header(self.line.name.clone()), detail, make));
    }
}
