//! The schemes of the catalog's providers, with the older ones that their gateways still take.
//!
//! Sources: Alibaba Cloud "V3 request structure and signature", "Request syntax and signature method V2 for RPC-style APIs" (aliyun-python-sdk-core
//! and @alicloud/pop-core agree) and the ROA signers of its older SDKs; Volcengine "Signature method" and its SDKs; Huawei Cloud "AK/SK
//! signing and authentication" with the signers of its SDKs.

use super::Scheme;
use super::descriptor::{
    HashFunction, MismatchText, Order, PLAIN, PathForm, Piece, QueryNames, Repeats, SchemeDescriptor, SigningVariants, Slash, TextLayout,
};
use crate::auth::date::Format;
use crate::catalog::Vendor;

/// The current scheme of Alibaba Cloud: no scope, no derived key.
pub(super) const ACS3: SchemeDescriptor = SchemeDescriptor {
    scheme: Some(Scheme::Acs3),
    family: Some(Scheme::Acs3),
    signs: true,
    name: "ACS3-HMAC-SHA256",
    algorithm: "ACS3-HMAC-SHA256",
    vendors: &[Vendor::Alibaba],
    date: "x-acs-date",
    date_in_messages: "x-acs-date",
    date_format: Format::Extended,
    hash: Some("x-acs-content-sha256"),
    token: "x-acs-security-token",
    key_id: Some("x-acs-accesskey-id"),
    nonce: Some("x-acs-signature-nonce"),
    required: &["host"],
    own: Some("x-acs-"),
    repeats: Repeats::SortedJoined,
    text: TextLayout::Canonical(&[Piece::Algorithm, Piece::Digest]),
    variants: SigningVariants::SentPath,
    separator: ",",
    needed: &["x-acs-action", "x-acs-version", "x-acs-signature-nonce", "x-acs-content-sha256"],
    mismatch: MismatchText::Both,
    ..PLAIN
};

const ACS3_SM3: SchemeDescriptor = SchemeDescriptor { signs: false, algorithm: "ACS3-HMAC-SM3", hash_function: HashFunction::Sm3, ..ACS3 };

/// The older ROA scheme, `acs AKID:base64`. It signs neither `host` nor the body; a `content-md5` would stand for the body, and no SDK
/// sends one.
pub(super) const ACS1: SchemeDescriptor = SchemeDescriptor {
    scheme: Some(Scheme::Acs1),
    signs: false,
    name: "HMAC-SHA1 (ROA)",
    algorithm: "acs",
    hash_function: HashFunction::Sha1,
    date: "date",
    date_format: Format::Http,
    hash: None,
    required: &[],
    bare: &["accept", "content-md5", "content-type"],
    path: PathForm::AsSent,
    is_encoded: false,
    repeats: Repeats::Joined,
    text: TextLayout::Roa,
    variants: SigningVariants::EmptyValues,
    needed: &["x-acs-version", "x-acs-signature-nonce"],
    mismatch: MismatchText::StringToSign,
    ..ACS3
};

/// The names of the parameters of Alibaba's RPC scheme.
const RPC_NAMES: QueryNames = QueryNames {
    signature: "Signature",
    credential: "AccessKeyId",
    mark: "Signature",
    marked: None,
    date: "Timestamp",
    expires: None,
    list: None,
    token: "SecurityToken",
};

/// The RPC scheme, V1: all parameters of the query and of a form body, signed with the secret and a `&`.
pub(super) const RPC: SchemeDescriptor = SchemeDescriptor {
    scheme: Some(Scheme::AcsRpc),
    family: Some(Scheme::Acs3),
    name: "HMAC-SHA1 (RPC, V1)",
    algorithm: "HMAC-SHA1",
    hash_function: HashFunction::Sha1,
    vendors: &[Vendor::Alibaba],
    date: "timestamp",
    date_in_messages: "x-acs-date",
    date_format: Format::Extended,
    token: "securitytoken",
    nonce: Some("SignatureNonce"),
    repeats: Repeats::SortedJoined,
    suffix: "&",
    text: TextLayout::Rpc,
    query: Some(&RPC_NAMES),
    needed: &["Action", "Version", "SignatureMethod", "SignatureVersion", "SignatureNonce"],
    mismatch: MismatchText::StringToSign,
    ..PLAIN
};

