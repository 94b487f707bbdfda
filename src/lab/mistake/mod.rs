//! Every mistake that is tried: each changes one aspect of what is signed, so that two of different aspects can be made at once.

mod choice;
mod headers;
mod key;
mod list;
mod order;
mod path;
mod payload;
mod query;
mod scope;
mod special;
mod spelling;
mod time;

use super::claim::Claim;
use super::fault::MistakeKind;
use super::hints::Hints;
use super::material::SignatureParts;
use crate::auth::AccessKey;
use crate::wire::Request;

pub(super) use payload::recognise;
pub(super) use time::{read as read_date, zone_of};

/// The aspect that a mistake changes. Two mistakes of one aspect exclude each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    Method,
    PathText,
    PathForm,
    PathEncoding,
    Slash,
    QueryPairs,
    QueryOrder,
    QueryEncoding(u8),
    QueryText,
    Header(String),
    List,
    Layout(u8),
    Payload,
    PayloadShape,
    Date,
    DateZone,
    DateForm,
    /// The date of the string to sign alone.
    DateText,
    Scope(u8),
    ScopeDay,
    Text(u8),
    Key(u8),
}

impl Aspect {
    /// Returns whether it is the secret, a date or the payload: a mistake with it looks at nothing but these, the scope and the headers.
    pub(super) fn needs_only_headers(&self) -> bool {
        self.is_date() || matches!(self, Self::Key(0) | Self::Payload)
    }

    /// Returns whether it is a date's.
    pub(super) fn is_date(&self) -> bool {
        matches!(self, Self::Date | Self::DateZone | Self::DateForm | Self::DateText)
    }

    /// Returns a number that is smaller for what others follow from: the time for its form, the date for the scope's day.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Date | Self::DateZone => 0,
            Self::DateForm => 1,
            Self::DateText => 2,
            _ => 3,
        }
    }
}

/// Beside which others a mistake is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PairingScope {
    /// None.
    Alone,
    /// Common ones: it is one of hundreds of secrets, dates or payloads.
    Series,
    /// All.
    Common,
}

/// One way to sign wrongly.
pub(super) struct Mistake<'a> {
    pub fault: &'static MistakeKind,
    pub aspect: Aspect,
    /// The exact description of the mistake.
    pub detail: String,
    /// Beside which others it is tried.
    pub reach: PairingScope,
    /// Makes it.
    pub make: Box<dyn Fn(&mut SignatureParts) + Sync + 'a>,
}

/// The inputs from which mistakes are built.
pub(super) struct MistakeContext<'a> {
    pub request: &'a Request,
    pub claim: &'a Claim,
    pub base: &'a SignatureParts,
    pub key: &'a AccessKey,
    pub hints: &'a Hints,
    /// The host and port of its URL, where that is known apart from the header.
    pub url_host: Option<&'a str>,
}

impl<'a> Mistake<'a> {
    pub(super) fn new(
        fault: &'static MistakeKind,
        aspect: Aspect,
        detail: impl Into<String>,
        make: impl Fn(&mut SignatureParts) + Sync + 'a,
    ) -> Self {
        Self { fault, aspect, detail: detail.into(), reach: PairingScope::Common, make: Box::new(make) }
    }

    /// Returns the same mistake, tried alone only.
    pub(super) fn never_paired(self) -> Self {
        self.reaching(PairingScope::Alone)
    }

    /// Returns the same mistake, tried alone only unless a condition holds.
    pub(super) fn alone_unless(self, is_paired: bool) -> Self {
        if is_paired { self } else { self.never_paired() }
    }

    /// Returns the same mistake with another reach.
    pub(super) fn reaching(self, reach: PairingScope) -> Self {
        Self { reach, ..self }
    }
}

/// Adds the mistakes of a chapter, the likelier first.
pub(super) type MistakeSource = for<'a> fn(&'a MistakeContext<'a>, &mut Vec<Mistake<'a>>);

/// The chapters, with what each is about: all mistakes that can be made with a request. Those that come by the hundred are last.
pub(super) const MISTAKE_SOURCES: [(&str, MistakeSource); 10] = [
    ("what this scheme alone has (the bucket, subresources, encoding twice)", special::all),
    ("payload (empty, {}, line ends, re-serialised JSON, character set, the declared hash)", payload::all),
    ("query (order, encoding, parameters added, dropped or repeated)", query::all),
    ("method and path (encoding, slashes, prefixes)", path::all),
    ("headers (host and port, content-type, values changed, dropped, added, white space, case)", headers::all),
    ("the list of signed headers and the layout of lines", list::all),
    ("algorithm and scope (region, service, day)", scope::all),
    ("key (white space, quotation marks, prefix, derivation, other keys)", key::all),
    ("date (up to 15 minutes off, time zones, forms)", time::all),
    ("slips in typing the secret (one character)", key::typing_errors),
];

/// Returns whether a request is so large that not every mistake is tried with it.
pub(super) fn is_large(context: &MistakeContext<'_>) -> bool {
    let longest = context.base.lines.iter().map(|line| line.value.len()).max();
    context.request.body.len() > payload::MAX_EDITED_BYTES
        || query::count(context.request.query()) > query::MAX_PARAMETERS
        || longest > Some(headers::MAX_VALUE_BYTES)
}

/// Returns bytes as text for a detail.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
