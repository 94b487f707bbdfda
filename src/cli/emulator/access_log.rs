//! The access log: one line a request on standard error.
//!
//! ```text
//! answer ─▶ teller: makes the line ─▶ [waiting] ─▶ thread: gathers for ten milliseconds, writes whole lines at once, sleeps when there are none
//! ```
//!
//! Telling costs the answer next to nothing: it never waits for standard error. Secrets in a query are covered, and what
//! steers a terminal is made visible. When standard error is closed nothing is written any more; when it takes nothing
//! the lines that cannot wait are counted.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use serde_json::json;

use crate::auth::DateFormat;
use crate::emulator::{Access, AccessSink, Note, Settings};
use crate::redact::{Redactor, SecretRegistry};
use crate::text::escape_json;
use crate::visible::visible_line;

/// The time that lines are gathered before they are written: under load it makes one write of hundreds.
const FLUSH_INTERVAL: Duration = Duration::from_millis(10);

/// So many lines may wait to be written: a tenth of a second of the greatest load.
const MAX_QUEUED_LINES: usize = 8192;

/// So many bytes may wait, should all the lines be long.
const MAX_QUEUED_BYTES: usize = 8 << 20;

/// So much room is kept for what waits next; what a standstill has taken beyond that is given back.
const QUEUE_CAPACITY_BYTES: usize = 1 << 20;

/// The time that the end of the program waits for a standard error that takes nothing.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// The longest target or caller that is written, in characters.
const MAX_FIELD_CHARS: usize = 1000;

/// The longest method that is written, in characters.
const MAX_METHOD_CHARS: usize = 40;

/// Names in a query whose values are no credentials but would be taken for some: the signatures of Alibaba Cloud's
/// older scheme and of signed links.
const SIGNATURES: [&str; 2] = ["Signature", "X-Signature"];

/// The format of the access log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for people
    #[default]
    Text,
    /// An object on a line, for programs
    Json,
    /// Nothing
    None,
}

/// A log that is being written.
pub struct AccessLog {
    ended: Receiver<()>,
}

impl AccessLog {
    /// Starts to write to standard error. The log ends when the sink has gone.
    pub fn open(form: LogFormat, settings: &Settings, secrets: &SecretRegistry) -> Option<(Arc<dyn AccessSink>, Self)> {
        if form == LogFormat::None {
            return None;
        }
        let waiting = Arc::new(LineQueue::default());
        let writer = AccessLogWriter::new(form, settings, secrets.clone(), Arc::clone(&waiting));
        let (end, ended) = channel();
        thread::spawn(move || {
            waiting.write(form, &mut io::stderr());
            // Nobody waits for it when the end was waited for in vain.
            let _ = end.send(());
        });
        Some((Arc::new(writer), Self { ended }))
    }

    /// Waits until all is written that was told, but not for ever.
    pub fn close(self) {
        let _ = self.ended.recv_timeout(SHUTDOWN_TIMEOUT);
    }
}

/// Registers the emulator's own secrets: they are masked wherever a client puts them.
fn register(settings: &Settings, secrets: &SecretRegistry) {
    secrets.add_names(SIGNATURES);
    let keys = settings.keys.iter().flat_map(|accepted| [Some(&accepted.key.secret), accepted.key.token.as_ref()]);
    let passwords = settings.users.iter().map(|user| Some(&user.password));
    secrets.add(keys.chain(passwords).flatten());
}

/// Makes the lines and hands them on. They end with it.
#[derive(Debug)]
struct AccessLogWriter {
    form: LogFormat,
    secrets: SecretRegistry,
    /// Set when no secret is part of the id or name of anybody who may call.
    has_plain_callers: bool,
    waiting: Arc<LineQueue>,
}

impl AccessLogWriter {
    fn new(form: LogFormat, settings: &Settings, secrets: SecretRegistry, waiting: Arc<LineQueue>) -> Self {
        register(settings, &secrets);
        let redactor = secrets.redactor();
        let ids = settings.keys.iter().map(|accepted| &accepted.key.id);
        let mut callers = ids.chain(settings.users.iter().map(|user| &user.name));
        let has_plain_callers =
            callers.all(|caller| caller.len() <= MAX_FIELD_CHARS && matches!(redactor.plain_text(caller), Cow::Borrowed(_)));
        Self { form, secrets, has_plain_callers, waiting }
    }
}

thread_local! {
    /// The buffer in which a thread builds its lines (each is whole before others see it), and what masks them.
    static LINE: RefCell<(String, Redactor)> = RefCell::default();
}

