//! The one redactor: finds secrets by name and by value in whatever leaves the program. Which values are secret stands in the
//! [`SecretRegistry`], once for the whole process.
//!
//! Fast enough to run over a whole body before any of it is shown (a millisecond or so a megabyte),
//! and linear on any input.

mod escaped;
mod forms;
mod names;
mod registry;
mod rule;
mod search;
mod value;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use escaped::Escaped;
use names::SecretNames;
use search::Search;

use crate::secret::{MASK, Secret};
use crate::wire::Headers;

pub use registry::SecretRegistry;

/// Values with fewer characters are known by name only: they would be found in everything.
const MIN_VALUE_CHARS: usize = 4;

/// The mark where one of our sentences leaves something of a long text out.
const ELLIPSIS: &[u8] = "…".as_bytes();

/// The number of them that are looked at in one text: ours have one or two.
const MAX_CUTS: usize = 64;

/// Returns the part of a header's value that is secret by the header's name; `None` for a header of another name, and for a signature.
pub fn secret_part<'v>(name: &str, value: &'v [u8]) -> Option<&'v [u8]> {
    let kind = rule::kind(name.as_bytes())?;
    value::secret_part(value, 0..value.len(), kind).map(|part| &value[part])
}

/// A snapshot of the names and values that are secret. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// Values that are secret wherever they stand.
    values: Vec<Arc<ValueSearch>>,
    /// Names whose values are secret.
    names: Arc<SecretNames>,
    /// The version of the registry that it is a snapshot of.
    version: u64,
    /// Set when nothing is masked.
    is_blind: bool,
}

/// Values in every form they may stand in, ready to be searched for.
#[derive(Debug)]
struct ValueSearch {
    plain: Search,
    /// The same for values that are escaped in part.
    escaped: Escaped,
}

impl ValueSearch {
    fn new(values: &[Secret]) -> Arc<Self> {
        let texts = || values.iter().map(|value| value.expose().trim());
        Arc::new(Self { plain: Search::new(texts().flat_map(forms::of)), escaped: Escaped::new(texts()) })
    }
}

/// Returns whether a value is long enough to be looked for wherever it stands.
fn is_searchable(value: &Secret) -> bool {
    value.expose().trim().chars().count() >= MIN_VALUE_CHARS
}

impl Redactor {
    /// Returns one that masks nothing, not even by name: for what the operator has revealed.
    pub fn disabled() -> Self {
        Self { is_blind: true, ..Self::default() }
    }

    /// Returns one that masks these values as well: what is being typed and not yet registered.
    #[must_use]
    pub fn with<'s>(&self, secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        let mut next = self.clone();
        let more: Vec<Secret> = secrets.into_iter().filter(|secret| is_searchable(secret)).cloned().collect();
        if !more.is_empty() {
            next.values.push(ValueSearch::new(&more));
        }
        next
    }

    /// Returns the version of the registry that it is a snapshot of.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Returns the parts of `bytes` to mask, in order and without overlap: known values (plain, percent-encoded, JSON-escaped,
    /// base64), the values of members whose name is secret (`"SecretKey": "..."`, `password=...`), and of header lines.
    pub fn spans(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        if self.is_blind {
            return Vec::new();
        }
        let mut spans = self.names.spans(bytes);
        for values in &self.values {
            values.plain.find(bytes, &mut spans);
            values.escaped.find(bytes, &mut spans);
        }
        merged(spans)
    }

    /// Returns the text with [`crate::secret::MASK`] in the place of every secret.
    pub fn text(&self, text: &str) -> String {
        self.plain_text(text).into_owned()
    }

    /// Works as [`Redactor::text`], with no copy of a text that has nothing to mask.
    pub fn plain_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let spans = self.spans_cut(text);
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(String::from_utf8_lossy(&masked(text.as_bytes(), &spans)).into_owned())
    }

    /// Returns the same spans, and what is left of a value before a sign that a text was cut off there.
    fn spans_cut(&self, text: &str) -> Vec<Range<usize>> {
        if self.is_blind {
            return Vec::new();
        }
        let mut spans = self.spans(text.as_bytes());
        let marks = memchr::memmem::find_iter(text.as_bytes(), ELLIPSIS).take(MAX_CUTS);
        let begun =
            |at: usize| self.values.iter().map(|values| values.plain.partial_match_before(&text.as_bytes()[..at])).max().unwrap_or(0);
        let left = marks.map(|at| at - begun(at)..at).filter(|span| !span.is_empty());
        let before = spans.len();
        spans.extend(left);
        if spans.len() > before { merged(spans) } else { spans }
    }

    /// Returns the bytes with [`crate::secret::MASK`] in the place of every secret, text or not.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        masked(bytes, &self.spans(bytes))
    }

    /// Returns the headers with secret values masked: by name (`x-auth-token`, `x-subject-token`, security tokens) and by value.
    pub fn headers(&self, headers: &Headers) -> Headers {
        headers.iter().map(|(name, value)| (name, self.header(name, value))).collect()
    }

    /// Returns one header's value with what is secret in it masked.
    pub fn header(&self, name: &str, value: &[u8]) -> Vec<u8> {
        if self.is_blind {
            return value.to_vec();
        }
        let mut spans = self.spans(value);
        spans.extend(self.names.kind(name.as_bytes()).and_then(|kind| value::secret_part(value, 0..value.len(), kind)));
        masked(value, &merged(spans))
    }

    /// Returns the value of a named line of a signed text (`header x-token`, `query`) with what is secret in it masked.
    pub fn named_line(&self, name: &str, value: &str) -> String {
        match name.strip_prefix("header ") {
            Some(header) => String::from_utf8_lossy(&self.header(header, value.as_bytes())).into_owned(),
            None => self.text(value),
        }
    }

    /// Returns a canonical request with what is secret in it masked: the values of its header lines as [`Redactor::header`] masks them.
    pub fn canonical_request(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut in_headers = true;
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                out.push('\n');
            }
            in_headers &= at < FIRST_HEADER || !line.is_empty();
            match line.split_once(':').filter(|_| at >= FIRST_HEADER && in_headers) {
                Some((name, value)) => {
                    out.extend([name, ":"]);
                    out.push_str(&String::from_utf8_lossy(&self.header(name, value.as_bytes())));
                }
                None => out.push_str(&self.text(line)),
            }
        }
        // A value may stand across two lines.
        self.text(&out)
    }
}

