//! A program in a pseudo-terminal: keys in, the screen as a terminal would show it out.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;
use vt100::{Cell, MouseProtocolMode, Parser};

use super::script;
use super::wait::{HANG_TIMEOUT, until};

/// What ends a frame: nothing is half drawn behind it.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// How a program is started.
pub struct Start {
    size: (u16, u16),
    command: CommandBuilder,
    home: TempDir,
}

/// A program that runs.
pub struct Program {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    terminal: Arc<Terminal>,
    /// The terminal's settings before the program began.
    settings: String,
    home: TempDir,
}

/// The terminal's side: what came so far, and what it looks like.
struct Terminal {
    seen: Mutex<Seen>,
    changed: Condvar,
    stop: AtomicBool,
}

struct Seen {
    parser: Parser,
    bytes: Vec<u8>,
    /// How many of the bytes the parser was given.
    parsed: usize,
    /// What the screen looked like at the end of each frame.
    frames: Vec<String>,
    /// The frame that was waited for last, or the last before anything was sent: what a test waits for next is not before it.
    /// A frame that shows something for a moment is found however late the test looks.
    at: usize,
    /// Whether nothing more can come.
    has_ended: bool,
    /// The thread that listens, as the system calls it; empty where it does not.
    listener: PathBuf,
}

impl Seen {
    fn new(width: u16, height: u16) -> Self {
        let (bytes, frames, listener) = (Vec::new(), Vec::new(), PathBuf::new());
        Self { parser: Parser::new(height, width, 0), bytes, parsed: 0, frames, at: 0, has_ended: false, listener }
    }

    /// Takes what came, frame by frame.
    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        // The mark may have come in two pieces.
        let mut from = self.parsed.saturating_sub(FRAME_END.len() - 1);
        while let Some(found) = self.bytes[from..].windows(FRAME_END.len()).position(|window| window == FRAME_END) {
            from += found + FRAME_END.len();
            if from > self.parsed {
                self.parser.process(&self.bytes[self.parsed..from]);
                self.parsed = from;
                self.frames.push(self.parser.screen().contents());
            }
        }
        self.parser.process(&self.bytes[self.parsed..]);
        self.parsed = self.bytes.len();
    }

    /// The first frame from the one waited for last that is as wanted; the screen as it stands counts as one where none is half drawn.
    fn find(&self, wanted: &impl Fn(&str) -> bool) -> Option<usize> {
        let found = self.frames[self.at.min(self.frames.len())..].iter().position(|frame| wanted(frame)).map(|found| self.at + found);
        found.or_else(|| (whole(&self.bytes) && wanted(&self.parser.screen().contents())).then(|| self.frames.len().saturating_sub(1)))
    }
}

/// What is left of a program that has ended.
pub struct Ended {
    pub code: u32,
    /// Everything it wrote.
    pub bytes: Vec<u8>,
    /// Whether the terminal's settings are what they were.
    pub settings_restored: bool,
    terminal: Arc<Terminal>,
    _home: TempDir,
}

impl Start {
    /// The console on a terminal of this size: `xterm-256color` with 24-bit colour, a home of its own, and nothing else in the environment.
    pub fn console(width: u16, height: u16) -> Self {
        Self::program(env!("CARGO_BIN_EXE_skydeck").into(), (width, height))
    }

    /// Another program in the same surroundings.
    pub fn program(path: PathBuf, size: (u16, u16)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(path);
        command.env_clear();
        command.cwd(home.path());
        for (name, folder) in [("HOME", ""), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")] {
            command.env(name, home.path().join(folder));
        }
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8"), ("TZ", "UTC")] {
            command.env(name, value);
        }
        Self { size, command, home }
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable away.
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Writes the configuration.
    pub fn config(self, text: &str) -> Self {
        let folder = self.home.path().join("config/skydeck");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.toml"), text).unwrap();
        self
    }