impl AccessSink for AccessLogWriter {
    fn notify(&self, access: &Access<'_>) {
        LINE.with_borrow_mut(|(line, redactor)| {
            line.clear();
            self.secrets.refresh(redactor);
            LineFormatter { form: self.form, redactor, has_plain_callers: self.has_plain_callers }.push(line, access);
            self.waiting.add(line);
        });
    }
}

impl Drop for AccessLogWriter {
    fn drop(&mut self) {
        self.waiting.end();
    }
}

/// The queue of lines to be written.
#[derive(Debug, Default)]
struct LineQueue {
    lines: Mutex<LineBuffer>,
    some: Condvar,
}

/// Whole lines, one after the other.
#[derive(Debug, Default)]
struct LineBuffer {
    text: String,
    count: usize,
    /// The number of lines dropped since something was last written.
    lost: u64,
    /// Whether no more will come.
    is_over: bool,
}

impl LineBuffer {
    fn are_none(&self) -> bool {
        self.count == 0 && self.lost == 0
    }

    fn add(&mut self, line: &str) {
        if self.is_over {
            return;
        }
        if self.count < MAX_QUEUED_LINES && self.text.len() < MAX_QUEUED_BYTES {
            self.text.push_str(line);
            self.count += 1;
        } else {
            self.lost += 1;
        }
    }
}

impl LineQueue {
    fn lines(&self) -> MutexGuard<'_, LineBuffer> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: &str) {
        let mut lines = self.lines();
        let is_first = lines.are_none();
        lines.add(line);
        drop(lines);
        if is_first {
            self.some.notify_all();
        }
    }

    /// Records that no more lines come.
    fn end(&self) {
        self.lines().is_over = true;
        self.some.notify_all();
    }

    /// Writes until there are no more, or until they cannot be written.
    fn write(&self, form: LogFormat, to: &mut impl Write) {
        let mut text = String::new();
        while self.take(form, &mut text) {
            if to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_err() {
                // None can be written any more.
                *self.lines() = LineBuffer { is_over: true, ..LineBuffer::default() };
                return;
            }
        }
    }

    /// Waits for lines, lets them gather, and takes them; `false` when there will be no more.
    fn take(&self, form: LogFormat, text: &mut String) -> bool {
        let lines = self.some.wait_while(self.lines(), |lines| lines.are_none() && !lines.is_over);
        if !lines.unwrap_or_else(PoisonError::into_inner).is_over {
            thread::sleep(FLUSH_INTERVAL);
        }
        let mut lines = self.lines();
        let (is_end, lost) = (lines.are_none(), std::mem::take(&mut lines.lost));
        text.clear();
        text.shrink_to(QUEUE_CAPACITY_BYTES);
        std::mem::swap(text, &mut lines.text);
        lines.count = 0;
        drop(lines);
        push_lost(form, text, lost);
        !is_end
    }
}

fn push_lost(form: LogFormat, text: &mut String, lost: u64) {
    // Writing to a text cannot fail.
    let _ = match (lost, form) {
        (0, _) => Ok(()),
        (_, LogFormat::Json) => writeln!(text, r#"{{"lost":{lost}}}"#),
        _ => writeln!(text, "{lost} lines were lost: standard error did not take them in time"),
    };
}

/// Makes a line of an access.
struct LineFormatter<'a> {
    form: LogFormat,
    redactor: &'a Redactor,
    has_plain_callers: bool,
}

impl LineFormatter<'_> {
    fn push(&self, text: &mut String, access: &Access<'_>) {
        match self.form {
            LogFormat::Json => text.push_str(&self.object(access)),
            _ => self.push_words(text, access),
        }
        text.push('\n');
    }

    fn push_words(&self, text: &mut String, access: &Access<'_>) {
        let Access { provider, note, .. } = access;
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

    fn object(&self, access: &Access<'_>) -> String {
        let Access { note, .. } = access;
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

    /// Returns a text from the network without its secrets, cut when it is longer than any vendor's.
    fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.redactor.plain_text(text) {
            Cow::Borrowed(text) => cut(text, MAX_FIELD_CHARS),
            Cow::Owned(text) => Cow::Owned(cut(&text, MAX_FIELD_CHARS).into_owned()),
        }
    }
}

