//! The parts of a signature that a mistake changes: two mistakes that change different parts are combined without signing the request again.

use super::super::claim::ScopeParts;
use super::super::material::SignatureParts;
use super::super::string::{Digest, Key, KeyDerivation, Piece, SignatureFunction};
use super::sha::{Mac, Sha, fill};
use crate::auth::hex_digits;

/// The parts as bits.
const METHOD: u64 = 1;
const PATH: u64 = 1 << 1;
const QUERY: u64 = 1 << 2;
const LAYOUT: u64 = 1 << 3;
/// Which lines of headers there are, in which order, and how their names are spelled.
const LINES: u64 = 1 << 4;
const LIST: u64 = 1 << 5;
const PAYLOAD: u64 = 1 << 6;
const ALGORITHM: u64 = 1 << 7;
pub(super) const DATE: u64 = 1 << 8;
const SCOPE: u64 = 1 << 9;
const STRING: u64 = 1 << 10;
const SECRET: u64 = 1 << 11;
const KEY: u64 = 1 << 12;
/// From here on a bit for the value of each line of headers.
const FIRST_VALUE: usize = 16;
const VALUES: u64 = !0 << FIRST_VALUE;
/// The lines whose values have a bit.
const MAX_VALUES: usize = 64 - FIRST_VALUE;
const CANONICAL: u64 = METHOD | PATH | QUERY | LAYOUT | LINES | LIST | PAYLOAD | VALUES;
/// All of them: the signature is not HMAC-SHA256 over a hash, and has no parts.
const ALL_PARTS: u64 = !0;

/// The pieces of a canonical request before its lines of headers: method, path, query.
const FIRST_LINE: usize = 3;

/// A signature with a mistake in it, as far as it is another one than the request's own.
pub(super) struct Changes {
    /// The parts that are changed.
    pub parts: u64,
    material: SignatureParts,
    path: Vec<u8>,
    query: Vec<u8>,
    /// For each line of headers the place of the own line that has the same value.
    origins: Vec<Option<usize>>,
    /// The digest of the canonical request, and its digits.
    digest: ([u8; 32], [u8; 64]),
    mac: Option<Mac>,
}

impl Changes {
    /// Returns the request's own signature, with which others are compared.
    pub(super) fn none(base: &SignatureParts) -> Self {
        let mut own = Self::parted(base.clone(), if has_parts(base) { 0 } else { ALL_PARTS });
        (own.path, own.query) = (base.path_line(), base.query_line());
        own.origins = (0..base.lines.len()).map(|at| Some(at).filter(|at| *at < MAX_VALUES)).collect();
        own.mac = Some(mac(&base.key, base.scope.as_ref(), &base.date));
        own.digest = MistakePair { own: &own, one: &own, other: &own }.hashed(Sha::of(b""), 0);
        own
    }

    /// Compares a signature with what it was before the mistake. `start` may lack what the mistake does not look at.
    pub(super) fn of(material: SignatureParts, start: &SignatureParts, own: &Self) -> Self {
        let parts = if has_parts(&material) { changed(&material, start) } else { ALL_PARTS };
        let mut changes = Self::parted(material, parts);
        if parts == ALL_PARTS {
            return changes;
        }
        let material = &mut changes.material;
        if parts & PATH != 0 {
            changes.path = material.path_line();
        }
        if parts & QUERY != 0 {
            changes.query = material.query_line();
        }
        if parts & LINES != 0 {
            changes.origins = origins(material, &own.material);
        } else if parts & VALUES == 0 {
            // There are thousands of secrets, and none of them looks at a header.
            material.lines = Vec::new();
        }
        if parts & (SECRET | KEY | SCOPE) != 0 {
            changes.mac = Some(mac(&material.key, material.scope.as_ref(), &material.date));
        }
        changes.digest = match parts & CANONICAL {
            0 => own.digest,
            _ => MistakePair { own, one: &changes, other: own }.hashed(Sha::of(b""), 0),
        };
        changes
    }

    fn parted(material: SignatureParts, parts: u64) -> Self {
        Self { parts, material, path: Vec::new(), query: Vec::new(), origins: Vec::new(), digest: ([0; 32], [0; 64]), mac: None }
    }

    /// Returns the signature, made from the request.
    pub(super) fn signature(&self) -> Vec<u8> {
        self.material.signature()
    }

    /// Returns whether another canonical request is hashed.
    pub(super) fn is_canonical(&self) -> bool {
        self.parts & CANONICAL != 0 && self.parts != ALL_PARTS
    }
}

/// Returns whether a signature is HMAC-SHA256 over lines with a digest of the canonical request among them.
fn has_parts(material: &SignatureParts) -> bool {
    let is_hmac = !material.key.sha1 && material.key.maker == SignatureFunction::Hmac;
    is_hmac && !material.dialect.is_plain() && material.digest != Digest::Whole
}

