//! The `authorization` header: reading and writing it.

use std::array;
use std::borrow::Cow;

use memchr::memchr_iter;

use super::VerifyError;
use super::incoming::{HeaderProblem, single};
use super::inputs::SignedScope;
use super::scheme::SchemeDescriptor;
use crate::wire::{Request, cut, is_token};

/// The parameters of an `authorization` header.
pub(super) struct Parameters<'a> {
    /// The access key id, with its scope where the scheme has one.
    pub(super) credential: &'a str,
    /// The names of the signed headers in lower case, in the caller's order.
    pub(super) signed_headers: Vec<Cow<'a, str>>,
    /// The signature.
    pub(super) signature: &'a str,
}

/// A credential, taken apart: `AK`, or `AK/20261122/cn-beijing/id/request`.
pub(super) struct Credential<'a> {
    /// The access key id.
    pub(super) key_id: &'a str,
    /// The scope, where the scheme has one.
    pub(super) scope: Option<SignedScope<'a>>,
}

/// Returns the header's value, which must be there once.
pub(super) fn value(request: &Request) -> Result<&str, VerifyError> {
    match single(&request.headers, "authorization") {
        Ok("") | Err(HeaderProblem::Absent) => Err(VerifyError::NoCredentials),
        Ok(value) => Ok(value),
        Err(problem) => Err(malformed(problem.describe("authorization header"))),
    }
}

pub(super) fn malformed(problem: impl Into<String>) -> VerifyError {
    VerifyError::Malformed(problem.into())
}

impl SchemeDescriptor {
    /// Reads the header's value.
    pub(super) fn read<'a>(&self, value: &'a str) -> Result<Parameters<'a>, VerifyError> {
        let parameters = value.strip_prefix(self.algorithm).and_then(|rest| rest.strip_prefix(' '));
        // What stands there instead is not repeated: it may be somebody's token.
        let parameters = parameters.ok_or_else(|| malformed(format!("it does not begin with `{} `", self.algorithm)))?;
        let (credential, list) = self.parameters;
        let [credential, signed_headers, signature] = find(parameters, [credential, list, "Signature"]);
        Ok(Parameters { credential: credential?, signed_headers: header_names(signed_headers?)?, signature: signature? })
    }

    /// Writes the header.
    pub(super) fn write(&self, credential: &str, signed_headers: &str, signature: &str) -> String {
        let Self { algorithm, parameters: (name, list), separator, .. } = self;
        [algorithm, " ", name, "=", credential, separator, list, "=", signed_headers, separator, "Signature=", signature].concat()
    }
}

/// Returns the values of the parameters of these names.
fn find<'a>(parameters: &'a str, names: [&str; 3]) -> [Result<&'a str, VerifyError>; 3] {
    let (mut found, mut start) = ([(0, ""); 3], 0);
    for end in memchr_iter(b',', parameters.as_bytes()).chain([parameters.len()]) {
        let piece = parameters[start..end].trim_ascii().split_once('=');
        start = end + 1;
        if let Some((name, value)) = piece
            && let Some(at) = names.iter().position(|own| *own == name)
        {
            found[at] = (found[at].0 + 1, value);
        }
    }
    array::from_fn(|at| require_single(names[at], found[at]))
}

/// Returns the value of a parameter that must be there once and have one.
fn require_single<'a>(name: &str, (count, value): (usize, &'a str)) -> Result<&'a str, VerifyError> {
    match (count, value) {
        (0, _) => Err(malformed(format!("no `{name}=`"))),
        (1, "") => Err(malformed(format!("`{name}=` is empty"))),
        (1, value) => Ok(value),
        _ => Err(malformed(format!("more than one `{name}=`"))),
    }
}

fn header_names(list: &str) -> Result<Vec<Cow<'_, str>>, VerifyError> {
    let mut names = Vec::with_capacity(16);
    let mut rest = Some(list);
    while let Some(list) = rest {
        let (name, more) = cut(list, b';');
        if !is_token(name) {
            return Err(malformed("`SignedHeaders=` is not a list of header names with `;` between them"));
        }
        let has_upper = name.bytes().any(|byte| byte.is_ascii_uppercase());
        names.push(if has_upper { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) });
        rest = (name.len() < list.len()).then_some(more);
    }
    Ok(names)
}

