//! Carries the console's orders about faults out on the built-in emulator.

use crate::app::faults::{FaultEntry, FaultReport, FaultRequest, PossibleFault};
use crate::catalog::Catalog;
use crate::emulator::Emulator;
use crate::emulator::fault::{AvailableFault, SetFault, possible};

/// Does what is ordered, and gives what there is to tell.
pub fn carry_out(order: FaultRequest, emulator: &Emulator, catalog: &Catalog) -> Vec<FaultReport> {
    let mut news = Vec::new();
    match order {
        FaultRequest::Look => {}
        FaultRequest::List(provider) => {
            let known = catalog.provider(&provider).map(|provider| possible(provider)).unwrap_or_default();
            news.push(FaultReport::Available(known.into_iter().map(PossibleFault::from).collect()));
        }
        FaultRequest::Set(text) => {
            if let Err(error) = emulator.set_fault(&text) {
                news.push(FaultReport::Refused(text, error.to_string()));
            }
        }
        FaultRequest::Remove(number) => drop(emulator.remove_fault(number)),
        FaultRequest::Clear => emulator.clear_faults(),
    }
    news.push(FaultReport::Current(emulator.faults().iter().map(FaultEntry::from).collect()));
    news
}

impl From<&SetFault> for FaultEntry {
    fn from(set: &SetFault) -> Self {
        Self { number: set.number, text: set.fault.to_string(), strike_count: set.strike_count, spent: set.is_spent() }
    }
}

impl From<AvailableFault> for PossibleFault {
    fn from(one: AvailableFault) -> Self {
        Self { operation: one.operation, what: one.example, status: one.status, meaning: one.meaning, lasts: one.lasts }
    }
}
