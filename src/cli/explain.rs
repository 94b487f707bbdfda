//! `skydeck explain`: what an error means and what to do, by its code, its message, or a text in which both stand.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use serde_json::json;

use super::candidates;
use super::exit::{CommandResult, Exit, Failure};
use super::global::Global;
use super::output::{ColorRole, Output, OutputFormat};
use super::setting::CommandContext;
use crate::catalog::Provider;
use crate::explain::{ErrorText, Explanation, explain_error};
use crate::export::object;
use crate::io::files;

/// The name of standard input.
const STANDARD_INPUT: &str = "-";

/// The text of `--help` after the options.
const HELP: &str = "\
A text may be the body of an answer (JSON or XML of any of the vendors, also inside a web page or in quotation
marks), a line of a log, or what an SDK or docker printed: code, message, status and request id are read from it.
The message counts before the code: one code may have several causes. A code that is not in the catalog is
explained by its words and the status, marked `not in the catalog`, with the nearest codes.

With --output json: one object with the members summary, vendor, cause, remedy, parameter, permission, transient,
source, in_catalog, nearest (codes; null where the code is in the catalog), and read (status, code, message,
request_id; null where not known).";

/// The arguments of `explain`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The provider, such as alibaba-sae
    #[arg(add = ArgValueCompleter::new(candidates::providers))]
    provider: String,
    /// The error code as the vendor writes it, such as InvalidNamespaceIdSuffix.Format (- reads a text from standard input)
    #[arg(add = ArgValueCompleter::new(candidates::codes), required_unless_present = "message")]
    code: Option<String>,
    /// The error's message, or a text in which code and message stand (- is standard input)
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// The HTTP status of the answer
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..600))]
    status: Option<u16>,
}

/// Runs `explain`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    let provider = setting.provider(&arguments.provider)?;
    let error = error(provider, arguments)?;
    let explanation = explain_error(provider, &error);
    match output.format {
        OutputFormat::Text => print(&explanation, output),
        OutputFormat::Json => {
            let mut object = object::explained(&explanation);
            let ErrorText { status, code, message, request_id, .. } = &error;
            object["read"] = json!({ "status": status, "code": code, "message": message, "request_id": request_id });
            output.json(&object);
        }
    }
    Ok(Exit::Success)
}

/// Reads the error from the arguments. A given code and status count before those of the text.
fn error(provider: &Provider, arguments: &Arguments) -> Result<ErrorText, Failure> {
    let code = arguments.code.as_deref().filter(|code| *code != STANDARD_INPUT);
    let piped = arguments.code.as_deref() == Some(STANDARD_INPUT) || arguments.message.as_deref() == Some(STANDARD_INPUT);
    let text = match &arguments.message {
        _ if piped => Some(String::from_utf8_lossy(&files::read_body(STANDARD_INPUT)?).into_owned()),
        message => message.clone(),
    };
    let read = text.map(|text| ErrorText::read(provider, &text)).unwrap_or_default();
    if piped && code.is_none() && read == ErrorText::default() {
        return Err(Failure::usage("standard input is empty: pipe the answer's body or the line of the log into it"));
    }
    let page = read.page && code.is_none();
    Ok(ErrorText { status: arguments.status.or(read.status), code: code.map(str::to_owned).or(read.code), page, ..read })
}

fn print(explanation: &Explanation, output: &mut Output) {
    output.line(&[(ColorRole::Bad, &explanation.summary)]);
    for (name, text) in object::parts(explanation) {
        output.field(name, &text);
    }
}
