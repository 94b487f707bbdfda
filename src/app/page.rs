//! Pages: text made for a pane or a popup, in words of meaning, not of colour.
//!
//! A page is built for a width and wrapped there and then, so that drawing it costs what is visible and no more.
//! Whatever text goes in is made visible on the way: no control character of an answer gets past [`Line::push`].

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::visible::visible;

/// The role of a piece of text; the theme maps it to a style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// Of lesser weight.
    Dim,
    /// A heading.
    Heading,
    /// The name of a value.
    Label,
    /// A key of the keyboard, or what has the focus.
    Accent,
    /// A failure.
    Failure,
    /// A doubt.
    Warning,
    /// A success.
    Success,
    /// The name of a JSON member or of a header.
    Key,
    /// A JSON string.
    String,
    /// A JSON number.
    Number,
    /// `true`, `false`, `null`.
    Literal,
    /// Brackets, commas, colons.
    Punctuation,
    /// A secret's mask.
    Masked,
    /// The search pattern.
    Found,
    /// The one match of a search that is looked at.
    FoundHere,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The role of the text.
    pub role: Role,
    /// Its text, without control characters.
    pub text: String,
}

/// A line of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its pieces.
    pub spans: Vec<Span>,
    /// The number of columns that its continuation is indented when it is wrapped.
    hang: usize,
    /// Set when something stands before it and behind it that is cut off.
    pub cut: (bool, bool),
    /// Set when it is a remark on what is shown: a search passes it over.
    aside: bool,
    /// The line break before it, if the line before was broken there.
    joint: Option<LineBreak>,
}

/// The position of a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LineBreak {
    /// Blank columns that were put before what goes on.
    indent: usize,
    /// Set when a space was left out at the break.
    space: bool,
}

impl Line {
    /// Creates a line of one piece.
    pub fn of(role: Role, text: impl AsRef<str>) -> Self {
        Self::default().with(role, text)
    }

    /// Adds a piece.
    #[must_use]
    pub fn with(mut self, role: Role, text: impl AsRef<str>) -> Self {
        self.push(role, text.as_ref());
        self
    }

    /// Makes it a remark on what is shown, which a search passes over.
    #[must_use]
    pub fn excluded_from_search(mut self) -> Self {
        self.aside = true;
        self
    }

    /// Returns whether it is such a remark.
    pub fn is_excluded_from_search(&self) -> bool {
        self.aside
    }

    /// Indents what is wrapped.
    #[must_use]
    pub fn hanging(mut self, columns: usize) -> Self {
        self.hang = columns;
        self
    }

    /// Adds a piece.
    pub fn push(&mut self, role: Role, text: &str) {
        if !text.is_empty() {
            self.spans.push(Span { role, text: visible(text).into_owned() });
        }
    }

    /// Returns columns it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }

    /// Adds its text to that of the lines before it, as it was before it was broken; the byte of its own text from which it was added.
    pub fn join(&self, out: &mut String) -> usize {
        let text = self.text();
        match self.joint {
            Some(LineBreak { space: true, .. }) => out.push(' '),
            None if !out.is_empty() => out.push('\n'),
            Some(_) | None => {}
        }
        let from = self.joint.map_or(0, |joint| joint.indent).min(text.len());
        out.push_str(&text[from..]);
        from
    }

    /// Gives a range of its text, in bytes, another role.
    pub fn mark(&mut self, range: &Range<usize>, role: Role) {
        let mut at = 0;
        let mut spans = Vec::with_capacity(self.spans.len() + 2);
        for span in self.spans.drain(..) {
            let cut = |place: usize| place.saturating_sub(at).min(span.text.len());
            let (from, until) = (cut(range.start), cut(range.end));
            for (role, text) in [(span.role, &span.text[..from]), (role, &span.text[from..until]), (span.role, &span.text[until..])] {
                if !text.is_empty() {
                    spans.push(Span { role, text: text.to_owned() });
                }
            }
            at += span.text.len();
        }
        self.spans = spans;
    }

    /// Returns its text without the roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Breaks it at `width` columns: at a space where there is one, else between characters.
    fn wrap(self, width: usize, out: &mut Vec<Self>) {
        if width == 0 || self.width() <= width {
            out.push(self);
            return;
        }
        let mut breaker =
            Breaker { width, hang: self.hang.min(width / 2), line: Self::default(), column: 0, broken: false, eaten: false, out };
        for span in &self.spans {
            breaker.add(span);
        }
        let last = breaker.line;
        out.push(last);
    }
}

/// Columns from which a word is broken at its own signs.
const LONG_WORD_COLUMNS: usize = 32;

/// Breaks pieces into lines.
struct Breaker<'a> {
    width: usize,
    hang: usize,
    line: Line,
    column: usize,
    /// Set when this line goes on from the one before.
    broken: bool,
    /// Set when a space was left out since the last piece.
    eaten: bool,
    out: &'a mut Vec<Line>,
}

