//! Nothing happens: what is done all the same.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::bench::{Bench, choose};
use crate::figures::Budget;
use crate::program::Program;
use crate::server::TEN;
use crate::small;

/// How long is watched.
const WATCH: Duration = Duration::from_secs(5);

/// Threads that laid bodies out or resolved profiles end after ten seconds without work: that is not idling.
const AFTERWARDS: Duration = Duration::from_secs(11);

const NOTHING: Budget = Budget::AtMost(0.0);

/// Measures it, just started and with much at hand.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut fresh = bench.console()?;
    fresh.until_text("x-acs-signature-nonce")?;
    let mut laden = bench.console_with_server()?;
    small::send_many(bench, &mut laden, small::MANY)?;
    choose(&mut laden, "ten")?;
    laden.press_for("s", TEN)?;
    laden.until("the whole layout", |text| !text.contains("laying out"))?;
    laden.rest(AFTERWARDS);
    watch(bench, "idle for 5 s", &mut fresh)?;
    watch(bench, "idle for 5 s, 1,000 exchanges, 10 MB open", &mut laden)
}

fn watch(bench: &mut Bench, what: &str, console: &mut Program) -> Result<()> {
    let before = usage(console)?;
    console.rest(WATCH);
    let after = usage(console)?;
    for (at, (name, unit)) in [("wake-ups", ""), ("processor time", "ms"), ("output", "bytes")].into_iter().enumerate() {
        bench.notify(format!("{what}: {name}"), unit, (None, after[at] - before[at]), NOTHING);
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // bytes in the thousands
fn usage(console: &mut Program) -> Result<[f64; 3]> {
    let process = console.process()?;
    let unknown = "this system does not say what a process does";
    Ok([process.switches().context(unknown)?, process.processor_time().context(unknown)?, console.written() as f64])
}
