//! Settings that no profile owns: the screen and the network.

use std::path::PathBuf;
use std::time::Duration;

use tracing::Level;

/// The `[screen]` settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The colours.
    pub theme: Theme,
    /// The lines around things.
    pub borders: Borders,
    /// Whether the console takes the mouse; a key gives it back to the terminal's own selection.
    pub mouse: bool,
}

/// The `[resources]` settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Whether a call that changed something is followed by calls that list again and fetch what was created.
    pub follow_changes: bool,
}

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// `mono` with `NO_COLOR`, else dark or light as the terminal's background seems to be.
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// No colour at all.
    Mono,
}

/// Lines around things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Borders {
    /// Unicode where the locale is UTF-8, else ASCII.
    Auto,
    /// Box-drawing characters.
    Unicode,
    /// `+`, `-` and `|`: where box-drawing characters take two columns, or are not in the font.
    Ascii,
}

/// The `[network]` settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The time that connecting may take, TLS included.
    pub connect_timeout: Duration,
    /// The time that the server may be silent.
    pub read_timeout: Duration,
    /// The time that a whole exchange may take.
    pub total_timeout: Duration,
    /// A file of certificates (PEM) that are trusted besides the system's own.
    pub ca_file: Option<PathBuf>,
    /// The number of bytes of an answer's body that are kept; what comes beyond is counted.
    pub body_limit: u64,
}

/// The `[log]` settings: the program's own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramLog {
    /// The file; the log is off without one.
    pub file: Option<PathBuf>,
    /// What is written: this level and the graver ones.
    pub level: Level,
}

/// The `[history]` settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Whether anything is.
    pub enabled: bool,
    /// The number of exchanges kept; the oldest go first.
    pub keep: u64,
    /// The maximum age of exchanges.
    pub max_age: Duration,
    /// The number of bytes kept of each body; the rest is counted.
    pub max_body: u64,
}

impl Default for History {
    fn default() -> Self {
        Self { enabled: true, keep: 100_000, max_age: Duration::from_secs(365 * 86_400), max_body: 1 << 20 }
    }
}

impl Default for ProgramLog {
    fn default() -> Self {
        Self { file: None, level: Level::DEBUG }
    }
}

impl ProgramLog {
    /// The words of the configuration.
    pub const LEVELS: [(&str, Level); 4] = [("error", Level::ERROR), ("warn", Level::WARN), ("info", Level::INFO), ("debug", Level::DEBUG)];
}

impl Default for Screen {
    fn default() -> Self {
        Self { theme: Theme::Auto, borders: Borders::Auto, mouse: true }
    }
}

impl Default for Resources {
    fn default() -> Self {
        Self { follow_changes: true }
    }
}

impl Default for Network {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(60),
            ca_file: None,
            body_limit: 64 << 20,
        }
    }
}

impl Theme {
    /// The words of the configuration.
    pub const WORDS: [(&str, Self); 4] = [("auto", Self::Auto), ("dark", Self::Dark), ("light", Self::Light), ("mono", Self::Mono)];
}

impl Borders {
    /// The words of the configuration.
    pub const WORDS: [(&str, Self); 3] = [("auto", Self::Auto), ("unicode", Self::Unicode), ("ascii", Self::Ascii)];
}
