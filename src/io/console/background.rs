//! Detects a light terminal: it is asked for its background, and its answer is taken out of the keys.
//!
//! The answer comes where keys come from (`ESC ]11;rgb:ffff/ffff/ffff ESC \`), and what reads keys takes it for alt-`]`,
//! characters, and alt-`\`. Nothing waits for it: a terminal that answers nothing stays dark.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The query for the background colour.
pub const BACKGROUND_QUERY: &str = "\x1b]11;?\x07";

/// How an answer begins after its alt-`]`.
const BEGINNINGS: [&str; 2] = ["11;rgb:", "11;rgba:"];

/// The most characters of an answer.
const MAX_REPLY_CHARS: usize = 40;

/// The meaning of a key event.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyMeaning {
    /// Keys of the operator.
    Keys(Vec<KeyEvent>),
    /// A part of the answer.
    Part,
    /// The end of the answer; `true` when the background is light.
    Light(bool),
}

/// Filters the answer out of the keys.
#[derive(Debug, Default)]
pub struct Listener {
    held: Vec<KeyEvent>,
    text: String,
}

impl Listener {
    /// Takes a key. Keys that begin like an answer are held back until they are one, or are not.
    pub fn feed(&mut self, key: KeyEvent) -> KeyMeaning {
        if self.held.is_empty() && !is(key, ']', KeyModifiers::ALT) {
            return KeyMeaning::Keys(vec![key]);
        }
        let begun = !self.held.is_empty();
        self.held.push(key);
        match key.code {
            _ if !begun => KeyMeaning::Part,
            _ if is(key, '\\', KeyModifiers::ALT) || is(key, 'g', KeyModifiers::CONTROL) => self.end(),
            KeyCode::Char(c) if self.continues_with(c, key.modifiers) => KeyMeaning::Part,
            _ => self.release(),
        }
    }

    fn continues_with(&mut self, c: char, modifiers: KeyModifiers) -> bool {
        self.text.push(c);
        let text = self.text.as_str();
        let known = |beginning: &str| match text.strip_prefix(beginning) {
            Some(colour) => colour.chars().all(|c| c.is_ascii_hexdigit() || c == '/'),
            None => beginning.starts_with(text),
        };
        modifiers.difference(KeyModifiers::SHIFT).is_empty()
            && text.len() <= MAX_REPLY_CHARS
            && BEGINNINGS.iter().any(|beginning| known(beginning))
    }

    fn end(&mut self) -> KeyMeaning {
        match BEGINNINGS.iter().find_map(|beginning| self.text.strip_prefix(beginning)).and_then(is_light) {
            Some(light) => {
                *self = Self::default();
                KeyMeaning::Light(light)
            }
            None => self.release(),
        }
    }

    fn release(&mut self) -> KeyMeaning {
        self.text.clear();
        KeyMeaning::Keys(std::mem::take(&mut self.held))
    }
}

fn is(key: KeyEvent, character: char, modifiers: KeyModifiers) -> bool {
    key.code == KeyCode::Char(character) && key.modifiers == modifiers
}

/// Returns whether a colour written `rrrr/gggg/bbbb` (one to four digits each) is lighter than the middle.
fn is_light(colour: &str) -> Option<bool> {
    let mut parts = colour.split('/').map(|part| {
        let digits = u32::try_from(part.len()).ok().filter(|digits| (1..=4).contains(digits))?;
        Some(u32::from_str_radix(part, 16).ok()? * 1000 / (16u32.pow(digits) - 1))
    });
    let mut next = || parts.next().flatten();
    // The eye's weights of red, green and blue.
    Some(next()? * 299 + next()? * 587 + next()? * 114 > 500_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<KeyEvent> {
        text.chars().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)).collect()
    }

    fn answer(colour: &str, end: KeyEvent) -> Vec<KeyEvent> {
        let begin = KeyEvent::new(KeyCode::Char(']'), KeyModifiers::ALT);
        [vec![begin], plain(colour), vec![end]].concat()
    }

    #[test]
    fn tells_light_from_dark_by_the_reply() {
        let ends = [KeyEvent::new(KeyCode::Char('\\'), KeyModifiers::ALT), KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL)];
        let colours =
            [("11;rgb:ffff/ffff/ffff", true), ("11;rgb:fd/f6/e3", true), ("11;rgb:0000/2b2b/3636", false), ("11;rgba:00/00/00/ff", false)];
        for end in ends {
            for (colour, light) in colours {
                let mut listener = Listener::default();
                let meanings: Vec<_> = answer(colour, end).into_iter().map(|key| listener.feed(key)).collect();
                assert_eq!(meanings.last(), Some(&KeyMeaning::Light(light)), "{colour}");
                assert!(meanings[..meanings.len() - 1].iter().all(|meanings| *meanings == KeyMeaning::Part));
                assert_eq!(listener.feed(plain("x")[0]), KeyMeaning::Keys(plain("x")));
            }
        }
    }

    #[test]
    fn returns_keys_that_are_no_answer() {
        let end = KeyEvent::new(KeyCode::Char('\\'), KeyModifiers::ALT);
        for text in ["", "x", "11;rgb:", "11;rgb:zz", "12;rgb:00/00/00", "11;rgb:00/00", "11;rgb:fffff/0/0", "11;rgb://"] {
            let mut listener = Listener::default();
            let mut given = Vec::new();
            for key in answer(text, end) {
                match listener.feed(key) {
                    KeyMeaning::Keys(keys) => given.extend(keys),
                    KeyMeaning::Part => {}
                    KeyMeaning::Light(_) => panic!("{text}"),
                }
            }
            assert_eq!(given, answer(text, end), "{text}");
        }
    }
}
