//! Alibaba Cloud's older ROA signature: the text that it signs, and its verification.

use std::borrow::Cow;

use super::authorization::{malformed, value};
use super::canonical::{self, Pair};
use super::hash::EncodedDigest;
use super::inputs::{Claim, SignatureInputs};
use super::scheme::SchemeDescriptor;
use super::{Scheme, VerifyError, incoming};
use crate::wire::{Headers, Request};

/// Reads `acs key id:signature`.
pub(super) fn read<'a>(name: Scheme, scheme: &'static SchemeDescriptor, request: &'a Request) -> Result<Claim<'a>, VerifyError> {
    let claim = value(request)?.strip_prefix(scheme.algorithm).and_then(|claim| claim.trim_ascii().rsplit_once(':'));
    let (key_id, signature) = claim.ok_or_else(|| malformed(format!("it is not `{} key id:signature`", scheme.algorithm)))?;
    let date = incoming::date(&request.headers, scheme.date)?;
    let bare = bare(scheme).filter(|name| request.headers.contains(name)).map(Cow::from);
    let signed = bare.chain(own_headers(scheme, &request.headers).into_iter().map(Cow::from)).collect();
    let payload = EncodedDigest::Text("".into());
    let inputs = SignatureInputs { name, scheme, key_id: key_id.into(), date: date.into(), scope: None, signed, payload };
    Ok(Claim { inputs, signature: signature.into() })
}

/// Returns the headers whose values stand alone on the lines after the method, empty when absent.
fn bare(scheme: &'static SchemeDescriptor) -> impl Iterator<Item = &'static str> {
    scheme.bare.iter().copied().chain([scheme.date])
}

/// Returns method, the bare values, the lines of the scheme's own headers and the resource; a parameter without a value is followed by
/// `empty`: by nothing with the SDK for Python, by `=` with that for Node.
pub(super) fn string_to_sign(scheme: &'static SchemeDescriptor, request: &Request, empty: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    for name in bare(scheme) {
        // One that is repeated counts whole: nothing unsigned stands beside what is signed.
        let values: Vec<&[u8]> = request.headers.get_all(name).map(<[u8]>::trim_ascii).collect();
        out.extend_from_slice(&values.join(&b','));
        out.push(b'\n');
    }
    for name in own_headers(scheme, &request.headers) {
        canonical::write_header(scheme, &mut out, &name, &request.headers);
    }
    push_resource(&mut out, request, empty);
    out
}

/// Returns the names of the scheme's own headers in lower case, sorted.
fn own_headers(scheme: &SchemeDescriptor, headers: &Headers) -> Vec<String> {
    let own = headers.iter().map(|(name, _)| name).filter(|name| scheme.is_own(name.as_bytes()));
    let mut own: Vec<String> = own.map(str::to_ascii_lowercase).collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// Writes the path and the sorted query in plain text, not encoded.
fn push_resource(out: &mut Vec<u8>, request: &Request, empty: &str) {
    let mut pairs: Vec<Pair<'_>> = canonical::parameters(request.query());
    pairs.sort_unstable();
    out.extend_from_slice(request.path().as_bytes());
    for (at, (name, value)) in pairs.iter().enumerate() {
        out.push(if at == 0 { b'?' } else { b'&' });
        out.extend_from_slice(name);
        let equals = if value.is_empty() { empty } else { "=" };
        out.extend_from_slice(equals.as_bytes());
        out.extend_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::auth::scheme::HashFunction;
    use crate::auth::{AccessKey, DateFormat, verify};

    fn signed_text(request: &Request, empty: &str) -> String {
        canonical::text(string_to_sign(Scheme::Acs1.descriptor().unwrap(), request, empty))
    }

    #[test]
    fn writes_a_missing_value_in_two_ways() {
        let request = Request { method: "GET".into(), target: "/p?b=%E5%90%8D+a%2A&A=".into(), ..Request::default() };
        assert_eq!(["", "="].map(|empty| signed_text(&request, empty)), ["GET\n\n\n\n\n/p?A&b=名 a*", "GET\n\n\n\n\n/p?A=&b=名 a*"]);
    }

    #[test]
    fn signs_all_values_of_a_repeated_header() {
        let mut request = Request { method: "POST".into(), target: "/p".into(), ..Request::default() };
        request.headers.push("Accept", "a");
        assert_eq!(signed_text(&request, ""), "POST\na\n\n\n\n/p");
        request.headers.push("accept", "b");
        assert_eq!(signed_text(&request, ""), "POST\na,b\n\n\n\n/p");
    }

    #[test]
    fn an_empty_value_verifies_in_either_way() {
        let now: Timestamp = "2026-11-22T00:39:54Z".parse().unwrap();
        let key = AccessKey { id: "AK".into(), secret: "s".to_owned().into(), token: None, project_id: None };
        let keys = |_: &str| Some((&key).into());
        let date = DateFormat::Http.write(now);
        let headers: Headers = [("Date", date.as_str()), ("X-Acs-B", " 2 "), ("x-acs-a", "1")].into_iter().collect();
        let plain = Request { method: "GET".into(), target: "/p?b=&a=%20".into(), headers, ..Request::default() };
        for resource in ["/p?a= &b", "/p?a= &b="] {
            let text = format!("GET\n\n\n\n{date}\nx-acs-a:1\nx-acs-b:2\n{resource}");
            let mut request = plain.clone();
            let signature = HashFunction::Sha1.base64_hmac(b"s", text.as_bytes());
            request.headers.push("authorization", format!("acs AK:{signature}"));
            assert_eq!(verify(Scheme::Acs1, &request, &keys, now).map(|computed| computed.trace().string_to_sign), Ok(text));
        }
    }
}
