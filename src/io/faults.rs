//! Carries the console's orders about faults out on the built-in emulator.

use crate::app::faults::{FaultMark, FaultNews, FaultOrder, PossibleFault};
use crate::catalog::Catalog;
use crate::emulator::Running;
use crate::emulator::fault::{Possible, SetFault, possible};

/// Does what is ordered, and gives what there is to tell.
pub fn carry_out(order: FaultOrder, running: &Running, catalog: &Catalog) -> Vec<FaultNews> {
    let mut news = Vec::new();
    match order {
        FaultOrder::Look => {}
        FaultOrder::List(provider) => {
            let known = catalog.provider(&provider).map(|provider| possible(provider)).unwrap_or_default();
            news.push(FaultNews::CanBe(known.into_iter().map(PossibleFault::from).collect()));
        }
        FaultOrder::Set(text) => {
            if let Err(error) = running.set_fault(&text) {
                news.push(FaultNews::Refused(text, error.to_string()));
            }
        }
        FaultOrder::Remove(number) => drop(running.remove_fault(number)),
        FaultOrder::Clear => running.clear_faults(),
    }
    news.push(FaultNews::Are(running.faults().iter().map(FaultMark::from).collect()));
    news
}

impl From<&SetFault> for FaultMark {
    fn from(set: &SetFault) -> Self {
        Self { number: set.number, text: set.fault.to_string(), struck: set.struck, spent: set.is_spent() }
    }
}

impl From<Possible> for PossibleFault {
    fn from(one: Possible) -> Self {
        Self { operation: one.operation, what: one.example, status: one.status, meaning: one.meaning }
    }
}
