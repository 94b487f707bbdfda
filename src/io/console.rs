//! The console's loop: inputs and messages in, frames and effects out.
//!
//! ```text
//!  keys, signals ──▶ ┌────────┐ ──effects──▶ network (its own thread: emulator, sender, layouts)
//!                    │  loop  │
//!  network ─messages▶└────────┘ ──frames──▶ terminal
//! ```
//!
//! The loop sleeps until something comes, takes everything that is there, and draws once. The first frame is drawn before
//! anything else is set up.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;

use super::clock::{Clock, SystemClock};
use super::command;
use super::network::Network;
use super::terminal::Screen;
use super::watch;
use crate::app::message::Question;
use crate::app::{App, Effect, Gesture, Message, Notice, Now, ProfileMark, Setup, update};
use crate::catalog::Catalog;
use crate::config::{Borders, Config, DEMO, Overrides, Surroundings, Theme as Wanted};
use crate::ui::{self, Depth, Palette, Signs, Spots, Theme};

/// How often the frame is drawn while an answer is awaited: its waiting time is shown.
const TICK: Duration = Duration::from_millis(250);

/// The most inputs taken before a frame is drawn.
const BATCH: usize = 64;

/// What comes into the loop.
pub enum Input {
    /// Something from the terminal.
    Terminal(Event),
    /// Something from the network's thread.
    Message(Message),
    /// A question that the operator must answer.
    Ask(Question),
    /// The terminal's background, which it was asked for.
    Background {
        /// Whether it is light.
        light: bool,
    },
    /// The process was stopped and goes on.
    Continued,
    /// A signal asks to end, by its number.
    Ended(i32),
}

/// What the console is started with.
pub struct Options {
    /// The configuration.
    pub config: Config,
    /// The catalog, the operator's own files included.
    pub catalog: Arc<Catalog>,
    /// The profile to begin with.
    pub profile: String,
    /// What the command line says in place of the profile.
    pub overrides: Overrides,
    /// The folder for copies.
    pub data_dir: PathBuf,
    /// The outside world, for credentials.
    pub world: Arc<dyn Surroundings + Send + Sync>,
    /// Something to tell at the start: a mistake in a file of the catalog.
    pub notice: Option<String>,
}

/// Runs the console until the operator leaves.
///
/// # Errors
/// No terminal, or one that was lost.
pub fn run(options: Options) -> io::Result<ExitCode> {
    let (to_loop, inputs) = channel();
    watch::signals(to_loop.clone())?;
    let (theme, asks) = theme(&options.config, &*options.world);
    let mut app = App::new(setup(&options));
    app.notice = options.notice.clone().map(Notice::doubt);
    let mut screen = Screen::enter(app.mouse)?;
    let mut shown = Shown { theme, spots: Spots::default() };
    let first = shown.draw(&mut screen, &mut app)?;
    if asks {
        screen.ask_background()?;
    }
    watch::keys(to_loop.clone(), asks)?;
    #[cfg(unix)]
    watch::hang_up(to_loop.clone())?;
    let mut desk = Desk { network: Network::start(options, to_loop)?, screen };
    app.zone = TimeZone::system();
    desk.carry_out(app.start().into_iter().chain(first).collect(), &mut app)?;
    let code = turn(&mut app, &mut desk, &mut shown, &inputs);
    command::kill_all();
    drop(desk);
    code
}

/// The screen and the network: where effects go.
struct Desk {
    network: Network,
    screen: Screen,
}

/// What was drawn last.
struct Shown {
    theme: Theme,
    spots: Spots,
}

/// How the loop goes on.
enum Turn {
    Draw,
    Quiet,
    Leave(ExitCode),
}

fn turn(app: &mut App, desk: &mut Desk, shown: &mut Shown, inputs: &Receiver<Input>) -> io::Result<ExitCode> {
    loop {
        let mut draw = false;
        let Some(first) = wait(inputs, app.log.in_flight() + app.waits.under_way() > 0 || app.follows()) else {
            return Ok(ExitCode::SUCCESS);
        };
        for input in std::iter::once(first).chain(inputs.try_iter().take(BATCH)) {
            match take(app, desk, shown, input)? {
                Turn::Leave(code) => return Ok(code),
                Turn::Draw => draw = true,
                Turn::Quiet => {}
            }
        }
        if draw {
            let effects = shown.draw(&mut desk.screen, app)?;
            desk.carry_out(effects, app)?;
        }
    }
}

