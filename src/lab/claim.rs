//! What a request says of its own signature, read as leniently as can be: a header that a gateway would refuse is still taken apart.

use super::dialect::Dialect;
use super::fault;
use super::parameters::{self, Parameter};
use super::report::Cause;
use super::{query_parts, unverified};
use crate::auth::Scheme;
use crate::secret::KeyShape;
use crate::wire::Request;

/// A credential's scope, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeParts {
    /// The day: `20261122`.
    pub day: String,
    /// The region.
    pub region: String,
    /// The service.
    pub service: String,
    /// The word at the end: `request`.
    pub terminator: String,
}

/// The claim of an `authorization` header, or of the parameters of a query or a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The scheme it is taken for.
    pub scheme: &'static Dialect,
    /// The access key id.
    pub key_id: String,
    /// The scope, where the credential has one.
    pub scope: Option<ScopeParts>,
    /// The names of the signed headers in lower case, in the caller's order.
    pub names: Vec<String>,
    /// The list as the caller wrote it.
    pub list: String,
    /// The signature as written.
    pub signature: String,
}

/// A claim with what is wrong with its layout.
pub(super) struct ParsedClaim {
    pub dialect: &'static Dialect,
    pub claim: Claim,
    pub causes: Vec<Cause>,
    /// The request as the scheme sees it, where the signature travels among its parameters: they are signed without it.
    pub request: Option<Request>,
}

/// Marks that people put around a value.
const QUOTES: [char; 5] = ['"', '\'', '`', '\u{201c}', '\u{201d}'];

/// Algorithms that carry signatures we do not take apart, and tokens.
const TOKENS: [&str; 4] = ["bearer", "basic", "token", "digest"];

impl ScopeParts {
    /// Returns the scope as it is signed.
    pub fn text(&self) -> String {
        self.rounds().join("/")
    }

    /// Returns what the key is derived along.
    pub(super) fn rounds(&self) -> [&str; 4] {
        [&self.day, &self.region, &self.service, &self.terminator]
    }
}

impl ParsedClaim {
    /// Reads the header, or the parameters where there is none.
    ///
    /// # Errors
    /// The causes, where nothing can be recomputed: no signature, a token, a scheme that is not known here.
    pub(super) fn of(request: &Request) -> Result<Self, Vec<Cause>> {
        let values: Vec<&[u8]> = request.headers.get_all("authorization").collect();
        let written = values.iter().filter(|value| !value.trim_ascii().is_empty());
        let mut read: Vec<_> = written.map(|value| Self::of_header(request, &String::from_utf8_lossy(value), values.len())).collect();
        // Of several the first that is a signature: a proxy's token may stand before it.
        read.sort_by_key(Result::is_err);
        let Some(first) = read.into_iter().next() else {
            return query_parts::read(request).ok_or_else(|| unverified::causes(request));
        };
        first.or_else(|cause| query_parts::read(request).ok_or_else(|| vec![cause]))
    }

    fn of_header(request: &Request, value: &str, times: usize) -> Result<Self, Cause> {
        let mut causes = Vec::new();
        let (word, rest) = split_word(unwrapped(value, &mut causes), &mut causes);
        if times > 1 {
            causes.push(Cause::seen(&fault::AUTHORIZATION_REPEATED, format!("{times} of them")));
        }
        let dialect = dialect_of(request, word, rest, &mut causes)?;
        let claim = if dialect.is_plain() { plain(dialect, rest, &mut causes) } else { listed(dialect, rest, &mut causes) };
        Ok(Self { dialect, claim, causes, request: None })
    }
}

/// Returns the value without what was put around it: quotation marks, the header's own name, the word of a token.
fn unwrapped<'v>(value: &'v str, causes: &mut Vec<Cause>) -> &'v str {
    let mut rest = value.trim();
    if rest.starts_with(QUOTES) && rest.ends_with(QUOTES) {
        causes.push(malformed("all of it stands in quotation marks"));
        rest = rest.trim_matches(QUOTES);
    }
    if let Some(bare) = rest.get(..14).filter(|name| name.eq_ignore_ascii_case("authorization:")).and_then(|_| rest.get(14..)) {
        causes.push(malformed("the header's name stands in its value too"));
        rest = bare.trim_start();
    }
    let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if TOKENS.iter().any(|token| word.eq_ignore_ascii_case(token)) && has(after, "signature") {
        causes.push(malformed(format!("it begins with `{word}`, as a token does")));
        rest = after.trim_start();
    }
    rest
}

/// Returns the algorithm and what follows it. Where the parameters come first there is none.
fn split_word<'v>(value: &'v str, causes: &mut Vec<Cause>) -> (&'v str, &'v str) {
    let (word, rest) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
    if parameters::all(word).first().is_some_and(|parameter| parameter.begins == 0) {
        causes.push(malformed("it begins with its parameters: the algorithm is missing"));
        return ("", value);
    }
    let bare = word.trim_end_matches([',', ':']);
    if bare.len() < word.len() {
        causes.push(malformed("a sign follows the algorithm where only a space should"));
    }
    (bare, rest.trim())
}

