//! Values of which some characters are written in another way: HTML's entities, percent escapes, escapes of C, JSON and shells, one within
//! the other. Which characters are written so is up to whoever wrote the text, so no list of forms has them all.
//!
//! ```text
//! text ─escapes undone─▶ layer ─again─▶ layer …   each is searched; every byte knows where in the text it came from
//! ```
//!
//! Only the surroundings of escapes are looked at: what stands elsewhere is there as it is.

use std::ops::Range;

use memchr::memchr3;
use zeroize::Zeroizing;

use super::forms::{self, SecretForm};
use super::search::Search;

/// The number of times that an escape may be escaped again.
const MAX_LAYERS: usize = 5;

/// The most bytes of a text for one byte of a value: `&amp;amp;#47;`.
const MAX_WIDTH: usize = 12;

/// The characters that open escapes: each alone, because a value may hold the others itself, and all together where one escape stands in another.
const SIGNS: [[u8; 3]; 4] = [[b'%'; 3], [b'&'; 3], [b'\\'; 3], [b'%', b'&', b'\\']];

/// The number of bytes of a text that are searched together.
const WINDOW_BYTES: usize = 64 << 10;

/// The characters of ASCII that HTML has names for.
const ENTITIES: [(u8, &[&[u8]]); 32] = [
    (b'"', &[b"quot", b"QUOT"]),
    (b'&', &[b"amp", b"AMP"]),
    (b'\'', &[b"apos"]),
    (b'<', &[b"lt", b"LT"]),
    (b'>', &[b"gt", b"GT"]),
    (b'/', &[b"sol"]),
    (b'+', &[b"plus"]),
    (b'=', &[b"equals"]),
    (b'!', &[b"excl"]),
    (b'#', &[b"num"]),
    (b'$', &[b"dollar"]),
    (b'%', &[b"percnt"]),
    (b'(', &[b"lpar"]),
    (b')', &[b"rpar"]),
    (b'*', &[b"ast", b"midast"]),
    (b',', &[b"comma"]),
    (b'.', &[b"period"]),
    (b':', &[b"colon"]),
    (b';', &[b"semi"]),
    (b'?', &[b"quest"]),
    (b'@', &[b"commat"]),
    (b'[', &[b"lsqb", b"lbrack"]),
    (b'\\', &[b"bsol"]),
    (b']', &[b"rsqb", b"rbrack"]),
    (b'^', &[b"Hat"]),
    (b'_', &[b"lowbar", b"UnderBar"]),
    (b'`', &[b"grave", b"DiacriticalGrave"]),
    (b'{', &[b"lcub", b"lbrace"]),
    (b'|', &[b"verbar", b"vert"]),
    (b'}', &[b"rcub", b"rbrace"]),
    (b'\t', &[b"Tab"]),
    (b'\n', &[b"NewLine"]),
];

/// The values to look for where escapes are undone.
#[derive(Debug, Default)]
pub(super) struct Escaped {
    search: Search,
    /// The number of bytes of the longest form.
    longest: usize,
}

/// A text whose escapes have been undone a number of times.
struct Layer {
    bytes: Zeroizing<Vec<u8>>,
    /// The place in the text that each byte came from, and the text's end.
    from: Vec<u32>,
}

/// A character that is written as an escape.
struct EscapedChar {
    /// Its bytes.
    bytes: [u8; 4],
    count: usize,
    /// The number of bytes of the text that it takes.
    length: usize,
}

impl EscapedChar {
    fn of_byte(byte: u8, length: usize) -> Self {
        Self { bytes: [byte, 0, 0, 0], count: 1, length }
    }

    fn of_number(number: u32, length: usize) -> Option<Self> {
        let mut bytes = [0; 4];
        let count = char::from_u32(number)?.encode_utf8(&mut bytes).len();
        Some(Self { bytes, count, length })
    }
}

impl Layer {
    fn of(text: &[u8]) -> Self {
        let bytes = Zeroizing::new(text.iter().map(|byte| blank(*byte)).collect());
        // A window is far smaller than what a number of 32 bits can say.
        Self { bytes, from: (0..=text.len() as u32).collect() }
    }

