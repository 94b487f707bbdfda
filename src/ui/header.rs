//! The top line and the tabs.

use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::theme::Part;
use crate::app::page::Role;
use crate::app::{Action, App, ProfileSummary, ScreenTarget};
use crate::config::{Colour, Guard};

/// Columns below which the product's name and the demo's explanation give way to what is under way.
const NARROW_COLUMNS: u16 = 60;

/// Draws product, profile, region; at the right what is under way.
pub fn header(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let at = |x: u16| Position::new(x, area.y);
    let mut x = area.x + 1;
    let narrow = area.width < NARROW_COLUMNS;
    if !narrow {
        let bold = canvas.theme.role(Role::Heading);
        x += canvas.put(at(x), area.right() - x, "skydeck", bold) + 2;
    }
    let mark = app.session.profile();
    let chip = format!(" {} ", profile_words(mark, narrow));
    let style = chip_style(canvas, mark);
    let used = canvas.put(at(x), area.right().saturating_sub(x), &chip, style);
    canvas.add_click_target(Rect { x, width: used, ..area }, ScreenTarget::Profile);
    x += used + 2;
    let region = app.current().region().to_owned();
    let used = canvas.write(at(x), area.right().saturating_sub(x), &region, Role::Label);
    canvas.add_click_target(Rect { x, width: used, ..area }, ScreenTarget::Region);
    x += used;
    status(app, x + 2, Position::new(area.right().saturating_sub(1), area.y), canvas);
}

fn profile_words(mark: &ProfileSummary, narrow: bool) -> String {
    match (mark.demo, mark.guard) {
        (true, _) if narrow => mark.name.clone(),
        (true, _) => format!("{} · emulator", mark.name),
        (false, Guard::None) => mark.name.clone(),
        (false, guard) => format!("{} · {}", mark.name, guard.name()),
    }
}

fn chip_style(canvas: &Canvas<'_>, mark: &ProfileSummary) -> Style {
    let part = match (mark.demo, mark.guard) {
        (true, _) => Part::Demo,
        (false, Guard::None) => Part::Profile,
        (false, _) => Part::Guarded,
    };
    let style = canvas.theme.part(part).add_modifier(Modifier::BOLD);
    // A theme without backgrounds is one without colours.
    mark.colour.filter(|_| style.bg.is_some()).map_or(style, |colour| style.bg(terminal_colour(colour)))
}

fn terminal_colour(colour: Colour) -> Color {
    match colour {
        Colour::Red => Color::Red,
        Colour::Yellow => Color::Yellow,
        Colour::Green => Color::Green,
        Colour::Cyan => Color::Cyan,
        Colour::Blue => Color::Blue,
        Colour::Magenta => Color::Magenta,
    }
}

/// Something that is under way or out of the ordinary.
struct StatusMark {
    text: String,
    /// The same where there is little room.
    short: String,
    role: Role,
    /// The priority: what is worth less gives way first.
    worth: u8,
}

/// Draws the marks, the first at the right end. Where there is no room for all, the least worth are shortened, then left out.
fn status(app: &App, from: u16, end: Position, canvas: &mut Canvas<'_>) {
    let mut marks = marks(app);
    let room = usize::from(end.x.saturating_sub(from));
    make_fit(&mut marks, room);
    let mut end = end;
    for mark in &marks {
        canvas.write_right(from, end, &mark.text, mark.role);
        end.x = end.x.saturating_sub(u16::try_from(mark.text.width()).unwrap_or(0) + GAP_COLUMNS);
    }
}

/// Columns between two marks.
const GAP_COLUMNS: u16 = 3;

fn make_fit(marks: &mut Vec<StatusMark>, room: usize) {
    let fits = |marks: &[StatusMark]| {
        marks.iter().map(|mark| mark.text.width() + usize::from(GAP_COLUMNS)).sum::<usize>() <= room + usize::from(GAP_COLUMNS)
    };
    let mut by_worth: Vec<usize> = (0..marks.len()).collect();
    by_worth.sort_by_key(|at| marks[*at].worth);
    for at in by_worth {
        if fits(marks) {
            return;
        }
        marks[at].text = std::mem::take(&mut marks[at].short);
    }
    while !fits(marks)
        && let Some((at, _)) = marks.iter().enumerate().min_by_key(|(_, mark)| mark.worth)
    {
        marks.remove(at);
    }
}

