//! From the canonical request to the signature: the string to sign, and what is made of it and the key.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

pub(super) use crate::auth::scheme::Piece;
use crate::auth::scheme::{SchemeDescriptor, TextLayout, WITH_SCOPE};
use crate::auth::{derive_key, hex_hmac_sha256, hex_sha256, hmac_sha1, hmac_sha256, sha256};

/// The digest of the canonical request in the string to sign.
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

/// The lines of the string to sign; the default is every scheme's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StringToSignLayout {
    /// The lines.
    pub pieces: &'static [Piece],
    /// Between two lines.
    pub joint: &'static str,
    /// After the last one.
    pub tail: &'static str,
}

/// The function that computes the signature from key and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureFunction {
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

/// The derivation of a key along a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyDerivation {
    /// A step for each part of the scope, on the bytes of the step before.
    All,
    /// A step for each part, on the hex text of the step before.
    Hex,
    /// A step for each part; the hex text of the last one is the key.
    HexAtLast,
    /// Without the step of this number, counted from 0.
    Without(usize),
    /// With the whole date in place of the day.
    WholeDate,
}

/// The key of a signature, and how it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The secret; empty where none is known.
    pub secret: Arc<Zeroizing<Vec<u8>>>,
    /// The text around the secret: none.
    pub around: (&'static str, &'static str),
    /// The prefix of the key.
    pub prefix: &'static str,
    /// The text that follows it.
    pub suffix: &'static str,
    /// Set when the key is derived along the scope.
    pub derived: bool,
    /// The derivation of the key.
    pub steps: KeyDerivation,
    /// HMAC-SHA1 in place of HMAC-SHA256, or the reverse for the scheme that wants SHA-1.
    pub sha1: bool,
    /// The function that makes the signature.
    pub maker: SignatureFunction,
}

impl Digest {
    /// Returns what stands for a canonical request.
    pub(super) fn of(self, canonical: Vec<u8>) -> Vec<u8> {
        if self == Self::Whole { canonical } else { self.of_hash(&sha256(&canonical)) }
    }

    /// Returns what stands for a canonical request with this SHA-256, which is all of it but where the text itself stands there.
    pub(super) fn of_hash(self, hash: &[u8; 32]) -> Vec<u8> {
        match self {
            Self::Hex | Self::Whole => hex::encode(hash).into_bytes(),
            Self::Upper => hex::encode_upper(hash).into_bytes(),
            Self::Base64 => STANDARD.encode(hash).into_bytes(),
            Self::Twice => hex_sha256(hex::encode(hash).as_bytes()).into_bytes(),
        }
    }
}

impl Key {
    /// Returns the secret with all that is put around it.
    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        self.with(&self.secret)
    }

    /// Returns another secret with all that is put around it.
    pub(super) fn with(&self, secret: &[u8]) -> Zeroizing<Vec<u8>> {
        let (before, after) = self.around;
        Zeroizing::new([self.prefix.as_bytes(), before.as_bytes(), secret, after.as_bytes(), self.suffix.as_bytes()].concat())
    }

    /// Returns the key that is derived from a secret.
    pub(super) fn derive(&self, secret: &[u8], rounds: [&str; 4], date: &str) -> Zeroizing<Vec<u8>> {
        let hexed = |key: &[u8], round: &str| Zeroizing::new(hex_hmac_sha256(key, round.as_bytes()).into_bytes());
        let [day, region, service, end] = rounds;
        let binary = |rounds: [&str; 4]| Zeroizing::new(derive_key(secret, rounds).to_vec());
        match self.steps {
            KeyDerivation::All => binary(rounds),
            KeyDerivation::WholeDate => binary([date, region, service, end]),
            KeyDerivation::HexAtLast => Zeroizing::new(hex::encode(*derive_key(secret, rounds)).into_bytes()),
            KeyDerivation::Hex => [region, service, end].iter().fold(hexed(secret, day), |key, round| hexed(&key, round)),
            KeyDerivation::Without(left_out) => {
                let stored = rounds.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, round)| *round);
                let first = Zeroizing::new(secret.to_vec());
                stored.fold(first, |key, round| Zeroizing::new(hmac_sha256(&key, round.as_bytes()).to_vec()))
            }
        }
    }

    /// Returns the bytes of a signature.
    pub(super) fn sign(&self, key: &[u8], text: &[u8]) -> Vec<u8> {
        let (key, text) = if self.maker == SignatureFunction::Swapped { (text, key) } else { (key, text) };
        match self.maker {
            SignatureFunction::Hmac | SignatureFunction::Swapped if self.sha1 => hmac_sha1(key, text).to_vec(),
            SignatureFunction::Hmac | SignatureFunction::Swapped => hmac_sha256(key, text).to_vec(),
            SignatureFunction::TextAlone => sha256(text).to_vec(),
            SignatureFunction::KeyFirst => sha256(&Zeroizing::new([key, text].concat())).to_vec(),
            SignatureFunction::KeyLast => sha256(&Zeroizing::new([text, key].concat())).to_vec(),
        }
    }
}

/// Returns the lines that a scheme's string to sign has.
pub(super) fn pieces(dialect: &SchemeDescriptor) -> &'static [Piece] {
    match dialect.text {
        // A scheme without a scope has no line for it, but a mistake may put one there.
        TextLayout::Canonical(pieces) if pieces.contains(&Piece::Date) => WITH_SCOPE,
        TextLayout::Canonical(pieces) => pieces,
        TextLayout::Roa | TextLayout::Storage | TextLayout::Rpc => &[],
    }
}
