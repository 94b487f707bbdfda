//! The action table: everything a key can do, with its name, its words and its default keys, and the contexts in which keys work.
//!
//! Key map, help, footer, the table of keys in the documentation and every key named in a text are made from these two tables.

/// Declares the actions, a row each: variant, name in a key map, footer hint, help line, and the default keys by context.
///
/// The first key of an action in a context is the one that is shown; the first context of an action is the one that a text refers to.
macro_rules! actions {
    ($($variant:ident $(($number:ty = $first:literal))? $name:literal $hint:literal $help:literal [$($context:ident $keys:literal),+];)+) => {
        /// Something the operator can do.
        #[allow(rustdoc::broken_intra_doc_links)] // help texts are not Markdown: `[3]` in one is no link
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = concat!("`", $name, "`: ", $help, ".")] $variant $(($number))?,)+
        }

        /// Every action in the order of the help.
        pub const ACTIONS: &[ActionInfo] = &[
            $(ActionInfo {
                action: Action::$variant $(($first))?,
                name: $name,
                hint: $hint,
                help: $help,
                keys: &[$((KeyContext::$context, $keys)),+],
            },)+
        ];
    };
}

/// What is known of an action besides what it does.
#[derive(Debug)]
pub struct ActionInfo {
    /// The action.
    pub action: Action,
    /// Its name in a key map.
    pub name: &'static str,
    /// A word or two for the footer.
    pub hint: &'static str,
    /// A line for the help.
    pub help: &'static str,
    /// The default keys, by the contexts in which they work, as a [`Chord`](super::Chord) is written, separated by spaces.
    pub keys: &'static [(KeyContext, &'static str)],
}

