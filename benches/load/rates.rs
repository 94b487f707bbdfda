//! How many signed creates a second, beside a server that does nothing, and how long each takes.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::client::{self, CONNECTIONS, Outcome};
use crate::server::Server;
use crate::table::{Budget, Table, quantile};
use crate::traffic::{Accounts, Kind, Signer, creates};

/// How often both servers are measured, one after the other.
const ROUNDS: usize = 7;

/// Creates in a round.
const CREATES: usize = 20_000;

/// So many that each may create its share: the smallest quota of the catalog is 5.
const ACCOUNTS: Accounts = Accounts(CREATES / 5);

/// Measures one way of proving who calls.
pub fn measure(kind: Kind, table: &mut Table) -> Result<()> {
    let (mut ours, mut bare, mut ratios, mut latencies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (emulator, hello) = round(kind)?;
        ours.push(rate(&emulator));
        bare.push(rate(&hello));
        ratios.push(rate(&emulator) / rate(&hello));
        latencies.extend(emulator.latencies);
    }
    let millis = |part| quantile(&latencies.iter().map(Duration::as_secs_f64).collect::<Vec<_>>(), part) * 1e3;
    let name = kind.name();
    table.add(&format!("{name}: creates answered, against hello"), quantile(&ratios, 0.5), "x", Budget::AtLeast(0.5));
    table.add(&format!("{name}: creates answered a second"), quantile(&ours, 0.5), "", Budget::None);
    table.add(&format!("{name}: hello answered a second"), quantile(&bare, 0.5), "", Budget::None);
    table.add(&format!("{name}: median, {CONNECTIONS} connections"), millis(0.5), "ms", Budget::None);
    table.add(&format!("{name}: p99, {CONNECTIONS} connections"), millis(0.99), "ms", Budget::Below(10.0));
    Ok(())
}

/// The same requests to a fresh emulator and to a fresh hello.
fn round(kind: Kind) -> Result<(Outcome, Outcome)> {
    let emulator = Server::emulator(ACCOUNTS)?;
    let mut signer = Signer::new(kind, emulator.address(kind.provider())?, ACCOUNTS)?;
    let requests = creates(&mut signer, CREATES, ACCOUNTS)?;
    let ours = client::load(signer.address(), requests.clone())?;
    ensure!(ours.statuses[2] == CREATES, "not every create succeeded: {:?} answers by status", ours.statuses);
    drop(emulator);
    let hello = Server::hello()?;
    let bare = client::load(hello.address("hello")?, requests)?;
    Ok((ours, bare))
}

#[allow(clippy::cast_precision_loss)] // some ten thousand
fn rate(outcome: &Outcome) -> f64 {
    outcome.latencies.len() as f64 / outcome.took.as_secs_f64()
}
