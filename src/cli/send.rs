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

use super::draft::{CallArguments, Draft, PreparedCall};
use super::exit::{CommandResult, Exit, Failure, STATUSES};
use super::global::Global;
use super::output::{ColorRole, Output};
use super::setting::{self, CommandContext};
use super::{export, report, signed};
use crate::call::{Call, Refusal, Resend, check_guard};
use crate::catalog::{Provider, Severity};
use crate::config::{Access, ENV, Guard};
use crate::emulator::{self, RegionOf, RunningEmulator};
use crate::exchange::{Exchange, ExchangeId, Outcome, Purpose};
use crate::explain::{ExplanationContext, explain_with};
use crate::form::Diagnostic;
use crate::io::demo;
use crate::io::files::SystemEnvironment;
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
    let setting = CommandContext::load_with_warnings(global, output)?;
    let system_environment = setting::system_environment(&setting, &output.secrets);
    let draft = Draft::new(&setting, &arguments.call, &system_environment)?;
    if refused(&draft.findings, arguments.call.no_validate, output) {
        return Ok(Exit::Invalid);
    }
    arguments.export.check(&draft)?;
    if arguments.dry_run {
        let ready = draft.ready(&setting, &system_environment, output)?;
        return dry_run(&draft, &ready, arguments, output);
    }
    let confirmed = setting.profile == ENV || arguments.confirm.as_ref() == Some(&setting.profile);
    foresee_guard(&setting, &draft, confirmed).map_err(|refusal| Failure::refused(&refusal))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure { exit: Exit::NoAnswer, message: error.to_string() })?;
    let sending = Sending { setting: &setting, draft: &draft, arguments, confirmed };
    runtime.block_on(sending.run(system_environment, output))
}

/// A checked call on its way.
#[derive(Clone, Copy)]
struct Sending<'a> {
    setting: &'a CommandContext,
    draft: &'a Draft,
    arguments: &'a Arguments,
    confirmed: bool,
}

