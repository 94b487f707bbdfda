//! A question on the terminal, answered with what is typed; masked, or to be seen.

use std::io::{self, IsTerminal, Write};

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::signals;
use super::terminal::PromptMode;
use crate::config::PromptError;
use crate::secret::Secret;

/// Asks on standard error and reads one line from the terminal.
///
/// # Errors
/// [`PromptError`].
pub fn ask(question: &str, masked: bool) -> Result<Secret, PromptError> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(PromptError::NotAsked("it would be asked for, but standard input and standard error are no terminal"));
    }
    signals::end_by_signal()?;
    let line = {
        // Before the question is seen, so that nothing typed early is echoed.
        let _raw = PromptMode::enter()?;
        show(&format!("{question}: ")).and_then(|()| read_line(masked))?
    };
    writeln!(io::stderr())?;
    match line {
        Some(text) if text.is_empty() => Err(PromptError::Empty),
        Some(text) => Ok(text),
        None => Err(PromptError::Cancelled),
    }
}

/// The effect of a key on the line.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Add(char),
    Erase,
    Clear,
    Done,
    Cancel,
    Nothing,
}

/// Returns the line that was typed; `None` when it was cancelled.
fn read_line(masked: bool) -> io::Result<Option<Secret>> {
    // Room at once, so that growing leaves no copies of a secret behind.
    let mut line = String::with_capacity(4096);
    loop {
        let step = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => step(key),
            _ => Step::Nothing,
        };
        match step {
            Step::Done => return Ok(Some(Secret::from(line))),
            Step::Cancel => {
                drop(Secret::from(line));
                return Ok(None);
            }
            other => edit(&mut line, &other, masked)?,
        }
    }
}

fn edit(line: &mut String, step: &Step, masked: bool) -> io::Result<()> {
    let erased = match step {
        Step::Add(c) => {
            line.push(*c);
            return if masked { Ok(()) } else { show(&c.to_string()) };
        }
        Step::Erase => usize::from(line.pop().is_some()),
        Step::Clear => {
            let length = line.chars().count();
            line.clear();
            length
        }
        _ => 0,
    };
    if masked { Ok(()) } else { show(&"\u{8} \u{8}".repeat(erased)) }
}

fn show(text: &str) -> io::Result<()> {
    let mut terminal = io::stderr();
    terminal.write_all(text.as_bytes())?;
    terminal.flush()
}

fn step(key: KeyEvent) -> Step {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter => Step::Done,
        KeyCode::Esc => Step::Cancel,
        KeyCode::Char('c' | 'd') if control => Step::Cancel,
        KeyCode::Char('u') if control => Step::Clear,
        KeyCode::Char('h') if control => Step::Erase,
        KeyCode::Backspace => Step::Erase,
        KeyCode::Char(c) if !control => Step::Add(c),
        _ => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_the_line() {
        let press = |code, modifiers| step(KeyEvent::new(code, modifiers));
        assert_eq!(press(KeyCode::Char('é'), KeyModifiers::NONE), Step::Add('é'));
        assert_eq!(press(KeyCode::Char('c'), KeyModifiers::CONTROL), Step::Cancel);
        assert_eq!(press(KeyCode::Enter, KeyModifiers::NONE), Step::Done);
        let mut line = String::from("ab");
        for step in [Step::Erase, Step::Add('c'), Step::Nothing] {
            edit(&mut line, &step, true).unwrap();
        }
        assert_eq!(line, "ac");
        edit(&mut line, &Step::Clear, true).unwrap();
        assert!(line.is_empty());
    }
}
