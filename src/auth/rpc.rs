//! Alibaba Cloud's RPC signature, V1: the text that it signs, and the parameters that carry it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::authorization::malformed;
use super::canonical::{self, Pair};
use super::hash::EncodedDigest;
use super::inputs::{Claim, SignatureInputs};
use super::scheme::{QueryNames, SchemeDescriptor};
use super::{Scheme, VerifyError};
use crate::wire::{Request, encode, encode_to};

/// The parameter with the signature, which alone is not signed.
const SIGNATURE: &str = "Signature";

/// Reads the parameters of the signature.
pub(super) fn read<'a>(name: Scheme, names: &QueryNames, request: &'a Request) -> Result<Claim<'a>, VerifyError> {
    let parameters = Parameters::of(request);
    let key_id = parameters.text(names.credential)?.ok_or(VerifyError::NoCredentials)?;
    let scheme = scheme_of(&parameters)?;
    let (signature, bytes) = (parameters.needed(names.signature)?, scheme.hash_function.digest_bytes());
    if !STANDARD.decode(&*signature).is_ok_and(|signature| signature.len() == bytes) {
        return Err(malformed(format!("`{}` is not the Base64 of {bytes} bytes", names.signature)));
    }
    let date = parameters.text(names.date)?.ok_or_else(|| VerifyError::MalformedDate(format!("no {}", names.date)))?;
    let (signed, payload) = (Vec::new(), EncodedDigest::Text("".into()));
    Ok(Claim { inputs: SignatureInputs { name, scheme, key_id, date, scope: None, signed, payload }, signature })
}

/// Returns the security token of a request, empty where it has none.
pub(super) fn security_token<'a>(names: &QueryNames, request: &'a Request) -> Result<Cow<'a, str>, VerifyError> {
    Parameters::of(request).text(names.token).map(Option::unwrap_or_default)
}

/// Returns the scheme of the signature method that a request names.
fn scheme_of(parameters: &Parameters<'_>) -> Result<&'static SchemeDescriptor, VerifyError> {
    let (version, method) = (parameters.needed("SignatureVersion")?, parameters.needed("SignatureMethod")?);
    let scheme = SchemeDescriptor::by_rpc_method(&method, &version);
    scheme.ok_or_else(|| malformed(format!("no signature has the method `{method}` in version `{version}`")))
}

/// Returns the text that an RPC request to Alibaba Cloud should have signed, whether or not it carries a signature.
pub fn rpc_string_to_sign(request: &Request) -> String {
    canonical::text(string_to_sign(request))
}

/// Returns the method, a slash, and the sorted parameters, each encoded, then all of them once more as one text.
pub(super) fn string_to_sign(request: &Request) -> Vec<u8> {
    let Parameters(mut pairs) = Parameters::of(request);
    pairs.retain(|(name, _)| **name != *SIGNATURE.as_bytes());
    pairs.sort_unstable();
    let mut query = Vec::with_capacity(512);
    canonical::encode_query(&mut query, &pairs);
    let mut out = [&request.method, "&", &encode("/"), "&"].concat().into_bytes();
    encode_to(&mut out, &query);
    out
}

/// The parameters of a request, decoded: those of the query, and behind them those of a form body.
struct Parameters<'a>(Vec<Pair<'a>>);

impl<'a> Parameters<'a> {
    fn of(request: &'a Request) -> Self {
        let mut pairs = canonical::parameters(request.query());
        pairs.extend(canonical::parameters(request.form_body().unwrap_or_default()));
        Self(pairs)
    }

    /// Returns the value of a parameter that may be there once.
    fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, VerifyError> {
        let mut values = self.0.iter().filter(|(own, _)| **own == *name.as_bytes()).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() {
            return Err(malformed(format!("more than one `{name}`")));
        }
        Ok(value.map(|value| match value {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(canonical::text(bytes.clone())),
        }))
    }

    fn needed(&self, name: &str) -> Result<Cow<'a, str>, VerifyError> {
        self.text(name)?.ok_or_else(|| malformed(format!("no `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{AccessKey, verify};

    /// The worked example of the vendor's page on RPC signatures (`DescribeRegions`, `testid`, `testsecret`).
    const EXAMPLE: &str = "/?Timestamp=2016-02-23T12%3A46%3A24Z&Format=XML&AccessKeyId=testid&Action=DescribeRegions\
                           &SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version=2014-05-26\
                           &SignatureVersion=1.0";

    fn judged(request: &Request, token: Option<&str>) -> Result<String, VerifyError> {
        let token = token.map(|token| token.to_owned().into());
        let key = AccessKey { id: "testid".into(), secret: "testsecret".to_owned().into(), token, project_id: None };
        let keys = |id: &str| (id == key.id).then(|| (&key).into());
        verify(Scheme::AcsRpc, request, &keys, "2016-02-23T12:46:24Z".parse().unwrap()).map(|computed| computed.trace().signature)
    }

    fn get(target: String) -> Request {
        Request { method: "GET".into(), target, ..Request::default() }
    }

    #[test]
    fn verifies_the_vendors_example() {
        let request = get(format!("{EXAMPLE}&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D"));
        assert_eq!(judged(&request, None), Ok("OLeaidS1JvxuMvnyHOwuJ+uX5qY=".into()));
        let other = Request { method: "POST".into(), ..request };
        assert!(matches!(judged(&other, None), Err(VerifyError::Mismatch(_))));
    }

    #[test]
    fn parameters_of_the_query_and_of_a_form_are_one_list() {
        let text = "POST&%2F&A%3D%25E5%2590%258D%2520%252A~%26B.1%3D";
        let form = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let request = |body: &'static str, header| Request {
            method: "POST".into(),
            target: "/?B.1=&Signature=x".into(),
            headers: [header].into_iter().collect(),
            body: body.into(),
        };
        assert_eq!(rpc_string_to_sign(&request("A=%E5%90%8D+*%7E", form)), text);
        assert_eq!(rpc_string_to_sign(&request("A=%E5%90%8D", ("content-type", "application/json"))), "POST&%2F&B.1%3D");
    }

    #[test]
    fn refuses_what_is_no_signature_of_this_version() {
        let refusal = |target: String| judged(&get(target), None).unwrap_err();
        let whole = format!("{EXAMPLE}&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D");
        assert_eq!(refusal("/".into()), VerifyError::NoCredentials);
        assert_eq!(refusal(EXAMPLE.into()), malformed("no `Signature`"));
        assert_eq!(refusal(whole.replace("%2B", "+")), malformed("`Signature` is not the Base64 of 20 bytes"));
        assert_eq!(refusal(format!("{whole}&Signature=a")), malformed("more than one `Signature`"));
        assert!(matches!(refusal(whole.replace("=1.0", "=2.0")), VerifyError::Malformed(_)));
        assert!(matches!(refusal(whole.replace("-SHA1", "-MD5")), VerifyError::Malformed(_)));
        assert!(matches!(refusal(whole.replace("24Z", "24.000Z")), VerifyError::MalformedDate(_)));
        assert_eq!(refusal(whole.replace("T12", "T11")), VerifyError::Stale(-3600));
        assert_eq!(refusal(whole.replace("testid", "other")), VerifyError::UnknownKey("other".into()));
        assert_eq!(judged(&get(whole.clone()), Some("tok")), Err(VerifyError::MissingSecurityToken));
        assert_eq!(judged(&get(format!("{whole}&SecurityToken=x")), Some("tok")), Err(VerifyError::WrongSecurityToken));
        assert!(matches!(judged(&get(format!("{whole}&SecurityToken=tok")), Some("tok")), Err(VerifyError::Mismatch(_))));
    }
}
