//! Values of which some characters are written in another way: HTML's entities, percent escapes (once or more often), escapes of C, JSON and
//! shells after any number of backslashes. Which characters are written so is up to whoever wrote the text, so no list of forms has them all.
//!
//! Every such place has a sign that opens an escape (`%`, `&`, `\`). From the first one on the value is compared character by character;
//! what of it stands before is there as it is.

use std::fmt;

use memchr::memchr3_iter;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// How often an escape may be escaped again.
const MAX_NESTING: usize = 4;

/// Values longer than this are looked for up to here: what follows is passed as long as it fits.
const PLACE_BITS: u32 = 24;

/// HTML's names of the signs of ASCII.
const ENTITIES: [(&[u8], u8); 44] = [
    (b"quot", b'"'),
    (b"QUOT", b'"'),
    (b"amp", b'&'),
    (b"AMP", b'&'),
    (b"apos", b'\''),
    (b"lt", b'<'),
    (b"LT", b'<'),
    (b"gt", b'>'),
    (b"GT", b'>'),
    (b"sol", b'/'),
    (b"plus", b'+'),
    (b"equals", b'='),
    (b"excl", b'!'),
    (b"num", b'#'),
    (b"dollar", b'$'),
    (b"percnt", b'%'),
    (b"lpar", b'('),
    (b"rpar", b')'),
    (b"ast", b'*'),
    (b"midast", b'*'),
    (b"comma", b','),
    (b"period", b'.'),
    (b"colon", b':'),
    (b"semi", b';'),
    (b"quest", b'?'),
    (b"commat", b'@'),
    (b"lsqb", b'['),
    (b"lbrack", b'['),
    (b"bsol", b'\\'),
    (b"rsqb", b']'),
    (b"rbrack", b']'),
    (b"Hat", b'^'),
    (b"lowbar", b'_'),
    (b"UnderBar", b'_'),
    (b"grave", b'`'),
    (b"DiacriticalGrave", b'`'),
    (b"lcub", b'{'),
    (b"lbrace", b'{'),
    (b"verbar", b'|'),
    (b"vert", b'|'),
    (b"rcub", b'}'),
    (b"rbrace", b'}'),
    (b"Tab", b'\t'),
    (b"NewLine", b'\n'),
];

/// The values to look for, by where an escape may begin in them.
#[derive(Default)]
pub(super) struct Escaped {
    values: Vec<Secret>,
    /// The two bytes around each place of each value, the place, and the value's number: sorted, so that a pair is found at once. The pair of a
    /// value's beginning has a zero first.
    places: Zeroizing<Vec<u64>>,
    /// Which bytes stand in a value at all.
    holds: Zeroizing<Vec<bool>>,
}

impl fmt::Debug for Escaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Escaped({} values)", self.values.len())
    }
}

/// A character that is written as an escape.
struct Unit {
    /// Its bytes.
    bytes: [u8; 4],
    count: usize,
    /// How many bytes of the text it takes.
    length: usize,
}

impl Unit {
    fn of_byte(byte: u8, length: usize) -> Self {
        Self { bytes: [byte, 0, 0, 0], count: 1, length }
    }

    fn of_number(number: u32, length: usize) -> Option<Self> {
        let mut bytes = [0; 4];
        let count = char::from_u32(number)?.encode_utf8(&mut bytes).len();
        Some(Self { bytes, count, length })
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.count]
    }
}

impl Escaped {
    pub(super) fn new(values: &[Secret]) -> Self {
        let mut places = Zeroizing::new(Vec::new());
        let mut holds = Zeroizing::new(vec![false; 256]);
        for (number, value) in values.iter().enumerate() {
            let value = value.expose().trim().as_bytes();
            for (at, byte) in value.iter().enumerate().take((1 << PLACE_BITS) - 1) {
                let before = at.checked_sub(1).map_or(0, |before| value[before]);
                places.push(pair(before, *byte) | (at as u64) << PLACE_BITS | number as u64);
                holds[usize::from(*byte)] = true;
            }
        }
        places.sort_unstable();
        Self { values: values.to_vec(), places, holds }
    }

