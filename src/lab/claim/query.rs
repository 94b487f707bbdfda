//! Signatures that travel among the parameters: in the query of a URL, or in a form body.

use super::{Claim, ParsedClaim, claimed, cleaned};
use crate::auth::scheme::{QueryNames, SchemeDescriptor, TextLayout};
use crate::lab::cause::Cause;
use crate::lab::fault;
use crate::wire::{Request, decode_form, decode_path};

/// A parameter as it is written, with its name decoded.
struct QueryPart<'p> {
    name: String,
    value: &'p str,
    text: &'p str,
}

/// Reads a signature among the parameters of the query, or of a form body; none where there is none of a known scheme. A URL may have
/// been copied out of XML or JSON, its `&` escaped.
pub(super) fn read(request: &Request) -> Option<ParsedClaim> {
    read_plain(request).or_else(|| {
        let target = request.target.replace("&amp;", "&").replace("\\u0026", "&");
        let mut reading = read_plain(&Request { target, ..request.clone() })?;
        reading.causes.insert(0, Cause::seen(&fault::TARGET_ESCAPED, "`&` is escaped between the parameters of the URL"));
        Some(reading)
    })
}

fn read_plain(request: &Request) -> Option<ParsedClaim> {
    let query = pieces(request.query());
    let fields = pieces(form(request));
    let all: Vec<&QueryPart<'_>> = query.iter().chain(&fields).collect();
    let value = |name: &str| all.iter().find(|piece| piece.name.eq_ignore_ascii_case(name)).map(|piece| piece.value);
    let (scheme, names) = SchemeDescriptor::by_query(value)?;
    let decoded = |name: &str| value(name).map(|value| String::from_utf8_lossy(&decode_form(value)).into_owned());
    let mut causes: Vec<Cause> = all.iter().filter_map(|piece| respelled(names, piece)).collect();
    let signature = signature(value(names.signature).unwrap_or_default(), &mut causes);
    let credential = decoded(names.credential).unwrap_or_default();
    let list = names.list.and_then(&decoded).unwrap_or_default();
    let claim = if scheme.is_plain() {
        Claim { scheme, key_id: cleaned(&credential, &mut causes), scope: None, names: Vec::new(), list, signature }
    } else {
        claimed(scheme, &credential, &list, signature, &mut causes)
    };
    let date = decoded(names.date);
    let request = Some(as_signed(request, scheme, names, &all, date.as_deref()));
    Some(ParsedClaim { dialect: scheme, claim, causes, request })
}

/// Returns the value of a parameter of a request, decoded.
pub(in crate::lab) fn parameter(request: &Request, name: &str) -> Option<String> {
    let pieces = pieces(request.query());
    let found = pieces.iter().find(|piece| piece.name.eq_ignore_ascii_case(name))?;
    Some(String::from_utf8_lossy(&decode_form(found.value)).into_owned())
}

fn pieces(text: &str) -> Vec<QueryPart<'_>> {
    let piece = |text| {
        let (name, value) = str::split_once(text, '=').unwrap_or((text, ""));
        QueryPart { name: String::from_utf8_lossy(&decode_form(name)).into_owned(), value, text }
    };
    text.split('&').filter(|text| !text.is_empty()).map(piece).collect()
}

/// Returns the body of a form, or nothing.
fn form(request: &Request) -> &str {
    let kind = request.headers.get_str("content-type").unwrap_or_default().trim_ascii();
    let is_form = kind.is_empty() || kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
    let text = std::str::from_utf8(&request.body).unwrap_or_default().trim_ascii();
    if is_form && !text.starts_with(['{', '[', '<']) { text } else { "" }
}

/// Returns a parameter of the scheme whose name is written in another case: the vendors' names are exact.
fn respelled(names: &QueryNames, piece: &QueryPart<'_>) -> Option<Cause> {
    let own = [names.signature, names.credential, names.date, names.token];
    let right = own.iter().find(|name| name.eq_ignore_ascii_case(&piece.name) && **name != piece.name)?;
    Some(Cause::seen(&fault::PARAMETER_MISSING, format!("`{}` should be `{right}`", piece.name)))
}

/// Returns the signature, in which a bare plus sign is what was meant: it travels as a space.
fn signature(written: &str, causes: &mut Vec<Cause>) -> String {
    if written.contains('+') {
        causes.push(Cause::seen(&fault::SIGNATURE_SHAPE, "a bare `+` in it is read as a space: it should be `%2B`"));
    }
    String::from_utf8_lossy(&decode_path(written)).into_owned()
}

/// Returns the request as the scheme sees it: without the signature, the fields of a form among the parameters of the query, and the date
/// where other schemes have it.
fn as_signed(request: &Request, scheme: &SchemeDescriptor, names: &QueryNames, all: &[&QueryPart<'_>], date: Option<&str>) -> Request {
    let mut signed = request.clone();
    let rpc = scheme.text == TextLayout::Rpc;
    let count = if rpc { all.len() } else { pieces(request.query()).len() };
    let texts = all.iter().take(count).filter(|piece| !piece.name.eq_ignore_ascii_case(names.signature)).map(|piece| piece.text);
    signed.target = format!("{}?{}", request.path(), texts.collect::<Vec<_>>().join("&"));
    if rpc && count > pieces(request.query()).len() {
        let told = request.headers.get_str("content-length").and_then(|text| text.trim_ascii().parse().ok());
        if told == Some(request.body.len()) {
            signed.headers.remove("content-length");
        }
        signed.body = Vec::new().into();
    }
    match date {
        Some(date) => signed.headers.set(scheme.date, date),
        None => signed.headers.remove(scheme.date),
    }
    signed
}
