//! Schemes that are read and verified here, and never signed with: those of signatures in the query, of Alibaba's RPC calls and of
//! object storage. One descriptor each; what they have in common with a scheme of ours is taken from it.
//!
//! Sources: Alibaba Cloud "Request syntax and signature method V2 for RPC-style APIs", OSS "Include signatures in the Authorization
//! header" and "V4 signatures"; Huawei Cloud and OTC OBS API reference "Authentication of Signature in a Header" and "in a URL", the
//! signer of Huawei's Java SDK for signatures in the query; Volcengine "Common parameters" and its Python SDK's `sign_url`; Volcengine
//! TOS "Signature"; AWS "Signing and authenticating REST requests" (V2) and "Signature Version 4".

use super::dialect::{
    ACS3, Dialect, Order, PathForm, PayloadLine, QueryNames, Repeats, SDK_HMAC_SCOPED, Slash, TextLayout, VOLCENGINE, WITH_SCOPE,
};
use super::encoding::Encoding;
use crate::auth::DateFormat;
use crate::catalog::Vendor;

/// The names in the query of Alibaba's RPC layout.
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

const RPC: Dialect = Dialect {
    scheme: None,
    name: "HMAC-SHA1 (RPC, V1)",
    algorithm: "HMAC-SHA1",
    date: "timestamp",
    hash: None,
    token: "securitytoken",
    required: &[],
    own: None,
    text: TextLayout::Rpc,
    sha1: true,
    suffix: "&",
    query: Some(&RPC_NAMES),
    needed: &["Action", "Version", "SignatureMethod", "SignatureVersion", "SignatureNonce"],
    ..ACS3
};

const RPC_SHA256: Dialect = Dialect {
    name: "HMAC-SHA256 (RPC, V1)",
    algorithm: "HMAC-SHA256",
    sha1: false,
    query: Some(&QueryNames { mark: "SignatureMethod", marked: Some("HMAC-SHA256"), ..RPC_NAMES }),
    ..RPC
};

const VOLCENGINE_QUERY: Dialect = Dialect {
    scheme: None,
    name: "HMAC-SHA256 (query)",
    hash: None,
    required: &[],
    query: Some(&QueryNames {
        signature: "X-Signature",
        credential: "X-Credential",
        mark: "X-Algorithm",
        marked: None,
        date: "X-Date",
        expires: Some("X-Expires"),
        list: Some("X-SignedHeaders"),
        token: "X-Security-Token",
    }),
    ..VOLCENGINE
};

const SDK_HMAC_QUERY: Dialect = Dialect {
    scheme: None,
    name: "SDK-HMAC-SHA256 (query)",
    hash: None,
    required: &[],
    may_leave_body: false,
    order: Order::Sorted,
    query: Some(&QueryNames {
        signature: "X-Sdk-Signature",
        credential: "X-Sdk-Credential",
        mark: "X-Sdk-Date",
        marked: None,
        date: "X-Sdk-Date",
        expires: Some("X-Sdk-Expires"),
        list: Some("X-Sdk-SignedHeaders"),
        token: "X-Sdk-Security-Token",
    }),
    ..SDK_HMAC_SCOPED
};

const AWS4: Dialect = Dialect {
    scheme: None,
    name: "AWS4-HMAC-SHA256",
    algorithm: "AWS4-HMAC-SHA256",
    vendors: &Vendor::ALL,
    date: "x-amz-date",
    date_format: DateFormat::Basic,
    hash: Some("x-amz-content-sha256"),
    token: "x-amz-security-token",
    required: &["host"],
    own: Some("x-amz-"),
    terminator: Some("aws4_request"),
    prefix: "AWS4",
    path: PathForm::Segments,
    slash: Slash::AsSent,
    order: Order::EncodedNames,
    collapse: true,
    repeats: Repeats::Joined,
    payload: PayloadLine::Declared,
    text: TextLayout::Canonical(WITH_SCOPE),
    needed: &["x-amz-content-sha256"],
    ..ACS3
};

