//! The report of an examination.

use super::align::{Comparison, Texts, lines_of};
pub use super::cause::{Cause, Certainty};
use super::claim::Claim;

/// The verdict on a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one that the request and the key give, and nothing in the request speaks against it.
    Verifies,
    /// It is not, or a gateway would refuse the request all the same.
    Fails,
    /// Nobody can say without the secret; the request itself shows no fault.
    Open,
    /// There is none to be verified.
    NoSignature,
    /// There is one, of a scheme that is not known here.
    NotVerified,
}

/// The scheme's own computation over the request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recomputed {
    /// The canonical request; empty for the scheme that has none.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature, where the secret is known, as the scheme writes it.
    pub signature: Option<String>,
}

/// The report of an examination.
#[derive(Clone, Debug)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// The claim of the request; none where it carries no signature.
    pub claim: Option<Claim>,
    /// The correct canonical request and string to sign.
    pub recomputed: Option<Recomputed>,
    /// `true` when the request's signature is the one that the key gives; none where that is not known.
    pub signature_correct: Option<bool>,
    /// The causes, the surest first. The first one that is not merely noted is the answer.
    pub causes: Vec<Cause>,
    /// Ours beside what the caller must have signed, where that was found out.
    pub signed: Option<Comparison>,
    /// Ours beside the server's text, where it was given.
    pub server: Option<Comparison>,
    /// Set when the times of the server's text were compared with the request's.
    pub server_times: bool,
    /// The number of signing mistakes that were tried.
    pub tried: usize,
    /// The kinds of mistakes among them.
    pub checked: Vec<&'static str>,
}

impl Recomputed {
    /// Returns the lines of both texts with their names.
    pub fn named_lines(&self, claim: &Claim) -> Vec<(String, String)> {
        let texts = Texts { canonical_request: self.canonical_request.clone(), string_to_sign: self.string_to_sign.clone() };
        lines_of(Some(claim.scheme.text), &texts)
    }
}

impl Verdict {
    /// Returns the word for it, for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verifies => "verifies",
            Self::Fails => "fails",
            Self::Open => "open",
            Self::NoSignature => "no-signature",
            Self::NotVerified => "not-verified",
        }
    }
}

impl Report {
    /// Creates a report of which nothing but this is known.
    pub(super) fn new(verdict: Verdict, causes: Vec<Cause>) -> Self {
        let (claim, recomputed, signed, server) = (None, None, None, None);
        Self {
            verdict,
            claim,
            recomputed,
            signature_correct: None,
            causes,
            signed,
            server,
            server_times: false,
            tried: 0,
            checked: Vec::new(),
        }
    }

    /// Returns the answer: the surest cause that speaks against the request.
    pub fn answer(&self) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.certainty != Certainty::Noted)
    }

    /// Returns what can be said, as a sentence without its capital and its full stop.
    pub fn summary(&self) -> &'static str {
        match (self.verdict, self.signature_correct) {
            (Verdict::Verifies, _) => "it verifies",
            (Verdict::Fails, Some(true)) => "the arithmetic holds, but the request would be refused",
            (Verdict::Fails, Some(false)) => "it does not verify",
            (Verdict::Fails, None) => "it would be refused, whatever the signature",
            (Verdict::Open, _) => "nobody can say without the secret; the request itself shows no fault",
            (Verdict::NoSignature, _) => "nothing was verified: there is no signature to verify",
            (Verdict::NotVerified, _) => "nothing was verified",
        }
    }

    /// Returns whether the server's text told something: it was compared with ours, or its times were.
    pub fn uses_server_text(&self) -> bool {
        self.server.is_some() || self.server_times
    }

    /// Returns what a gateway would refuse the request for although the signature is right, or may be.
    pub fn refused_for(&self) -> Option<&Cause> {
        let wrong = self.signature_correct == Some(false);
        self.answer().filter(|_| self.verdict == Verdict::Fails && !wrong)
    }
}
