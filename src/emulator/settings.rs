//! The settings of an emulator.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

use super::fault::FaultError;
use super::{AcceptedKey, AcceptedUser, demo};
use crate::catalog::Provider;
use crate::text::did_you_mean;

/// The settings of an emulator. The default is the demo: its published keys and users, free ports, the default regions.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The first provider's address; the others have the ports that follow. With port 0 each has a free one.
    pub listen: SocketAddr,
    /// The keys that are accepted.
    pub keys: Vec<AcceptedKey>,
    /// The users that are accepted.
    pub users: Vec<AcceptedUser>,
    /// Names of hosts, beside the loopback ones, under which requests are taken.
    pub hosts: Vec<String>,
    /// Origins of web pages that may call it and read its answers; `*` for all.
    pub origins: Vec<String>,
    /// Regions that differ from the providers' own defaults.
    pub regions: Vec<RegionOf>,
    /// Faults, as [`super::Fault::parse`] reads them.
    pub faults: Vec<String>,
    /// The file that what is created is kept in; without one it ends with the emulator.
    pub state: Option<PathBuf>,
    /// The seed of chance in faults: the same seed gives the same faults. Without one it is another each time.
    pub fault_seed: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            keys: demo::keys(),
            users: demo::users(),
            hosts: Vec::new(),
            origins: Vec::new(),
            regions: Vec::new(),
            faults: Vec::new(),
            state: None,
            fault_seed: None,
        }
    }
}

impl Settings {
    /// Returns the region that a provider's port stands for.
    pub fn region<'a>(&'a self, provider: &'a Provider) -> &'a str {
        let own = self.regions.iter().rfind(|region| region.provider == provider.id);
        own.map_or(&provider.default_region, |own| &own.region)
    }
}

/// The region that a provider's port stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionOf {
    /// The provider's id.
    pub provider: String,
    /// The region.
    pub region: String,
}

/// An error in an emulator's settings.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// Not `PROVIDER=REGION`.
    #[error("`{0}` is not PROVIDER=REGION (a region has lower-case letters, digits and '-')")]
    Region(String),
    /// No such provider.
    #[error("there is no provider `{name}`{}", did_you_mean(.near))]
    Provider {
        /// The name given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// A fault that cannot be.
    #[error(transparent)]
    Fault(#[from] FaultError),
}

impl FromStr for RegionOf {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let wrong = || SettingsError::Region(text.to_owned());
        let (provider, region) = text.split_once('=').ok_or_else(wrong)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if provider.is_empty() || region.is_empty() || !region.chars().all(plain) {
            return Err(wrong());
        }
        Ok(Self { provider: provider.to_owned(), region: region.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_regions() {
        let region: RegionOf = "alibaba-sae=cn-shanghai".parse().unwrap();
        assert_eq!((region.provider.as_str(), region.region.as_str()), ("alibaba-sae", "cn-shanghai"));
        for wrong in ["alibaba-sae", "=cn", "alibaba-sae=", "a=CN", "a=cn hangzhou"] {
            assert!(wrong.parse::<RegionOf>().unwrap_err().to_string().contains(wrong), "{wrong}");
        }
    }
}
