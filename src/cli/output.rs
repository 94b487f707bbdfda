//! The one writer. Whatever is printed passes here: secrets are masked, what steers a terminal is made visible,
//! a closed standard output is taken quietly, and colours go to terminals only.

use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ValueEnum;
use serde_json::Value;

use super::exit::{CommandResult, Exit, Failure};
use crate::export::object::masked_json;
use crate::io::program_log;
use crate::io::terminal::is_plain;
use crate::redact::{Redactor, SecretRegistry};
use crate::text::escape_json;
use crate::visible::{visible, visible_bytes};

/// The format of printed results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// For programs: one object on one line
    Json,
}

/// The colour role of a piece of text. None carries meaning alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorRole {
    /// Text.
    Plain,
    /// The label of the text beside it.
    Label,
    /// Success.
    Good,
    /// Failure.
    Bad,
    /// A warning.
    Warning,
}

/// Standard output and standard error.
pub struct Output {
    /// The output format.
    pub format: OutputFormat,
    /// The registry of this process's secrets, which are masked in all that is printed.
    pub secrets: SecretRegistry,
    /// The request and its result, once it was sent.
    sent: Option<String>,
    out: Sink,
    err: Sink,
}

/// One of the two streams.
struct Sink {
    to: Box<dyn Write + Send>,
    colours: bool,
    terminal: bool,
    broken: Option<io::Error>,
}

impl Output {
    /// Returns the program's own streams.
    pub fn standard(format: OutputFormat, secrets: SecretRegistry) -> Self {
        let may_colour =
            std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && !is_plain(std::env::var_os("TERM").as_deref());
        let sink = |to: Box<dyn Write + Send>, terminal: bool| Sink { to, colours: may_colour && terminal, terminal, broken: None };
        let out = sink(Box::new(BufWriter::new(io::stdout())), io::stdout().is_terminal());
        let err = sink(Box::new(io::stderr()), io::stderr().is_terminal());
        Self { format, secrets, sent: None, out, err }
    }

    /// Returns a redactor of the secrets registered so far.
    pub fn redactor(&self) -> Redactor {
        self.secrets.redactor()
    }

    /// Writes a line of a result.
    pub fn line(&mut self, pieces: &[(ColorRole, &str)]) {
        self.out.line(pieces, &self.secrets.redactor());
    }

    /// Writes a line with a name and its text, aligned.
    pub fn field(&mut self, name: &str, text: &str) {
        self.line(&[(ColorRole::Label, &format!("{name:<12}")), (ColorRole::Plain, text)]);
    }

    /// Writes a line of a result without colours.
    pub fn plain(&mut self, text: &str) {
        self.line(&[(ColorRole::Plain, text)]);
    }

    /// Writes a result as JSON, on one line.
    pub fn json(&mut self, value: &Value) {
        let text = masked_json(value, &self.redactor());
        self.out.raw(format!("{}\n", escape_json(&text)).as_bytes());
    }

    /// Writes a script as it is.
    pub fn script(&mut self, text: &str) {
        self.out.raw(text.as_bytes());
    }

    /// Bytes as they are; on a terminal, signs stand for what would steer it. What is secret in them is covered already.
    pub fn bytes(&mut self, bytes: &[u8]) {
        if self.out.terminal {
            return self.out.raw(visible_bytes(bytes).as_bytes());
        }
        self.out.raw(bytes);
    }

    /// Writes a line to standard error. What was printed before stands before it.
    pub fn note(&mut self, pieces: &[(ColorRole, &str)]) {
        self.out.flush();
        self.err.line(pieces, &self.secrets.redactor());
    }

    /// Writes a warning on standard error.
    pub fn warn(&mut self, text: &str) {
        self.note(&[(ColorRole::Warning, "warning: "), (ColorRole::Plain, text)]);
    }

    /// Hands over what is still held back.
    pub fn flush(&mut self) {
        self.out.flush();
    }

    /// Remembers what went out and what came of it: a failure from now on must not look as if nothing had been sent.
    pub fn has_sent(&mut self, what: Option<String>) {
        self.sent = what;
    }

    /// Prints what failed, and returns the status to end with. Standard output that was closed (`| head`) is no failure.
    pub fn finish(mut self, ended: CommandResult) -> Exit {
        self.out.flush();
        let broken = self.out.broken.take().filter(|error| error.kind() != io::ErrorKind::BrokenPipe);
        let broken = broken.map(|error| Failure::usage(format!("standard output: {error}")));
        let status = ended.as_ref().map_or_else(|failure| failure.exit, |exit| *exit);
        let failures: Vec<Failure> = broken.into_iter().chain(ended.err()).collect();
        for failure in &failures {
            self.note(&[(ColorRole::Bad, "skydeck: "), (ColorRole::Plain, &failure.message)]);
        }
        let status = failures.first().map_or(status, |failure| failure.exit);
        if let (Exit::Usage | Exit::NoAnswer | Exit::Unwritten, Some(path)) = (status, program_log::path()) {
            self.note(&[(ColorRole::Label, "details in "), (ColorRole::Plain, &path.display().to_string())]);
        }
        match self.sent.take().filter(|_| status == Exit::Usage) {
            Some(sent) => {
                self.note(&[(ColorRole::Bad, "sent: "), (ColorRole::Plain, &sent)]);
                Exit::Unwritten
            }
            None => status,
        }
    }
}

impl Sink {
    fn line(&mut self, pieces: &[(ColorRole, &str)], redactor: &Redactor) {
        let mut line = String::new();
        for (role, text) in pieces {
            let text = redactor.text(text);
            line.push_str(&self.coloured(*role, &visible(&text)));
        }
        line.push('\n');
        self.raw(line.as_bytes());
    }

    fn coloured(&self, role: ColorRole, text: &str) -> String {
        let code = match role {
            ColorRole::Plain => return text.to_owned(),
            ColorRole::Label => "2",
            ColorRole::Good => "32",
            ColorRole::Bad => "31",
            ColorRole::Warning => "33",
        };
        if self.colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn raw(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.broken = self.to.write_all(bytes).err();
        }
    }

    fn flush(&mut self) {
        if self.broken.is_none() {
            self.broken = self.to.flush().err();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::*;
    use crate::secret::{MASK, Secret};

    /// Keeps what is written.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn masks_what_is_registered_after_it_was_opened() {
        let (written, secrets) = (Written::default(), SecretRegistry::default());
        let sink = || Sink { to: Box::new(written.clone()), colours: false, terminal: false, broken: None };
        let mut output = Output { format: OutputFormat::Text, secrets: secrets.clone(), sent: None, out: sink(), err: sink() };
        secrets.add([&Secret::new("hunter2!")]);
        output.plain("a hunter2!");
        output.json(&Value::from("b hunter2!"));
        output.warn("c hunter2!");
        output.finish(Err(Failure::usage("d hunter2!")));
        let text = String::from_utf8(written.0.lock().clone()).unwrap();
        assert!(!text.contains("hunter2") && text.matches(MASK).count() == 4, "{text}");
    }

    #[test]
    fn remembers_a_closed_stream_without_reporting() {
        struct OutputClosed;
        impl Write for OutputClosed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let sink = || Sink { to: Box::new(OutputClosed), colours: false, terminal: false, broken: None };
        let mut output = Output { format: OutputFormat::Text, secrets: SecretRegistry::default(), sent: None, out: sink(), err: sink() };
        output.plain("x");
        assert_eq!(output.finish(Ok(Exit::ApiError)), Exit::ApiError);
    }
}
