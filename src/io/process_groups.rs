//! The process groups of the commands that are running, so that they end with the program.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command};
use std::time::Duration;

use parking_lot::Mutex;

/// The time that the end of the program waits for a command that is being started: on a dead network drive that may last for ever.
const KILL_LOCK_TIMEOUT: Duration = Duration::from_millis(200);

/// The process groups, each by the number of its first process.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Starts a command in a process group of its own.
///
/// # Errors
/// The system's.
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    // Held over the start: whoever kills all must not miss this one.
    let mut running = RUNNING.lock();
    let child = command.spawn()?;
    running.insert(child.id());
    Ok(child)
}

/// Forgets a process group that has ended.
pub(super) fn remove(leader: u32) {
    RUNNING.lock().remove(&leader);
}

/// Kills every command that is running, with whatever it has started.
pub(super) fn kill_all() {
    if let Some(running) = RUNNING.try_lock_for(KILL_LOCK_TIMEOUT) {
        running.iter().copied().for_each(kill);
    }
}

/// Returns whether a command is running.
pub(super) fn is_running() -> bool {
    !RUNNING.lock().is_empty()
}

/// Kills a process group.
#[cfg(unix)]
pub(super) fn kill(leader: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        // One that has ended meanwhile is what is wanted.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
pub(super) fn kill(_leader: u32) {}
