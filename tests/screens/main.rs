//! What the console looks like: every scene at four sizes, no panic at any size, nothing hostile on the screen, and the README's picture.
#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../stage/mod.rs"]
mod stage;

mod frame;
mod hostile;
mod mouse;
mod picture;
mod scenes;
mod snapshots;
mod sweep;
mod volatile;
