//! A field: how a parameter's value is being typed. Cursors live here; what is sent is a [`Value`].

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use crate::catalog::{Items, Parameter, Type};
use crate::form::Value;

/// Longest text that a paste puts into one field, in characters: far above every vendor's limit.
const MAX_PASTE_CHARS: usize = 100_000;

/// A parameter's editor.
#[derive(Clone, Debug)]
pub struct Field {
    /// The editor of the value.
    pub editor: Editor,
    /// The part of it that has the cursor: an element, a cell of the table, a choice.
    pub part: usize,
}

/// The kinds of editors.
#[derive(Clone, Debug)]
pub enum Editor {
    /// One line of text.
    Text(Input),
    /// Unset, true or false.
    Flag(Option<bool>),
    /// Unset, or one of the parameter's values.
    Pick(Option<usize>),
    /// Some of the parameter's values.
    Checks(Vec<bool>),
    /// Lines of text.
    List(Vec<Input>),
    /// Objects: for each, a text for every member.
    Rows(Vec<Vec<Input>>),
    /// The value as JSON.
    Json(Input),
}

impl Field {
    /// Creates an empty field for a parameter.
    pub fn new(parameter: &Parameter) -> Self {
        let editor = match parameter.kind {
            Type::Boolean => Editor::Flag(None),
            Type::Enum => Editor::Pick(None),
            Type::Object => Editor::Rows(vec![blank_row(parameter)]),
            Type::List if parameter.items == Items::Object => Editor::Rows(vec![blank_row(parameter)]),
            Type::List if !parameter.values.is_empty() => Editor::Checks(vec![false; parameter.values.len()]),
            Type::List => Editor::List(vec![Input::default()]),
            Type::String | Type::Integer => Editor::Text(Input::default()),
        };
        Self { editor, part: 0 }
    }

    /// Returns a field that shows a value: in its own editor where that can, else as JSON.
    pub fn showing(parameter: &Parameter, value: &Value) -> Self {
        let mut field = Self::new(parameter);
        let editor = match (&field.editor, value) {
            (_, Value::Unset) => return field,
            (Editor::Text(_), Value::Text(text)) if !text.is_empty() => Editor::Text(Input::new(text.clone())),
            (Editor::Flag(_), Value::Flag(flag)) => Editor::Flag(Some(*flag)),
            (Editor::Pick(_), Value::Text(text)) if choice(parameter, text).is_some() => Editor::Pick(choice(parameter, text)),
            (Editor::Checks(_), Value::List(texts)) => match checks(parameter, texts) {
                Some(checks) => Editor::Checks(checks),
                None => Editor::Json(Input::new(json_text(value))),
            },
            (Editor::List(_), Value::List(texts)) => Editor::List(texts.iter().map(|text| Input::new(text.clone())).collect()),
            (Editor::Rows(_), Value::Rows(rows)) => Editor::Rows(rows.iter().map(|row| filled_row(parameter, row)).collect()),
            (_, other) => Editor::Json(Input::new(json_text(other))),
        };
        field.editor = editor;
        field
    }

    /// Returns what is sent. An empty text is unset: an empty string on purpose is written as JSON, `""`.
    pub fn value(&self, parameter: &Parameter) -> Value {
        match &self.editor {
            Editor::Text(input) if input.value().is_empty() => Value::Unset,
            Editor::Text(input) => Value::Text(input.value().to_owned()),
            Editor::Flag(flag) => flag.map_or(Value::Unset, Value::Flag),
            Editor::Pick(pick) => pick.map_or(Value::Unset, |at| Value::Text(parameter.values[at].value.clone())),
            Editor::Checks(checks) => list(chosen(parameter, checks)),
            Editor::List(inputs) => list(inputs.iter().map(|input| input.value().to_owned()).filter(|text| !text.is_empty()).collect()),
            Editor::Rows(rows) => {
                let rows: Vec<_> = rows.iter().map(|row| row_value(parameter, row)).filter(|row| !row.is_empty()).collect();
                if rows.is_empty() { Value::Unset } else { Value::Rows(rows) }
            }
            Editor::Json(input) if input.value().trim().is_empty() => Value::Unset,
            Editor::Json(input) => Value::Json(input.value().to_owned()),
        }
    }

    /// Returns whether nothing is entered.
    pub fn is_empty(&self, parameter: &Parameter) -> bool {
        self.value(parameter) == Value::Unset
    }

    /// Returns whether rows can be added.
    pub fn has_rows(&self) -> bool {
        matches!(self.editor, Editor::List(_) | Editor::Rows(_))
    }

    /// Returns how many parts the cursor can stand in.
    pub fn parts(&self) -> usize {
        match &self.editor {
            Editor::Checks(checks) => checks.len(),
            Editor::List(inputs) => inputs.len(),
            Editor::Rows(rows) => rows.iter().map(Vec::len).sum(),
            _ => 1,
        }
    }

