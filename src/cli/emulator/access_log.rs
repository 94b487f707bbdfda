//! The access log: one line a request on standard error, written by a thread of its own.
//!
//! ```text
//! answer ─▶ sink ─▶ [waiting] ─▶ thread: gathers for ten milliseconds, writes whole lines at once, sleeps when there are none
//! ```
//!
//! Secrets in a query are covered, and what steers a terminal is made visible. When standard error is closed nothing is
//! written any more; when it takes nothing the lines that cannot wait are counted.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use jiff::Timestamp;
use serde_json::json;

use crate::emulator::{Access, AccessSink, Accesses, Settings, accesses};
use crate::export::object::escaped;
use crate::redact::Redactor;
use crate::visible::visible_line;

/// How long lines are gathered before they are written: under load it makes one write of hundreds.
const GATHERED: Duration = Duration::from_millis(10);

/// So many bytes are written at once.
const CHUNK: usize = 64 << 10;

/// How long the end of the program waits for a standard error that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// The longest target or caller that is written, in characters.
const LONGEST: usize = 1000;

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
    pub fn open(form: Form, settings: &Settings) -> Option<(AccessSink, Self)> {
        if form == Form::None {
            return None;
        }
        let scribe = Scribe::new(form, redactor(settings));
        let (sink, heard) = accesses();
        let (end, ended) = channel();
        thread::spawn(move || {
            scribe.write(&heard, &mut io::stderr());
            // Nobody waits for it when the end was waited for in vain.
            let _ = end.send(());
        });
        Some((sink, Self { ended }))
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

/// Writes accesses as lines.
struct Scribe {
    form: Form,
    redactor: Redactor,
    clock: RefCell<Clock>,
}

/// Writes times: most have the second of the one before.
#[derive(Default)]
struct Clock {
    second: i64,
    written: String,
}

impl Clock {
    /// A time in UTC to the millisecond, behind a text.
    fn push(&mut self, text: &mut String, time: Timestamp) {
        if self.written.is_empty() || self.second != time.as_second() {
            self.second = time.as_second();
            self.written = time.strftime("%Y-%m-%dT%H:%M:%S.").to_string();
        }
        text.push_str(&self.written);
        let _ = write!(text, "{:03}Z", time.subsec_millisecond());
    }
}

impl Scribe {
    fn new(form: Form, redactor: Redactor) -> Self {
        Self { form, redactor, clock: RefCell::default() }
    }

    /// Writes until there are no more, or until they cannot be written.
    fn write(&self, heard: &Accesses, to: &mut impl Write) {
        let mut text = String::new();
        while let Some(first) = heard.wait() {
            thread::sleep(GATHERED);
            text.clear();
            self.push(&mut text, &first);
            while text.len() < CHUNK
                && let Some(next) = heard.next()
            {
                self.push(&mut text, &next);
            }
            self.push_lost(&mut text, heard.lost());
            if to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_err() {
                return;
            }
        }
    }

    fn push(&self, text: &mut String, access: &Access) {
        match self.form {
            Form::Json => text.push_str(&self.object(access)),
            _ => self.push_words(text, access),
        }
        text.push('\n');
    }

    fn push_lost(&self, text: &mut String, lost: u64) {
        // Writing to a text cannot fail.
        let _ = match (lost, self.form) {
            (0, _) => Ok(()),
            (_, Form::Json) => writeln!(text, r#"{{"lost":{lost}}}"#),
            _ => writeln!(text, "{lost} lines were lost: standard error did not take them in time"),
        };
    }

    fn push_words(&self, text: &mut String, access: &Access) {
        let Access { provider, note, .. } = access;
        let status = if access.status == 0 { String::new() } else { access.status.to_string() };
        let target = self.covered(&access.target);
        let caller = self.covered(&note.caller);
        self.clock.borrow_mut().push(text, access.arrived);
        for word in [provider, access.method.as_str(), &target, &note.operation, &caller, &status, &note.code, &note.request_id] {
            push_word(text, word);
        }
        let _ = write!(text, " {}B {}us", access.bytes, access.took.as_micros());
        if !note.reason.is_empty() {
            text.push_str(" (");
            text.push_str(&visible_line(&self.covered(&note.reason)));
            text.push(')');
        }
    }

    fn object(&self, access: &Access) -> String {
        let Access { note, .. } = access;
        let micros = u64::try_from(access.took.as_micros()).unwrap_or(u64::MAX);
        let object = json!({
            "time": self.time(access.arrived),
            "provider": &*access.provider,
            "method": access.method,
            "target": self.covered(&access.target),
            "operation": note.operation,
            "caller": self.covered(&note.caller),
            "status": access.status,
            "code": note.code,
            "request_id": note.request_id,
            "bytes": access.bytes,
            "micros": micros,
            "reason": self.covered(&note.reason),
        });
        escaped(&object.to_string())
    }

    fn time(&self, time: Timestamp) -> String {
        let mut text = String::with_capacity(24);
        self.clock.borrow_mut().push(&mut text, time);
        text
    }

    /// A text from the network without its secrets, cut when it is longer than any vendor's.
    fn covered<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = self.redactor.plain_text(text);
        if text.len() <= LONGEST {
            return text;
        }
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
            None => text,
        }
    }
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

    use super::*;
    use crate::emulator::Note;

    fn access() -> Access {
        Access {
            arrived: "2026-11-22T05:45:21.123456Z".parse().unwrap(),
            provider: "alibaba-sae".into(),
            method: "POST".into(),
            target: "/a?AccessKeyId=LTAI1&Signature=abc%3D&SecurityToken=tok&x=SkydeckDemoSecretAlibaba000001".into(),
            status: 400,
            bytes: 214,
            took: Duration::from_micros(87),
            note: Note {
                operation: "CreateNamespace".into(),
                caller: "LTAI1 \u{1b}[31m".into(),
                code: "SignatureDoesNotMatch".into(),
                reason: "the signature does not match".into(),
                request_id: "0A1B".into(),
            },
        }
    }

    fn written(form: Form, told: &[Access]) -> String {
        let (sink, heard) = accesses();
        for access in told {
            sink.tell(access.clone());
        }
        drop(sink);
        let mut out = Vec::new();
        Scribe::new(form, redactor(&Settings::default())).write(&heard, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_all_but_secrets() {
        assert_eq!(
            written(Form::Text, &[access()]),
            "2026-11-22T05:45:21.123Z alibaba-sae POST /a?AccessKeyId=LTAI1&Signature=••••••••&SecurityToken=••••••••&x=•••••••• \
             CreateNamespace LTAI1␠␛[31m 400 SignatureDoesNotMatch 0A1B 214B 87us (the signature does not match)\n"
        );
        let nothing = Access { arrived: Timestamp::UNIX_EPOCH, provider: "p".into(), ..Access::default() };
        assert_eq!(written(Form::Text, &[nothing]), "1970-01-01T00:00:00.000Z p - - - - - - - 0B 0us\n");
    }

    #[test]
    fn an_object_has_the_same() {
        let line = written(Form::Json, &[access()]);
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&object["status"], &object["micros"], &object["caller"]), (&json!(400), &json!(87), &json!("LTAI1 \u{1b}[31m")));
        assert!(!line.contains('\u{1b}') && !line.contains("tok") && !line.contains("abc"), "{line}");
    }

    #[test]
    fn what_was_lost_is_said_and_lines_are_whole() {
        let many = vec![access(); 9000];
        let text = written(Form::Text, &many);
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
        let (sink, heard) = accesses();
        sink.tell(access());
        Scribe::new(Form::Text, Redactor::default()).write(&heard, &mut Closed);
        drop(heard);
        sink.tell(access());
    }

    #[test]
    fn a_long_target_is_cut() {
        let long = Access { target: format!("/{}", "ä".repeat(5000)), ..access() };
        let text = written(Form::Text, &[long]);
        assert!(text.chars().count() < 1300 && text.contains('…'), "{text}");
    }
}
