//! The line at the foot of the exchange pane that is typed into.

use tui_input::Input;

/// The kind of input that a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// The text to search for.
    Search,
    /// A path in a JSON body.
    Path,
    /// A filter of jq.
    Filter,
}

/// The line.
#[derive(Debug)]
pub struct Prompt {
    /// The kind of input.
    pub kind: PromptKind,
    /// The typed text.
    pub input: Input,
}

impl Prompt {
    /// Creates a prompt with a text in it.
    pub(super) fn new(kind: PromptKind, text: String) -> Self {
        Self { kind, input: Input::new(text) }
    }
}
