//! `skydeck send`: validate, sign, send, print.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use clap::Args;
use futures_util::FutureExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::arguments::{CallArguments, Global};
use super::exit::{CommandResult, Exit, Failure, STATUSES};
use super::output::{ColorRole, Output};
use super::prepare::{self, Draft, PreparedCall, Setting};
use super::{export, report, signed};
use crate::call::{Call, Refusal, Resend, check_guard};
use crate::catalog::Severity;
use crate::config::{Access, ENV, Guard};
use crate::emulator::{self, RegionOf, RunningEmulator};
use crate::exchange::{Exchange, ExchangeId, Outcome, Purpose};
use crate::explain::{ExplanationContext, explain_with};
use crate::form::Diagnostic;
use crate::io::demo;
use crate::io::files::Machine;
use crate::io::history::{self, HistoryError, Recorder};
use crate::io::http::Settings;
use crate::io::send::{Progress, Sender};

/// The arguments of `send`.
#[derive(Args, Debug)]
#[command(after_help = "--help shows the exit statuses and what --output json prints.", after_long_help = format!("{}\n\n{}\n\n{STATUSES}", report::JSON_HELP, export::formats()))]
pub struct Arguments {
    /// The call.
    #[command(flatten)]
    pub call: CallArguments,
    /// Print the signed request and open no socket; tokens are masked, and a token that is yet to be fetched is stood for
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: sign with this clock (RFC 3339: 2026-11-22T10:00:00Z)
    #[arg(long, value_name = "TIME", requires = "dry_run", value_parser = signed::time)]
    pub at: Option<Timestamp>,
    /// With --dry-run: sign with this nonce
    #[arg(long, value_name = "TEXT", requires = "dry_run")]
    pub nonce: Option<String>,
    /// The profile's name again, where its guard is `confirm` and the call changes something
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
    /// Send it again, so many times at most, when the vendor throttles (429 and the like) or fails (5xx); waits as the answer says
    #[arg(long, value_name = "TIMES", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=20))]
    pub retry: u32,
    /// Keep nothing of this call in the history
    #[arg(long)]
    pub no_history: bool,
    /// Show the bytes both ways, and the requests for tokens
    #[arg(short, long)]
    pub verbose: bool,
    /// The exports to write.
    #[command(flatten)]
    pub export: export::Options,
}

