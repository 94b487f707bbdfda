//! The client's settings: time-outs, sizes, the extra CA file, proxies.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::config::Network;
use crate::secret::Secret;

/// The settings of the client. The defaults suit calls that answer within seconds over any line.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The time that look-up, connecting and the TLS handshake may take together: 5 s.
    pub connect_timeout: Duration,
    /// The time that the server may be silent, before its answer and within it: 30 s.
    pub read_timeout: Duration,
    /// The time that an exchange may take as a whole: 60 s.
    pub total_timeout: Duration,
    /// Bytes of a body that are kept: 64 MiB.
    pub body_limit: usize,
    /// Bytes of a body that are read at all; those above `body_limit` are counted and dropped: 1 GiB.
    pub count_limit: u64,
    /// A PEM file with certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The source of proxies. Loopback addresses never go through one.
    pub proxies: Proxies,
}

/// The source of proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxies {
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` (in either case), else the system's own settings.
    #[default]
    System,
    /// These, whatever the environment says.
    Given {
        /// The URL of the proxy for every endpoint, or none. Secret, since it may hold a password.
        all: Option<Secret>,
        /// Hosts that are reached directly, in the form of `NO_PROXY`.
        except: String,
    },
}

/// An error from setting up the client.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SetupError {
    /// The extra CA file cannot be used.
    #[error("CA file {path}: {reason}", path = .path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// The error.
        reason: String,
    },
    /// The TLS client cannot be built.
    #[error("TLS: {0}")]
    Tls(String),
    /// The proxy is no URL, or one of a sort that cannot be used.
    #[error("proxy: {0}")]
    Proxy(String),
}

impl From<&Network> for Settings {
    fn from(network: &Network) -> Self {
        Self {
            connect_timeout: network.connect_timeout,
            read_timeout: network.read_timeout,
            total_timeout: network.total_timeout,
            body_limit: usize::try_from(network.body_limit).unwrap_or(usize::MAX),
            ca_file: network.ca_file.clone(),
            ..Self::default()
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(60),
            body_limit: 64 << 20,
            count_limit: 1 << 30,
            ca_file: None,
            proxies: Proxies::System,
        }
    }
}