    /// Adds arguments.
    pub fn args(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Starts it.
    pub fn run(self) -> Program {
        let (width, height) = self.size;
        let pair = native_pty_system().openpty(size(width, height)).unwrap();
        let settings = settings(&*pair.master);
        let terminal =
            Arc::new(Terminal { seen: Mutex::new(Seen::new(width, height)), changed: Condvar::new(), stop: AtomicBool::new(false) });
        let child = pair.slave.spawn_command(self.command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let ours = Arc::clone(&terminal);
        thread::spawn(move || ours.listen(&mut *reader));
        let writer = pair.master.take_writer().unwrap();
        Program { master: pair.master, writer, child, terminal, settings, home: self.home }
    }
}

fn size(width: u16, height: u16) -> PtySize {
    PtySize { rows: height, cols: width, pixel_width: 0, pixel_height: 0 }
}

/// The terminal's settings, in words that can be compared.
fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

impl Terminal {
    /// Takes what comes until nothing more does, or until it is told to stop.
    fn listen(&self, reader: &mut dyn Read) {
        self.seen().listener = fs::canonicalize("/proc/thread-self").unwrap_or_default();
        let mut buffer = [0; 1 << 14];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            self.seen().take(&buffer[..count]);
            self.changed.notify_all();
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
        }
        self.seen().has_ended = true;
        self.changed.notify_all();
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// Waits until what is seen is as wanted; `false` when it does not come to that.
    fn wait(&self, wanted: impl Fn(&mut Seen) -> bool) -> bool {
        let deadline = Instant::now() + HANG_TIMEOUT;
        let mut seen = self.seen();
        while !wanted(&mut seen) {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
            seen = self.changed.wait_timeout(seen, left).unwrap().0;
        }
        true
    }

    /// Waits for a frame.
    fn wait_for_frame(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.wait(|seen| {
            let found = seen.find(&wanted);
            seen.at = found.unwrap_or(seen.at);
            found.is_some()
        })
    }

    fn text(&self) -> String {
        self.seen().parser.screen().contents()
    }
}

/// Whether no frame is half drawn: the last synchronized update that was begun has ended.
fn whole(bytes: &[u8]) -> bool {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    last(b"\x1b[?2026h") <= last(FRAME_END)
}

impl Program {
    /// Presses keys, written as in [`script::keys`], as a terminal without extensions sends them. An escape must come last:
    /// such a terminal cannot tell it from the beginning of another key.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        assert!(!keys.contains("<esc>") || keys.ends_with("<esc>"), "{keys}");
        let bytes: Vec<u8> = script::keys(keys).into_iter().flat_map(bytes).collect();
        self.bytes(&bytes)
    }

    /// Sends bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.look_from_here();
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// What is waited for from now on is no earlier than what is on the screen now.
    fn look_from_here(&self) {
        let mut seen = self.terminal.seen();
        seen.at = seen.at.max(seen.frames.len().saturating_sub(1));
    }

    /// Waits for the first tab to be whole: its request is signed once the emulator is up and the account known.
    #[track_caller]
    pub fn ready(&mut self) -> &mut Self {
        self.see("NamespaceName").see("x-acs-date")
    }

    /// Waits for a text on the screen.
    #[track_caller]
    pub fn see(&mut self, text: &str) -> &mut Self {
        let found = self.terminal.wait_for_frame(|frame| frame.contains(text));
        assert!(found, "no «{text}» on the screen:\n{}", self.terminal.text());
        self
    }

    /// Waits for a text to go.
    #[track_caller]
    pub fn see_no(&mut self, text: &str) -> &mut Self {
        let gone = self.terminal.wait_for_frame(|frame| !frame.contains(text));
        assert!(gone, "still «{text}» on the screen:\n{}", self.terminal.text());
        self
    }

    /// Waits for bytes to be written.
    #[track_caller]
    pub fn hear(&mut self, bytes: &[u8]) -> &mut Self {
        let found = self.terminal.wait(|seen| seen.bytes.windows(bytes.len()).any(|window| window == bytes));
        assert!(found, "no {} was written", bytes.escape_ascii());
        self
    }

    /// The text on the screen.
    pub fn screen(&self) -> String {
        self.terminal.text()
    }

    /// Everything that was written so far.
    pub fn written(&self) -> Vec<u8> {
        self.terminal.seen().bytes.clone()
    }

    /// The row of the screen with a text, counted from 0.
    #[track_caller]
    pub fn row(&self, text: &str) -> u16 {
        let seen = self.terminal.seen();
        let width = seen.parser.screen().size().1;
        let row = seen.parser.screen().rows(0, width).position(|row| row.contains(text));
        u16::try_from(row.unwrap_or_else(|| panic!("no «{text}» on the screen"))).unwrap()
    }

    /// The cells of a row.
    pub fn cells(&self, row: u16) -> Vec<Cell> {
        let seen = self.terminal.seen();
        let screen = seen.parser.screen();
        (0..screen.size().1).filter_map(|column| screen.cell(row, column).cloned()).collect()
    }

    /// Every cell of the screen.
    pub fn all_cells(&self) -> Vec<Cell> {
        let rows = self.terminal.seen().parser.screen().size().0;
        (0..rows).flat_map(|row| self.cells(row)).collect()
    }

    /// Where the cursor stands, row and column; `None` while it is hidden.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let seen = self.terminal.seen();
        let screen = seen.parser.screen();
        (!screen.hide_cursor()).then(|| screen.cursor_position())
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.look_from_here();
        self.terminal.seen().parser.screen_mut().set_size(height, width);
        self.master.resize(size(width, height)).unwrap();
        self
    }

