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

pub(super) mod background;
pub(super) mod input;
mod keys;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;

pub use input::{Input, Options};

use super::clock::{Clock, SystemClock};
use super::network::Network;
use super::terminal::Screen;
use super::{process_groups, signals};
use crate::app::{Action, App, Effect, Gesture, KeyMap, Message, Notice, Now, ProfileSummary, Setup, update};
use crate::config::{Borders, Config, DEMO, Environment, Theme as ThemeChoice};
use crate::ui::{self, ClickMap, Depth, Palette, SymbolSet, Theme};

/// The interval at which the frame is drawn while an answer is pending: its waiting time is shown.
const TICK_INTERVAL: Duration = Duration::from_millis(250);

/// The most inputs taken before a frame is drawn.
const MAX_INPUTS_PER_FRAME: usize = 64;

/// Runs the console until the operator leaves.
///
/// # Errors
/// No terminal, or one that was lost.
pub fn run(options: Options) -> io::Result<ExitCode> {
    let (to_loop, inputs) = channel();
    signals::forward(to_loop.clone())?;
    let (theme, asks) = theme(&options.config, &*options.environment);
    let mut app = App::new(setup(&options));
    app.session.notice = options.notice.clone().map(Notice::warning);
    let mut screen = Screen::enter(app.session.mouse)?;
    let mut drawn = DrawnFrame { theme, click_targets: ClickMap::default() };
    let first = drawn.draw(&mut screen, &mut app)?;
    if asks {
        screen.ask_background()?;
    }
    keys::forward(to_loop.clone(), asks)?;
    #[cfg(unix)]
    signals::forward_hang_up(to_loop.clone())?;
    let mut runner = EffectRunner { network: Network::start(options, to_loop)?, screen };
    app.session.zone = TimeZone::system();
    runner.carry_out(app.start().into_iter().chain(first).collect(), &mut app)?;
    let code = run_loop(&mut app, &mut runner, &mut drawn, &inputs);
    process_groups::kill_all();
    drop(runner);
    code
}

/// The screen and the network: where effects go.
struct EffectRunner {
    network: Network,
    screen: Screen,
}

/// The state of the last drawn frame.
struct DrawnFrame {
    theme: Theme,
    click_targets: ClickMap,
}

/// The next step of the event loop.
enum LoopStep {
    Draw,
    Quiet,
    Leave(ExitCode),
}

fn run_loop(app: &mut App, runner: &mut EffectRunner, drawn: &mut DrawnFrame, inputs: &Receiver<Input>) -> io::Result<ExitCode> {
    loop {
        let mut draw = false;
        let Some(first) =
            wait(inputs, app.exchanges.log.live.in_flight() + app.exchanges.waits.in_progress() > 0 || app.resources.follows())
        else {
            return Ok(ExitCode::SUCCESS);
        };
        for input in std::iter::once(first).chain(inputs.try_iter().take(MAX_INPUTS_PER_FRAME)) {
            match handle(app, runner, drawn, input)? {
                LoopStep::Leave(code) => return Ok(code),
                LoopStep::Draw => draw = true,
                LoopStep::Quiet => {}
            }
        }
        if draw {
            let effects = drawn.draw(&mut runner.screen, app)?;
            runner.carry_out(effects, app)?;
        }
    }
}