/// Sleeps until something comes; while an answer is awaited, for a tick at most.
fn wait(inputs: &Receiver<Input>, awaiting: bool) -> Option<Input> {
    if !awaiting {
        return inputs.recv().ok();
    }
    match inputs.recv_timeout(TICK) {
        Ok(input) => Some(input),
        Err(RecvTimeoutError::Timeout) => Some(Input::Message(Message::Tick)),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

fn take(app: &mut App, desk: &mut Desk, shown: &mut Shown, input: Input) -> io::Result<Turn> {
    let message = match input {
        Input::Ended(signal) => return Ok(Turn::Leave(ExitCode::from(u8::try_from(128 + signal).unwrap_or(1)))),
        Input::Background { light: false } => return Ok(Turn::Quiet),
        Input::Background { light: true } => {
            shown.theme = shown.theme.on_light();
            Message::Redraw
        }
        Input::Continued => {
            desk.screen.resume(app.mouse)?;
            Message::Redraw
        }
        Input::Message(message) => message,
        Input::Ask(question) => Message::Ask(question),
        Input::Terminal(event) => match message(event, shown) {
            Some(message) => message,
            None => return Ok(Turn::Quiet),
        },
    };
    let effects = update(app, message, now());
    desk.carry_out(effects, app)
}

/// What an event of the terminal means; `None` for those that mean nothing.
fn message(event: Event, shown: &Shown) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(..) => Some(Message::Redraw),
        Event::Mouse(mouse) => gesture(mouse).map(|gesture| Message::Mouse(gesture, shown.spots.at(mouse.column, mouse.row))),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn gesture(mouse: MouseEvent) -> Option<Gesture> {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Gesture::Click),
        MouseEventKind::ScrollUp => Some(Gesture::WheelUp),
        MouseEventKind::ScrollDown => Some(Gesture::WheelDown),
        _ => None,
    }
}

/// The moment, with fresh randomness. Without randomness the preview has a nonce of zeros; sending refuses by itself.
fn now() -> Now {
    let nonce = SystemClock.moment().map_or_else(|_| "0".repeat(32), |moment| moment.nonce);
    Now { time: SystemClock.now(), nonce }
}

impl Shown {
    /// Makes the pages for the screen's size and draws them.
    fn draw(&mut self, screen: &mut Screen, app: &mut App) -> io::Result<Vec<Effect>> {
        let mut effects = Vec::new();
        screen.draw(|frame| {
            // What a pane shows is made for its width, and how high it stands depends on what it shows.
            let layout = ui::layout(app, frame.area());
            effects = app.fit(layout.sizes());
            let layout = ui::layout(app, frame.area());
            effects.extend(app.fit(layout.sizes()));
            self.spots = ui::draw(app, &layout, &self.theme, frame);
        })?;
        Ok(effects)
    }
}

impl Desk {
    fn carry_out(&mut self, effects: Vec<Effect>, app: &mut App) -> io::Result<Turn> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(Turn::Leave(ExitCode::SUCCESS)),
                Effect::Mouse(ours) => self.screen.mouse(ours)?,
                Effect::Copy(text) => app.notice = Some(copied(self.screen.copy(&text)?, &text)),
                other => self.network.carry_out(other),
            }
        }
        Ok(Turn::Draw)
    }
}

fn copied(done: bool, text: &str) -> Notice {
    let lines = match text.lines().count() {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    if done {
        Notice::done(format!("{lines} given to the terminal's clipboard (OSC 52)"))
    } else {
        Notice::doubt(format!("{lines}: more than a terminal's clipboard takes; w writes a file"))
    }
}

fn setup(options: &Options) -> Setup {
    let profiles = options.config.profile_names().filter_map(|name| options.config.profile(name));
    let mark = |profile: crate::config::Profile| ProfileMark {
        demo: profile.name == DEMO,
        guard: profile.guard,
        colour: profile.colour,
        name: profile.name,
    };
    Setup {
        catalog: Arc::clone(&options.catalog),
        profiles: profiles.map(mark).collect(),
        profile: options.profile.clone(),
        region: options.overrides.region.clone(),
        mouse: options.config.screen.mouse,
        follow_changes: options.config.resources.follow_changes,
        zone: TimeZone::UTC,
        now: now(),
    }
}

/// The look that the configuration and the environment ask for, and whether the terminal is to be asked for its background.
fn theme(config: &Config, world: &dyn Surroundings) -> (Theme, bool) {
    let wanted = match config.screen.theme {
        Wanted::Auto => None,
        Wanted::Dark => Some(Palette::Dark),
        Wanted::Light => Some(Palette::Light),
        Wanted::Mono => Some(Palette::Mono),
    };
    let var = |name: &str| world.var(name);
    let (palette, depth): (Palette, Depth) = ui::looks(wanted, &var);
    let signs = match config.screen.borders {
        Borders::Auto => ui::signs(&var),
        Borders::Unicode => Signs::Unicode,
        Borders::Ascii => Signs::Ascii,
    };
    (Theme::new(palette, depth, signs), wanted.is_none() && ui::asks_background(palette, &var))
}

/// Sends inputs from other threads.
pub type ToLoop = Sender<Input>;
