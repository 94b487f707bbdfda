//! The schemes as data: what each one signs and how it writes it.
//!
//! The verifiers of [`crate::auth`] know one way each; the laboratory needs every habit as a value that a mistake can change. A test
//! holds both against the same captured requests. Schemes that are only read here, never signed with, are in [`super::foreign`].

use crate::auth::{DateFormat, Scheme};
use crate::catalog::Vendor;

use super::encoding::Encoding;
use super::foreign;
use super::string::Piece;

/// The encoding of the path in the canonical request.
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

/// The treatment of the path's trailing slash.
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
    /// By encoded name, then value, byte by byte.
    EncodedNames,
    /// By encoded name in lower case, as sent among equals.
    NoCase,
    /// As sent.
    AsSent,
    /// By name alone, values as sent.
    NameOnly,
    /// By the encoded text of the whole pair.
    Encoded,
    /// Numbers in names by what they count: `Key.2` before `Key.10`.
    Natural,
    /// Backwards.
    Reversed,
}

/// The treatment of a header that occurs more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeats {
    /// The values in their order, with commas between them.
    Joined,
    /// The sorted values, with commas between them.
    SortedJoined,
    /// A line for each of the sorted values.
    SortedLines,
}

/// The layout of the string to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextLayout {
    /// A canonical request, and a string to sign with its hash and these lines.
    Canonical(&'static [Piece]),
    /// Alibaba's older layout: method, four headers, the scheme's own headers, path and query in plain text.
    Roa,
    /// That of object storage: method, three headers, the scheme's own headers, bucket and path with the subresources.
    Storage,
    /// Alibaba's RPC layout: the method, a slash and all parameters encoded twice, with `&` between them.
    Rpc,
}

/// The content of the payload's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PayloadLine {
    /// The body's hash.
    Hash,
    /// The hash that the header declares, or else the body's hash.
    Declared,
    /// The declaration in that header, or else that the body is not signed.
    Unsigned,
}

/// The names of the parts of a signature that travels in the query (or, with some schemes, in a form body).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct QueryNames {
    /// The signature; it is never signed.
    pub signature: &'static str,
    /// The key id, with the scope where the scheme has one.
    pub credential: &'static str,
    /// A parameter that must be there beside these two to tell the scheme from others.
    pub mark: &'static str,
    /// The value required of that parameter, if not any.
    pub marked: Option<&'static str>,
    /// The date.
    pub date: &'static str,
    /// For how many seconds it holds.
    pub expires: Option<&'static str>,
    /// The list of signed headers.
    pub list: Option<&'static str>,
    /// The security token.
    pub token: &'static str,
}

/// All that is peculiar to a scheme.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of the scheme
pub struct Dialect {
    /// The scheme, where it is one that calls are signed with here.
    pub(super) scheme: Option<Scheme>,
    /// Its name, for a sentence.
    pub(super) name: &'static str,
    /// The first word of `authorization`, and the first line of the string to sign.
    pub(super) algorithm: &'static str,
    /// The vendors whose scheme it is; the first one's keys have a shape of their own, if any has.
    pub(super) vendors: &'static [Vendor],
    /// The header with the date.
    pub(super) date: &'static str,
    /// The format of the date.
    pub(super) date_format: DateFormat,
    /// The header that declares the body's hash.
    pub(super) hash: Option<&'static str>,
    /// The header with the security token.
    pub(super) token: &'static str,
    /// Headers without which the gateway refuses the list of signed ones.
    pub(super) required: &'static [&'static str],
    /// The beginning of names that must be signed when they are there.
    pub(super) own: Option<&'static str>,
    /// The last piece of the scope.
    pub(super) terminator: Option<&'static str>,
    /// The prefix of the secret before the key is derived.
    pub(super) prefix: &'static str,
    /// The path's line.
    pub(super) path: PathForm,
    /// Its end.
    pub(super) slash: Slash,
    /// The query's order.
    pub(super) order: Order,
    /// Path and query are written in this encoding.
    pub(super) encoding: Encoding,
    /// Whether runs of white space in a header become one space.
    pub(super) collapse: bool,
    /// Repeated headers.
    pub(super) repeats: Repeats,
    /// Whether `:80` and `:443` are left out of `host`.
    pub(super) bare_host: bool,
    /// Whether a caller may declare that the body is not signed.
    pub(super) may_leave_body: bool,
    /// The content of the payload's line.
    pub(super) payload: PayloadLine,
    /// The layout of the text that is signed.
    pub(super) text: TextLayout,
    /// Whether the signature is an HMAC-SHA1.
    pub(super) sha1: bool,
    /// The part after the secret in the key.
    pub(super) suffix: &'static str,
    /// The parameters of `authorization` with the key id and with the list of signed headers.
    pub(super) parameters: (&'static str, &'static str),
    /// The names of the parts if the signature travels in the query; none where it travels in `authorization`.
    pub(super) query: Option<&'static QueryNames>,
    /// Headers (of a signature in the query: parameters) without which the gateway refuses the request.
    pub(super) needed: &'static [&'static str],
    /// Parameters of the query by which the gateway dispatches what is called at `/`.
    pub(super) needed_at_root: &'static [&'static str],
    /// Regions that are known to be there beside those of the catalog; empty where nobody keeps a list.
    pub(super) regions: &'static [&'static str],
    /// The beginnings of the label of a host before which the bucket stands.
    pub(super) buckets: &'static [&'static str],
    /// The parameters that are signed with the resource of object storage, with spaces between them.
    pub(super) subresources: &'static str,
}

