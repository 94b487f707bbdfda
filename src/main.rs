//! skydeck: see the library of the same name.

use std::process::ExitCode;

/// The emulator under load answers a fifteenth more with it than with the system's. It must not ask for huge pages (the feature
/// `no_thp`): the console would stand at twice the memory when it starts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    skydeck::cli::run()
}
