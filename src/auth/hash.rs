//! Digests and keyed digests, in the forms that the schemes write them.

use std::borrow::Cow;
use std::fmt;
use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use zeroize::Zeroizing;

use super::scheme::HashFunction;
use crate::secret::MASK;

/// The length of a block of SHA-1, of SHA-256 and of SM3 in bytes: what HMAC brings its key to.
const BLOCK_BYTES: usize = 64;

impl HashFunction {
    /// Returns the hash of some bytes, in hex: SHA-256 for schemes of HMAC-SHA1 too, of which none hashes a canonical request.
    pub(super) fn hex(self, bytes: &[u8]) -> Hex {
        match self {
            Self::Sha1 | Self::Sha256 => Hex::sha256(bytes),
            Self::Sm3 => Hex::of(&Sm3::digest(bytes).into()),
        }
    }

    /// Returns the HMAC of some bytes in Base64: HMAC-SHA256 for SM3 too, which no scheme writes so.
    pub(super) fn base64_hmac(self, key: &[u8], bytes: &[u8]) -> String {
        match self {
            Self::Sha1 => STANDARD.encode(hmac_sha1(key, bytes)),
            Self::Sha256 | Self::Sm3 => STANDARD.encode(*hmac_sha256(key, bytes)),
        }
    }

    /// Returns the number of bytes of a hash, and of an HMAC with it.
    pub(crate) fn digest_bytes(self) -> usize {
        if self == Self::Sha1 { 20 } else { 32 }
    }
}

/// Returns the lower-case hex SHA-256 of some bytes.
pub fn hex_sha256(bytes: &[u8]) -> String {
    Hex::sha256(bytes).as_str().to_owned()
}

/// Returns the SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Returns the SHA-256 of several pieces, one behind the other.
pub fn sha256_of<const N: usize>(pieces: [&[u8]; N]) -> [u8; 32] {
    pieces.into_iter().fold(Sha256::new(), Sha256::chain_update).finalize().into()
}

/// A digest as a request carries it: mostly hex digits, stored inline.
#[derive(Clone)]
pub(super) enum EncodedDigest {
    /// The hex digits of 32 bytes.
    Hex(Hex),
    /// Another form of it, or what stands in its place.
    Text(Cow<'static, str>),
}

impl EncodedDigest {
    /// Returns it as text.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Hex(hex) => hex.as_str(),
            Self::Text(text) => text,
        }
    }

    /// Returns its bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Hex(hex) => hex.as_bytes(),
            Self::Text(text) => text.as_bytes(),
        }
    }
}

impl fmt::Debug for EncodedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// 32 bytes in lower-case hex, in place: several of them are written for every request that is verified.
#[derive(Clone, Copy)]
pub(super) struct Hex([u8; 64]);

impl Hex {
    /// The SHA-256 of nothing, which is the payload of many requests.
    pub(super) const NOTHING: Self = Self(*b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    /// Returns the SHA-256 of some bytes.
    pub(super) fn sha256(bytes: &[u8]) -> Self {
        if bytes.is_empty() { Self::NOTHING } else { Self::of(&sha256(bytes)) }
    }

    fn of(bytes: &[u8; 32]) -> Self {
        Self(hex_digits(bytes))
    }

    /// Returns the digits as bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the digits.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Returns the first of some bytes in lower-case hex: as many as an even number of digits has room for.
pub fn hex_digits<const DIGITS: usize>(bytes: &[u8]) -> [u8; DIGITS] {
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    let mut digits = [b'0'; DIGITS];
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    digits
}

/// A key as HMAC-SHA256 begins with it: half the work of a short text. Good for signing as the key itself is.
pub(super) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// Creates the beginning with this key.
    pub(super) fn new(key: &[u8]) -> Self {
        Self(Hmac::new((&*block::<Sha256>(key)).into()))
    }

    /// Returns the HMAC-SHA256 of some bytes, in hex.
    pub(super) fn sign(&self, bytes: &[u8]) -> Hex {
        Hex::of(&self.0.clone().chain_update(bytes).finalize().into_bytes().into())
    }
}

impl Drop for HmacKey {
    /// Overwrites what is kept for long. Copies that lie on the stack for the time of a signature are not reached.
    fn drop(&mut self) {
        self.0 = Hmac::new((&[0; BLOCK_BYTES]).into());
        black_box(&self.0);
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Returns the lower-case hex HMAC-SHA256 of some bytes.
pub fn hex_hmac_sha256(key: &[u8], bytes: &[u8]) -> String {
    Hex::of(&hmac_sha256(key, bytes)).as_str().to_owned()
}

/// Returns the HMAC-SM3 of some bytes, in hex.
pub(super) fn hmac_sm3(key: &[u8], bytes: &[u8]) -> Hex {
    let mac = Hmac::<Sm3>::new((&*block::<Sm3>(key)).into()).chain_update(bytes);
    Hex::of(&mac.finalize().into_bytes().into())
}

/// Returns the HMAC-SHA256 of some bytes; zeroed when dropped, since it may be a derived key.
pub fn hmac_sha256(key: &[u8], bytes: &[u8]) -> Zeroizing<[u8; 32]> {
    let mac = Hmac::<Sha256>::new((&*block::<Sha256>(key)).into()).chain_update(bytes);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Returns the key that a chain of HMAC-SHA256 gives, each round keyed with the one before.
pub fn derive_key(secret: &[u8], rounds: [&str; 4]) -> Zeroizing<[u8; 32]> {
    let [first, rest @ ..] = rounds;
    rest.iter().fold(hmac_sha256(secret, first.as_bytes()), |key, round| hmac_sha256(&*key, round.as_bytes()))
}

/// Returns the HMAC-SHA1 of some bytes.
pub fn hmac_sha1(key: &[u8], bytes: &[u8]) -> [u8; 20] {
    let mac = Hmac::<Sha1>::new((&*block::<Sha1>(key)).into()).chain_update(bytes);
    mac.finalize().into_bytes().into()
}

/// Returns the key as HMAC uses it: hashed if it is longer than a block, then filled up with zeros (RFC 2104).
fn block<D: Digest>(key: &[u8]) -> Zeroizing<[u8; BLOCK_BYTES]> {
    let mut block = Zeroizing::new([0; BLOCK_BYTES]);
    if key.len() > BLOCK_BYTES {
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
        let key = HmacKey::new(b"Jefe");
        assert_eq!([key.sign(b"what do ya want for nothing?").as_str(), key.sign(b"").as_str()], [&short, &hex_hmac_sha256(b"Jefe", b"")]);
        assert!(!format!("{key:?}").contains("Jefe"));
    }

    #[test]
    fn agrees_with_rfc_2202() {
        let short = HashFunction::Sha1.base64_hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex::encode(STANDARD.decode(short).unwrap()), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let long = HashFunction::Sha1.base64_hmac(&[0xaa; 80], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex::encode(STANDARD.decode(long).unwrap()), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    }

    #[test]
    fn agrees_with_gb_t_32905() {
        let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(HashFunction::Sm3.hex(b"abc").as_str(), abc);
        let hmac = "9d91da552268ddf11b9f69662773a66c6375b250336dfb9293e7e2611c36d79f";
        assert_eq!(hmac_sm3(b"TestSecret", b"Hello World").as_str(), hmac);
    }

    #[test]
    fn hashes_nothing_to_the_known_constant() {
        assert_eq!(Hex::NOTHING.as_str(), Hex::of(&sha256(b"")).as_str());
    }
}
