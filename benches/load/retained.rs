//! What memory stays: creates, the same creates again (refused), and their deletion, over and over.

use anyhow::{Result, ensure};

use crate::client;
use crate::server::Server;
use crate::table::{Budget, Table};
use crate::traffic::{Accounts, Kind, Signer, name};

/// How many requests there are in all.
const REQUESTS: usize = 201_000;

/// How many there are between two looks: a thousand resources, three requests for each.
const BATCH: usize = 3_000;

/// After so many the emulator has what it needs in its stride.
const STRIDE: usize = 30_000;

const ACCOUNTS: Accounts = Accounts(1_000);

/// Measures the scheme that has nonces to remember, and the one that has tokens.
pub fn measure(table: &mut Table) -> Result<()> {
    for (kind, most) in [(Kind::Acs3, 24.0), (Kind::Token, 8.0)] {
        let server = Server::emulator(ACCOUNTS)?;
        let mut signer = Signer::new(kind, server.address(kind.provider())?, ACCOUNTS)?;
        let (mut settled, mut resident) = (None, None);
        for done in (BATCH..=REQUESTS).step_by(BATCH) {
            batch(kind, &mut signer)?;
            resident = server.resident();
            settled = settled.or(resident.filter(|_| done >= STRIDE));
        }
        let (Some(first), Some(last)) = (settled, resident) else { return Ok(()) };
        let name = kind.name();
        table.add(&format!("{name}: resident after {REQUESTS} requests"), last, "MiB", Budget::None);
        table.add(&format!("{name}: of that, since request {STRIDE}"), last - first, "MiB", Budget::AtMost(most));
    }
    Ok(())
}

/// Creates, creates again and deletes: nothing stays but what the emulator remembers.
fn batch(kind: Kind, signer: &mut Signer) -> Result<()> {
    let of_account = |number: usize| (name(number), number % ACCOUNTS.0);
    let steps = [Kind::create, Kind::create, Kind::delete];
    for (step, wanted) in steps.into_iter().zip([2, 4, 2]) {
        let calls = (0..BATCH / 3).map(of_account).map(|(name, account)| step(kind, &name, account));
        let requests = calls.map(|call| signer.sign(&call)).collect::<Result<_>>()?;
        let outcome = client::load(signer.address(), requests)?;
        ensure!(outcome.statuses[wanted] == BATCH / 3, "not all as wanted: {:?} answers by status", outcome.statuses);
    }
    Ok(())
}
