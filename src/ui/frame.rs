//! The frame of a pane: its head line and its content.

use ratatui::layout::Rect;

/// Columns from which form and preview stand side by side.
pub const SPLIT_MIN_COLUMNS: u16 = 100;

/// A pane's head line and its content below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The line with title and views.
    pub head: Rect,
    /// The content.
    pub body: Rect,
}

impl Frame {
    /// Splits an area.
    pub fn new(area: Rect) -> Self {
        let head = Rect { height: area.height.min(1), ..area };
        let body = Rect { y: area.y + head.height, height: area.height - head.height, ..area };
        Self { head, body }
    }

    /// Takes the last line of the content away, for something else.
    pub fn take_last_line(&mut self) -> Rect {
        self.body.height = self.body.height.saturating_sub(1);
        Rect { y: self.body.bottom(), height: 1, ..self.body }
    }

    /// Takes half of the content away: the right one, or the lower and larger one where that would be narrow.
    pub fn take_half(&mut self) -> Self {
        let body = self.body;
        if body.width >= SPLIT_MIN_COLUMNS {
            self.body.width = body.width / 2;
            let x = body.x + self.body.width + 1;
            return Self::new(Rect { x, width: body.right() - x, ..body });
        }
        self.body.height = body.height * 2 / 5;
        Self::new(Rect { y: self.body.bottom(), height: body.height - self.body.height, ..body })
    }
}