    /// Adds the places of every value that is escaped in part or whole.
    pub(super) fn find(&self, text: &[u8], spans: &mut Vec<std::ops::Range<usize>>) {
        if self.values.is_empty() {
            return;
        }
        let mut passed = 0;
        for at in memchr3_iter(b'%', b'&', b'\\', text) {
            // The backslashes of one escape are one.
            let inside = at > 0 && text[at] == b'\\' && text[at - 1] == b'\\';
            if at < passed || inside {
                continue;
            }
            let Some(span) = self.around(text, at) else { continue };
            passed = span.end;
            spans.push(span);
        }
    }

    /// The longest value whose first escape stands here.
    fn around(&self, text: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
        let first = unit(text, at)?.bytes[0];
        if !self.holds[usize::from(first)] {
            return None;
        }
        let before = at.checked_sub(1).map(|before| pair(text[before], first));
        let begun = [Some(pair(0, first)), before];
        let places = begun.into_iter().flatten().flat_map(|pair| self.of(pair));
        let spans = places.filter_map(|(value, place)| {
            let value = self.values.get(value)?.expose().trim().as_bytes();
            let (prefix, rest) = value.split_at_checked(place)?;
            let begins = text[..at].ends_with(prefix);
            begins.then(|| matched(text, at, rest)).flatten().map(|end| at - prefix.len()..end)
        });
        spans.max_by_key(std::ops::Range::len)
    }

    /// Every place with this pair: the value's number and the place in it.
    fn of(&self, pair: u64) -> impl Iterator<Item = (usize, usize)> {
        const MASK: u64 = (1 << PLACE_BITS) - 1;
        let from = self.places.partition_point(|place| *place < pair);
        let same = self.places[from..].iter().take_while(move |place| **place >> (2 * PLACE_BITS) == pair >> (2 * PLACE_BITS));
        same.map(|place| ((place & MASK) as usize, (place >> PLACE_BITS & MASK) as usize))
    }
}

fn pair(before: u8, byte: u8) -> u64 {
    u64::from(u16::from_be_bytes([before, byte])) << (2 * PLACE_BITS)
}

/// Where the value ends that begins at a place of the text, escaped in any way.
fn matched(text: &[u8], mut at: usize, value: &[u8]) -> Option<usize> {
    let mut done = 0;
    while done < value.len() {
        let byte = *text.get(at)?;
        let escape = unit(text, at).filter(|unit| value[done..].starts_with(unit.bytes()));
        let plain = byte == value[done] || byte == b'+' && value[done] == b' ';
        let (length, count) = match escape {
            Some(unit) => (unit.length, unit.count),
            None if plain => (1, 1),
            None => return None,
        };
        at += length;
        done += count;
    }
    Some(at)
}

/// The character that is written as an escape here; `None` where there is none.
fn unit(text: &[u8], at: usize) -> Option<Unit> {
    match text[at] {
        b'%' => percent(text, at),
        b'&' => entity(text, at),
        b'\\' => backslash(text, at),
        _ => None,
    }
}

/// `%2F`, `%252f`.
fn percent(text: &[u8], at: usize) -> Option<Unit> {
    let mut digits = at + 1;
    for _ in 0..MAX_NESTING {
        let byte = hex(text, digits, 2)? as u8;
        if byte != b'%' || hex(text, digits + 2, 2).is_none() {
            return Some(Unit::of_byte(byte, digits + 2 - at));
        }
        digits += 2;
    }
    None
}

/// `&#47;`, `&#x2f;`, `&sol;`, `&amp;sol;`.
fn entity(text: &[u8], at: usize) -> Option<Unit> {
    const LONGEST: usize = 20;
    let mut from = at + 1;
    for _ in 0..MAX_NESTING {
        let rest = &text[from..];
        let length = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
        let (name, behind) = (&rest[..length], from + length + 1);
        if name == b"amp" && is_entity(&text[behind..]) {
            from = behind;
            continue;
        }
        return match name {
            [b'#', b'x' | b'X', digits @ ..] => Unit::of_number(number(digits, 16)?, behind - at),
            [b'#', digits @ ..] => Unit::of_number(number(digits, 10)?, behind - at),
            _ => ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, byte)| Unit::of_byte(*byte, behind - at)),
        };
    }
    None
}

