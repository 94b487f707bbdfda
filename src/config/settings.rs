//! Settings that no profile owns: the screen and the network.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Serialize, Serializer};
use tracing::Level;

/// The `[screen]` settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Screen {
    /// The colours.
    pub theme: Theme,
    /// The lines around things.
    pub borders: Borders,
    /// `true` when the console takes the mouse; a key gives it back to the terminal's own selection.
    pub mouse: bool,
}

/// The `[resources]` settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Resources {
    /// `true` when a call that changed something is followed by calls that list again and fetch what was created.
    pub follow_changes: bool,
}

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Borders {
    /// Unicode where the locale is UTF-8, else ASCII.
    Auto,
    /// Box-drawing characters.
    Unicode,
    /// `+`, `-` and `|`: where box-drawing characters take two columns, or are not in the font.
    Ascii,
}

/// The `[network]` settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Network {
    /// The time that connecting may take, TLS included.
    #[serde(serialize_with = "seconds")]
    pub connect_timeout: Duration,
    /// The time that the server may be silent.
    #[serde(serialize_with = "seconds")]
    pub read_timeout: Duration,
    /// The time that a whole exchange may take.
    #[serde(serialize_with = "seconds")]
    pub total_timeout: Duration,
    /// The number of bytes of an answer's body that are kept; what comes beyond is counted.
    #[serde(serialize_with = "bytes")]
    pub body_limit: u64,
    /// A file of certificates (PEM) that are trusted besides the system's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

/// The `[log]` settings: the program's own log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProgramLog {
    /// What is written: this level and the graver ones.
    #[serde(serialize_with = "level")]
    pub level: Level,
    /// The file; the log is off without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// The `[history]` settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct History {
    /// `true` when exchanges are kept.
    pub enabled: bool,
    /// The number of exchanges kept; the oldest go first.
    pub keep: u64,
    /// The maximum age of exchanges.
    #[serde(serialize_with = "age")]
    pub max_age: Duration,
    /// The number of bytes kept of each body; the rest is counted.
    #[serde(serialize_with = "bytes")]
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

/// Writes whole seconds as a whole number.
fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    if time.subsec_nanos() == 0 { serializer.serialize_u64(time.as_secs()) } else { serializer.serialize_f64(time.as_secs_f64()) }
}

/// Writes the word of a level.
#[allow(clippy::trivially_copy_pass_by_ref)] // as serde passes it
fn level<S: Serializer>(level: &Level, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&level.as_str().to_lowercase())
}

/// Writes an age in the largest unit that it is a multiple of.
fn age<S: Serializer>(age: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    const UNITS: [(u64, &str); 2] = [(604_800, "weeks"), (86_400, "days")];
    let seconds = age.as_secs();
    let unit = UNITS.iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit) && *unit < seconds).unwrap_or(&(3600, "hours"));
    serializer.collect_str(&format_args!("{} {}", seconds / unit.0, unit.1))
}

/// Writes a number of bytes in the largest unit that it is a multiple of.
#[allow(clippy::trivially_copy_pass_by_ref)] // as serde passes it
fn bytes<S: Serializer>(size: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| size >= unit && size.is_multiple_of(*unit)) {
        Some((unit, name)) => serializer.collect_str(&format_args!("{} {name}", size / unit)),
        None => serializer.serialize_u64(*size),
    }
}
