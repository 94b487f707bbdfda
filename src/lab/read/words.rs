//! A shell's words: quotation marks, escapes, `$'...'`, lines that go on.

use super::ReadError;
use super::cursor::Cursor;

/// The words of a command, up to its end, with what is odd about them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CommandWords {
    pub words: Vec<String>,
    pub notes: Vec<String>,
}

/// Splits a command of a POSIX shell; one for the Windows prompt (`^"`) is put into that form first.
pub(super) fn split(command: &str) -> Result<CommandWords, ReadError> {
    let prompt = command.contains("^\"") || command.contains("^\n") || command.contains("^\r\n");
    let command = if prompt { uncaret(command) } else { command.to_owned() };
    let mut splitter = Splitter { cursor: Cursor::new(&command), word: None, out: CommandWords::default(), windows: prompt };
    splitter.run()?;
    Ok(splitter.out)
}

/// Takes off the carets of the Windows prompt: each makes the next character plain, and one before a line end joins the lines.
fn uncaret(command: &str) -> String {
    let mut out = String::with_capacity(command.len());
    let mut chars = command.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '^' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('\r') => drop(chars.next_if_eq(&'\n')),
            // Two line feeds behind a caret stand for one in the value.
            Some('\n') => out.extend(chars.next_if_eq(&'\n')),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

struct Splitter<'a> {
    cursor: Cursor<'a>,
    word: Option<String>,
    out: CommandWords,
    windows: bool,
}

