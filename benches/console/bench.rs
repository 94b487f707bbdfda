//! What every measurement works with: a home for the console, the server, and the figures so far.

use std::env;
use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::figures::{Budget, Figure, Samples};
use crate::floor;
use crate::program::Program;
use crate::server::Server;

/// The provider of the benchmark's own catalog file; its operations are the server's paths.
const PROVIDER: &str = r#"
id = "bench"
title = "Bench"
product = "bench"
vendor = "alibaba"
version = "1"
auth = ["acs3-hmac-sha256"]
answer-format = "alibaba-flat"
default-region = "here"
endpoint = "http://127.0.0.1:{port}"
[[region]]
id = "here"
"#;

/// An operation of it, with a field to type into.
const OPERATION: &str = r#"
[[operation]]
id = "Get-{path}"
title = "get {path}"
changes = false
method = "GET"
path = "/{path}"
success = [200]
[[operation.parameter]]
name = "Note"
in = "query"
type = "string"
required = false
example = "note"
help = "Anything."
rules = [{ chars = [1, 64] }]
"#;

/// The server's paths.
const PATHS: [&str; 6] = ["small", "one", "long", "ten", "string", "members"];

/// The tab of [`PROVIDER`].
const OUR_TAB: &str = "\x1b6";

/// In the last line of the console's first frame.
const FOOTER: &str = "commands";

/// What every measurement works with.
pub struct Bench {
    /// What has been measured so far.
    pub figures: Vec<Figure>,
    /// The server.
    pub server: Server,
    home: TempDir,
}

impl Bench {
    /// Starts the server and writes the console's configuration.
    pub fn new() -> Result<Self> {
        let (server, home) = (Server::start()?, tempfile::tempdir()?);
        let provider = PROVIDER.replace("{port}", &server.port.to_string());
        let operations: String = PATHS.iter().map(|path| OPERATION.replace("{path}", path)).collect();
        fs::create_dir(home.path().join("catalog"))?;
        fs::write(home.path().join("catalog/bench.toml"), provider + &operations)?;
        fs::write(home.path().join("config.toml"), "")?;
        fs::create_dir(home.path().join("empty"))?;
        Ok(Self { figures: Vec::new(), server, home })
    }

    /// Puts a figure into the table.
    pub fn notify(&mut self, what: impl Into<String>, unit: &'static str, (floor, ours): (Option<f64>, f64), budget: Budget) {
        self.figures.push(Figure { what: what.into(), unit, floor, ours, budget });
    }

    /// Puts median and 99th percentile of times into the table.
    pub fn tell_times(&mut self, what: &str, floor: Option<&Samples>, ours: &Samples, (median, p99): (Budget, Budget)) {
        self.notify(format!("{what}: median"), "ms", (floor.map(Samples::median), ours.median()), median);
        self.notify(format!("{what}: p99"), "ms", (floor.map(Samples::p99), ours.p99()), p99);
    }

    /// The smallest program, started.
    pub fn floor(&self) -> Result<Program> {
        let mut command = self.command(CommandBuilder::new(env::current_exe()?));
        command.env(floor::MARK, "1");
        Program::start(command, false)
    }

    /// The console as it is without a configuration, started: the emulator's profile.
    pub fn console(&self) -> Result<Program> {
        Program::start(self.command(CommandBuilder::new(env!("CARGO_BIN_EXE_skydeck"))), true)
    }

    /// The console with the benchmark's provider, ready to send `Get-small`; the selected exchange's answer is shown.
    pub fn console_with_server(&self) -> Result<Program> {
        let mut command = self.command(CommandBuilder::new(env!("CARGO_BIN_EXE_skydeck")));
        let config = self.home.path().join("config.toml");
        command.args(["--profile", "env", "--config"]);
        command.arg(config);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tBenchmarkBenchmark");
        command.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "BenchmarkBenchmarkBenchmark000");
        let mut program = Program::start(command, true)?;
        until_first_frame(&mut program)?;
        // The preview is signed once profile and catalog are there.
        program.until_text("x-acs-action: CreateNamespace")?;
        program.press_for(OUR_TAB, "GET /small")?;
        program.press_for("\x1b", "? help")?;
        program.press("x\x1b[C\x1b[C")?;
        program.rest(Duration::from_millis(50));
        Ok(program)
    }

    fn command(&self, mut command: CommandBuilder) -> CommandBuilder {
        let home = self.home.path().join("empty");
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(name, &home);
        }
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        for name in ["NO_COLOR", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.cwd(&home);
        command
    }
}

/// Waits for the smallest program's first frame.
pub fn until_ready(floor: &mut Program) -> Result<std::time::Instant> {
    floor.until_text(floor::READY)
}

/// Waits for the console's first frame: tabs, form and keys.
pub fn until_first_frame(console: &mut Program) -> Result<std::time::Instant> {
    console.until("the first frame", |text| ["5 OTC SWR", "NamespaceName *", FOOTER].iter().all(|part| text.contains(part)))
}

/// Chooses an operation of the benchmark's provider, outside a field.
pub fn choose(console: &mut Program, path: &str) -> Result<()> {
    console.press_for("o", "enter")?;
    console.press(&format!("Get-{path}"))?;
    console.rest(Duration::from_millis(50));
    console.press_for("\r", &format!("GET /{path}")).map(drop)
}

/// Lets the machine calm down after something was started.
pub fn settle() {
    thread::sleep(Duration::from_millis(300));
}
