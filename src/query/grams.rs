//! How text is found fast: by the short runs of characters ("grams") that stand in it.
//!
//! A text is indexed by every run of three characters in it, and at its end of two and of one. A text of three characters or fewer stands
//! in another exactly if it begins one of the other's grams; a longer one can only if all its grams are there, which must then be looked at. So
//! every script is found alike: words of one or two Chinese characters too.

/// Pads the grams at the end of a text; [`in_word`] leaves none in a text.
const END: char = '\0';

/// The number of characters of a gram.
pub(super) const GRAM_CHARS: usize = 3;

/// The number of bits of a character.
const CHAR_BITS: usize = 21;

/// The most grams of a needle that are looked up: more hardly narrow the result.
const MAX_GRAMS: usize = 8;

/// The start of the private-use range that ASCII characters which are neither letters nor digits are moved to, so that the index takes them for parts of words.
const PRIVATE_USE_START: u32 = 0xE000;

/// Returns the text in lower case, character by character.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().flat_map(char::to_lowercase).collect() }
}

/// Returns the grams of a text, each as a word of the index, with a space between them. `pieces` stand for themselves: no gram spans two.
pub fn grams<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
    // A gram as a number, which is sorted quickly: its characters, the first in the highest bits.
    let mut found: Vec<u64> = Vec::new();
    for piece in pieces {
        let characters: Vec<char> = fold(piece).chars().map(in_word).chain([END; GRAM_CHARS - 1]).collect();
        found.extend(characters.windows(GRAM_CHARS).map(|gram| gram.iter().fold(0, |key, c| key << CHAR_BITS | u64::from(*c))));
    }
    found.sort_unstable();
    found.dedup();
    let character = |key: u64, at: usize| char::from_u32((key >> (CHAR_BITS * at)) as u32 & ((1 << CHAR_BITS) - 1));
    let word = |key: u64| (0..GRAM_CHARS).rev().filter_map(move |at| character(key, at).filter(|c| *c != END)).chain([' ']);
    found.into_iter().flat_map(word).collect()
}

/// Returns the words to look up in the full-text index for a text, all of which must be found: a gram that begins with it, or its grams.
pub(super) fn search_terms(needle: &str) -> Vec<String> {
    let characters: Vec<char> = needle.chars().map(in_word).collect();
    if characters.len() < GRAM_CHARS {
        return vec![format!("\"{}\" *", characters.iter().collect::<String>())];
    }
    let last = characters.len() - GRAM_CHARS;
    // Grams that overlap tell `CreateNamespace` from a text with `Create` and `Namespace` in it.
    let step = 2.max(last.div_ceil(MAX_GRAMS - 1));
    let places = (0..last).step_by(step).chain([last]);
    places.map(|at| format!("\"{}\"", characters[at..at + GRAM_CHARS].iter().collect::<String>())).collect()
}

/// Returns whether the gram alone decides, so that the text need not be searched. Characters other than letters and digits may share a gram.
pub(super) fn is_exact(needle: &str) -> bool {
    needle.chars().count() <= GRAM_CHARS && needle.chars().all(char::is_alphanumeric)
}

fn in_word(c: char) -> char {
    if c.is_ascii() && !c.is_ascii_alphanumeric() { char::from_u32(PRIVATE_USE_START + u32::from(c)).unwrap_or(c) } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_the_grams_of_every_part() {
        assert_eq!(grams(["Abcd"]), "abc bcd cd d ");
        assert_eq!(grams(["命名", "a"]), "a 名 命名 ");
        assert_eq!(grams([""]), "");
        assert!(!grams(["a \" * ' -"]).contains(['"', '*', '\'', '-']));
    }

    #[test]
    fn needles_ask_for_their_grams() {
        assert_eq!(search_terms("命"), ["\"命\" *"]);
        assert_eq!(search_terms("abc"), ["\"abc\""]);
        assert_eq!(search_terms("abcde"), ["\"abc\"", "\"cde\""]);
        assert!(search_terms(&"x".repeat(10_000)).len() < 20);
    }
}