/// Returns a text, cut when it has more than so many characters.
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    const TARGET: &str = "/a?AccessKeyId=LTAI1&Signature=abc%3D&SecurityToken=tok&x=SkydeckDemoSecretAlibaba000001";

    fn note() -> Note {
        Note {
            operation: "CreateNamespace".into(),
            caller: "LTAI1 \u{1b}[31m".to_owned().into(),
            code: "SignatureDoesNotMatch".into(),
            reason: "the signature does not match".into(),
            request_id: "0A1B".into(),
        }
    }

    fn access<'a>(target: &'a str, note: &'a Note) -> Access<'a> {
        let (arrived, took) = ("2026-11-22T05:45:21.123456Z".parse().unwrap(), Duration::from_micros(87));
        Access { arrived, provider: "alibaba-sae".into(), method: "POST", target, status: 400, bytes: 214, took, note }
    }

    fn writer(form: LogFormat, settings: &Settings) -> (AccessLogWriter, Arc<LineQueue>) {
        let waiting = Arc::new(LineQueue::default());
        (AccessLogWriter::new(form, settings, SecretRegistry::default(), Arc::clone(&waiting)), waiting)
    }

    fn written(form: LogFormat, access: &Access<'_>, times: usize) -> String {
        let (writer, waiting) = writer(form, &Settings::default());
        (0..times).for_each(|_| writer.notify(access));
        drop(writer);
        let mut out = Vec::new();
        waiting.write(form, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_all_but_secrets() {
        assert_eq!(
            written(LogFormat::Text, &access(TARGET, &note()), 1),
            "2026-11-22T05:45:21.123Z alibaba-sae POST /a?AccessKeyId=LTAI1&Signature=••••••••&SecurityToken=••••••••&x=•••••••• \
             CreateNamespace LTAI1␠␛[31m 400 SignatureDoesNotMatch 0A1B 214B 87us (the signature does not match)\n"
        );
        let (arrived, provider, took, note) = (Timestamp::UNIX_EPOCH, "p".into(), Duration::ZERO, &Note::default());
        let nothing = Access { arrived, provider, method: "", target: "", status: 0, bytes: 0, took, note };
        assert_eq!(written(LogFormat::Text, &nothing, 1), "1970-01-01T00:00:00.000Z p - - - - - - - 0B 0us\n");
    }

    #[test]
    fn an_object_has_the_same() {
        let line = written(LogFormat::Json, &access(TARGET, &note()), 1);
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&object["status"], &object["micros"], &object["caller"]), (&json!(400), &json!(87), &json!("LTAI1 \u{1b}[31m")));
        assert!(!line.contains('\u{1b}') && !line.contains("tok") && !line.contains("abc"), "{line}");
    }

    #[test]
    fn reports_lost_lines_and_writes_whole_lines() {
        let text = written(LogFormat::Text, &access(TARGET, &note()), 9000);
        assert!(text.contains("\n808 lines were lost"), "{}", &text[..400]);
        assert_eq!(text.lines().filter(|line| line.ends_with("(the signature does not match)")).count(), 8192);
    }

    #[test]
    fn a_closed_stream_ends_the_log() {
        struct QueueClosed;
        impl Write for QueueClosed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (writer, waiting) = writer(LogFormat::Text, &Settings::default());
        writer.notify(&access(TARGET, &note()));
        waiting.write(LogFormat::Text, &mut QueueClosed);
        writer.notify(&access(TARGET, &note()));
    }

    #[test]
    fn long_texts_are_cut() {
        let (note, long) = (note(), "ä".repeat(5000));
        let target = format!("/{long}");
        let text = written(LogFormat::Text, &Access { method: &long, ..access(&target, &note) }, 1);
        assert!(text.chars().count() < 1300 && text.matches('…').count() == 2, "{text}");
    }

    #[test]
    fn bounds_queue_in_bytes_and_releases_it() {
        let (writer, waiting) = writer(LogFormat::Text, &Settings::default());
        let (note, target) = (note(), format!("/{}", "%C3%A4".repeat(160)));
        (0..9000).for_each(|_| writer.notify(&access(&target, &note)));
        let lines = waiting.lines();
        let (bytes, count) = (lines.text.len(), lines.count);
        drop(lines);
        assert!((MAX_QUEUED_BYTES..MAX_QUEUED_BYTES + 2000).contains(&bytes) && count < MAX_QUEUED_LINES, "{bytes} bytes in {count} lines");
        drop(writer);
        waiting.write(LogFormat::Text, &mut io::sink());
        assert!(waiting.lines().text.capacity() <= QUEUE_CAPACITY_BYTES);
    }

    #[test]
    fn an_id_that_has_a_secret_in_it_is_covered() {
        let key = |text: &str| Settings { keys: vec![text.parse().unwrap()], ..Settings::default() };
        let line = |settings: &Settings, caller: &'static str| {
            let (writer, waiting) = writer(LogFormat::Text, settings);
            writer.notify(&access("/", &Note { caller: caller.into(), ..note() }));
            waiting.lines().text.clone()
        };
        assert!(line(&key("AK1:s3cret-s3cret"), "AK1").contains(" AK1 "));
        assert!(!line(&key("s3cret-s3cret:s3cret-s3cret"), "s3cret-s3cret").contains("s3cret"));
    }
}
