//! Keys written as text: `orders<tab>or_ders<c-s>`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Names of keys that are no characters.
const NAMED: [(&str, KeyCode); 21] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("bs", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("lt", KeyCode::Char('<')),
    ("f1", KeyCode::F(1)),
    ("f2", KeyCode::F(2)),
    ("f4", KeyCode::F(4)),
    ("f5", KeyCode::F(5)),
    ("f6", KeyCode::F(6)),
    ("f8", KeyCode::F(8)),
    ("f9", KeyCode::F(9)),
];

/// The keys of a script. A character is itself; `<name>` is a key, with `c-`, `a-` or `s-` before it control, alt or shift.
///
/// # Panics
/// When a name is not known: a mistake in the test.
pub fn keys(script: &str) -> Vec<KeyEvent> {
    let (mut keys, mut rest) = (Vec::new(), script);
    while let Some(next) = rest.chars().next() {
        let closed = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        if let Some((name, below)) = closed {
            keys.push(named(name));
            rest = below;
        } else {
            keys.push(KeyEvent::new(KeyCode::Char(next), KeyModifiers::NONE));
            rest = &rest[next.len_utf8()..];
        }
    }
    keys
}

fn named(name: &str) -> KeyEvent {
    let (mut modifiers, mut name) = (KeyModifiers::NONE, name);
    for (prefix, modifier) in [("c-", KeyModifiers::CONTROL), ("a-", KeyModifiers::ALT), ("s-", KeyModifiers::SHIFT)] {
        if let Some(below) = name.strip_prefix(prefix) {
            modifiers |= modifier;
            name = below;
        }
    }
    let single = name.chars().next().filter(|c| name.len() == c.len_utf8()).map(KeyCode::Char);
    let code = single.or_else(|| NAMED.iter().find(|(known, _)| *known == name).map(|(_, code)| *code));
    let code = code.unwrap_or_else(|| panic!("no key <{name}>"));
    let code = if code == KeyCode::Tab && modifiers.contains(KeyModifiers::SHIFT) { KeyCode::BackTab } else { code };
    KeyEvent::new(code, modifiers)
}