fn changed(now: &SignatureParts, start: &SignatureParts) -> u64 {
    let path = (now.path_form, now.slash, now.path_encoding) != (start.path_form, start.slash, start.path_encoding);
    let query = (now.order, now.query_encoding, now.layout.equals) != (start.order, start.query_encoding, start.layout.equals);
    let layout = super::super::material::Layout { equals: start.layout.equals, ..now.layout } != start.layout;
    let key = |key: &Key| (key.around, key.prefix, key.suffix, key.derived, key.steps);
    let differs = [
        (METHOD, now.method != start.method),
        (PATH, path || now.path != start.path),
        (QUERY, query || now.pairs != start.pairs || now.query_text != start.query_text),
        (LAYOUT, layout),
        (LIST, now.names != start.names),
        (PAYLOAD, now.payload != start.payload),
        (ALGORITHM, now.algorithm != start.algorithm),
        (DATE, now.date != start.date),
        (SCOPE, now.scope != start.scope),
        (STRING, (now.digest, now.string_layout) != (start.digest, start.string_layout)),
        (SECRET, now.key.secret != start.key.secret),
        (KEY, key(&now.key) != key(&start.key)),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).fold(changed_lines(now, start), |parts, (part, _)| parts | part)
}

fn changed_lines(now: &SignatureParts, start: &SignatureParts) -> u64 {
    let same_names = now.lines.iter().map(|line| &line.name).eq(start.lines.iter().map(|line| &line.name));
    let mut values = now.lines.iter().zip(&start.lines).enumerate().filter(|(_, (now, start))| now.value != start.value);
    if same_names && now.lines.len() <= MAX_VALUES {
        return values.fold(0, |parts, (at, _)| parts | 1 << (FIRST_VALUE + at));
    }
    if same_names && values.next().is_none() { 0 } else { LINES }
}

/// Returns for each line the place of the own line that it is, elsewhere or with its name spelled otherwise.
fn origins(material: &SignatureParts, own: &SignatureParts) -> Vec<Option<usize>> {
    let mut free: Vec<bool> = vec![true; own.lines.len().min(MAX_VALUES)];
    let mut origin = |line: &super::super::material::Line| {
        let is = |at: &usize| {
            let known = &own.lines[*at];
            free[*at] && known.value == line.value && known.name.eq_ignore_ascii_case(&line.name)
        };
        let at = (0..free.len()).find(is)?;
        free[at] = false;
        Some(at)
    };
    material.lines.iter().map(&mut origin).collect()
}

/// Returns the key that a secret gives, begun.
fn mac(key: &Key, scope: Option<&ScopeParts>, date: &str) -> Mac {
    let secret = key.bytes();
    match scope.filter(|_| key.derived) {
        Some(scope) if key.steps == KeyDerivation::All => Mac::derived(&secret, scope.derivation_parts()),
        Some(scope) => Mac::new(&key.derive(&secret, scope.derivation_parts(), date)),
        None => Mac::new(&secret),
    }
}

/// Two mistakes at once, or one alone where the other is the request's own signature.
#[derive(Clone, Copy)]
pub(super) struct MistakePair<'p> {
    pub own: &'p Changes,
    pub one: &'p Changes,
    pub other: &'p Changes,
}

impl<'p> MistakePair<'p> {
    /// Returns whether neither changes what the other does.
    pub(super) fn is_independent(&self) -> bool {
        (self.one.parts & self.other.parts) | self.own.parts == 0 && self.one.parts != ALL_PARTS && self.other.parts != ALL_PARTS
    }

    /// Returns the signature. `states` are those of the first one; `text` is room to write in.
    pub(super) fn signature(&self, states: &[Sha], text: &mut Vec<u8>) -> [u8; 32] {
        self.write_string(&self.digest(states), text);
        fill(text);
        let keyed = SECRET | KEY | SCOPE | if self.of(KEY).material.key.steps == KeyDerivation::WholeDate { DATE } else { 0 };
        match (self.one.parts & keyed, self.other.parts & keyed) {
            (0, 0) => self.own.sign(text),
            (_, 0) => self.one.sign(text),
            (0, _) => self.other.sign(text),
            _ => {
                let key = Key { secret: self.of(SECRET).material.key.secret.clone(), ..self.of(KEY).material.key.clone() };
                mac(&key, self.of(SCOPE).material.scope.as_ref(), &self.of(DATE).material.date).sign_filled(text)
            }
        }
    }

    /// Returns the states of the hash before each piece of the first one's canonical request.
    pub(super) fn states(&self) -> Vec<Sha> {
        let mut states = Vec::new();
        self.write(0, &mut Sha::of(b""), |sha| states.push(sha.clone()));
        states
    }

