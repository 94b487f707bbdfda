//! Signals and a lost terminal: threads that sleep until one comes, and leave nothing behind.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

#[cfg(unix)]
use signal_hook::consts::signal::{SIGABRT, SIGALRM, SIGPROF, SIGQUIT, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU};
use signal_hook::consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::console::input::{Input, ToLoop};
use super::{process_groups, terminal};

/// The time that the loop may take to leave after a signal before it is left behind.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// Signals that end a program. The terminal is given back before they do; those that the processor raises (a segmentation fault) leave nobody to do it.
#[cfg(unix)]
const ENDING_SIGNALS: [i32; 13] =
    [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGSYS, SIGTRAP];
#[cfg(not(unix))]
const ENDING_SIGNALS: [i32; 2] = [SIGTERM, SIGINT];

/// Set once a thread waits for signals.
static IS_LISTENING: AtomicBool = AtomicBool::new(false);

/// Has signals that end the program kill the commands that are running and give the terminal back first. For the command line; the console has
/// [`forward`]. Ctrl-C is left to the caller, unless a command or the operator is waited for.
///
/// # Errors
/// The system's.
pub(super) fn end_by_signal() -> io::Result<()> {
    if IS_LISTENING.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let mut signals = Signals::new(ENDING_SIGNALS)?;
    spawn("signals", move || {
        for signal in signals.forever() {
            if signal == SIGINT && !process_groups::is_running() && !terminal::is_prompting() {
                continue;
            }
            clean_up();
            let _ = signal_hook::low_level::emulate_default_handler(signal);
            std::process::exit(128 + signal);
        }
    })
}

/// Gives the terminal back and kills the commands that are running.
fn clean_up() {
    terminal::restore();
    terminal::leave_prompt();
    process_groups::kill_all();
}

/// Turns signals into [`Input`]s from now on.
///
/// # Errors
/// The system's.
pub fn forward(to: ToLoop) -> io::Result<()> {
    IS_LISTENING.store(true, Ordering::SeqCst);
    let mut signals = Signals::new(ENDING_SIGNALS.into_iter().chain([SIGCONT]))?;
    spawn("signals", move || {
        for signal in signals.forever() {
            if signal == SIGCONT {
                if to.send(Input::Continued).is_err() {
                    return;
                }
                continue;
            }
            let _ = to.send(Input::Ended(signal));
            // The loop answers within a frame. One that hangs must not keep the terminal.
            thread::sleep(SHUTDOWN_TIMEOUT);
            clean_up();
            std::process::exit(128 + signal);
        }
    })
}

/// Notices a terminal that is gone although no SIGHUP came (a parent that ignores it passes that on).
///
/// # Errors
/// The system's.
#[cfg(unix)]
pub fn forward_hang_up(to: ToLoop) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};

    spawn("hang-up", move || {
        let stdin = io::stdin();
        // No event is asked for: only an error or a hang-up ends the wait.
        let mut wait = [PollFd::new(&stdin, PollFlags::empty())];
        while let Err(rustix::io::Errno::INTR) = poll(&mut wait, None) {}
        let _ = to.send(Input::Ended(SIGHUP));
        thread::sleep(SHUTDOWN_TIMEOUT);
        clean_up();
        std::process::exit(128 + SIGHUP);
    })
}

/// Starts a thread that only waits and passes on: a small stack is enough.
///
/// # Errors
/// The system's.
pub(super) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(name.to_owned()).stack_size(256 << 10).spawn(run).map(drop)
}
