//! A version of the API that was changed between signing and sending: versions are days, so every one can be tried.

use jiff::civil::{Date, date};

use super::cause::Cause;
use super::claimed::Claimed;
use super::fault;
use super::material::SignatureParts;

/// Versions of these vendors' APIs are days in these years.
const YEARS: (Date, Date) = (date(2014, 1, 1), date(2028, 1, 1));

/// The maximum length of a canonical request that is signed with every version.
const MAX_CANONICAL_BYTES: usize = 8 << 10;

/// Finds the version that was signed, with what was signed then: in the parameter `Version`, or in a header of that name.
pub(super) fn signed(base: &SignatureParts, claimed: &Claimed) -> Option<(Cause, SignatureParts)> {
    let pair = base.pairs.iter().position(|(name, _)| name == b"Version");
    let line = base.lines.iter().position(|line| line.name == "x-acs-version");
    let text = base.canonical();
    if text.len() > MAX_CANONICAL_BYTES || (pair.is_none() && line.is_none()) {
        return None;
    }
    let sent = pair.map(|at| &base.pairs[at].1).or_else(|| line.map(|at| &base.lines[at].value))?.clone();
    let mut material = base.clone();
    let mut day = YEARS.0;
    while day < YEARS.1 {
        let version = day.to_string();
        if let Some(at) = pair {
            version.as_bytes().clone_into(&mut material.pairs[at].1);
        } else if let Some(at) = line {
            version.as_bytes().clone_into(&mut material.lines[at].value);
        }
        if claimed.is(&material.signature()) {
            let detail = format!("Version {version} was signed, the request has {}", String::from_utf8_lossy(&sent));
            return Some((Cause::proven(&fault::VERSION_CHANGED, detail), material));
        }
        day = day.tomorrow().ok()?;
    }
    None
}
