//! Hardens this process before it holds a secret.

/// Has the system write no memory of this process to a file when it crashes, and answer a write beyond the size that files may have with an error
/// in place of a signal that would end the program between a call and the report of it.
#[cfg(unix)]
pub fn harden_process() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Where the system refuses there is nothing else that could be done.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // A program that collects crashes is not bound by that limit.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// Does nothing: no such file is written on this system.
#[cfg(not(unix))]
pub fn harden_process() {}
