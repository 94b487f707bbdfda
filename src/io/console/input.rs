//! The loop's inputs from other threads, and the options of the console.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crossterm::event::Event;

use crate::app::Message;
use crate::app::message::Question;
use crate::catalog::Catalog;
use crate::config::{Config, Environment, Overrides};

/// An input of the event loop.
pub enum Input {
    /// Something from the terminal.
    Terminal(Event),
    /// Something from the network's thread.
    Message(Message),
    /// A question that the operator must answer.
    Ask(Question),
    /// The terminal's background, which it was asked for.
    Background {
        /// `true` when it is light.
        light: bool,
    },
    /// The process was stopped and goes on.
    Continued,
    /// A signal asks to end, by its number.
    Ended(i32),
}

/// The options of the console.
pub struct Options {
    /// The configuration.
    pub config: Config,
    /// The catalog, the operator's own files included.
    pub catalog: Arc<Catalog>,
    /// The profile to begin with.
    pub profile: String,
    /// The command line's values that override the profile's.
    pub overrides: Overrides,
    /// The folder for copies.
    pub data_dir: PathBuf,
    /// The environment of credentials.
    pub environment: Arc<dyn Environment + Send + Sync>,
    /// Something to tell at the start: a mistake in a file of the catalog.
    pub notice: Option<String>,
}

/// Sends inputs from other threads.
pub type ToLoop = Sender<Input>;