const RPC_SHA256: SchemeDescriptor = SchemeDescriptor {
    name: "HMAC-SHA256 (RPC, V1)",
    algorithm: "HMAC-SHA256",
    hash_function: HashFunction::Sha256,
    query: Some(&QueryNames { mark: "SignatureMethod", marked: Some("HMAC-SHA256"), ..RPC_NAMES }),
    ..RPC
};

/// Regions that requests to services of Volcengine were seen to name, beside those of the catalog's providers.
const VOLCENGINE_REGIONS: &str = "\
    cn-beijing cn-north-1 cn-shanghai cn-guangzhou cn-hongkong cn-wuhan cn-chengdu cn-nanjing cn-guilin-boe \
    ap-southeast-1 ap-southeast-2 ap-southeast-3";

/// The scheme of Volcengine. `host` need not be signed: an official SDK for Node does not, though the documents ask for it.
pub(super) const VOLCENGINE: SchemeDescriptor = SchemeDescriptor {
    scheme: Some(Scheme::Volcengine),
    family: Some(Scheme::Volcengine),
    signs: true,
    name: "HMAC-SHA256",
    algorithm: "HMAC-SHA256",
    vendors: &[Vendor::Volcengine],
    date: "x-date",
    date_in_messages: "X-Date",
    hash: Some("x-content-sha256"),
    token: "x-security-token",
    required: &["x-date"],
    terminator: Some("request"),
    collapse: true,
    bare_host: true,
    needed_at_root: &["Action", "Version"],
    regions: VOLCENGINE_REGIONS,
    ..PLAIN
};

/// The current layout of Huawei (`Access=`): no scope, no derived key, and a path that is signed with a slash at its end. The guide asks
/// for a signed `host`, the gateway does not: the vendor's own Go SDK and the SDK below the Terraform provider sign the date and no host.
pub(super) const SDK_HMAC: SchemeDescriptor = SchemeDescriptor {
    scheme: Some(Scheme::SdkHmac),
    family: Some(Scheme::SdkHmac),
    signs: true,
    name: "SDK-HMAC-SHA256",
    algorithm: "SDK-HMAC-SHA256",
    vendors: &[Vendor::Huawei, Vendor::Otc],
    date: "x-sdk-date",
    date_in_messages: "X-Sdk-Date",
    hash: Some("x-sdk-content-sha256"),
    token: "x-security-token",
    project: Some("x-project-id"),
    required: &["x-sdk-date"],
    path: PathForm::Whole,
    slash: Slash::Added,
    repeats: Repeats::SortedLines,
    may_leave_body: true,
    text: TextLayout::Canonical(&[Piece::Algorithm, Piece::Date, Piece::Digest]),
    parameters: ("Access", "SignedHeaders"),
    mismatch: MismatchText::CanonicalRequest,
    locks_keys: true,
    ..PLAIN
};

const SDK_HMAC_SM3: SchemeDescriptor = SchemeDescriptor {
    signs: false,
    algorithm: "SDK-HMAC-SM3",
    hash_function: HashFunction::Sm3,
    hash: Some("x-sdk-content-sm3"),
    ..SDK_HMAC
};

/// The older layout of Huawei with a scope (`Credential=`), which the Go tools for OTC use. The tools add `x-project-id`, `x-domain-id`
/// and `x-security-token` after signing, so these may be unsigned.
pub(super) const SDK_HMAC_SCOPED: SchemeDescriptor = SchemeDescriptor {
    scheme: Some(Scheme::SdkHmacScoped),
    signs: false,
    name: "SDK-HMAC-SHA256 (scoped)",
    vendors: &[Vendor::Otc, Vendor::Huawei],
    terminator: Some("sdk_request"),
    scope_may_be_empty: true,
    prefix: "SDK",
    order: Order::NoCase,
    collapse: true,
    text: PLAIN.text,
    parameters: PLAIN.parameters,
    ..SDK_HMAC
};

/// All of them: of each family the catalog's scheme first, and of two that read the same parameters the one that asks for more.
pub(super) static SCHEMES: [SchemeDescriptor; 9] =
    [ACS3, ACS3_SM3, ACS1, RPC_SHA256, RPC, VOLCENGINE, SDK_HMAC, SDK_HMAC_SM3, SDK_HMAC_SCOPED];
