//! Everything a key can do, with the words that help and footer show.

/// Something the operator can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Sign and send the form.
    Send,
    /// Send although a rule is broken.
    SendAnyway,
    /// Sign and send the form, and again when the vendor throttles or fails.
    SendPersistently,
    /// Put the selected exchange's parameters back into its form.
    EditAgain,
    /// Sign and send the selected exchange's call again.
    SendAgain,
    /// Send the selected exchange's very bytes again.
    SendExactly,
    /// Begin to type into the focused field.
    Edit,
    /// Take what is selected or typed in a popup.
    Choose,
    /// Leave the field, close the popup, or go back.
    Back,
    /// To the next field; after the last, to the first.
    NextField,
    /// To the previous field.
    PreviousField,
    /// Toggle or step a field that is picked, not typed.
    Toggle,
    /// Write the field as raw JSON, or go back from it.
    Json,
    /// Add a row to a list.
    AddRow,
    /// Remove the row from a list.
    RemoveRow,
    /// Empty the field.
    Clear,
    /// Empty the form.
    ClearForm,
    /// Fill empty fields with the vendor's examples.
    Examples,
    /// The focused field's documentation.
    FieldHelp,
    /// To the next pane.
    NextPane,
    /// To the previous pane.
    PreviousPane,
    /// To the form.
    ToForm,
    /// To the preview.
    ToPreview,
    /// To the log.
    ToLog,
    /// To the exchange.
    ToExchange,
    /// To a tab, counted from 0.
    Tab(u8),
    /// To the next tab.
    NextTab,
    /// To the previous tab.
    PreviousTab,
    /// One line or row up.
    Up,
    /// One line or row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the beginning.
    First,
    /// To the end; the log follows its tail again.
    Last,
    /// The pane's next view.
    NextView,
    /// The pane's previous view.
    PreviousView,
    /// The body pretty, raw or as hex.
    BodyView,
    /// The pane over the whole screen, or back.
    Zoom,
    /// Cancel the selected call, or the wait before it is sent again.
    Cancel,
    /// To the field that the error is about.
    JumpToField,
    /// Mark the selected exchange, or compare it with the marked one.
    Compare,
    /// Sign by the servers' clock, or by this machine's again.
    ServerClock,
    /// Type other credentials for this session.
    OtherKey,
    /// The laboratory: a request that was signed elsewhere.
    Laboratory,
    /// Copy what the pane shows to the clipboard.
    Copy,
    /// Write what the pane shows to a file.
    Save,
    /// Copy the selected exchange in the form of another tool.
    CopyAs,
    /// Write the selected exchange to a file in the form of another tool.
    WriteAs,
    /// Show masked secrets, or mask them again.
    Reveal,
    /// Choose the profile.
    Profile,
    /// Choose the region.
    Region,
    /// Choose the operation.
    Operation,
    /// The resources of this tab in the place of the form, or the form again.
    Resources,
    /// List the resources again.
    Refresh,
    /// Fetch the selected resource.
    ShowResource,
    /// Fill the selected resource into the form that shows it.
    FillShow,
    /// Fill the selected resource into the form that changes it.
    FillUpdate,
    /// Fill the selected resource into the form that deletes it.
    FillDelete,
    /// The form that creates a resource.
    NewResource,
    /// Sort the table by the next column.
    Sort,
    /// Sort the table the other way round.
    TurnSort,
    /// Search the shown exchange.
    Search,
    /// Select a line, or fold or unfold the selected one.
    Fold,
    /// Fold everything but the outermost bracket.
    FoldAll,
    /// Unfold everything.
    UnfoldAll,
    /// To a path in a JSON body.
    Path,
    /// Complete the path that is typed.
    Complete,
    /// Run a filter of jq over the body.
    Jq,
    /// Break long lines at the width, or cut them.
    Wrap,
    /// The part with which long lines continue.
    Further,
    /// The part of long lines before this one.
    Nearer,
    /// Number the lines, or no longer.
    Numbers,
    /// To the next match.
    NextMatch,
    /// To the match before.
    PreviousMatch,
    /// Take what is typed for a regular expression, or no longer.
    Regex,
    /// Narrow the table.
    Filter,
    /// Leave the filter as it is.
    EndFilter,
    /// Filter the log.
    FilterLog,
    /// Take the chosen candidate into the filter.
    TakeCandidate,
    /// Give the mouse to the terminal, or take it back.
    Mouse,
    /// Show the emulator's faults.
    Faults,
    /// Pick a fault to set.
    AddFault,
    /// Take the selected fault back.
    RemoveFault,
    /// Take all faults back.
    ClearFaults,
    /// Every key.
    Help,
    /// Leave skydeck.
    Quit,
}