actions! {
    Help "help" "help" "list every key" [Commands "?"];
    Send "send" "send" "sign and send the form" [Everywhere "^s F5", Commands "s"];
    SendAnyway "send-anyway" "send anyway" "send although the form has errors" [Warning "a ^s"];
    SendWithRetries "send-with-retries" "with retries" "sign and send; retry up to three times when the vendor throttles or fails" [Commands "T"];
    SendAgain "send-again" "again" "sign and send the exchange's call again" [Commands "S"];
    Complete "complete" "complete" "complete a path with the first name on offer" [Prompt "tab"];
    Edit "edit" "edit" "type into the focused field" [Form "enter i"];
    Choose "choose" "choose" "take what is selected or typed" [Prompt "enter", Picker "enter"];
    NextField "next-field" "next" "to the next field; after the last, to the first" [Field "tab enter ↓"];
    PreviousField "previous-field" "previous" "to the previous field" [Field "shift-tab ↑"];
    Toggle "toggle" "toggle" "step through the field's values" [Form "space"];
    FieldHelp "field-help" "field" "show what the field means, its rules, warnings and default" [Everywhere "F1", Form "d"];
    Clear "clear" "clear" "empty the field: it is not sent" [Form "del"];
    ClearForm "clear-form" "clear form" "empty every field" [Form "D"];
    Examples "examples" "examples" "fill empty fields with the vendor's examples" [Form "a"];
    ToForm "to-form" "form" "to the form" [Commands "f"];
    ToPreview "to-preview" "preview" "to the preview of the request" [Commands "v"];
    ToLog "to-log" "log" "to the log" [Commands "l"];
    ToExchange "to-exchange" "exchange" "to the selected exchange" [Commands "x", Log "enter"];
    Tab(u8 = 0) "tab" "tab" "to the tab of this number" [Everywhere "alt-1", Commands "1"];
    NextTab "next-tab" "next tab" "to the next tab" [Everywhere "^pgdn", Commands "]"];
    PreviousTab "previous-tab" "previous tab" "to the previous tab" [Everywhere "^pgup", Commands "["];
    ApplyFilter "apply-filter" "keep" "leave the filter as it is" [Filter "enter", LogFilter "enter"];
    AddFault "add-fault" "add" "choose a fault for this tab's provider and set it" [Faults "a enter"];
    RemoveFault "remove-fault" "remove" "remove the selected fault" [Faults "d del"];
    ClearFaults "clear-faults" "clear all" "remove every fault" [Faults "D"];
    Back "back" "back" "leave the field, close the popup, go back" [Field "esc", Commands "esc", Filter "esc ^c", LogFilter "esc ^c", Prompt "esc ^c", Popup "esc q F1 ? ^c", Reading "enter", Picker "esc ^c", Faults "esc F4 !", Warning "esc enter ^c"];
    AcceptCandidate "accept-candidate" "complete" "accept the marked candidate into the filter" [LogFilter "tab"];
    Json "json" "JSON" "write the field as raw JSON, or go back" [Field "^t", Form "t"];
    AddRow "add-row" "add row" "add a row to a list" [Field "^n", Form "+"];
    RemoveRow "remove-row" "remove row" "remove the row from a list" [Field "^r", Form "-"];
    Up "up" "up" "a line up" [Commands "↑ k", Filter "↑", LogFilter "↑", Prompt "↑", Popup "↑ k", Picker "↑"];
    Down "down" "down" "a line down" [Commands "↓ j", Filter "↓", LogFilter "↓", Prompt "↓", Popup "↓ j", Picker "↓"];
    PageUp "page-up" "page up" "a page up" [Commands "pgup", Prompt "pgup", Popup "pgup"];
    PageDown "page-down" "page down" "a page down" [Commands "pgdn space", Prompt "pgdn", Popup "pgdn space"];
    First "first" "first" "to the beginning" [Commands "home g", Popup "home"];
    Last "last" "last" "to the end; the log follows its tail again" [Commands "end G", Popup "end"];
    Regex "regex" "regex" "read what is typed as a regular expression, or as plain text" [Prompt "alt-r ^r"];
    Zoom "zoom" "zoom" "show the pane over the whole screen, or back" [Commands "z"];
    Copy "copy" "copy" "copy what the pane shows to the clipboard" [Commands "y", Popup "y"];
    Save "save" "to file" "write what the pane shows to a file" [Commands "w"];
    Reveal "reveal" "reveal" "reveal masked secrets, or mask them again" [Commands "u"];
    Profile "profile" "profile" "choose the profile" [Commands "p"];
    Region "region" "region" "choose the region of this tab" [Commands "r"];
    Operation "operation" "operation" "choose the operation of this tab" [Commands "o"];
    Resources "resources" "resources" "list the resources in a table; again: back to the form" [Everywhere "F2", Commands "R"];
    Laboratory "laboratory" "laboratory" "paste a request that was signed elsewhere, and see whether it verifies and, if not, why" [Commands "L"];
    ServerClock "server-clock" "server's clock" "sign by the server's clock while this machine's is wrong, or by this machine's again" [Commands "C"];
    OtherKey "other-key" "other key" "type another key (or password) for this session; choosing a profile discards it" [Commands "K"];
    NextView "next-view" "view" "the pane's next view" [Preview "→", Exchange "→"];
    PreviousView "previous-view" "previous view" "the pane's previous view" [Preview "←", Exchange "←"];
    BodyView "body-view" "pretty/raw/hex" "show the body pretty, raw or as hex; from a view without one the answer's, and behind the last that view again" [Exchange "b"];
    CopyAs "copy-as" "copy as" "copy the exchange as curl, HAR, a report, a call of the vendor's SDK" [Exchange "Y"];
    WriteAs "write-as" "write as" "write the exchange to a file as curl, HAR, a report, a call of the vendor's SDK" [Exchange "W"];
    FetchResource "fetch-resource" "fetch" "fetch the selected resource, and follow it while it is being created" [Resources "enter"];
    FillShow "fill-show" "describe" "fill the resource into the form that shows it" [Resources "i"];
    FillUpdate "fill-update" "change" "fill the resource into the form that changes it" [Resources "e"];
    FillDelete "fill-delete" "delete" "fill the resource into the form that deletes it" [Resources "d del"];
    NewResource "new-resource" "new" "to the form that creates one" [Resources "n"];
    Refresh "refresh" "refresh" "list the resources again" [Resources "F5"];
    Sort "sort" "sort" "sort by the next column; after the last in the vendor's order" [Resources "s"];
    ReverseSort "reverse-sort" "reverse" "reverse the sort order" [Resources "S"];
    Filter "filter" "filter" "narrow the table to the rows that have every typed word" [Resources "/"];
    FilterLog "filter-log" "filter" "show only the exchanges that match a query: status:4xx since:2h text" [Log "/"];
    Compare "compare" "compare" "mark the selected exchange; on another one, compare the two" [Log "=", Exchange "="];
    EditAgain "edit-again" "into form" "put the exchange's parameters back into its form" [Log "i", Exchange "i", Laboratory "i"];
    SendExactly "send-exactly" "same bytes" "send the exact bytes of the exchange again, old date, nonce and signature included" [Log "X", Exchange "X"];
    Search "search" "search" "search what is shown; lower-case letters match capitals too" [Exchange "/"];
    NextMatch "next-match" "next match" "to the next match; after the last, to the first" [Exchange "n"];
    PreviousMatch "previous-match" "previous match" "to the previous match; before the first, to the last" [Exchange "N"];
    Fold "fold" "fold" "select a line of the JSON body; again, fold or unfold it" [Exchange "enter"];
    FoldAll "fold-all" "fold all" "fold everything but the outermost bracket" [Exchange "-"];
    UnfoldAll "unfold-all" "unfold all" "unfold everything" [Exchange "+"];
    Path "path" "path" "to a path in the JSON body: Data.Namespaces[3].Name" [Exchange ":"];
    LineNumbers "line-numbers" "numbers" "show or hide the line numbers of the body" [Exchange "#"];
    Jq "jq" "jq" "filter the JSON body with jq, with the results beside it; going back stops it" [Exchange "J |"];
    Wrap "wrap" "wrap" "wrap long lines of the body, or cut them off" [Exchange "\\"];
    ScrollRight "scroll-right" "right" "scroll cut lines to the right" [Exchange ">"];
    ScrollLeft "scroll-left" "left" "scroll cut lines to the left" [Exchange "<"];
    Faults "faults" "faults" "show the faults that the built-in emulator injects" [Everywhere "F4", Commands "!"];
    NextPane "next-pane" "pane" "to the next pane" [Everywhere "F6", Commands "tab"];
    PreviousPane "previous-pane" "previous pane" "to the previous pane" [Everywhere "shift-F6", Commands "shift-tab"];
    JumpToField "jump-to-field" "to the field" "to the field that the error is about" [Everywhere "F8", Commands "e"];
    Cancel "cancel" "cancel" "cancel the selected call, which may have reached the vendor, or the wait before it is sent again" [Everywhere "F9", Commands "c"];
    Mouse "mouse" "mouse" "give the mouse to the terminal for selecting text, or take it back" [Everywhere "F12", Commands "m"];
    Quit "quit" "quit" "leave skydeck" [Everywhere "^c ^q", Commands "q", Filter "^q", LogFilter "^q", Prompt "^q", Popup "^q", Picker "^q", Warning "^q"];
}