/// Regions that requests to services of Volcengine were seen to name, beside those of the catalog's providers.
const VOLCENGINE_REGIONS: [&str; 12] = [
    "cn-beijing",
    "cn-north-1",
    "cn-shanghai",
    "cn-guangzhou",
    "cn-hongkong",
    "cn-wuhan",
    "cn-chengdu",
    "cn-nanjing",
    "cn-guilin-boe",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
];

pub(super) const ACS3: Dialect = Dialect {
    scheme: Some(Scheme::Acs3),
    name: "ACS3-HMAC-SHA256",
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
    payload: PayloadLine::Hash,
    text: TextLayout::Canonical(&[Piece::Algorithm, Piece::Digest]),
    sha1: false,
    suffix: "",
    parameters: ("Credential", "SignedHeaders"),
    query: None,
    needed: &["x-acs-action", "x-acs-version", "x-acs-signature-nonce", "x-acs-content-sha256"],
    needed_at_root: &[],
    regions: &[],
    buckets: &[],
    subresources: "",
};

const ACS1: Dialect = Dialect {
    scheme: Some(Scheme::Acs1),
    name: "HMAC-SHA1 (ROA)",
    algorithm: "acs",
    date: "date",
    date_format: DateFormat::Http,
    hash: None,
    required: &[],
    path: PathForm::AsSent,
    encoding: Encoding::PLAIN,
    repeats: Repeats::Joined,
    text: TextLayout::Roa,
    sha1: true,
    needed: &["x-acs-version", "x-acs-signature-nonce"],
    ..ACS3
};

pub(super) const VOLCENGINE: Dialect = Dialect {
    scheme: Some(Scheme::Volcengine),
    name: "HMAC-SHA256",
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
    text: TextLayout::Canonical(WITH_SCOPE),
    needed: &[],
    needed_at_root: &["Action", "Version"],
    regions: &VOLCENGINE_REGIONS,
    ..ACS3
};

const SDK_HMAC: Dialect = Dialect {
    scheme: Some(Scheme::SdkHmac),
    name: "SDK-HMAC-SHA256",
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
    text: TextLayout::Canonical(&[Piece::Algorithm, Piece::Date, Piece::Digest]),
    parameters: ("Access", "SignedHeaders"),
    needed_at_root: &[],
    regions: &[],
    ..VOLCENGINE
};

pub(super) const SDK_HMAC_SCOPED: Dialect = Dialect {
    scheme: Some(Scheme::SdkHmacScoped),
    name: "SDK-HMAC-SHA256 (scoped)",
    vendors: &[Vendor::Otc, Vendor::Huawei],
    terminator: Some("sdk_request"),
    prefix: "SDK",
    order: Order::NoCase,
    collapse: true,
    text: TextLayout::Canonical(WITH_SCOPE),
    parameters: ("Credential", "SignedHeaders"),
    ..SDK_HMAC
};

/// The lines of a string to sign with a scope in it.
pub(super) const WITH_SCOPE: &[Piece] = &[Piece::Algorithm, Piece::Date, Piece::Scope, Piece::Digest];

static DIALECTS: [Dialect; 5] = [ACS3, ACS1, VOLCENGINE, SDK_HMAC, SDK_HMAC_SCOPED];

impl Dialect {
    /// Returns the dialect of a scheme; none where nothing is signed.
    pub(super) fn of(scheme: Scheme) -> Option<&'static Self> {
        DIALECTS.iter().find(|dialect| dialect.scheme == Some(scheme))
    }

    /// Returns the dialect whose algorithm the first word of `authorization` is, in whatever case it is written.
    pub(super) fn by_word(word: &str) -> Option<&'static Self> {
        let mut in_header = DIALECTS.iter().chain(&foreign::DIALECTS).filter(|dialect| dialect.query.is_none());
        in_header.find(|dialect| dialect.algorithm.eq_ignore_ascii_case(word))
    }

    /// Returns the dialect whose parts a query or a form holds; `value` gives the value of a parameter.
    pub(super) fn by_query<'v>(value: impl Fn(&str) -> Option<&'v str>) -> Option<(&'static Self, &'static QueryNames)> {
        let is = |names: &QueryNames| {
            let marked = value(names.mark).is_some_and(|text| names.marked.is_none_or(|wanted| wanted.eq_ignore_ascii_case(text)));
            marked && value(names.signature).is_some() && value(names.credential).is_some()
        };
        let mut in_query = foreign::DIALECTS.iter().filter_map(|dialect| dialect.query.map(|names| (dialect, names)));
        in_query.find(|(_, names)| is(names))
    }

    /// Returns the dialect whose own headers a request has: the guess where `authorization` names none.
    pub(super) fn by_headers(has: impl Fn(&str) -> bool) -> Option<&'static Self> {
        let first = [Scheme::Acs3, Scheme::Volcengine, Scheme::SdkHmac].into_iter();
        first.filter_map(Self::of).find(|dialect| has(dialect.date))
    }

    /// Returns whether it has no canonical request: the text itself is signed, and the signature written in Base64.
    pub(super) fn is_plain(&self) -> bool {
        !matches!(self.text, TextLayout::Canonical(_))
    }

    /// Returns whether headers are signed by a rule, beside those that a list may name.
    pub(super) fn signs_by_rule(&self) -> bool {
        self.is_plain() || self.parameters.1 != "SignedHeaders"
    }

    /// Returns whether a parameter without a value keeps its `=` in the text that is signed.
    pub(super) fn keeps_equals(&self) -> bool {
        match self.text {
            TextLayout::Canonical(_) => !self.signs_by_rule(),
            TextLayout::Rpc => true,
            TextLayout::Roa | TextLayout::Storage => false,
        }
    }

    /// Returns the scheme's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns those whose keys sign with it, the likelier first.
    pub fn vendors(&self) -> &'static [Vendor] {
        self.vendors
    }
}
