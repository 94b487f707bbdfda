//! From execution to the first whole frame, and the memory that is taken then.

use anyhow::{Context, Result};

use crate::bench::{Bench, settle, until_first_frame, until_ready};
use crate::figures::{Budget, Samples};

/// How often each program is started.
const ROUNDS: usize = 40;

/// Measures it.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let (mut floors, mut ours, mut signed) = (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        let mut floor = bench.floor()?;
        floors.push(until_ready(&mut floor)?.saturating_duration_since(floor.started));
        drop(floor);
        let mut console = bench.console()?;
        ours.push(until_first_frame(&mut console)?.saturating_duration_since(console.started));
        let came = console.until_text("x-acs-signature-nonce")?;
        signed.push(came.saturating_duration_since(console.started));
    }
    bench.tell_times("start to the first whole frame", Some(&floors), &ours, (Budget::Times(3.0), Budget::None));
    bench.notify("start to the signed preview (emulator up): median", "ms", (None, signed.median()), Budget::None);
    memory(bench)
}

fn memory(bench: &mut Bench) -> Result<()> {
    let (mut floor, mut console) = (bench.floor()?, bench.console()?);
    until_ready(&mut floor)?;
    console.until_text("x-acs-signature-nonce")?;
    settle();
    let floor = floor.process()?.resident();
    let ours = console.process()?.resident().context("this system does not say how much memory a process has")?;
    bench.notify("resident memory at the start", "MiB", (floor, ours), Budget::Below(20.0));
    Ok(())
}
