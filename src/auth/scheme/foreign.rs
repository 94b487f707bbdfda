//! Schemes that only the laboratory reads: signatures in the query, and those of object storage.
//!
//! Sources: Alibaba Cloud OSS "Include signatures in the Authorization header" and "V4 signatures"; Huawei Cloud and OTC OBS API reference
//! "Authentication of Signature in a Header" and "in a URL", the signer of Huawei's Java SDK for signatures in the query; Volcengine
//! "Common parameters" and its Python SDK's `sign_url`; Volcengine TOS "Signature"; AWS "Signing and authenticating REST requests" (V2)
//! and "Signature Version 4".

use super::descriptor::{HashFunction, Order, PLAIN, PathForm, PayloadLine, QueryNames, SchemeDescriptor, SigningVariants, TextLayout};
use super::own::{SDK_HMAC_SCOPED, VOLCENGINE};
use crate::auth::date::Format;
use crate::catalog::Vendor;

/// Names in the query that all begin alike.
macro_rules! query_names {
    ($prefix:literal) => {
        QueryNames {
            signature: concat!($prefix, "Signature"),
            credential: concat!($prefix, "Credential"),
            mark: concat!($prefix, "Date"),
            marked: None,
            date: concat!($prefix, "Date"),
            expires: Some(concat!($prefix, "Expires")),
            list: Some(concat!($prefix, "SignedHeaders")),
            token: concat!($prefix, "Security-Token"),
        }
    };
}

/// The names in a URL of object storage that holds until a time.
const UNTIL: QueryNames = QueryNames {
    signature: "Signature",
    credential: "AccessKeyId",
    mark: "Expires",
    marked: None,
    date: "Expires",
    expires: None,
    list: None,
    token: "",
};

const VOLCENGINE_QUERY: SchemeDescriptor = SchemeDescriptor {
    scheme: None,
    family: None,
    signs: false,
    name: "HMAC-SHA256 (query)",
    hash: None,
    required: &[],
    variants: SigningVariants::ListedParameters,
    query: Some(&QueryNames { mark: "X-Algorithm", ..query_names!("X-") }),
    ..VOLCENGINE
};

const SDK_HMAC_QUERY: SchemeDescriptor = SchemeDescriptor {
    scheme: None,
    family: None,
    name: "SDK-HMAC-SHA256 (query)",
    hash: None,
    required: &[],
    may_leave_body: false,
    order: Order::Sorted,
    query: Some(&query_names!("X-Sdk-")),
    ..SDK_HMAC_SCOPED
};

const AWS4: SchemeDescriptor = SchemeDescriptor {
    name: "AWS4-HMAC-SHA256",
    algorithm: "AWS4-HMAC-SHA256",
    vendors: &Vendor::ALL,
    date: "x-amz-date",
    hash: Some("x-amz-content-sha256"),
    token: "x-amz-security-token",
    required: &["host"],
    own: Some("x-amz-"),
    terminator: Some("aws4_request"),
    prefix: "AWS4",
    order: Order::EncodedNames,
    collapse: true,
    payload: PayloadLine::Declared,
    variants: SigningVariants::PathEncodedTwice,
    needed: &["x-amz-content-sha256"],
    ..PLAIN
};

const AWS4_QUERY: SchemeDescriptor = SchemeDescriptor {
    name: "AWS4-HMAC-SHA256 (query)",
    needed: &["X-Amz-Algorithm", "X-Amz-Expires", "X-Amz-SignedHeaders"],
    payload: PayloadLine::Unsigned,
    variants: SigningVariants::UnsignedPayload,
    query: Some(&query_names!("X-Amz-")),
    ..AWS4
};

const TOS4: SchemeDescriptor = SchemeDescriptor {
    name: "TOS4-HMAC-SHA256",
    algorithm: "TOS4-HMAC-SHA256",
    vendors: &[Vendor::Volcengine],
    date: "x-tos-date",
    hash: Some("x-tos-content-sha256"),
    token: "x-tos-security-token",
    own: None,
    terminator: Some("request"),
    prefix: "",
    variants: SigningVariants::Canonical,
    needed: &[],
    ..AWS4
};

const TOS4_QUERY: SchemeDescriptor = SchemeDescriptor {
    name: "TOS4-HMAC-SHA256 (query)",
    payload: PayloadLine::Unsigned,
    variants: SigningVariants::UnsignedPayload,
    query: Some(&query_names!("X-Tos-")),
    ..TOS4
};

const OSS4: SchemeDescriptor = SchemeDescriptor {
    name: "OSS4-HMAC-SHA256",
    algorithm: "OSS4-HMAC-SHA256",
    vendors: &[Vendor::Alibaba],
    date: "x-oss-date",
    hash: Some("x-oss-content-sha256"),
    token: "x-oss-security-token",
    required: &[],
    own: Some("x-oss-"),
    terminator: Some("aliyun_v4_request"),
    prefix: "aliyun_v4",
    path: PathForm::Whole,
    payload: PayloadLine::Unsigned,
    variants: SigningVariants::Canonical,
    needed: &[],
    parameters: ("Credential", "AdditionalHeaders"),
    buckets: &["oss"],
    ..AWS4
};

