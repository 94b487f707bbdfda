//! The ways in which official SDKs, and the gateways with them, read one and the same scheme: each is a right signature.

use super::dialect::{Dialect, PathForm, TextLayout};
use super::encoding::Encoding;
use super::material::{Material, UNSIGNED};
use super::query_parts;
use crate::auth::hex_sha256;
use crate::wire::{Request, decode_path};

/// The number of ways the mistakes that are searched from: with more, one small request would take seconds.
pub(super) const MAX_SEARCHED: usize = 2;

/// Returns every way to sign the request, the likeliest first, no two of which give the same text.
pub(super) fn all(base: Material, request: &Request) -> Vec<Material> {
    let mut signing_variants = match base.dialect.text {
        TextLayout::Roa => {
            let mut other = base.clone();
            other.layout.equals = true;
            vec![base, other]
        }
        TextLayout::Storage => storage(&base, request),
        TextLayout::Rpc => vec![base],
        TextLayout::Canonical(_) => canonical(base, request),
    };
    let mut texts = Vec::new();
    signing_variants.retain(|way| {
        let text = way.canonical();
        !texts.contains(&text) && {
            texts.push(text);
            true
        }
    });
    signing_variants
}

fn canonical(mut base: Material, request: &Request) -> Vec<Material> {
    let dialect = base.dialect;
    if let Some(bucket) = dialect.buckets.first().and(bucket(dialect, request)) {
        base.path = [b"/", bucket.as_bytes(), &base.path].concat();
    }
    match (dialect.query.map(|names| names.signature), dialect.algorithm) {
        (Some("X-Signature"), _) => volcengine_query(&base, request),
        (Some("X-Amz-Signature" | "X-Tos-Signature"), _) => {
            [UNSIGNED.to_owned(), hex_sha256(&request.body)].map(|payload| with_payload(&base, payload)).to_vec()
        }
        (_, "ACS3-HMAC-SHA256") => {
            let mut other = base.clone();
            let sent = String::from_utf8_lossy(&base.path).replace('+', "%20").replace('*', "%2A").replace("%7E", "~");
            (other.path, other.path_form) = (sent.into_bytes(), PathForm::AsSent);
            vec![base, other]
        }
        // Every service but S3 signs a path that is encoded once more.
        (None, "AWS4-HMAC-SHA256") => {
            let mut other = base.clone();
            other.path_encoding = Encoding { times: 2, ..base.path_encoding };
            vec![base, other]
        }
        _ => vec![base],
    }
}

fn with_payload(base: &Material, payload: impl Into<Vec<u8>>) -> Material {
    Material { payload: payload.into(), ..base.clone() }
}

/// Returns the SDKs leave out parameters that `X-SignedQueries` does not name, sign no body, and some end the empty block of headers with one
/// more line.
fn volcengine_query(base: &Material, request: &Request) -> Vec<Material> {
    let listed = query_parts::parameter(request, "X-SignedQueries").filter(|list| !list.is_empty());
    let names: Option<Vec<&str>> = listed.as_deref().map(|list| list.split(';').collect());
    let is_signed = |name: &[u8]| names.as_ref().is_none_or(|names| names.iter().any(|known| known.as_bytes() == name));
    let mut filtered = base.clone();
    filtered.pairs.retain(|(name, _)| is_signed(name));
    let (nothing, body) = (hex_sha256(b""), hex_sha256(&request.body));
    let payloads = if query_parts::parameter(request, "X-NotSignBody").is_some() { [nothing, body] } else { [body, nothing] };
    let mut signing_variants = Vec::new();
    for way in [&filtered, base] {
        for payload in &payloads {
            let way = with_payload(way, payload.clone());
            signing_variants.push(way.clone());
            signing_variants
                .extend(way.lines.is_empty().then(|| Material { layout: super::material::Layout { gap: "\n\n", ..way.layout }, ..way }));
        }
    }
    signing_variants
}

/// Returns the variants of object storage: the bucket before the path, the date of either header.
fn storage(base: &Material, request: &Request) -> Vec<Material> {
    let dialect = base.dialect;
    let own_date = format!("{}date", dialect.own.unwrap_or_default());
    let header = |name: &str| request.headers.get(name).map(|value| value.trim_ascii().to_vec());
    let dates: Vec<Vec<u8>> = match header(&own_date).filter(|_| dialect.query.is_none()) {
        Some(own) => vec![Vec::new(), header("date").unwrap_or_default(), own],
        None => vec![header(dialect.date).unwrap_or_default()],
    };
    let mut signing_variants = Vec::new();
    for path in resources(dialect, request) {
        for date in &dates {
            let mut way = base.clone();
            way.pairs.retain(|(name, _)| is_subresource(dialect, name));
            way.path.clone_from(&path);
            way.lines.iter_mut().filter(|line| line.bare && line.name == dialect.date).for_each(|line| line.value.clone_from(date));
            signing_variants.push(way);
        }
    }
    signing_variants
}

fn is_subresource(dialect: &Dialect, name: &[u8]) -> bool {
    let by_name = dialect.subresources.split(' ').any(|known| known.as_bytes() == name);
    by_name || dialect.own.is_some_and(|own| own != "x-amz-" && name.starts_with(own.as_bytes()))
}

/// Returns what the resource may be, with and without what the host tells of the bucket.
fn resources(dialect: &Dialect, request: &Request) -> Vec<Vec<u8>> {
    let host = host(request);
    // OSS signs the object's name in plain text, the others as it stands in the URL.
    let path = if dialect.algorithm == "OSS" { decode_path(request.path()) } else { request.path().as_bytes().to_vec() };
    let first = host.split('.').next().unwrap_or_default().to_owned();
    let buckets = match bucket(dialect, request) {
        Some(bucket) if bucket != first => vec![bucket, first],
        Some(bucket) => vec![bucket],
        None if is_endpoint(dialect, &host) => vec![String::new()],
        None => vec![host, first, String::new()],
    };
    let resource = |bucket: &String| if bucket.is_empty() { path.clone() } else { [b"/", bucket.as_bytes(), &path].concat() };
    buckets.iter().map(resource).collect()
}

/// Returns whether neither the host tells the bucket, nor the path has it: a domain of the caller's own.
pub(super) fn hides_bucket(dialect: &Dialect, request: &Request) -> bool {
    !dialect.buckets.is_empty() && bucket(dialect, request).is_none() && !is_endpoint(dialect, &host(request))
}

fn host(request: &Request) -> String {
    let host = request.headers.get_str("host").unwrap_or_default().trim_ascii();
    host.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// Returns whether a label begins the service's own part of a host: `oss`, `oss-cn-hangzhou`.
fn is_mark(dialect: &Dialect, label: &str) -> bool {
    dialect.buckets.iter().any(|mark| label.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

fn is_endpoint(dialect: &Dialect, host: &str) -> bool {
    host.split('.').next().is_some_and(|label| is_mark(dialect, label))
}

/// Returns the bucket that the host names before the service's own part.
pub(super) fn bucket(dialect: &Dialect, request: &Request) -> Option<String> {
    let host = host(request);
    let labels: Vec<&str> = host.split('.').collect();
    let at = labels.iter().rposition(|label| is_mark(dialect, label)).filter(|at| *at > 0)?;
    Some(labels[..at].join("."))
}
