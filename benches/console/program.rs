//! A program in a pseudo-terminal: typed into, its frames read and dated.
//!
//! A thread reads what the program writes and dates every piece as it arrives; only then is it fed to a terminal's
//! screen. So the time that the screen takes does not count against the program.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::process::Process;

/// Columns and rows of every measurement.
const SIZE: PtySize = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };

/// How long something is waited for before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ends a frame of the console.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// What the console asks its terminal behind the first frame: it may come with the frame, and is no part of it.
const QUESTION: &[u8] = b"\x1b]11;?\x07";

/// What the program wrote at once, and when it came.
struct Piece {
    came: Instant,
    bytes: Vec<u8>,
}

/// A text that is looked for in every frame, and when it was first there.
struct Watch {
    text: String,
    seen: Option<Instant>,
}

/// A running program. Dropping it ends it.
pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    // Closing the terminal would end the program.
    _terminal: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    pieces: Receiver<Piece>,
    screen: vt100::Parser,
    /// How the last piece ended: a frame's end may come in two.
    tail: Vec<u8>,
    /// Whether frames of this program have an end that can be told.
    framed: bool,
    watch: Option<Watch>,
    written: usize,
    /// When it was executed.
    pub started: Instant,
}

impl Program {
    /// Starts a program whose frames end with the mark of synchronized output, if they are `framed`.
    pub fn start(command: CommandBuilder, framed: bool) -> Result<Self> {
        let pair = native_pty_system().openpty(SIZE)?;
        let reader = pair.master.try_clone_reader()?;
        let keys = pair.master.take_writer()?;
        let (to, pieces) = channel();
        thread::spawn(move || read(reader, &to));
        // This returns when the program has been executed, so that forking and clearing up do not count.
        let child = pair.slave.spawn_command(command)?;
        let started = Instant::now();
        let screen = vt100::Parser::new(SIZE.rows, SIZE.cols, 0);
        let (terminal, tail) = (pair.master, Vec::new());
        Ok(Self { child, _terminal: terminal, keys, pieces, screen, tail, framed, watch: None, written: 0, started })
    }

    /// The process.
    pub fn process(&self) -> Result<Process> {
        self.child.process_id().map(Process).context("the program has ended")
    }

    /// Presses keys; gives the moment.
    pub fn press(&mut self, keys: &str) -> Result<Instant> {
        self.take_what_came();
        let now = Instant::now();
        self.keys.write_all(keys.as_bytes())?;
        self.keys.flush()?;
        Ok(now)
    }

    /// Presses keys and waits for a text to be on the screen.
    pub fn press_for(&mut self, keys: &str, text: &str) -> Result<Instant> {
        self.press(keys)?;
        self.until_text(text)
    }

    /// Waits for a text to be on the screen; gives the moment at which the frame was whole.
    pub fn until_text(&mut self, text: &str) -> Result<Instant> {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits for a frame that fits; gives the moment at which it was whole.
    pub fn until(&mut self, what: &str, fits: impl Fn(&str) -> bool) -> Result<Instant> {
        let end = Instant::now() + PATIENCE;
        let mut came = Instant::now();
        while !(self.frame_is_whole() && fits(&self.text())) {
            let piece = match self.pieces.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(piece) => piece,
                Err(RecvTimeoutError::Timeout) => bail!("waited in vain for {what:?}:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => bail!("ended while {what:?} was waited for:\n{}", self.text()),
            };
            came = piece.came;
            self.take(&piece);
        }
        Ok(came)
    }

    /// Lets time pass and takes what comes.
    pub fn rest(&mut self, time: Duration) {
        thread::sleep(time);
        self.take_what_came();
    }

    /// Looks for a text in every frame from now on.
    pub fn watch_for(&mut self, text: &str) {
        self.take_what_came();
        self.watch = Some(Watch { text: text.to_owned(), seen: None });
    }

    /// When the text that is looked for was first there.
    pub fn seen(&self) -> Option<Instant> {
        self.watch.as_ref().and_then(|watch| watch.seen)
    }

    /// The screen's text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// How many bytes it has written so far.
    pub fn written(&mut self) -> usize {
        self.take_what_came();
        self.written
    }

    fn frame_is_whole(&self) -> bool {
        !self.framed || self.tail == FRAME_END
    }

    fn take_what_came(&mut self) {
        while let Ok(piece) = self.pieces.try_recv() {
            self.take(&piece);
        }
    }

    fn take(&mut self, piece: &Piece) {
        self.screen.process(&piece.bytes);
        self.written += piece.bytes.len();
        self.tail.extend_from_slice(piece.bytes.strip_suffix(QUESTION).unwrap_or(&piece.bytes));
        self.tail.drain(..self.tail.len().saturating_sub(FRAME_END.len()));
        let whole = self.frame_is_whole();
        let text = self.screen.screen();
        if let Some(watch) = self.watch.as_mut().filter(|watch| whole && watch.seen.is_none())
            && text.contents().contains(&watch.text)
        {
            watch.seen = Some(piece.came);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A program that has ended by itself cannot be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads and dates until the program is gone.
fn read(mut from: Box<dyn Read + Send>, to: &Sender<Piece>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let piece = Piece { came: Instant::now(), bytes: buffer[..count].to_vec() };
        if to.send(piece).is_err() {
            return;
        }
    }
}
