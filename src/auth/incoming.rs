//! The checks of a request that is verified, in their order.

use std::borrow::Cow;
use std::fmt;

use subtle::ConstantTimeEq;

use super::scheme::SchemeDescriptor;
use super::{AccessKey, KeyLookup, KnownKey, VerifyError};
use crate::wire::Headers;

/// The reason why a header that must occur exactly once cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderProblem {
    Absent,
    Repeated,
    NotText,
}

impl HeaderProblem {
    /// Returns the problem as a sentence about the header.
    pub(super) fn describe(self, name: impl fmt::Display) -> String {
        match self {
            Self::Absent => format!("no {name}"),
            Self::Repeated => format!("more than one {name}"),
            Self::NotText => format!("{name} is not UTF-8"),
        }
    }
}

/// Returns the value, without white space around it, of a header that is there exactly once.
pub(super) fn single<'a>(headers: &'a Headers, name: &str) -> Result<&'a str, HeaderProblem> {
    let mut values = headers.get_all(name);
    let value = values.next().ok_or(HeaderProblem::Absent)?;
    if values.next().is_some() {
        return Err(HeaderProblem::Repeated);
    }
    let text = std::str::from_utf8(value).map_err(|_| HeaderProblem::NotText)?;
    Ok(text.trim_ascii())
}

/// Returns the text of the date header.
pub(super) fn date<'a>(headers: &'a Headers, name: &str) -> Result<&'a str, VerifyError> {
    single(headers, name).map_err(|problem| VerifyError::MalformedDate(problem.describe(name)))
}

/// Returns the key pair of an id.
pub(super) fn key<'k>(keys: KeyLookup<'k>, id: &str) -> Result<KnownKey<'k>, VerifyError> {
    keys(id).ok_or_else(|| VerifyError::UnknownKey(id.to_owned()))
}

/// Compares the security tokens that a request carries with the key's; an empty one is none, and a permanent key has none.
pub(super) fn security_token<'t>(sent: impl Iterator<Item = &'t [u8]>, key: &AccessKey) -> Result<(), VerifyError> {
    let mut sent = sent.map(<[u8]>::trim_ascii).filter(|value| !value.is_empty()).peekable();
    match (key.security_token(), sent.peek().is_some()) {
        (None, false) => Ok(()),
        (Some(_), false) => Err(VerifyError::MissingSecurityToken),
        (Some(token), true) if sent.all(|value| constant_time_eq(value, token.trim_ascii().as_bytes())) => Ok(()),
        _ => Err(VerifyError::WrongSecurityToken),
    }
}