const AWS4_QUERY: Dialect = Dialect {
    name: "AWS4-HMAC-SHA256 (query)",
    needed: &["X-Amz-Algorithm", "X-Amz-Expires", "X-Amz-SignedHeaders"],
    payload: PayloadLine::Unsigned,
    query: Some(&QueryNames {
        signature: "X-Amz-Signature",
        credential: "X-Amz-Credential",
        mark: "X-Amz-Date",
        marked: None,
        date: "X-Amz-Date",
        expires: Some("X-Amz-Expires"),
        list: Some("X-Amz-SignedHeaders"),
        token: "X-Amz-Security-Token",
    }),
    ..AWS4
};

const TOS4: Dialect = Dialect {
    name: "TOS4-HMAC-SHA256",
    algorithm: "TOS4-HMAC-SHA256",
    vendors: &[Vendor::Volcengine],
    date: "x-tos-date",
    hash: Some("x-tos-content-sha256"),
    token: "x-tos-security-token",
    own: None,
    terminator: Some("request"),
    prefix: "",
    needed: &[],
    ..AWS4
};

const TOS4_QUERY: Dialect = Dialect {
    name: "TOS4-HMAC-SHA256 (query)",
    payload: PayloadLine::Unsigned,
    query: Some(&QueryNames {
        signature: "X-Tos-Signature",
        credential: "X-Tos-Credential",
        mark: "X-Tos-Date",
        marked: None,
        date: "X-Tos-Date",
        expires: Some("X-Tos-Expires"),
        list: Some("X-Tos-SignedHeaders"),
        token: "X-Tos-Security-Token",
    }),
    ..TOS4
};

const OSS4: Dialect = Dialect {
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
    needed: &[],
    parameters: ("Credential", "AdditionalHeaders"),
    buckets: &["oss"],
    ..AWS4
};

const OSS4_QUERY: Dialect = Dialect {
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

const OSS1: Dialect = Dialect {
    scheme: None,
    name: "OSS (V1, HMAC-SHA1)",
    algorithm: "OSS",
    date: "date",
    date_format: DateFormat::Http,
    hash: None,
    token: "x-oss-security-token",
    required: &[],
    own: Some("x-oss-"),
    path: PathForm::AsSent,
    encoding: Encoding::PLAIN,
    repeats: Repeats::Joined,
    text: TextLayout::Storage,
    sha1: true,
    needed: &[],
    buckets: &["oss"],
    subresources: OSS_SUBRESOURCES,
    ..ACS3
};

const OSS1_QUERY: Dialect = Dialect {
    name: "OSS (V1, HMAC-SHA1, query)",
    date: "expires",
    query: Some(&QueryNames {
        signature: "Signature",
        credential: "OSSAccessKeyId",
        mark: "Expires",
        marked: None,
        date: "Expires",
        expires: None,
        list: None,
        token: "security-token",
    }),
    ..OSS1
};

const OBS: Dialect = Dialect {
    name: "OBS (HMAC-SHA1)",
    algorithm: "OBS",
    vendors: &[Vendor::Huawei, Vendor::Otc],
    token: "x-obs-security-token",
    own: Some("x-obs-"),
    buckets: &["obs", "obsv3"],
    subresources: OBS_SUBRESOURCES,
    ..OSS1
};

const OBS_QUERY: Dialect = Dialect {
    name: "OBS (HMAC-SHA1, query)",
    date: "expires",
    query: Some(&QueryNames {
        signature: "Signature",
        credential: "AccessKeyId",
        mark: "Expires",
        marked: None,
        date: "Expires",
        expires: None,
        list: None,
        token: "x-obs-security-token",
    }),
    ..OBS
};

const AWS2: Dialect = Dialect {
    name: "AWS (S3 V2, HMAC-SHA1)",
    algorithm: "AWS",
    vendors: &Vendor::ALL,
    token: "x-amz-security-token",
    own: Some("x-amz-"),
    buckets: &["s3", "obs", "oss", "cos"],
    subresources: S3_SUBRESOURCES,
    ..OSS1
};

const AWS2_QUERY: Dialect = Dialect {
    name: "AWS (S3 V2, HMAC-SHA1, query)",
    date: "expires",
    query: Some(&QueryNames {
        signature: "Signature",
        credential: "AWSAccessKeyId",
        mark: "Expires",
        marked: None,
        date: "Expires",
        expires: None,
        list: None,
        token: "x-amz-security-token",
    }),
    ..AWS2
};

/// All of them; of two that read the same parameters the one that wants more comes first.
pub(super) static DIALECTS: [Dialect; 16] = [
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
    RPC_SHA256,
    RPC,
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
