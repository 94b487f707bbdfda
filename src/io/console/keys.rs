//! Keys, pastes, the mouse and new sizes: a thread that sleeps until the terminal sends something.

use std::io;

use crossterm::event::{self, Event, KeyEventKind};
use signal_hook::consts::signal::SIGHUP;

use super::background::{KeyMeaning, Listener};
use super::input::{Input, ToLoop};
use crate::io::signals;

/// Turns keys, pastes, the mouse and new sizes into [`Input`]s from now on. `asked` says that the terminal was asked for its
/// background, whose answer comes among the keys.
///
/// # Errors
/// The system's.
pub fn forward(to: ToLoop, asked: bool) -> io::Result<()> {
    let mut listener = asked.then(Listener::default);
    signals::spawn("keys", move || {
        while let Ok(event) = event::read() {
            let sent = inputs(event, &mut listener).into_iter().try_for_each(|input| to.send(input));
            if sent.is_err() {
                return;
            }
        }
        let _ = to.send(Input::Ended(SIGHUP));
    })
}

/// Translates an event of the terminal into inputs of the loop.
fn inputs(event: Event, listener: &mut Option<Listener>) -> Vec<Input> {
    let key = match event {
        // The kitty protocol and Windows tell when a key is let go, too.
        Event::Key(key) if key.kind == KeyEventKind::Release => return Vec::new(),
        Event::Key(key) => key,
        other => return vec![Input::Terminal(other)],
    };
    match listener.as_mut().map_or_else(|| KeyMeaning::Keys(vec![key]), |listener| listener.feed(key)) {
        KeyMeaning::Keys(keys) => keys.into_iter().map(|key| Input::Terminal(Event::Key(key))).collect(),
        KeyMeaning::Part => Vec::new(),
        KeyMeaning::Light(light) => {
            *listener = None;
            vec![Input::Background { light }]
        }
    }
}
