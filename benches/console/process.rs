//! What the system says of a process: its memory, its wake-ups, its processor time. Linux only; elsewhere nothing is known.

use std::fs;
use std::path::Path;

/// Clock ticks of `/proc/PID/stat` in a second, on every Linux of today.
const TICKS: f64 = 100.0;

/// A process.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

impl Process {
    /// Resident memory in MiB.
    pub fn resident(self) -> Option<f64> {
        self.memory("VmRSS:")
    }

    /// The most resident memory in MiB, since the start or since it was last [forgotten](Self::forget_peak).
    pub fn peak(self) -> Option<f64> {
        self.memory("VmHWM:")
    }

    /// Has the peak counted from now on.
    pub fn forget_peak(self) {
        // Without it the peak counts from the start: too much is reported, never too little.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.0), "5");
    }

    fn memory(self, name: &str) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        field(&status, name).map(|kib| kib / 1024.0)
    }

    /// How often its threads have gone to sleep or were made to wait.
    pub fn switches(self) -> Option<f64> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.0)).ok()?;
        threads.map(|thread| switches_of(&thread.ok()?.path())).sum()
    }

    /// Milliseconds of processor time that it has used, in steps of ten.
    pub fn processor_time(self) -> Option<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        // The name stands in parentheses and may hold anything; user and system time are the 12th and 13th field behind it.
        let (_, behind) = stat.rsplit_once(')')?;
        let ticks: Vec<f64> = behind.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
        Some(ticks.iter().sum::<f64>() * 1e3 / TICKS)
    }
}

fn switches_of(thread: &Path) -> Option<f64> {
    let status = fs::read_to_string(thread.join("status")).ok()?;
    Some(field(&status, "voluntary_ctxt_switches:")? + field(&status, "nonvoluntary_ctxt_switches:")?)
}

fn field(status: &str, name: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
