//! What the canonical forms of the vendors share.

/// The lower-case hex SHA-256 of some bytes.
pub fn hex_sha256(_bytes: &[u8]) -> String {
    unimplemented!()
}
/// The lower-case hex HMAC-SHA256 of some bytes.
pub fn hex_hmac_sha256(_key: &[u8], _bytes: &[u8]) -> String {
    unimplemented!()
}