/// Sleeps until something arrives; while an answer is pending, for a tick at most.
fn wait(inputs: &Receiver<Input>, awaiting: bool) -> Option<Input> {
    if !awaiting {
        return inputs.recv().ok();
    }
    match inputs.recv_timeout(TICK_INTERVAL) {
        Ok(input) => Some(input),
        Err(RecvTimeoutError::Timeout) => Some(Input::Message(Message::Tick)),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

fn handle(app: &mut App, runner: &mut EffectRunner, drawn: &mut DrawnFrame, input: Input) -> io::Result<LoopStep> {
    let message = match input {
        Input::Ended(signal) => return Ok(LoopStep::Leave(ExitCode::from(u8::try_from(128 + signal).unwrap_or(1)))),
        Input::Background { light: false } => return Ok(LoopStep::Quiet),
        Input::Background { light: true } => {
            drawn.theme = drawn.theme.on_light();
            Message::Redraw
        }
        Input::Continued => {
            runner.screen.resume(app.session.mouse)?;
            Message::Redraw
        }
        Input::Message(message) => message,
        Input::Ask(question) => Message::Ask(question),
        Input::Terminal(event) => match message(event, drawn) {
            Some(message) => message,
            None => return Ok(LoopStep::Quiet),
        },
    };
    let effects = update(app, message, now());
    runner.carry_out(effects, app)
}

/// Translates an event of the terminal; `None` for those that mean nothing.
fn message(event: Event, drawn: &DrawnFrame) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(..) => Some(Message::Redraw),
        Event::Mouse(mouse) => {
            gesture(mouse).map(|gesture| Message::Mouse { gesture, target: drawn.click_targets.at(mouse.column, mouse.row) })
        }
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

/// Returns the moment, with fresh randomness. Without randomness the preview has a nonce of zeros; sending refuses by itself.
fn now() -> Now {
    let nonce = SystemClock.moment().map_or_else(|_| "0".repeat(32), |moment| moment.nonce);
    Now { time: SystemClock.now(), nonce }
}

impl DrawnFrame {
    /// Makes the pages for the screen's size and draws them.
    fn draw(&mut self, screen: &mut Screen, app: &mut App) -> io::Result<Vec<Effect>> {
        let mut effects = Vec::new();
        screen.draw(|frame| {
            // What a pane shows is made for its width, and how high it stands depends on what it shows.
            let layout = ui::layout(app, frame.area());
            effects = app.fit(layout.sizes());
            let layout = ui::layout(app, frame.area());
            effects.extend(app.fit(layout.sizes()));
            self.click_targets = ui::draw(app, &layout, &self.theme, frame);
        })?;
        Ok(effects)
    }
}

impl EffectRunner {
    fn carry_out(&mut self, effects: Vec<Effect>, app: &mut App) -> io::Result<LoopStep> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(LoopStep::Leave(ExitCode::SUCCESS)),
                Effect::Mouse(ours) => self.screen.mouse(ours)?,
                Effect::Copy(text) => app.session.notice = Some(copied(self.screen.copy(&text)?, &text, &app.session.keys)),
                other => self.network.carry_out(other),
            }
        }
        Ok(LoopStep::Draw)
    }
}

fn copied(done: bool, text: &str, keys: &KeyMap) -> Notice {
    let lines = match text.lines().count() {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    if done {
        Notice::done(format!("{lines} given to the terminal's clipboard (OSC 52)"))
    } else {
        Notice::warning(format!("{lines}: more than a terminal's clipboard takes; {} writes a file", keys.hint(Action::Save)))
    }
}

fn setup(options: &Options) -> Setup {
    let profiles = options.config.profile_names().filter_map(|name| options.config.profile(name));
    let mark = |profile: crate::config::Profile| ProfileSummary {
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
        keys: KeyMap::default(),
        secrets: options.environment.secrets().clone(),
    }
}

/// Returns the look that the configuration and the environment ask for, and whether the terminal is to be asked for its background.
fn theme(config: &Config, environment: &dyn Environment) -> (Theme, bool) {
    let chosen = match config.screen.theme {
        ThemeChoice::Auto => None,
        ThemeChoice::Dark => Some(Palette::Dark),
        ThemeChoice::Light => Some(Palette::Light),
        ThemeChoice::Mono => Some(Palette::Mono),
    };
    let var = |name: &str| environment.var(name);
    let (palette, depth): (Palette, Depth) = ui::detect_appearance(chosen, &var);
    let symbols = match config.screen.borders {
        Borders::Auto => ui::symbols(&var),
        Borders::Unicode => SymbolSet::Unicode,
        Borders::Ascii => SymbolSet::Ascii,
    };
    (Theme::new(palette, depth, symbols), chosen.is_none() && ui::asks_background(palette, &var))
}
