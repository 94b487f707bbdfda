//! The faults of the emulator on the command line: the options that set them, and `skydeck emulator faults`, which lists them all.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use serde_json::{Value, json};

use crate::catalog::{Catalog, Provider};
use crate::cli::candidates;
use crate::cli::exit::{CommandResult, Exit, Failure};
use crate::cli::global::Global;
use crate::cli::output::{ColorRole, Output, OutputFormat};
use crate::cli::setting::CommandContext;
use crate::emulator::fault::{self, AvailableFault, Fault, KINDS};
use crate::io::files;

/// The syntax of a fault.
pub const GRAMMAR: &str = "\
A fault is written PROVIDER[/OPERATION]:WHAT[MARKS]
  PROVIDER   a provider, or * for all
  OPERATION  an operation, or token for the token service (without it: every operation)
  WHAT       an error code (CODE, or CODE=STATUS), a status, or a kind such as delay=2s or reset
  MARKS      ~N not the first N; @N/s, @N/m, @N/h only what comes beyond that rate;
             %P in P of a hundred; *N no more than N times
Examples
  alibaba-sae/CreateNamespace:Throttling.User*2    *:delay=300ms%25    huawei-swr:throttle@5/s";

/// The text of `--help` after the options.
const HELP: &str = "\
With --output json: a list of objects (provider, operation or null, what, status or null, meaning, example); an example is
a whole fault for --fault.";

/// The options that set faults.
#[derive(Args, Debug)]
pub struct FaultOptions {
    /// A failure to inject: PROVIDER[/OPERATION]:WHAT[MARKS]; `skydeck emulator faults` lists them all (repeatable)
    #[arg(long, value_name = "FAULT", add = ArgValueCompleter::new(candidates::faults))]
    fault: Vec<String>,
    /// A file of faults, one on each line; what follows a # is a comment (repeatable)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    faults: Vec<PathBuf>,
    /// What chance in faults is drawn by: the same number gives the same strikes
    #[arg(long, value_name = "NUMBER")]
    fault_seed: Option<u64>,
}

impl FaultOptions {
    /// Returns the faults, those of files first, and the seed.
    pub fn read(&self, catalog: &Catalog) -> Result<(Vec<String>, Option<u64>), Failure> {
        let mut all = Vec::new();
        for path in &self.faults {
            all.extend(of_file(path, catalog)?);
        }
        all.extend(self.fault.iter().cloned());
        Ok((all, self.fault_seed))
    }
}

fn of_file(path: &Path, catalog: &Catalog) -> Result<Vec<String>, Failure> {
    let text = files::read_text(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    let known = || catalog.providers().map(|provider| &**provider);
    let check = |(number, fault)| {
        let checked = Fault::parse(fault, known()).map(|_| fault.to_owned());
        checked.map_err(|error| Failure::usage(format!("{}:{number}: {error}", path.display())))
    };
    fault::lines(&text).map(check).collect()
}

/// The arguments of `emulator faults`.
#[derive(Args, Debug)]
#[command(after_help = GRAMMAR, after_long_help = format!("{GRAMMAR}\n\n{HELP}"))]
pub struct Arguments {
    /// The provider; all of them when it is left out
    #[arg(add = ArgValueCompleter::new(candidates::providers))]
    provider: Option<String>,
}

/// Runs `emulator faults`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    let providers: Vec<&Provider> = match &arguments.provider {
        Some(id) => vec![setting.provider(id)?],
        None => setting.catalog.providers().map(|provider| &**provider).collect(),
    };
    match output.format {
        OutputFormat::Json => output.json(&providers.iter().flat_map(|provider| objects(provider)).collect()),
        OutputFormat::Text => print(&providers, output),
    }
    Ok(Exit::Success)
}

fn objects(provider: &Provider) -> impl Iterator<Item = Value> {
    fault::possible(provider).into_iter().map(|possible| {
        json!({
            "provider": provider.id,
            "operation": possible.operation,
            "what": possible.what,
            "status": possible.status,
            "meaning": possible.meaning,
            "example": possible.fault(&provider.id),
        })
    })
}

fn print(providers: &[&Provider], output: &mut Output) {
    for provider in providers {
        output.line(&[(ColorRole::Good, &provider.id), (ColorRole::Label, "  error codes, with the operation that alone has them")]);
        let codes: Vec<AvailableFault> = fault::possible(provider).into_iter().filter(|possible| possible.status.is_some()).collect();
        let widest = |text: fn(&AvailableFault) -> &str| codes.iter().map(|possible| text(possible).len()).max().unwrap_or(0);
        let (whats, operations) = (widest(|possible| &possible.what), widest(operation));
        for possible in &codes {
            let status = possible.status.map(|status| status.to_string()).unwrap_or_default();
            output.line(&[
                (ColorRole::Label, &format!("  {status}  ")),
                (ColorRole::Bad, &format!("{:<whats$}  ", possible.what)),
                (ColorRole::Label, &format!("{:<operations$}  ", operation(possible))),
                (ColorRole::Plain, &possible.meaning),
            ]);
        }
        output.plain("");
    }
    print_kinds(output);
    output.plain("");
    GRAMMAR.lines().for_each(|line| output.plain(line));
}

fn operation(possible: &AvailableFault) -> &str {
    possible.operation.as_deref().unwrap_or_default()
}

/// Prints what applies to every provider.
fn print_kinds(output: &mut Output) {
    output.line(&[(ColorRole::Good, "every provider"), (ColorRole::Label, "  kinds, with an example of each")]);
    let status = fault::bare_status();
    let kinds = KINDS.iter().map(|kind| (kind.form, kind.example, kind.meaning));
    for (form, example, meaning) in [(&*status.what, &*status.example, &*status.meaning)].into_iter().chain(kinds) {
        output.line(&[
            (ColorRole::Bad, &format!("  {form:<26}")),
            (ColorRole::Label, &format!("{example:<26}")),
            (ColorRole::Plain, meaning),
        ]);
    }
}
