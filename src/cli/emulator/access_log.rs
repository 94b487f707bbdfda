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
use crate::export::object::escaped;
use crate::redact::Redactor;
use crate::visible::visible_line;

/// How long lines are gathered before they are written: under load it makes one write of hundreds.
const GATHERED: Duration = Duration::from_millis(10);

/// So many lines may wait to be written: a tenth of a second of the greatest load.
const MOST_WAITING: usize = 8192;

/// So many bytes may wait, should all the lines be long.
const MOST_BYTES: usize = 8 << 20;

/// So much room is kept for what waits next; what a standstill has taken beyond that is given back.
const ROOM: usize = 1 << 20;

/// How long the end of the program waits for a standard error that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// The longest target or caller that is written, in characters.
const LONGEST: usize = 1000;

/// The longest method that is written, in characters.
const LONGEST_METHOD: usize = 40;

/// Names in a query whose values are no credentials but would be taken for some: the signatures of Alibaba Cloud's
/// older scheme and of signed links.
const SIGNATURES: [&str; 2] = ["Signature", "X-Signature"];

/// How accesses are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
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
    pub fn open(form: Form, settings: &Settings) -> Option<(Arc<dyn AccessSink>, Self)> {
        if form == Form::None {
            return None;
        }
        let waiting = Arc::new(Waiting::default());
        let teller = Teller { scribe: Scribe::new(form, settings), waiting: Arc::clone(&waiting) };
        let (end, ended) = channel();
        thread::spawn(move || {
            waiting.write(form, &mut io::stderr());
            // Nobody waits for it when the end was waited for in vain.
            let _ = end.send(());
        });
        Some((Arc::new(teller), Self { ended }))
    }

    /// Waits until all is written that was told, but not for ever.
    pub fn close(self) {
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

/// What covers the emulator's own secrets, wherever a client puts them.
fn redactor(settings: &Settings) -> Redactor {
    let mut redactor = Redactor::default();
    for name in SIGNATURES {
        redactor.learn_name(name);
    }
    let keys = settings.keys.iter().flat_map(|accepted| [Some(&accepted.key.secret), accepted.key.token.as_ref()]);
    let passwords = settings.users.iter().map(|user| Some(&user.password));
    redactor.learn_all(keys.chain(passwords).flatten());
    redactor
}

/// Makes the lines and hands them on. They end with it.
#[derive(Debug)]
struct Teller {
    scribe: Scribe,
    waiting: Arc<Waiting>,
}

thread_local! {
    /// Where a thread makes its lines: each is whole before others get to see it.
    static LINE: RefCell<String> = RefCell::default();
}

impl AccessSink for Teller {
    fn tell(&self, access: &Access<'_>) {
        LINE.with_borrow_mut(|line| {
            line.clear();
            self.scribe.push(line, access);
            self.waiting.add(line);
        });
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.waiting.end();
    }
}

/// What waits to be written.
#[derive(Debug, Default)]
struct Waiting {
    lines: Mutex<Lines>,
    some: Condvar,
}

/// Whole lines, one after the other.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    count: usize,
    /// How many could not wait since something was last written.
    lost: u64,
    /// Whether no more will come.
    is_over: bool,
}

impl Lines {
    fn are_none(&self) -> bool {
        self.count == 0 && self.lost == 0
    }

    fn add(&mut self, line: &str) {
        if self.is_over {
            return;
        }
        if self.count < MOST_WAITING && self.text.len() < MOST_BYTES {
            self.text.push_str(line);
            self.count += 1;
        } else {
            self.lost += 1;
        }
    }
}

impl Waiting {
    fn lines(&self) -> MutexGuard<'_, Lines> {
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

    /// No more lines come.
    fn end(&self) {
        self.lines().is_over = true;
        self.some.notify_all();
    }

    /// Writes until there are no more, or until they cannot be written.
    fn write(&self, form: Form, to: &mut impl Write) {
        let mut text = String::new();
        while self.take(form, &mut text) {
            if to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_err() {
                // None can be written any more.
                *self.lines() = Lines { is_over: true, ..Lines::default() };
                return;
            }
        }
    }

