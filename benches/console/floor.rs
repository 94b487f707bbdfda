//! The smallest program that is still shaped like a console: a list, a text, a line that echoes the last key. It waits for
//! keys and has no tick. What a program on the same libraries does cannot be done in less.
//!
//! The benchmark starts itself anew for this, told by an environment variable.

use std::env;
use std::io;

use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::Style;
use ratatui::widgets::{Block, List, ListState, Paragraph};

/// When it is set, the benchmark is the smallest program.
pub const MARK: &str = "SKYDECK_BENCH_FLOOR";

/// Stands in its last line once the frame is whole.
pub const READY: &str = "READY";

/// Whether this process is to be the smallest program.
pub fn is_wanted() -> bool {
    env::var_os(MARK).is_some()
}

struct Floor {
    items: Vec<String>,
    text: String,
    list: ListState,
    last: String,
}

/// Runs until `q` is pressed or the terminal goes away.
pub fn run() -> io::Result<()> {
    let mut floor = Floor {
        items: (0..200).map(|number| format!("request {number:03}")).collect(),
        text: "{\"line\": 1, \"value\": \"some text in a response\", \"ok\": true}\n".repeat(400),
        list: ListState::default().with_selected(Some(0)),
        last: "none".to_owned(),
    };
    let mut terminal = ratatui::init();
    loop {
        terminal.draw(|frame| floor.draw(frame))?;
        let Event::Key(key) = event::read()? else { continue };
        if key.code == KeyCode::Char('q') {
            break;
        }
        if key.kind != KeyEventKind::Release {
            floor.press(key.code);
        }
    }
    ratatui::restore();
    Ok(())
}

impl Floor {
    fn press(&mut self, code: KeyCode) {
        match code {
            KeyCode::Down | KeyCode::Char('j') => self.list.select_next(),
            KeyCode::Up | KeyCode::Char('k') => self.list.select_previous(),
            _ => {}
        }
        self.last = format!("{code:?}");
    }

    fn draw(&mut self, frame: &mut Frame) {
        let [top, status] = Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
        let [left, right] = Layout::horizontal([Constraint::Length(40), Constraint::Fill(1)]).areas(top);
        let list = List::new(self.items.iter().map(String::as_str))
            .block(Block::bordered().title("Requests"))
            .highlight_symbol("> ")
            .highlight_style(Style::new().reversed());
        frame.render_stateful_widget(list, left, &mut self.list);
        let scroll = u16::try_from(self.list.selected().unwrap_or(0)).unwrap_or(u16::MAX);
        let text = Paragraph::new(self.text.as_str()).scroll((scroll, 0)).block(Block::bordered().title("Response"));
        frame.render_widget(text, right);
        frame.render_widget(format!("{READY}  last key: {}", self.last), status);
    }
}
