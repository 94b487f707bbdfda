//! The claim of an `authorization` header, read with its flaws.

use super::{Claim, ParsedClaim, claimed, cleaned, malformed};
use crate::auth::SchemeDescriptor;
use crate::lab::cause::Cause;
use crate::lab::parameters::{self, Parameter};
use crate::lab::{fault, unverified};
use crate::wire::Request;

/// Marks that people put around a value.
const QUOTES: [char; 5] = ['"', '\'', '`', '\u{201c}', '\u{201d}'];

/// Algorithms that carry signatures we do not take apart, and tokens.
const TOKENS: [&str; 4] = ["bearer", "basic", "token", "digest"];

/// Reads one value of the header, which occurs `times` times.
pub(super) fn read(request: &Request, value: &str, times: usize) -> Result<ParsedClaim, Cause> {
    let mut causes = Vec::new();
    let (word, rest) = split_word(unwrapped(value, &mut causes), &mut causes);
    if times > 1 {
        causes.push(Cause::seen(&fault::AUTHORIZATION_REPEATED, format!("{times} of them")));
    }
    let scheme = scheme_of(request, word, rest, &mut causes)?;
    let claim = if scheme.is_plain() { plain(scheme, rest, &mut causes) } else { listed(scheme, rest, &mut causes) };
    Ok(ParsedClaim { dialect: scheme, claim, causes, request: None })
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

/// Returns the scheme that the first word names, or else the request's own headers.
fn scheme_of(request: &Request, word: &str, rest: &str, causes: &mut Vec<Cause>) -> Result<&'static SchemeDescriptor, Cause> {
    if let Some(cause) = unverified::by_word(word) {
        return Err(cause);
    }
    let named = SchemeDescriptor::by_word(word);
    let by_date = SchemeDescriptor::by_headers(|name| request.headers.contains(name))
        .filter(|dated| named.is_none_or(|named| !request.headers.contains(named.date) && dated.date != named.date));
    let Some(scheme) = by_date.or(named) else {
        let detail = format!("authorization begins with {}, which no scheme known here does", shown(word));
        return Err(Cause::seen(&fault::SCHEME_UNKNOWN, detail));
    };
    let scheme = scheme.with_parameters(|name| has(rest, name));
    if !word.is_empty() && word != scheme.algorithm {
        causes.push(Cause::seen(&fault::ALGORITHM, format!("authorization begins with {} in place of {}", shown(word), scheme.algorithm)));
    }
    Ok(scheme)
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
fn plain(scheme: &'static SchemeDescriptor, rest: &str, causes: &mut Vec<Cause>) -> Claim {
    let (key_id, signature) = rest.split_once(':').unwrap_or((rest, ""));
    if signature.is_empty() {
        causes.push(malformed(format!("it is not `{} key id:signature`", scheme.algorithm)));
    }
    Claim {
        scheme,
        key_id: cleaned(key_id, causes),
        scope: None,
        names: Vec::new(),
        list: String::new(),
        signature: signature.trim().to_owned(),
    }
}

/// Reads `Credential=..., SignedHeaders=..., Signature=...`.
fn listed(scheme: &'static SchemeDescriptor, rest: &str, causes: &mut Vec<Cause>) -> Claim {
    let (wanted, list) = scheme.parameters;
    let found = parameters::all(rest);
    causes.extend(found.iter().filter_map(Parameter::flaw).map(malformed));
    // A list of additional headers need not be there.
    let listless = list != "SignedHeaders" && !has(rest, list);
    let mut find = |name: &str| parameter(&found, name, causes);
    let (credential, list, signature) = (find(wanted), if listless { String::new() } else { find(list) }, find("Signature"));
    // The space before the comma belongs to the value: a gateway does not trim it.
    let space = found.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(wanted)).map_or("", Parameter::space_after);
    claimed(scheme, &format!("{credential}{space}"), &list, signature, causes)
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
