//! Waiting in tests: for a state, never for a time.
#![allow(dead_code)] // each test program uses a part

use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take before a test calls it a hang. It only turns a hang into a failure: no test is quicker or surer with
/// another, however busy the machine is.
pub const HANG_TIMEOUT: Duration = Duration::from_secs(120);

/// Waits until it is so.
///
/// # Panics
/// When it does not come to that; `what` says what was waited for.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < HANG_TIMEOUT, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(2));
    }
}