    /// Waits for lines, lets them gather, and takes them; `false` when there will be no more.
    fn take(&self, form: Form, text: &mut String) -> bool {
        let lines = self.some.wait_while(self.lines(), |lines| lines.are_none() && !lines.is_over);
        if !lines.unwrap_or_else(PoisonError::into_inner).is_over {
            thread::sleep(GATHERED);
        }
        let mut lines = self.lines();
        let (is_end, lost) = (lines.are_none(), std::mem::take(&mut lines.lost));
        text.clear();
        text.shrink_to(ROOM);
        std::mem::swap(text, &mut lines.text);
        lines.count = 0;
        drop(lines);
        push_lost(form, text, lost);
        !is_end
    }
}

fn push_lost(form: Form, text: &mut String, lost: u64) {
    // Writing to a text cannot fail.
    let _ = match (lost, form) {
        (0, _) => Ok(()),
        (_, Form::Json) => writeln!(text, r#"{{"lost":{lost}}}"#),
        _ => writeln!(text, "{lost} lines were lost: standard error did not take them in time"),
    };
}

/// Makes a line of an access.
#[derive(Debug)]
struct Scribe {
    form: Form,
    redactor: Redactor,
    /// Whether no secret is part of the id or name of anybody who may call.
    has_plain_callers: bool,
}

impl Scribe {
    fn new(form: Form, settings: &Settings) -> Self {
        let redactor = redactor(settings);
        let ids = settings.keys.iter().map(|accepted| &accepted.key.id);
        let mut callers = ids.chain(settings.users.iter().map(|user| &user.name));
        let has_plain_callers = callers.all(|caller| caller.len() <= LONGEST && matches!(redactor.plain_text(caller), Cow::Borrowed(_)));
        Self { form, redactor, has_plain_callers }
    }

    fn push(&self, text: &mut String, access: &Access<'_>) {
        match self.form {
            Form::Json => text.push_str(&self.object(access)),
            _ => self.push_words(text, access),
        }
        text.push('\n');
    }

    fn push_words(&self, text: &mut String, access: &Access<'_>) {
        let Access { provider, note, .. } = access;
        text.push_str(&DateFormat::write_millis(access.arrived));
        for word in
            [provider.as_str(), &cut(access.method, LONGEST_METHOD), &self.covered(access.target), &note.operation, &self.caller(note)]
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
            text.push_str(&visible_line(&self.covered(&note.reason)));
            text.push(')');
        }
    }

    fn object(&self, access: &Access<'_>) -> String {
        let Access { note, .. } = access;
        let micros = u64::try_from(access.took.as_micros()).unwrap_or(u64::MAX);
        let object = json!({
            "time": DateFormat::write_millis(access.arrived),
            "provider": &*access.provider,
            "method": cut(access.method, LONGEST_METHOD),
            "target": self.covered(access.target),
            "operation": note.operation,
            "caller": self.caller(note),
            "status": access.status,
            "code": note.code,
            "request_id": note.request_id,
            "bytes": access.bytes,
            "micros": micros,
            "reason": self.covered(&note.reason),
        });
        escaped(&object.to_string())
    }

    /// Who called. What a stranger put in the place of an id may have to be covered; a known id hardly ever.
    fn caller<'n>(&self, note: &'n Note) -> Cow<'n, str> {
        match &note.caller {
            Cow::Borrowed(known) if self.has_plain_callers => Cow::Borrowed(known),
            caller => self.covered(caller),
        }
    }

    /// A text from the network without its secrets, cut when it is longer than any vendor's.
    fn covered<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.redactor.plain_text(text) {
            Cow::Borrowed(text) => cut(text, LONGEST),
            Cow::Owned(text) => Cow::Owned(cut(&text, LONGEST).into_owned()),
        }
    }
}

