//! A program in a pseudo-terminal: keys in, the screen as a terminal would show it out.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
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

/// How long anything may take to show before a test gives up. Far more than it takes: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(10);

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
        let terminal = Arc::new(Terminal {
            seen: Mutex::new(Seen { parser: Parser::new(height, width, 0), bytes: Vec::new() }),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
        });
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
        let mut buffer = [0; 1 << 14];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let mut seen = self.seen();
            seen.parser.process(&buffer[..count]);
            seen.bytes.extend_from_slice(&buffer[..count]);
            drop(seen);
            self.changed.notify_all();
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// Waits until what is seen is as wanted; `false` when it does not come to that.
    fn wait(&self, wanted: impl Fn(&Seen) -> bool) -> bool {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen();
        // A frame comes in pieces: only a whole one is looked at.
        while !(whole(&seen.bytes) && wanted(&seen)) {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
            seen = self.changed.wait_timeout(seen, left).unwrap().0;
        }
        true
    }

    fn text(&self) -> String {
        self.seen().parser.screen().contents()
    }
}

/// Whether no frame is half drawn: the last synchronized update that was begun has ended.
fn whole(bytes: &[u8]) -> bool {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    last(b"\x1b[?2026h") <= last(b"\x1b[?2026l")
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
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Waits for the first tab to be whole: its request is signed once the emulator is up and the account known.
    #[track_caller]
    pub fn ready(&mut self) -> &mut Self {
        self.see("NamespaceName").see("x-acs-date")
    }

    /// Waits for a text on the screen.
    #[track_caller]
    pub fn see(&mut self, text: &str) -> &mut Self {
        let found = self.terminal.wait(|seen| seen.parser.screen().contents().contains(text));
        assert!(found, "no «{text}» on the screen:\n{}", self.terminal.text());
        self
    }

    /// Waits for a text to go.
    #[track_caller]
    pub fn see_no(&mut self, text: &str) -> &mut Self {
        let gone = self.terminal.wait(|seen| !seen.parser.screen().contents().contains(text));
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
    pub fn is_alone(&self) -> bool {
        let parent = format!(" {} ", self.child.process_id().unwrap());
        let deadline = Instant::now() + PATIENCE;
        while children(&parent) > 0 {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        true
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
        thread::sleep(Duration::from_millis(20));
        let settings_restored = settings(&*self.master) == self.settings;
        let bytes = self.written();
        Ended { code, bytes, settings_restored, terminal: self.terminal, _home: self.home }
    }

    /// Closes the terminal and gives the exit status that the program ends with.
    #[track_caller]
    pub fn lose_terminal(mut self) -> (u32, Duration) {
        // The listener holds the terminal open, too: it stops at the next thing that is drawn.
        self.terminal.stop.store(true, Ordering::SeqCst);
        self.bytes(b"x");
        let listens = Arc::clone(&self.terminal);
        let deadline = Instant::now() + PATIENCE;
        while Arc::strong_count(&listens) > 2 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        let Program { master, writer, child, home, .. } = self;
        drop((master, writer));
        let closed = Instant::now();
        let code = code(child);
        drop(home);
        (code, closed.elapsed())
    }

    #[track_caller]
    fn code(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill();
        panic!("it does not end:\n{}", self.terminal.text());
    }
}

#[track_caller]
fn code(mut child: Box<dyn Child + Send + Sync>) -> u32 {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            return status.exit_code();
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    panic!("it does not end");
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
