//! The terminal: entered, drawn to, and always given back as it was.
//!
//! Whatever ends the program (quit, error, panic on any thread, signal) goes through [`restore`].

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use ratatui::{Frame, Terminal};

use super::console::background::BACKGROUND_QUERY;
use super::process_groups;

use crate::log_error::LogError;

/// Buttons and wheel with SGR coordinates. Not motion: a moving pointer would wake an idle console.
const ENABLE_MOUSE: &str = "\x1b[?1000h\x1b[?1006h";

/// Gives the mouse back to the terminal's own selection.
const DISABLE_MOUSE: &str = "\x1b[?1006l\x1b[?1000l";

/// Set while the console has the terminal.
static IS_CONSOLE_ACTIVE: AtomicBool = AtomicBool::new(false);

/// Set while a question stands on the terminal, outside the console.
static IS_PROMPTING: AtomicBool = AtomicBool::new(false);

/// The most characters that are copied: terminals drop longer OSC 52 sequences without a word.
const MAX_CLIPBOARD_CHARS: usize = 74_000;

/// The screen. Dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Pending>>,
    pending: Pending,
    /// The frame that was sent last.
    last: Vec<u8>,
}

/// Collects what is drawn, so that a frame goes to the terminal in one piece.
#[derive(Clone, Default)]
struct Pending(Rc<RefCell<Vec<u8>>>);

impl Pending {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, the kitty keyboard protocol where it is known (a
    /// terminal that is not asked cannot keep us waiting, and one that does not know the sequence ignores it), the mouse if wanted.
    ///
    /// # Errors
    /// The system's; also when standard input or output is no terminal.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
            return Err(io::Error::other("the console needs a terminal for input and output; `skydeck send` works without one"));
        }
        check_terminal(std::env::var_os("TERM").as_deref())?;
        restore_on_panic();
        let pending = Pending::default();
        let mut screen = Self { terminal: Terminal::new(CrosstermBackend::new(pending.clone()))?, pending, last: Vec::new() };
        enable_raw_mode()?;
        IS_CONSOLE_ACTIVE.store(true, Ordering::SeqCst);
        screen.take_modes(mouse)?;
        Ok(screen)
    }

    fn take_modes(&mut self, mouse: bool) -> io::Result<()> {
        let flags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;
        queue!(self.pending, EnterAlternateScreen, EnableBracketedPaste, PushKeyboardEnhancementFlags(flags), Clear(ClearType::All))?;
        self.pending.write_all(if mouse { ENABLE_MOUSE } else { "" }.as_bytes())
    }

    /// Takes the terminal again after the process was stopped and continued, and draws everything again.
    ///
    /// # Errors
    /// The system's.
    pub fn resume(&mut self, mouse: bool) -> io::Result<()> {
        disable_raw_mode()?;
        enable_raw_mode()?;
        queue!(self.pending, PopKeyboardEnhancementFlags)?;
        self.take_modes(mouse)?;
        // Not `clear`: it asks the terminal where the cursor is, and the answer would go to the thread that reads keys.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Draws a frame; only cells that changed are sent, all at once, and nothing where none did.
    ///
    /// # Errors
    /// The system's: a lost terminal above all.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()> {
        let before = self.pending.take();
        self.terminal.draw(render)?;
        let frame = self.pending.take();
        // Every frame ends with its caret: one in which no cell changed is no more than the end of the last one.
        if before.is_empty() && self.last.ends_with(&frame) {
            return Ok(());
        }
        self.pending.write_all(&before)?;
        queue!(self.pending, BeginSynchronizedUpdate)?;
        self.pending.write_all(&frame)?;
        queue!(self.pending, EndSynchronizedUpdate)?;
        self.last = frame;
        self.commit()
    }

    /// Asks the terminal for its background; the answer comes among the keys, if it comes.
    ///
    /// # Errors
    /// The system's.
    pub fn ask_background(&mut self) -> io::Result<()> {
        self.pending.write_all(BACKGROUND_QUERY.as_bytes())?;
        self.commit()
    }

    /// Takes the mouse, or gives it to the terminal.
    ///
    /// # Errors
    /// The system's.
    pub fn mouse(&mut self, ours: bool) -> io::Result<()> {
        self.pending.write_all(if ours { ENABLE_MOUSE } else { DISABLE_MOUSE }.as_bytes())?;
        self.commit()
    }

    /// Copies to the terminal's clipboard by OSC 52; `false` if the text is longer than terminals take.
    ///
    /// # Errors
    /// The system's.
    pub fn copy(&mut self, text: &str) -> io::Result<bool> {
        if text.len() > MAX_CLIPBOARD_CHARS {
            return Ok(false);
        }
        queue!(self.pending, CopyToClipboard::to_clipboard_from(text))?;
        self.commit().map(|()| true)
    }

    fn commit(&mut self) -> io::Result<()> {
        let bytes = self.pending.take();
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Returns whether `TERM` names a terminal that shows text, line after line, and takes no sequences. Where the system has no such variable, none does.
pub fn is_plain(term: Option<&OsStr>) -> bool {
    !cfg!(windows) && term.is_none_or(|term| ["", "dumb", "unknown"].iter().any(|plain| term.eq_ignore_ascii_case(plain)))
}

/// Refuses a terminal that cannot place the cursor, by what `TERM` says.
fn check_terminal(term: Option<&OsStr>) -> io::Result<()> {
    if !is_plain(term) {
        return Ok(());
    }
    let named = term.filter(|term| !term.is_empty()).map_or("a TERM that is not set".to_owned(), |term| format!("TERM={}", term.display()));
    Err(io::Error::other(format!(
        "{named} names no terminal that can show a screen: set TERM to what yours is (xterm-256color, for one); `skydeck send` works without"
    )))
}

/// Restores the terminal as it was. Safe to call at any time, from any thread, any number of times.
pub fn restore() {
    if !IS_CONSOLE_ACTIVE.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = DISABLE_MOUSE.as_bytes().to_vec();
    // Writing to a vector cannot fail.
    let _ = queue!(bytes, PopKeyboardEnhancementFlags, DisableBracketedPaste, ResetColor, LeaveAlternateScreen, cursor::Show);
    // Nothing can be done about a lost terminal.
    let mut out = io::stdout().lock();
    out.write_all(&bytes).and_then(|()| out.flush()).log_error("reset the terminal");
    disable_raw_mode().log_error("leave the terminal's raw mode");
}

/// Has a panic on any thread give the terminal back before it is reported.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            report(panic);
            process_groups::kill_all();
            // A task's panic would end the task alone, and the loop would draw on a terminal that is no longer ours.
            std::process::exit(101);
        }));
    });
}

/// The terminal hands over each key as it is pressed, until this is dropped.
pub(super) struct PromptMode;

impl PromptMode {
    /// Has the terminal hand over keys one by one.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn enter() -> io::Result<Self> {
        IS_PROMPTING.store(true, Ordering::SeqCst);
        enable_raw_mode().map(|()| Self)
    }
}

impl Drop for PromptMode {
    fn drop(&mut self) {
        leave_prompt();
    }
}

/// Returns whether a question stands on the terminal.
pub(super) fn is_prompting() -> bool {
    IS_PROMPTING.load(Ordering::SeqCst)
}

/// Restores the terminal as it was before the question. Safe to call at any time, from any thread, any number of times.
pub(super) fn leave_prompt() {
    if IS_PROMPTING.swap(false, Ordering::SeqCst) {
        // Nothing is left to be done about a terminal that is gone.
        disable_raw_mode().log_error("leave the terminal's raw mode");
    }
}
