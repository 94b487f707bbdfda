//! The same call in the vendor's own SDK or command line: names by rule, the rest from the catalog's `[sdk]` and the dialect.

mod arguments;
mod call;
mod dialect;

use super::{ExportError, Format, Subject};
use crate::catalog::{Operation, Provider, Sdk, Tool, joined};
use crate::visible::visible_line;
use arguments::Arguments;
use call::Call;
use dialect::Dialect;

/// What is needed before anything of the exchange is looked at.
struct Means<'a> {
    sdk: &'a Sdk,
    tool: &'a Tool,
    operation: &'a Operation,
    dialect: Dialect,
}

/// Whether there are the means for a call of this operation.
pub(super) fn check(format: Format, provider: &Provider, operation: Option<&Operation>) -> Result<(), ExportError> {
    match operation {
        Some(operation) => means(format, provider, operation).map(drop),
        None => Ok(()),
    }
}

/// The call.
pub(super) fn render(format: Format, subject: &Subject<'_>) -> Result<Vec<u8>, ExportError> {
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
        out.extend([means.dialect.language.comment(), " ", &visible_line(&remark), "\n"]);
    }
    out.push_str(&text);
    Ok(out.into_bytes())
}

fn means<'a>(format: Format, provider: &'a Provider, operation: &'a Operation) -> Result<Means<'a>, ExportError> {
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
    Ok(Means { sdk, tool, operation, dialect })
}

/// What a format is called in a sentence.
fn name(format: Format) -> &'static str {
    match format {
        Format::Python => "Python SDK",
        Format::Go => "Go SDK",
        _ => "command line",
    }
}

/// What stands above the call: what it is, how the tool is had, where the keys come from, what it cannot say.
fn remarks(subject: &Subject<'_>, means: &Means<'_>, arguments: &Arguments) -> Vec<String> {
    let keys = &means.sdk.keys;
    let mut remarks = vec![
        subject.title(),
        format!("the tool: {}", means.filled(&means.dialect.install)),
        format!("keys: {}, {}, and {} for temporary ones", keys.id, keys.secret, keys.token),
    ];
    if subject.exchange.request.headers.contains("x-auth-token") {
        remarks.push("the call went with a token; the vendor's tool signs with an access key".to_owned());
    }
    remarks.extend(arguments.left_out.iter().map(|text| subject.secrets.text(text)));
    remarks.extend(subject.remark().map(str::to_owned));
    remarks
}

impl Means<'_> {
    /// What the tool calls the operation.
    fn operation_name(&self) -> &str {
        let id = &self.operation.id;
        self.sdk.names.get(id).unwrap_or(id)
    }

    /// A text with the tool's own words filled in.
    fn filled(&self, text: &str) -> String {
        self.tool.words.iter().fold(text.to_owned(), |text, (name, word)| text.replace(&format!("@{name}@"), word))
    }
}