    /// Returns the number of parts in a row of the table: the members of an object.
    fn columns(&self) -> usize {
        match &self.editor {
            Editor::Rows(rows) => rows.first().map_or(1, Vec::len).max(1),
            _ => 1,
        }
    }

    /// Returns the input that has the cursor, if this is a field that is typed.
    pub fn input(&self) -> Option<&Input> {
        match &self.editor {
            Editor::Text(input) | Editor::Json(input) => Some(input),
            Editor::List(inputs) => inputs.get(self.part),
            Editor::Rows(rows) => rows.iter().flatten().nth(self.part),
            _ => None,
        }
    }

    fn input_mut(&mut self) -> Option<&mut Input> {
        match &mut self.editor {
            Editor::Text(input) | Editor::Json(input) => Some(input),
            Editor::List(inputs) => inputs.get_mut(self.part),
            Editor::Rows(rows) => rows.iter_mut().flatten().nth(self.part),
            _ => None,
        }
    }

    /// Moves to the next part; `false` after the last.
    pub fn next_part(&mut self) -> bool {
        let more = self.part + 1 < self.parts() && !matches!(self.editor, Editor::Checks(_));
        self.part += usize::from(more);
        more
    }

    /// Moves to the previous part; `false` before the first.
    pub fn previous_part(&mut self) -> bool {
        let more = self.part > 0 && !matches!(self.editor, Editor::Checks(_));
        self.part -= usize::from(more);
        more
    }

    /// Takes a key that is no shortcut. `choices` is how many values the parameter has.
    pub fn key(&mut self, key: KeyEvent, choices: usize) {
        if self.input().is_some() {
            if let Some(input) = self.input_mut() {
                input.handle_event(&Event::Key(key));
            }
            return;
        }
        match key.code {
            KeyCode::Char(' ') | KeyCode::Right if key.modifiers.is_empty() => self.step(1, key.code == KeyCode::Right, choices),
            KeyCode::Left => self.step(-1, true, choices),
            KeyCode::Backspace | KeyCode::Delete => self.unset(),
            KeyCode::Char(first) if key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => self.pick_by(first),
            _ => {}
        }
    }

    /// Steps a field that is picked: forward with 1, back with -1. `sideways` moves between choices instead of toggling them.
    pub fn step(&mut self, by: isize, sideways: bool, choices: usize) {
        match &mut self.editor {
            Editor::Flag(flag) => *flag = step_flag(*flag, by),
            Editor::Pick(pick) => *pick = step_pick(*pick, by, choices),
            Editor::Checks(checks) if sideways => self.part = self.part.saturating_add_signed(by).min(checks.len().saturating_sub(1)),
            Editor::Checks(checks) => {
                if let Some(check) = checks.get_mut(self.part) {
                    *check = !*check;
                }
            }
            _ => {}
        }
    }

    /// Picks: `t` and `f` set a boolean.
    fn pick_by(&mut self, first: char) {
        if let Editor::Flag(flag) = &mut self.editor {
            match first.to_ascii_lowercase() {
                't' | 'y' => *flag = Some(true),
                'f' | 'n' => *flag = Some(false),
                'u' => *flag = None,
                _ => {}
            }
        }
    }

    /// Puts pasted text at the cursor: into a line of text without its line breaks at the ends, inner ones as spaces.
    pub fn paste(&mut self, text: &str) {
        let Some(input) = self.input_mut() else { return };
        let text: String = text
            .trim_end_matches(['\r', '\n'])
            .chars()
            .take(MAX_PASTE_CHARS)
            .map(flat)
            .filter(|character| !character.is_control())
            .collect();
        let at = input.cursor();
        let before: String = input.value().chars().take(at).collect();
        let after: String = input.value().chars().skip(at).collect();
        let cursor = at + text.chars().count();
        *input = Input::new(before + &text + &after).with_cursor(cursor);
    }

    /// Puts the cursor at a character of the part that has it.
    pub fn point(&mut self, character: usize) {
        if let Some(input) = self.input_mut() {
            let end = input.value().chars().count();
            *input = input.clone().with_cursor(character.min(end));
        }
    }

    /// Empties the field and returns to its own editor.
    pub fn unset(&mut self) {
        match &mut self.editor {
            Editor::Text(input) | Editor::Json(input) => input.reset(),
            Editor::Flag(flag) => *flag = None,
            Editor::Pick(pick) => *pick = None,
            Editor::Checks(checks) => checks.fill(false),
            Editor::List(inputs) => *inputs = vec![Input::default()],
            Editor::Rows(rows) => {
                rows.truncate(1);
                rows.iter_mut().flatten().for_each(Input::reset);
            }
        }
        self.part = 0;
    }

