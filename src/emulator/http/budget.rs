//! Memory that all connections share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The limit on the bodies of all requests together, in bytes, while they are read and answered. The first [`UNCOUNTED_BODY_BYTES`] of each are not
/// counted: stalled uploads must not keep others from creating something.
pub(crate) const MAX_BODIES_BYTES: usize = 64 << 20;

/// The part of a body that is always taken, in bytes.
pub(crate) const UNCOUNTED_BODY_BYTES: usize = 64 << 10;

/// A number of bytes for all connections together.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<AtomicUsize>);

/// A reservation of the budget; released when it is dropped.
#[derive(Debug)]
pub(crate) struct BudgetReservation<'a> {
    left: &'a AtomicUsize,
    taken: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(MAX_BODIES_BYTES)
    }
}

impl Budget {
    /// Creates a budget of so many bytes.
    fn new(bytes: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(bytes)))
    }

    /// Creates a reservation of nothing.
    pub(crate) fn share(&self) -> BudgetReservation<'_> {
        BudgetReservation { left: &self.0, taken: 0 }
    }
}

impl BudgetReservation<'_> {
    /// Reserves so many bytes in all, or nothing more when there are not as many left. Returns whether it did.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.taken);
        if more == 0 {
            return true;
        }
        let has_taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(more)).is_ok();
        if has_taken {
            self.taken += more;
        }
        has_taken
    }
}

impl Drop for BudgetReservation<'_> {
    fn drop(&mut self) {
        self.left.fetch_add(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_share_is_free_again_after_drop() {
        let budget = Budget::new(10);
        let (mut one, mut other) = (budget.share(), budget.share());
        assert!(one.grow_to(6) && one.grow_to(6) && one.grow_to(3));
        assert!(!other.grow_to(5) && other.grow_to(4));
        drop(one);
        assert!(other.grow_to(10));
    }
}
