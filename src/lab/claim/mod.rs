//! The claim that a request makes of its own signature, read as leniently as possible: a header that a gateway would refuse is still taken
//! apart.

mod header;
mod query;

use super::cause::Cause;
use super::{fault, unverified};
use crate::auth::SchemeDescriptor;
use crate::secret::KeyShape;
use crate::wire::Request;

pub(super) use query::parameter;

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
    pub scheme: &'static SchemeDescriptor,
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
    pub dialect: &'static SchemeDescriptor,
    pub claim: Claim,
    pub causes: Vec<Cause>,
    /// The request as the scheme sees it, where the signature travels among its parameters: they are signed without it.
    pub request: Option<Request>,
}

impl ScopeParts {
    /// Returns the scope as it is signed.
    pub fn text(&self) -> String {
        self.derivation_parts().join("/")
    }

    /// Returns what the key is derived along.
    pub(super) fn derivation_parts(&self) -> [&str; 4] {
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
        let mut read: Vec<_> = written.map(|value| header::read(request, &String::from_utf8_lossy(value), values.len())).collect();
        // Of several the first that is a signature: a proxy's token may stand before it.
        read.sort_by_key(Result::is_err);
        let Some(first) = read.into_iter().next() else {
            return query::read(request).ok_or_else(|| unverified::causes(request));
        };
        first.or_else(|cause| query::read(request).ok_or_else(|| vec![cause]))
    }
}

/// Returns a claim with its credential and its list taken apart.
fn claimed(scheme: &'static SchemeDescriptor, credential: &str, list: &str, signature: String, causes: &mut Vec<Cause>) -> Claim {
    let (key_id, scope) = match scheme.terminator {
        Some(terminator) => scope(credential, terminator, causes),
        None => (credential.to_owned(), None),
    };
    let names = names(list, causes);
    Claim { scheme, key_id: cleaned(&key_id, causes), scope, names, list: list.to_owned(), signature }
}

fn malformed(detail: impl Into<String>) -> Cause {
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
fn cleaned(key_id: &str, causes: &mut Vec<Cause>) -> String {
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
    fn reads_a_header_with_its_flaws() {
        let value = "HMAC-SHA256 credential=AK/20261122/cn/id/request, SignedHeaders=X-Date;host, Signature=00";
        let request = Request { headers: [("authorization", value), ("x-date", "")].into_iter().collect(), ..Request::default() };
        let reading = ParsedClaim::of(&request).unwrap_or_else(|causes| panic!("{causes:?}"));
        assert_eq!((reading.claim.key_id.as_str(), reading.claim.names.join(",")), ("AK", "x-date,host".to_owned()));
        let ids: Vec<&str> = reading.causes.iter().map(|cause| cause.fault.id).collect();
        assert_eq!(ids, ["authorization-malformed", "list-case", "list-unsorted"]);
    }

    #[test]
    fn reports_a_token_as_unsigned_without_repeating_it() {
        let bearer = Request { headers: [("authorization", "Bearer abcdef")].into_iter().collect(), ..Request::default() };
        let cause = ParsedClaim::of(&bearer).map(|_| ()).unwrap_err().remove(0);
        assert!(cause.fault.id == "token-no-signature" && !cause.detail.contains("abcdef"));
        let odd = Request { headers: [("authorization", "hunter2hunter2")].into_iter().collect(), ..Request::default() };
        assert!(!ParsedClaim::of(&odd).map(|_| ()).unwrap_err()[0].detail.contains("hunter2"));
    }
}