    /// Returns the next layer; `None` where nothing is escaped.
    fn unescaped(&self, [one, two, three]: [u8; 3]) -> Option<Self> {
        let (text, mut at) = (&*self.bytes, 0);
        let mut next = Self { bytes: Zeroizing::new(Vec::with_capacity(text.len())), from: Vec::with_capacity(self.from.len()) };
        let mut is_changed = false;
        while at < text.len() {
            let plain = memchr3(one, two, three, &text[at..]).unwrap_or(text.len() - at);
            next.bytes.extend_from_slice(&text[at..at + plain]);
            next.from.extend_from_slice(&self.from[at..at + plain]);
            at += plain;
            if at < text.len() {
                let unit = unit(text, at);
                is_changed |= unit.is_some();
                let unit = unit.unwrap_or(EscapedChar::of_byte(text[at], 1));
                next.bytes.extend(unit.bytes[..unit.count].iter().map(|byte| blank(*byte)));
                next.from.extend(std::iter::repeat_n(self.from[at], unit.count));
                at += unit.length;
            }
        }
        next.from.push(self.from[text.len()]);
        is_changed.then_some(next)
    }

    /// Returns every layer above this one, by escapes of these signs.
    fn layers(&self, signs: [u8; 3]) -> impl Iterator<Item = Self> {
        std::iter::successors(self.unescaped(signs), move |layer| layer.unescaped(signs)).take(MAX_LAYERS)
    }
}

/// In a form a `+` may be a space: both are read as one.
fn blank(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte }
}

impl Escaped {
    /// Prepares the search for these values. One that holds escapes itself is looked for with and without them.
    pub(super) fn new<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let layers = |form: SecretForm| {
            let first = Layer::of(&form.bytes);
            let own = SecretForm { bytes: first.bytes.clone(), ..form };
            std::iter::once(own).chain(first.layers(SIGNS[3]).last().map(|last| SecretForm { bytes: last.bytes, ..form }))
        };
        let forms: Vec<SecretForm> = values.flat_map(forms::unescaped).flat_map(layers).collect();
        let longest = forms.iter().map(|form| form.bytes.len()).max().unwrap_or(0);
        Self { search: Search::new(forms.into_iter()), longest }
    }

    /// Adds the places of every value that is escaped in part or whole.
    pub(super) fn find(&self, text: &[u8], spans: &mut Vec<Range<usize>>) {
        let mut from = 0;
        while let Some(window) = self.window(text, from) {
            from = window.end;
            let start = window.start.saturating_sub(self.longest);
            let end = text.len().min(window.end + self.longest * MAX_WIDTH);
            let first = Layer::of(&text[start..end]);
            for layer in SIGNS.into_iter().flat_map(|signs| first.layers(signs)) {
                let mut found = Vec::new();
                self.search.find(&layer.bytes, &mut found);
                let place = |at: usize| start + layer.from[at] as usize;
                spans.extend(found.into_iter().map(|span| place(span.start)..place(span.end)));
            }
        }
    }

    /// From the next escape on to the last before a longer text without any.
    fn window(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let next = |from: usize, to: usize| memchr3(b'%', b'&', b'\\', &text[from..to]).map(|at| from + at);
        let start = next(from, text.len()).filter(|_| self.longest > 0)?;
        let most = start + WINDOW_BYTES.max(self.longest * MAX_WIDTH);
        let mut end = start + 1;
        while let Some(at) = next(end, text.len().min(end + self.longest)).filter(|at| *at < most) {
            end = at + 1;
        }
        Some(start..end)
    }
}

/// Returns the character that is written as an escape here; `None` where there is none.
fn unit(text: &[u8], at: usize) -> Option<EscapedChar> {
    match text[at] {
        b'%' => percent(text, at),
        b'&' => entity(text, at),
        b'\\' => backslash(text, at),
        _ => None,
    }
}

/// `%2F`, and `%u002F` of old scripts.
fn percent(text: &[u8], at: usize) -> Option<EscapedChar> {
    match text.get(at + 1)? {
        b'u' | b'U' => EscapedChar::of_number(hex(text, at + 2, 4)?, 6),
        _ => Some(EscapedChar::of_byte(hex(text, at + 1, 2)? as u8, 3)),
    }
}

/// `&#47;`, `&#x2f;`, `&sol;`.
fn entity(text: &[u8], at: usize) -> Option<EscapedChar> {
    const MAX_ENTITY_BYTES: usize = 20;
    let rest = &text[at + 1..];
    let length = rest.iter().take(MAX_ENTITY_BYTES).position(|byte| *byte == b';')?;
    match &rest[..length] {
        [b'#', b'x' | b'X', digits @ ..] => EscapedChar::of_number(number(digits, 16)?, length + 2),
        [b'#', digits @ ..] => EscapedChar::of_number(number(digits, 10)?, length + 2),
        name => ENTITIES.iter().find(|(_, names)| names.contains(&name)).map(|(byte, _)| EscapedChar::of_byte(*byte, length + 2)),
    }
}

