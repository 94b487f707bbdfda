//! From a key to the whole new frame, whatever is in the log and whatever body is open.

use std::time::Duration;

use anyhow::Result;

use crate::bench::{Bench, choose, settle, until_ready};
use crate::figures::{Budget, Samples};
use crate::program::Program;
use crate::server::{MEMBERS, ONE, STRING, TEN};
use crate::small;

/// Keys pressed in each situation.
const KEYS: usize = 300;

/// Keys pressed to scroll.
const PAGES: usize = 100;

/// Between one frame and the next key: as a person who types fast would, times five.
const GAP: Duration = Duration::from_millis(10);

/// Letters that a field holds before they are taken out again.
const MOST: usize = 20;

const LATEST: Budget = Budget::Below(5.0);

/// Types into a field that shows how many characters of 64 it has.
#[derive(Default)]
pub struct Typist {
    letters: usize,
    shrinks: bool,
}

impl Typist {
    /// Presses the next key; gives how long it took to the whole frame that shows it.
    pub fn press(&mut self, console: &mut Program) -> Result<Duration> {
        self.shrinks = if self.shrinks { self.letters > 1 } else { self.letters == MOST };
        let key = if self.shrinks { "\x7f" } else { "a" };
        self.letters = if self.shrinks { self.letters - 1 } else { self.letters + 1 };
        let pressed = console.press(key)?;
        let came = console.until_text(&format!(" {}/64", self.letters))?;
        Ok(came.saturating_duration_since(pressed))
    }
}

/// Measures it.
pub fn measure(bench: &mut Bench) -> Result<()> {
    let mut alone = bench.console()?;
    alone.until_text("x-acs-signature-nonce")?;
    type_beside_floor(bench, "key, just started", &mut alone)?;
    drop(alone);
    let mut many = bench.console_with_server()?;
    small::send_many(bench, &mut many, small::MANY)?;
    type_in_first_tab(bench, "key, 1,000 exchanges in the log", &mut many)?;
    drop(many);
    for (path, tag, what) in [
        ("ten", TEN, "10 MB open"),
        ("string", STRING, "50 MB in one string open"),
        ("members", MEMBERS, "50 MB of members in one line open"),
    ] {
        let mut console = open(bench, path, tag)?;
        scroll(bench, &format!("scrolling, {what}"), &mut console)?;
        type_in_first_tab(bench, &format!("key, {what}"), &mut console)?;
    }
    envelope(bench)
}

/// The largest answer that is read: its envelope's data is shown, not its bytes.
fn envelope(bench: &mut Bench) -> Result<()> {
    let mut console = open(bench, "one", ONE)?;
    console.press("\x1b[D\x1b[D")?;
    console.until_text("Request id")?;
    type_in_first_tab(bench, "key, 1 MB open as an envelope", &mut console)
}

fn open(bench: &Bench, path: &str, tag: &str) -> Result<Program> {
    let mut console = bench.console_with_server()?;
    choose(&mut console, path)?;
    console.press_for("s", tag)?;
    console.until("the whole layout", |text| !text.contains("laying out"))?;
    settle();
    Ok(console)
}

fn type_in_first_tab(bench: &mut Bench, what: &str, console: &mut Program) -> Result<()> {
    console.press_for("1", "NamespaceName *")?;
    console.press_for("fi", "commands")?;
    settle();
    type_beside_floor(bench, what, console)
}

/// A key to the smallest program, a key to the console, and so on.
fn type_beside_floor(bench: &mut Bench, what: &str, console: &mut Program) -> Result<()> {
    let mut floor = bench.floor()?;
    until_ready(&mut floor)?;
    settle();
    let (mut floors, mut ours, mut typist) = (Samples::default(), Samples::default(), Typist::default());
    for number in 0..KEYS {
        let letter = if number % 2 == 0 { "a" } else { "b" };
        let pressed = floor.press(letter)?;
        let came = floor.until_text(&format!("last key: Char('{letter}')"))?;
        floors.push(came.saturating_duration_since(pressed));
        floor.rest(GAP);
        ours.push(typist.press(console)?);
        console.rest(GAP);
    }
    bench.tell_times(what, Some(&floors), &ours, (Budget::Times(2.0), LATEST));
    Ok(())
}

/// From the end of the body upwards, a page a key.
fn scroll(bench: &mut Bench, what: &str, console: &mut Program) -> Result<()> {
    console.press("G")?;
    console.rest(GAP * 10);
    let mut ours = Samples::default();
    for _ in 0..PAGES {
        let before = console.text();
        let pressed = console.press("\x1b[5~")?;
        let came = console.until("another page", |text| text != before)?;
        ours.push(came.saturating_duration_since(pressed));
        console.rest(GAP);
    }
    bench.tell_times(what, None, &ours, (Budget::None, LATEST));
    Ok(())
}
