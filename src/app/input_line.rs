//! Lines that are typed into.

use tui_input::Input;

/// Adds the first line of a pasted text to the end of a line.
pub fn paste_into(input: &mut Input, text: &str) {
    let line = text.lines().next().unwrap_or_default();
    *input = Input::new(format!("{}{line}", input.value()));
}
