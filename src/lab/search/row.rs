//! One mistake, made: the values of each series are put into what it gives, each at the cost of a few blocks of SHA-256.

use std::ops::Range;

use super::super::claim::ScopeParts;
use super::super::claimed::Claimed;
use super::super::material::Material;
use super::super::string::{KeyDerivation, Piece};
use super::parts::{Parts, mac, prefix};
use super::series::{OtherDate, OtherPayload, SecretForm, Series, SeriesKind};
use super::sha::{Mac, Sha, fill};
use crate::auth::hex_digits;

/// A signature with one mistake in it, ready for a second one.
pub(super) struct Row {
    material: Material,
    /// The canonical request up to the date's value and after it, where a signed header has the date.
    dated: Option<(Sha, Vec<u8>)>,
    /// The canonical request up to the payload, and what follows it.
    before_payload: Sha,
    after_payload: &'static str,
    digest: [u8; 32],
    text: Vec<u8>,
    prefix: Vec<u8>,
    /// The range of the date in it.
    date_in_prefix: Option<Range<usize>>,
}

impl Row {
    /// Prepares a signature; none of one that is not made of pieces.
    pub(super) fn of(material: Material) -> Option<Self> {
        let parts = Parts::of(&material)?;
        let canonical = parts.segments.concat();
        let tail = material.layout.tail;
        let digest = Sha::of(&canonical).digest();
        let before_payload = Sha::of(&canonical[..canonical.len() - tail.len() - material.payload.len()]);
        let text = [&parts.prefix[..], &hex_digits::<64>(&digest)].concat();
        Some(Self {
            dated: dated(&material, &parts, &canonical),
            before_payload,
            after_payload: tail,
            digest,
            text,
            date_in_prefix: date_in_prefix(&material),
            prefix: parts.prefix,
            material,
        })
    }

    /// Returns about how many blocks are hashed for a whole series; `is_hashed` where the digests of the dates are known.
    pub(super) fn blocks(&self, kind: SeriesKind, series: &Series, is_hashed: bool) -> usize {
        let text = self.text.len() / 64 + 3;
        let canonical = self.dated.as_ref().filter(|_| !is_hashed).map_or(0, |(_, after)| after.len() / 64 + 2);
        match kind {
            SeriesKind::Secret => series.secrets.len() * (text + 2),
            SeriesKind::Date => series.dates.len() * (text + canonical),
            SeriesKind::Payload => series.payloads.len() * (text + 2),
        }
    }

    /// Returns the digest of the canonical request: rows with the same one have the same digests of other dates.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Returns the digests of the canonical request with each of these dates.
    pub(super) fn date_digests(&self, dates: &[OtherDate]) -> Vec<[u8; 32]> {
        let digest = |date: &OtherDate| match &self.dated {
            Some((before, after)) if date.in_header => {
                let mut sha = before.clone();
                sha.push(date.text.as_bytes());
                sha.push(after);
                sha.digest()
            }
            _ => self.digest,
        };
        dates.iter().map(digest).collect()
    }

    /// Returns the place of the secret that gives the signature. `macs` are those of the request's own key, in the same order.
    pub(super) fn secret(&self, secrets: &[SecretForm], macs: Option<&[Mac]>, claimed: &Claimed) -> Option<usize> {
        let mut text = self.text.clone();
        fill(&mut text);
        if let Some(macs) = macs {
            return macs.iter().position(|mac| claimed.is(&mac.sign_filled(&text)));
        }
        secrets.iter().position(|form| claimed.is(&self.keyed(&form.bytes).sign_filled(&text)))
    }

    /// Returns the key that a secret gives here.
    pub(super) fn keyed(&self, secret: &[u8]) -> Mac {
        let whole = self.material.key.with(secret);
        mac(&self.material, &whole)
    }

