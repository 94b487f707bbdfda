//! The log's filter while it is typed: below it what may stand at the caret, or what is wrong and where.
//!
//! ```text
//!  / status:4xx prov
//!    provider:  the provider's id   profile:
//! ```

use ratatui::layout::{Position, Rect};

use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::pane;
use crate::app::App;
use crate::app::page::Role;

/// The columns before the text.
const PROMPT_COLUMNS: u16 = 3;

/// Returns how many of the log's rows it takes.
pub fn rows(app: &App) -> u16 {
    if app.exchanges.log.filter.typing { 2 } else { 0 }
}

/// Draws it into the lowest rows of the log.
pub fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let line = Rect { height: area.height.min(1), ..area };
    let (begins, scroll) = pane::typed(canvas, line, &app.exchanges.log.filter.input, app.filters_log() && !app.popups.is_open());
    if let Some(mistake) = app.exchanges.log.filter.mistake() {
        let before: String = app.exchanges.log.filter.input.value().chars().take(mistake.at).collect();
        let column = u16::try_from(before.width().saturating_sub(scroll)).unwrap_or(u16::MAX / 2);
        canvas.underline(Position::new((begins + column).min(line.right().saturating_sub(1)), line.y));
    }
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if below.height > 0 {
        candidates(app, below, canvas);
    }
}

/// Draws the candidates, the chosen one with its help. A mistake is said where there are none: half a word is not yet wrong.
fn candidates(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let filter = &app.exchanges.log.filter;
    let mut x = area.x + PROMPT_COLUMNS;
    let room = |x: u16| area.right().saturating_sub(x);
    if let Some(mistake) = filter.mistake().filter(|_| filter.candidates().is_empty()) {
        // Its place is marked in the line above.
        canvas.write(Position::new(x, area.y), room(x), &mistake.to_string(), Role::Failure);
        return;
    }
    for (at, candidate) in filter.candidates().iter().enumerate().skip(filter.choice) {
        let chosen = at == filter.choice;
        x += canvas.write(Position::new(x, area.y), room(x), &candidate.text, if chosen { Role::Accent } else { Role::Dim }) + 1;
        if chosen && !candidate.help.is_empty() {
            x += canvas.write(Position::new(x, area.y), room(x), &candidate.help, Role::Text) + 1;
        }
        x += 1;
        if x >= area.right() {
            return;
        }
    }
}
