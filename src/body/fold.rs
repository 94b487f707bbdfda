//! Brackets of a JSON body that are shown closed.

use super::token::{skip_blanks, string_end};

/// A bracket that is shown closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The opening bracket.
    pub start: u32,
    /// The byte behind the closing one.
    pub end: u32,
    /// The number of members or elements that stand directly inside.
    pub members: u32,
}

impl Fold {
    /// Creates the fold of the bracket at a byte; `None` for an empty bracket.
    pub fn at(bytes: &[u8], bracket: usize) -> Option<Self> {
        let start = u32::try_from(bracket).ok()?;
        let mut members = 0;
        let mut inside = 0_usize;
        let mut walk = bracket;
        while let Some(&first) = bytes.get(walk) {
            match first {
                b'{' | b'[' => inside += 1,
                b'}' | b']' => inside -= 1,
                b',' if inside == 1 => members += 1,
                _ => {}
            }
            walk = if first == b'"' { string_end(bytes, walk) } else { walk + 1 };
            if inside == 0 {
                break;
            }
        }
        let end = u32::try_from(walk).ok()?;
        let empty = matches!(bytes.get(skip_blanks(bytes, bracket + 1)), Some(b'}' | b']') | None);
        (!empty).then_some(Self { start, end, members: members + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::sample::{BODY, place};

    #[test]
    fn folds_know_their_ends() {
        let fold = Fold::at(BODY.as_bytes(), place("[{")).unwrap();
        assert_eq!(&BODY[fold.start as usize..fold.end as usize], r#"[{"Name":"a"},{"Name":"b\"]","x y":[1,2]}]"#);
        assert_eq!(fold.members, 2);
        assert_eq!(Fold::at(BODY.as_bytes(), place("{}")), None);
    }

    #[test]
    fn broken_json_has_folds_or_none() {
        for text in ["", "{", "[[[", "]]", "{\"a\":[1", "[{]}", "[{},"] {
            let brackets = text.match_indices(['{', '[']);
            brackets.for_each(|(at, _)| _ = Fold::at(text.as_bytes(), at));
        }
    }
}
