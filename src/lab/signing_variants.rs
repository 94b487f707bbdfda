//! The texts that official SDKs, and the gateways with them, sign for the same request: each gives a right signature.

use super::claim::parameter;
use super::encoding::Encoding;
use super::material::{Layout, SignatureParts, UNSIGNED};
use crate::auth::scheme::{PathForm, SchemeDescriptor, SigningVariants, TextLayout};
use crate::auth::{hex_sha256, sent_path};
use crate::wire::{Request, decode_path};

/// The maximum number of variants that mistakes are searched from: with more, one small request would take seconds.
pub(super) const MAX_SEARCHED: usize = 2;

/// Returns every way to sign the request, the likeliest first, no two of which give the same text.
pub(super) fn all(mut base: SignatureParts, request: &Request) -> Vec<SignatureParts> {
    let scheme = base.dialect;
    if matches!(scheme.text, TextLayout::Canonical(_))
        && let Some(bucket) = bucket(scheme, request).filter(|_| !scheme.buckets.is_empty())
    {
        base.path = [b"/", bucket.as_bytes(), &base.path].concat();
    }
    let mut variants = match scheme.variants {
        SigningVariants::Canonical => vec![base],
        SigningVariants::SentPath => {
            let path = sent_path(&String::from_utf8_lossy(&base.path)).into_bytes();
            vec![base.clone(), SignatureParts { path, path_form: PathForm::AsSent, ..base }]
        }
        SigningVariants::PathEncodedTwice => {
            let path_encoding = Encoding { times: 2, ..base.path_encoding };
            vec![base.clone(), SignatureParts { path_encoding, ..base }]
        }
        SigningVariants::EmptyValues => vec![base.clone(), SignatureParts { layout: Layout { equals: true, ..base.layout }, ..base }],
        SigningVariants::UnsignedPayload => {
            [UNSIGNED.to_owned(), hex_sha256(&request.body)].map(|payload| with_payload(&base, payload)).to_vec()
        }
        SigningVariants::ListedParameters => listed_parameters(&base, request),
        SigningVariants::StorageResources => storage(&base, request),
    };
    let mut texts = Vec::new();
    variants.retain(|variant| {
        let text = variant.canonical();
        let is_new = !texts.contains(&text);
        texts.push(text);
        is_new
    });
    variants
}

fn with_payload(base: &SignatureParts, payload: impl Into<Vec<u8>>) -> SignatureParts {
    SignatureParts { payload: payload.into(), ..base.clone() }
}

/// Returns the variants of Volcengine's SDKs: they leave out parameters that `X-SignedQueries` does not name, may sign no body, and some
/// end the empty block of headers with one more line.
fn listed_parameters(base: &SignatureParts, request: &Request) -> Vec<SignatureParts> {
    let listed = parameter(request, "X-SignedQueries").filter(|list| !list.is_empty());
    let names: Option<Vec<&str>> = listed.as_deref().map(|list| list.split(';').collect());
    let is_signed = |name: &[u8]| names.as_ref().is_none_or(|names| names.iter().any(|known| known.as_bytes() == name));
    let mut filtered = base.clone();
    filtered.pairs.retain(|(name, _)| is_signed(name));
    let (empty, body) = (hex_sha256(b""), hex_sha256(&request.body));
    let payloads = if parameter(request, "X-NotSignBody").is_some() { [empty, body] } else { [body, empty] };
    let mut variants = Vec::new();
    for (material, payload) in [&filtered, base].into_iter().flat_map(|material| payloads.iter().map(move |payload| (material, payload))) {
        let variant = with_payload(material, payload.clone());
        let longer =
            variant.lines.is_empty().then(|| SignatureParts { layout: Layout { gap: "\n\n", ..variant.layout }, ..variant.clone() });
        variants.push(variant);
        variants.extend(longer);
    }
    variants
}

/// Returns the variants of object storage: the bucket before the path, the date of either header.
fn storage(base: &SignatureParts, request: &Request) -> Vec<SignatureParts> {
    let scheme = base.dialect;
    let own_date = format!("{}date", scheme.own.unwrap_or_default());
    let header = |name: &str| request.headers.get(name).map(|value| value.trim_ascii().to_vec());
    let dates: Vec<Vec<u8>> = match header(&own_date).filter(|_| scheme.query.is_none()) {
        Some(own) => vec![Vec::new(), header("date").unwrap_or_default(), own],
        None => vec![header(scheme.date).unwrap_or_default()],
    };
    let mut variants = Vec::new();
    for path in resources(scheme, request) {
        for date in &dates {
            let mut variant = base.clone();
            variant.pairs.retain(|(name, _)| is_subresource(scheme, name));
            variant.path.clone_from(&path);
            variant.lines.iter_mut().filter(|line| line.bare && line.name == scheme.date).for_each(|line| line.value.clone_from(date));
            variants.push(variant);
        }
    }
    variants
}

fn is_subresource(scheme: &SchemeDescriptor, name: &[u8]) -> bool {
    let by_name = scheme.subresources.split(' ').any(|known| known.as_bytes() == name);
    by_name || (scheme.has_own_subresources && scheme.is_own(name))
}

/// Returns the possible resources, with and without the bucket that the host names.
fn resources(scheme: &SchemeDescriptor, request: &Request) -> Vec<Vec<u8>> {
    let host = host(request);
    let path = if scheme.is_resource_decoded { decode_path(request.path()) } else { request.path().as_bytes().to_vec() };
    let first = host.split('.').next().unwrap_or_default().to_owned();
    let buckets = match bucket(scheme, request) {
        Some(bucket) if bucket != first => vec![bucket, first],
        Some(bucket) => vec![bucket],
        None if is_endpoint(scheme, &host) => vec![String::new()],
        None => vec![host, first, String::new()],
    };
    let resource = |bucket: &String| if bucket.is_empty() { path.clone() } else { [b"/", bucket.as_bytes(), &path].concat() };
    buckets.iter().map(resource).collect()
}

/// Returns whether neither host nor path names the bucket: a domain of the caller's own.
pub(super) fn hides_bucket(scheme: &SchemeDescriptor, request: &Request) -> bool {
    !scheme.buckets.is_empty() && bucket(scheme, request).is_none() && !is_endpoint(scheme, &host(request))
}

fn host(request: &Request) -> String {
    let host = request.headers.get_str("host").unwrap_or_default().trim_ascii();
    host.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// Returns whether a label begins the service's own part of a host: `oss`, `oss-cn-hangzhou`.
fn is_mark(scheme: &SchemeDescriptor, label: &str) -> bool {
    scheme.buckets.iter().any(|mark| label.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

fn is_endpoint(scheme: &SchemeDescriptor, host: &str) -> bool {
    host.split('.').next().is_some_and(|label| is_mark(scheme, label))
}

/// Returns the bucket that the host names before the service's own part.
pub(super) fn bucket(scheme: &SchemeDescriptor, request: &Request) -> Option<String> {
    let host = host(request);
    let labels: Vec<&str> = host.split('.').collect();
    let at = labels.iter().rposition(|label| is_mark(scheme, label)).filter(|at| *at > 0)?;
    Some(labels[..at].join("."))
}
