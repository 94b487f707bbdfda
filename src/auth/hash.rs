//! Digests and keyed digests, in the forms that the schemes write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The length of a block of SHA-1 and of SHA-256 in bytes: what HMAC brings its key to.
const BLOCK: usize = 64;

/// The lower-case hex SHA-256 of some bytes.
pub fn hex_sha256(bytes: &[u8]) -> String {
    Hex::sha256(bytes).as_str().to_owned()
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// 32 bytes in lower-case hex, in place: several of them are written for every request that is verified.
#[derive(Clone, Copy)]
pub(super) struct Hex([u8; 64]);

impl Hex {
    /// The SHA-256 of some bytes.
    pub(super) fn sha256(bytes: &[u8]) -> Self {
        Self::of(&sha256(bytes))
    }

    fn of(bytes: &[u8; 32]) -> Self {
        let mut digits = [b'0'; 64];
        // Two digits for each byte: there is room.
        let _ = hex::encode_to_slice(bytes, &mut digits);
        Self(digits)
    }

    /// The digits.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The lower-case hex HMAC-SHA256 of some bytes.
pub fn hex_hmac_sha256(key: &[u8], bytes: &[u8]) -> String {
    Hex::of(&hmac_sha256(key, bytes)).as_str().to_owned()
}

/// The HMAC-SHA256 of some bytes; zeroed when dropped, since it may be a derived key.
pub fn hmac_sha256(key: &[u8], bytes: &[u8]) -> Zeroizing<[u8; 32]> {
    let mac = Hmac::<Sha256>::new((&*block::<Sha256>(key)).into()).chain_update(bytes);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// The key that a chain of HMAC-SHA256 gives, each round keyed with the one before.
pub fn derive_key(secret: &[u8], rounds: [&str; 4]) -> Zeroizing<[u8; 32]> {
    let [first, rest @ ..] = rounds;
    rest.iter().fold(hmac_sha256(secret, first.as_bytes()), |key, round| hmac_sha256(&*key, round.as_bytes()))
}

/// The HMAC-SHA1 of some bytes.
pub fn hmac_sha1(key: &[u8], bytes: &[u8]) -> [u8; 20] {
    let mac = Hmac::<Sha1>::new((&*block::<Sha1>(key)).into()).chain_update(bytes);
    mac.finalize().into_bytes().into()
}

/// The Base64 HMAC-SHA1 of some bytes.
pub(super) fn base64_hmac_sha1(key: &[u8], bytes: &[u8]) -> String {
    STANDARD.encode(hmac_sha1(key, bytes))
}

/// The key as HMAC uses it: hashed if it is longer than a block, then filled up with zeros (RFC 2104).
fn block<D: Digest>(key: &[u8]) -> Zeroizing<[u8; BLOCK]> {
    let mut block = Zeroizing::new([0; BLOCK]);
    if key.len() > BLOCK {
        let digest = D::digest(key);
        block[..digest.len()].copy_from_slice(&digest);
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_rfc_4231() {
        let short = hex_hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(short, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let long = hex_hmac_sha256(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(long, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn agrees_with_rfc_2202() {
        let short = base64_hmac_sha1(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex::encode(STANDARD.decode(short).unwrap()), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let long = base64_hmac_sha1(&[0xaa; 80], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex::encode(STANDARD.decode(long).unwrap()), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    }

    #[test]
    fn hashes_nothing_to_the_known_constant() {
        assert_eq!(hex_sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