    /// Returns the place of the date that gives the signature. `digests` are those of [`Self::date_digests`].
    pub(super) fn date(&self, dates: &[OtherDate], digests: &[[u8; 32]], claimed: &Claimed) -> Option<usize> {
        let own = self.keyed(&self.material.key.secret);
        let mut text = Vec::with_capacity(256);
        dates.iter().zip(digests).position(|(date, digest)| {
            text.clear();
            let rekeyed = self.rekeyed(date);
            match &rekeyed {
                Some(material) => text.extend(prefix(material, &date.text, material.scope.as_ref().map(ScopeParts::rounds))),
                None => self.put_prefix(&date.text, &mut text),
            }
            text.extend_from_slice(&hex_digits::<64>(digest));
            let key = rekeyed.as_ref().map(|material| mac(material, &material.key.bytes()));
            fill(&mut text);
            claimed.is(&key.as_ref().unwrap_or(&own).sign_filled(&text))
        })
    }

    /// Writes the string to sign up to the hash, with this date where it has one.
    fn put_prefix(&self, date: &str, text: &mut Vec<u8>) {
        match &self.date_in_prefix {
            Some(place) => {
                text.extend_from_slice(&self.prefix[..place.start]);
                text.extend_from_slice(date.as_bytes());
                text.extend_from_slice(&self.prefix[place.end..]);
            }
            None => text.extend_from_slice(&self.prefix),
        }
    }

    /// Returns it with the date and its day, where the key depends on them.
    fn rekeyed(&self, date: &OtherDate) -> Option<Material> {
        let day = date.day.as_ref().filter(|day| self.material.scope.as_ref().is_some_and(|scope| scope.day != **day));
        if day.is_none() && self.material.key.steps != KeyDerivation::WholeDate {
            return None;
        }
        let mut material = Material { date: date.text.clone(), ..self.material.clone() };
        if let (Some(scope), Some(day)) = (&mut material.scope, day) {
            day.clone_into(&mut scope.day);
        }
        Some(material)
    }

    /// Returns the place of the payload that gives the signature.
    pub(super) fn payload(&self, payloads: &[OtherPayload], claimed: &Claimed) -> Option<usize> {
        let own = self.keyed(&self.material.key.secret);
        let mut text = self.prefix.clone();
        payloads.iter().position(|payload| {
            let mut sha = self.before_payload.clone();
            sha.push(&payload.line);
            sha.push(self.after_payload.as_bytes());
            text.truncate(self.prefix.len());
            text.extend_from_slice(&hex_digits::<64>(&sha.digest()));
            fill(&mut text);
            claimed.is(&own.sign_filled(&text))
        })
    }

    /// Returns whether the key is the one that the request's own secret would give with nothing changed but the secret.
    pub(super) fn has_key_of(&self, base: &Material) -> bool {
        same_key(&self.material, base)
    }
}

/// Returns whether two give the same key of the same secret.
pub(super) fn same_key(one: &Material, other: &Material) -> bool {
    let derived = |material: &Material| material.scope.as_ref().filter(|_| material.key.derived).map(ScopeParts::text);
    let plan = |material: &Material| (material.key.around, material.key.prefix, material.key.suffix, material.key.steps);
    plan(one) == plan(other) && derived(one) == derived(other)
}

/// Returns where the date stands in the string to sign. An empty one has no line, and gets one with another date: it has no place.
fn date_in_prefix(material: &Material) -> Option<Range<usize>> {
    let begins = material.algorithm.len() + 1;
    let has_date = material.string_layout.pieces.get(1) == Some(&Piece::Date) && !material.date.is_empty();
    has_date.then(|| begins..begins + material.date.len())
}

/// Returns the canonical request before and after the value of the date's header.
fn dated(material: &Material, parts: &Parts, canonical: &[u8]) -> Option<(Sha, Vec<u8>)> {
    let name = material.dialect.date;
    let mut places = material.lines.iter().enumerate().filter(|(_, line)| line.name.eq_ignore_ascii_case(name));
    let (at, line) = places.next().filter(|_| places.next().is_none())?;
    // The line's name may be written in another way: then a date is not put into it.
    if line.name != name {
        return None;
    }
    let before: usize = parts.segments[..3 + at].iter().map(Vec::len).sum();
    let begins = before + line.name.len() + material.layout.colon.len();
    let ends = begins + line.value.len();
    Some((Sha::of(&canonical[..begins]), canonical[ends..].to_vec()))
}