/// The line of a canonical request, from 0, at which its headers begin: behind method, path and query.
const FIRST_HEADER: usize = 3;

fn masked(bytes: &[u8], spans: &[Range<usize>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for span in spans {
        out.extend_from_slice(&bytes[at..span.start]);
        out.extend_from_slice(MASK.as_bytes());
        at = span.end;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// Returns the spans in order, those that touch joined.
fn merged(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_unstable_by_key(|span| span.start);
    spans.dedup_by(|next, before| {
        let touches = next.start <= before.end;
        if touches {
            before.end = before.end.max(next.end);
        }
        touches
    });
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(values: &[&str]) -> Redactor {
        Redactor::default().with(&values.iter().map(|value| Secret::new(*value)).collect::<Vec<_>>())
    }

    #[test]
    fn joins_spans_that_touch() {
        assert_eq!(merged(vec![5..9, 0..2, 8..12, 12..13, 6..7]), [0..2, 5..13]);
    }

    #[test]
    fn covers_values_wherever_they_stand() {
        let redactor = knowing(&["hunter2/ü\"x"]);
        let forms = [
            "hunter2/ü\"x",
            "hunter2%2F%C3%BC%22x",
            "hunter2%2f%c3%bc%22x",
            "hunter2\\/ü\\\"x",
            "hunter2/\\u00fc\\\"x",
            "aHVudGVyMi/DvCJ4",
            "aHVudGVyMi_DvCJ4",
            "\\u0068\\u0075\\u006e\\u0074\\u0065\\u0072\\u0032\\u002f\\u00fc\\u0022\\u0078",
            "68756e746572322fc3bc2278",
            "68756E746572322FC3BC2278",
            "68 75 6e 74 65 72 32 2f c3 bc 22 78",
            "68:75:6E:74:65:72:32:2F:C3:BC:22:78",
            "hunter2&#47;&#252;&quot;x",
            "hunter2%2F%C3%BC\"x",
            "hunter2\\x2f\\xc3\\xbc\\x22x",
            "YUhWdWRHVnlNaS9EdkNKNA",
        ];
        for form in forms {
            assert_eq!(redactor.text(&format!("<{form}>")), format!("<{MASK}>"));
        }
    }

    #[test]
    fn covers_values_inside_longer_base64() {
        use base64::Engine;
        let redactor = knowing(&["correct horse battery"]);
        for before in ["", "u", "us", "usr:"] {
            let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{before}correct horse battery!"));
            let shown = redactor.text(&encoded);
            assert!(shown.contains(MASK) && shown.chars().count() < 8 + 12, "{shown}");
        }
    }

    #[test]
    fn covers_what_is_left_of_a_value_that_was_cut_off() {
        let redactor = knowing(&["s3cr3t with spaces", "other"]);
        assert_eq!(redactor.text("a \"s3cr3t wit…\", b s3cr3t… c oth… d…"), format!("a \"{MASK}…\", b {MASK}… c oth… d…"));
    }

    #[test]
    fn short_values_are_known_by_name_only() {
        let redactor = knowing(&["abc", " x "]);
        assert_eq!(redactor.text("abc x"), "abc x");
        assert_eq!(redactor.text(r#"{"sk":"abc"}"#), format!(r#"{{"sk":"{MASK}"}}"#));
    }

    #[test]
    fn masks_headers_by_name_and_by_value() {
        let redactor = knowing(&["s3cr3t-value"]);
        let headers: Headers = [
            ("X-Auth-Token", "anything"),
            ("authorization", "ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders=host,Signature=ab12"),
            ("Authorization", "Bearer eyJhbGciOi"),
            ("x-custom", "a s3cr3t-value b"),
            ("set-cookie", ""),
        ]
        .into_iter()
        .collect();
        let shown: Vec<_> = redactor.headers(&headers).iter().map(|(_, value)| String::from_utf8(value.to_vec()).unwrap()).collect();
        let signature = "ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders=host,Signature=ab12";
        assert_eq!(shown, [MASK, signature, &format!("Bearer {MASK}"), &format!("a {MASK} b"), ""]);
    }

    #[test]
    fn masks_nothing_when_disabled() {
        let redactor = Redactor::disabled().with([&Secret::new("hunter2!")]);
        assert_eq!(redactor.text(r#"{"SecretKey":"hunter2!"}"#), r#"{"SecretKey":"hunter2!"}"#);
        assert_eq!(redactor.header("X-Auth-Token", b"hunter2!"), b"hunter2!");
    }
}
