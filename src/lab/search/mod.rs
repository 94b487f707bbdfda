//! Signs again with every mistake, alone and in pairs, until one gives the very signature of the request.

mod pairs;
mod parts;
mod row;
mod series;
mod sha;

use std::collections::HashMap;

use super::claimed::Claimed;
use super::material::Material;
use super::mistake::{CHAPTERS, Mistake, MistakeContext, Reach, is_large};
use super::report::Cause;

/// The maximum number of bytes signed for a chapter's mistakes, each alone: of the largest request that a server takes still some
/// hundred signatures.
const CHAPTER: usize = 32 << 20;

/// The cost of a byte of the target: it is decoded, sorted and encoded for each signature.
const TARGET: usize = 4;

/// The cost of a header's line or a parameter: each is copied for each signature.
const PIECE: usize = 64;

/// The pairs that are tried, for the answer.
pub(super) const IN_PAIRS: &str =
    "two of them at once (of seconds, slips in the secret and forms of JSON only the usual ones with each other)";

/// The result of the search.
pub(super) struct SearchResult {
    /// The mistakes that were made, and what was signed with them.
    pub found: Option<(Vec<Cause>, Material)>,
    /// The number of signatures that were made.
    pub tried: usize,
    /// Whether some were not, because the request is too large for it.
    pub cut: bool,
}

/// Searches with each of the scheme's own ways as the start.
pub(super) fn search(contexts: &[MistakeContext<'_>], claimed: &Claimed) -> SearchResult {
    let (mut tried, mut cut) = (0, contexts.iter().any(is_large));
    let mut fields = Vec::new();
    for context in contexts {
        let mut field = Field::new(context, claimed);
        match field.singles() {
            Ok(found) => return SearchResult { found: Some(found), tried: tried + field.tried, cut },
            Err(distinct) => {
                tried += field.tried;
                cut |= field.cut;
                fields.push((context, distinct));
            }
        }
    }
    for (at, (context, distinct)) in fields.into_iter().enumerate() {
        let mut field = Field::new(context, claimed);
        // What an SDK does otherwise than the vendor's page is rarely met together with two mistakes.
        let found = pairs::search(&mut field, &distinct, at == 0);
        tried += field.tried;
        cut |= field.cut;
        if found.is_some() {
            return SearchResult { found, tried, cut };
        }
    }
    SearchResult { found: None, tried, cut }
}

struct Field<'f> {
    context: &'f MistakeContext<'f>,
    claimed: &'f Claimed,
    tried: usize,
    /// About how many bytes each signature is made of.
    weight: usize,
    cut: bool,
}

impl<'f> Field<'f> {
    fn new(context: &'f MistakeContext<'f>, claimed: &'f Claimed) -> Self {
        let base = context.base;
        let pieces = PIECE * (base.lines.len() + base.pairs.len());
        let weight = base.canonical().len() + TARGET * context.request.target.len() + pieces;
        Self { context, claimed, tried: 0, weight, cut: false }
    }

    /// Returns the mistake that explains it, or those that change the signature at all: of several that change it alike the one that reaches
    /// furthest.
    fn singles(&mut self) -> Result<(Vec<Cause>, Material), Vec<Mistake<'f>>> {
        let mut seen = HashMap::from([(self.context.base.signature(), usize::MAX)]);
        let mut distinct: Vec<Mistake<'f>> = Vec::new();
        for (_, chapter) in CHAPTERS {
            let mut mistakes = Vec::new();
            chapter(self.context, &mut mistakes);
            let most = CHAPTER / self.weight.max(1);
            self.cut |= mistakes.len() > most;
            for mistake in mistakes.into_iter().take(most) {
                let (material, signature) = self.sign(&[&mistake]);
                if self.claimed.is(&signature) {
                    return Ok((vec![proven(&mistake)], material));
                }
                if mistake.reach == Reach::Alone {
                    continue;
                }
                let next = distinct.len();
                let at = *seen.entry(signature).or_insert(next);
                if at == next {
                    distinct.push(mistake);
                } else if let Some(known) = distinct.get_mut(at).filter(|known| known.reach < mistake.reach) {
                    *known = mistake;
                }
            }
        }
        Err(distinct)
    }

    fn sign(&mut self, mistakes: &[&Mistake<'_>]) -> (Material, Vec<u8>) {
        self.tried += 1;
        let mut material = self.context.base.clone();
        for mistake in mistakes {
            (mistake.make)(&mut material);
        }
        let signature = material.signature();
        (material, signature)
    }
}

fn proven(mistake: &Mistake<'_>) -> Cause {
    Cause::proven(mistake.fault, mistake.detail.clone())
}
