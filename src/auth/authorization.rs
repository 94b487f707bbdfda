//! The `authorization` header: reading and writing it.

use std::array;
use std::borrow::Cow;

use memchr::memchr_iter;

use super::VerifyError;
use super::hash::HashFunction;
use super::incoming::{HeaderProblem, single};
use crate::wire::{Request, cut};

/// The layout of a scheme's header: `ALGORITHM Credential=...,SignedHeaders=a;b,Signature=...`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The first word.
    pub(super) algorithm: &'static str,
    /// The hash that the algorithm names.
    pub(super) hash: HashFunction,
    /// The name of the parameter with the access key id: `Credential` or `Access`.
    pub(super) credential: &'static str,
    /// The separator written between two parameters; any white space is accepted when they are read.
    pub(super) separator: &'static str,
}

/// A caller's claim in its `authorization` header.
pub(super) struct Claim<'a> {
    /// The access key id, with its scope where the scheme has one.
    pub(super) credential: &'a str,
    /// The names of the signed headers in lower case, in the caller's order.
    pub(super) signed_headers: Vec<Cow<'a, str>>,
    /// The signature.
    pub(super) signature: &'a str,
}

/// A credential with a scope, taken apart: `AK/20261122/cn-beijing/id/request`.
pub(super) struct ScopedCredential<'a> {
    /// The access key id.
    pub(super) key_id: &'a str,
    /// All after the id: `20261122/cn-beijing/id/request`.
    pub(super) scope: &'a str,
    /// The day of the signature.
    pub(super) day: &'a str,
    /// The region; may be empty.
    pub(super) region: &'a str,
    /// The service; may be empty.
    pub(super) service: &'a str,
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

impl Layout {
    /// Reads a request's header.
    pub(super) fn read<'a>(&self, request: &'a Request) -> Result<Claim<'a>, VerifyError> {
        self.read_value(value(request)?)
    }

    /// Reads the header's value.
    pub(super) fn read_value<'a>(&self, value: &'a str) -> Result<Claim<'a>, VerifyError> {
        let parameters = value.strip_prefix(self.algorithm).and_then(|rest| rest.strip_prefix(' '));
        // What stands there instead is not repeated: it may be somebody's token.
        let parameters = parameters.ok_or_else(|| malformed(format!("it does not begin with `{} `", self.algorithm)))?;
        let [credential, signed_headers, signature] = find(parameters, [self.credential, "SignedHeaders", "Signature"]);
        Ok(Claim { credential: credential?, signed_headers: header_names(signed_headers?)?, signature: signature? })
    }

    /// Writes the header.
    pub(super) fn write(&self, credential: &str, signed_headers: &str, signature: &str) -> String {
        let Self { algorithm, credential: name, separator, .. } = self;
        [algorithm, " ", name, "=", credential, separator, "SignedHeaders=", signed_headers, separator, "Signature=", signature].concat()
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
    array::from_fn(|at| only(names[at], found[at]))
}

/// Returns the value of a parameter that must be there once and have one.
fn only<'a>(name: &str, (count, value): (usize, &'a str)) -> Result<&'a str, VerifyError> {
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
        names.push(match letters(name) {
            FOREIGN => return Err(malformed("`SignedHeaders=` is not a list of header names with `;` between them")),
            LOWER => Cow::Borrowed(name),
            _ => Cow::Owned(name.to_ascii_lowercase()),
        });
        rest = (name.len() < list.len()).then_some(more);
    }
    Ok(names)
}

/// A letter, or a name of such letters, that a header name may have as it stands.
const LOWER: u8 = 0;

/// The same with upper case in it.
const UPPER: u8 = 1;

/// A byte, or a name with such bytes, that no header name has.
const FOREIGN: u8 = 3;

/// The class of each byte in a header name (RFC 9110, section 5.6.2).
const LETTERS: [u8; 256] = {
    let (mut table, mut byte) = ([FOREIGN; 256], 0_u8);
    while byte < 128 {
        table[byte as usize] = match byte {
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' | b'0'..=b'9' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~' => LOWER,
            _ => FOREIGN,
        };
        byte += 1;
    }
    table
};

