//! The secret with one slip of whoever typed or read it: a character that is another, is missing, is there too often, or changed
//! places with its neighbour.

use zeroize::Zeroizing;

/// The characters of secrets.
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_";
/// The longest secret whose slips are tried: each of its characters gives more than a hundred.
const MAX_SECRET_CHARS: usize = 96;

/// One character more than there should be.
const MORE: &str = "one character too many is in it";
/// White space where none should be.
const SPACE: &str = "white space stands in the midst of it";
/// The slips that are tried alone: they double the number of all.
pub(super) const ADDED: [&str; 2] = [MORE, SPACE];

/// A secret with a slip, and what the slip is. It does not say which characters are meant.
pub(super) type TypingError = (&'static str, Zeroizing<Vec<u8>>);

/// Returns every slip, one after the other; nothing of a secret that is long or not ASCII.
pub(super) fn typing_errors(secret: &str) -> impl Iterator<Item = TypingError> {
    let known = secret.is_ascii() && secret.len() <= MAX_SECRET_CHARS;
    let bytes = Zeroizing::new(if known { secret.as_bytes().to_vec() } else { Vec::new() });
    // Behind the last character one more may stand.
    let places = if bytes.is_empty() { 0 } else { bytes.len() + 1 };
    (0..places).flat_map(move |at| at_place(&bytes, at))
}

fn at_place(secret: &[u8], at: usize) -> Vec<TypingError> {
    let (before, rest) = secret.split_at(at);
    let with = |middle: &[u8], after: &[u8]| Zeroizing::new([before, middle, after].concat());
    let is_more = |more: &&u8| rest.first() != Some(*more);
    let mut typing_errors: Vec<TypingError> = ALPHABET.iter().filter(is_more).map(|more| (MORE, with(&[*more], rest))).collect();
    let Some((&own, after)) = rest.split_first() else { return typing_errors };
    typing_errors.push(("one of its characters is missing", with(&[], after)));
    if let Some((&next, behind)) = after.split_first().filter(|(next, _)| **next != own) {
        typing_errors.push(("two neighbours changed places in it", with(&[next, own], behind)));
    }
    let others = ALPHABET.iter().filter(|other| **other != own);
    typing_errors.extend(others.map(|other| ("one of its characters is another", with(&[*other], after))));
    typing_errors.push(("one of its characters is there twice", with(&[own, own], after)));
    typing_errors.extend([&b" "[..], b"\n", b"\r\n"].map(|guest| (SPACE, with(guest, rest))));
    typing_errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_every_slip_at_least_once() {
        let all: Vec<Vec<u8>> = typing_errors("abc").map(|(_, secret)| secret.to_vec()).collect();
        for wanted in ["bc", "ac", "ab", "bac", "acb", "xbc", "aXc", "axbc", "abcx", "aabc", "ab c", "a\nbc"] {
            assert!(all.iter().any(|slip| slip == wanted.as_bytes()), "{wanted}");
        }
        assert!(typing_errors("名").next().is_none() && typing_errors(&"a".repeat(97)).next().is_none());
    }
}