/// Returns the dialect that the first word names, or else the request's own headers.
fn dialect_of(request: &Request, word: &str, rest: &str, causes: &mut Vec<Cause>) -> Result<&'static Dialect, Cause> {
    if let Some(cause) = unverified::by_word(word) {
        return Err(cause);
    }
    let named = Dialect::by_word(word);
    let dressed = Dialect::by_headers(|name| request.headers.contains(name));
    let by_date = dressed.filter(|worn| named.is_none_or(|named| !request.headers.contains(named.date) && worn.date != named.date));
    let Some(dialect) = by_date.or(named) else {
        return Err(Cause::seen(
            &fault::SCHEME_UNKNOWN,
            format!("authorization begins with {}, which no scheme known here does", shown(word)),
        ));
    };
    let dialect = scoped(dialect, rest);
    if !word.is_empty() && word != dialect.algorithm {
        causes.push(Cause::seen(&fault::ALGORITHM, format!("authorization begins with {} in place of {}", shown(word), dialect.algorithm)));
    }
    Ok(dialect)
}

/// Returns of the two layouts of Huawei the one that the parameters have.
fn scoped(dialect: &'static Dialect, rest: &str) -> &'static Dialect {
    let scoped = dialect.scheme == Some(Scheme::SdkHmac) && has(rest, "credential") && !has(rest, "access");
    Dialect::of(Scheme::SdkHmacScoped).filter(|_| scoped).unwrap_or(dialect)
}

fn has(rest: &str, name: &str) -> bool {
    parameters::all(rest).iter().any(|parameter| parameter.name.eq_ignore_ascii_case(name))
}

/// Returns a first word that is short enough to be an algorithm; anything else may be somebody's token.
fn shown(word: &str) -> String {
    let algorithm =
        word.len() <= 24 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_+".contains(&byte));
    if algorithm { format!("`{word}`") } else { "another word".to_owned() }
}

/// Writes `acs key id:signature`.
fn plain(dialect: &'static Dialect, rest: &str, causes: &mut Vec<Cause>) -> Claim {
    let (key_id, signature) = rest.split_once(':').unwrap_or((rest, ""));
    if signature.is_empty() {
        causes.push(malformed(format!("it is not `{} key id:signature`", dialect.algorithm)));
    }
    Claim {
        scheme: dialect,
        key_id: cleaned(key_id, causes),
        scope: None,
        names: Vec::new(),
        list: String::new(),
        signature: signature.trim().to_owned(),
    }
}

/// Reads `Credential=..., SignedHeaders=..., Signature=...`.
fn listed(dialect: &'static Dialect, rest: &str, causes: &mut Vec<Cause>) -> Claim {
    let (wanted, list) = dialect.parameters;
    let found = parameters::all(rest);
    causes.extend(found.iter().filter_map(Parameter::flaw).map(malformed));
    // A list of additional headers need not be there.
    let listless = list != "SignedHeaders" && !has(rest, list);
    let mut find = |name: &str| parameter(&found, name, causes);
    let (credential, list, signature) = (find(wanted), if listless { String::new() } else { find(list) }, find("Signature"));
    // The space before the comma belongs to the value: a gateway does not trim it.
    let space = found.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(wanted)).map_or("", Parameter::space_after);
    claimed(dialect, &format!("{credential}{space}"), &list, signature, causes)
}

/// Returns a claim with its credential and its list taken apart.
pub(super) fn claimed(dialect: &'static Dialect, credential: &str, list: &str, signature: String, causes: &mut Vec<Cause>) -> Claim {
    let (key_id, scope) = match dialect.terminator {
        Some(terminator) => scope(credential, terminator, causes),
        None => (credential.to_owned(), None),
    };
    let names = names(list, causes);
    Claim { scheme: dialect, key_id: cleaned(&key_id, causes), scope, names, list: list.to_owned(), signature }
}

