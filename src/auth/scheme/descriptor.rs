//! The shape of a scheme's description: one struct of facts, read by the signer, the verifier, the laboratory, the exports and the
//! emulator. It has no behaviour but what follows from the facts.

use super::Scheme;
use crate::auth::date::Format;
use crate::catalog::Vendor;

/// The encoding of the path in the canonical request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathForm {
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
pub enum Slash {
    /// As the path has it.
    AsSent,
    /// One is added where there is none.
    Added,
    /// One that is there is taken away.
    Removed,
}

/// The order of the query's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
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
    /// Numbers in names by their value: `Key.2` before `Key.10`.
    Natural,
    /// Reversed.
    Reversed,
}

/// The treatment of a header that occurs more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// The values in their order, with commas between them.
    Joined,
    /// The sorted values, with commas between them.
    SortedJoined,
    /// A line for each of the sorted values.
    SortedLines,
}

/// A line of the string to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The scheme's algorithm.
    Algorithm,
    /// The date, if there is one.
    Date,
    /// The scope, if there is one.
    Scope,
    /// The digest of the canonical request.
    Digest,
}

/// The layout of the string to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLayout {
    /// A canonical request, and a string to sign with its hash and these lines.
    Canonical(&'static [Piece]),
    /// Alibaba's older layout: method, four headers, the scheme's own headers, path and query in plain text.
    Roa,
    /// The layout of object storage: method, three headers, the scheme's own headers, bucket and path with the subresources.
    Storage,
    /// Alibaba's RPC layout: the method, a slash and all parameters encoded twice, with `&` between them.
    Rpc,
}

/// The content of the payload's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadLine {
    /// The body's hash.
    Hash,
    /// The hash that the header declares, or else the body's hash.
    Declared,
    /// The declaration in that header, or else that the body is not signed.
    Unsigned,
}

/// The hash below the HMAC of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashFunction {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SM3 (GB/T 32905), which the vendors' SDKs offer in place of SHA-256.
    Sm3,
}

/// The texts that a gateway takes for the same request, because official SDKs differ: each gives a right signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningVariants {
    /// The canonical text alone.
    Canonical,
    /// The path as sent, but for what `encodeURIComponent` and `quote` leave bare and strict encoding does not.
    SentPath,
    /// The path encoded once more: every service of AWS but S3.
    PathEncodedTwice,
    /// An empty value of the query with and without its `=`.
    EmptyValues,
    /// The payload left unsigned, or hashed.
    UnsignedPayload,
    /// The parameters that `X-SignedQueries` names, with or without the body.
    ListedParameters,
    /// The bucket before the path, the date of either header.
    StorageResources,
}

/// The gateway's own texts that it shows to a caller whose signature does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MismatchText {
    /// None.
    Hidden,
    /// The string to sign and the canonical request.
    Both,
    /// The string to sign.
    StringToSign,
    /// The canonical request on one line.
    CanonicalRequest,
}

/// The names of the parts of a signature that travels in the query (or, with some schemes, in a form body).
#[derive(Debug, PartialEq, Eq)]
pub struct QueryNames {
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
    /// The number of seconds for which it holds.
    pub expires: Option<&'static str>,
    /// The list of signed headers.
    pub list: Option<&'static str>,
    /// The security token.
    pub token: &'static str,
}

