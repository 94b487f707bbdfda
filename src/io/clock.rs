//! The clock and the random numbers of the machine, behind a trait so that a test can fix both.

use std::fmt::Debug;

use jiff::Timestamp;
use thiserror::Error;

use crate::auth::SigningInputs;

/// Bytes of a nonce before they are written as hex.
const NONCE_BYTES: usize = 16;

/// The system gave no random bytes, so no nonce can be made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the system gives no random numbers for a nonce: {0}")]
pub struct NoRandomness(pub String);

/// Tells the time and makes nonces.
pub trait Clock: Debug + Send + Sync {
    /// Returns the time.
    fn now(&self) -> Timestamp;

    /// Returns the time, and a nonce of 32 lower-case hex digits that nobody has had before.
    fn moment(&self) -> Result<SigningInputs, NoRandomness>;
}

/// The machine's own clock and random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn moment(&self) -> Result<SigningInputs, NoRandomness> {
        let mut bytes = [0; NONCE_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| NoRandomness(error.to_string()))?;
        Ok(SigningInputs { now: self.now(), nonce: hex::encode(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_hex_and_differ() {
        let (one, other) = (SystemClock.moment().unwrap(), SystemClock.moment().unwrap());
        assert_ne!(one.nonce, other.nonce);
        assert_eq!(one.nonce.len(), 32);
        assert!(one.nonce.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit)));
        assert!(one.now <= other.now);
    }
}