/// The words that describe an action on the screen.
#[derive(Clone, Copy, Debug)]
pub struct ActionLabel {
    /// The action.
    pub action: Action,
    /// A word or two for the footer.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

const fn words(action: Action, hint: &'static str, help: &'static str) -> ActionLabel {
    ActionLabel { action, hint, help }
}

/// The words of every action, in the order of the help.
pub const WORDS: &[ActionLabel] = &[
    words(Action::Send, "send", "sign and send the form"),
    words(Action::SendAnyway, "send anyway", "send although the form has errors"),
    words(Action::SendPersistently, "persist", "sign and send; up to three times more when the vendor throttles or fails"),
    words(Action::EditAgain, "into form", "put the exchange's parameters back into its form"),
    words(Action::SendAgain, "again", "sign and send the exchange's call again"),
    words(Action::SendExactly, "same bytes", "send the exact bytes of the exchange again, old date, nonce and signature included"),
    words(Action::Edit, "edit", "type into the focused field"),
    words(Action::Choose, "choose", "take what is selected or typed"),
    words(Action::Back, "back", "leave the field, close the popup, go back"),
    words(Action::NextField, "next", "to the next field; after the last, to the first"),
    words(Action::PreviousField, "previous", "to the previous field"),
    words(Action::Toggle, "toggle", "step through a field's values"),
    words(Action::Json, "JSON", "write the field as raw JSON, or go back"),
    words(Action::AddRow, "add row", "add a row to a list"),
    words(Action::RemoveRow, "remove row", "remove the row from a list"),
    words(Action::Clear, "clear", "empty the field: it is not sent"),
    words(Action::ClearForm, "clear form", "empty every field"),
    words(Action::Examples, "examples", "fill empty fields with the vendor's examples"),
    words(Action::FieldHelp, "field", "what the field means, its rules, warnings and default"),
    words(Action::NextPane, "pane", "to the next pane"),
    words(Action::PreviousPane, "pane back", "to the previous pane"),
    words(Action::ToForm, "form", "to the form"),
    words(Action::ToPreview, "preview", "to the preview of the request"),
    words(Action::ToLog, "log", "to the log"),
    words(Action::ToExchange, "exchange", "to the selected exchange"),
    words(Action::Tab(0), "tab", "to the tab of this number"),
    words(Action::NextTab, "next tab", "to the next tab"),
    words(Action::PreviousTab, "tab back", "to the previous tab"),
    words(Action::Up, "up", "a line up"),
    words(Action::Down, "down", "a line down"),
    words(Action::PageUp, "page up", "a page up"),
    words(Action::PageDown, "page down", "a page down"),
    words(Action::First, "first", "to the beginning"),
    words(Action::Last, "last", "to the end; the log follows its tail again"),
    words(Action::NextView, "view", "the pane's next view"),
    words(Action::PreviousView, "view back", "the pane's previous view"),
    words(
        Action::BodyView,
        "pretty/raw/hex",
        "show the body pretty, raw or as hex; from a view without one the answer's, and behind the last that view again",
    ),
    words(Action::Search, "search", "search what is shown; lower-case letters match upper-case ones too"),
    words(Action::Fold, "fold", "select a line of the JSON body; again, fold or unfold it"),
    words(Action::FoldAll, "fold all", "fold everything but the outermost bracket"),
    words(Action::UnfoldAll, "unfold all", "unfold everything"),
    words(Action::Path, "path", "to a path in the JSON body: Data.Namespaces[3].Name"),
    words(Action::Complete, "complete", "complete a path with the first name that is offered"),
    words(Action::Numbers, "numbers", "show or hide the line numbers of the body"),
    words(Action::Jq, "jq", "a filter of jq over the JSON body, its results beside it; esc stops it"),
    words(Action::Wrap, "wrap", "break long lines of the body at the width, or cut them off there"),
    words(Action::Further, "further", "scroll cut lines to the right"),
    words(Action::Nearer, "nearer", "scroll cut lines to the left"),
    words(Action::NextMatch, "next match", "to the next match; behind the last, to the first"),
    words(Action::PreviousMatch, "match before", "to the match before; before the first, to the last"),
    words(Action::Regex, "regex", "read what is typed as a regular expression, or as plain text"),
    words(Action::Zoom, "zoom", "the pane over the whole screen, or back"),
    words(Action::Cancel, "cancel", "cancel the selected call, which may have reached the vendor, or the wait before it is sent again"),
    words(Action::JumpToField, "to the field", "to the field that the error is about"),
    words(Action::Compare, "compare", "mark the selected exchange; on another one, compare the two"),
    words(Action::Laboratory, "laboratory", "paste a request that was signed elsewhere, and see whether it verifies and, if not, why"),
    words(
        Action::ServerClock,
        "server's clock",
        "sign by the clock that the answers tell, while this machine's is wrong; again for this machine's",
    ),
    words(Action::OtherKey, "other key", "type another key (or password) for this session; choosing a profile takes it back"),
    words(Action::Copy, "copy", "copy what the pane shows to the clipboard"),
    words(Action::Save, "to file", "write what the pane shows to a file"),
    words(Action::CopyAs, "copy as", "copy the exchange as curl, HAR, a report, a call of the vendor's SDK"),
    words(Action::WriteAs, "write as", "write the exchange to a file as curl, HAR, a report, a call of the vendor's SDK"),
    words(Action::Reveal, "reveal", "reveal masked secrets, or mask them again"),
    words(Action::Profile, "profile", "choose the profile"),
    words(Action::Region, "region", "choose the region of this tab"),
    words(Action::Operation, "operation", "choose the operation of this tab"),
    words(Action::Resources, "resources", "list the resources in a table; again: back to the form"),
    words(Action::Refresh, "refresh", "list the resources again"),
    words(Action::ShowResource, "look", "fetch the selected resource, and follow it while it is being made"),
    words(Action::FillShow, "describe", "fill the resource into the form that shows it"),
    words(Action::FillUpdate, "change", "fill the resource into the form that changes it"),
    words(Action::FillDelete, "delete", "fill the resource into the form that deletes it"),
    words(Action::NewResource, "new", "to the form that creates one"),
    words(Action::Sort, "sort", "sort by the next column; behind the last in the vendor's order"),
    words(Action::TurnSort, "turn", "sort the other way round"),
    words(Action::Filter, "filter", "narrow the table to the rows that have every typed word"),
    words(Action::FilterLog, "filter", "show only the exchanges that match a query: status:4xx since:2h text"),
    words(Action::TakeCandidate, "complete", "take the marked candidate into the filter"),
    words(Action::EndFilter, "keep", "leave the filter as it is"),
    words(Action::Mouse, "mouse", "give the mouse to the terminal's selection, or take it back"),
    words(Action::Faults, "faults", "the failures that the built-in emulator injects"),
    words(Action::AddFault, "add", "choose a fault for this tab's provider and set it"),
    words(Action::RemoveFault, "remove", "remove the selected fault"),
    words(Action::ClearFaults, "clear all", "remove every fault"),
    words(Action::Help, "help", "every key"),
    words(Action::Quit, "quit", "leave skydeck"),
];

impl Action {
    /// Returns how it is spoken of.
    pub fn words(self) -> ActionLabel {
        let same = |known: &&ActionLabel| match (known.action, self) {
            (Self::Tab(_), Self::Tab(_)) => true,
            (known, wanted) => known == wanted,
        };
        WORDS.iter().find(same).copied().unwrap_or(words(self, "", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::BINDINGS;

    #[test]
    fn every_bound_action_has_words() {
        for binding in BINDINGS {
            assert!(!binding.action.words().hint.is_empty(), "{:?}", binding.action);
        }
    }

    #[test]
    fn every_action_with_words_has_a_key() {
        for known in WORDS {
            assert!(BINDINGS.iter().any(|binding| binding.action == known.action), "{:?}", known.action);
        }
    }
}
