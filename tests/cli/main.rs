//! The command line, with the real binary: exit statuses, what is printed where, and what a shell can complete.

mod commands;
mod completions;
mod credentials;
mod sending;
mod signing;
mod support;
