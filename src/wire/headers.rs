//! Header fields in the order they travel, with values as bytes.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

/// Header fields in order. Look-ups ignore case; what was put in keeps its spelling.
///
/// All of them stand in one piece of memory, as they do on the wire: a head costs two allocations, however long it is.
#[derive(Clone, Default)]
pub struct Headers {
    text: Vec<u8>,
    fields: Vec<FieldRange>,
}

/// The position of a field in the text.
#[derive(Clone, Debug)]
struct FieldRange {
    mark: NameFingerprint,
    name: Range<usize>,
    value: Range<usize>,
}

/// A quick fingerprint of a name, whatever its case: names are looked up some hundred times for one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NameFingerprint(u32);

impl NameFingerprint {
    /// Takes the length (what does not fit is cut off), the sign in the middle and the last one, in lower case.
    fn new(name: &[u8]) -> Self {
        let lower = |at: usize| name.get(at).map_or(0, u8::to_ascii_lowercase);
        let [.., high, low] = name.len().to_be_bytes();
        Self(u32::from_be_bytes([high, low, lower(name.len() / 2), lower(name.len().wrapping_sub(1))]))
    }
}

impl Headers {
    /// Creates an empty list of headers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a list with no headers yet, and room for so many with so many bytes of names and values.
    pub fn with_capacity(fields: usize, bytes: usize) -> Self {
        Self { text: Vec::with_capacity(bytes), fields: Vec::with_capacity(fields) }
    }

    /// Adds a field at the end, even if the name is there already.
    pub fn push(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        let mark = NameFingerprint::new(name.as_ref().as_bytes());
        let name = self.write(name.as_ref().as_bytes());
        let value = self.write(value.as_ref());
        self.fields.push(FieldRange { mark, name, value });
    }

    /// Replaces the first field of this name and drops its repetitions, or adds it at the end.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let Some(first) = self.iter().position(|(own, _)| own.eq_ignore_ascii_case(name)) else { return self.push(name, value) };
        self.fields[first].value = self.write(value.as_ref());
        let mut at = 0;
        self.retain(|own| {
            at += 1;
            at - 1 <= first || !own.eq_ignore_ascii_case(name)
        });
    }

    /// Removes every field of this name.
    pub fn remove(&mut self, name: &str) {
        self.retain(|own| !own.eq_ignore_ascii_case(name));
    }

    /// Returns the first value of a name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.get_all(name).next()
    }

    /// Returns the first value of a name, when it is UTF-8.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Returns every value of a name, in order.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let (text, mark) = (&self.text, NameFingerprint::new(name.as_bytes()));
        let is_it = move |field: &&FieldRange| field.mark == mark && is_same(&text[field.name.clone()], name.as_bytes());
        self.fields.iter().filter(is_it).map(|field| &text[field.value.clone()])
    }

    /// Returns whether the name is there.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns every field in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.fields.iter().map(|field| (name(&self.text, field), &self.text[field.value.clone()]))
    }

    /// Returns the name of every field in order.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.fields.iter().map(|field| &self.text[field.name.clone()])
    }

    /// Returns every field in order, the name as it was put in. All of them stay in the one piece of memory.
    pub fn into_shared(self) -> impl Iterator<Item = (Bytes, Bytes)> {
        let text = Bytes::from(self.text);
        self.fields.into_iter().map(move |field| (text.slice(field.name), text.slice(field.value)))
    }

    /// Returns how many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Returns whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn write_to(&self, out: &mut Vec<u8>) {
        for (name, value) in self.iter() {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        }
    }

    /// Writes some bytes behind all others, and tells where they stand.
    fn write(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        start..self.text.len()
    }

    fn retain(&mut self, mut keeps: impl FnMut(&str) -> bool) {
        let text = &self.text;
        self.fields.retain(|field| keeps(name(text, field)));
    }
}

/// Returns whether two names are one, whatever their case. Most are in lower case both.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one == other || one.eq_ignore_ascii_case(other)
}

/// Returns a field's name. It was text when it came, and is still.
fn name<'t>(text: &'t [u8], field: &FieldRange) -> &'t str {
    std::str::from_utf8(&text[field.name.clone()]).unwrap_or_default()
}

impl fmt::Debug for Headers {
    /// Returns the fields alone: what was replaced or removed is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, value)| (name, String::from_utf8_lossy(value)))).finish()
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Headers {}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let fields = fields.into_iter();
        let most = fields.size_hint().1.unwrap_or_default().min(32);
        let mut headers = Self::with_capacity(most, most * 48);
        fields.for_each(|(name, value)| headers.push(name, value));
        headers
    }
}

/// Returns whether a text can be the name of a header (RFC 9110, section 5.6.2).
pub fn is_token(text: &str) -> bool {
    let is_mark = |byte| matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_replaces_the_first_and_drops_repetitions() {
        let mut headers: Headers = [("A", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
        headers.set("a", "9");
        let all: Vec<_> = headers.iter().collect();
        assert_eq!(all, [("A", b"9".as_slice()), ("b", b"2".as_slice())]);
    }

    #[test]
    fn look_ups_ignore_case_and_keep_order() {
        let headers: Headers = [("Set-Cookie", "1"), ("x", "2"), ("set-cookie", "3")].into_iter().collect();
        assert_eq!(headers.get_all("SET-COOKIE").collect::<Vec<_>>(), [b"1", b"3"]);
    }

    #[test]
    fn replaced_and_removed_headers_are_gone() {
        let mut headers: Headers = [("Token", "first"), ("a", "1"), ("b", "2")].into_iter().collect();
        headers.set("token", "second");
        headers.remove("A");
        assert_eq!(headers, [("Token", "second"), ("b", "2")].into_iter().collect());
        assert!(!format!("{headers:?}").contains("first"), "{headers:?}");
    }

    #[test]
    fn a_name_is_a_token() {
        assert!(is_token("X-Acs_Date!~") && is_token("#$%&'"));
        for text in ["", "a b", "a:", "a(", "ü", "a\n"] {
            assert!(!is_token(text), "{text:?}");
        }
    }
}