const OSS4_QUERY: SchemeDescriptor = SchemeDescriptor {
    name: "OSS4-HMAC-SHA256 (query)",
    needed: &["x-oss-expires"],
    query: Some(&QueryNames {
        signature: "x-oss-signature",
        credential: "x-oss-credential",
        mark: "x-oss-signature-version",
        marked: Some("OSS4-HMAC-SHA256"),
        date: "x-oss-date",
        expires: Some("x-oss-expires"),
        list: Some("x-oss-additional-headers"),
        token: "x-oss-security-token",
    }),
    ..OSS4
};

const OSS1: SchemeDescriptor = SchemeDescriptor {
    name: "OSS (V1, HMAC-SHA1)",
    algorithm: "OSS",
    hash_function: HashFunction::Sha1,
    vendors: &[Vendor::Alibaba],
    date: "date",
    date_format: Format::Http,
    token: "x-oss-security-token",
    own: Some("x-oss-"),
    bare: &["content-md5", "content-type"],
    path: PathForm::AsSent,
    is_encoded: false,
    text: TextLayout::Storage,
    variants: SigningVariants::StorageResources,
    buckets: &["oss"],
    subresources: OSS_SUBRESOURCES,
    has_own_subresources: true,
    is_resource_decoded: true,
    ..PLAIN
};

const OSS1_QUERY: SchemeDescriptor = SchemeDescriptor {
    name: "OSS (V1, HMAC-SHA1, query)",
    date: "expires",
    query: Some(&QueryNames { credential: "OSSAccessKeyId", token: "security-token", ..UNTIL }),
    ..OSS1
};

const OBS: SchemeDescriptor = SchemeDescriptor {
    name: "OBS (HMAC-SHA1)",
    algorithm: "OBS",
    vendors: &[Vendor::Huawei, Vendor::Otc],
    token: "x-obs-security-token",
    own: Some("x-obs-"),
    buckets: &["obs", "obsv3"],
    subresources: OBS_SUBRESOURCES,
    is_resource_decoded: false,
    ..OSS1
};

const OBS_QUERY: SchemeDescriptor = SchemeDescriptor {
    name: "OBS (HMAC-SHA1, query)",
    date: "expires",
    query: Some(&QueryNames { token: "x-obs-security-token", ..UNTIL }),
    ..OBS
};

const AWS2: SchemeDescriptor = SchemeDescriptor {
    name: "AWS (S3 V2, HMAC-SHA1)",
    algorithm: "AWS",
    vendors: &Vendor::ALL,
    token: "x-amz-security-token",
    own: Some("x-amz-"),
    buckets: &["s3", "obs", "oss", "cos"],
    subresources: S3_SUBRESOURCES,
    has_own_subresources: false,
    is_resource_decoded: false,
    ..OSS1
};

const AWS2_QUERY: SchemeDescriptor = SchemeDescriptor {
    name: "AWS (S3 V2, HMAC-SHA1, query)",
    date: "expires",
    query: Some(&QueryNames { credential: "AWSAccessKeyId", token: "x-amz-security-token", ..UNTIL }),
    ..AWS2
};

/// All of them; of two that read the same parameters the one that asks for more comes first.
pub(super) static SCHEMES: [SchemeDescriptor; 14] = [
    AWS4,
    AWS4_QUERY,
    TOS4,
    TOS4_QUERY,
    OSS4,
    OSS4_QUERY,
    OSS1,
    OSS1_QUERY,
    OBS,
    OBS_QUERY,
    AWS2,
    AWS2_QUERY,
    VOLCENGINE_QUERY,
    SDK_HMAC_QUERY,
];

/// The subresources of OSS V1, beside every parameter that begins with `x-oss-` (the signers of the Python and Go SDKs).
const OSS_SUBRESOURCES: &str = "\
    acl append asyncFetch bucketInfo callback callback-var cname comp continuation-token cors delete encryption endTime \
    img inventory inventoryId lifecycle live location logging metaQuery objectMeta partNumber policy policyStatus \
    position publicAccessBlock qos qosInfo referer regionList replication replicationLocation replicationProgress \
    requestPayment requesterQosInfo resourceGroup response-cache-control response-content-disposition \
    response-content-encoding response-content-language response-content-type response-expires restore rtc \
    security-token sequential startTime stat status style styleName symlink tagging transferAcceleration udf \
    udfApplication udfApplicationLog udfImage udfImageDesc udfName uploadId uploads versionId versioning versions vod \
    website worm wormExtend wormId";

/// The subresources of OBS ("Authentication of Signature in a Header"), beside every parameter that begins with `x-obs-`.
const OBS_SUBRESOURCES: &str = "\
    CDNNotifyConfiguration acl append attname backtosource cors customdomain delete deletebucket directcoldaccess \
    encryption inventory length lifecycle location logging metadata mirrorBackToSource modify name notification \
    object-lock obscompresspolicy partNumber policy policyStatus position publicAccessBlock quota rename replication \
    requestPayment response-cache-control response-content-disposition response-content-encoding \
    response-content-language response-content-type response-expires restore retention select storageClass storageInfo \
    storagePolicy storageinfo tagging torrent truncate uploadId uploads versionId versioning versions website \
    x-image-process x-image-save-bucket x-image-save-object";

/// The subresources of S3's older signature ("Constructing the `CanonicalizedResource` element").
const S3_SUBRESOURCES: &str = "\
    acl cors delete lifecycle location logging notification partNumber policy requestPayment response-cache-control \
    response-content-disposition response-content-encoding response-content-language response-content-type \
    response-expires restore tagging torrent uploadId uploads versionId versioning versions website";
