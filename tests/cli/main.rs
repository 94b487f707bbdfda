//! The command line, with the real binary: exit statuses, what is printed where, and what a shell can complete.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod bounds;
mod commands;
mod completions;
mod credentials;
mod every_code;
mod exporting;
mod faults;
mod history;
mod injected_faults;
mod live;
mod program_log;
mod sending;
mod serving;
mod signing;
mod support;
mod unwritten;
