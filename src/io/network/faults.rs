//! Carries out the console's requests about the built-in emulator's faults.

use crate::app::faults::{FaultEntry, FaultReport, FaultRequest, PossibleFault};
use crate::catalog::Catalog;
use crate::emulator::Emulator;
use crate::emulator::fault::{AvailableFault, SetFault, possible};

/// Carries out a request, and returns the reports on it.
pub fn carry_out(request: FaultRequest, emulator: &Emulator, catalog: &Catalog) -> Vec<FaultReport> {
    let mut reports = Vec::new();
    match request {
        FaultRequest::Look => {}
        FaultRequest::List(provider) => {
            let known = catalog.provider(&provider).map(|provider| possible(provider)).unwrap_or_default();
            reports.push(FaultReport::Available(known.into_iter().map(PossibleFault::from).collect()));
        }
        FaultRequest::Set(text) => {
            if let Err(error) = emulator.set_fault(&text) {
                reports.push(FaultReport::Refused(text, error.to_string()));
            }
        }
        FaultRequest::Remove(number) => drop(emulator.remove_fault(number)),
        FaultRequest::Clear => emulator.clear_faults(),
    }
    reports.push(FaultReport::Current(emulator.faults().iter().map(FaultEntry::from).collect()));
    reports
}

impl From<&SetFault> for FaultEntry {
    fn from(fault: &SetFault) -> Self {
        Self { number: fault.number, text: fault.fault.to_string(), strike_count: fault.applied_count, spent: fault.is_spent() }
    }
}

impl From<AvailableFault> for PossibleFault {
    fn from(fault: AvailableFault) -> Self {
        Self { operation: fault.operation, what: fault.example, status: fault.status, meaning: fault.meaning, lasts: fault.lasts }
    }
}
