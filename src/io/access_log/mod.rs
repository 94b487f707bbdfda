//! The access log: one line a request on standard error.
//!
//! ```text
//! answer ─▶ writer: makes the line ─▶ [queue] ─▶ thread: gathers for ten milliseconds, writes whole lines at once, sleeps when there are none
//! ```
//!
//! A line costs the answer next to nothing: it never waits for standard error. Secrets in a query are masked, and what
//! steers a terminal is made visible. When standard error is closed nothing is written any more; when it takes nothing
//! the lines that cannot wait are counted.

mod line;

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::emulator::{AccessRecord, AccessSink, Settings};
use crate::redact::{Redactor, SecretRegistry};

use line::{LineFormatter, push_lost};

/// The time that lines are gathered before they are written: under load it makes one write of hundreds.
const FLUSH_INTERVAL: Duration = Duration::from_millis(10);

/// The number of lines that may wait to be written: a tenth of a second of the greatest load.
const MAX_QUEUED_LINES: usize = 8192;

/// The number of bytes that may wait, should all the lines be long.
const MAX_QUEUED_BYTES: usize = 8 << 20;

/// The capacity that the queue keeps; what a standstill has taken beyond that is given back.
const QUEUE_CAPACITY_BYTES: usize = 1 << 20;

/// The time that the end of the program waits for a standard error that takes nothing.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Names in a query whose values are no credentials but would be taken for some: the signatures of Alibaba Cloud's
/// older scheme and of signed links.
const SIGNATURES: [&str; 2] = ["Signature", "X-Signature"];

/// The format of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFormat {
    /// A line for people.
    Text,
    /// An object on a line, for programs.
    Json,
}

/// A log that is being written.
pub struct AccessLog {
    ended: Receiver<()>,
}

impl AccessLog {
    /// Starts to write to standard error. The log ends when the sink has gone.
    pub fn open(format: LineFormat, settings: &Settings, secrets: &SecretRegistry) -> (Arc<dyn AccessSink>, Self) {
        let waiting = Arc::new(LineQueue::default());
        let writer = AccessLogWriter::new(format, settings, secrets.clone(), Arc::clone(&waiting));
        let (end, ended) = channel();
        thread::spawn(move || {
            waiting.write(format, &mut io::stderr());
            // Nobody waits for it when the end was waited for in vain.
            let _ = end.send(());
        });
        (Arc::new(writer), Self { ended })
    }

    /// Waits until every line is written, but no longer than a second.
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
    format: LineFormat,
    secrets: SecretRegistry,
    /// Set when no secret is part of the id or name of anybody who may call.
    has_plain_callers: bool,
    waiting: Arc<LineQueue>,
}

impl AccessLogWriter {
    fn new(format: LineFormat, settings: &Settings, secrets: SecretRegistry, waiting: Arc<LineQueue>) -> Self {
        register(settings, &secrets);
        let redactor = secrets.redactor();
        let ids = settings.keys.iter().map(|accepted| &accepted.key.id);
        let mut callers = ids.chain(settings.users.iter().map(|user| &user.name));
        let has_plain_callers = callers.all(|caller| line::is_plain(caller, &redactor));
        Self { format, secrets, has_plain_callers, waiting }
    }
}

thread_local! {
    /// The buffer in which a thread builds its lines (each is whole before others see it), and what masks them.
    static LINE: RefCell<(String, Redactor)> = RefCell::default();
}

