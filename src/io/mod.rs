//! Everything that touches the world: the HTTP client, the terminal, files, the clock, random numbers.

pub mod clock;
mod delivery;
pub mod http;
pub mod send;
mod tokens;
