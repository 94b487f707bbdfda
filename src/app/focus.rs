//! The pane that has the focus.

/// A part of the screen that can have the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The form.
    #[default]
    Form,
    /// The request as it would be sent.
    Preview,
    /// Every exchange.
    Log,
    /// The selected exchange.
    Exchange,
}

impl Pane {
    /// Every pane in the order of the focus.
    pub const ALL: [Self; 4] = [Self::Form, Self::Preview, Self::Log, Self::Exchange];
}

/// Which pane has the focus, and which are visible.
#[derive(Clone, Copy, Debug)]
pub struct Focus {
    /// The pane that has the focus.
    pub pane: Pane,
    /// Set when the focused field is being typed into.
    pub editing: bool,
    /// On a narrow screen, the pane that stands below the form.
    pub lower: Pane,
    /// Set when the focused pane covers the screen.
    pub zoomed: bool,
}

impl Default for Focus {
    fn default() -> Self {
        Self { pane: Pane::Form, editing: true, lower: Pane::Preview, zoomed: false }
    }
}

impl Focus {
    /// Gives a pane the focus; typing ends.
    pub(super) fn set(&mut self, pane: Pane) {
        (self.pane, self.editing) = (pane, false);
        if pane != Pane::Form {
            self.lower = pane;
        }
    }
}

/// Returns the value so many places further, around the end.
pub(super) fn stepped<T: Copy + PartialEq>(all: &[T], current: T, by: isize) -> T {
    let at = all.iter().position(|one| *one == current).unwrap_or(0);
    all[(at + all.len()).wrapping_add_signed(by) % all.len()]
}
