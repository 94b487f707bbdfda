//! `skydeck emulator`: the emulator alone, for SDKs and scripts.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::arguments::{Form, Global};
use super::exit::{Ended, Exit, Failure};
use super::faults::{self, FaultOptions};
use super::output::{Ink, Output};
use super::prepare::{load_catalog, paths};
use crate::auth::Project;
use crate::catalog::{Catalog, Vendor, quoted};
use crate::emulator::{self, AcceptError, AcceptedKey, AcceptedUser, RegionOf, Running, Settings, demo};

/// The arguments of `emulator`.
#[derive(Args, Debug)]
#[command(after_help = "--help lists the demo's keys and users.", after_long_help = published(), args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// What else to do than to run it.
    #[command(subcommand)]
    command: Option<Command>,
    /// The first provider's address; the others have the ports that follow (default: free ports)
    #[arg(long, value_name = "127.0.0.1:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
    /// A key that is accepted, in place of the demo's (repeatable)
    #[arg(long, value_name = "ID:SECRET[:TOKEN]")]
    accept_key: Vec<String>,
    /// A user that is accepted, in place of the demo's (repeatable)
    #[arg(long, value_name = "NAME:PASSWORD:DOMAIN:PROJECT")]
    accept_user: Vec<String>,
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
}

/// What can be done with the emulator besides running it.
#[derive(Debug, Subcommand)]
enum Command {
    /// List every fault that can be injected: error codes, statuses, broken and slow answers
    Faults(faults::Arguments),
}

/// Reads the address of `--listen`.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{} is no address: write it like 127.0.0.1:4010", quoted(text)))
}

/// Runs `emulator` until a signal ends it.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> Ended {
    if let Some(Command::Faults(arguments)) = &arguments.command {
        return faults::run(global, arguments, output);
    }
    let (catalog, problems) = load_catalog(&paths(global)?);
    for problem in &problems {
        output.warn(problem);
    }
    let settings = settings(arguments, &catalog)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::usage(error.to_string()))?.block_on(async {
        let stop = stopped().map_err(|error| Failure::usage(error.to_string()))?;
        let running = emulator::start(&catalog, &settings).await.map_err(|error| Failure::usage(error.to_string()))?;
        ready(&running, output);
        stop.await;
        Ok(Exit::Success)
    })
}

fn settings(arguments: &Arguments, catalog: &Catalog) -> Result<Settings, Failure> {
    let (faults, fault_seed) = arguments.faults.read(catalog)?;
    let mut settings = Settings { faults, fault_seed, state: arguments.state.clone(), ..Settings::default() };
    if let Some(listen) = arguments.listen {
        settings.listen = listen;
    }
    let wrong = |error: AcceptError| Failure::usage(error.to_string());
    let keys: Vec<AcceptedKey> = arguments.accept_key.iter().map(|key| key.parse()).collect::<Result<_, _>>().map_err(wrong)?;
    let users: Vec<AcceptedUser> = arguments.accept_user.iter().map(|user| user.parse()).collect::<Result<_, _>>().map_err(wrong)?;
    if !keys.is_empty() {
        settings.keys = keys;
    }
    if !users.is_empty() {
        settings.users = users;
    }
    let region = |text: &String| text.parse::<RegionOf>().map_err(|error| Failure::usage(error.to_string()));
    settings.regions = arguments.region.iter().map(region).collect::<Result<_, _>>()?;
    Ok(settings)
}

/// Says where each provider is: the sign that all of them can be called.
fn ready(running: &Running, output: &mut Output) {
    let places = running.addresses.iter().map(|(provider, address)| (provider, format!("http://{address}")));
    match output.form {
        Form::Text => places.for_each(|(provider, url)| output.line(&[(Ink::Plain, provider), (Ink::Plain, " "), (Ink::Plain, &url)])),
        Form::Json => output.json(&places.map(|(provider, url)| (provider.clone(), Value::from(url))).collect::<Map<_, _>>().into()),
    }
    output.flush();
}

/// Comes when a signal asks to end.
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

/// Comes when Ctrl-C asks to end.
#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without the signal nothing asks to end, and the process is ended from outside.
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// What `--help` says beyond the options.
const HELP: &str = "\
Prints one line per provider when ready (PROVIDER URL; with --output json one object on one line),
and runs until SIGTERM, SIGINT or SIGHUP.

The demo's keys (ID:SECRET) and users (NAME:PASSWORD:DOMAIN:PROJECT), accepted unless others are
named:";

/// The help with the demo's keys and users. They open nothing but the emulator.
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
