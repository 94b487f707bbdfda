//! Characters that chat tools, word processors and editors put in the place of plain ones.

use std::borrow::Cow;

/// The text that was typed, with the characters that replace it.
const LOOKALIKES: [(&str, &[char]); 7] = [
    ("\"", &['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{ab}', '\u{bb}', '\u{2033}', '\u{ff02}']),
    ("'", &['\u{2018}', '\u{2019}', '\u{201a}', '\u{2032}']),
    ("-", &['\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}']),
    ("--", &['\u{2014}']),
    ("...", &['\u{2026}']),
    (" ", &['\u{a0}', '\u{202f}', '\u{2009}']),
    ("", &['\u{200b}', '\u{2060}', '\u{feff}']),
];

/// Returns the text with plain signs; itself where it has no others.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match LOOKALIKES.iter().find(|(_, there)| there.contains(&c)) {
            Some((typed, _)) => out.push_str(typed),
            None => out.push(c),
        }
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_plain_and_letters_stay() {
        assert_eq!(plain("“a–b”…\u{200b}名"), "\"a-b\"...名");
        assert!(matches!(plain("組織"), Cow::Borrowed(_)));
    }
}