    /// Adds a row after the one with the cursor; `false` where there are no rows.
    pub fn add_row(&mut self) -> bool {
        let columns = self.columns();
        let row = self.part / columns;
        match &mut self.editor {
            Editor::List(inputs) => inputs.insert(row + 1, Input::default()),
            Editor::Rows(rows) => rows.insert(row + 1, vec![Input::default(); columns]),
            _ => return false,
        }
        self.part = (row + 1) * columns;
        true
    }

    /// Removes the row with the cursor; the last row is emptied instead.
    pub fn remove_row(&mut self) -> bool {
        let columns = self.columns();
        let row = self.part / columns;
        match &mut self.editor {
            Editor::List(inputs) if inputs.len() > 1 => drop(inputs.remove(row)),
            Editor::Rows(rows) if rows.len() > 1 => drop(rows.remove(row)),
            Editor::List(_) | Editor::Rows(_) => {
                self.unset();
                return true;
            }
            _ => return false,
        }
        self.part = (row.saturating_sub(1)) * columns;
        true
    }

    /// Goes to raw JSON, or back from it. What the field's own editor cannot hold stays JSON: `false`.
    pub fn toggle_json(&mut self, parameter: &Parameter) -> bool {
        let Editor::Json(input) = &self.editor else {
            let text = json_text(&self.value(parameter));
            *self = Self { editor: Editor::Json(Input::new(text)), part: 0 };
            return true;
        };
        let Some(value) = from_json(parameter, input.value()) else { return false };
        let shown = Self::showing(parameter, &value);
        // An editor that would lose something (an empty element, an empty row) must not have it.
        let whole = !matches!(shown.editor, Editor::Json(_)) && shown.value(parameter) == value;
        if whole {
            *self = shown;
        }
        whole
    }
}

/// Returns a line break or a tab as a space: a field is one line.
fn flat(character: char) -> char {
    if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character }
}

fn step_flag(flag: Option<bool>, by: isize) -> Option<bool> {
    const ORDER: [Option<bool>; 3] = [None, Some(true), Some(false)];
    let at = ORDER.iter().position(|known| *known == flag).unwrap_or(0);
    ORDER[(at + if by > 0 { 1 } else { 2 }) % 3]
}

/// Steps round the choices; between the last and the first stands unset.
fn step_pick(pick: Option<usize>, by: isize, choices: usize) -> Option<usize> {
    let at = pick.map_or(0, |at| at + 1);
    let next = if by > 0 { (at + 1) % (choices + 1) } else { (at + choices) % (choices + 1) };
    next.checked_sub(1)
}

fn list(texts: Vec<String>) -> Value {
    if texts.is_empty() { Value::Unset } else { Value::List(texts) }
}

fn blank_row(parameter: &Parameter) -> Vec<Input> {
    vec![Input::default(); parameter.members.len()]
}

fn filled_row(parameter: &Parameter, row: &[(String, String)]) -> Vec<Input> {
    let text = |member: &Parameter| row.iter().find(|(name, _)| *name == member.name).map_or("", |(_, text)| text);
    parameter.members.iter().map(|member| Input::new(text(member).to_owned())).collect()
}

fn row_value(parameter: &Parameter, row: &[Input]) -> Vec<(String, String)> {
    let cells = parameter.members.iter().zip(row).filter(|(_, input)| !input.value().is_empty());
    cells.map(|(member, input)| (member.name.clone(), input.value().to_owned())).collect()
}

fn choice(parameter: &Parameter, text: &str) -> Option<usize> {
    parameter.values.iter().position(|choice| choice.value == text)
}

fn checks(parameter: &Parameter, texts: &[String]) -> Option<Vec<bool>> {
    let checks: Vec<bool> = parameter.values.iter().map(|choice| texts.contains(&choice.value)).collect();
    (chosen(parameter, &checks) == texts).then_some(checks)
}

fn chosen(parameter: &Parameter, checks: &[bool]) -> Vec<String> {
    let both = parameter.values.iter().zip(checks);
    both.filter(|(_, check)| **check).map(|(choice, _)| choice.value.clone()).collect()
}

/// Returns a value as JSON, for the raw editor.
pub fn json_text(value: &Value) -> String {
    let json = match value {
        Value::Unset => return String::new(),
        Value::Json(text) => return text.clone(),
        Value::Text(text) => serde_json::Value::from(text.as_str()),
        Value::Flag(flag) => serde_json::Value::from(*flag),
        Value::List(texts) => serde_json::Value::from(texts.clone()),
        Value::Rows(rows) => rows.iter().map(|row| object(row)).collect(),
    };
    json.to_string()
}

fn object(row: &[(String, String)]) -> serde_json::Value {
    row.iter().map(|(name, text)| (name.clone(), serde_json::Value::from(text.as_str()))).collect()
}

