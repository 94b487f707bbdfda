//! Explanations: the words, the checks, and answers that mean harm.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod answers;
mod checks;
mod hostile;
mod messages;
mod pasted;
mod support;
mod voices;
mod words;
