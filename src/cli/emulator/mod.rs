//! `skydeck emulator`: the emulator alone, for SDKs and scripts.

mod accept;
mod environment;
mod faults;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Map, Value};

use super::argument_error::ArgumentError;
use super::exit::{CommandResult, Exit, Failure};
use super::global::Global;
use super::load::load_catalog;
use super::output::{ColorRole, Output, OutputFormat};
use crate::auth::Project;
use crate::catalog::{Catalog, Vendor};
use crate::emulator::{self, AccessSink, RunningEmulator, Settings, demo};
use crate::io::access_log::{AccessLog, LineFormat};
use crate::log_error::LogError;
use crate::text::escape_json;

use faults::FaultOptions;

/// The arguments of `emulator`.
#[derive(Args, Debug)]
#[command(after_help = "--help lists the demo's keys and users.", after_long_help = published(), args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// The subcommand, if there is one.
    #[command(subcommand)]
    command: Option<Command>,
    /// The first provider's address; the others have the ports that follow (default: free ports)
    #[arg(long, value_name = "127.0.0.1:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
    /// The keys and users.
    #[command(flatten)]
    accept: accept::AcceptOptions,
    /// A name, beside the loopback ones, that `host` may have in requests (repeatable)
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// The origin of a web page that may call it and read its answers, * for any page (repeatable)
    #[arg(long, value_name = "URL")]
    allow_origin: Vec<String>,
    /// The region that a provider's port stands for (repeatable)
    // It has the id of the global option, whose place it takes here.
    #[arg(long, value_name = "PROVIDER=REGION")]
    region: Vec<String>,
    /// Keep what is created in a file, and go on from it (made if it is not there)
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    state: Option<PathBuf>,
    /// The faults.
    #[command(flatten)]
    faults: FaultOptions,
    /// How each request is told on standard error
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    log: LogFormat,
    /// Print the variables by which the vendors' SDKs and command lines reach it, to paste into a shell
    #[arg(long)]
    print_env: bool,
}

/// The format of the access log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// A line for people
    #[default]
    Text,
    /// An object on a line, for programs
    Json,
    /// Nothing
    None,
}

impl LogFormat {
    fn lines(self) -> Option<LineFormat> {
        match self {
            Self::Text => Some(LineFormat::Text),
            Self::Json => Some(LineFormat::Json),
            Self::None => None,
        }
    }
}

/// The subcommands of `emulator`.
#[derive(Debug, Subcommand)]
enum Command {
    /// List every fault that can be injected: error codes, statuses, broken and slow answers
    Faults(faults::Arguments),
}

/// Reads the address of `--listen`.
fn address(text: &str) -> Result<SocketAddr, ArgumentError> {
    text.parse().map_err(|_| ArgumentError::Address(text.to_owned()))
}

/// Runs `emulator` until a signal ends it.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    if let Some(Command::Faults(arguments)) = &arguments.command {
        return faults::run(global, arguments, output);
    }
    let (catalog, problems) = load_catalog(&global.paths()?);
    for problem in &problems {
        output.warn(problem);
    }
    let settings = settings(arguments, &catalog)?;
    let served = ReadyEmulator { catalog: &catalog, settings: &settings, prints_environment: arguments.print_env };
    if arguments.print_env && settings.listen.port() != 0 {
        let addresses = emulator::addresses(&catalog, &settings)?;
        return served.print_environment(&addresses, output).map(|()| Exit::Success);
    }
    allow_many_connections();
    let (sink, log) = arguments.log.lines().map(|format| AccessLog::open(format, &settings, &output.secrets)).unzip();
    let ended = served.serve(sink, output);
    if let Some(log) = log {
        log.close();
    }
    ended
}

/// An emulator about to run.
struct ReadyEmulator<'a> {
    catalog: &'a Catalog,
    settings: &'a Settings,
    prints_environment: bool,
}

