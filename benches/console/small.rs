//! From the arrival of a small answer to the frame that shows it, with an empty log and with a thousand exchanges.

use std::time::Duration;

use anyhow::Result;

use crate::bench::Bench;
use crate::figures::{Budget, Samples};
use crate::program::Program;

/// Exchanges of a long day.
pub const MANY: usize = 1000;

/// Answers that are measured.
const ANSWERS: usize = 100;

/// Measures it.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut console = bench.console_with_server()?;
    answers(bench, "small answer to the screen", &mut console)?;
    send_many(bench, &mut console, MANY - ANSWERS)?;
    answers(bench, "small answer to the screen, 1,000 exchanges in the log", &mut console)
}

fn answers(bench: &mut Bench, what: &str, console: &mut Program) -> Result<()> {
    let mut samples = Samples::default();
    for _ in 0..ANSWERS {
        samples.push(send(bench, console)?);
        console.rest(Duration::from_millis(10));
    }
    bench.tell_times(what, None, &samples, (Budget::AtMost(3.0), Budget::AtMost(3.0)));
    Ok(())
}

/// Sends `Get-small` so many times, one after the other.
pub fn send_many(bench: &Bench, console: &mut Program, times: usize) -> Result<()> {
    (0..times).try_for_each(|_| send(bench, console).map(drop))
}

/// Sends `Get-small`; gives how long it took from the answer's first byte at the server to the frame that shows its
/// body and says that it succeeded.
fn send(bench: &Bench, console: &mut Program) -> Result<Duration> {
    console.press("s")?;
    let answer = bench.server.answered()?;
    let body = format!("small {}.", answer.number);
    let came = console.until(&body, |text| text.contains(&body) && text.contains("Get-small succeeded"))?;
    Ok(came.saturating_duration_since(answer.began))
}
