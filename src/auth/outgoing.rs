//! What signing needs of headers: texts that can stand in one, headers that are added, and the choice of those that are signed.

use std::borrow::Cow;

use super::SignError;
use crate::wire::Headers;

/// Refuses a text that would break a header apart; `what` names it in the error.
pub(super) fn check_text(what: &'static str, text: &str) -> Result<(), SignError> {
    let breaks = |byte: u8| byte == 0x7f || (byte < b' ' && byte != b'\t');
    if text.bytes().any(breaks) { Err(SignError::Unprintable(what)) } else { Ok(()) }
}

/// Adds a header unless the caller has one of this name.
pub(super) fn add(headers: &mut Headers, name: &str, value: &str) {
    if !headers.contains(name) {
        headers.push(name, value);
    }
}

/// Returns the value of a header that is certain to be there, as text.
pub(super) fn text(headers: &Headers, name: &str) -> String {
    String::from_utf8_lossy(headers.get(name).unwrap_or_default()).trim_ascii().to_owned()
}

/// Returns which headers are signed: those that the rule names or the caller asks for, in the order of their lower-case names.
pub(super) fn select(headers: &Headers, rule: impl Fn(&str) -> bool, also: &[String]) -> Vec<Cow<'static, str>> {
    let requested = |name: &str| name != "authorization" && also.iter().any(|one| one.eq_ignore_ascii_case(name));
    let names = headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    let mut signed: Vec<String> = names.filter(|name| rule(name) || requested(name)).collect();
    signed.sort_unstable();
    signed.dedup();
    signed.into_iter().map(Cow::Owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_header_of_the_caller() {
        let mut headers: Headers = [("X-Date", "own")].into_iter().collect();
        add(&mut headers, "x-date", "ours");
        add(&mut headers, "x-new", "ours");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("X-Date", b"own".as_slice()), ("x-new", b"ours".as_slice())]);
    }

    #[test]
    fn signs_by_rule_and_by_request_what_is_there() {
        let headers: Headers = [("X-B", ""), ("Host", ""), ("x-b", ""), ("Accept", ""), ("Authorization", "")].into_iter().collect();
        let also = ["ACCEPT".to_owned(), "absent".to_owned(), "authorization".to_owned()];
        assert_eq!(select(&headers, |name| name == "host" || name == "x-b", &also), ["accept", "host", "x-b"]);
    }

    #[test]
    fn refuses_control_characters() {
        for text in ["a\r\nb", "a\n", "\0", "\u{7f}"] {
            assert_eq!(check_text("nonce", text), Err(SignError::Unprintable("nonce")), "{text:?}");
        }
        assert_eq!(check_text("nonce", "a b\t密+/="), Ok(()));
    }
}
