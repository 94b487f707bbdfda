//! Everything that touches the world: the HTTP client, the terminal, files, the clock, random numbers.

pub mod clock;
pub mod files;
pub mod http;
mod prompt;
pub mod send;
