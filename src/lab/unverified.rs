//! Requests whose signature is not verified here: tokens, requests for tokens, and schemes that are known by name alone.

use super::cause::Cause;
use super::fault;
use super::token_request;
use crate::wire::Request;

/// A scheme that is known by the first word of `authorization`, or by the name of a parameter or a header: its name, and where its
/// rules are.
type Named = (&'static str, &'static str, &'static str);

/// First words of tokens: nothing is signed.
const TOKENS: [Named; 7] = [
    ("basic", "HTTP Basic", "RFC 7617"),
    ("bearer", "a bearer token", "RFC 6750"),
    ("token", "a token", "the API that issued it"),
    ("digest", "HTTP Digest", "RFC 7616"),
    ("negotiate", "HTTP Negotiate", "RFC 4559"),
    ("ntlm", "NTLM", "RFC 4559"),
    ("apikey", "an API key", "the API that issued it"),
];

/// First words of signatures.
const WORDS: [Named; 21] = [
    ("aws4-ecdsa-p256-sha256", "AWS Signature Version 4A", "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"),
    ("tc3-hmac-sha256", "Tencent Cloud API 3.0 (TC3-HMAC-SHA256)", "https://cloud.tencent.com/document/api/213/30654"),
    ("bce-auth-v1", "Baidu AI Cloud (bce-auth-v1)", "https://cloud.baidu.com/doc/Reference/s/Njwvz1wot"),
    ("goog4-hmac-sha256", "Google Cloud Storage V4 (HMAC)", "https://cloud.google.com/storage/docs/authentication/signatures"),
    ("goog4-rsa-sha256", "Google Cloud Storage V4 (RSA)", "https://cloud.google.com/storage/docs/authentication/signatures"),
    ("goog1", "Google Cloud Storage V2", "https://cloud.google.com/storage/docs/access-control/signed-urls-v2"),
    ("jdcloud2-hmac-sha256", "JD Cloud (JDCLOUD2-HMAC-SHA256)", "https://docs.jdcloud.com/cn/common-declaration/api/signature"),
    ("oss2", "OSS V2 (HMAC-SHA256)", "https://help.aliyun.com/zh/oss/developer-reference/include-signatures-in-the-authorization-header"),
    ("log", "Alibaba Cloud SLS (LOG)", "https://help.aliyun.com/zh/sls/developer-reference/request-signatures"),
    ("mns", "Alibaba Cloud MNS", "https://help.aliyun.com/zh/mns/developer-reference/sign-requests"),
    ("datahub", "Alibaba Cloud DataHub", "https://help.aliyun.com/zh/datahub/"),
    ("odps", "Alibaba Cloud MaxCompute", "https://help.aliyun.com/zh/maxcompute/"),
    ("acs3-hmac-sm3", "Alibaba Cloud V3 with SM3", "https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature"),
    ("acs3-rsa-sha256", "Alibaba Cloud V3 with RSA", "https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature"),
    ("sdk-hmac-sm3", "Huawei Cloud SDK-HMAC-SM3", "https://support.huaweicloud.com/devg-apisign/api-sign-algorithm.html"),
    ("sdk-ecdsa-p256-sha256", "Huawei Cloud SDK-ECDSA-P256-SHA256", "https://support.huaweicloud.com/devg-apisign/api-sign-algorithm.html"),
    ("v11-hmac-sha256", "Huawei Cloud V11-HMAC-SHA256", "https://support.huaweicloud.com/devg-apisign/api-sign-algorithm.html"),
    ("sharedkey", "Azure Shared Key", "https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key"),
    ("qiniu", "Qiniu (management token)", "https://developer.qiniu.com/kodo/1201/access-token"),
    ("upyun", "UPYUN", "https://help.upyun.com/knowledge-base/object_storage_authorization/"),
    ("signature", "HTTP signatures", "RFC 9421"),
];

/// Parameters of the query that carry a signature.
const PARAMETERS: [Named; 6] = [
    ("q-signature", "Tencent Cloud COS (q-sign)", "https://cloud.tencent.com/document/product/436/7778"),
    ("q-sign-algorithm", "Tencent Cloud COS (q-sign)", "https://cloud.tencent.com/document/product/436/7778"),
    ("x-goog-signature", "Google Cloud Storage V4", "https://cloud.google.com/storage/docs/authentication/signatures"),
    ("googleaccessid", "Google Cloud Storage V2", "https://cloud.google.com/storage/docs/access-control/signed-urls-v2"),
    ("sig", "Azure shared access signature", "https://learn.microsoft.com/rest/api/storageservices/create-service-sas"),
    ("auth_key", "signed URLs of a CDN (auth_key)", "https://help.aliyun.com/zh/cdn/user-guide/configure-url-signing"),
];

/// Headers that carry a signature or a key.
const HEADERS: [Named; 4] = [
    ("x-ca-signature", "Alibaba Cloud API Gateway (app signature)", "https://help.aliyun.com/zh/api-gateway/"),
    ("x-tc-signature", "Tencent Cloud (older signature)", "https://cloud.tencent.com/document/api/213/30654"),
    ("signature-input", "HTTP message signatures", "RFC 9421"),
    ("x-api-key", "an API key", "the API that issued it"),
];

/// The field of a form for uploads to object storage that carries a signature.
const POLICY: Named = (
    "policy",
    "an upload form with a signed policy (PostObject): only the field `policy` is signed",
    "https://help.aliyun.com/zh/oss/developer-reference/postobject",
);

/// Returns the cause for a first word of `authorization` that is a token's or that of a scheme known by name alone.
pub(super) fn by_word(word: &str) -> Option<Cause> {
    if let Some(named) = TOKENS.iter().find(|(token, ..)| word.eq_ignore_ascii_case(token)) {
        return Some(Cause::seen(&fault::TOKEN_NO_SIGNATURE, format!("{}; its rules: {}", named.1, named.2)));
    }
    // COS writes its parameters where others have an algorithm.
    if word.to_ascii_lowercase().starts_with("q-sign-algorithm=") {
        return Some(unknown(&PARAMETERS[0]));
    }
    let first = word.split('/').next().unwrap_or_default();
    WORDS.iter().find(|(known, ..)| first.eq_ignore_ascii_case(known)).map(unknown)
}

fn unknown((_, name, rules): &Named) -> Cause {
    Cause::seen(&fault::SCHEME_UNKNOWN, format!("{name}; its rules: {rules}"))
}

/// Returns why there is nothing to recompute in a request without an `authorization` header.
pub(super) fn causes(request: &Request) -> Vec<Cause> {
    if token_request::is(request) {
        return token_request::causes(request);
    }
    if request.headers.contains("x-auth-token") {
        return vec![Cause::seen(&fault::TOKEN_NO_SIGNATURE, "x-auth-token is a token of the identity service (IAM)")];
    }
    let query = request.query().to_ascii_lowercase();
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let carried = PARAMETERS.iter().find(|(name, ..)| has(name));
    if let Some(named) = carried.or_else(|| HEADERS.iter().find(|(name, ..)| request.headers.contains(name))) {
        return vec![unknown(named)];
    }
    let kind = request.headers.get_str("content-type").unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let fields = String::from_utf8_lossy(&request.body).to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") && fields.contains("name=\"policy\"") && fields.contains("signature\"") {
        return vec![unknown(&POLICY)];
    }
    let signature = query.split('&').filter_map(|pair| pair.split('=').next()).find(|name| name.ends_with("signature"));
    if let Some(name) = signature {
        return vec![Cause::seen(
            &fault::SCHEME_UNKNOWN,
            format!("the query has `{name}`, and not the parameters that a known scheme has beside it"),
        )];
    }
    vec![Cause::seen(&fault::NO_SIGNATURE, "no authorization header")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_scheme_and_where_its_rules_are() {
        let word = |word: &str| by_word(word).map(|cause| (cause.fault.id, cause.detail)).unwrap_or_default();
        assert_eq!(word("Basic").0, "token-no-signature");
        assert_eq!(word("TC3-HMAC-SHA256").0, "scheme-unknown");
        assert!(word("q-sign-algorithm=sha1&q-ak=AK").1.contains("Tencent Cloud COS"));
        assert!(word("bce-auth-v1/ak/2026-11-22T01:00:00Z/1800/host/ff").1.contains("https://"));
        assert_eq!(by_word("HMAC-SHA256"), None);
        let signed = Request { target: "/a?Q-Sign-Algorithm=sha1&q-signature=ff".into(), ..Request::default() };
        assert_eq!(causes(&signed)[0].fault.id, "scheme-unknown");
    }
}
