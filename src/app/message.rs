//! What comes in and what goes out: messages and effects.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::exchanges::{HistoryReply, HistoryRequest};
use super::faults::{FaultReport, FaultRequest};
use super::focus::Pane;
use super::laboratory::{ExaminationReport, ExamineError, Sample};
use super::viewer::{Filtering, Task, TaskOutcome};
use crate::body::{Rows, View};
use crate::call::{Call, Refusal};
use crate::catalog::{Provider, Vendor};
use crate::config::Access;
use crate::exchange::{Exchange, ExchangeId, Purpose};
use crate::redact::Redactor;
use crate::secret::Secret;

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed, or is repeated.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse was used.
    Mouse {
        /// The action.
        gesture: Gesture,
        /// The place of the screen.
        target: ScreenTarget,
    },
    /// The terminal has another size, or must be drawn again.
    Redraw,
    /// A provider's catalog entry was read.
    Loaded(Arc<Provider>),
    /// A profile was resolved for a provider, or could not be.
    Resolved {
        /// The provider and profile.
        key: AccessKey,
        /// The account, or why there is none.
        access: Result<Arc<Access>, String>,
    },
    /// A request went out.
    Started {
        /// The exchange so far.
        exchange: Box<Exchange>,
    },
    /// An exchange was recorded in the history.
    Stored {
        /// The exchange.
        id: ExchangeId,
        /// Its number in the history.
        number: i64,
    },
    /// The history replied.
    HistoryReply(HistoryReply),
    /// An exchange ended.
    Finished {
        /// The whole exchange.
        exchange: Box<Exchange>,
    },
    /// A call is sent again after a wait.
    Waiting(RetryWait),
    /// A wait is over.
    Waited {
        /// The exchange that it followed.
        after: ExchangeId,
        /// Set when the operator gave it up; otherwise the call goes out again.
        given_up: bool,
    },
    /// Nothing was sent.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// The purpose of the call.
        purpose: Purpose,
    },
    /// A body was indexed, or a first part of it.
    Indexed {
        /// The body and how it is shown.
        key: BodyKey,
        /// The rows so far.
        rows: Arc<Rows>,
    },
    /// A task on a body found something.
    TaskDone {
        /// The task's number.
        number: u64,
        /// The result, or what there is of it so far.
        outcome: TaskOutcome,
    },
    /// The operator is asked for something.
    Ask(Question),
    /// A pasted text was examined in the laboratory.
    Examined {
        /// The text's number.
        number: u64,
        /// The report, or why the text cannot be read.
        outcome: Result<Box<ExaminationReport>, ExamineError>,
    },
    /// The emulator reports its faults.
    Faults(FaultReport),
    /// The operator is told something.
    Notice(Notice),
    /// A moment passed while something is under way.
    Tick,
    /// A signal asks to end.
    Terminate,
}

/// A wait before a call is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryWait {
    /// The attempt that it follows.
    pub after: ExchangeId,
    /// The length of the wait.
    pub wait: Duration,
    /// The reason for it.
    pub reason: String,
    /// The number of attempts that remain.
    pub left: u32,
}

/// A mouse action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// The first button went down.
    Click,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// A place of the screen that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenTarget {
    /// A tab, counted from 0.
    Tab(usize),
    /// A part of a field, and the character of it that was pointed at.
    Field {
        /// The parameter, counted from 0.
        field: usize,
        /// The part of it.
        part: usize,
        /// The character, counted from 0.
        character: usize,
    },
    /// A view of a pane, counted from 0.
    View(Pane, usize),
    /// A row of the table of resources, counted from the top of the table.
    Resource(usize),
    /// A row of the log: the exchange's position.
    Entry(usize),
    /// Anywhere else in a pane.
    Pane(Pane),
    /// The results of a filter.
    Results,
    /// A row of a picker.
    PickerRow(usize),
    /// Anywhere else in a popup.
    Popup,
    /// The profile in the top line.
    Profile,
    /// The region in the top line.
    Region,
    /// Nothing of meaning.
    Elsewhere,
}

/// For what a profile is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The provider's id.
    pub provider: String,
    /// The profile's name.
    pub profile: String,
    /// The region, where the operator chose one.
    pub region: Option<String>,
}

