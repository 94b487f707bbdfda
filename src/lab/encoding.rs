//! Percent-encoding with all the habits that it has in the world.

use std::borrow::Cow;

/// In which bytes a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// As it is: UTF-8.
    Utf8,
    /// One byte a character, where the text has such characters only.
    Latin1,
    /// UTF-8 that was taken for Latin-1 and made UTF-8 once more.
    Doubled,
    /// The code page of a Chinese Windows, where it has all the characters.
    Gbk,
}

/// The encoding of a name, a value or a path segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    /// Whether a space becomes `+`.
    pub plus: bool,
    /// Whether hex digits are in lower case.
    pub lower: bool,
    /// The characters left bare beyond `A-Z a-z 0-9 - _ . ~`.
    pub bare: &'static str,
    /// The characters escaped of those.
    pub escaped: &'static str,
    /// The number of times it is encoded: 0 leaves the text plain.
    pub times: u8,
    /// The bytes that are encoded.
    pub charset: Charset,
}

impl Encoding {
    /// RFC 3986, upper-case hex: what all vendors here ask for.
    pub(super) const STRICT: Self = Self { plus: false, lower: false, bare: "", escaped: "", times: 1, charset: Charset::Utf8 };
    /// No encoding.
    pub(super) const PLAIN: Self = Self { times: 0, ..Self::STRICT };

    /// Writes a decoded text.
    pub(super) fn write(&self, text: &[u8]) -> Vec<u8> {
        let mut bytes = self.charset.apply(text).into_owned();
        for _ in 0..self.times {
            bytes = self.once(&bytes);
        }
        bytes
    }

    fn once(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4);
        for &byte in bytes {
            if byte == b' ' && self.plus {
                out.push(b'+');
            } else if self.keeps(byte) {
                out.push(byte);
            } else {
                out.extend_from_slice(&self.escape(byte));
            }
        }
        out
    }

    fn keeps(&self, byte: u8) -> bool {
        let unreserved = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        (unreserved || self.bare.as_bytes().contains(&byte)) && !self.escaped.as_bytes().contains(&byte)
    }

    fn escape(&self, byte: u8) -> [u8; 3] {
        let digits: &[u8; 16] = if self.lower { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
        [b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]
    }
}

impl Charset {
    /// Returns the bytes of a text; itself where it cannot be written so.
    pub(super) fn apply(self, text: &[u8]) -> Cow<'_, [u8]> {
        let changed = match self {
            Self::Utf8 => None,
            Self::Latin1 => latin1(text),
            Self::Doubled => Some(doubled(text)),
            Self::Gbk => gbk(text),
        };
        changed.map_or(Cow::Borrowed(text), Cow::Owned)
    }
}

/// Returns a text in Latin-1, where it has no other characters.
pub(super) fn latin1(text: &[u8]) -> Option<Vec<u8>> {
    std::str::from_utf8(text).ok()?.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

/// Returns a text in GBK, where it has other characters than ASCII's and GBK has all of them.
pub(super) fn gbk(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok().filter(|text| !text.is_ascii())?;
    let (bytes, _, has_unknown) = encoding_rs::GBK.encode(text);
    (!has_unknown).then(|| bytes.into_owned())
}

/// Returns bytes taken for Latin-1 and written as UTF-8.
pub(super) fn doubled(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_clients_do() {
        let text = "a b*~/é".as_bytes();
        let written = |encoding: Encoding| String::from_utf8(encoding.write(text)).unwrap();
        assert_eq!(written(Encoding::STRICT), "a%20b%2A~%2F%C3%A9");
        assert_eq!(written(Encoding { plus: true, bare: "*", escaped: "~", lower: true, ..Encoding::STRICT }), "a+b*%7e%2f%c3%a9");
        assert_eq!(written(Encoding { times: 2, ..Encoding::STRICT }), "a%2520b%252A~%252F%25C3%25A9");
        assert_eq!(written(Encoding { charset: Charset::Latin1, ..Encoding::STRICT }), "a%20b%2A~%2F%E9");
        assert_eq!(written(Encoding { charset: Charset::Doubled, ..Encoding::STRICT }), "a%20b%2A~%2F%C3%83%C2%A9");
        assert_eq!(written(Encoding { charset: Charset::Gbk, ..Encoding::STRICT }), "a%20b%2A~%2F%A8%A6");
        assert_eq!(written(Encoding::PLAIN), "a b*~/é");
        assert_eq!(gbk("名".as_bytes()).as_deref(), Some(&[0xc3, 0xfb][..]));
        assert!(gbk(b"plain").is_none() && gbk("🚀".as_bytes()).is_none() && gbk(b"\xff").is_none());
    }
}