fn marks(app: &App) -> Vec<StatusMark> {
    let mut marks = Vec::new();
    let mut mark = |worth: u8, role: Role, text: String, short: String| marks.push(StatusMark { text, short, role, worth });
    let help = if app.focus.editing { Action::FieldHelp } else { Action::Help };
    let key = app.session.keys.hint(help);
    mark(1, Role::Dim, format!("{key} {}", help.info().hint), key);
    let flying = app.exchanges.log.live.in_flight();
    if flying > 0 {
        mark(4, Role::Accent, format!("{flying} in flight"), format!("{flying} sent"));
    }
    if let Some(seconds) = app.exchanges.waits.seconds(app.session.now.time) {
        mark(3, Role::Accent, format!("again in {seconds} s"), format!("in {seconds} s"));
    }
    if let Some(follow) = app.table().follow.as_ref().filter(|_| !app.resources_shown()) {
        let seconds = follow.seconds(app.session.now.time);
        mark(2, Role::Accent, format!("{}: {} for {seconds} s", follow.name, follow.status), format!("{} {seconds} s", follow.status));
    }
    if let Some(skew) = app.session.clock.skew() {
        let (text, short) = clock_words(app, skew);
        mark(5, Role::Warning, text, short);
    }
    let faults = app.faults.active(app.session.profile());
    if faults > 0 {
        let noun = if faults == 1 { "fault" } else { "faults" };
        mark(7, Role::Warning, format!("{faults} {noun} set"), format!("{faults} {noun}"));
    }
    if app.session.revealed {
        mark(6, Role::Warning, "secrets shown".to_owned(), "secrets".to_owned());
    }
    if !app.session.mouse {
        mark(0, Role::Dim, "mouse off".to_owned(), "mouse off".to_owned());
    }
    marks
}

/// Returns whose clock is wrong, or by which calls are signed meanwhile; the same short.
fn clock_words(app: &App, skew: i64) -> (String, String) {
    if app.session.clock.is_by_server() {
        return (format!("signed by server's clock {skew:+} s"), format!("signed {skew:+} s"));
    }
    (format!("our clock is {} s {}", skew.abs(), if skew > 0 { "behind" } else { "ahead" }), format!("clock {:+} s", -skew))
}

/// Draws the tabs with their numbers; titles are left out where they do not fit.
pub fn tabs(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let full: usize = app.composer.tabs.iter().map(|tab| tab.title.width() + 5).sum();
    let all = full <= usize::from(area.width);
    let mut x = area.x + 1;
    for (at, tab) in app.composer.tabs.iter().enumerate() {
        let current = at == app.composer.tab;
        let style = if current {
            canvas.theme.role(Role::Accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            canvas.theme.role(Role::Dim)
        };
        let text = if all || current { format!("{} {}", at + 1, tab.title) } else { format!("{}", at + 1) };
        let used = canvas.put(Position::new(x, area.y), area.right().saturating_sub(x), &text, style);
        canvas.add_click_target(Rect { x, width: used + 1, ..area }, ScreenTarget::Tab(at));
        x = (x + used + 3).min(area.right());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(worth: u8, text: &str, short: &str) -> StatusMark {
        StatusMark { text: text.to_owned(), short: short.to_owned(), role: Role::Dim, worth }
    }

    fn fitted(room: usize) -> Vec<String> {
        let mut marks =
            vec![mark(1, "? help", "?"), mark(5, "our clock is 1200 s behind", "clock -1200 s"), mark(7, "1 fault set", "1 fault")];
        make_fit(&mut marks, room);
        marks.into_iter().map(|mark| mark.text).collect()
    }

    #[test]
    fn drops_least_important_marks_first() {
        assert_eq!(fitted(49), ["? help", "our clock is 1200 s behind", "1 fault set"]);
        assert_eq!(fitted(48), ["?", "our clock is 1200 s behind", "1 fault set"]);
        assert_eq!(fitted(43), ["?", "clock -1200 s", "1 fault set"]);
        assert_eq!(fitted(30), ["?", "clock -1200 s", "1 fault"]);
        assert_eq!(fitted(26), ["clock -1200 s", "1 fault"]);
        assert_eq!(fitted(8), ["1 fault"]);
        assert!(fitted(3).is_empty());
    }
}
