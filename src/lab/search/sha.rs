//! SHA-256 and HMAC by their compression function: the state after a common beginning serves thousands of texts.

use sha2::block_api::compress256;
use zeroize::{Zeroize as _, Zeroizing};

/// The length of a block in bytes.
const BLOCK: usize = 64;

/// The initial hash value of SHA-256 (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] = [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// SHA-256 after the beginning of a text.
#[derive(Clone)]
pub(super) struct Sha {
    state: [u32; 8],
    rest: [u8; BLOCK],
    held: usize,
    bytes: u64,
}

impl Sha {
    /// Begins with these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut sha = Self { state: INITIAL, rest: [0; BLOCK], held: 0, bytes: 0 };
        sha.push(bytes);
        sha
    }

    /// Adds bytes.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        if self.held > 0 {
            let taken = bytes.len().min(BLOCK - self.held);
            self.rest[self.held..self.held + taken].copy_from_slice(&bytes[..taken]);
            self.held += taken;
            bytes = &bytes[taken..];
            if self.held < BLOCK {
                return;
            }
            compress256(&mut self.state, &[self.rest]);
        }
        let (blocks, rest) = bytes.as_chunks();
        compress256(&mut self.state, blocks);
        self.rest[..rest.len()].copy_from_slice(rest);
        self.held = rest.len();
    }

    /// Adds bytes, one text behind the other.
    pub(super) fn push_all<const N: usize>(&mut self, texts: [&[u8]; N]) {
        texts.into_iter().for_each(|text| self.push(text));
    }

    /// Returns the hash of all that was added.
    pub(super) fn digest(mut self) -> [u8; 32] {
        self.rest[self.held] = 0x80;
        self.rest[self.held + 1..].fill(0);
        if self.held >= LENGTH {
            compress256(&mut self.state, &[self.rest]);
            self.rest.fill(0);
        }
        self.rest[LENGTH..].copy_from_slice(&(self.bytes * 8).to_be_bytes());
        compress256(&mut self.state, &[self.rest]);
        bytes_of(self.state)
    }
}

/// The place of the length in a last block.
const LENGTH: usize = BLOCK - 8;

fn bytes_of(state: [u32; 8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (bytes, word) in out.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    out
}

/// Fills a text up to whole blocks, as HMAC hashes it behind the block of its key.
pub(super) fn fill(text: &mut Vec<u8>) {
    let bits = ((BLOCK + text.len()) * 8) as u64;
    text.push(0x80);
    let zeros = (text.len() + 8).next_multiple_of(BLOCK) - 8 - text.len();
    text.extend_from_slice(&[0; BLOCK][..zeros]);
    text.extend_from_slice(&bits.to_be_bytes());
}

/// An HMAC key as HMAC-SHA256 begins with it. Zeroed when dropped.
pub(super) struct Mac {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Mac {
    /// Begins with this key.
    pub(super) fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        if key.len() > BLOCK {
            block[..32].copy_from_slice(&Sha::of(key).digest());
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let mut begin = |pad: u8| {
            let mut state = INITIAL;
            block.iter_mut().for_each(|byte| *byte ^= pad);
            compress256(&mut state, std::slice::from_ref(&*block));
            state
        };
        // The second padding takes the first one off.
        Self { inner: begin(0x36), outer: begin(0x36 ^ 0x5c) }
    }

    /// Returns the HMAC-SHA256 of a text.
    pub(super) fn sign(&self, text: &[u8]) -> [u8; 32] {
        let mut text = text.to_vec();
        fill(&mut text);
        self.sign_filled(&text)
    }

    /// Returns the HMAC-SHA256 of a text that was filled up to whole blocks.
    pub(super) fn sign_filled(&self, text: &[u8]) -> [u8; 32] {
        let (mut inner, mut outer) = (self.inner, self.outer);
        compress256(&mut inner, text.as_chunks().0);
        let mut last = [0; BLOCK];
        last[..32].copy_from_slice(&bytes_of(inner));
        last[32] = 0x80;
        last[LENGTH..].copy_from_slice(&((BLOCK as u64 + 32) * 8).to_be_bytes());
        compress256(&mut outer, &[last]);
        bytes_of(outer)
    }

    /// Returns the key that a chain of HMAC-SHA256 gives, begun.
    pub(super) fn derived(secret: &[u8], rounds: [&str; 4]) -> Self {
        rounds.iter().fold(Self::new(secret), |key, round| Self::new(&*Zeroizing::new(key.sign(round.as_bytes()))))
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{derive_key, hmac_sha256, sha256};

    #[test]
    fn agrees_with_the_plain_functions() {
        let text: Vec<u8> = (0..300_u16).map(|n| (n % 251) as u8).collect();
        for length in 0..text.len() {
            let (one, other) = text[..length].split_at(length / 3);
            let mut sha = Sha::of(one);
            sha.push(other);
            assert_eq!(sha.digest(), sha256(&text[..length]), "{length}");
            assert_eq!(Mac::new(one).sign(other), *hmac_sha256(one, other), "{length}");
        }
        let rounds = ["20261122", "cn-beijing", "id", "request"];
        assert_eq!(Mac::derived(b"key", rounds).sign(b"text"), *hmac_sha256(&*derive_key(b"key", rounds), b"text"));
    }
}