/// Returns the value of a parameter, its name in any case.
fn parameter(all: &[Parameter<'_>], name: &str, causes: &mut Vec<Cause>) -> String {
    let found: Vec<&Parameter<'_>> = all.iter().filter(|parameter| parameter.name.eq_ignore_ascii_case(name)).collect();
    match found.as_slice() {
        [] => causes.push(malformed(format!("it has no `{name}=`"))),
        [one] if one.value.is_empty() => causes.push(malformed(format!("`{name}=` is empty"))),
        [one] if one.name != name => causes.push(malformed(format!("`{}=` should be `{name}=`", one.name))),
        [_] => {}
        _ => causes.push(malformed(format!("it has more than one `{name}=`"))),
    }
    let value = found.first().map_or("", |parameter| parameter.value);
    let bare = value.trim_matches(QUOTES);
    if bare.len() < value.len() {
        causes.push(malformed(format!("the value of `{name}=` stands in quotation marks")));
    }
    bare.to_owned()
}

pub(super) fn malformed(detail: impl Into<String>) -> Cause {
    Cause::seen(&fault::AUTHORIZATION_MALFORMED, detail)
}

/// Returns key id and scope of a credential.
fn scope(credential: &str, terminator: &str, causes: &mut Vec<Cause>) -> (String, Option<ScopeParts>) {
    let pieces: Vec<&str> = credential.rsplitn(5, '/').collect();
    let [last, service, region, day, key_id] = pieces[..] else {
        causes.push(malformed(format!("the credential is not `key id/day/region/service/{terminator}`")));
        return (credential.split('/').next().unwrap_or_default().to_owned(), None);
    };
    let part = str::to_owned;
    (key_id.to_owned(), Some(ScopeParts { day: part(day), region: part(region), service: part(service), terminator: part(last) }))
}

/// Returns the names of the list, in lower case.
fn names(list: &str, causes: &mut Vec<Cause>) -> Vec<String> {
    let plain = list.replace("%3B", ";").replace("%3b", ";").replace(',', ";");
    let names: Vec<String> = plain.split(';').map(|name| name.trim().to_ascii_lowercase()).collect();
    if plain != list {
        causes.push(malformed("`SignedHeaders=` has other signs than ; between its names"));
    }
    if names.iter().enumerate().any(|(at, name)| names[..at].contains(name)) {
        causes.push(Cause::seen(&fault::LIST_REPEATED, list));
    }
    if names.iter().any(String::is_empty) && !list.is_empty() {
        causes.push(malformed("`SignedHeaders=` has an empty name in it"));
    }
    if list.bytes().any(|byte| byte.is_ascii_uppercase()) {
        causes.push(Cause::seen(&fault::LIST_CASE, list));
    }
    if !names.is_sorted() {
        causes.push(Cause::seen(&fault::LIST_UNSORTED, list));
    }
    names.into_iter().filter(|name| !name.is_empty()).collect()
}

/// Returns the key id without what does not belong to it. No vendor's key ids have other characters than these; a gateway knows none that has.
pub(super) fn cleaned(key_id: &str, causes: &mut Vec<Cause>) -> String {
    // A space inside an id that is made as no vendor makes them is its owner's own.
    let invented = key_id.bytes().any(|byte| byte.is_ascii_lowercase()) && KeyShape::detect(key_id).is_none();
    let own_space = invented && key_id.trim() == key_id;
    let belongs = |c: char| c.is_ascii_alphanumeric() || "+=.-_~".contains(c) || (c == ' ' && own_space);
    if let Some((at, c)) = key_id.chars().enumerate().find(|(_, c)| !belongs(*c)) {
        let shown =
            if c.is_control() || c.is_whitespace() { format!("U+{:04X}", u32::from(c)) } else { format!("`{c}` (U+{:04X})", u32::from(c)) };
        let escape = if c == '%' { ", an escape that was not undone" } else { "" };
        causes.push(Cause::seen(&fault::KEY_ID_DAMAGED, format!("`{key_id}` has {shown} at {}{escape}", at + 1)));
    }
    ["%0A", "%0a", "%0D", "%0d", "%20", "%09"]
        .iter()
        .fold(key_id, |id, escape| id.trim_end_matches(escape))
        .trim_matches(|c| !belongs(c))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_with_its_flaws() {
        let value = "HMAC-SHA256 credential=AK/20261122/cn/id/request, SignedHeaders=X-Date;host, Signature=00";
        let request = Request { headers: [("authorization", value), ("x-date", "")].into_iter().collect(), ..Request::default() };
        let reading = ParsedClaim::of(&request).unwrap_or_else(|causes| panic!("{causes:?}"));
        assert_eq!((reading.claim.key_id.as_str(), reading.claim.names.join(",")), ("AK", "x-date,host".to_owned()));
        let ids: Vec<&str> = reading.causes.iter().map(|cause| cause.fault.id).collect();
        assert_eq!(ids, ["authorization-malformed", "list-case", "list-unsorted"]);
    }

    #[test]
    fn a_token_is_no_signature_and_is_not_repeated() {
        let bearer = Request { headers: [("authorization", "Bearer abcdef")].into_iter().collect(), ..Request::default() };
        let cause = ParsedClaim::of(&bearer).map(|_| ()).unwrap_err().remove(0);
        assert!(cause.fault.id == "token-no-signature" && !cause.detail.contains("abcdef"));
        let odd = Request { headers: [("authorization", "hunter2hunter2")].into_iter().collect(), ..Request::default() };
        assert!(!ParsedClaim::of(&odd).map(|_| ()).unwrap_err()[0].detail.contains("hunter2"));
    }
}