impl ReadyEmulator<'_> {
    /// Serves until a signal comes. What is open then is closed: nobody's slowness holds up the end.
    fn serve(&self, log: Option<Arc<dyn AccessSink>>, output: &mut Output) -> CommandResult {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
            let stop = stopped()?;
            let running = emulator::start_logged(self.catalog, self.settings, log).await?;
            self.print_ready(&running, output)?;
            stop.await;
            Ok(Exit::Success)
        })
    }

    fn print_ready(&self, running: &RunningEmulator, output: &mut Output) -> Result<(), Failure> {
        if self.prints_environment {
            return self.print_environment(&running.addresses, output);
        }
        print_addresses(running, output);
        Ok(())
    }

    fn print_environment(&self, addresses: &[(String, SocketAddr)], output: &mut Output) -> Result<(), Failure> {
        let blocks = environment::blocks(self.catalog, self.settings, addresses)?;
        match output.format {
            OutputFormat::Text => output.script(&environment::script(&blocks)),
            // These secrets are to be read: they open nothing but this emulator.
            OutputFormat::Json => output.script(&format!("{}\n", escape_json(&environment::object(&blocks).to_string()))),
        }
        output.flush();
        Ok(())
    }
}

/// Raises the soft limit of open files to the hard limit: the usual one is for programs with few connections.
#[cfg(unix)]
fn allow_many_connections() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it is refused the usual limit holds, and the log says when it is reached.
    setrlimit(Resource::Nofile, limit).log_error("raise the limit of open files");
}

#[cfg(not(unix))]
fn allow_many_connections() {}

fn settings(arguments: &Arguments, catalog: &Catalog) -> Result<Settings, Failure> {
    let (faults, fault_seed) = arguments.faults.read(catalog)?;
    let mut settings = Settings { faults, fault_seed, state: arguments.state.clone(), ..Settings::default() };
    if let Some(listen) = arguments.listen {
        settings.listen = listen;
    }
    (settings.hosts, settings.origins) = (arguments.allow_host.clone(), arguments.allow_origin.clone());
    let (keys, users) = (arguments.accept.keys()?, arguments.accept.users()?);
    if !keys.is_empty() {
        settings.keys = keys;
    }
    if !users.is_empty() {
        settings.users = users;
    }
    settings.regions = arguments.region.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    Ok(settings)
}

/// Prints where each provider is: from now on all of them can be called.
fn print_addresses(running: &RunningEmulator, output: &mut Output) {
    let places = running.addresses.iter().map(|(provider, address)| (provider, format!("http://{address}")));
    match output.format {
        OutputFormat::Text => places
            .for_each(|(provider, url)| output.line(&[(ColorRole::Plain, provider), (ColorRole::Plain, " "), (ColorRole::Plain, &url)])),
        OutputFormat::Json => {
            output.json(&places.map(|(provider, url)| (provider.clone(), Value::from(url))).collect::<Map<_, _>>().into());
        }
    }
    output.flush();
}

/// Returns a future that ends when a signal asks the program to end.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Returns a future that ends when Ctrl-C asks the program to end.
#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without the signal nothing asks to end, and the process is ended from outside.
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The text of `--help` after the options.
const HELP: &str = "\
Prints one line per provider when ready (PROVIDER URL; with --output json one object on one line),
and runs until SIGTERM, SIGINT or SIGHUP. Each request is a line on standard error: time, provider,
method, target, operation, caller, status, code, request id, size and time of the answer, reason.

With --print-env it prints variables instead: with --listen at a fixed port it then ends
(eval \"$(skydeck emulator --listen 127.0.0.1:4010 --print-env)\"), without it goes on serving.

The demo's keys (ID:SECRET) and users (NAME:PASSWORD:DOMAIN:PROJECT), accepted unless others are
named:";

/// Returns the help with the demo's keys and users. They open nothing but the emulator.
fn published() -> String {
    let mut lines = vec![HELP.to_owned()];
    for vendor in Vendor::ALL {
        let key = demo::access_key(vendor);
        lines.push(format!("  {:<11} {}:{}", vendor.key(), key.id, key.secret.expose()));
        lines.extend(demo::login(vendor).map(|login| {
            let (Project::Name(project) | Project::Id(project)) = &login.project;
            format!("  {:<11} {}:{}:{}:{project}", "", login.user, login.password.expose(), login.domain)
        }));
    }
    lines.extend([String::new(), faults::GRAMMAR.to_owned()]);
    lines.join("\n")
}
