//! The emulator under load, beside the smallest server that hyper can be: how many signed creates a second, how long
//! each takes, and what memory stays.
//!
//! ```text
//! cargo bench --bench load                      everything, about a minute
//! cargo bench --bench load -- ACS3 memory       only these (ACS3, Volcengine, SDK-HMAC, token, memory)
//! SKYDECK_BENCH_STRICT=1 cargo bench ...        a figure outside its budget ends with status 1
//! ```
//!
//! Three processes: this one makes the load, and the server is either the real `skydeck emulator` or this program
//! started once more as a bare hyper server. `benches/README.md` says what each figure means.

mod client;
mod hello;
mod rates;
mod retained;
mod server;
mod table;
mod traffic;

use std::env;
use std::fs;
use std::process::ExitCode;

use anyhow::Result;

use table::Table;
use traffic::Kind;

/// When it is set, a figure outside its budget is a failure.
const STRICT: &str = "SKYDECK_BENCH_STRICT";

/// The word for what memory stays.
const MEMORY: &str = "memory";

fn main() -> Result<ExitCode> {
    if hello::is_wanted() {
        hello::run()?;
        return Ok(ExitCode::SUCCESS);
    }
    let (switches, wanted): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with('-'));
    // `cargo test --all-targets` runs benchmarks too, without this switch: figures of a debug build would mean nothing.
    if !switches.iter().any(|switch| switch == "--bench") {
        println!("nothing measured: this is for `cargo bench`");
        return Ok(ExitCode::SUCCESS);
    }
    let table = measure(&wanted)?;
    println!("load after: {}\n\n{table}", busy());
    let strict = env::var_os(STRICT).is_some_and(|value| value == "1");
    Ok(ExitCode::from(u8::from(table.misses() && strict)))
}

fn measure(wanted: &[String]) -> Result<Table> {
    println!("load before: {}", busy());
    let (mut table, is_wanted) = (Table::default(), |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name));
    for kind in Kind::ALL.into_iter().filter(|kind| is_wanted(kind.name())) {
        println!("{} ...", kind.name());
        rates::measure(kind, &mut table)?;
    }
    if is_wanted(MEMORY) {
        println!("{MEMORY} ...");
        retained::measure(&mut table)?;
    }
    Ok(table)
}

/// How busy the machine is, where it says so: figures of a busy machine mean little.
fn busy() -> String {
    fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
