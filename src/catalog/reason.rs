//! What serde says of a mistake, said so that an operator knows what to write instead.

use crate::text::{did_you_mean, joined, nearest};

/// The beginning of serde's sentence, and our name for the key or value that it names.
const KINDS: [(&str, &str); 3] = [("unknown field", "unknown key"), ("unknown variant", "unknown value"), ("missing field", "missing key")];

/// Returns serde's message in our words; with the nearest of the names that it says it expected, or all of them.
pub(super) fn reason(message: &str) -> String {
    let Some((says, kind)) = KINDS.iter().find(|(says, _)| message.starts_with(says)) else {
        return message.trim_end().replace('\n', "; ");
    };
    let mut names = message[says.len()..].split('`').skip(1).step_by(2);
    let given = names.next().unwrap_or_default();
    let expected: Vec<&str> = names.collect();
    let near = nearest(given, expected.iter().copied());
    let hint = if near.is_empty() && !expected.is_empty() {
        format!(": expected {}", joined(expected.iter().map(ToString::to_string), "or"))
    } else {
        did_you_mean(&near)
    };
    format!("{kind} `{given}`{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_the_nearest_of_what_was_expected() {
        let message_text = "unknown field `requierd`, expected one of `name`, `in`, `required`";
        assert_eq!(reason(message_text), "unknown key `requierd`: did you mean required?");
        assert_eq!(reason("unknown variant `xml`, expected `path` or `query`"), "unknown value `xml`: expected path or query");
        assert_eq!(reason("missing field `title`"), "missing key `title`");
        assert_eq!(reason("invalid type: integer `1`, expected a string\n"), "invalid type: integer `1`, expected a string");
    }
}
