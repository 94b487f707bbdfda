//! `skydeck lab`: somebody else's signed request taken apart.

mod key;
mod object;
mod shown;

use std::fs;
use std::path::Path;

use clap::{Args, ValueHint};
use jiff::Timestamp;

use super::exit::{CommandResult, Exit, Failure};
use super::global::Global;
use super::output::{Output, OutputFormat};
use super::setting::CommandContext;
use super::signed;
use crate::io::clock::{Clock as _, SystemClock};
use crate::io::{files, laboratory};
use crate::lab::{self, ExaminedRequest, PastedRequest, Report, ServerText, Verdict};
use crate::wire::Request;

use key::FoundKey;

/// The text of `--help` after the options.
const HELP: &str = "\
The request may be raw HTTP, a command of curl or PowerShell, or a HAR file. Nothing is sent.

The key is the one of --profile; or its secret comes from the variable that --secret-env names, or is typed
(--ask-secret). Without these, keys that need no asking (the default profile's, the environment's, the
demo's) are used if one has the request's key id; if none has, only what can be seen without a secret is
said. With a secret the request is signed again with every known mistake, alone and in pairs: one that gives
the very signature of the request is proven.

Verified are the schemes of this program's calls; the same in the query of a URL (Volcengine, Huawei); Alibaba's
RPC signature (V1) in query or form; and object storage in header and URL: OSS V1 and V4, OBS, TOS, and S3's
AWS4 and V2. Of any other its name and where its rules are is said.

Exit status: 0 it verifies; 4 it does not, or a gateway would refuse it (refused-for names why); 5 nothing was
verified (no secret and no visible fault; a token; nothing signed; another scheme); 2 it cannot be read.

With --output json: one object with the members verdict (verifies, fails, open, no-signature, not-verified),
arithmetic_holds (true, false, or null where no secret tells), refused_for (a fault, or null), dress, method,
target, scheme, key_id, scope, signed_headers, signature, causes (fault, certainty: proven, seen or noted, title,
detail, remedy; the first that is not noted is the answer), canonical_request, string_to_sign,
expected_signature, caller and server (each null, or the lines of both texts: name, ours, theirs, and at, the
first byte that differs), tried, checked, notes. Members that do not apply are null.";

/// The arguments of `lab`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The file with the request (- or nothing is standard input)
    #[arg(value_hint = ValueHint::FilePath)]
    file: Option<String>,
    /// Which entry of a HAR file, counted from 1
    #[arg(long, value_name = "N")]
    entry: Option<usize>,
    /// The key id that the request should be signed with
    #[arg(long, value_name = "ID")]
    key_id: Option<String>,
    /// The environment variable with the secret
    #[arg(long, value_name = "NAME", conflicts_with = "ask_secret")]
    secret_env: Option<String>,
    /// The environment variable with the security token of a temporary key
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// Ask for the secret on the terminal
    #[arg(long)]
    ask_secret: bool,
    /// Take the body from a file (- is standard input) in place of the one in the request
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    body: Option<String>,
    /// What the server answered, with the text that it computed: a file's name, or the text itself
    #[arg(long, value_name = "FILE|TEXT")]
    server_text: Option<String>,
    /// When the request was sent (RFC 3339: 2026-11-22T10:00:00Z)
    #[arg(long, value_name = "TIME", value_parser = signed::time)]
    at: Option<Timestamp>,
}

/// A request with all that was found out about it.
struct ExaminationReport {
    pasted: PastedRequest,
    request: Request,
    report: Report,
    notes: Vec<String>,
}

/// Runs `lab`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    let pasted = pasted(arguments, output)?;
    let found = key::find(global, arguments, &setting, (&pasted.request, &output.secrets))?;
    let examined = examine(arguments, &setting, pasted, found)?;
    match output.format {
        OutputFormat::Text => shown::print(&examined, output),
        OutputFormat::Json => {
            let object = object::object(&examined, &output.redactor());
            output.json(&object);
        }
    }
    Ok(exit(examined.report.verdict))
}

fn examine(arguments: &Arguments, setting: &CommandContext, pasted: PastedRequest, found: FoundKey) -> Result<ExaminationReport, Failure> {
    let server = server_text(arguments, &pasted)?;
    let hints = laboratory::hints(&setting.catalog, found.key.as_ref());
    let case = ExaminedRequest {
        request: &pasted.request,
        key: found.key.as_ref(),
        clock: Some(laboratory::clock(arguments.at.or(pasted.sent), SystemClock.now())),
        url_host: pasted.url_host.as_deref(),
        server: server.as_ref(),
        hints: &hints,
    };
    let (report, request) = lab::examine_pasted(&pasted, &case);
    if arguments.server_text.is_some() && !report.uses_server_text() {
        return Err(Failure::usage(
            "--server-text: this request carries no signature that is taken apart here, so there is nothing to hold the text against",
        ));
    }
    let notes = pasted.notes.iter().cloned().chain(found.note).collect();
    Ok(ExaminationReport { pasted, request, report, notes })
}

fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Verifies => Exit::Success,
        Verdict::Fails => Exit::ApiError,
        Verdict::Open | Verdict::NoSignature | Verdict::NotVerified => Exit::NoAnswer,
    }
}

/// Reads the request, with the body of `--body` if there is one. Its secrets are registered.
fn pasted(arguments: &Arguments, output: &Output) -> Result<PastedRequest, Failure> {
    let source = arguments.file.as_deref().unwrap_or("-");
    if source == "-" && arguments.body.as_deref() == Some("-") {
        return Err(Failure::usage("standard input cannot be both the request and its body: name a file for one of them"));
    }
    let bytes = files::read_body(source)?;
    let mut pasted = lab::read(&bytes, arguments.entry)?;
    output.secrets.add_headers(&pasted.request.headers);
    if let Some(body) = &arguments.body {
        pasted.request.body = files::read_body(body)?.into();
        pasted.loose_end = false;
    }
    Ok(pasted)
}

/// Returns the server's text: the one that is given, or the one that came along with the request.
fn server_text(arguments: &Arguments, pasted: &PastedRequest) -> Result<Option<ServerText>, Failure> {
    let Some(given) = &arguments.server_text else { return Ok(pasted.answer.as_deref().and_then(ServerText::find)) };
    let file = given.len() < 4096 && !given.contains('\n') && Path::new(given).is_file();
    let text =
        if file { fs::read(given).map_err(|error| Failure::usage(format!("{given}: {error}")))? } else { given.clone().into_bytes() };
    let found = ServerText::find(&String::from_utf8_lossy(&text));
    let lacking = "--server-text: there is no text that a server computed in it (`server StringToSign is [...]`, `server string to sign is:`, `canonicalRequest:`, the elements StringToSign and CanonicalRequest) and no time of the server's (`server time:`)";
    found.map(Some).ok_or_else(|| Failure::usage(lacking))
}