impl Sending<'_> {
    async fn run(self, mut machine: SystemEnvironment, output: &mut Output) -> CommandResult {
        let mut interrupted = pin!(tokio::signal::ctrl_c().fuse());
        // Polled once, so that it listens: from now on Ctrl-C ends the program while a command or the operator is waited for, and is left to this
        // afterwards.
        poll_fn(|context| {
            let _ = interrupted.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
        let _emulator = start_demo(self.setting, &mut machine).await?;
        let ready = self.draft.ready(self.setting, &machine, output)?;
        let exports = self.arguments.export.open()?;
        let loss = Arc::new(OnceLock::new());
        let recorder = recorder(self.setting, self.arguments, &loss, output);
        let sender = Sender::new(Settings::from(&self.setting.config.network), output.secrets.clone()).recording(recorder.clone());
        let sent = deliver(&sender, &self.call(ready), interrupted, output).await;
        let ended = conclude(self.draft, sent, (self.arguments, exports), output);
        drop(sender);
        if let Some(recorder) = recorder {
            finish_history(&recorder, &loss, output);
        }
        ended
    }

    fn call(self, ready: PreparedCall) -> Call {
        Call {
            provider: Arc::clone(&self.draft.provider),
            operation: Arc::clone(&self.draft.operation),
            access: ready.access,
            plan: ready.plan,
            values: self.draft.form.given(),
            origin: None,
            also_signed: ready.also_signed,
            ahead: SignedDuration::ZERO,
            confirmed: self.confirmed,
            purpose: Purpose::Operator,
            again: Resend { retries: self.arguments.retry, ..Resend::default() },
        }
    }
}

/// Waits, within bounds, until the history is written; warns when the end of an exchange is not in it.
fn finish_history(recorder: &Recorder, loss: &StorageFailure, output: &mut Output) {
    let written = recorder.finish();
    if let Some(error) = loss.get().or(written.as_ref().err()) {
        output.warn(&format!("its result is not kept in the history: {error}"));
    }
}

/// Signs, and prints or exports what would be sent.
fn dry_run(draft: &Draft, ready: &PreparedCall, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let signing_inputs = signed::signing_inputs(arguments.at, arguments.nonce.as_deref())?;
    let dry = signed::sign(draft, ready, &signing_inputs)?;
    arguments.export.open()?.write(&dry.exchange(draft, ready, &signing_inputs), draft, output)?;
    if !arguments.export.take_output() {
        signed::print_request(&dry, output);
    }
    Ok(Exit::Success)
}

/// The reason why something is not kept, once that is known.
type StorageFailure = Arc<OnceLock<HistoryError>>;

/// Starts the recorder of the history, unless the call is not to be kept.
fn recorder(setting: &CommandContext, arguments: &Arguments, loss: &StorageFailure, output: &mut Output) -> Option<Arc<Recorder>> {
    let settings = history::Settings::of(&setting.config, setting.paths.data.clone()).filter(|_| !arguments.no_history)?;
    let loss = Arc::clone(loss);
    let started = Recorder::start(settings, output.secrets.clone(), move |error| drop(loss.set(error)))
        .map_err(|error| output.warn(&format!("not kept in the history: {error}")));
    started.ok().map(Arc::new)
}

/// Asks the guard before anybody is asked for a secret, or a command for one, in vain. The sender enforces it all the same.
fn foresee_guard(setting: &CommandContext, draft: &Draft, confirmed: bool) -> Result<(), Refusal> {
    let guard = setting.config.profile(&setting.profile).map_or(Guard::None, |profile| profile.guard);
    check_guard(guard, &setting.profile, &draft.operation, confirmed)
}

/// Prints the errors and warnings of the parameters. Returns `true` when the call ends here.
pub fn refused(findings: &[Diagnostic], anyway: bool, output: &mut Output) -> bool {
    for finding in findings {
        let (role, word) = match finding.severity {
            Severity::Error => (ColorRole::Bad, "error: "),
            Severity::Warning => (ColorRole::Warning, "warning: "),
        };
        output.note(&[(role, word), (ColorRole::Plain, &format!("{}: {}", place(finding), finding.message))]);
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
async fn start_demo(setting: &CommandContext, machine: &mut SystemEnvironment) -> Result<Option<RunningEmulator>, Failure> {
    if !setting::is_demo(setting) || setting.overrides.endpoint.is_some() {
        return Ok(None);
    }
    let region =
        |region: &String| setting.catalog.index().map(|(id, _)| RegionOf { provider: id.to_owned(), region: region.clone() }).collect();
    let regions = setting.overrides.region.as_ref().map(region).unwrap_or_default();
    let settings = emulator::Settings { regions, ..emulator::Settings::default() };
    let running = emulator::start(&setting.catalog, &settings).await?;
    let access = |provider: &Arc<Provider>| {
        let address = running.address(&provider.id)?;
        Some((provider.id.clone(), demo::access(provider, setting::loopback(address.port()))))
    };
    machine.demo = setting.catalog.providers().filter_map(access).collect();
    Ok(Some(running))
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

/// The progress of a call, printed as it comes.
struct ProgressPrinter<'a> {
    call: &'a Call,
    output: &'a mut Output,
    ended: Vec<Exchange>,
    in_progress: Option<Box<Exchange>>,
    /// `true` while another attempt is waited for.
    is_waiting: bool,
    /// The last result that may have reached the vendor.
    known: Option<String>,
}

impl ProgressPrinter<'_> {
    fn print(&mut self, progress: Progress) {
        match progress {
            Progress::Started(exchange) => {
                if self.is_own(&exchange) {
                    self.output.has_sent(report::sent(&exchange));
                }
                (self.in_progress, self.is_waiting) = (Some(exchange), false);
            }
            Progress::Finished(exchange) => self.finish(*exchange),
            Progress::Waiting { wait, reason, left, .. } => {
                self.is_waiting = true;
                let text = format!("in {:.1} s: {reason} ({left} more)", wait.as_secs_f64());
                self.output.note(&[(ColorRole::Warning, "again "), (ColorRole::Plain, &text)]);
            }
            Progress::Stored(..) => {}
            Progress::StoreError(error) => self.output.warn(&format!("not kept in the history: {error}")),
        }
    }

    fn finish(&mut self, exchange: Exchange) {
        self.in_progress = None;
        if self.is_own(&exchange) {
            // An attempt that cannot have arrived does not undo the one before it.
            self.known = report::sent(&exchange).or(self.known.take());
            self.output.has_sent(self.known.clone());
        }
        self.ended.push(exchange);
    }

    /// Returns whether an exchange is the call's own, and not one for its token.
    fn is_own(&self, exchange: &Exchange) -> bool {
        exchange.operation == self.call.operation.id
    }
}

async fn deliver(sender: &Sender, call: &Call, interrupted: Pin<&mut impl Future>, output: &mut Output) -> SendResult {
    let last_id = AtomicU64::new(0);
    let next_id = || ExchangeId(last_id.fetch_add(1, Ordering::Relaxed) + 1);
    let mut printer = ProgressPrinter { call, output, ended: Vec::new(), in_progress: None, is_waiting: false, known: None };
    let ended = {
        let mut print = |progress| printer.print(progress);
        tokio::select! {
            biased;
            _ = interrupted => None,
            ended = sender.send(call, &next_id, &mut print) => Some(ended),
        }
    };
    let ProgressPrinter { output, ended: mut exchanges, in_progress, is_waiting, .. } = printer;
    if is_waiting && ended.is_none() {
        output.note(&[(ColorRole::Warning, "cancelled: "), (ColorRole::Plain, "it is not sent again")]);
    }
    exchanges.extend(in_progress.map(|exchange| Exchange { outcome: Outcome::Cancelled, ..*exchange }));
    SendResult { exchanges, ended, access: Arc::clone(&call.access) }
}

/// Prints the result, and returns the status.
fn conclude(
    draft: &Draft,
    sent: SendResult,
    (arguments, exports): (&Arguments, export::OpenExports<'_>),
    output: &mut Output,
) -> CommandResult {
    let Some((last, earlier)) = sent.exchanges.split_last() else {
        return match sent.ended {
            Some(Err(refusal)) => Err(Failure::refused(&refusal)),
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
        Some(Err(refusal)) => Err(Failure::refused(&refusal)),
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