/// Whether the rest of an entity follows, whose `&` is an entity itself.
fn is_entity(rest: &[u8]) -> bool {
    let length = rest.iter().take(20).position(|byte| *byte == b';');
    length.is_some_and(|length| length > 0 && rest[..length].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#'))
}

/// `\/`, `\x2f`, `\u002f`, `\u{2f}`, `\U0000002f`, `\057`, `\n`, each after any number of backslashes.
fn backslash(text: &[u8], at: usize) -> Option<Unit> {
    let slashes = text[at..].iter().take_while(|byte| **byte == b'\\').count();
    let behind = at + slashes;
    let simple = |byte: u8| Some(Unit::of_byte(byte, slashes + 1));
    match text.get(behind) {
        Some(b'u' | b'U') => unicode(text, at, behind),
        Some(b'x' | b'X') if hex(text, behind + 1, 2).is_some() => {
            hex(text, behind + 1, 2).map(|byte| Unit::of_byte(byte as u8, slashes + 3))
        }
        Some(b'0'..=b'7') => {
            let digits = text[behind..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            number(&text[behind..behind + digits], 8).map(|byte| Unit::of_byte(byte as u8, slashes + digits))
        }
        Some(b'n') => simple(b'\n'),
        Some(b'r') => simple(b'\r'),
        Some(b't') => simple(b'\t'),
        // Two backslashes are one of the value's own, unless what follows is a sign that is escaped.
        Some(byte) if byte.is_ascii_punctuation() => simple(*byte),
        _ => Some(Unit::of_byte(b'\\', slashes.min(2))),
    }
}

fn unicode(text: &[u8], at: usize, letter: usize) -> Option<Unit> {
    if text.get(letter + 1) == Some(&b'{') {
        let digits = text[letter + 2..].iter().take(7).position(|byte| *byte == b'}')?;
        return Unit::of_number(number(&text[letter + 2..letter + 2 + digits], 16)?, letter + 3 + digits - at);
    }
    if text[letter] == b'U' {
        return Unit::of_number(hex(text, letter + 1, 8)?, letter + 9 - at);
    }
    let high = hex(text, letter + 1, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Unit::of_number(high, letter + 5 - at);
    }
    let slashes = text.get(letter + 5..)?.iter().take_while(|byte| **byte == b'\\').count();
    let second = letter + 5 + slashes;
    let low = (text.get(second) == Some(&b'u')).then(|| hex(text, second + 1, 4)).flatten()?;
    let number = 0x1_0000 + ((high - 0xd800) << 10) + low.checked_sub(0xdc00)?;
    Unit::of_number(number, second + 5 - at)
}

/// The number of so many hexadecimal digits.
fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    text.get(at..at + digits).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)).and_then(|digits| number(digits, 16))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, radix).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: &str, text: &str) -> Vec<String> {
        let mut spans = Vec::new();
        Escaped::new(&[Secret::new("another"), Secret::new(value)]).find(text.as_bytes(), &mut spans);
        spans.into_iter().map(|span| text[span].to_owned()).collect()
    }

    #[test]
    fn finds_a_value_whatever_of_it_is_escaped() {
        let value = "ab/c+d=é\"😀z";
        for text in [
            "ab&#47;c&#43;d&#61;&#233;&quot;&#128512;z",
            "ab&#x2F;c+d=&#xe9;&#x22;&#x1F600;z",
            "ab&sol;c&plus;d&equals;é&#34;😀z",
            "&#97;b/c+d=é\"😀&#122;",
            "ab&amp;sol;c+d=é&amp;amp;quot;😀z",
            "%61b/c+d=%C3%a9\"%f0%9f%98%80z",
            "ab%252Fc%2Bd%25253D%C3%A9%22😀%7A",
            "ab\\x2fc+d=\\xc3\\xa9\\\"😀z",
            "ab\\057c+d=\\303\\251\"\\360\\237\\230\\200z",
            "ab\\\\u002fc\\\\u002Bd\\u003d\\u{e9}\\\\\\\"\\ud83d\\uDE00z",
            "\\u0061b/c+d=\\U000000e9\"\\\\ud83d\\\\ude00z",
            "ab\\/c+d=é\\\"😀z",
        ] {
            assert_eq!(found(value, &format!("x {text} y\\n%41&amp;")), [text], "{text}");
        }
        assert_eq!(found("a\\b cd", "<a\\\\b+cd> <a%5Cb%20cd>"), ["a\\\\b+cd", "a%5Cb%20cd"]);
    }

    #[test]
    fn finds_nothing_else() {
        let text = "ab/c%2 ab&sol c% & \\ ab\\u00 &#; &#x110000; %zz ab\\ud83d";
        assert_eq!(found("ab/c+d=e", text), [""; 0]);
    }
}
