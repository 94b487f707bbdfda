//! `skydeck completions`: the script for a shell, and the answers to what that script asks.

use std::ffi::OsString;

use clap::{Args, Command};
use clap_complete::CompleteEnv;
use clap_complete::env::Shells;

use super::exit::{CommandResult, Exit, Failure};
use super::output::Output;

/// The variable with which the script asks for completions.
pub const VARIABLE: &str = "COMPLETE";

/// The text of `--help` after the options.
const HELP: &str = "\
Commands, options, providers, operations, parameters, regions and profiles complete, from the catalog and the configuration.
  bash        source <(skydeck completions bash)                          in ~/.bashrc
  zsh         source <(skydeck completions zsh)                           in ~/.zshrc
  fish        skydeck completions fish | source                           in ~/.config/fish/config.fish
  elvish      eval (skydeck completions elvish | slurp)                   in ~/.elvish/rc.elv
  powershell  skydeck completions powershell | Out-String | Invoke-Expression   in $PROFILE";

/// The arguments of `completions`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The shell
    #[arg(value_parser = ["bash", "zsh", "fish", "elvish", "powershell"])]
    shell: String,
}

/// Runs `completions`.
pub fn run(arguments: &Arguments, output: &mut Output) -> CommandResult {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let shell = shells.completer(&arguments.shell).ok_or_else(|| Failure::usage("this shell is not known"))?;
    shell.write_registration(VARIABLE, "skydeck", "skydeck", &program(), &mut script)?;
    output.script(&String::from_utf8_lossy(&script));
    Ok(Exit::Success)
}

/// Returns the program as the script calls it: as it was called, with a named folder made absolute.
fn program() -> String {
    let called = std::env::args_os().next().unwrap_or_else(|| OsString::from("skydeck"));
    let path = std::path::Path::new(&called);
    let whole = if path.components().count() > 1 { std::path::absolute(path).unwrap_or_else(|_| path.into()) } else { path.into() };
    whole.to_string_lossy().into_owned()
}

/// Answers a shell that asks for completions of the whole program's command; `None` when none did.
pub fn answer(whole: impl Fn() -> Command) -> Option<Exit> {
    let folder = std::env::current_dir().ok();
    match CompleteEnv::with_factory(whole).try_complete(std::env::args_os(), folder.as_deref()) {
        Ok(false) => None,
        // A shell that went away, or one that we do not know, gets nothing.
        Ok(true) | Err(_) => Some(Exit::Success),
    }
}