/// Reads raw JSON back into the value that the parameter's own editor shows; `None` if it is not JSON.
fn from_json(parameter: &Parameter, text: &str) -> Option<Value> {
    if text.trim().is_empty() {
        return Some(Value::Unset);
    }
    let value = match serde_json::from_str(text).ok()? {
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Bool(flag) => Value::Flag(flag),
        serde_json::Value::Number(number) if parameter.kind == Type::Integer => Value::Text(number.to_string()),
        serde_json::Value::Array(elements) => from_elements(parameter, &elements).unwrap_or_else(|| Value::Json(text.to_owned())),
        _ => Value::Json(text.to_owned()),
    };
    Some(value)
}

fn from_elements(parameter: &Parameter, elements: &[serde_json::Value]) -> Option<Value> {
    if parameter.items == Items::Object {
        return elements.iter().map(|element| row_from_json(parameter, element)).collect::<Option<_>>().map(Value::Rows);
    }
    elements.iter().map(|element| element.as_str().map(str::to_owned)).collect::<Option<_>>().map(Value::List)
}

fn row_from_json(parameter: &Parameter, element: &serde_json::Value) -> Option<Vec<(String, String)>> {
    let known = |name: &str| parameter.members.iter().any(|member| member.name == name);
    let cell = |(name, value): (&String, &serde_json::Value)| Some((name.clone(), value.as_str().filter(|_| known(name))?.to_owned()));
    element.as_object()?.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(text: &str) -> Parameter {
        toml::from_str(&format!("name = \"P\"\nhelp = \"\"\n{text}")).unwrap()
    }

    fn typed(field: &mut Field, text: &str) {
        for character in text.chars() {
            field.key(KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE), 2);
        }
    }

    #[test]
    fn steps_a_boolean_through_three_states() {
        let kind = parameter("type = \"boolean\"");
        let mut field = Field::new(&kind);
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(field.value(&kind));
            typed(&mut field, " ");
        }
        assert_eq!(seen, [Value::Unset, Value::Flag(true), Value::Flag(false)]);
        assert_eq!(field.value(&kind), Value::Unset);
    }

    #[test]
    fn steps_a_choice_round_through_unset() {
        assert_eq!(step_pick(None, 1, 2), Some(0));
        assert_eq!(step_pick(Some(1), 1, 2), None);
        assert_eq!(step_pick(None, -1, 2), Some(1));
        assert_eq!(step_pick(Some(0), -1, 2), None);
        assert_eq!(step_pick(None, 1, 0), None);
    }

    #[test]
    fn rows_come_and_go() {
        let kind = parameter(
            "type = \"list\"\nitems = \"object\"\nmembers = [{ name = \"Key\", type = \"string\", help = \"\" }, { name = \"Value\", type = \"string\", help = \"\" }]",
        );
        let mut field = Field::new(&kind);
        typed(&mut field, "env");
        assert!(field.next_part());
        typed(&mut field, "prod");
        assert!(!field.next_part());
        field.add_row();
        typed(&mut field, "team");
        let row = |key: &str, value: &str| vec![("Key".to_owned(), key.to_owned()), ("Value".to_owned(), value.to_owned())];
        assert_eq!(field.value(&kind), Value::Rows(vec![row("env", "prod"), vec![("Key".into(), "team".into())]]));
        field.remove_row();
        assert_eq!(field.value(&kind), Value::Rows(vec![row("env", "prod")]));
    }

    #[test]
    fn json_goes_there_and_back() {
        let kind = parameter("type = \"list\"\nvalues = [{ value = \"dev\" }, { value = \"prod\" }]");
        let mut field = Field::new(&kind);
        typed(&mut field, " ");
        assert_eq!(field.value(&kind), Value::List(vec!["dev".into()]));
        assert!(field.toggle_json(&kind));
        assert_eq!(field.value(&kind), Value::Json("[\"dev\"]".into()));
        assert!(field.toggle_json(&kind));
        assert_eq!(field.value(&kind), Value::List(vec!["dev".into()]));
    }

    #[test]
    fn keeps_values_the_editor_cannot_hold_as_json() {
        let kind = parameter("type = \"string\"");
        let mut field = Field { editor: Editor::Json(Input::new("\"\"".into())), part: 0 };
        assert!(!field.toggle_json(&kind));
        assert_eq!(field.value(&kind), Value::Json("\"\"".into()));
    }

    #[test]
    fn pastes_one_line_at_the_cursor() {
        let kind = parameter("type = \"string\"");
        let mut field = Field::new(&kind);
        typed(&mut field, "ad");
        field.point(1);
        field.paste("b\nc\n");
        assert_eq!(field.value(&kind), Value::Text("ab cd".into()));
    }
}
