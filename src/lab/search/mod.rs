//! Signs again with every mistake, alone and in pairs, until one gives the very signature of the request.

mod changes;
mod pairs;
mod sha;

use std::collections::HashMap;

use super::claimed::Claimed;
use super::material::SignatureParts;
use super::mistake::{Aspect, MISTAKE_SOURCES, Mistake, MistakeContext, PairingScope, is_large};
use super::report::Cause;
use changes::{Changes, MistakePair};

/// The maximum number of bytes signed for a chapter's mistakes, each alone: still some hundred signatures of the largest request that a
/// server accepts.
const MAX_CHAPTER_BYTES: usize = 32 << 20;

/// The cost of a byte of the target in bytes signed: it is decoded, sorted and encoded for each signature.
const TARGET_BYTE_COST: usize = 4;

/// The cost of a header's line or a parameter in bytes signed: each is copied for each signature.
const PIECE_COST: usize = 64;

/// The pairs that are tried, for the answer, with the rule by which others are not.
pub(super) const IN_PAIRS: &str = "two of them at once (left out: two of the hundreds of secrets, seconds and forms of JSON; more than 60 seconds that \
     are no whole minutes; several headers or parameters missing at once, or in any order)";

/// The result of the search.
pub(super) struct SearchResult {
    /// The mistakes that were made, and what was signed with them.
    pub found: Option<(Vec<Cause>, SignatureParts)>,
    /// The number of signatures that were made.
    pub tried: usize,
    /// Set when some were not made because the request is too large.
    pub cut: bool,
}

/// The mistakes that were made, and what was signed with them.
type Found = (Vec<Cause>, SignatureParts);

/// Searches with each of the scheme's own ways as the start.
pub(super) fn search(contexts: &[MistakeContext<'_>], claimed: &Claimed) -> SearchResult {
    let (mut tried, mut cut) = (0, contexts.iter().any(is_large));
    let mut fields: Vec<SearchSpace<'_>> = contexts.iter().map(|context| SearchSpace::new(context, claimed)).collect();
    let mut found = None;
    for search in [SearchSpace::search_single, pairs::search] {
        for field in &mut fields {
            found = found.or_else(|| search(field));
        }
    }
    for field in &fields {
        tried += field.tried;
        cut |= field.cut;
    }
    SearchResult { found, tried, cut }
}

/// The mistakes with one of the scheme's own ways to sign.
struct SearchSpace<'f> {
    context: &'f MistakeContext<'f>,
    claimed: &'f Claimed,
    own: Changes,
    /// As little of the base as secrets, dates and payloads look at: it is copied thousands of times.
    slim: SignatureParts,
    /// Those that change the signature at all and are tried beside others, with what each changes.
    mistakes: Vec<Mistake<'f>>,
    changes: Vec<Changes>,
    tried: usize,
    /// About how many bytes each signature is made of.
    weight: usize,
    cut: bool,
}

impl<'f> SearchSpace<'f> {
    fn new(context: &'f MistakeContext<'f>, claimed: &'f Claimed) -> Self {
        let base = context.base;
        let pieces = PIECE_COST * (base.lines.len() + base.pairs.len());
        let weight = base.canonical().len() + TARGET_BYTE_COST * context.request.target.len() + pieces;
        let slim = SignatureParts { names: Vec::new(), pairs: Vec::new(), path: Vec::new(), query_text: None, ..base.clone() };
        let (mistakes, changes) = (Vec::new(), Vec::new());
        Self { context, claimed, own: Changes::none(base), slim, mistakes, changes, tried: 0, weight, cut: false }
    }

    /// Returns the mistake that explains it, or stores those that change the signature at all: of several that change it alike the one
    /// that reaches furthest.
    fn search_single(&mut self) -> Option<Found> {
        let mut seen = HashMap::from([(self.context.base.signature(), usize::MAX)]);
        for (_, chapter) in MISTAKE_SOURCES {
            let mut mistakes = Vec::new();
            chapter(self.context, &mut mistakes);
            let most = MAX_CHAPTER_BYTES / self.weight.max(1);
            self.cut |= mistakes.len() > most;
            for mistake in mistakes.into_iter().take(most) {
                self.tried += 1;
                let (signature, mut changes) = self.sign_with_mistakes(&[&mistake]);
                if self.claimed.is(&signature) {
                    return Some(self.proven(&[&mistake]));
                }
                if mistake.reach == PairingScope::Alone {
                    continue;
                }
                if mistake.aspect == Aspect::ScopeDay {
                    // It follows from the date: beside another date it is another day.
                    changes.parts |= changes::DATE;
                }
                let next = self.mistakes.len();
                let at = *seen.entry(signature).or_insert(next);
                if at == next {
                    self.mistakes.push(mistake);
                    self.changes.push(changes);
                } else if let Some(known) = self.mistakes.get_mut(at).filter(|known| known.reach < mistake.reach) {
                    *known = mistake;
                    self.changes[at] = changes;
                }
            }
        }
        None
    }

    /// Returns the signature that mistakes give, made one after the other, and what they change.
    fn sign_with_mistakes(&self, mistakes: &[&Mistake<'_>]) -> (Vec<u8>, Changes) {
        let start = self.start(mistakes);
        let changes = Changes::of(material(mistakes, start), start, &self.own);
        let pair = MistakePair { own: &self.own, one: &changes, other: &self.own };
        let signature = if pair.is_independent() { pair.signature(&[], &mut Vec::new()).to_vec() } else { changes.signature() };
        (signature, changes)
    }

    /// Returns as much of the base as these mistakes look at.
    fn start(&self, mistakes: &[&Mistake<'_>]) -> &SignatureParts {
        let needs_only_headers = self.own.parts == 0 && mistakes.iter().all(|mistake| mistake.aspect.needs_only_headers());
        if needs_only_headers { &self.slim } else { self.context.base }
    }

    fn proven(&self, mistakes: &[&Mistake<'_>]) -> Found {
        let causes = mistakes.iter().map(|mistake| Cause::proven(mistake.fault, mistake.detail.clone())).collect();
        (causes, material(mistakes, self.context.base))
    }

    /// Returns the orders in which two mistakes may be made: some follow from the date, and the day of a scope may or may not.
    fn orders(&self, one: usize, other: usize) -> impl Iterator<Item = [&Mistake<'f>; 2]> {
        let mut both = [&self.mistakes[one], &self.mistakes[other]];
        both.sort_by_key(|mistake| mistake.aspect.rank());
        let is_free = both[0].aspect.is_date() && both[1].aspect == Aspect::ScopeDay;
        [both].into_iter().chain(is_free.then_some([both[1], both[0]]))
    }

    fn pair(&self, one: usize, other: usize) -> MistakePair<'_> {
        MistakePair { own: &self.own, one: &self.changes[one], other: &self.changes[other] }
    }

    fn alone(&self, one: usize) -> MistakePair<'_> {
        MistakePair { own: &self.own, one: &self.changes[one], other: &self.own }
    }
}

/// Returns what mistakes give, made one after the other.
fn material(mistakes: &[&Mistake<'_>], start: &SignatureParts) -> SignatureParts {
    let mut material = start.clone();
    for mistake in mistakes {
        (mistake.make)(&mut material);
    }
    material
}
