//! An exchange in the forms of other tools: curl, HAR, Hurl, a report for a ticket, a call in the vendor's own SDK.
//!
//! Pure: an exchange goes in, bytes come out. Whatever is secret in it is masked by the one redactor before it is put into
//! a form, because quoting would take a secret apart and hide it from a redactor that comes later. Keys are never in an
//! exchange; what needs them takes them from the environment variables of the vendor's own tools.
//!
//! ```text
//! Subject (provider, operation, exchange, secrets) ─▶ one file per format ─▶ bytes
//!    ╲ no operation, no tool of the vendor, a request that the form cannot hold
//! ```

mod code;
mod curl;
mod har;
mod http;
mod hurl;
pub mod object;
mod quoting;
mod report;
mod secrets;
mod shell;
mod signed;

use thiserror::Error;

use crate::catalog::{Keys, Operation, Provider};
use crate::exchange::Exchange;
use crate::explain::{Explanation, explain};

pub use secrets::Secrets;

/// The note in an export that shows its secrets.
pub const UNMASKED_NOTE: &str = "SECRETS ARE SHOWN (--with-secrets): whoever reads this can use them";

/// A form that an exchange can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A shell script with curl.
    Curl,
    /// HTTP Archive 1.2.
    Har,
    /// A file for Hurl.
    Hurl,
    /// A request for the HTTP clients of editors.
    Http,
    /// The object of `--output json`, on one line.
    JsonLines,
    /// A report for a ticket.
    Report,
    /// The vendor's SDK for Python.
    Python,
    /// The vendor's SDK for Go.
    Go,
    /// The vendor's command line.
    Cli,
}

/// The names and descriptions of a format.
struct FormatLabel {
    format: Format,
    name: &'static str,
    about: &'static str,
    ending: &'static str,
    /// The separator between two exchanges in one file.
    between: &'static str,
}

const fn words(format: Format, name: &'static str, ending: &'static str, about: &'static str) -> FormatLabel {
    let between = match format {
        Format::Http => "\n\n###\n",
        Format::JsonLines => "",
        _ => "\n",
    };
    FormatLabel { format, name, about, ending, between }
}

const WORDS: [FormatLabel; 9] = [
    words(Format::Curl, "curl", "sh", "a shell script with curl that signs at each run, keys from the environment"),
    words(Format::Har, "har", "har", "HTTP Archive 1.2, for browsers and proxies"),
    words(Format::Hurl, "hurl", "hurl", "a Hurl file, the request as it was signed"),
    words(Format::Http, "http", "http", "a request for editors' HTTP clients, as it was signed"),
    words(Format::JsonLines, "jsonl", "jsonl", "the object of --output json, on one line"),
    words(Format::Report, "markdown", "md", "a report for a ticket: what was sent, what came, what it means"),
    words(Format::Python, "python", "py", "the same call in the vendor's Python SDK"),
    words(Format::Go, "go", "go", "the same call in the vendor's Go SDK"),
    words(Format::Cli, "cli", "sh", "the same call in the vendor's command line"),
];

impl Format {
    /// Every format, in the order in which they are offered.
    pub const ALL: [Self; 9] =
        [Self::Curl, Self::Har, Self::Hurl, Self::Http, Self::JsonLines, Self::Report, Self::Python, Self::Go, Self::Cli];

    /// Returns the format of this name.
    pub fn named(name: &str) -> Option<Self> {
        WORDS.iter().find(|words| words.name == name).map(|words| words.format)
    }

    /// Returns its name on the command line and in the console.
    pub fn name(self) -> &'static str {
        self.words().name
    }

    /// Returns what it is, in a line.
    pub fn description(self) -> &'static str {
        self.words().about
    }

    /// Returns how the names of its files end, without the dot.
    pub fn file_extension(self) -> &'static str {
        self.words().ending
    }

    fn words(self) -> &'static FormatLabel {
        // A test holds that every format has its words.
        WORDS.iter().find(|words| words.format == self).unwrap_or(&WORDS[0])
    }
}

/// The exchange to export and its context.
#[derive(Clone, Copy, Debug)]
pub struct ExportInput<'a> {
    /// The provider that the exchange was with.
    pub provider: &'a Provider,
    /// The operation; `None` for a token request.
    pub operation: Option<&'a Operation>,
    /// The exchange. One that is in flight has no answer: what was signed but not sent is exported so.
    pub exchange: &'a Exchange,
    /// The treatment of its secrets.
    pub secrets: Secrets<'a>,
}