impl Splitter<'_> {
    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn end_word(&mut self) {
        self.out.words.extend(self.word.take());
    }

    fn run(&mut self) -> Result<(), ReadError> {
        while let Some(c) = self.cursor.next() {
            let start = self.cursor.at;
            match c {
                '\'' if !self.windows => self.single(start)?,
                '"' => self.double(start)?,
                '$' if self.cursor.peek() == Some('\'') => self.dollar(start)?,
                '\\' if !self.windows => self.escape(),
                '#' if self.word.is_none() => self.skip_to_line_end(),
                ';' | '|' | '&' | '<' | '>' if !self.windows => {
                    self.note_end(c);
                    break;
                }
                '\n' => {
                    self.end_word();
                    if !self.out.words.is_empty() && !self.continues() {
                        break;
                    }
                }
                c if c.is_whitespace() => self.end_word(),
                c => self.plain(c),
            }
        }
        self.end_word();
        Ok(())
    }

    /// Returns whether the next line begins with an option: a line end whose backslash was lost.
    fn continues(&self) -> bool {
        self.cursor.text[self.cursor.at..].trim_start().starts_with('-')
    }

    fn plain(&mut self, c: char) {
        let variable = c == '$' && self.cursor.peek().is_some_and(|next| next.is_alphanumeric() || matches!(next, '_' | '{' | '('));
        if variable || c == '`' {
            self.note_variable();
        }
        self.push(c);
    }

    fn note_variable(&mut self) {
        self.out.notes.push("the command has a variable or a command of the shell in it, which is taken as it is written".to_owned());
    }

    /// Notes a character that ends the command for the shell. In the middle of a URL it was not meant to.
    fn note_end(&mut self, c: char) {
        if c == '&' && self.word.is_some() {
            let note = "an & outside quotation marks ends the command for a shell: what follows it was never sent";
            self.out.notes.push(note.to_owned());
        }
    }

    fn skip_to_line_end(&mut self) {
        let rest = self.cursor.rest();
        self.cursor.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn escape(&mut self) {
        match self.cursor.next() {
            Some('\r') if self.cursor.peek() == Some('\n') => drop(self.cursor.next()),
            Some('\n') | None => {}
            Some(c) => self.push(c),
        }
    }

    fn unclosed(what: &'static str, at: usize) -> ReadError {
        ReadError::Unclosed { what, at }
    }

    fn single(&mut self, start: usize) -> Result<(), ReadError> {
        let end = self.cursor.text[self.cursor.at..].find('\'').ok_or_else(|| Self::unclosed("'", start))?;
        self.word.get_or_insert_default().push_str(&self.cursor.text[self.cursor.at..self.cursor.at + end]);
        self.cursor.at += end + 1;
        Ok(())
    }

    fn double(&mut self, start: usize) -> Result<(), ReadError> {
        self.word.get_or_insert_default();
        loop {
            match self.cursor.next().ok_or_else(|| Self::unclosed("\"", start))? {
                '"' => return Ok(()),
                '\\' => self.escape_in_double(start)?,
                c if self.windows => self.push(c),
                c => self.plain(c),
            }
        }
    }

    fn escape_in_double(&mut self, start: usize) -> Result<(), ReadError> {
        match self.cursor.next().ok_or_else(|| Self::unclosed("\"", start))? {
            '\n' => {}
            c @ ('"' | '\\' | '$' | '`') => self.push(c),
            c => {
                self.push('\\');
                self.push(c);
            }
        }
        Ok(())
    }

    /// Reads `$'...'`: the escapes of C. Bytes above 127 are put together to characters.
    fn dollar(&mut self, start: usize) -> Result<(), ReadError> {
        self.cursor.next();
        let mut bytes = Vec::new();
        loop {
            match self.cursor.next().ok_or_else(|| Self::unclosed("$'", start))? {
                '\'' => break,
                '\\' => self.c_escape(&mut bytes, start)?,
                c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.word.get_or_insert_default().push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }

    fn c_escape(&mut self, bytes: &mut Vec<u8>, start: usize) -> Result<(), ReadError> {
        let c = self.cursor.next().ok_or_else(|| Self::unclosed("$'", start))?;
        let byte = match c {
            'n' => b'\n',
            't' => b'\t',
            'r' => b'\r',
            'a' => 7,
            'b' => 8,
            'e' | 'E' => 27,
            'f' => 12,
            'v' => 11,
            'x' => u8::try_from(self.digits(16, 2)).unwrap_or_default(),
            'u' | 'U' => {
                let number = self.digits(16, if c == 'u' { 4 } else { 8 });
                let c = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            '0'..='7' => {
                self.cursor.at -= 1;
                u8::try_from(self.digits(8, 3) & 0xff).unwrap_or_default()
            }
            c => {
                if !matches!(c, '\\' | '\'' | '"' | '?') {
                    bytes.push(b'\\');
                }
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
        };
        bytes.push(byte);
        Ok(())
    }

    fn digits(&mut self, radix: u32, most: usize) -> u32 {
        let mut number: u32 = 0;
        for _ in 0..most {
            let Some(digit) = self.cursor.peek().and_then(|c| c.to_digit(radix)) else { break };
            number = number.wrapping_mul(radix).wrapping_add(digit);
            self.cursor.next();
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str) -> Vec<String> {
        split(command).unwrap_or_else(|error| panic!("{error}: {command}")).words
    }

    #[test]
    fn splits_as_a_shell_does() {
        assert_eq!(words(r#"curl -H 'a: "b"' "c $d \"e\" \n" f\ g'h'"i""#), ["curl", "-H", "a: \"b\"", "c $d \"e\" \\n", "f ghi"]);
        assert_eq!(words("curl \\\n  -d '' \\\r\n x"), ["curl", "-d", "", "x"]);
        assert_eq!(words("curl a # b\nls"), ["curl", "a"]);
        assert_eq!(words("curl a # b\n-X PUT"), ["curl", "a", "-X", "PUT"]);
        assert_eq!(words("curl a; rm b"), ["curl", "a"]);
        assert_eq!(words("curl a\nls"), ["curl", "a"]);
        assert_eq!(words(r"curl $'it\'s \u540d\xe5\x90\x8d\101\n\q'"), ["curl", "it's 名名A\n\\q"]);
    }

    #[test]
    fn splits_what_is_for_the_windows_prompt() {
        let command = "curl ^\"https://h/?a=1^&b=2^\" ^\r\n  -H ^\"x: it's ^\\^\"y^\\^\"^\" ^\r\n  --data-raw ^\"^{^}^\"";
        assert_eq!(words(command), ["curl", "https://h/?a=1&b=2", "-H", "x: it's \"y\"", "--data-raw", "{}"]);
    }

    #[test]
    fn says_what_has_no_end_and_what_is_odd() {
        assert_eq!(split("curl 'a").unwrap_err(), ReadError::Unclosed { what: "'", at: 6 });
        assert!(split("curl \"a\\").is_err() && split("curl $'a\\").is_err());
        assert!(split("curl http://h/?a=1&b=2").unwrap().notes[0].contains('&'));
        assert!(split("curl -H \"x: $SECRET\"").unwrap().notes[0].contains("variable"));
    }
}
