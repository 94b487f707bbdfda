//! The faults of the built-in emulator, as the console last read them, and what is asked and told of them.

use super::ProfileSummary;

/// The emulator's faults as the console last read them.
#[derive(Debug, Default)]
pub struct Faults {
    /// Those that are set, in the order in which they were.
    pub set: Vec<FaultEntry>,
    /// Those that can be set for the provider whose panel was opened last.
    pub possible: Vec<PossibleFault>,
}

impl Faults {
    /// Returns how many may still strike the calls of a profile.
    pub fn active(&self, profile: &ProfileSummary) -> usize {
        if profile.demo { self.set.iter().filter(|fault| !fault.spent).count() } else { 0 }
    }

    /// Returns those that can be set; what the shown operation alone has stands first.
    pub fn sorted(&self, operation: Option<&str>) -> Vec<&PossibleFault> {
        let mut sorted: Vec<&PossibleFault> = self.possible.iter().collect();
        sorted.sort_by_key(|fault| match &fault.operation {
            Some(own) if operation == Some(own) => 0,
            None => 1,
            Some(_) => 2,
        });
        sorted
    }

    /// Returns the text that sets the fault of this name for a provider, to be finished, with the fault.
    pub fn draft(&self, name: &str, provider: &str, operation: Option<&str>) -> Option<(String, &PossibleFault)> {
        let fault = self.possible.iter().find(|fault| fault.name(operation) == name)?;
        let own = fault.operation.as_ref().map(|own| format!("/{own}")).unwrap_or_default();
        let once = if fault.lasts || fault.what.contains('*') { "" } else { "*1" };
        Some((format!("{provider}{own}:{}{once}", fault.what), fault))
    }
}

/// A fault that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultEntry {
    /// Its number, by which it is removed.
    pub number: u32,
    /// As it is written.
    pub text: String,
    /// The number of requests that it was applied to.
    pub strike_count: u64,
    /// Set when it has struck as often as it is to.
    pub spent: bool,
}

/// A fault that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PossibleFault {
    /// The operation that alone has it.
    pub operation: Option<String>,
    /// The syntax behind the `:`.
    pub what: String,
    /// The status that comes with it, where it is an error code.
    pub status: Option<u16>,
    /// The effect, or the cause in the vendor's cloud.
    pub meaning: String,
    /// Set when it lasts unless it is counted; others strike once.
    pub lasts: bool,
}

impl PossibleFault {
    /// Returns its name in a list: with the operation that alone has it, if that is not the shown one.
    pub fn name(&self, operation: Option<&str>) -> String {
        match &self.operation {
            Some(own) if operation != Some(own) => format!("{} · {own}", self.what),
            _ => self.what.clone(),
        }
    }
}

/// A request to read or change the emulator's faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultRequest {
    /// Tell which are set.
    Look,
    /// Tell also what can be set for this provider.
    List(String),
    /// Set one more.
    Set(String),
    /// Take one back.
    Remove(u32),
    /// Take all back.
    Clear,
}

/// The emulator's reply about its faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultReport {
    /// Those that are set.
    Current(Vec<FaultEntry>),
    /// Those that can be set.
    Available(Vec<PossibleFault>),
    /// A text that is no fault, and why.
    Refused(String, String),
}
