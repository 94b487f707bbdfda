//! As much of PowerShell as requests are written in: assignments of texts and hash tables, and the words of one command.

use std::collections::BTreeMap;

use super::super::ReadError;
use super::super::cursor::Cursor;

/// The maximum depth of nested values.
const MAX_DEPTH: usize = 32;

/// A value of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A text, a number, a word.
    Text(String),
    /// A hash table in its order.
    Table(Vec<(String, Value)>),
}

/// A place in a script, with the variables that were set before it.
pub(super) struct Script<'s> {
    pub cursor: Cursor<'s>,
    depth: usize,
    variables: BTreeMap<String, Value>,
    pub notes: Vec<String>,
}

impl<'s> Script<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { cursor: Cursor::new(text), depth: 0, variables: BTreeMap::new(), notes: Vec::new() }
    }

    /// Returns the value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(&name.to_ascii_lowercase())
    }

    /// Reads `$name = value`, `$name[key] = value`, `$name.key = value` or `$name.Add(key, value)`, behind the `$`. Anything else is
    /// stepped over to the line's end. Returns whether a command may follow here: its answer is kept in the variable.
    pub(super) fn assignment(&mut self) -> Result<bool, ReadError> {
        let name = self.cursor.name().to_ascii_lowercase();
        self.cursor.space(false);
        if self.cursor.take("=") {
            self.cursor.space(false);
            if self.cursor.rest().starts_with(|c: char| c.is_alphabetic()) {
                let dictionary = self.cursor.rest().get(..10).is_some_and(|word| word.eq_ignore_ascii_case("new-object"));
                if dictionary {
                    self.cursor.skip_line();
                    self.variables.insert(name, Value::Table(Vec::new()));
                }
                return Ok(!dictionary);
            }
            let value = self.expression()?;
            self.variables.insert(name, value);
            return Ok(false);
        }
        let member = if self.cursor.take("[") {
            let key = self.value()?;
            self.cursor.space(false);
            self.cursor.take("]");
            Some(key)
        } else if self.cursor.take(".add(") {
            self.cursor.space(true);
            let key = if self.cursor.rest().starts_with('(') { None } else { Some(self.value()?) };
            if let (Some(Value::Text(key)), true) = (key, self.cursor.comes(",")) {
                return self.member(&name, key);
            }
            None
        } else if self.cursor.take(".") {
            Some(Value::Text(self.cursor.word().to_owned()))
        } else {
            None
        };
        if let (Some(Value::Text(key)), true) = (member, self.cursor.comes("=")) {
            return self.member(&name, key);
        }
        self.cursor.skip_line();
        Ok(false)
    }

    /// Reads the value of a member of a hash table, and sets it.
    fn member(&mut self, name: &str, key: String) -> Result<bool, ReadError> {
        self.cursor.space(true);
        let value = self.expression()?;
        if let Some(Value::Table(members)) = self.variables.get_mut(name) {
            put(members, key, value);
        }
        self.cursor.skip_line();
        Ok(false)
    }

    /// Returns a value, or several texts with `+` between them.
    pub(super) fn expression(&mut self) -> Result<Value, ReadError> {
        let mut value = self.value()?;
        loop {
            let before = self.cursor.at;
            self.cursor.space(false);
            if !self.cursor.take("+") {
                self.cursor.at = before;
                return Ok(value);
            }
            self.cursor.space(true);
            match (&mut value, self.value()?) {
                (Value::Text(text), Value::Text(more)) => text.push_str(&more),
                (Value::Table(members), Value::Table(more)) => members.extend(more),
                _ => return Err(self.cursor.cannot("+")),
            }
        }
    }

    /// Returns one value.
    pub(super) fn value(&mut self) -> Result<Value, ReadError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.cursor.cannot("nesting"));
        }
        self.depth += 1;
        let value = self.value_here();
        self.depth -= 1;
        value
    }

    fn value_here(&mut self) -> Result<Value, ReadError> {
        let start = self.cursor.at + 1;
        if self.cursor.take("@{") || self.cursor.take("[ordered]@{") {
            return self.table(start);
        }
        if self.cursor.take("@'") {
            return self.here("'@", start, false);
        }
        if self.cursor.take("@\"") {
            return self.here("\"@", start, true);
        }
        if self.cursor.take("'") || self.cursor.take("\u{2018}") {
            return self.single(start).map(Value::Text);
        }
        if self.cursor.take("\"") || self.cursor.take("\u{201c}") {
            return self.expanded(Some('"'), start).map(Value::Text);
        }
        if self.cursor.take("(") {
            return self.parenthesis();
        }
        if self.cursor.take("$") {
            return self.of_variable();
        }
        if self.cursor.peek() == Some('[') {
            return self.of_type();
        }
        Ok(Value::Text(self.cursor.word().to_owned()))
    }

    fn parenthesis(&mut self) -> Result<Value, ReadError> {
        self.cursor.space(true);
        let value = self.expression()?;
        self.cursor.space(true);
        if self.cursor.take(")") { Ok(value) } else { Err(self.cursor.cannot("(...)")) }
    }

    fn of_variable(&mut self) -> Result<Value, ReadError> {
        let before = self.cursor.at;
        let name = self.cursor.name();
        if name.is_empty() {
            return Err(self.cursor.cannot("$"));
        }
        let written = &self.cursor.text[before - 1..self.cursor.at];
        Ok(self.variable(name).cloned().unwrap_or_else(|| {
            self.note_variable();
            Value::Text(written.to_owned())
        }))
    }

    /// Reads `[type]value`, and `[Text.Encoding]::UTF8.GetBytes(value)`.
    fn of_type(&mut self) -> Result<Value, ReadError> {
        let end = self.cursor.rest().find(']').ok_or_else(|| self.cursor.cannot("["))?;
        self.cursor.at += end + 1;
        if self.cursor.take("::utf8.getbytes(") {
            return self.parenthesis();
        }
        if self.cursor.rest().starts_with("::") {
            return Err(self.cursor.cannot("[type]::"));
        }
        self.value()
    }

    /// Returns the members of a hash table, each on a line or behind a semicolon.
    fn table(&mut self, start: usize) -> Result<Value, ReadError> {
        let mut members = Vec::new();
        loop {
            self.cursor.space(true);
            if self.cursor.take(";") {
                continue;
            }
            if self.cursor.take("}") {
                return Ok(Value::Table(members));
            }
            if self.cursor.rest().is_empty() {
                return Err(ReadError::Unclosed { what: "@{", at: start });
            }
            let Value::Text(key) = self.value()? else { return Err(self.cursor.cannot("@{...}")) };
            self.cursor.space(true);
            if !self.cursor.take("=") {
                return Err(self.cursor.cannot("@{...}"));
            }
            self.cursor.space(true);
            let value = self.expression()?;
            put(&mut members, key, value);
        }
    }

    /// Returns a text over several lines: its first line end and its last one are not part of it.
    fn here(&mut self, end: &'static str, start: usize, expands: bool) -> Result<Value, ReadError> {
        self.cursor.skip_line();
        let closing = format!("\n{end}");
        let unclosed = ReadError::Unclosed { what: if expands { "@\"" } else { "@'" }, at: start };
        let is_empty = self.cursor.rest().starts_with(end);
        let length = if is_empty { 0 } else { self.cursor.rest().find(&closing).ok_or(unclosed)? };
        let body = &self.cursor.rest()[..length];
        let inside = body.strip_suffix('\r').unwrap_or(body);
        self.cursor.at += length + if is_empty { end.len() } else { closing.len() };
        if !expands {
            return Ok(Value::Text(inside.to_owned()));
        }
        let mut script = Script { cursor: Cursor::new(inside), depth: self.depth, variables: self.variables.clone(), notes: Vec::new() };
        let text = script.expanded(None, start)?;
        self.notes.append(&mut script.notes);
        Ok(Value::Text(text))
    }

    /// Reads `'...'`, in which two apostrophes are one. One that is not doubled and stands within a word does not end it: so people write who
    /// come from another language.
    fn single(&mut self, start: usize) -> Result<String, ReadError> {
        let mut text = String::new();
        loop {
            match self.cursor.next().ok_or(ReadError::Unclosed { what: "'", at: start })? {
                '\'' | '\u{2019}' if self.cursor.take("'") => text.push('\''),
                '\'' if self.cursor.peek().is_some_and(|c| c.is_alphanumeric() || "\"_\\".contains(c)) => {
                    self.notes.push("an apostrophe within '...' is not doubled: it is taken as a part of the text".to_owned());
                    text.push('\'');
                }
                '\'' | '\u{2019}' => return Ok(text),
                c => text.push(c),
            }
        }
    }

    /// Returns a text with escapes and variables, up to its closing mark or to the end.
    fn expanded(&mut self, closing: Option<char>, start: usize) -> Result<String, ReadError> {
        let mut text = String::new();
        loop {
            let Some(c) = self.cursor.next() else {
                return if closing.is_some() { Err(ReadError::Unclosed { what: "\"", at: start }) } else { Ok(text) };
            };
            match c {
                '"' | '\u{201d}' if closing.is_some() => {
                    if !self.cursor.take("\"") {
                        return Ok(text);
                    }
                    text.push('"');
                }
                '`' => text.extend(self.escape()),
                '$' => self.expand(&mut text)?,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.cursor.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'e' => '\u{1b}',
            'u' if self.cursor.peek() == Some('{') => {
                let digits = self.cursor.name();
                u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            other => other,
        })
    }

    /// Returns what stands behind a `$` in a text: a variable, `$(...)` around one, or a character by its number as browsers write it.
    fn expand(&mut self, text: &mut String) -> Result<(), ReadError> {
        if self.cursor.take("([char]") {
            let word = self.cursor.word();
            let number = word.strip_prefix("0x").map_or_else(|| word.parse(), |digits| u32::from_str_radix(digits, 16));
            text.push(number.ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            self.cursor.take(")");
            return Ok(());
        }
        if self.cursor.rest().starts_with("($") {
            self.cursor.at += 1;
            if let Value::Text(value) = self.parenthesis()? {
                text.push_str(&value);
            }
            return Ok(());
        }
        let before = self.cursor.at;
        let name = self.cursor.name();
        if let Some(Value::Text(value)) = self.variable(name) {
            text.push_str(value);
            return Ok(());
        }
        if !name.is_empty() {
            self.note_variable();
        }
        text.push_str(&self.cursor.text[before - 1..self.cursor.at]);
        Ok(())
    }

    fn note_variable(&mut self) {
        self.notes.push("the script has a variable in it that it does not set: it is taken as it is written".to_owned());
    }
}

/// Sets a member: names of hash tables are the same in every case.
fn put(members: &mut Vec<(String, Value)>, key: String, value: Value) {
    match members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&key)) {
        Some(known) => known.1 = value,
        None => members.push((key, value)),
    }
}
