//! `skydeck sign`: canonical request, string to sign, signature, headers.

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::draft::{CallArguments, Draft};
use super::exit::{CommandResult, Exit};
use super::global::Global;
use super::output::{ColorRole, Output, OutputFormat};
use super::setting::{self, CommandContext};
use super::signed::{self, DryRun};
use super::{report, send};
use crate::auth::Trace;
use crate::export::{Secrets, object};

/// The text of `--help` after the options.
const HELP: &str = "\
Nothing is sent, and no token is fetched. On the demo profile the endpoint is the one that
`skydeck emulator --listen 127.0.0.1:8640` would have, unless --endpoint names another.

With --output json: one object with the members provider, operation, scheme, key_id, date, scope (or null),
signed_headers, payload_hash, canonical_request, string_to_sign, signature, authorization, request
(method, target, headers, body; as in `send`), and token_request where a token would be fetched first.";

/// The arguments of `sign`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The call.
    #[command(flatten)]
    pub call: CallArguments,
    /// Sign with this clock (RFC 3339: 2026-11-22T10:00:00Z)
    #[arg(long, value_name = "TIME", value_parser = signed::time)]
    pub at: Option<Timestamp>,
    /// Sign with this nonce
    #[arg(long, value_name = "TEXT")]
    pub nonce: Option<String>,
}

/// Runs `sign`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    let system_environment = setting::system_environment(&setting, &output.secrets);
    let draft = Draft::new(&setting, &arguments.call, &system_environment)?;
    if send::refused(&draft.findings, arguments.call.no_validate, output) {
        return Ok(Exit::Invalid);
    }
    let ready = draft.ready(&setting, &system_environment, output)?;
    let signing_inputs = signed::signing_inputs(arguments.at, arguments.nonce.as_deref())?;
    let dry = signed::sign(&draft, &ready, &signing_inputs)?;
    match output.format {
        OutputFormat::Text => print_text(&dry, output),
        OutputFormat::Json => print_json(&draft, &dry, output),
    }
    Ok(Exit::Success)
}

fn print_text(dry: &DryRun, output: &mut Output) {
    let trace = &dry.signed.trace;
    if let Some((endpoint, request)) = &dry.token {
        section("token request", output);
        report::print_request(endpoint, request, output);
    }
    if trace.canonical_request.is_empty() {
        output.note(&[(ColorRole::Label, "nothing is signed: the request carries a token")]);
    } else {
        print_steps(trace, output);
    }
    section("headers", output);
    report::print_headers(&dry.signed.request.headers, output);
}

/// Prints how a signature came about.
pub fn print_steps(trace: &Trace, output: &mut Output) {
    for (title, text) in steps(trace, output) {
        section(title, output);
        output.plain(&text);
    }
}

fn steps(trace: &Trace, output: &Output) -> [(&'static str, String); 3] {
    let canonical = output.redactor().canonical_request(&trace.canonical_request);
    [("canonical request", canonical), ("string to sign", trace.string_to_sign.clone()), ("signature", trace.signature.clone())]
}

fn section(title: &str, output: &mut Output) {
    output.line(&[(ColorRole::Label, &format!("--- {title} ---"))]);
}

fn print_json(draft: &Draft, dry: &DryRun, output: &mut Output) {
    let trace = &dry.signed.trace;
    let object = json!({
        "provider": draft.provider.id,
        "operation": draft.operation.id,
        "scheme": trace.scheme.name(),
        "key_id": trace.key_id,
        "date": trace.date,
        "scope": trace.scope,
        "signed_headers": trace.signed_headers,
        "payload_hash": trace.payload_hash,
        "canonical_request": output.redactor().canonical_request(&trace.canonical_request),
        "string_to_sign": trace.string_to_sign,
        "signature": trace.signature,
        "authorization": trace.authorization,
        "request": object::request(&dry.endpoint, &dry.signed.request, Secrets::Masked(&output.redactor())),
    });
    let object = signed::with_token(object, dry, output);
    output.json(&object);
}
