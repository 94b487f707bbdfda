//! The top line and the tabs.

use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::theme::Part;
use crate::app::page::Role;
use crate::app::{App, ProfileMark, Spot};
use crate::config::{Colour, Guard};

/// Product, profile, region; at the right what is under way.
pub fn header(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let at = |x: u16| Position::new(x, area.y);
    let mut x = area.x + 1;
    let bold = canvas.theme.role(Role::Heading);
    x += canvas.put(at(x), area.right() - x, "skydeck", bold) + 2;
    let mark = app.profile();
    let chip = format!(" {} ", profile_words(mark));
    let style = chip_style(canvas, mark);
    let used = canvas.put(at(x), area.right().saturating_sub(x), &chip, style);
    canvas.spot(Rect { x, width: used, ..area }, Spot::Profile);
    x += used + 2;
    let region = app.current().region().to_owned();
    let used = canvas.write(at(x), area.right().saturating_sub(x), &region, Role::Label);
    canvas.spot(Rect { x, width: used, ..area }, Spot::Region);
    x += used;
    status(app, x + 2, Position::new(area.right().saturating_sub(1), area.y), canvas);
}

fn profile_words(mark: &ProfileMark) -> String {
    match (mark.demo, mark.guard) {
        (true, _) => format!("{} · emulator", mark.name),
        (false, Guard::None) => mark.name.clone(),
        (false, guard) => format!("{} · {}", mark.name, guard.name()),
    }
}

fn chip_style(canvas: &Canvas<'_>, mark: &ProfileMark) -> Style {
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

fn status(app: &App, from: u16, end: Position, canvas: &mut Canvas<'_>) {
    let mut end = end;
    let mut write = |canvas: &mut Canvas<'_>, text: &str, role: Role| {
        canvas.write_right(from, end, text, role);
        end.x = end.x.saturating_sub(u16::try_from(text.chars().count()).unwrap_or(0) + 3);
    };
    write(canvas, if app.editing { "F1 field" } else { "? help" }, Role::Dim);
    if app.log.in_flight() > 0 {
        write(canvas, &format!("{} in flight", app.log.in_flight()), Role::Accent);
    }
    if let Some(seconds) = app.waits.seconds(app.now.time) {
        write(canvas, &format!("again in {seconds} s"), Role::Accent);
    }
    if let Some(follow) = app.current().resources.follow.as_ref().filter(|_| !app.resources_shown()) {
        write(canvas, &format!("{}: {} for {} s", follow.name, follow.status, follow.seconds(app.now.time)), Role::Accent);
    }
    if let Some(skew) = app.clock.skew() {
        write(canvas, &clock_words(app, skew), Role::Doubt);
    }
    match app.faults_at_work() {
        0 => {}
        1 => write(canvas, "1 fault set", Role::Doubt),
        more => write(canvas, &format!("{more} faults set"), Role::Doubt),
    }
    if app.uncovered {
        write(canvas, "secrets shown", Role::Doubt);
    }
    if !app.mouse {
        write(canvas, "mouse off", Role::Dim);
    }
}

/// Whose clock is wrong, or by which calls are signed meanwhile.
fn clock_words(app: &App, skew: i64) -> String {
    if app.clock.is_by_server() {
        return format!("server's clock {skew:+} s");
    }
    format!("our clock is {} s {}", skew.abs(), if skew > 0 { "behind" } else { "ahead" })
}

/// The tabs with their numbers; titles are left out where they do not fit.
pub fn tabs(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let full: usize = app.tabs.iter().map(|tab| tab.title.width() + 5).sum();
    let all = full <= usize::from(area.width);
    let mut x = area.x + 1;
    for (at, tab) in app.tabs.iter().enumerate() {
        let current = at == app.tab;
        let style = if current {
            canvas.theme.role(Role::Accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            canvas.theme.role(Role::Dim)
        };
        let text = if all || current { format!("{} {}", at + 1, tab.title) } else { format!("{}", at + 1) };
        let used = canvas.put(Position::new(x, area.y), area.right().saturating_sub(x), &text, style);
        canvas.spot(Rect { x, width: used + 1, ..area }, Spot::Tab(at));
        x = (x + used + 3).min(area.right());
    }
}
