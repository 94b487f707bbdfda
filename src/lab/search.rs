//! Signs again with every mistake, alone and in pairs, until one gives the very signature of the request.

use std::collections::HashSet;

use super::claimed::Claimed;
use super::material::Material;
use super::mistake::{Bench, CHAPTERS, Mistake};
use super::report::Cause;

/// How many pairs are tried at most: a second or so.
const PAIRS: usize = 60_000;

/// What the search gave.
pub(super) struct Searched {
    /// The mistakes that were made, and what was signed with them.
    pub found: Option<(Vec<Cause>, Material)>,
    /// How many signatures were made.
    pub tried: usize,
}

/// Searches with each of the scheme's own ways as the start.
pub(super) fn search(benches: &[Bench<'_>], claimed: &Claimed) -> Searched {
    let mut tried = 0;
    let mut fields = Vec::new();
    for bench in benches {
        let mut field = Field { bench, claimed, tried: 0 };
        match field.singles() {
            Ok(found) => return Searched { found: Some(found), tried: tried + field.tried },
            Err(distinct) => {
                tried += field.tried;
                fields.push((bench, distinct));
            }
        }
    }
    for (bench, distinct) in fields {
        let mut field = Field { bench, claimed, tried: 0 };
        let found = field.pairs(&distinct);
        tried += field.tried;
        if found.is_some() {
            return Searched { found, tried };
        }
    }
    Searched { found: None, tried }
}

struct Field<'f> {
    bench: &'f Bench<'f>,
    claimed: &'f Claimed,
    tried: usize,
}

impl<'f> Field<'f> {
    /// The mistake that explains it, or those that change the signature at all, each change once.
    fn singles(&mut self) -> Result<(Vec<Cause>, Material), Vec<Mistake<'f>>> {
        let mut seen = HashSet::from([self.bench.base.signature()]);
        let mut distinct = Vec::new();
        for (_, chapter) in CHAPTERS {
            let mut mistakes = Vec::new();
            chapter(self.bench, &mut mistakes);
            for mistake in mistakes {
                let (material, signature) = self.sign(&[&mistake]);
                if self.claimed.is(&signature) {
                    return Ok((vec![proven(&mistake)], material));
                }
                if seen.insert(signature) && mistake.in_pairs {
                    distinct.push(mistake);
                }
            }
        }
        Err(distinct)
    }

    fn pairs(&mut self, mistakes: &[Mistake<'f>]) -> Option<(Vec<Cause>, Material)> {
        for (at, one) in mistakes.iter().enumerate() {
            for other in mistakes[at + 1..].iter().filter(|other| other.aspect != one.aspect) {
                if self.tried >= PAIRS {
                    return None;
                }
                let (material, signature) = self.sign(&[one, other]);
                if self.claimed.is(&signature) {
                    return Some((vec![proven(one), proven(other)], material));
                }
            }
        }
        None
    }

    fn sign(&mut self, mistakes: &[&Mistake<'_>]) -> (Material, Vec<u8>) {
        self.tried += 1;
        let mut material = self.bench.base.clone();
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
