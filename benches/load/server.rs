//! The two servers, each a process of its own that ends with its [`Server`].

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

use crate::hello;
use crate::traffic::Accounts;

/// A running server.
pub struct Server {
    child: Child,
    addresses: HashMap<String, SocketAddr>,
    /// Kept open: a server whose standard output is closed might end.
    _out: BufReader<ChildStdout>,
}

impl Server {
    /// The bare hyper server.
    pub fn hello() -> Result<Self> {
        Self::start(Command::new(env::current_exe()?).arg(hello::ARGUMENT), 1)
    }

    /// `skydeck emulator`, with its access log written to nowhere.
    pub fn emulator(accounts: Accounts) -> Result<Self> {
        Self::start(Command::new(env!("CARGO_BIN_EXE_skydeck")).arg("emulator").args(accounts.arguments()), 5)
    }

    fn start(command: &mut Command, ports: usize) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut out = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut addresses = HashMap::new();
        for _ in 0..ports {
            let mut line = String::new();
            out.read_line(&mut line)?;
            let (name, url) = line.trim_end().split_once(" http://").context("the server did not say where it is")?;
            addresses.insert(name.to_owned(), url.parse()?);
        }
        Ok(Self { child, addresses, _out: out })
    }

    /// Where it is: by the provider's id, or `hello`.
    pub fn address(&self, name: &str) -> Result<SocketAddr> {
        self.addresses.get(name).copied().with_context(|| format!("no port for {name}"))
    }

    /// Resident memory in MiB, where the system tells (Linux).
    pub fn resident(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?;
        kib.parse::<f64>().ok().map(|kib| kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
