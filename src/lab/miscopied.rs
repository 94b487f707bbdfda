//! A signature that is right but for a few of its signs: somebody copied it wrongly.

use super::fault;
use super::report::Cause;

/// The maximum number of wrong characters in a signature that was copied wrongly.
const MAX_WRONG_CHARS: usize = 4;

/// Returns the cause, where the signature as written has the length of the right one and differs from it in a few signs.
pub(super) fn cause(claimed: &str, right: &str) -> Option<Cause> {
    if claimed.chars().count() != right.chars().count() {
        return None;
    }
    // The case of hex digits is a matter of its own; in Base64 it counts.
    let hex = right.bytes().all(|byte| byte.is_ascii_hexdigit());
    let same = |is: char, should: char| is == should || (hex && is.eq_ignore_ascii_case(&should));
    let wrong: Vec<String> = claimed
        .chars()
        .zip(right.chars())
        .enumerate()
        .filter(|(_, (is, should))| !same(*is, *should))
        .map(|(at, (is, should))| format!("`{is}` at {} should be `{should}`", at + 1))
        .take(MAX_WRONG_CHARS + 1)
        .collect();
    (1..=MAX_WRONG_CHARS).contains(&wrong.len()).then(|| Cause::proven(&fault::SIGNATURE_COPIED, wrong.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";

    #[test]
    fn reports_a_few_wrong_digits_as_a_copying_mistake() {
        let says = |claimed: &str| cause(claimed, RIGHT).map(|cause| cause.detail);
        assert_eq!(says(&RIGHT.replacen("3a9", "3b9", 1)).as_deref(), Some("`b` at 6 should be `a`"));
        assert_eq!(says(&RIGHT.replacen("06", "O6", 1)).as_deref(), Some("`O` at 1 should be `0`"));
        assert_eq!(says(&RIGHT.replacen("06", "60", 1)).as_deref(), Some("`6` at 1 should be `0`, `0` at 2 should be `6`"));
    }

    #[test]
    fn finds_no_match_for_another_signature() {
        assert_eq!(cause(RIGHT, RIGHT), None);
        assert_eq!(cause(&RIGHT.to_uppercase(), RIGHT), None);
        assert_eq!(cause(&RIGHT[1..], RIGHT), None);
        assert_eq!(cause(&RIGHT.chars().rev().collect::<String>(), RIGHT), None);
        assert_eq!(cause("", RIGHT), None);
    }

    #[test]
    fn respects_case_in_base64() {
        let right = "Xa8qk0Wl3JzN5m2vYp7tQe1sHgU=";
        assert_eq!(cause(&right.replace('W', "w"), right).map(|cause| cause.detail).as_deref(), Some("`w` at 7 should be `W`"));
    }
}