impl<'a> Credential<'a> {
    /// Takes a credential apart whose scope ends in `terminator`, if it has one.
    pub(super) fn read(credential: &'a str, terminator: Option<&str>) -> Result<Self, VerifyError> {
        let Some(terminator) = terminator else { return Ok(Self { key_id: credential, scope: None }) };
        let mut pieces = credential.rsplitn(5, '/');
        let mut next =
            || pieces.next().ok_or_else(|| malformed(format!("the credential is not `key id/date/region/service/{terminator}`")));
        let (last, service, region, day, key_id) = (next()?, next()?, next()?, next()?, next()?);
        if last != terminator {
            return Err(malformed(format!("the credential's scope does not end in `/{terminator}`")));
        }
        let text = Cow::Borrowed(&credential[key_id.len() + 1..]);
        Ok(Self { key_id, scope: Some(SignedScope { text, rounds: [day, region, service, last] }) })
    }
}

impl SignedScope<'_> {
    /// Requires the day of the scope to be the day of the request's date.
    pub(super) fn check_day(&self, date: &str) -> Result<(), VerifyError> {
        let holds = date.get(..8) == Some(self.rounds[0]);
        if holds { Ok(()) } else { Err(malformed("the credential's date is not the day of the request's date")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::auth::Scheme;

    /// The scheme of the tests: `SDK-HMAC-SHA256 Access=..., SignedHeaders=..., Signature=...`.
    fn scheme() -> &'static SchemeDescriptor {
        Scheme::SdkHmac.descriptor().unwrap()
    }

    /// Returns a header with the scheme's algorithm in place of `ALG`.
    fn written(value: &str) -> String {
        value.replace("ALG", scheme().algorithm)
    }

    fn request(value: &str) -> Request {
        Request { headers: [("Authorization", value)].into_iter().collect(), ..Request::default() }
    }

    fn refusal(header: &str) -> String {
        let request = request(&written(header));
        value(&request).and_then(|value| scheme().read(value)).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn reads_what_it_writes() {
        let header = scheme().write("AK", "host;x-date", "00ff");
        let claim = scheme().read(&header).unwrap();
        assert_eq!((claim.credential, claim.signature), ("AK", "00ff"));
        assert_eq!(claim.signed_headers, ["host", "x-date"]);
    }

    #[test]
    fn white_space_order_and_case_of_names_are_the_callers() {
        let header = written("ALG  Signature=00, SignedHeaders=Host ,Access=AK,Other=1");
        let claim = scheme().read(&header).unwrap();
        assert_eq!((claim.credential, claim.signature, claim.signed_headers), ("AK", "00", vec![Cow::from("host")]));
    }

    #[test]
    fn says_what_is_wrong() {
        for (value, wrong) in [
            ("", "no credentials in the request"),
            ("Bearer tok", "does not begin with `SDK-HMAC-SHA256 `"),
            ("ALG", "does not begin with `SDK-HMAC-SHA256 `"),
            ("ALG SignedHeaders=a, Signature=0", "no `Access=`"),
            ("ALG Access=, SignedHeaders=a, Signature=0", "`Access=` is empty"),
            ("ALG Access=a, Access=b, SignedHeaders=a, Signature=0", "more than one `Access=`"),
            ("ALG Access=a, SignedHeaders=a;;b, Signature=0", "not a list of header names"),
            ("ALG Access=a, SignedHeaders=a b, Signature=0", "not a list of header names"),
            ("ALG Access=a, SignedHeaders=a", "no `Signature=`"),
        ] {
            assert!(refusal(value).contains(wrong), "{value}: {}", refusal(value));
        }
        assert!(!refusal("Bearer tok").contains("tok"), "a foreign token is not repeated");
    }

    #[test]
    fn requires_a_single_header() {
        let headers = [("authorization", "ALG a"), ("Authorization", "ALG b")].into_iter().collect();
        let twice = Request { headers, ..Request::default() };
        assert_eq!(value(&twice), Err(malformed("more than one authorization header")));
        assert_eq!(value(&Request::default()), Err(VerifyError::NoCredentials));
    }

    #[test]
    fn takes_a_scope_apart() {
        let scoped = Credential::read("A/K/20261122///sdk_request", Some("sdk_request")).unwrap();
        let scope = scoped.scope.as_ref().unwrap();
        assert_eq!((scoped.key_id, &*scope.text, scope.rounds), ("A/K", "20261122///sdk_request", ["20261122", "", "", "sdk_request"]));
        assert_eq!(scope.check_day("20261122T000000Z"), Ok(()));
        assert!(scope.check_day("20261123T000000Z").is_err() && scope.check_day("密").is_err());
        for wrong in ["AK", "AK/1/2/sdk_request", "AK/1/2/3/request", ""] {
            assert!(Credential::read(wrong, Some("sdk_request")).is_err(), "{wrong}");
        }
    }
}
