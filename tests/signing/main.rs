//! Signing held against requests that the vendors' own SDKs sent (`tests/vectors/`), and against chance.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod behaviour;
mod known_answers;
mod random;
mod sign;
mod sm3;
mod tamper;
mod token;
mod vector;
mod verify;
