//! Quotes: bytes for a shell, texts for Python and Go.

use std::fmt::Write as _;

use crate::visible::VisibleForm;

/// Returns bytes between single quotes, where a shell changes nothing; a quote inside closes, stands escaped, and opens again.
/// A NUL cannot stand in a shell's word at all: see [`printf`].
pub(super) fn shell(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for &byte in bytes {
        match byte {
            b'\'' => out.extend_from_slice(br"'\''"),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
    out
}

/// Returns a format for `printf` that gives any bytes, between single quotes: three octal digits for what is not plain.
pub(super) fn printf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    out.push(b'\'');
    for (at, &byte) in bytes.iter().enumerate() {
        // What begins with a dash would be an option.
        let plain = byte != b'\\' && byte != b'\'' && (at > 0 || byte != b'-');
        match byte {
            b'%' => out.extend_from_slice(b"%%"),
            b' '..=b'~' if plain => out.push(byte),
            _ => out.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
        }
    }
    out.push(b'\'');
    out
}

/// Returns a text between double quotes, as Python and Go write it: both know these escapes. What cannot be seen is written by its number.
pub(super) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if VisibleForm::new(c).is_some() => escape(&mut out, u32::from(c)),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

fn escape(out: &mut String, number: u32) {
    // Writing to a text cannot fail.
    let _ = if number > 0xffff { write!(out, "\\U{number:08x}") } else { write!(out, "\\u{number:04x}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_for_each_reader() {
        assert_eq!(shell(b"a'b $c `d` !e \\"), br"'a'\''b $c `d` !e \'");
        assert_eq!(printf(b"50% \0'\\\n\xff7"), br"'50%% \000\047\134\012\3777'");
        assert_eq!(code("a\"b\\c\n\0\u{202e}\u{e0041}名"), r#""a\"b\\c\n\u0000\u202e\U000e0041名""#);
    }
}