    fn of(&self, part: u64) -> &'p Changes {
        match (self.one.parts & part, self.other.parts & part) {
            (0, 0) => self.own,
            (0, _) => self.other,
            _ => self.one,
        }
    }

    fn digest(&self, states: &[Sha]) -> ([u8; 32], [u8; 64]) {
        if !self.other.is_canonical() {
            return self.one.digest;
        }
        if !self.one.is_canonical() {
            return self.other.digest;
        }
        let from = self.first_piece();
        self.hashed(states[from].clone(), from)
    }

    /// Returns the first piece that the other one changes.
    fn first_piece(&self) -> usize {
        let (changed, count) = (self.other.parts, self.one_lines());
        let value = (changed & VALUES).trailing_zeros() as usize;
        match changed {
            _ if changed & (METHOD | LAYOUT) != 0 => 0,
            _ if changed & PATH != 0 => 1,
            _ if changed & QUERY != 0 => 2,
            _ if changed & LINES != 0 || (changed & VALUES != 0 && self.one.parts & LINES != 0) => FIRST_LINE,
            _ if changed & VALUES != 0 => FIRST_LINE + value - FIRST_VALUE,
            _ if changed & LIST != 0 => FIRST_LINE + count,
            _ => FIRST_LINE + count + 1,
        }
    }

    fn one_lines(&self) -> usize {
        let lines = if self.one.parts & LINES == 0 { self.own } else { self.one };
        lines.material.lines.len()
    }

    fn hashed(&self, mut sha: Sha, from: usize) -> ([u8; 32], [u8; 64]) {
        self.write(from, &mut sha, |_| {});
        let digest = sha.digest();
        (digest, hex_digits(&digest))
    }

    /// Hashes the pieces of the canonical request from one on: method, path, query, each line of headers, list, payload.
    fn write(&self, from: usize, sha: &mut Sha, mut before: impl FnMut(&Sha)) {
        let (layout, lines) = (&self.of(LAYOUT).material.layout, self.of(LINES));
        let end = layout.end.as_bytes();
        let count = lines.material.lines.len();
        for piece in from..count + FIRST_LINE + 2 {
            before(sha);
            match piece {
                0 => sha.push_all([self.of(METHOD).material.method.as_bytes(), end]),
                1 => sha.push_all([&self.of(PATH).path, end]),
                2 => {
                    let query = &self.of(QUERY).query;
                    if layout.empty_query || !query.is_empty() {
                        sha.push_all([query, end]);
                    }
                }
                _ if piece < FIRST_LINE + count => self.write_line(piece - FIRST_LINE, lines, layout.colon, end, sha),
                _ if piece == FIRST_LINE + count => {
                    layout.gap.bytes().for_each(|_| sha.push(end));
                    for (at, name) in self.of(LIST).material.names.iter().enumerate() {
                        sha.push_all([if at == 0 { b"" } else { layout.names.as_bytes() }, name.as_bytes()]);
                    }
                    sha.push(end);
                }
                _ => sha.push_all([&self.of(PAYLOAD).material.payload, layout.tail.as_bytes()]),
            }
        }
    }

    fn write_line(&self, at: usize, lines: &Changes, colon: &str, end: &[u8], sha: &mut Sha) {
        let line = &lines.material.lines[at];
        let value = match lines.origins[at] {
            Some(origin) => &self.of(1 << (FIRST_VALUE + origin)).material.lines[origin].value,
            None => &line.value,
        };
        if !line.bare {
            sha.push_all([line.name.as_bytes(), colon.as_bytes()]);
        }
        sha.push_all([value, end]);
    }

    /// Writes the string to sign.
    fn write_string(&self, (digest, digits): &([u8; 32], [u8; 64]), out: &mut Vec<u8>) {
        let (string, mut joint) = (&self.of(STRING).material, "");
        out.clear();
        for piece in string.string_layout.pieces {
            let before = out.len();
            out.extend_from_slice(joint.as_bytes());
            let begins = out.len();
            match piece {
                Piece::Algorithm => out.extend_from_slice(self.of(ALGORITHM).material.algorithm.as_bytes()),
                Piece::Date => out.extend_from_slice(self.of(DATE).material.date.as_bytes()),
                Piece::Scope => {
                    for (at, round) in self.of(SCOPE).material.scope.iter().flat_map(ScopeParts::derivation_parts).enumerate() {
                        out.extend_from_slice(if at == 0 { b"" } else { b"/" });
                        out.extend_from_slice(round.as_bytes());
                    }
                }
                Piece::Digest if string.digest == Digest::Hex => out.extend_from_slice(digits),
                Piece::Digest => out.extend(string.digest.of_hash(digest)),
            }
            // A date or a scope that is not there has no line.
            if out.len() == begins && *piece != Piece::Algorithm {
                out.truncate(before);
            } else {
                joint = string.string_layout.joint;
            }
        }
        out.extend_from_slice(string.string_layout.tail.as_bytes());
    }
}

impl Changes {
    fn sign(&self, filled: &[u8]) -> [u8; 32] {
        self.mac.as_ref().map_or([0; 32], |mac| mac.sign_filled(filled))
    }
}
