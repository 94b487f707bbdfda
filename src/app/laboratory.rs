//! The laboratory's state: the pasted request and its examination, which is done off the loop with the profile's keys.

use jiff::Timestamp;

use super::ProfileSummary;
use crate::auth::AccessKey;
use crate::catalog::Vendor;
use crate::lab::{InputFormat, Report};
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
    Done(Result<Box<ExaminationReport>, String>),
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
    /// Whether it is the built-in emulator's, which has a key of every vendor.
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
            let reason = format!("{} bytes are too many: paste one request of at most {} MiB", text.len(), MAX_PASTED_BYTES >> 20);
            self.stage = Stage::Done(Err(reason));
            return None;
        }
        self.stage = Stage::Examining;
        Some(Sample { number: self.pasted, text: Secret::new(text), profile: profile.name.clone(), demo: profile.demo, keys, now })
    }

    /// Takes a report; `false` if another text was pasted since.
    pub fn finish(&mut self, number: u64, outcome: Result<Box<ExaminationReport>, String>) -> bool {
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
