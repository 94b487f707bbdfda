//! The kind of a binary body, by its first bytes.

/// The first bytes of formats that answers come in, from the formats' own specifications.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "gzip"),
    (b"\x78\x01", "zlib (deflate)"),
    (b"\x78\x5e", "zlib (deflate)"),
    (b"\x78\x9c", "zlib (deflate)"),
    (b"\x78\xda", "zlib (deflate)"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip, empty"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"%PDF-", "PDF"),
    (b"\x7fELF", "ELF program"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"wOF2", "WOFF2 font"),
    (b"\x16\x03", "TLS record: the port speaks TLS"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
];

/// Bytes that are looked at to tell whether a body is text.
const SAMPLE_BYTES: usize = 1024;

/// Returns what a body is that is no text; `None` for text.
pub fn kind(bytes: &[u8]) -> Option<&'static str> {
    if !is_binary(bytes) {
        return None;
    }
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name);
    Some(known.unwrap_or("of no kind known here"))
}

/// Returns whether the first bytes are no text: one of them is NUL, or they are a known format, or no UTF-8 for more than a tenth.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let foreign: usize = sample.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    // The four letters of a text may be those of a format; what follows tells them apart.
    let known = MAGIC.iter().any(|(magic, _)| sample.starts_with(magic) && !magic.iter().all(|byte| matches!(byte, b' '..=b'~')));
    known || sample.starts_with(b"%PDF-") || sample.contains(&0) || foreign * 10 > sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        assert_eq!(kind(b"\x1f\x8b\x08\0\0\0\0\0"), Some("gzip"));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("PNG"));
        assert_eq!(kind(b"%PDF-1.7\n"), Some("PDF"));
        assert_eq!(kind(b"\x0a\x05hello\x12\0"), Some("of no kind known here"));
    }

    #[test]
    fn text_is_none_of_them() {
        for text in ["", "{}", "BZhello, this is no archive", "x\u{1b}[2J", "caf\u{e9} 订单", "GIF89a is a format"] {
            assert_eq!(kind(text.as_bytes()), None, "{text}");
        }
        assert_eq!(kind("订".repeat(1000).as_bytes()), None, "a character cut at the end of the sample");
        assert_eq!(kind(b"caf\xe9 au lait, in Latin-1"), None);
    }
}
