//! The faults of signed requests, as data: a stable name, a sentence, and the remedy.

/// A mistake that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MistakeKind {
    /// The name, for scripts: `payload-empty`.
    pub id: &'static str,
    /// The event, in a sentence without its full stop.
    pub title: &'static str,
    /// The remedy.
    pub remedy: &'static str,
}

const fn fault(id: &'static str, title: &'static str, remedy: &'static str) -> MistakeKind {
    MistakeKind { id, title, remedy }
}

macro_rules! faults {
    ($($name:ident = $id:literal, $title:literal, $remedy:literal;)*) => {
        $(pub(super) static $name: MistakeKind = fault($id, $title, $remedy);)*
        /// Every fault that the laboratory can name, in the order of its chapters.
        pub static ALL: &[&MistakeKind] = &[$(&$name),*];
    };
}

faults! {
    // The key.
    WRONG_SECRET = "wrong-secret", "both sides signed the same text, so the secret is not the same", "Check the secret of this key id: copy it again, or make a new key.";
    SECRET_SPACE = "secret-space", "the secret was used with white space around it", "Trim the secret where it is read: a file's last line feed is the usual guest.";
    SECRET_QUOTED = "secret-quoted", "the secret was used with quotation marks around it", "Take the quotation marks off where the secret is read.";
    SECRET_CHANGED = "secret-changed", "the secret was used in another form than the vendor gave it", "Use the secret as it is: neither decoded, nor encoded, nor in another case.";
    SECRET_CHARSET = "secret-charset", "the secret was used in other bytes than those of its characters", "Keep it as plain ASCII: some editors and shells put a byte order mark before it, or write UTF-16.";
    SECRET_CUT = "secret-cut", "only a part of the secret was used", "Copy all of it: a double click ends at a slash, and a narrow column cuts it off.";
    SECRET_TYPED = "secret-typed", "the secret given and the one used differ in a single slip", "Copy the secret in place of typing it: l, I and 1, O and 0 look alike.";
    SECRET_MISSING = "secret-missing", "something that is no secret stood in the secret's place", "Look why the secret did not get there: a variable that is not set, a template that was not filled in.";
    SECRET_KEY_ID = "secret-key-id", "the key id was used as the secret", "Look at which of the two values goes where.";
    KEY_EXCHANGED = "key-exchanged", "key id and secret are exchanged", "Put the key id into the request and keep the secret for signing. If it was sent, make a new key: it travelled in the clear.";
    SECRET_OTHER_KEY = "secret-other-key", "the secret of another key was used", "Use the secret that belongs to the key id in the request.";
    KEY_PREFIX = "key-prefix", "the secret had another prefix when the key was derived from it", "Follow the scheme: the scoped layout of Huawei prefixes the secret with SDK, AWS4 with AWS4, OSS4 with aliyun_v4, no other with anything.";
    KEY_DERIVATION = "key-derivation", "the key was derived in another way than this scheme's", "Follow the scheme: a scope in the credential means a derived key, and no scope means the secret itself.";
    KEY_USE = "key-use", "the key was not used as HMAC uses it", "Compute HMAC with the secret, or the key derived from it, as the key, and the string to sign as the text.";
    OTHER_KEY = "other-key", "the request is signed with another key id than the one given", "Give the key that the request names, or look why the caller uses another one.";
    FOREIGN_KEY = "foreign-key", "the key id has the shape of another vendor's", "Use a key of the vendor that is called.";
    KEY_ID_DAMAGED = "key-id-damaged", "the key id has white space or characters in it that no key id has", "Copy the key id again, without quotation marks and white space.";
    // Algorithm and layout of the header.
    NO_SIGNATURE = "no-signature", "the request carries no signature", "Sign it, or look whether something on the way took the authorization header off.";
    TOKEN_NO_SIGNATURE = "token-no-signature", "the request carries a token and no signature: there is nothing to recompute", "A token is right or wrong as a whole: look at its expiry and its project.";
    SCHEME_UNKNOWN = "scheme-unknown", "the scheme is not one that is verified here: nothing was verified", "Hold it against the vendor's own rules.";
    PARAMETER_MISSING = "parameter-missing", "a parameter that the gateway requires is not in the request", "Send and sign it: the gateway refuses a request without it.";
    HEADER_MISSING = "header-missing", "a header that the gateway requires is not in the request", "Send and sign it: the gateway refuses a request without it.";
    BUCKET_UNKNOWN = "bucket-unknown", "the host does not tell the bucket, which is signed", "Give the request with the bucket's own host: bucket.endpoint in place of the custom domain.";
    BUCKET_LEFT_OUT = "bucket-left-out", "the bucket was left out of the resource that was signed", "Sign /bucket/object, though the bucket stands in the host.";
    // Requests for tokens.
    TOKEN_REQUEST = "token-request", "it asks for a token: nothing in it is signed, so there is nothing to verify", "Send it as it is: the answer has the token in x-subject-token.";
    TOKEN_REQUEST_BODY = "token-request-body", "the body is not what the identity service asks for", "Write auth.identity.methods, the member that it names, and auth.scope.";
    TOKEN_REQUEST_DOMAIN = "token-request-domain", "the domain is called as the user is", "Give the account's name as the domain: the console shows it beside the user's name; only the account's own root user has one name for both.";
    TOKEN_REQUEST_PROJECT = "token-request-project", "the token would not be for the region that is called", "Name the project of the region whose services are called; its name begins with the region's.";
    TOKEN_REQUEST_SPACE = "token-request-space", "a value of the body has white space around it", "Take it off, unless the password really begins or ends with it.";
    ALGORITHM = "algorithm", "another algorithm than the vendor's is used", "Use the algorithm that the vendor of this endpoint documents.";
    AUTHORIZATION_REPEATED = "authorization-repeated", "there is more than one authorization header", "Send one: look for a proxy or a client library that adds its own.";
    AUTHORIZATION_MALFORMED = "authorization-malformed", "the authorization header does not have the scheme's layout", "Write it as the vendor does; the detail says what is wrong.";
    SIGNATURE_SHAPE = "signature-shape", "the signature is not written as the scheme writes it", "Write lower-case hex of all bytes; Base64 only in the older Alibaba layout.";
    SIGNATURE_CUT = "signature-cut", "the signature is cut off", "Send all of it: 64 hex digits.";
    SIGNATURE_COPIED = "signature-copied", "the signature is right except for a few characters: it was copied wrongly", "Copy the signature again: no program writes one that is so nearly right.";
    // The scope.
    SCOPE_REGION = "scope-region", "the scope that was signed has another region", "Name the region of the endpoint, the same in the credential and in the key's derivation.";
    SCOPE_SERVICE = "scope-service", "the scope that was signed has another service", "Name the service as the vendor does, the same in the credential and in the key's derivation.";
    SCOPE_SYNTAX = "scope-syntax", "the scope has a region or a service that no gateway can know", "Name both as the vendor does: lower-case letters, digits and hyphens, neither empty nor translated.";
    SCOPE_DAY = "scope-day", "the scope's day is not the day of the request's date", "Take the day from the date header, in UTC.";
    SCOPE_END = "scope-end", "the scope ends in another word than the scheme's", "End the scope as the scheme does: request for Volcengine, sdk_request for Huawei.";
    SCOPE_MISSING = "scope-missing", "the scope was left out of the string to sign", "Put the scope on its line of the string to sign.";
    SCOPE_DIFFERS = "scope-differs", "the scopes differ", "Make region, service and day the same on both sides.";
    // The date.
    DATE_STALE = "date-stale", "the request's date is too far from the clock", "Set the machine's clock (NTP), and sign just before sending.";
    DATE_EXPIRES = "date-expires", "the time for which the URL should hold is none that the service takes", "Give seconds, a week at most; for longer sign a new URL when the old one ends.";
    DATE_MISSING = "date-missing", "the request has no date header", "Add the scheme's date header before signing.";
    DATE_FORMAT = "date-format", "the date is not written as the scheme writes it", "Write UTC without a fraction, in the scheme's form.";
    DATE_ZONE = "date-zone", "the date that was signed is in a local time zone", "Use UTC for the date that is signed and for the header.";
    NONCE_UNFILLED = "nonce-unfilled", "the nonce holds a format that was never filled in", "Fill it in for each request: the gateway refuses a nonce that it has seen before.";
    DATE_CHANGED = "date-changed", "the date header is not the one that was signed", "Sign after the date is set, and let nothing set it again: a retry must be signed again.";
    DATE_TWICE = "date-twice", "the clock was read twice: the date in the string to sign is not the header's", "Read the clock once for each signature.";
    DATE_SOURCE = "date-source", "the string to sign has the date of another header", "Take the date of the scheme's own header.";
    DATE_DIFFERS = "date-differs", "the dates differ", "Let nothing on the way set the date header, and sign each attempt again.";
    // Method and path.
    METHOD = "method", "another method was signed", "Sign the method that is sent, in capitals; look for a redirect or a proxy that changes it.";
    PATH_SLASH_LACKING = "path-slash-lacking", "the path was signed without the slash at its end", "Sign the path as the scheme does: with Huawei's a slash is added, with the others the path is as sent.";
    PATH_SLASH_EXTRA = "path-slash-extra", "the path was signed with one more slash at its end", "Sign the path as it is sent; only Huawei's scheme adds a slash.";
    PATH_PREFIX = "path-prefix", "another beginning of the path was signed: a gateway adds or takes off a part", "Sign the path that arrives at the vendor, or let the gateway pass it unchanged.";
    PATH_NORMALISED = "path-normalised", "the path was tidied before or after signing", "Send the path without double slashes and dots, and sign exactly it.";
    PATH_ROOT = "path-root", "only `/` was signed as the path", "Sign the whole path: these APIs are not called at the root.";
    PATH_EMPTY = "path-empty", "an empty path was signed", "Sign the path that is sent: without any it is a slash.";
    PATH_WITH_QUERY = "path-with-query", "the path was signed with what does not belong to it", "Sign the path alone: neither host nor query.";
    PATH_NOT_ENCODED = "path-not-encoded", "the path was signed without encoding it", "Encode each segment of the path for the canonical request.";
    PATH_DOUBLE_ENCODED = "path-double-encoded", "the path was encoded twice", "Encode each segment once: hand the signer the plain text or the encoded one, as it expects.";
    PATH_ENCODING = "path-encoding", "the path's characters are encoded in another way", "Leave A-Z a-z 0-9 - _ . ~ bare and escape all else as %XX in capitals.";
    PATH_SLASH_ESCAPED = "path-slash-escaped", "slashes in the path are escaped, or escaped ones are not", "Slashes between segments stay bare; one inside a segment is %2F, and with Huawei a slash again.";
    PATH_DIFFERS = "path-differs", "the paths differ", "Look for a gateway or proxy that rewrites paths.";
    // The query.
    QUERY_UNSORTED = "query-unsorted", "the query was not sorted as the scheme sorts it", "Sort by the decoded name, byte by byte, then by value.";
    QUERY_SPACE = "query-space", "a space is `+` on one side and `%20` on the other", "Write a space as %20 in the canonical query.";
    QUERY_HEX_CASE = "query-hex-case", "the escapes are in lower case", "Write the hex digits of escapes in capitals: %2F, not %2f.";
    QUERY_DOUBLE_ENCODED = "query-double-encoded", "the query was encoded twice", "Encode names and values once: hand the signer the plain text or the encoded one, as it expects.";
    QUERY_NOT_ENCODED = "query-not-encoded", "the query was signed without encoding it", "Encode names and values in the canonical query.";
    QUERY_ENCODED = "query-encoded", "the query was signed encoded, and this scheme signs it in plain text", "Sign the decoded parameters in the older Alibaba layout.";
    QUERY_TILDE = "query-tilde", "`~` was escaped", "Leave ~ bare: RFC 3986 does not reserve it.";
    QUERY_ASTERISK = "query-asterisk", "`*` was left bare", "Write * as %2A in the canonical query.";
    QUERY_SLASH = "query-slash", "a slash in the query was left bare", "Write / as %2F in the canonical query.";
    QUERY_MARKS = "query-marks", "characters that must be escaped in the query were left bare", "Escape all but A-Z a-z 0-9 - _ . ~: encodeURIComponent and its like leave some bare.";
    QUERY_FORM = "query-form", "the query was encoded as a form is", "Use the encoding of RFC 3986: after a form encoder, + becomes %20, * becomes %2A, %7E becomes ~.";
    QUERY_PLUS = "query-plus", "a `+` was signed as a plus sign where it travels as a space, or the reverse", "Send %2B for a plus sign and %20 for a space: a bare + is read as a space.";
    QUERY_CHARSET = "query-charset", "the text is encoded in other bytes than those of UTF-8", "Encode the UTF-8 bytes of the text.";
    QUERY_EMPTY_VALUE = "query-empty-value", "a parameter without a value is written in another way", "Keep the = of a parameter without a value, and the parameter itself.";
    QUERY_RAW = "query-raw", "the query was signed as it stands in the URL", "Decode, encode strictly and sort the parameters for the canonical query.";
    QUERY_LEFT_OUT = "query-left-out", "the query was not signed", "Put the query on its line of the canonical request.";
    QUERY_ADDED = "query-added", "a parameter is there that was not signed", "Sign after all parameters are set; look for a proxy that adds some.";
    QUERY_DROPPED = "query-dropped", "a parameter that was signed is not there", "Look for what takes it off: in a shell, an & outside quotation marks ends the URL.";
    QUERY_REPEATED = "query-repeated", "a repeated parameter was signed once", "Sign every repetition, or send one.";
    QUERY_LIST = "query-list", "a list in the query is written in another form", "Write the list as the operation documents it, and sign exactly that.";
    QUERY_MOVED = "query-moved", "the parameters were signed in the query, and are sent in the body", "Send them where they were signed: with curl -G keeps -d in the query.";
    TARGET_ESCAPED = "target-escaped", "characters of the URL were escaped or replaced after signing, or in the paste", "Hand the URL over as it is: HTML writes & as &amp;, JSON and shells put backslashes before signs, chat tools make dashes long.";
    VERSION_CHANGED = "version-changed", "another version of the API was signed than the request names", "Sign the version that is sent: look for a library or a proxy that sets it after signing.";
    QUERY_DIFFERS = "query-differs", "the queries differ", "Look for what rewrites the query on the way.";
    // Headers.
    HOST_PORT = "host-port", "host is signed without its port on one side and with it on the other", "Sign host exactly as it is sent, with the port if it has one.";
    HOST_CHANGED = "host-changed", "another host was signed than the request carries", "Sign the host that the vendor sees: let a proxy pass the header on, or sign the name it is given.";
    HOST_UNSIGNED = "host-unsigned", "host is not signed: the gateway accepts that, and would accept the request at another host too", "Sign host as well, as the vendor's guide asks.";
    HOST_OTHER_THAN_URL = "host-other-than-url", "host is not the host of the URL", "Call and sign the same host.";
    HEADER_DROPPED = "header-dropped", "a header that was signed is not in the request", "Look for the proxy or library that takes it off, or do not sign it.";
    HEADER_ADDED = "header-added", "a header is there that was not signed, and should be", "Add headers before signing; look for a proxy that adds some.";
    HEADER_CHANGED = "header-changed", "a signed header has another value than the one that was signed", "Look for the proxy or library that changes it, or do not sign it.";
    HEADER_CASE = "header-case", "a header's value was signed in another case", "Only names are put in lower case; values stay as they are.";
    HEADER_SPACE = "header-space", "white space in a header's value was signed in another way", "Trim the value; only Volcengine and the scoped layout of Huawei also make one space of several.";
    HEADER_CHARSET = "header-charset", "a header's value was signed in other bytes than those sent", "Keep header values in ASCII, or sign exactly the bytes that are sent.";
    HEADER_REPEATED = "header-repeated", "a header that is there more than once was signed in another way", "Send it once.";
    HEADER_PROXY = "header-proxy", "something on the way added to a signed header's value", "Do not sign what a proxy changes, or let it pass the header on unchanged.";
    CONTENT_TYPE = "content-type", "another content-type was signed", "Set content-type before signing, and let the library add no charset.";
    TOKEN_UNSIGNED = "token-unsigned", "the security token is in the request and was not signed", "Add the security token before signing.";
    TOKEN_SIGNED = "token-signed", "the security token was signed and is not in the request", "Send the security token that was signed.";
    TOKEN_MISSING = "token-missing", "the key is temporary and the request has no security token", "Send the security token that came with the key.";
    TOKEN_NEEDLESS = "token-needless", "a permanent key has no security token, and the request carries one", "Leave the token out, or use the temporary key that it belongs to.";
    TOKEN_OTHER = "token-other", "the security token is not the key's", "Take key id, secret and token from the same answer of the token service.";
    // The list of signed headers, and the layout.
    LIST_UNSORTED = "list-unsorted", "the list of signed headers is not sorted", "Sort the names of the signed headers, and their lines alike.";
    LIST_CASE = "list-case", "names of signed headers are not in lower case", "Write the names of signed headers in lower case.";
    LIST_REPEATED = "list-repeated", "a name stands more than once in the list of signed headers", "Name each signed header once.";
    LIST_DIFFERS = "list-differs", "the list of signed headers is not the one that was signed", "Put the same list into authorization and into the canonical request.";
    LIST_LACKS = "list-lacks", "a header that must be signed is not in the list", "Sign it: the gateway refuses a request without it.";
    LAYOUT_NEWLINE = "layout-newline", "a line end of the canonical request is missing or too many", "Each header line ends in a line feed, an empty line follows them, and nothing follows the payload's hash.";
    LAYOUT_SEPARATOR = "layout-separator", "the canonical request has other separators than the scheme's", "Use name:value without a space, line feeds alone, and ; between names.";
    STRING_DIGEST = "string-digest", "the canonical request stands in the string to sign in another form than its hash", "Put its SHA-256 in lower-case hex there.";
    STRING_LAYOUT = "string-layout", "the string to sign has other lines than the scheme's", "Write its lines as the scheme does: the algorithm, the date and the scope where it has them, the hash; line feeds between, none at the end.";
    STRING_ALGORITHM = "string-algorithm", "the string to sign begins with another algorithm", "Begin it with the scheme's own name.";
    // The payload.
    PAYLOAD_EMPTY = "payload-empty", "the hash of an empty body was signed, and the body is not empty", "Sign the body that is sent: hand it to the signer before it is sent.";
    PAYLOAD_BRACES = "payload-braces", "the hash of the two bytes {} was signed, and the body is another", "Sign the body that is sent: no body is nothing, not {}.";
    PAYLOAD_NEWLINE = "payload-newline", "the body's line ends are not those that were signed", "Send the bytes that were signed: with curl use --data-binary, and let no editor add a line end.";
    PAYLOAD_JSON = "payload-json", "the body's JSON was re-serialised between signing and sending", "Serialise once, sign those bytes and send those bytes.";
    PAYLOAD_CHARSET = "payload-charset", "the body was signed in other bytes than those sent", "Encode the body as UTF-8 once, without a byte order mark, and sign those bytes.";
    PAYLOAD_QUERY = "payload-query", "the parameters of the query were signed as the body", "Sign the query on its own line and the body's hash as the payload.";
    PAYLOAD_SHAPE = "payload-shape", "the payload's line is not the body's SHA-256 in lower-case hex", "Put the body's SHA-256 there, in lower-case hex.";
    PAYLOAD_UNSIGNED = "payload-unsigned", "the body was declared as not signed", "Sign the body's hash; only Huawei's scheme lets a body be unsigned, and wants the header for it.";
    PAYLOAD_DIGEST = "payload-digest", "another digest than SHA-256 was made of the body", "Hash the body with SHA-256.";
    PAYLOAD_ESCAPED = "payload-escaped", "characters of the body were escaped or replaced between signing and sending", "Hand the body over as a file: chat tools make quotation marks typographic, HTML and shells escape them or take them off.";
    PAYLOAD_WRAPPED = "payload-wrapped", "the body was put into something, or taken out of it, between signing and sending", "Sign the body as it is sent, with what a gateway wraps around it.";
    PAYLOAD_CHANGED = "payload-changed", "the body is not the one that was signed", "Look for what changes the body between signing and the vendor.";
    PAYLOAD_ENCODED = "payload-encoded", "the body is compressed, and the plain one was likely signed", "Sign the bytes that are sent, after compressing them, or let nothing on the way compress them.";
    PAYLOAD_MISSING = "payload-missing", "the request had a body, and it is not in what was pasted", "Paste the body too: curl -v does not show it, the curl command has it.";
    PAYLOAD_HEADER = "payload-header", "the header with the body's hash does not hold the body's hash", "Compute it from the bytes that are sent.";
    PAYLOAD_LENGTH = "payload-length", "content-length is not the length of the body", "Look for what cuts the body off or adds to it; a paste may have lost a line end.";
    // With the server's text.
    CANONICAL_DIFFERS = "canonical-differs", "the server made another canonical request, and does not show it", "Look at each part that a proxy may change: host, headers, path, query, body.";
    UNKNOWN = "unknown", "nothing known explains the signature", "Another secret, or a value changed on the way, comes first in question: compare with the text that the server computed.";
}

/// Returns the fault of this name.
pub fn mistake_kind_by_id(id: &str) -> Option<&'static MistakeKind> {
    ALL.iter().find(|fault| fault.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_every_fault_says_what_to_do() {
        let ids: BTreeSet<&str> = ALL.iter().map(|fault| fault.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for fault in ALL {
            assert!(!fault.title.ends_with('.') && fault.remedy.ends_with('.'), "{}", fault.id);
            assert!(fault.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", fault.id);
        }
        assert_eq!(mistake_kind_by_id("payload-empty"), Some(&PAYLOAD_EMPTY));
    }
}
