//! Large answers: how soon they can be read, what memory they take, and how long keys wait meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::bench::{Bench, choose, settle};
use crate::figures::{Budget, Samples};
use crate::keys::Typist;
use crate::program::Program;
use crate::server::{self, LONG, MEMBERS, ONE, STRING, TEN, TEN_BYTES};

/// How often 10 MB are fetched, each time by a console of its own.
const ROUNDS: usize = 10;

/// How often 50 MB are.
const FEW: usize = 3;

/// Typing goes on for so long after the answer is laid out.
const AFTER: Duration = Duration::from_millis(300);

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures it.
pub fn measure(bench: &mut Bench) -> Result<()> {
    server::prepare();
    ten(bench)?;
    typing(bench, &Answer { path: "string", tag: STRING, what: "50 MB in one string", envelope: false, budget_ms: 1000.0 })?;
    typing(bench, &Answer { path: "members", tag: MEMBERS, what: "50 MB of members in one line", envelope: false, budget_ms: 1000.0 })?;
    typing(bench, &Answer { path: "one", tag: ONE, what: "1 MB as an envelope", envelope: true, budget_ms: 150.0 })?;
    typing(bench, &Answer { path: "long", tag: LONG, what: "1 MB of error code and message", envelope: true, budget_ms: 150.0 })
}

fn ten(bench: &mut Bench) -> Result<()> {
    let (mut shown, mut memory) = (Samples::default(), 0.0_f64);
    for _ in 0..ROUNDS {
        let mut console = bench.console_with_server()?;
        choose(&mut console, "ten")?;
        settle();
        let process = console.process()?;
        let unknown = "this system does not say how much memory a process has";
        let before = process.resident().context(unknown)?;
        process.forget_peak();
        let pressed = console.press("s")?;
        shown.push(console.until_text(TEN)?.saturating_duration_since(pressed));
        console.until("the whole layout", |text| !text.contains("laying out"))?;
        settle();
        memory = memory.max(process.peak().context(unknown)? - before);
    }
    bench.tell_times("10 MB, send to screen", None, &shown, (Budget::AtMost(150.0), Budget::AtMost(150.0)));
    #[allow(clippy::cast_precision_loss)] // ten million
    let body = TEN_BYTES as f64 / f64::from(1 << 20);
    bench.notify("10 MB, memory at its peak, times the body", "", (None, memory / body), Budget::AtMost(3.0));
    Ok(())
}

/// An answer that comes while a field is typed into.
struct Answer<'a> {
    path: &'a str,
    tag: &'a str,
    what: &'a str,
    /// Whether the envelope is looked at, not the bytes.
    envelope: bool,
    /// How soon it must be seen.
    budget_ms: f64,
}

fn typing(bench: &mut Bench, answer: &Answer<'_>) -> Result<()> {
    let (mut readable, mut waits) = (Samples::default(), Samples::default());
    for _ in 0..FEW {
        let mut console = bench.console_with_server()?;
        if answer.envelope {
            console.press("\x1b[D\x1b[D")?;
        }
        choose(&mut console, answer.path)?;
        console.press_for("fi", "commands")?;
        settle();
        readable.push(type_meanwhile(&mut console, answer.tag, &mut waits)?);
    }
    let what = answer.what;
    bench.notify(format!("{what}, send to screen: longest"), "ms", (None, readable.greatest()), Budget::AtMost(answer.budget_ms));
    bench.notify(format!("{what}, a key meanwhile: median"), "ms", (None, waits.median()), Budget::None);
    bench.notify(format!("{what}, a key meanwhile: longest"), "ms", (None, waits.greatest()), Budget::AtMost(50.0));
    Ok(())
}

/// Sends from the field and types on until the answer has been laid out; gives how long it took until its tag could be read.
fn type_meanwhile(console: &mut Program, tag: &str, waits: &mut Samples) -> Result<Duration> {
    let mut typist = Typist::default();
    typist.press(console)?;
    console.watch_for(tag);
    let sent = console.press("\x13")?;
    let mut last_layout = Instant::now();
    while last_layout.elapsed() < AFTER {
        waits.push(typist.press(console)?);
        if console.seen().is_none() || console.text().contains("laying out") {
            ensure!(sent.elapsed() < PATIENCE, "{tag} is never laid out:\n{}", console.text());
            last_layout = Instant::now();
        }
    }
    console.seen().map(|seen| seen.saturating_duration_since(sent)).context("the answer was never seen")
}