impl AccessSink for AccessLogWriter {
    fn notify(&self, access: &AccessRecord<'_>) {
        LINE.with_borrow_mut(|(line, redactor)| {
            line.clear();
            self.secrets.refresh(redactor);
            LineFormatter { format: self.format, redactor, has_plain_callers: self.has_plain_callers }.push(line, access);
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
    /// Set when no more will come.
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
    fn add(&self, line: &str) {
        let mut lines = self.lines.lock();
        let is_first = lines.are_none();
        lines.add(line);
        drop(lines);
        if is_first {
            self.some.notify_all();
        }
    }

    /// Records that no more lines come.
    fn end(&self) {
        self.lines.lock().is_over = true;
        self.some.notify_all();
    }

    /// Writes until there are no more, or until they cannot be written.
    fn write(&self, format: LineFormat, to: &mut impl Write) {
        let mut text = String::new();
        while self.take(format, &mut text) {
            if to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_err() {
                // None can be written any more.
                *self.lines.lock() = LineBuffer { is_over: true, ..LineBuffer::default() };
                return;
            }
        }
    }

    /// Waits for lines, lets them gather, and takes them; `false` when there will be no more.
    fn take(&self, format: LineFormat, text: &mut String) -> bool {
        let mut lines = self.lines.lock();
        self.some.wait_while(&mut lines, |lines| lines.are_none() && !lines.is_over);
        if !lines.is_over {
            MutexGuard::unlocked(&mut lines, || thread::sleep(FLUSH_INTERVAL));
        }
        let (is_end, lost) = (lines.are_none(), std::mem::take(&mut lines.lost));
        text.clear();
        text.shrink_to(QUEUE_CAPACITY_BYTES);
        std::mem::swap(text, &mut lines.text);
        lines.count = 0;
        drop(lines);
        push_lost(format, text, lost);
        !is_end
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::emulator::Note;

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

    fn access<'a>(target: &'a str, note: &'a Note) -> AccessRecord<'a> {
        let (arrived, took) = ("2026-11-22T05:45:21.123456Z".parse().unwrap(), Duration::from_micros(87));
        AccessRecord { arrived, provider: "alibaba-sae".into(), method: "POST", target, status: 400, bytes: 214, took, note }
    }

    fn writer(format: LineFormat, settings: &Settings) -> (AccessLogWriter, Arc<LineQueue>) {
        let waiting = Arc::new(LineQueue::default());
        (AccessLogWriter::new(format, settings, SecretRegistry::default(), Arc::clone(&waiting)), waiting)
    }

    fn written(format: LineFormat, access: &AccessRecord<'_>, times: usize) -> String {
        let (writer, waiting) = writer(format, &Settings::default());
        (0..times).for_each(|_| writer.notify(access));
        drop(writer);
        let mut out = Vec::new();
        waiting.write(format, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_everything_but_secrets() {
        assert_eq!(
            written(LineFormat::Text, &access(TARGET, &note()), 1),
            "2026-11-22T05:45:21.123Z alibaba-sae POST /a?AccessKeyId=LTAI1&Signature=••••••••&SecurityToken=••••••••&x=•••••••• \
             CreateNamespace LTAI1␠␛[31m 400 SignatureDoesNotMatch 0A1B 214B 87us (the signature does not match)\n"
        );
        let (arrived, provider, took, note) = (Timestamp::UNIX_EPOCH, "p".into(), Duration::ZERO, &Note::default());
        let nothing = AccessRecord { arrived, provider, method: "", target: "", status: 0, bytes: 0, took, note };
        assert_eq!(written(LineFormat::Text, &nothing, 1), "1970-01-01T00:00:00.000Z p - - - - - - - 0B 0us\n");
    }

    #[test]
    fn writes_the_same_in_json() {
        let line = written(LineFormat::Json, &access(TARGET, &note()), 1);
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&object["status"], &object["micros"], &object["caller"]), (&json!(400), &json!(87), &json!("LTAI1 \u{1b}[31m")));
        assert!(!line.contains('\u{1b}') && !line.contains("tok") && !line.contains("abc"), "{line}");
    }

    #[test]
    fn reports_lost_lines_and_writes_whole_lines() {
        let text = written(LineFormat::Text, &access(TARGET, &note()), 9000);
        assert!(text.contains("\n808 lines were lost"), "{}", &text[..400]);
        assert_eq!(text.lines().filter(|line| line.ends_with("(the signature does not match)")).count(), 8192);
    }

    #[test]
    fn ends_the_log_with_its_stream() {
        struct QueueClosed;
        impl Write for QueueClosed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (writer, waiting) = writer(LineFormat::Text, &Settings::default());
        writer.notify(&access(TARGET, &note()));
        waiting.write(LineFormat::Text, &mut QueueClosed);
        writer.notify(&access(TARGET, &note()));
    }

    #[test]
    fn long_texts_are_cut() {
        let (note, long) = (note(), "ä".repeat(5000));
        let target = format!("/{long}");
        let text = written(LineFormat::Text, &AccessRecord { method: &long, ..access(&target, &note) }, 1);
        assert!(text.chars().count() < 1300 && text.matches('…').count() == 2, "{text}");
    }

    #[test]
    fn bounds_queue_in_bytes_and_releases_it() {
        let (writer, waiting) = writer(LineFormat::Text, &Settings::default());
        let (note, target) = (note(), format!("/{}", "%C3%A4".repeat(160)));
        (0..9000).for_each(|_| writer.notify(&access(&target, &note)));
        let lines = waiting.lines.lock();
        let (bytes, count) = (lines.text.len(), lines.count);
        drop(lines);
        assert!((MAX_QUEUED_BYTES..MAX_QUEUED_BYTES + 2000).contains(&bytes) && count < MAX_QUEUED_LINES, "{bytes} bytes in {count} lines");
        drop(writer);
        waiting.write(LineFormat::Text, &mut io::sink());
        assert!(waiting.lines.lock().text.capacity() <= QUEUE_CAPACITY_BYTES);
    }

    #[test]
    fn masks_a_secret_inside_an_id() {
        let key = |text: &str| Settings { keys: vec![text.parse().unwrap()], ..Settings::default() };
        let line = |settings: &Settings, caller: &'static str| {
            let (writer, waiting) = writer(LineFormat::Text, settings);
            writer.notify(&access("/", &Note { caller: caller.into(), ..note() }));
            waiting.lines.lock().text.clone()
        };
        assert!(line(&key("AK1:s3cret-s3cret"), "AK1").contains(" AK1 "));
        assert!(!line(&key("s3cret-s3cret:s3cret-s3cret"), "s3cret-s3cret").contains("s3cret"));
    }
}