    /// Sends a signal by its name.
    pub fn signal(&mut self, name: &str) -> &mut Self {
        let id = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
        self
    }

    /// Waits until no process of the program's own is left; where the system does not list them, that is taken on trust.
    #[track_caller]
    pub fn is_alone(&self) -> &Self {
        let parent = format!(" {} ", self.child.process_id().unwrap());
        until("no process of the program is left", || children(&parent) == 0);
        self
    }

    /// Waits until the program has nothing to do and all that it wrote was taken; where the system does not list threads, for a moment.
    #[track_caller]
    pub fn rests(&mut self) -> &mut Self {
        let threads = PathBuf::from(format!("/proc/{}/task", self.child.process_id().unwrap()));
        if !threads.exists() {
            thread::sleep(Duration::from_millis(500));
            return self;
        }
        let mut last = None;
        until("every thread of the program sleeps", || {
            let (listener, frames) = {
                let seen = self.terminal.seen();
                (seen.listener.clone(), seen.bytes.len())
            };
            let now = asleep(&threads).zip(thread_asleep(&listener)).map(|asleep| (asleep, frames));
            let rests = now.is_some() && now == last;
            last = now;
            rests
        });
        self
    }

    /// The program's home folder.
    pub fn home(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    /// Waits for the program to end.
    #[track_caller]
    pub fn ends(mut self) -> Ended {
        let code = self.code();
        // What it wrote last may still be on its way through the terminal.
        assert!(self.terminal.wait(|seen| seen.has_ended), "the terminal is still open");
        let settings_restored = settings(&*self.master) == self.settings;
        let bytes = self.written();
        Ended { code, bytes, settings_restored, terminal: self.terminal, _home: self.home }
    }

    /// Closes the terminal and gives the exit status that the program ends with.
    #[track_caller]
    pub fn lose_terminal(mut self) -> u32 {
        // The listener holds the terminal open, too: it stops at the next thing that is drawn.
        self.terminal.stop.store(true, Ordering::SeqCst);
        self.bytes(b"x");
        assert!(self.terminal.wait(|seen| seen.has_ended), "nothing is drawn");
        let Program { master, writer, mut child, terminal, home, .. } = self;
        // The listener has ended; what it read with is closed when its thread is gone.
        until("the listener is gone", || Arc::strong_count(&terminal) == 1);
        drop((master, writer));
        let code = code(&mut *child);
        drop(home);
        code
    }

    #[track_caller]
    fn code(&mut self) -> u32 {
        code(&mut *self.child)
    }
}

/// Waits for a program to end; one that does not is killed.
#[track_caller]
fn code(child: &mut dyn Child) -> u32 {
    let deadline = Instant::now() + HANG_TIMEOUT;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.exit_code();
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("it does not end");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

impl Ended {
    /// Holds the terminal to be as it was: main screen, cursor, no modes, settings.
    #[track_caller]
    pub fn left_as_it_was(&self) -> &Self {
        let seen = self.terminal.seen();
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "pastes are bracketed");
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None, "the mouse is taken");
        let count = |bytes: &[u8]| self.bytes.windows(bytes.len()).filter(|window| *window == bytes).count();
        assert_eq!(count(b"\x1b[>1u"), count(b"\x1b[<1u"), "keyboard modes pushed and popped");
        assert!(self.settings_restored, "the terminal's settings are others");
        self
    }

