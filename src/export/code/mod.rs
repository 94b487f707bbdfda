//! The same call in the vendor's own SDK or command line: names by rule, the rest from the catalog's `[sdk]` and the dialect.

mod arguments;
mod call;
mod dialect;
mod source;

use super::{ExportError, ExportInput, Format};
use crate::catalog::{Identifier, Operation, Provider, Sdk, Tool, ToolWord};
use crate::text::joined;
use crate::visible::visible_line;
use arguments::Arguments;
use call::Call;
use dialect::Dialect;

/// The parts of a tool's call that do not depend on the exchange.
struct CallSyntax<'a> {
    sdk: &'a Sdk,
    tool: &'a Tool,
    operation: &'a Operation,
    /// The tool's name of the operation.
    name: Identifier,
    dialect: Dialect,
}

/// Returns whether there are the means for a call of this operation.
pub(super) fn check(format: Format, provider: &Provider, operation: Option<&Operation>) -> Result<(), ExportError> {
    match operation {
        Some(operation) => means(format, provider, operation).map(drop),
        None => Ok(()),
    }
}

/// Returns the call.
pub(super) fn render(format: Format, subject: &ExportInput<'_>) -> Result<Vec<u8>, ExportError> {
    let operation = subject.operation.ok_or_else(|| ExportError::NoOperation {
        provider: subject.provider.id.clone(),
        operation: subject.exchange.operation.clone(),
        tool: name(format),
    })?;
    let means = means(format, subject.provider, operation)?;
    let mut arguments = Arguments::read(operation, subject);
    let call = Call { subject, means: &means, arguments: &arguments };
    let (text, left_out) = call.text()?;
    arguments.left_out.extend(left_out);
    let mut out = String::new();
    for remark in remarks(subject, &means, &arguments) {
        out.extend([means.dialect.language.comment(), " ", &comment(&remark), "\n"]);
    }
    out.push_str(&text);
    Ok(out.into_bytes())
}

fn means<'a>(format: Format, provider: &'a Provider, operation: &'a Operation) -> Result<CallSyntax<'a>, ExportError> {
    let no_tool = || ExportError::NoTool { provider: provider.id.clone(), tool: name(format) };
    let sdk = provider.sdk.as_ref().ok_or_else(no_tool)?;
    let tool = match format {
        Format::Python => &sdk.python,
        Format::Go => &sdk.go,
        _ => &sdk.cli,
    };
    let tool = tool.as_ref().ok_or_else(no_tool)?;
    let dialect = Dialect::named(&tool.dialect).ok_or_else(|| ExportError::UnknownDialect {
        provider: provider.id.clone(),
        dialect: tool.dialect.clone(),
        known: joined(dialect::names().map(str::to_owned), "and"),
    })??;
    let name = sdk.names.get(&operation.id).cloned().or_else(|| Identifier::new(operation.id.replace(['-', '.'], "_")));
    let name = name.ok_or_else(|| ExportError::NoName { provider: provider.id.clone(), operation: operation.id.clone() })?;
    Ok(CallSyntax { sdk, tool, operation, name, dialect })
}

/// Returns a text in a comment: one line, and no declaration of an encoding, which Python would obey (PEP 263).
fn comment(text: &str) -> String {
    visible_line(text).replace("coding:", "coding :").replace("coding=", "coding =")
}

/// Returns what a format is called in a sentence.
fn name(format: Format) -> &'static str {
    match format {
        Format::Python => "Python SDK",
        Format::Go => "Go SDK",
        _ => "command line",
    }
}

/// Returns what stands above the call: what it is, how the tool is had, where the keys come from, what it cannot say.
fn remarks(subject: &ExportInput<'_>, means: &CallSyntax<'_>, arguments: &Arguments) -> Vec<String> {
    let keys = &means.sdk.keys;
    let mut remarks = vec![
        subject.title(),
        format!("the tool: {}", means.installation()),
        format!("keys: {}, {}, and {} for temporary ones", keys.id, keys.secret, keys.token),
    ];
    if subject.exchange.request.headers.contains("x-auth-token") {
        remarks.push("the call went with a token; the vendor's tool signs with an access key".to_owned());
    }
    remarks.extend(arguments.left_out.iter().map(|text| subject.secrets.text(text)));
    remarks.extend(subject.remark().map(str::to_owned));
    remarks
}

impl CallSyntax<'_> {
    /// Returns how the tool is had.
    fn installation(&self) -> String {
        let filled = |text: String, (name, word): (&String, &ToolWord)| text.replace(&format!("@{name}@"), word.as_str());
        self.tool.words.iter().fold(self.dialect.install.clone(), filled)
    }
}
