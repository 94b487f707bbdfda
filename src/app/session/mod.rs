//! The state of the session: by whose clock calls are signed.

pub mod clock;