    /// What was written after the alternate screen was left.
    pub fn afterwards(&self) -> String {
        const LEAVE: &[u8] = b"\x1b[?1049l";
        let at = self.bytes.windows(LEAVE.len()).rposition(|window| window == LEAVE).map_or(0, |at| at + LEAVE.len());
        String::from_utf8_lossy(&self.bytes[at..]).into_owned()
    }
}

/// The bytes that a terminal without extensions sends for a key.
fn bytes(key: KeyEvent) -> Vec<u8> {
    const SEQUENCES: [(KeyCode, &str); 21] = [
        (KeyCode::Enter, "\r"),
        (KeyCode::Esc, "\x1b"),
        (KeyCode::Tab, "\t"),
        (KeyCode::BackTab, "\x1b[Z"),
        (KeyCode::Backspace, "\x7f"),
        (KeyCode::Delete, "\x1b[3~"),
        (KeyCode::Up, "\x1b[A"),
        (KeyCode::Down, "\x1b[B"),
        (KeyCode::Right, "\x1b[C"),
        (KeyCode::Left, "\x1b[D"),
        (KeyCode::Home, "\x1b[H"),
        (KeyCode::End, "\x1b[F"),
        (KeyCode::PageUp, "\x1b[5~"),
        (KeyCode::PageDown, "\x1b[6~"),
        (KeyCode::F(1), "\x1bOP"),
        (KeyCode::F(2), "\x1bOQ"),
        (KeyCode::F(4), "\x1bOS"),
        (KeyCode::F(5), "\x1b[15~"),
        (KeyCode::F(6), "\x1b[17~"),
        (KeyCode::F(8), "\x1b[19~"),
        (KeyCode::F(9), "\x1b[20~"),
    ];
    match (key.code, key.modifiers) {
        (KeyCode::Char(c), KeyModifiers::CONTROL) => vec![c as u8 & 0x1f],
        (KeyCode::Char(c), KeyModifiers::ALT) => format!("\x1b{c}").into_bytes(),
        (KeyCode::Char(c), _) => c.to_string().into_bytes(),
        (code, _) => SEQUENCES.iter().find(|(known, _)| *known == code).map(|(_, bytes)| bytes.as_bytes().to_vec()).unwrap(),
    }
}

/// How many processes there are of a parent, whose id stands behind a process's name and state.
fn children(parent: &str) -> usize {
    let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
    let of_parent =
        |text: String| text.rsplit_once(')').is_some_and(|(_, rest)| rest.get(2..).is_some_and(|rest| rest.starts_with(parent)));
    processes.flatten().filter(|process| std::fs::read_to_string(process.path().join("stat")).is_ok_and(of_parent)).count()
}

/// How often each thread of a process has gone to sleep, if all of them sleep now.
fn asleep(threads: &Path) -> Option<Vec<String>> {
    fs::read_dir(threads).ok()?.map(|thread| thread_asleep(&thread.ok()?.path())).collect()
}

/// How often a thread has gone to sleep, if it sleeps now.
fn thread_asleep(thread: &Path) -> Option<String> {
    let status = fs::read_to_string(thread.join("status")).ok()?;
    let value = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    value("State:").filter(|state| state.starts_with('S'))?;
    value("voluntary_ctxt_switches:").map(str::to_owned)
}