impl Action {
    /// Returns the action's row; the tabs share one.
    pub fn info(self) -> &'static ActionInfo {
        let shown = if let Self::Tab(_) = self { Self::Tab(0) } else { self };
        ACTIONS.iter().find(|info| info.action == shown).unwrap_or(&ACTIONS[0])
    }
}

/// A part of the console in which a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyContext {
    /// Everywhere but in popups and lines that are typed into; a field included.
    Everywhere,
    /// While a field is being typed into.
    Field,
    /// Outside a field, in every pane.
    Commands,
    /// In the form, outside a field.
    Form,
    /// In the table of resources.
    Resources,
    /// While the table's filter is being typed.
    Filter,
    /// In the preview.
    Preview,
    /// In the log.
    Log,
    /// While the log's filter is being typed.
    LogFilter,
    /// In the exchange.
    Exchange,
    /// While something is typed into the exchange's own line.
    Prompt,
    /// In a popup that is read.
    Popup,
    /// In a popup that has been read when it is closed: every one but the laboratory, where a paste may end in enter.
    Reading,
    /// In the laboratory.
    Laboratory,
    /// In a popup that is typed into.
    Picker,
    /// In the popup of the emulator's faults.
    Faults,
    /// In the popup that asks whether to send a form with errors.
    Warning,
}

