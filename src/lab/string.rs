//! From the canonical request to the signature: the string to sign, and what is made of it and the key.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::dialect::{Dialect, TextLayout, WITH_SCOPE};
use crate::auth::{hex_sha256, hmac_sha1, hmac_sha256, sha256};

/// What stands for the canonical request in the string to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    /// Its SHA-256 in lower-case hex.
    Hex,
    /// In upper-case hex.
    Upper,
    /// In Base64.
    Base64,
    /// The hash of its hash in hex.
    Twice,
    /// Itself.
    Whole,
}

/// A line of the string to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The scheme's name.
    Algorithm,
    /// The date, if there is one.
    Date,
    /// The scope, if there is one.
    Scope,
    /// What stands for the canonical request.
    Digest,
}

/// The lines of the string to sign; the default is every scheme's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strung {
    /// The lines.
    pub pieces: &'static [Piece],
    /// Between two lines.
    pub joint: &'static str,
    /// After the last one.
    pub tail: &'static str,
}

/// How the signature is made of key and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// HMAC.
    Hmac,
    /// HMAC with the two exchanged.
    Swapped,
    /// The text's hash.
    TextAlone,
    /// The hash of both, the key first.
    KeyFirst,
    /// The hash of both, the key last.
    KeyLast,
}

/// What the string to sign is signed with, and how.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The secret; empty where none is known.
    pub secret: Rc<Zeroizing<Vec<u8>>>,
    /// What it is prefixed with.
    pub prefix: &'static str,
    /// What follows it.
    pub suffix: &'static str,
    /// Whether the key is derived along the scope.
    pub derived: bool,
    /// HMAC-SHA1 in place of HMAC-SHA256, or the reverse for the scheme that wants SHA-1.
    pub sha1: bool,
    /// What is made with it.
    pub maker: Maker,
}

impl Digest {
    /// What stands for a canonical request.
    pub(super) fn of(self, canonical: Vec<u8>) -> Vec<u8> {
        let hash = || hex_sha256(&canonical);
        match self {
            Self::Hex => hash().into_bytes(),
            Self::Upper => hash().to_ascii_uppercase().into_bytes(),
            Self::Base64 => STANDARD.encode(sha256(&canonical)).into_bytes(),
            Self::Twice => hex_sha256(hash().as_bytes()).into_bytes(),
            Self::Whole => canonical,
        }
    }
}

impl Key {
    /// The bytes of a signature.
    pub(super) fn sign(&self, key: &[u8], text: &[u8]) -> Vec<u8> {
        let (key, text) = if self.maker == Maker::Swapped { (text, key) } else { (key, text) };
        match self.maker {
            Maker::Hmac | Maker::Swapped if self.sha1 => hmac_sha1(key, text).to_vec(),
            Maker::Hmac | Maker::Swapped => hmac_sha256(key, text).to_vec(),
            Maker::TextAlone => sha256(text).to_vec(),
            Maker::KeyFirst => sha256(&Zeroizing::new([key, text].concat())).to_vec(),
            Maker::KeyLast => sha256(&Zeroizing::new([text, key].concat())).to_vec(),
        }
    }
}

/// The lines that a scheme's string to sign has.
pub(super) fn pieces(dialect: &Dialect) -> &'static [Piece] {
    match dialect.text {
        // A scheme without a scope has no line for it, but a mistake may put one there.
        TextLayout::Canonical(pieces) if pieces.contains(&Piece::Date) => WITH_SCOPE,
        TextLayout::Canonical(pieces) => pieces,
        TextLayout::Roa | TextLayout::Storage | TextLayout::Rpc => &[],
    }
}