/// A text, cut when it has more than so many characters.
fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    if text.len() <= longest {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A status as a word; 0 stands for none.
fn push_status(text: &mut String, status: u16) {
    let _ = if status == 0 { text.write_str(" -") } else { write!(text, " {status}") };
}

/// A word of a line: what is not there is a dash, and a space within is made visible.
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

    fn teller(form: Form, settings: &Settings) -> (Teller, Arc<Waiting>) {
        let waiting = Arc::new(Waiting::default());
        (Teller { scribe: Scribe::new(form, settings), waiting: Arc::clone(&waiting) }, waiting)
    }

    fn written(form: Form, access: &Access<'_>, times: usize) -> String {
        let (teller, waiting) = teller(form, &Settings::default());
        (0..times).for_each(|_| teller.tell(access));
        drop(teller);
        let mut out = Vec::new();
        waiting.write(form, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_all_but_secrets() {
        assert_eq!(
            written(Form::Text, &access(TARGET, &note()), 1),
            "2026-11-22T05:45:21.123Z alibaba-sae POST /a?AccessKeyId=LTAI1&Signature=••••••••&SecurityToken=••••••••&x=•••••••• \
             CreateNamespace LTAI1␠␛[31m 400 SignatureDoesNotMatch 0A1B 214B 87us (the signature does not match)\n"
        );
        let (arrived, provider, took, note) = (Timestamp::UNIX_EPOCH, "p".into(), Duration::ZERO, &Note::default());
        let nothing = Access { arrived, provider, method: "", target: "", status: 0, bytes: 0, took, note };
        assert_eq!(written(Form::Text, &nothing, 1), "1970-01-01T00:00:00.000Z p - - - - - - - 0B 0us\n");
    }

    #[test]
    fn an_object_has_the_same() {
        let line = written(Form::Json, &access(TARGET, &note()), 1);
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&object["status"], &object["micros"], &object["caller"]), (&json!(400), &json!(87), &json!("LTAI1 \u{1b}[31m")));
        assert!(!line.contains('\u{1b}') && !line.contains("tok") && !line.contains("abc"), "{line}");
    }

    #[test]
    fn what_was_lost_is_said_and_lines_are_whole() {
        let text = written(Form::Text, &access(TARGET, &note()), 9000);
        assert!(text.contains("\n808 lines were lost"), "{}", &text[..400]);
        assert_eq!(text.lines().filter(|line| line.ends_with("(the signature does not match)")).count(), 8192);
    }

    #[test]
    fn a_closed_stream_ends_the_log() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (teller, waiting) = teller(Form::Text, &Settings::default());
        teller.tell(&access(TARGET, &note()));
        waiting.write(Form::Text, &mut Closed);
        teller.tell(&access(TARGET, &note()));
    }

    #[test]
    fn long_texts_are_cut() {
        let (note, long) = (note(), "ä".repeat(5000));
        let target = format!("/{long}");
        let text = written(Form::Text, &Access { method: &long, ..access(&target, &note) }, 1);
        assert!(text.chars().count() < 1300 && text.matches('…').count() == 2, "{text}");
    }

    #[test]
    fn what_waits_is_bounded_in_bytes_and_is_given_back() {
        let (teller, waiting) = teller(Form::Text, &Settings::default());
        let (note, target) = (note(), format!("/{}", "%C3%A4".repeat(160)));
        (0..9000).for_each(|_| teller.tell(&access(&target, &note)));
        let lines = waiting.lines();
        let (bytes, count) = (lines.text.len(), lines.count);
        drop(lines);
        assert!((MOST_BYTES..MOST_BYTES + 2000).contains(&bytes) && count < MOST_WAITING, "{bytes} bytes in {count} lines");
        drop(teller);
        waiting.write(Form::Text, &mut io::sink());
        assert!(waiting.lines().text.capacity() <= ROOM);
    }

    #[test]
    fn an_id_that_has_a_secret_in_it_is_covered() {
        let key = |text: &str| Settings { keys: vec![text.parse().unwrap()], ..Settings::default() };
        let line = |settings: &Settings, caller: &'static str| {
            let (teller, waiting) = teller(Form::Text, settings);
            teller.tell(&access("/", &Note { caller: caller.into(), ..note() }));
            waiting.lines().text.clone()
        };
        assert!(line(&key("AK1:s3cret-s3cret"), "AK1").contains(" AK1 "));
        assert!(!line(&key("s3cret-s3cret:s3cret-s3cret"), "s3cret-s3cret").contains("s3cret"));
    }
}