/// All facts of a signature scheme.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of the scheme
pub struct SchemeDescriptor {
    /// The name in traces and history files; none for a scheme that only the laboratory reads.
    pub(crate) scheme: Option<Scheme>,
    /// The scheme of the catalog whose gateways take this one too.
    pub(crate) family: Option<Scheme>,
    /// Set when calls are signed with it here; the others are only verified.
    pub(crate) signs: bool,
    /// The name, for a sentence.
    pub(crate) name: &'static str,
    /// The first word of `authorization`, and the first line of the string to sign.
    pub(crate) algorithm: &'static str,
    /// The hash below the HMAC, and of the payload and the canonical request.
    pub(crate) hash_function: HashFunction,
    /// The vendors whose scheme it is; the first one's keys have a shape of their own, if any has.
    pub(crate) vendors: &'static [Vendor],
    /// The header with the date, in lower case.
    pub(crate) date: &'static str,
    /// The same as the vendor's messages spell it.
    pub(crate) date_in_messages: &'static str,
    /// The format of the date.
    pub(crate) date_format: Format,
    /// The header that declares the body's hash.
    pub(crate) hash: Option<&'static str>,
    /// The header with the security token.
    pub(crate) token: &'static str,
    /// The header with the key id that is sent beside a security token.
    pub(crate) key_id: Option<&'static str>,
    /// The header (of a signature in the query: the parameter) with the nonce.
    pub(crate) nonce: Option<&'static str>,
    /// The header with the project id.
    pub(crate) project: Option<&'static str>,
    /// Headers without which the gateway refuses the list of signed ones.
    pub(crate) required: &'static [&'static str],
    /// The beginning of names that must be signed when they are there.
    pub(crate) own: Option<&'static str>,
    /// Headers whose values stand alone on the lines after the method, before the date.
    pub(crate) bare: &'static [&'static str],
    /// The last piece of the scope.
    pub(crate) terminator: Option<&'static str>,
    /// Set when region and service of the scope may be empty.
    pub(crate) scope_may_be_empty: bool,
    /// The prefix of the secret before the key is derived.
    pub(crate) prefix: &'static str,
    /// The part after the secret in the key.
    pub(crate) suffix: &'static str,
    /// The path's line.
    pub(crate) path: PathForm,
    /// The path's trailing slash.
    pub(crate) slash: Slash,
    /// The query's order.
    pub(crate) order: Order,
    /// Set when path and query are percent-encoded, not plain text.
    pub(crate) is_encoded: bool,
    /// Set when runs of white space in a header become one space.
    pub(crate) collapse: bool,
    /// The treatment of repeated headers.
    pub(crate) repeats: Repeats,
    /// Set when `:80` and `:443` are left out of `host`.
    pub(crate) bare_host: bool,
    /// Set when a caller may declare that the body is not signed.
    pub(crate) may_leave_body: bool,
    /// The content of the payload's line.
    pub(crate) payload: PayloadLine,
    /// The layout of the text that is signed.
    pub(crate) text: TextLayout,
    /// The texts that gateways take for the same request.
    pub(crate) variants: SigningVariants,
    /// The parameters of `authorization` with the key id and with the list of signed headers.
    pub(crate) parameters: (&'static str, &'static str),
    /// The separator written between two parameters of `authorization`; any white space is accepted when they are read.
    pub(crate) separator: &'static str,
    /// The names of the parts if the signature travels in the query; none where it travels in `authorization`.
    pub(crate) query: Option<&'static QueryNames>,
    /// Headers (of a signature in the query: parameters) without which the gateway refuses the request.
    pub(crate) needed: &'static [&'static str],
    /// Parameters of the query by which the gateway dispatches what is called at `/`.
    pub(crate) needed_at_root: &'static [&'static str],
    /// The texts that the gateway shows with a refused signature.
    pub(crate) mismatch: MismatchText,
    /// Set when the gateway locks a key after several wrong signatures in a row.
    pub(crate) locks_keys: bool,
    /// Regions that are known to exist beside those of the catalog, with spaces between them; empty where nobody keeps a list.
    pub(crate) regions: &'static str,
    /// The beginnings of the label of a host before which the bucket stands.
    pub(crate) buckets: &'static [&'static str],
    /// The parameters that are signed with the resource of object storage, with spaces between them.
    pub(crate) subresources: &'static str,
    /// Set when parameters that begin as the scheme's own headers are signed with the resource too.
    pub(crate) has_own_subresources: bool,
    /// Set when the object's name is signed in plain text, not as it stands in the URL.
    pub(crate) is_resource_decoded: bool,
}