/// An error from exporting an exchange.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExportError {
    /// The vendor has no such tool, or the catalog does not know it.
    #[error("the catalog knows no {tool} for {provider}: add it to the provider's [sdk]")]
    NoTool {
        /// The provider's id.
        provider: String,
        /// The missing tool: `Python SDK`.
        tool: &'static str,
    },
    /// A token request, or an operation that the catalog no longer has.
    #[error("{operation} is no operation of {provider}, so the vendor's {tool} has no call for it")]
    NoOperation {
        /// The provider's id.
        provider: String,
        /// The exchange's name of it.
        operation: String,
        /// The tool.
        tool: &'static str,
    },
    /// An operation whose id is no name in a program.
    #[error("{operation} is no name in a program: give the tool's name for it in [sdk.names] of {provider}")]
    NoName {
        /// The provider's id.
        provider: String,
        /// The operation's id.
        operation: String,
    },
    /// The catalog names a dialect that there is not.
    #[error("the catalog's [sdk] of {provider} names the dialect `{dialect}`; there are {known}")]
    UnknownDialect {
        /// The provider's id.
        provider: String,
        /// The dialect.
        dialect: String,
        /// Those that there are.
        known: String,
    },
    /// A dialect that cannot be read or whose text asks for a word that nothing gives.
    #[error("the dialect `{dialect}` {reason}")]
    Dialect {
        /// The dialect.
        dialect: String,
        /// The error.
        reason: String,
    },
}

/// Gives an exchange a form.
///
/// # Errors
/// [`ExportError`]: only the vendor's own tools cannot make every call.
pub fn render(format: Format, subject: &ExportInput<'_>) -> Result<Vec<u8>, ExportError> {
    match format {
        Format::Curl => Ok(curl::render(subject)),
        Format::Har => Ok(har::render(std::slice::from_ref(subject))),
        Format::Hurl => Ok(hurl::render(subject)),
        Format::Http => Ok(http::render(subject)),
        Format::JsonLines => Ok(object::line(subject)),
        Format::Report => Ok(report::render(subject)),
        Format::Python | Format::Go | Format::Cli => code::render(format, subject),
    }
}

/// Gives several exchanges a form: HAR has them in one archive, the others one after the other.
///
/// # Errors
/// As [`render`]: of the first that cannot be given the form.
pub fn render_all(format: Format, subjects: &[ExportInput<'_>]) -> Result<Vec<u8>, ExportError> {
    if format == Format::Har {
        return Ok(har::render(subjects));
    }
    let between = format.words().between.as_bytes();
    let rendered = subjects.iter().map(|subject| render(format, subject)).collect::<Result<Vec<_>, _>>()?;
    Ok(rendered.join(between))
}

/// Returns whether an exchange of this operation could be given a form, before there is one.
///
/// # Errors
/// What [`render`] would say.
pub fn check(format: Format, provider: &Provider, operation: &Operation) -> Result<(), ExportError> {
    match format {
        Format::Python | Format::Go | Format::Cli => code::check(format, provider, Some(operation)),
        _ => Ok(()),
    }
}

impl ExportInput<'_> {
    /// Returns what its failure means, where it failed.
    fn explanation(&self) -> Option<Explanation> {
        explain(self.provider, self.operation, self.exchange)
    }

    /// Returns the environment variables that hold the vendor's keys.
    fn keys(&self) -> Keys {
        self.provider.sdk.as_ref().map(|sdk| sdk.keys.clone()).unwrap_or_default()
    }

    /// Returns the request's whole URL, secrets masked.
    fn url(&self) -> String {
        self.secrets.text(&signed::url(self.exchange))
    }

    /// Returns what it is, in a line of a comment.
    fn title(&self) -> String {
        let Exchange { provider, operation, started, .. } = self.exchange;
        self.secrets.text(&format!("{provider} {operation}, {started}"))
    }

    /// Returns the remark that secrets are shown, where they are.
    fn remark(&self) -> Option<&'static str> {
        self.secrets.shown().then_some(UNMASKED_NOTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_every_format() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
            assert!(!format.description().is_empty() && !format.file_extension().is_empty());
        }
        assert_eq!(Format::ALL.len(), WORDS.len());
    }
}
