//! What is signed, in pieces, so that two mistakes that change different pieces are put together without signing again from the request.

use super::super::claim::ScopeParts;
use super::super::material::Material;
use super::super::string::{Digest, KeyDerivation, Piece, SignatureFunction, pieces};
use super::sha::Mac;
use crate::auth::hex_digits;

/// The pieces that every canonical request has: method, path, query.
const HEAD: usize = 3;
/// The pieces as bits: the head's, the payload, the list of names, and from here the lines of headers.
const PAYLOAD: u64 = 1 << 3;
const LIST: u64 = 1 << 4;
const FIRST_LINE: usize = 5;
/// Of more lines of headers none is told from another.
const MAX_LINES: usize = 56;
const STRING: u64 = 1 << 62;
const KEY: u64 = 1 << 63;
const LINES: u64 = !(STRING | KEY | PAYLOAD | 0b111);

/// The pieces of one signature.
pub(super) struct Parts {
    /// The lines that differ from those of the request as it came.
    changed: u64,
    /// Whether its lines are more, fewer or others than those of the request.
    restructured: bool,
    pub segments: Vec<Vec<u8>>,
    /// The string to sign up to the hash at its end.
    pub prefix: Vec<u8>,
    mac: Option<Mac>,
}

impl Parts {
    /// Takes a signature apart; none of one that is not HMAC-SHA256 over lines that end in a hash.
    pub(super) fn of(material: &Material) -> Option<Self> {
        let plain = material.string_layout.joint == "\n" && material.string_layout.tail.is_empty() && material.digest == Digest::Hex;
        if material.dialect.is_plain() || !plain || material.key.sha1 || material.key.maker != SignatureFunction::Hmac {
            return None;
        }
        if material.string_layout.pieces != pieces(material.dialect) || material.lines.len() > MAX_LINES {
            return None;
        }
        let prefix = prefix(material, &material.date, material.scope.as_ref().map(ScopeParts::rounds));
        Some(Self {
            changed: 0,
            restructured: false,
            segments: material.segments(),
            prefix,
            mac: Some(mac(material, &material.key.bytes())),
        })
    }

    /// Marks what differs from the request as it came.
    pub(super) fn compared(mut self, base: &Self, same_key: bool) -> Self {
        let (count, known) = (self.segments.len(), base.segments.len());
        for at in 0..HEAD {
            self.changed |= u64::from(self.segments[at] != base.segments[at]) << at;
        }
        let differs = |from_end: usize| self.segments[count - from_end] != base.segments[known - from_end];
        self.changed |= if differs(1) { PAYLOAD } else { 0 };
        self.restructured = count != known;
        if self.restructured {
            self.changed |= LINES;
        } else {
            self.changed |= if differs(2) { LIST } else { 0 };
            let lines = self.lines().iter().zip(base.lines()).enumerate();
            self.changed |= lines.map(|(at, (one, other))| u64::from(one != other) << (at + FIRST_LINE)).fold(0, |all, bit| all | bit);
        }
        self.changed |= if self.prefix == base.prefix { 0 } else { STRING };
        if same_key {
            self.mac = None;
        } else {
            self.changed |= KEY;
        }
        self
    }

    /// Returns the lines of headers.
    pub(super) fn lines(&self) -> &[Vec<u8>] {
        &self.segments[HEAD..self.segments.len() - 2]
    }

    /// Returns the signature that both give together; none where they change the same piece. `base` has the key of the request.
    pub(super) fn with(&self, other: &Self, base: &Self, buffer: &mut Vec<u8>) -> Option<[u8; 32]> {
        if self.changed & other.changed != 0 {
            return None;
        }
        let pick = |bit: u64| if other.changed & bit == 0 { self } else { other };
        buffer.clear();
        for at in 0..HEAD {
            buffer.extend_from_slice(&pick(1 << at).segments[at]);
        }
        if self.restructured || other.restructured {
            let side = if other.restructured { other } else { self };
            side.segments[HEAD..side.segments.len() - 1].iter().for_each(|piece| buffer.extend_from_slice(piece));
        } else {
            for at in 0..self.lines().len() {
                buffer.extend_from_slice(&pick(1 << (at + FIRST_LINE)).lines()[at]);
            }
            buffer.extend_from_slice(&pick(LIST).segments[self.segments.len() - 2]);
        }
        buffer.extend(pick(PAYLOAD).segments.last()?);
        let hash: [u8; 64] = hex_digits(&super::sha::Sha::of(buffer).digest());
        buffer.clear();
        buffer.extend_from_slice(&pick(STRING).prefix);
        buffer.extend_from_slice(&hash);
        let mac = self.mac.as_ref().or(other.mac.as_ref()).or(base.mac.as_ref())?;
        super::sha::fill(buffer);
        Some(mac.sign_filled(buffer))
    }
}

/// Returns the string to sign up to the hash, with this date and scope.
pub(super) fn prefix(material: &Material, date: &str, scope: Option<[&str; 4]>) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    for piece in material.string_layout.pieces {
        match piece {
            Piece::Algorithm => out.extend_from_slice(material.algorithm.as_bytes()),
            Piece::Date if date.is_empty() => continue,
            Piece::Date => out.extend_from_slice(date.as_bytes()),
            Piece::Scope => match scope {
                Some(rounds) => out.extend_from_slice(rounds.join("/").as_bytes()),
                None => continue,
            },
            Piece::Digest => break,
        }
        out.push(b'\n');
    }
    out
}

/// Returns the key that a secret gives, begun. The secret stands with all that is put around it.
pub(super) fn mac(material: &Material, secret: &[u8]) -> Mac {
    match &material.scope {
        Some(scope) if material.key.derived && material.key.steps == KeyDerivation::All => Mac::derived(secret, scope.rounds()),
        Some(scope) if material.key.derived => Mac::new(&material.key.derive(secret, scope.rounds(), &material.date)),
        _ => Mac::new(secret),
    }
}