/// The lines of a string to sign with a scope.
pub(crate) const WITH_SCOPE: &[Piece] = &[Piece::Algorithm, Piece::Date, Piece::Scope, Piece::Digest];

/// The plainest scheme, from which the tables start: strictly encoded, HMAC-SHA256, no scope, in the header `authorization`.
pub(super) const PLAIN: SchemeDescriptor = SchemeDescriptor {
    scheme: None,
    family: None,
    signs: false,
    name: "",
    algorithm: "",
    hash_function: HashFunction::Sha256,
    vendors: &[],
    date: "",
    date_in_messages: "",
    date_format: Format::Basic,
    hash: None,
    token: "",
    key_id: None,
    nonce: None,
    project: None,
    required: &[],
    own: None,
    bare: &[],
    terminator: None,
    scope_may_be_empty: false,
    prefix: "",
    suffix: "",
    path: PathForm::Segments,
    slash: Slash::AsSent,
    order: Order::Sorted,
    is_encoded: true,
    collapse: false,
    repeats: Repeats::Joined,
    bare_host: false,
    may_leave_body: false,
    payload: PayloadLine::Hash,
    text: TextLayout::Canonical(WITH_SCOPE),
    variants: SigningVariants::Canonical,
    parameters: ("Credential", "SignedHeaders"),
    separator: ", ",
    query: None,
    needed: &[],
    needed_at_root: &[],
    mismatch: MismatchText::Hidden,
    locks_keys: false,
    regions: "",
    buckets: &[],
    subresources: "",
    has_own_subresources: false,
    is_resource_decoded: false,
};

impl SchemeDescriptor {
    /// Returns the scheme's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the vendors whose keys sign with it, the likelier first.
    pub fn vendors(&self) -> &'static [Vendor] {
        self.vendors
    }

    /// Returns the scheme as which a gateway verifies a signature in `authorization`.
    pub(crate) fn verified_as(&self) -> Option<Scheme> {
        self.family.filter(|_| self.query.is_none())
    }

    /// Returns whether it has no canonical request: the text itself is signed, and the signature written in Base64.
    pub(crate) fn is_plain(&self) -> bool {
        !matches!(self.text, TextLayout::Canonical(_))
    }

    /// Returns whether headers are signed by a rule, beside those that a list may name.
    pub(crate) fn signs_by_rule(&self) -> bool {
        self.is_plain() || self.parameters.1 != "SignedHeaders"
    }

    /// Returns whether a parameter without a value keeps its `=` in the text that is signed.
    pub(crate) fn keeps_equals(&self) -> bool {
        match self.text {
            TextLayout::Canonical(_) => !self.signs_by_rule(),
            TextLayout::Rpc => true,
            TextLayout::Roa | TextLayout::Storage => false,
        }
    }

    /// Returns whether the string to sign has the date on a line of its own.
    pub(crate) fn has_date_line(&self) -> bool {
        matches!(self.text, TextLayout::Canonical(pieces) if pieces.contains(&Piece::Date))
    }

    /// Returns whether a header of this name, in lower case, is signed here when it is there.
    pub(crate) fn signs_header(&self, name: &str) -> bool {
        let named = [Some("content-type"), Some("host"), Some(self.date), Some(self.token), self.hash, self.project];
        named.contains(&Some(name)) || self.is_own(name.as_bytes())
    }

    /// Returns whether a header's name begins as the scheme's own do.
    pub(crate) fn is_own(&self, name: &[u8]) -> bool {
        self.own.is_some_and(|own| name.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own.as_bytes())))
    }

    /// Returns whether the query is signed as if it were the body: a POST without one, as the Go tools for OTC sign it.
    pub(crate) fn signs_query_as_body(&self, method: &str, body: &[u8]) -> bool {
        self.order == Order::NoCase && method.eq_ignore_ascii_case("post") && body.is_empty()
    }
}