/// Returns what a name is made of; one without any letters is no name.
fn letters(name: &str) -> u8 {
    let worst = name.bytes().fold(LOWER, |worst, byte| worst | LETTERS[usize::from(byte)]);
    if name.is_empty() { FOREIGN } else { worst }
}

impl<'a> ScopedCredential<'a> {
    /// Takes a credential apart whose scope ends in `terminator`.
    pub(super) fn read(credential: &'a str, terminator: &str) -> Result<Self, VerifyError> {
        let mut key_id = credential;
        let mut next = || {
            let slash = key_id.bytes().rposition(|byte| byte == b'/');
            let slash = slash.ok_or_else(|| malformed(format!("the credential is not `key id/date/region/service/{terminator}`")))?;
            let piece = &key_id[slash + 1..];
            key_id = &key_id[..slash];
            Ok(piece)
        };
        let (last, service, region, day) = (next()?, next()?, next()?, next()?);
        if last != terminator {
            return Err(malformed(format!("the credential's scope does not end in `/{terminator}`")));
        }
        Ok(Self { key_id, scope: &credential[key_id.len() + 1..], day, region, service })
    }

    /// Demands that the day of the scope is the day of the request's date.
    pub(super) fn is_of(&self, date: &str) -> Result<(), VerifyError> {
        if date.get(..8) == Some(self.day) { Ok(()) } else { Err(malformed("the credential's date is not the day of the request's date")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { algorithm: "ALG", hash: HashFunction::Sha256, credential: "Access", separator: ", " };

    fn request(value: &str) -> Request {
        Request { headers: [("Authorization", value)].into_iter().collect(), ..Request::default() }
    }

    fn refusal(value: &str) -> String {
        LAYOUT.read(&request(value)).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn reads_what_it_writes() {
        let request = request(&LAYOUT.write("AK", "host;x-date", "00ff"));
        let claim = LAYOUT.read(&request).unwrap();
        assert_eq!((claim.credential, claim.signature), ("AK", "00ff"));
        assert_eq!(claim.signed_headers, ["host", "x-date"]);
    }

    #[test]
    fn white_space_order_and_case_of_names_are_the_callers() {
        let request = request("ALG  Signature=00, SignedHeaders=Host ,Access=AK,Other=1");
        let claim = LAYOUT.read(&request).unwrap();
        assert_eq!((claim.credential, claim.signature, claim.signed_headers), ("AK", "00", vec![Cow::from("host")]));
    }

    #[test]
    fn says_what_is_wrong() {
        for (value, wrong) in [
            ("", "no credentials in the request"),
            ("Bearer tok", "does not begin with `ALG `"),
            ("ALG", "does not begin with `ALG `"),
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
    fn a_header_is_there_once() {
        let headers = [("authorization", "ALG a"), ("Authorization", "ALG b")].into_iter().collect();
        let twice = Request { headers, ..Request::default() };
        assert_eq!(value(&twice), Err(malformed("more than one authorization header")));
        assert_eq!(value(&Request::default()), Err(VerifyError::NoCredentials));
    }

    #[test]
    fn takes_a_scope_apart() {
        let scoped = ScopedCredential::read("A/K/20261122///sdk_request", "sdk_request").unwrap();
        assert_eq!((scoped.key_id, scoped.scope, scoped.day), ("A/K", "20261122///sdk_request", "20261122"));
        assert_eq!((scoped.region, scoped.service), ("", ""));
        assert_eq!(scoped.is_of("20261122T000000Z"), Ok(()));
        assert!(scoped.is_of("20261123T000000Z").is_err() && scoped.is_of("密").is_err());
        for wrong in ["AK", "AK/1/2/sdk_request", "AK/1/2/3/request", ""] {
            assert!(ScopedCredential::read(wrong, "sdk_request").is_err(), "{wrong}");
        }
    }
}
