//! The schemes as data: what each one signs and how it writes it.
//!
//! The verifiers of [`crate::auth`] know one way each; the laboratory needs every habit as a value that a mistake can change. A test
//! holds both against the same captured requests.

use crate::auth::{DateFormat, Scheme};
use crate::catalog::Vendor;

use super::encoding::Encoding;

/// How the path becomes a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathForm {
    /// Each segment decoded and encoded: `%2F` stays inside its segment.
    Segments,
    /// Decoded as a whole, then each segment encoded: `%2F` becomes a slash.
    Whole,
    /// The bytes of the request line.
    AsSent,
    /// Decoded and encoded as one text, its slashes too.
    Opaque,
}

/// Whether the path's line ends in a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slash {
    /// As the path has it.
    AsSent,
    /// One is added where there is none.
    Added,
    /// One that is there is taken away.
    Removed,
}

/// The order of the query's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By decoded name, then value, byte by byte.
    Sorted,
    /// By encoded name in lower case, as sent among equals.
    NoCase,
    /// As sent.
    AsSent,
    /// By name alone, values as sent.
    NameOnly,
    /// By the encoded text of the whole pair.
    Encoded,
    /// Backwards.
    Reversed,
}

/// What becomes of a header that is there more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeats {
    /// The values in their order, with commas between them.
    Joined,
    /// The sorted values, with commas between them.
    SortedJoined,
    /// A line for each of the sorted values.
    SortedLines,
}

/// All that is peculiar to a scheme.
#[derive(Debug)]
pub(super) struct Dialect {
    /// The scheme.
    pub scheme: Scheme,
    /// The first word of `authorization`, and the first line of the string to sign.
    pub algorithm: &'static str,
    /// Whose scheme it is; the first one's keys have a shape of their own, if any has.
    pub vendors: &'static [Vendor],
    /// The header with the date.
    pub date: &'static str,
    /// How the date is written.
    pub date_format: DateFormat,
    /// The header that declares the body's hash.
    pub hash: Option<&'static str>,
    /// The header with the security token.
    pub token: &'static str,
    /// Headers without which the gateway refuses the list of signed ones.
    pub required: &'static [&'static str],
    /// The beginning of names that must be signed when they are there.
    pub own: Option<&'static str>,
    /// The last piece of the scope.
    pub terminator: Option<&'static str>,
    /// What the secret is prefixed with before the key is derived.
    pub prefix: &'static str,
    /// The path's line.
    pub path: PathForm,
    /// Its end.
    pub slash: Slash,
    /// The query's order.
    pub order: Order,
    /// Path and query are written in this encoding.
    pub encoding: Encoding,
    /// Whether runs of white space in a header become one space.
    pub collapse: bool,
    /// Repeated headers.
    pub repeats: Repeats,
    /// Whether `:80` and `:443` are left out of `host`.
    pub bare_host: bool,
    /// Whether a caller may declare that the body is not signed.
    pub may_leave_body: bool,
}

const ACS3: Dialect = Dialect {
    scheme: Scheme::Acs3,
    algorithm: "ACS3-HMAC-SHA256",
    vendors: &[Vendor::Alibaba],
    date: "x-acs-date",
    date_format: DateFormat::Extended,
    hash: Some("x-acs-content-sha256"),
    token: "x-acs-security-token",
    required: &["host"],
    own: Some("x-acs-"),
    terminator: None,
    prefix: "",
    path: PathForm::Segments,
    slash: Slash::AsSent,
    order: Order::Sorted,
    encoding: Encoding::STRICT,
    collapse: false,
    repeats: Repeats::SortedJoined,
    bare_host: false,
    may_leave_body: false,
};

const ACS1: Dialect = Dialect {
    scheme: Scheme::Acs1,
    algorithm: "acs",
    date: "date",
    date_format: DateFormat::Http,
    hash: None,
    required: &[],
    path: PathForm::AsSent,
    encoding: Encoding::PLAIN,
    repeats: Repeats::Joined,
    ..ACS3
};

const VOLCENGINE: Dialect = Dialect {
    scheme: Scheme::Volcengine,
    algorithm: "HMAC-SHA256",
    vendors: &[Vendor::Volcengine],
    date: "x-date",
    date_format: DateFormat::Basic,
    hash: Some("x-content-sha256"),
    token: "x-security-token",
    required: &["x-date"],
    own: None,
    terminator: Some("request"),
    collapse: true,
    repeats: Repeats::Joined,
    bare_host: true,
    ..ACS3
};

const SDK_HMAC: Dialect = Dialect {
    scheme: Scheme::SdkHmac,
    algorithm: "SDK-HMAC-SHA256",
    vendors: &[Vendor::Huawei, Vendor::Otc],
    date: "x-sdk-date",
    hash: Some("x-sdk-content-sha256"),
    required: &["x-sdk-date"],
    terminator: None,
    path: PathForm::Whole,
    slash: Slash::Added,
    collapse: false,
    repeats: Repeats::SortedLines,
    bare_host: false,
    may_leave_body: true,
    ..VOLCENGINE
};

const SDK_HMAC_SCOPED: Dialect = Dialect {
    scheme: Scheme::SdkHmacScoped,
    vendors: &[Vendor::Otc, Vendor::Huawei],
    terminator: Some("sdk_request"),
    prefix: "SDK",
    order: Order::NoCase,
    collapse: true,
    ..SDK_HMAC
};

static DIALECTS: [Dialect; 5] = [ACS3, ACS1, VOLCENGINE, SDK_HMAC, SDK_HMAC_SCOPED];

impl Dialect {
    /// The dialect of a scheme; none where nothing is signed.
    pub(super) fn of(scheme: Scheme) -> Option<&'static Self> {
        DIALECTS.iter().find(|dialect| dialect.scheme == scheme)
    }

    /// The dialect whose own headers a request has: the guess where `authorization` names none.
    pub(super) fn by_headers(has: impl Fn(&str) -> bool) -> Option<&'static Self> {
        let first = [Scheme::Acs3, Scheme::Volcengine, Scheme::SdkHmac].into_iter();
        first.filter_map(Self::of).find(|dialect| has(dialect.date))
    }

    /// Whether it is the older layout of Alibaba Cloud, which has no canonical request.
    pub(super) fn is_plain(&self) -> bool {
        self.scheme == Scheme::Acs1
    }
}