/// Requires the headers to be signed without which the gateway refuses a list, and each that begins as the scheme's own do. SDKs differ in
/// what they sign beyond that.
pub(super) fn require_all_signed(scheme: &SchemeDescriptor, headers: &Headers, signed: &[Cow<'_, str>]) -> Result<(), VerifyError> {
    scheme.required.iter().try_for_each(|name| require_signed(signed, name))?;
    if scheme.own.is_none() {
        return Ok(());
    }
    headers.names().filter(|name| scheme.is_own(name)).try_for_each(|name| require_signed(signed, name))
}

fn require_signed(signed: &[Cow<'_, str>], name: impl AsRef<[u8]>) -> Result<(), VerifyError> {
    let name = name.as_ref();
    // Most names come in lower case, and are found as they stand.
    let is_signed = |is_it: fn(&[u8], &[u8]) -> bool| signed.iter().any(|one| is_it(one.as_bytes(), name));
    if is_signed(|one, name| one == name) || is_signed(<[u8]>::eq_ignore_ascii_case) {
        return Ok(());
    }
    Err(VerifyError::Unsigned(String::from_utf8_lossy(name).to_ascii_lowercase()))
}

/// Returns whether every value of the header, if it is there at all, is the payload's hash.
pub(super) fn payload_holds(headers: &Headers, name: &str, hash: &[u8]) -> bool {
    headers.get_all(name).all(|value| constant_time_eq(value.trim_ascii(), hash))
}

/// Compares in a time that depends on the lengths alone.
pub(super) fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    let ((ones, one_rest), (others, other_rest)) = (one.as_chunks(), other.as_chunks());
    let eights = ones.iter().zip(others).map(|(one, other)| u64::from_ne_bytes(*one).ct_eq(&u64::from_ne_bytes(*other)));
    one.len() == other.len() && bool::from(eights.fold(one_rest.ct_eq(other_rest), |so_far, eight| so_far & eight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Scheme;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        fields.iter().copied().collect()
    }

    fn key_with(token: Option<&str>) -> AccessKey {
        AccessKey {
            id: "AK".into(),
            secret: "secret".to_owned().into(),
            token: token.map(|token| token.to_owned().into()),
            project_id: None,
        }
    }

    #[test]
    fn accepts_only_the_keys_security_token() {
        let check = |sent: &[(&str, &str)], token| security_token(headers(sent).get_all("x-t"), &key_with(token));
        assert_eq!(check(&[], None), Ok(()));
        assert_eq!(check(&[("X-T", "")], None), Ok(()));
        assert_eq!(check(&[("X-T", " tok ")], Some("tok")), Ok(()));
        assert_eq!(check(&[], Some("tok")), Err(VerifyError::MissingSecurityToken));
        assert_eq!(check(&[("x-t", "")], Some("tok")), Err(VerifyError::MissingSecurityToken));
        assert_eq!(check(&[("x-t", "toc")], Some("tok")), Err(VerifyError::WrongSecurityToken));
        assert_eq!(check(&[("x-t", "tok"), ("x-t", "toc")], Some("tok")), Err(VerifyError::WrongSecurityToken));
        assert_eq!(check(&[("x-t", "tok")], None), Err(VerifyError::WrongSecurityToken));
        assert_eq!(check(&[("x-t", "tok")], Some("")), Err(VerifyError::WrongSecurityToken));
    }

    #[test]
    fn applies_a_declared_hash_to_repetitions() {
        let holds = |sent: &[(&str, &str)]| payload_holds(&headers(sent), "x-h", b"abc");
        assert!(holds(&[]) && holds(&[("X-H", "abc")]) && holds(&[("x-h", "abc"), ("x-h", "abc")]));
        assert!(!holds(&[("x-h", "abd")]) && !holds(&[("x-h", "abc"), ("x-h", "")]));
    }

    #[test]
    fn requires_a_single_date() {
        for headers in [headers(&[("date", "a"), ("Date", "b")]), Headers::new()] {
            assert!(matches!(date(&headers, "date"), Err(VerifyError::MalformedDate(_))));
        }
    }

    #[test]
    fn detects_difference_at_any_byte() {
        let text = b"0123456789abcdef0123456789a";
        for length in 0..text.len() {
            assert!(constant_time_eq(&text[..length], &text[..length]) && !constant_time_eq(&text[..length], &text[..=length]));
            for at in 0..length {
                let mut other = text[..length].to_vec();
                other[at] ^= 1;
                assert!(!constant_time_eq(&text[..length], &other), "{length} bytes, different at {at}");
            }
        }
    }

    #[test]
    fn trims_a_single_header() {
        assert_eq!(single(&headers(&[("A", " b ")]), "a"), Ok("b"));
        assert_eq!(single(&headers(&[]), "a").map_err(|problem| problem.describe("a")), Err("no a".to_owned()));
    }

    #[test]
    fn requires_signed_gateway_headers() {
        let headers = headers(&[("Host", "a"), ("X-Acs-Action", "b"), ("Content-Type", "c")]);
        let scheme = Scheme::Acs3.descriptor().unwrap();
        let check = |signed: &[&str]| require_all_signed(scheme, &headers, &signed.iter().copied().map(Cow::from).collect::<Vec<_>>());
        assert_eq!(check(&["host", "x-acs-action"]), Ok(()));
        assert_eq!(check(&["x-acs-action"]), Err(VerifyError::Unsigned("host".into())));
        assert_eq!(check(&["host"]), Err(VerifyError::Unsigned("x-acs-action".into())));
    }
}
