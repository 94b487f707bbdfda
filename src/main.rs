//! skydeck: see the library of the same name.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// The emulator makes and frees hundreds of small texts for each request, on several threads: the system's own allocator
/// takes a third of its time for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    skydeck::cli::run()
}
