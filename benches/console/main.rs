//! The whole console as a person meets it: started in a pseudo-terminal, typed into, answered by a server on the loopback
//! interface, and held beside the smallest program on the same libraries in the same run.
//!
//! ```text
//! cargo bench --bench console                     everything, about two minutes
//! cargo bench --bench console -- start idle       only these (start, keys, idle, small, large)
//! SKYDECK_BENCH_STRICT=1 cargo bench ...          a figure outside its budget ends with status 1
//! ```
//!
//! `benches/README.md` says what each figure means.

mod bench;
mod figures;
mod floor;
mod idle;
mod keys;
mod large;
mod process;
mod program;
mod server;
mod small;
mod start;

use std::env;
use std::fs;
use std::process::ExitCode;

use anyhow::Result;

use bench::Bench;

/// When it is set, a figure outside its budget is a failure.
const STRICT: &str = "SKYDECK_BENCH_STRICT";

/// Measures something and puts its figures into the table.
type Measure = fn(&mut Bench) -> Result<()>;

/// What can be measured, in this order.
const MEASURES: [(&str, Measure); 5] =
    [("start", start::measure), ("idle", idle::measure), ("keys", keys::measure), ("small", small::measure), ("large", large::measure)];

fn main() -> Result<ExitCode> {
    if floor::is_wanted() {
        floor::run()?;
        return Ok(ExitCode::SUCCESS);
    }
    let (switches, wanted): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with('-'));
    // `cargo test --all-targets` runs benchmarks too, without this switch: figures of a debug build would mean nothing.
    if !switches.iter().any(|switch| switch == "--bench") {
        println!("nothing measured: this is for `cargo bench`");
        return Ok(ExitCode::SUCCESS);
    }
    measure(&wanted)
}

fn measure(wanted: &[String]) -> Result<ExitCode> {
    println!("load before: {}", load());
    let mut bench = Bench::new()?;
    for (name, measure) in MEASURES {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            println!("{name} ...");
            measure(&mut bench)?;
        }
    }
    println!("load after: {}\n\n{}", load(), figures::table(&bench.figures));
    let missed = bench.figures.iter().any(figures::Figure::misses);
    let strict = env::var_os(STRICT).is_some_and(|value| value == "1");
    Ok(ExitCode::from(u8::from(missed && strict)))
}

/// How busy the machine is, where it says so: figures of a busy machine mean little.
fn load() -> String {
    fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