/// Runs `send`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = Setting::load_and_tell(global, output)?;
    let mut machine = prepare::machine(&setting, &output.secrets);
    let draft = Draft::new(&setting, &arguments.call, &machine)?;
    if refused(&draft.findings, arguments.call.no_validate, output) {
        return Ok(Exit::Invalid);
    }
    arguments.export.check(&draft)?;
    if arguments.dry_run {
        let ready = draft.ready(&setting, &machine, output)?;
        return dry_run(&draft, &ready, arguments, output);
    }
    let confirmed = setting.profile == ENV || arguments.confirm.as_ref() == Some(&setting.profile);
    foresee_guard(&setting, &draft, confirmed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure { exit: Exit::NoAnswer, message: error.to_string() })?;
    runtime.block_on(async {
        let mut interrupted = pin!(tokio::signal::ctrl_c().fuse());
        // Listened for from now on: while a command or the operator is waited for Ctrl-C ends the program, and afterwards it is left to this.
        poll_fn(|context| {
            let _ = interrupted.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
        let _emulator = start_demo(&setting, &mut machine).await?;
        let ready = draft.ready(&setting, &machine, output)?;
        let exports = arguments.export.open()?;
        let loss = Arc::new(OnceLock::new());
        let sender = Sender::new(Settings::from(&setting.config.network), output.secrets.clone());
        let recorder = recorder(&setting, arguments, &loss, output);
        let sender = sender.recording(recorder.clone());
        let sent = deliver(&sender, &call(&draft, ready, (confirmed, arguments.retry)), interrupted, output).await;
        let ended = conclude(&draft, sent, (arguments, exports), output);
        drop(sender);
        if let Some(recorder) = recorder {
            finish_history(&recorder, &loss, output);
        }
        ended
    })
}

/// Waits for what is under way in the history, within bounds, and says so when the end of an exchange is not in it.
fn finish_history(recorder: &Recorder, loss: &StorageFailure, output: &mut Output) {
    let written = recorder.finish();
    if let Some(error) = loss.get().or(written.as_ref().err()) {
        output.warn(&format!("its result is not kept in the history: {error}"));
    }
}

/// Signs, and prints or exports what would be sent.
fn dry_run(draft: &Draft, ready: &PreparedCall, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let moment = signed::moment(arguments.at, arguments.nonce.as_deref())?;
    let dry = signed::sign(draft, ready, &moment)?;
    arguments.export.open()?.write(&dry.exchange(draft, ready, &moment), draft, output)?;
    if !arguments.export.take_output() {
        signed::print_request(&dry, output);
    }
    Ok(Exit::Success)
}

/// The reason why something is not kept, once that is known.
type StorageFailure = Arc<OnceLock<HistoryError>>;

/// Returns what keeps the call, unless that is not wanted.
fn recorder(setting: &Setting, arguments: &Arguments, loss: &StorageFailure, output: &mut Output) -> Option<Arc<Recorder>> {
    let settings = history::Settings::of(&setting.config, setting.paths.data.clone()).filter(|_| !arguments.no_history)?;
    let loss = Arc::clone(loss);
    let started = Recorder::start(settings, output.secrets.clone(), move |error| drop(loss.set(error)))
        .map_err(|error| output.warn(&format!("not kept in the history: {error}")));
    started.ok().map(Arc::new)
}

/// Asks the guard before anybody is asked for a secret, or a command for one, in vain. The sender enforces it all the same.
fn foresee_guard(setting: &Setting, draft: &Draft, confirmed: bool) -> Result<(), Refusal> {
    let guard = setting.config.profile(&setting.profile).map_or(Guard::None, |profile| profile.guard);
    check_guard(guard, &setting.profile, &draft.operation, confirmed)
}

/// Prints what is wrong or doubtful with the parameters. Whether the call ends here.
pub fn refused(findings: &[Diagnostic], anyway: bool, output: &mut Output) -> bool {
    for finding in findings {
        let (ink, word) = match finding.severity {
            Severity::Error => (ColorRole::Bad, "error: "),
            Severity::Warning => (ColorRole::Warning, "warning: "),
        };
        output.note(&[(ink, word), (ColorRole::Plain, &format!("{}: {}", place(finding), finding.message))]);
    }
    let refused = !anyway && findings.iter().any(|finding| finding.severity == Severity::Error);
    if refused {
        output.note(&[(ColorRole::Label, "nothing was sent; --no-validate sends it all the same")]);
    }
    refused
}

/// Returns the parameter that a finding speaks of, with the element and its member: `Tags[2].Key`.
fn place(finding: &Diagnostic) -> String {
    match &finding.element {
        None => finding.parameter.clone(),
        Some((at, None)) => format!("{}[{}]", finding.parameter, at + 1),
        Some((at, Some(member))) => format!("{}[{}].{member}", finding.parameter, at + 1),
    }
}

/// Starts the emulator for the demo profile, unless the operator has another one. It runs until the result is dropped.
async fn start_demo(setting: &Setting, machine: &mut Machine) -> Result<Option<RunningEmulator>, Failure> {
    if !prepare::is_demo(setting) || setting.overrides.endpoint.is_some() {
        return Ok(None);
    }
    let region =
        |region: &String| setting.catalog.index().map(|(id, _)| RegionOf { provider: id.to_owned(), region: region.clone() }).collect();
    let regions = setting.overrides.region.as_ref().map(region).unwrap_or_default();
    let settings = emulator::Settings { regions, ..emulator::Settings::default() };
    let running = emulator::start(&setting.catalog, &settings).await.map_err(|error| Failure::usage(error.to_string()))?;
    let access = |provider: &Arc<crate::catalog::Provider>| {
        let address = running.address(&provider.id)?;
        Some((provider.id.clone(), demo::access(provider, prepare::loopback(address.port()))))
    };
    machine.demo = setting.catalog.providers().filter_map(access).collect();
    Ok(Some(running))
}

fn call(draft: &Draft, ready: PreparedCall, (confirmed, retries): (bool, u32)) -> Call {
    Call {
        provider: Arc::clone(&draft.provider),
        operation: Arc::clone(&draft.operation),
        access: ready.access,
        plan: ready.plan,
        values: draft.form.given(),
        origin: None,
        also_signed: ready.also_signed,
        ahead: SignedDuration::ZERO,
        confirmed,
        purpose: Purpose::Operator,
        again: Resend { retries, ..Resend::default() },
    }
}

/// The result of sending a call.
struct SendResult {
    /// Every exchange that ended, in order; one that was cancelled last.
    exchanges: Vec<Exchange>,
    /// The outcome; `None` when the operator cancelled it.
    ended: Option<Result<(), Refusal>>,
    /// With whose account.
    access: Arc<Access>,
}

async fn deliver(sender: &Sender, call: &Call, interrupted: Pin<&mut impl Future>, output: &mut Output) -> SendResult {
    let last_id = AtomicU64::new(0);
    let next_id = || ExchangeId(last_id.fetch_add(1, Ordering::Relaxed) + 1);
    let (mut exchanges, mut in_progress, mut waits) = (Vec::new(), None, false);
    let mut known = None;
    let mut progress = |progress| match progress {
        Progress::Started(exchange) => {
            if is_own(&exchange, call) {
                output.has_sent(report::sent(&exchange));
            }
            (in_progress, waits) = (Some(exchange), false);
        }
        Progress::Finished(exchange) => {
            in_progress = None;
            if is_own(&exchange, call) {
                // An attempt that cannot have arrived does not undo the one before it.
                known = report::sent(&exchange).or(known.take());
                output.has_sent(known.clone());
            }
            exchanges.push(*exchange);
        }
        Progress::Waiting { wait, reason, left, .. } => {
            waits = true;
            output.note(&[
                (ColorRole::Warning, "again "),
                (ColorRole::Plain, &format!("in {:.1} s: {reason} ({left} more)", wait.as_secs_f64())),
            ]);
        }
        Progress::Stored(..) => {}
        Progress::StoreError(error) => output.warn(&format!("not kept in the history: {error}")),
    };
    let ended = tokio::select! {
        biased;
        _ = interrupted => None,
        ended = sender.send(call, &next_id, &mut progress) => Some(ended),
    };
    if waits && ended.is_none() {
        output.note(&[(ColorRole::Warning, "cancelled: "), (ColorRole::Plain, "it is not sent again")]);
    }
    exchanges.extend(in_progress.map(|exchange| Exchange { outcome: Outcome::Cancelled, ..*exchange }));
    SendResult { exchanges, ended, access: Arc::clone(&call.access) }
}

/// Returns whether an exchange is the call's own, and not one for its token.
fn is_own(exchange: &Exchange, call: &Call) -> bool {
    exchange.operation == call.operation.id
}

/// Prints what came of it, and gives the status.
fn conclude(
    draft: &Draft,
    sent: SendResult,
    (arguments, exports): (&Arguments, export::OpenExports<'_>),
    output: &mut Output,
) -> CommandResult {
    let Some((last, earlier)) = sent.exchanges.split_last() else {
        return match sent.ended {
            Some(Err(refusal)) => Err(refusal.into()),
            _ => Ok(Exit::Interrupted),
        };
    };
    let shown = if arguments.verbose { earlier } else { &[] };
    for exchange in shown.iter().chain([last]) {
        report(exchange, draft, &sent, arguments, output);
    }
    // The reader of an export that is a pipe may be slow.
    output.flush();
    let exported = exports.write(last, draft, output);
    ended(draft, last, sent.ended.clone(), output).and_then(|exit| exported.map(|()| exit))
}

/// Returns the status that sending ended with.
fn ended(draft: &Draft, last: &Exchange, ended: Option<Result<(), Refusal>>, output: &mut Output) -> CommandResult {
    match ended {
        None => Ok(Exit::Interrupted),
        Some(Ok(())) => Ok(report::exit_of(last)),
        // The token request that failed says why, and how.
        Some(Err(Refusal::NoToken(_))) => {
            output.note(&[(ColorRole::Bad, "no token: "), (ColorRole::Plain, &format!("{} was not sent", draft.operation.id))]);
            Ok(report::exit_of(last))
        }
        Some(Err(refusal)) => Err(refusal.into()),
    }
}

/// Prints an exchange of the call, explained by what is known of it; where an export takes standard output, only why it failed.
fn report(exchange: &Exchange, draft: &Draft, sent: &SendResult, arguments: &Arguments, output: &mut Output) {
    let operation = (exchange.operation == draft.operation.id).then_some(&*draft.operation);
    let known = ExplanationContext::in_zone(TimeZone::system()).with_credentials(&sent.access.credentials);
    let known = known.with_earlier(sent.exchanges.iter(), exchange);
    let explanation = explain_with(&draft.provider, operation, exchange, &known);
    if arguments.export.take_output() {
        report::reason(exchange, explanation.as_ref(), output);
    } else {
        report::report(exchange, explanation.as_ref(), arguments.verbose, output);
    }
}
