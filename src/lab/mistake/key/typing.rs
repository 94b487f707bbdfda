//! The secret with one slip of whoever typed or read it: a character that is another, is missing, is there too often, or changed
//! places with its neighbour.

use zeroize::Zeroizing;

/// What secrets consist of.
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_";
/// The longest secret whose slips are tried: each of its characters gives more than a hundred.
const LONGEST: usize = 96;

/// One character more than there should be.
const MORE: &str = "one character too many is in it";
/// White space where none should be.
const SPACE: &str = "white space stands in the midst of it";
/// The slips that are tried alone: they double the number of all.
pub(super) const ADDED: [&str; 2] = [MORE, SPACE];

/// A secret with a slip, and what the slip is. It does not say which characters are meant.
pub(super) type Slip = (&'static str, Zeroizing<Vec<u8>>);

/// Every slip, one after the other; nothing of a secret that is long or not ASCII.
pub(super) fn slips(secret: &str) -> impl Iterator<Item = Slip> {
    let known = secret.is_ascii() && secret.len() <= LONGEST;
    let bytes = Zeroizing::new(if known { secret.as_bytes().to_vec() } else { Vec::new() });
    (0..bytes.len()).flat_map(move |at| at_place(&bytes, at))
}

fn at_place(secret: &[u8], at: usize) -> Vec<Slip> {
    let (before, own, after) = (&secret[..at], secret[at], &secret[at + 1..]);
    let with = |middle: &[u8]| Zeroizing::new([before, middle, after].concat());
    let mut slips = vec![("one of its characters is missing", with(&[]))];
    slips.extend(after.first().filter(|next| **next != own).map(|next| {
        let swapped = [before, &[*next, own], &after[1..]].concat();
        ("two neighbours changed places in it", Zeroizing::new(swapped))
    }));
    for &other in ALPHABET.iter().filter(|other| **other != own) {
        slips.push(("one of its characters is another", with(&[other])));
        slips.push((MORE, with(&[other, own])));
    }
    slips.push(("one of its characters is there twice", with(&[own, own])));
    slips.extend([b' ', b'\n'].map(|guest| (SPACE, with(&[guest, own]))));
    slips.push((SPACE, with(&[b'\r', b'\n', own])));
    slips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_is_there_once_at_least() {
        let all: Vec<Vec<u8>> = slips("abc").map(|(_, secret)| secret.to_vec()).collect();
        for wanted in ["bc", "ac", "ab", "bac", "acb", "xbc", "aXc", "axbc", "aabc", "ab c", "a\nbc"] {
            assert!(all.iter().any(|slip| slip == wanted.as_bytes()), "{wanted}");
        }
        assert!(slips("名").next().is_none() && slips(&"a".repeat(97)).next().is_none());
    }
}