impl Breaker<'_> {
    /// Breaks at spaces; a word longer than [`LONG_WORD_COLUMNS`] (a signature, a URL) also at its own signs, to fill the line.
    fn add(&mut self, span: &Span) {
        for word in span.text.split_inclusive(' ') {
            if word.trim_end().width() <= LONG_WORD_COLUMNS {
                self.place(span.role, word);
            } else {
                word.split_word_bounds().for_each(|piece| self.place(span.role, piece));
            }
        }
    }

    /// Puts a word into this line, or into the next one where it does not fit here.
    fn place(&mut self, role: Role, word: &str) {
        let width = word.trim_end().width();
        if self.column + width > self.width && width <= self.width - self.hang && self.column > self.hang {
            self.next_line();
        }
        let fits = if self.column + word.width() > self.width { word.trim_end() } else { word };
        // The spaces at which a line is broken belong to neither part.
        let at_break = self.broken && self.column <= self.hang;
        if !at_break || !fits.trim().is_empty() {
            self.put(role, fits, fits.width());
            self.eaten = fits.len() < word.len();
        } else if let Some(joint) = &mut self.line.joint {
            joint.space = true;
        }
    }

    /// Puts a word down; one that is longer than a line is broken between its characters.
    fn put(&mut self, role: Role, word: &str, width: usize) {
        if self.column + width <= self.width {
            return self.append(role, word, width);
        }
        for grapheme in word.graphemes(true) {
            let width = grapheme.width();
            if self.column + width > self.width {
                self.next_line();
            }
            self.append(role, grapheme, width);
        }
    }

    fn append(&mut self, role: Role, text: &str, width: usize) {
        match self.line.spans.last_mut() {
            Some(last) if last.role == role => last.text.push_str(text),
            _ => self.line.spans.push(Span { role, text: text.to_owned() }),
        }
        self.column += width;
    }

    fn next_line(&mut self) {
        self.out.push(std::mem::take(&mut self.line));
        self.line.joint = Some(LineBreak { indent: self.hang, space: std::mem::take(&mut self.eaten) });
        self.column = 0;
        self.broken = true;
        if self.hang > 0 {
            self.append(Role::Text, &" ".repeat(self.hang), self.hang);
        }
    }
}

/// Lines wrapped to a width.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The lines, none wider than the page.
    pub lines: Vec<Line>,
    width: usize,
}

impl Page {
    /// Creates an empty page of a width in columns; 0 breaks no line, for copies.
    pub fn new(width: usize) -> Self {
        Self { lines: Vec::new(), width }
    }

    /// Returns the width it is made for.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the columns that a body may take in it.
    pub fn columns(&self) -> u16 {
        u16::try_from(self.width).ok().filter(|width| *width > 0).unwrap_or(u16::MAX)
    }

    /// Adds a line, wrapped.
    pub fn line(&mut self, line: Line) {
        let (aside, from) = (line.aside, self.lines.len());
        line.wrap(self.width, &mut self.lines);
        self.lines[from..].iter_mut().for_each(|line| line.aside = aside);
    }

    /// Adds a line of one role; line breaks in the text begin new lines.
    pub fn text(&mut self, role: Role, text: &str) {
        for piece in text.split('\n') {
            self.line(Line::of(role, piece.trim_end_matches('\r')));
        }
    }

    /// Adds an empty line, unless the page is empty or ends with one.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|last| !last.spans.is_empty()) {
            self.lines.push(Line::default());
        }
    }

    /// Adds a heading, set off by an empty line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.line(Line::of(Role::Heading, text));
    }

    /// Adds `label  value` with the values of a block aligned at `column`.
    pub fn field(&mut self, column: usize, label: &str, role: Role, value: &str) {
        let pad = column.saturating_sub(label.width()).max(2);
        let hang = label.width() + pad;
        let mut pieces = value.split('\n');
        let first = pieces.next().unwrap_or_default();
        self.line(Line::of(Role::Label, label).with(Role::Text, " ".repeat(pad)).with(role, first).hanging(hang));
        for piece in pieces {
            self.line(Line::of(Role::Text, " ".repeat(hang)).with(role, piece).hanging(hang));
        }
    }

    /// Returns the whole text, a line each.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            out.push_str(line.text().trim_end());
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        let mut page = Page::new(width);
        page.text(Role::Text, text);
        page.lines.iter().map(Line::text).collect()
    }

    #[test]
    fn breaks_at_spaces_and_inside_long_words() {
        assert_eq!(wrapped("a quick fox", 7), ["a quick", "fox"]);
        assert_eq!(wrapped("0123456789abcdef", 6), ["012345", "6789ab", "cdef"]);
    }

    #[test]
    fn wide_characters_never_pass_the_edge() {
        for line in wrapped("命名空间用于隔离资源 and latin", 7) {
            assert!(line.width() <= 7, "{line:?}");
        }
    }

    #[test]
    fn continuations_hang() {
        let mut page = Page::new(20);
        page.field(8, "Code", Role::Text, "one two three four five");
        let lines: Vec<_> = page.lines.iter().map(Line::text).collect();
        assert_eq!(lines[0].trim_end(), "Code    one two");
        assert!(lines[1].starts_with("        "), "{lines:?}");
    }

    #[test]
    fn broken_lines_are_joined_as_they_were() {
        let text = "POST /pop/v1/paas/namespace?NamespaceName=orders%20and%20more a quick brown  fox 0123456789abcdefghijklmnopqrstuvwxyz";
        for width in 12..60 {
            let mut page = Page::new(width);
            page.line(Line::of(Role::Text, text).hanging(4));
            let mut joined = String::new();
            for line in &page.lines {
                line.join(&mut joined);
            }
            assert_eq!(joined.replace("  ", " "), text.replace("  ", " "), "{width}");
        }
    }

    #[test]
    fn keeps_the_text_around_a_mark() {
        let mut line = Line::of(Role::Key, "host").with(Role::Punctuation, ": ").with(Role::Text, "example");
        line.mark(&(2..8), Role::Found);
        assert_eq!(line.text(), "host: example");
        let found: String = line.spans.iter().filter(|span| span.role == Role::Found).map(|span| span.text.as_str()).collect();
        assert_eq!(found, "st: ex");
    }

    #[test]
    fn rejects_hostile_names() {
        let line = Line::of(Role::Text, "a\x1b[2Jb\u{202e}c");
        assert!(!line.text().contains(['\x1b', '\u{202e}']), "{line:?}");
    }
}
