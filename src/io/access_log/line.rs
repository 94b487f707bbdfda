//! A line of the access log, as text or as an object, with its secrets masked.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::json;

use super::LineFormat;
use crate::auth::DateFormat;
use crate::emulator::{AccessRecord, Note};
use crate::redact::Redactor;
use crate::text::escape_json;
use crate::visible::visible_line;

/// The longest target or caller that is written, in characters.
const MAX_FIELD_CHARS: usize = 1000;

/// The longest method that is written, in characters.
const MAX_METHOD_CHARS: usize = 40;

/// Returns `true` when no secret is part of a caller's id or name, and it is short enough to be written as it is.
pub(super) fn is_plain(caller: &str, redactor: &Redactor) -> bool {
    caller.len() <= MAX_FIELD_CHARS && matches!(redactor.plain_text(caller), Cow::Borrowed(_))
}

/// Makes a line of an access.
pub(super) struct LineFormatter<'a> {
    pub(super) format: LineFormat,
    pub(super) redactor: &'a Redactor,
    /// `true` when no secret is part of the id or name of anybody who may call.
    pub(super) has_plain_callers: bool,
}

impl LineFormatter<'_> {
    pub(super) fn push(&self, text: &mut String, access: &AccessRecord<'_>) {
        match self.format {
            LineFormat::Json => text.push_str(&self.object(access)),
            LineFormat::Text => self.push_words(text, access),
        }
        text.push('\n');
    }

    fn push_words(&self, text: &mut String, access: &AccessRecord<'_>) {
        let AccessRecord { provider, note, .. } = access;
        text.push_str(&DateFormat::write_millis(access.arrived));
        for word in
            [provider.as_str(), &cut(access.method, MAX_METHOD_CHARS), &self.masked(access.target), &note.operation, &self.caller(note)]
        {
            push_word(text, word);
        }
        push_status(text, access.status);
        for word in [&note.code, &note.request_id] {
            push_word(text, word);
        }
        let _ = write!(text, " {}B {}us", access.bytes, access.took.as_micros());
        if !note.reason.is_empty() {
            text.push_str(" (");
            text.push_str(&visible_line(&self.masked(&note.reason)));
            text.push(')');
        }
    }

    fn object(&self, access: &AccessRecord<'_>) -> String {
        let AccessRecord { note, .. } = access;
        let micros = u64::try_from(access.took.as_micros()).unwrap_or(u64::MAX);
        let object = json!({
            "time": DateFormat::write_millis(access.arrived),
            "provider": &*access.provider,
            "method": cut(access.method, MAX_METHOD_CHARS),
            "target": self.masked(access.target),
            "operation": note.operation,
            "caller": self.caller(note),
            "status": access.status,
            "code": note.code,
            "request_id": note.request_id,
            "bytes": access.bytes,
            "micros": micros,
            "reason": self.masked(&note.reason),
        });
        escape_json(&object.to_string())
    }

    /// Returns who called. What a stranger put in the place of an id may have to be covered; a known id hardly ever.
    fn caller<'n>(&self, note: &'n Note) -> Cow<'n, str> {
        match &note.caller {
            Cow::Borrowed(known) if self.has_plain_callers => Cow::Borrowed(known),
            caller => self.masked(caller),
        }
    }

    /// Masks a text from the network, and cuts it when it is longer than any vendor's.
    fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.redactor.plain_text(text) {
            Cow::Borrowed(text) => cut(text, MAX_FIELD_CHARS),
            Cow::Owned(text) => Cow::Owned(cut(&text, MAX_FIELD_CHARS).into_owned()),
        }
    }
}

/// Cuts a text after a number of characters.
fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    if text.len() <= longest {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Writes a status as a word; 0 stands for none.
fn push_status(text: &mut String, status: u16) {
    let _ = if status == 0 { text.write_str(" -") } else { write!(text, " {status}") };
}

/// Writes a word of a line: what is not there is a dash, and a space within is made visible.
fn push_word(text: &mut String, word: &str) {
    text.push(' ');
    match word {
        "" => text.push('-'),
        word if word.bytes().all(|byte| byte.is_ascii_graphic()) => text.push_str(word),
        word if word.contains(' ') => text.push_str(&visible_line(word).replace(' ', "␠")),
        word => text.push_str(&visible_line(word)),
    }
}

/// Writes how many lines were lost, if any were.
pub(super) fn push_lost(format: LineFormat, text: &mut String, lost: u64) {
    // Writing to a text cannot fail.
    let _ = match (lost, format) {
        (0, _) => Ok(()),
        (_, LineFormat::Json) => writeln!(text, r#"{{"lost":{lost}}}"#),
        _ => writeln!(text, "{lost} lines were lost: standard error did not take them in time"),
    };
}
