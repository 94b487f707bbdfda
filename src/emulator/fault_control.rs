//! Changing the faults while the emulator runs.

use std::sync::atomic::Ordering;

use super::Emulator;
use super::fault::{Fault, FaultError, Faults, SetFault};

impl Emulator {
    /// Returns the faults that are set, spent ones too, in the order in which they were set.
    pub fn faults(&self) -> Vec<SetFault> {
        self.faults.lock().list()
    }

    /// Sets one more fault for the requests that arrive from now on, and returns its number.
    ///
    /// # Errors
    /// [`FaultError`] when the text is no fault.
    pub fn set_fault(&self, text: &str) -> Result<u32, FaultError> {
        let fault = Fault::parse(text, self.provider_contexts.iter().map(|provider_context| &*provider_context.provider))?;
        Ok(self.change_faults(|faults| faults.add(fault)))
    }

    /// Removes a fault; returns whether there was one of this number.
    pub fn remove_fault(&self, number: u32) -> bool {
        self.change_faults(|faults| faults.remove(number))
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.change_faults(Faults::clear);
    }

    /// Changes the faults, and records whether there are any.
    fn change_faults<T>(&self, change: impl FnOnce(&mut Faults) -> T) -> T {
        let mut faults = self.faults.lock();
        let changed = change(&mut faults);
        self.has_faults.store(!faults.is_empty(), Ordering::Release);
        changed
    }
}