/// A part of an exchange that is shown as a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyPart {
    /// The request's body.
    Request,
    /// The answer's body.
    Answer,
    /// The data that the answer's envelope holds.
    Data,
}

/// The key of one layout of one body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyKey {
    /// The exchange.
    pub exchange: ExchangeId,
    /// The part of it.
    pub part: BodyPart,
    /// The view of it.
    pub view: View,
    /// For how many columns.
    pub width: u16,
    /// Set when secrets are shown.
    pub revealed: bool,
}

/// Something that only the operator can say: a password, a key.
#[derive(Debug)]
pub struct Question {
    /// The question.
    pub text: String,
    /// Set when the answer must not be seen.
    pub masked: bool,
    /// The channel for the answer; dropped when there is none.
    pub answer: std::sync::mpsc::Sender<Secret>,
}

/// A body that is copied as it is shown, but without the line breaks of a pane.
#[derive(Debug)]
pub struct BodyCopy {
    /// The body.
    pub bytes: Bytes,
    /// The view of it.
    pub view: View,
    /// The redactor that masks.
    pub redactor: Redactor,
}

/// Something to tell the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The severity.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// Set when what was done in the meantime does not take its place: a key does.
    pub stays: bool,
}

/// The severity of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is done.
    Done,
    /// Something to know.
    Warning,
    /// It failed.
    Failure,
}

impl Notice {
    /// Returns a notice of something that was done.
    pub fn done(text: impl Into<String>) -> Self {
        Self { tone: Tone::Done, text: text.into(), stays: false }
    }

    /// Returns a notice of something to know.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Warning, text: text.into(), stays: false }
    }

    /// Returns a notice of something that failed.
    pub fn failure(text: impl Into<String>) -> Self {
        Self { tone: Tone::Failure, text: text.into(), stays: false }
    }

    /// Returns the notice as one that stays until a key is pressed or something fails.
    #[must_use]
    pub fn staying(self) -> Self {
        Self { stays: true, ..self }
    }
}

/// Something to be done outside.
#[derive(Debug)]
pub enum Effect {
    /// Resolve a profile for a provider.
    Resolve {
        /// The access key, and with it the purpose.
        key: AccessKey,
        /// Set when the operator may be asked for what is missing; otherwise nothing comes of it.
        may_ask: bool,
    },
    /// Forget what the operator typed for a profile: the next time it is resolved, the operator is asked again.
    AskAgain,
    /// Ask the operator for this profile's credentials at a vendor, whatever the profile says, until `AskAgain`.
    OtherKey {
        /// The profile's name.
        profile: String,
        /// The vendor.
        vendor: Vendor,
    },
    /// Send a call.
    Send(Box<Call>),
    /// Look something up in the history, off the loop.
    HistoryRequest(HistoryRequest),
    /// Give up an exchange, or the wait after it.
    Cancel(ExchangeId),
    /// Look at the built-in emulator's faults, or change them.
    Faults(FaultRequest),
    /// Index a body, off the loop.
    Index {
        /// The key of the layout.
        key: BodyKey,
        /// The body.
        body: Bytes,
        /// The redactor that masks.
        redactor: Redactor,
    },
    /// Work on a body, off the loop.
    Read(Box<Task>),
    /// Run a filter over a body, in a process that can be killed.
    Filter(Box<Filtering>),
    /// Put a pasted text through the laboratory, off the loop.
    Examine(Box<Sample>),
    /// Copy a text to the clipboard.
    Copy(String),
    /// Write a copy to a file of this name.
    Save {
        /// The file's name, without a folder.
        name: String,
        /// The head, which is written first.
        head: String,
        /// A body to write after it.
        body: Option<BodyCopy>,
    },
    /// Write bytes to a file of this name.
    Write {
        /// The file's name, without a folder.
        name: String,
        /// The bytes to write.
        bytes: Vec<u8>,
    },
    /// Take the mouse, or give it to the terminal.
    Mouse(bool),
    /// Leave.
    Quit,
}

/// The moment at which a message came.
#[derive(Clone, Debug)]
pub struct Now {
    /// The time.
    pub time: Timestamp,
    /// Fresh random text for a nonce: 32 lower-case hex digits.
    pub nonce: String,
}
