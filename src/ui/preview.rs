//! The preview: the request as it would be sent, its signature, the focused field's documentation.

use super::canvas::Canvas;
use super::frame::Frame;
use super::pane::{self, Head};
use crate::app::{App, Pane, PreviewView};

/// Draws the preview.
pub fn draw(app: &App, frame: Frame, narrow: bool, canvas: &mut Canvas<'_>) {
    let shown = app.shown_resources();
    let title = if shown.is_some() { "Details" } else { "Preview" };
    let views: Vec<_> = PreviewView::ALL.iter().map(|view| view.name()).collect();
    let view = PreviewView::ALL.iter().position(|view| *view == app.preview.view).unwrap_or(0);
    let total = app.preview.page.lines.len();
    let place = pane::place(app.preview.scroll, frame.body.height, total);
    let right = if narrow && !app.focus.editing { pane::others(app, Pane::Preview) } else { place };
    let head = Head { pane: Pane::Preview, title, detail: "", views: if shown.is_some() { &[] } else { &views }, view, right: &right };
    pane::head(app, frame, &head, canvas);
    pane::text(canvas, frame.body, app.preview.scroll, total, app.preview.page.lines.get(app.preview.scroll..).unwrap_or_default());
}
