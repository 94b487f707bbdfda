//! `--export`: an exchange in the form of another tool, on standard output or in a file that only the owner reads.

use std::path::PathBuf;

use clap::Args;

use super::argument_error::ArgumentError;
use super::draft::Draft;
use super::exit::Failure;
use super::output::Output;
use crate::exchange::Exchange;
use crate::export::{self, ExportInput, Format, Secrets};
use crate::io::destination::Destination;

/// Returns the formats as help text.
pub fn formats() -> String {
    let lines: Vec<String> = Format::ALL.iter().map(|format| format!("  {:<10}{}", format.name(), format.description())).collect();
    format!("Formats of --export:\n{}", lines.join("\n"))
}

/// The options of an export.
#[derive(Args, Debug, Default)]
pub struct Options {
    /// Give the exchange in the form of another tool: on standard output in the place of the answer, or beside it in FILE,
    /// which is made again and only the owner may read (--help lists the formats)
    #[arg(long = "export", value_name = "FORMAT[=FILE]", value_parser = target)]
    pub targets: Vec<Target>,
    /// Show secrets in what is exported
    #[arg(long, requires = "targets")]
    pub with_secrets: bool,
}

/// A format and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The format.
    pub format: Format,
    /// The file; standard output without one.
    pub file: Option<PathBuf>,
}

/// Reads the name of a format.
pub fn format(name: &str) -> Result<Format, ArgumentError> {
    Format::named(name).ok_or_else(|| ArgumentError::Format(name.to_owned()))
}

/// Reads `FORMAT` or `FORMAT=FILE`.
fn target(text: &str) -> Result<Target, ArgumentError> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let format = format(name)?;
    match file {
        Some("") => Err(ArgumentError::NoFile(name.to_owned())),
        file => Ok(Target { format, file: file.map(PathBuf::from) }),
    }
}

impl Options {
    /// Returns whether standard output is taken by an export.
    pub fn take_output(&self) -> bool {
        self.targets.iter().any(|target| target.file.is_none())
    }

    /// Refuses what could not be exported, before anything is sent.
    pub fn check(&self, draft: &Draft) -> Result<(), Failure> {
        Ok(self.targets.iter().try_for_each(|target| export::check(target.format, &draft.provider, &draft.operation))?)
    }

    /// Opens every file before anything is sent: one that cannot be written is reported now.
    pub fn open(&self) -> Result<OpenExports<'_>, Failure> {
        let open = |target: &Target| target.file.as_deref().map(Destination::open).transpose();
        let files = self.targets.iter().map(open).collect::<Result<_, _>>();
        Ok(OpenExports { options: self, files: files.map_err(|error| Failure::usage(format!("nothing was sent: {error}")))? })
    }

    fn render(&self, target: &Target, exchange: &Exchange, draft: &Draft, output: &Output) -> Result<Vec<u8>, Failure> {
        let operation = (exchange.operation == draft.operation.id).then_some(&*draft.operation);
        let redactor = output.redactor();
        let secrets = if self.with_secrets { Secrets::Shown } else { Secrets::Masked(&redactor) };
        let subject = ExportInput { provider: &draft.provider, operation, exchange, secrets };
        Ok(export::render(target.format, &subject)?)
    }
}

/// Exports whose files are open.
pub struct OpenExports<'a> {
    options: &'a Options,
    /// One for each target; none for standard output.
    files: Vec<Option<Destination>>,
}

impl OpenExports<'_> {
    /// Exports an exchange to every target. One that fails does not keep the others from being written.
    pub fn write(self, exchange: &Exchange, draft: &Draft, output: &mut Output) -> Result<(), Failure> {
        let mut written = Ok(());
        for (target, file) in self.options.targets.iter().zip(self.files) {
            let bytes = self.options.render(target, exchange, draft, output);
            let one = bytes.and_then(|bytes| match file {
                None => {
                    output.bytes(&bytes);
                    Ok(())
                }
                Some(file) => file.write(&bytes).map_err(Failure::usage),
            });
            written = written.and(one);
        }
        written
    }
}
