//! The laboratory's state: the pasted request and its examination, which is done off the loop with the profile's keys.

use jiff::Timestamp;

use super::ProfileSummary;
use crate::auth::AccessKey;
use crate::catalog::Vendor;
use crate::lab::{InputFormat, ReadError, Report};
use crate::secret::Secret;
use crate::wire::Request;

/// Longer texts are not examined, in bytes: no signed call of these APIs is that long.
const MAX_PASTED_BYTES: usize = 8 << 20;

/// The laboratory's state: the pasted request and its examination.
#[derive(Debug, Default)]
pub struct Laboratory {
    /// The number of texts that were pasted: the answer to an earlier one comes too late.
    pasted: u64,
    /// The stage of the last examination.
    pub stage: Stage,
}

/// The progress of an examination.
#[derive(Debug, Default)]
pub enum Stage {
    /// Nothing was pasted yet.
    #[default]
    Empty,
    /// It is under way.
    Examining,
    /// It is done, or the text could not be read.
    Done(Result<Box<ExaminationReport>, ExamineError>),
}

/// The reason why a pasted text is not examined.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// It has so many bytes.
    #[error("{0} bytes are too many: paste one request of at most {limit} MiB", limit = MAX_PASTED_BYTES >> 20)]
    TooLong(usize),
    /// It is a HAR file with several entries, here with a line for each.
    #[error("The HAR file has {count} entries: paste one of them alone, or let `skydeck lab FILE --entry N` choose.\n{list}")]
    Several {
        /// The number of entries.
        count: usize,
        /// A line for each.
        list: String,
    },
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(ReadError),
}

impl From<ReadError> for ExamineError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Several { count, list } => Self::Several { count, list },
            other => Self::Unreadable(other),
        }
    }
}

/// A text to be examined, and what is known about it.
#[derive(Debug)]
pub struct Sample {
    /// Its number, to know its report by.
    pub number: u64,
    /// The text: a token may stand in it.
    pub text: Secret,
    /// The chosen profile's name.
    pub profile: String,
    /// Set when it is the built-in emulator's, which has a key of every vendor.
    pub demo: bool,
    /// The profile's keys, the shown tab's first.
    pub keys: Vec<(Vendor, AccessKey)>,
    /// The time.
    pub now: Timestamp,
}

/// A request with all that was found out about it.
#[derive(Debug)]
pub struct ExaminationReport {
    /// In what it came.
    pub input_format: InputFormat,
    /// The request.
    pub request: Request,
    /// The report of the examination.
    pub report: Report,
    /// Assumptions of the reader, and oddities of the text.
    pub notes: Vec<String>,
}

impl Laboratory {
    /// Takes a pasted text; `None` if it is too long to be examined.
    pub fn begin(&mut self, text: &str, profile: &ProfileSummary, keys: Vec<(Vendor, AccessKey)>, now: Timestamp) -> Option<Sample> {
        self.pasted += 1;
        if text.len() > MAX_PASTED_BYTES {
            self.stage = Stage::Done(Err(ExamineError::TooLong(text.len())));
            return None;
        }
        self.stage = Stage::Examining;
        Some(Sample { number: self.pasted, text: Secret::new(text), profile: profile.name.clone(), demo: profile.demo, keys, now })
    }

    /// Takes a report; `false` if another text was pasted since.
    pub fn finish(&mut self, number: u64, outcome: Result<Box<ExaminationReport>, ExamineError>) -> bool {
        let current = number == self.pasted;
        if current {
            self.stage = Stage::Done(outcome);
        }
        current
    }

    /// Returns `true` if a request was read and examined.
    pub fn is_examined(&self) -> bool {
        matches!(self.stage, Stage::Done(Ok(_)))
    }
}