/// A context in the order of the help.
#[derive(Debug)]
pub struct ContextInfo {
    /// The context.
    pub context: KeyContext,
    /// The heading of its keys in the help.
    pub title: &'static str,
    /// The actions that the footer shows where this is the closest context, the most useful first. Popups name their own.
    pub footer: &'static [Action],
}

const fn context(context: KeyContext, title: &'static str, footer: &'static [Action]) -> ContextInfo {
    ContextInfo { context, title, footer }
}

use Action as A;

/// Every context in the order of the help.
#[rustfmt::skip] // a line of footer is read at once
pub const CONTEXTS: &[ContextInfo] = &[
    context(KeyContext::Everywhere, "In a field and outside", &[]),
    context(KeyContext::Field, "In a field", &[
        A::Send, A::Cancel, A::NextField, A::FieldHelp, A::Back, A::JumpToField, A::Resources, A::Json, A::AddRow, A::NextTab, A::Quit,
    ]),
    context(KeyContext::Commands, "Outside a field", &[]),
    context(KeyContext::Form, "In the form", &[
        A::Edit, A::Send, A::Cancel, A::Resources, A::Examples, A::NextPane, A::Tab(0), A::Operation, A::Profile, A::Region,
        A::Help, A::Quit, A::Faults,
    ]),
    context(KeyContext::Resources, "In the resources", &[
        A::FetchResource, A::FillUpdate, A::FillDelete, A::FillShow, A::NewResource, A::Refresh, A::Filter, A::Sort, A::ToForm,
        A::NextPane, A::Help, A::Quit,
    ]),
    context(KeyContext::Filter, "While the resources are filtered", &[A::ApplyFilter, A::Back, A::Up, A::Down]),
    context(KeyContext::Preview, "In the preview", &[A::NextView, A::Copy, A::Save, A::NextPane, A::Zoom, A::Send, A::Help, A::Quit]),
    context(KeyContext::Log, "In the log", &[
        A::ToExchange, A::FilterLog, A::Cancel, A::ServerClock, A::JumpToField, A::EditAgain, A::SendAgain, A::Compare, A::Copy,
        A::Last, A::NextPane, A::Zoom, A::Help, A::Quit,
    ]),
    context(KeyContext::LogFilter, "While the log is filtered", &[A::AcceptCandidate, A::ApplyFilter, A::Back, A::Up, A::Down]),
    context(KeyContext::Exchange, "In the exchange", &[
        A::NextMatch, A::PreviousMatch, A::Back, A::NextView, A::Cancel, A::ServerClock, A::BodyView, A::Search, A::Fold, A::Path,
        A::Jq, A::JumpToField, A::Copy, A::Save, A::Reveal,
        A::Zoom, A::NextPane, A::Help, A::Quit,
    ]),
    context(KeyContext::Prompt, "While something is typed in the exchange", &[
        A::Choose, A::Complete, A::Back, A::Regex, A::Down, A::Up, A::PageDown, A::PageUp,
    ]),
    context(KeyContext::Popup, "In a popup", &[]),
    context(KeyContext::Reading, "In a popup that is only read", &[]),
    context(KeyContext::Laboratory, "In the laboratory", &[]),
    context(KeyContext::Picker, "In a popup that is typed into", &[]),
    context(KeyContext::Faults, "In the popup of faults", &[]),
    context(KeyContext::Warning, "When a rule is broken", &[]),
];

impl KeyContext {
    /// Returns the actions that the footer shows where this is the closest context.
    pub fn footer(self) -> &'static [Action] {
        CONTEXTS.iter().find(|info| info.context == self).map_or(&[], |info| info.footer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let names: BTreeSet<_> = ACTIONS.iter().map(|info| info.name).collect();
        assert_eq!(names.len(), ACTIONS.len());
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')), "{names:?}");
    }

    #[test]
    fn every_action_has_a_hint_and_a_help_line() {
        for info in ACTIONS {
            assert!(!info.hint.is_empty() && !info.help.is_empty(), "{}", info.name);
        }
    }

    #[test]
    fn every_context_is_in_the_help() {
        for (context, _) in ACTIONS.iter().flat_map(|info| info.keys) {
            assert!(CONTEXTS.iter().any(|info| info.context == *context), "{context:?}");
        }
    }
}