/// `\/`, `\x2f`, `\u002f`, `\u{2f}`, `\U0000002f`, `\057`, `\n`. A backslash before another letter is one.
fn backslash(text: &[u8], at: usize) -> Option<EscapedChar> {
    let simple = |byte: u8| Some(EscapedChar::of_byte(byte, 2));
    match *text.get(at + 1)? {
        b'u' | b'U' => unicode(text, at),
        b'x' | b'X' => hex(text, at + 2, 2).map(|byte| EscapedChar::of_byte(byte as u8, 4)),
        b'0'..=b'7' => {
            let digits = text[at + 1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            number(&text[at + 1..at + 1 + digits], 8).map(|byte| EscapedChar::of_byte(byte as u8, 1 + digits))
        }
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        byte if byte.is_ascii_alphanumeric() => None,
        byte => simple(byte),
    }
}

fn unicode(text: &[u8], at: usize) -> Option<EscapedChar> {
    if text.get(at + 2) == Some(&b'{') {
        let digits = text[at + 3..].iter().take(7).position(|byte| *byte == b'}')?;
        return EscapedChar::of_number(number(&text[at + 3..at + 3 + digits], 16)?, digits + 4);
    }
    if text[at + 1] == b'U' {
        return EscapedChar::of_number(hex(text, at + 2, 8)?, 10);
    }
    let high = hex(text, at + 2, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return EscapedChar::of_number(high, 6);
    }
    let low = text.get(at + 6..at + 8).filter(|sign| sign == b"\\u").and_then(|_| hex(text, at + 8, 4))?;
    EscapedChar::of_number(0x1_0000 + ((high - 0xd800) << 10) + low.checked_sub(0xdc00)?, 12)
}

/// Returns the number of so many hexadecimal digits.
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
        Escaped::new(["another", value].into_iter()).find(text.as_bytes(), &mut spans);
        super::super::merged(spans).into_iter().map(|span| text[span].to_owned()).collect()
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
    fn finds_escapes_within_escapes() {
        let value = "ab/c+d=é\"<z w\\T";
        for text in [
            "ab/c+d=é\\u0026quot;\\u0026lt;z w\\\\T",
            "ab/c+d=é\\\\u0026quot;\\\\u0026amp;lt;z w\\\\\\\\T",
            "ab%2Fc%2Bd%3D%5Cu00e9%5C%22%3Cz+w%5C%5CT",
            "ab%2Fc%2Bd%3D%C3%A9%26quot%3B%26lt%3Bz%20w%5CT",
            "ab/c+d=\\u00e9\\&quot;&lt;z w\\\\T",
            "ab%u002Fc%u002Bd%u003D%u00E9%u0022%u003Cz%u0020w%u005CT",
            "ab/c\\+d\\=é\\\"\\<z\\ w\\\\T",
            "ab/c+d=é&quot;<z w\\&#84;",
            "ab/c+d=é\"<z w\\%54",
            "ab&#0047;c&#x00002B;d=é&#0034;&lt;z w\\T",
        ] {
            assert_eq!(found(value, &format!("x {text} y")), [text], "{text}");
        }
        let nested = (0..4).fold(value.to_owned(), |text, _| serde_json::to_string(&text).unwrap().trim_matches('"').to_owned());
        assert_eq!(found(value, &format!("<{nested}>")).len(), 1, "{nested}");
    }

    #[test]
    fn finds_escaped_base64() {
        // The base64 of this value has both signs that are escaped.
        assert_eq!(
            found("a?>b?~cd~>", "basic YT8%2BYj9%2BY2R%2BPg%3D%3D YT8\\u002bYj9\\u002bY2R\\u002bPg"),
            ["YT8%2BYj9%2BY2R%2BPg", "YT8\\u002bYj9\\u002bY2R\\u002bPg"]
        );
    }

    #[test]
    fn finds_a_value_across_windows() {
        let text = "\\n".repeat(WINDOW_BYTES) + "ab%2Fcd" + &"%41".repeat(WINDOW_BYTES) + "ab%2fcd";
        assert_eq!(found("ab/cd", &text), ["ab%2Fcd", "ab%2fcd"]);
    }

    #[test]
    fn finds_nothing_else() {
        let text = "ab/c%2 ab&sol c% & \\ ab\\u00 &#; &#x110000; %zz ab\\ud83d";
        assert_eq!(found("ab/c+d=e", text), [""; 0]);
    }
}
