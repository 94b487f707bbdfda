//! Alibaba Cloud's RPC signature, V1: all parameters of the query and of a form body, signed with the secret and a `&`. Verified, never
//! made.
//!
//! Source: Alibaba Cloud "Request syntax and signature method V2 for RPC-style APIs"; aliyun-python-sdk-core and @alicloud/pop-core agree.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::authorization::malformed;
use super::canonical::{self, Pair};
use super::computed_signature::{SignatureInputs, Texts};
use super::date::{self, Format};
use super::hash::{EncodedDigest, hmac_sha1, hmac_sha256};
use super::incoming;
use super::{AccessKey, ComputedSignature, KeyLookup, Scheme, VerifyError};
use crate::wire::{Request, encode, encode_to};

/// The parameter with the signature, which alone is not signed.
const SIGNATURE: &str = "Signature";

/// The hash that a request says that it is signed with.
#[derive(Clone, Copy)]
enum Method {
    Sha1,
    Sha256,
}

pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let parameters = Parameters::of(request);
    let key_id = parameters.text("AccessKeyId")?.ok_or(VerifyError::NoCredentials)?;
    let method = Method::read(&parameters)?;
    let claimed = parameters.needed(SIGNATURE)?;
    if !STANDARD.decode(&*claimed).is_ok_and(|bytes| bytes.len() == method.bytes()) {
        return Err(malformed(format!("`{SIGNATURE}` is not the Base64 of {} bytes", method.bytes())));
    }
    let date = parameters.text("Timestamp")?.ok_or_else(|| VerifyError::MalformedDate("no Timestamp".into()))?;
    date::check_text(&date, "Timestamp", Format::Extended, now)?;
    let key_cache = incoming::key(keys, &key_id)?;
    let token = parameters.text("SecurityToken")?.unwrap_or_default();
    incoming::token_of_key([token.as_bytes()].into_iter(), key_cache.pair())?;
    let bytes = parameters.string_to_sign(&request.method);
    let signature = EncodedDigest::Text(method.sign(key_cache.pair(), &bytes).into());
    let (signed, payload) = (Vec::new(), EncodedDigest::Text("".into()));
    let basis = SignatureInputs { scheme: Scheme::AcsRpc, layout: None, key_id, date, scope: None, signed, payload };
    let computed_signature = ComputedSignature { basis, texts: Texts { bytes, border: 0 }, signature };
    let is_claimed = computed_signature.is(&claimed);
    computed_signature.judge(is_claimed, true)
}

/// Returns the text that a request should have signed.
pub(super) fn string_to_sign(request: &Request) -> String {
    canonical::text(Parameters::of(request).string_to_sign(&request.method))
}

impl Method {
    fn read(parameters: &Parameters<'_>) -> Result<Self, VerifyError> {
        let version = parameters.needed("SignatureVersion")?;
        match (&*parameters.needed("SignatureMethod")?, &*version) {
            ("HMAC-SHA1", "1.0") => Ok(Self::Sha1),
            ("HMAC-SHA256", "1.0") => Ok(Self::Sha256),
            (method, version) => Err(malformed(format!("no signature has the method `{method}` in version `{version}`"))),
        }
    }

    /// Returns the length of a signature before it is written in Base64.
    fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    fn sign(self, key: &AccessKey, text: &[u8]) -> String {
        let key = Zeroizing::new([key.secret.expose().as_bytes(), b"&"].concat());
        match self {
            Self::Sha1 => STANDARD.encode(hmac_sha1(&key, text)),
            Self::Sha256 => STANDARD.encode(*hmac_sha256(&key, text)),
        }
    }
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

    /// Returns the method, a slash, and the sorted parameters, each encoded, then all of them once more as one text.
    fn string_to_sign(&self, method: &str) -> Vec<u8> {
        let mut pairs: Vec<Pair<'_>> = self.0.iter().filter(|(name, _)| **name != *SIGNATURE.as_bytes()).cloned().collect();
        pairs.sort_unstable();
        let mut query = Vec::with_capacity(512);
        canonical::encode_query(&mut query, &pairs);
        let mut out = [method, "&", &encode("/"), "&"].concat().into_bytes();
        encode_to(&mut out, &query);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the vendor's page on RPC signatures (`DescribeRegions`, `testid`, `testsecret`).
    const EXAMPLE: &str = "/?Timestamp=2016-02-23T12%3A46%3A24Z&Format=XML&AccessKeyId=testid&Action=DescribeRegions\
                           &SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version=2014-05-26\
                           &SignatureVersion=1.0";

    fn judged(request: &Request, token: Option<&str>) -> Result<String, VerifyError> {
        let token = token.map(|token| token.to_owned().into());
        let key = AccessKey { id: "testid".into(), secret: "testsecret".to_owned().into(), token, project_id: None };
        let keys = |id: &str| (id == key.id).then(|| (&key).into());
        verify(request, &keys, "2016-02-23T12:46:24Z".parse().unwrap()).map(|computed_signature| computed_signature.trace().signature)
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
        assert_eq!(string_to_sign(&request("A=%E5%90%8D+*%7E", form)), text);
        assert_eq!(string_to_sign(&request("A=%E5%90%8D", ("content-type", "application/json"))), "POST&%2F&B.1%3D");
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
