//! Vendors, and how their requests are authenticated and their answers are written.

use serde::Deserialize;
use strum::IntoStaticStr;

/// The vendor whose account is used.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Vendor {
    /// Alibaba Cloud.
    Alibaba,
    /// Volcengine.
    Volcengine,
    /// Huawei Cloud.
    Huawei,
    /// Open Telekom Cloud.
    Otc,
}

impl Vendor {
    /// Every vendor, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Alibaba, Self::Volcengine, Self::Huawei, Self::Otc];

    /// Returns the key of a profile's table: `[profiles.staging.alibaba]`.
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// Returns the vendor's name, for a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Alibaba => "Alibaba Cloud",
            Self::Volcengine => "Volcengine",
            Self::Huawei => "Huawei Cloud",
            Self::Otc => "Open Telekom Cloud",
        }
    }
}

/// A way to authenticate a request.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Scheme {
    /// Alibaba Cloud's `ACS3-HMAC-SHA256`.
    #[serde(rename = "acs3-hmac-sha256")]
    Acs3,
    /// Volcengine's `HMAC-SHA256`.
    #[serde(rename = "volcengine-hmac-sha256")]
    Volcengine,
    /// Huawei's `SDK-HMAC-SHA256`.
    #[serde(rename = "sdk-hmac-sha256")]
    SdkHmac,
    /// A token of the vendor's identity service (`POST /v3/auth/tokens`) in `x-auth-token`.
    #[serde(rename = "iam-token")]
    IamToken,
}

/// The format of a vendor's answers, success and failure; `envelope` has one reader and one writer for each.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseFormat {
    /// SAE: `RequestId`, `Code`, `Success`, `Data`; a 200 with `Success: false` is a failure. Gateway errors are flat.
    AlibabaService,
    /// PAI: members flat beside `RequestId`. Gateway errors are flat.
    AlibabaFlat,
    /// `ResponseMetadata` and `Result`.
    Volcengine,
    /// Huawei SWR: errors in `errors` and in `error_code`/`error_msg` at once.
    HuaweiSwr,
    /// OTC SWR: errors in a bare array.
    OtcSwr,
}
