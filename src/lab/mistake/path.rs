//! Mistakes with method and path.

use unicode_normalization::UnicodeNormalization as _;

use super::{Aspect, Mistake, MistakeContext};
use crate::auth::scheme::{PathForm, Slash};
use crate::lab::encoding::Encoding;
use crate::lab::fault::{self, MistakeKind};
use crate::lab::typography;
use crate::wire::{decode_path, encode};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// The number of slashes that are tried as the place where something was cut off or escaped.
const MAX_SLASHES: usize = 64;

/// Other ways to encode a path, with what each is.
const ENCODINGS: [(&MistakeKind, &str, Encoding); 9] = [
    (&fault::PATH_NOT_ENCODED, "in plain text", Encoding::PLAIN),
    (&fault::PATH_DOUBLE_ENCODED, "encoded twice", Encoding { times: 2, ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "escapes in lower case", Encoding { lower: true, ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "a space as +", Encoding { plus: true, ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "~ escaped", Encoding { escaped: "~", ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "* bare", Encoding { bare: "*", ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "as encodeURIComponent leaves it: !'()* bare", Encoding { bare: "!'()*", ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "as a URL's path may be: !$&'()*+,;=:@ bare", Encoding { bare: "!$&'()*+,;=:@", ..Encoding::STRICT }),
    (&fault::PATH_ENCODING, "as a form is: + for a space, * bare, ~ escaped", FORM),
];

const FORM: Encoding = Encoding { plus: true, bare: "*", escaped: "~", ..Encoding::STRICT };

/// Other ways to cut it into segments, and other slashes at its end.
const FORMS: [(&MistakeKind, &str, PathForm); 4] = [
    (&fault::PATH_ENCODING, "as it stands in the request line", PathForm::AsSent),
    (&fault::PATH_SLASH_ESCAPED, "each segment for itself", PathForm::Segments),
    (&fault::PATH_SLASH_ESCAPED, "decoded as a whole, so that %2F is a slash", PathForm::Whole),
    (&fault::PATH_SLASH_ESCAPED, "as one text, so that every slash is %2F", PathForm::Opaque),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    methods(context, all);
    deeper(context, all);
    tidier(context, all);
    slashes(context, all);
    for (fault, how, encoding) in ENCODINGS {
        all.push(Mistake::new(fault, Aspect::PathEncoding, format!("the path was signed {how}"), move |m| m.path_encoding = encoding));
    }
    for (fault, how, form) in FORMS.into_iter().filter(|(_, _, form)| *form != context.base.path_form) {
        all.push(Mistake::new(fault, Aspect::PathForm, format!("the path was signed {how}"), move |m| m.path_form = form));
    }
    all.push(Mistake::new(&fault::PATH_EMPTY, Aspect::PathText, "the path's line was signed empty", |m| {
        (m.path, m.path_form, m.slash) = (Vec::new(), PathForm::AsSent, Slash::AsSent);
    }));
    texts(context, all);
}

fn methods<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let sent = &context.base.method;
    let cases = [sent.to_ascii_uppercase(), sent.to_ascii_lowercase()];
    let others = METHODS.iter().map(|method| (*method).to_owned());
    for method in cases.into_iter().chain(others).filter(|method| method != sent) {
        let detail = format!("{method} was signed, the request has {sent}");
        all.push(Mistake::new(&fault::METHOD, Aspect::Method, detail, move |m| m.set_method(context.request, &method)));
    }
}

/// Adds the path decoded once, before others that give the same text: escapes that are escaped in the request line were most likely encoded twice.
fn deeper(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let path = context.request.path();
    if path.contains("%25") {
        let once = String::from_utf8_lossy(&decode_path(path)).into_owned();
        let detail = format!("{once} was signed, the request has {path}");
        all.push(Mistake::new(&fault::PATH_DOUBLE_ENCODED, Aspect::PathText, detail, move |m| once.as_bytes().clone_into(&mut m.path)));
    }
}

/// Adds the path without double slashes and dot segments, before the changes to its last slash.
fn tidier(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let (path, tidy) = (context.request.path(), tidied(context.request.path()));
    if path != tidy {
        let detail = format!("{tidy} was signed, the request has {path}");
        all.push(Mistake::new(&fault::PATH_NORMALISED, Aspect::PathText, detail, move |m| tidy.as_bytes().clone_into(&mut m.path)));
    }
}

fn slashes(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let line = context.base.path_line();
    let ours = String::from_utf8_lossy(&line).into_owned();
    let less = format!("the signed path ends without the slash of {ours}");
    all.push(Mistake::new(&fault::PATH_SLASH_LACKING, Aspect::Slash, less, |m| m.slash = Slash::Removed));
    // A path that ends in a slash gets a second one, whether the first is its own or the scheme's.
    let more = match (line.ends_with(b"/"), context.base.path.ends_with(b"/")) {
        (false, _) => "",
        (true, true) => "/",
        (true, false) => "//",
    };
    all.push(Mistake::new(&fault::PATH_SLASH_EXTRA, Aspect::Slash, format!("{ours}/ was signed"), move |m| {
        m.slash = Slash::Added;
        m.path.extend_from_slice(more.as_bytes());
    }));
}

/// Adds other texts in the place of the path.
fn texts(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let (path, target) = (context.request.path(), &context.request.target);
    let host = context.request.headers.get_str("host").unwrap_or_default();
    let mut push = |fault: &'static MistakeKind, form: Option<PathForm>, text: String| {
        let detail = format!("{text} was signed, the request has {path}");
        all.push(Mistake::new(fault, Aspect::PathText, detail, move |m| {
            m.path = text.clone().into_bytes();
            m.path_form = form.unwrap_or(m.path_form);
        }));
    };
    let rooted = context.base.dialect.vendors.iter().any(|vendor| context.hints.rooted.contains(vendor));
    push(if rooted { &fault::PATH_PREFIX } else { &fault::PATH_ROOT }, None, "/".to_owned());
    push(&fault::PATH_WITH_QUERY, Some(PathForm::AsSent), target.clone());
    for url in
        [format!("https://{host}{path}"), format!("http://{host}{path}"), format!("{host}{path}"), path.trim_start_matches('/').to_owned()]
    {
        push(&fault::PATH_WITH_QUERY, Some(PathForm::AsSent), url);
    }
    push(&fault::PATH_DOUBLE_ENCODED, None, String::from_utf8_lossy(&decode_path(path)).into_owned());
    push(&fault::PATH_NORMALISED, None, path.to_ascii_lowercase());
    push(&fault::PATH_NORMALISED, None, path.to_ascii_uppercase());
    for (at, _) in path.match_indices('/').skip(1).take(MAX_SLASHES) {
        push(&fault::PATH_PREFIX, None, path[at..].to_owned());
    }
    for longer in context.hints.paths_ending_in(path) {
        push(&fault::PATH_PREFIX, None, longer);
    }
    for (fault, other) in others(context, path) {
        push(fault, None, other);
    }
}

/// Returns paths that this one may have been before something was added, cut off, replaced or escaped.
fn others(context: &MistakeContext<'_>, path: &str) -> Vec<(&'static MistakeKind, String)> {
    let mut found = vec![
        (&fault::PATH_ENCODING, path.replace('+', "%20")),
        (&fault::PATH_ENCODING, path.replace("%20", "+")),
        (&fault::PATH_DIFFERS, trimmed(path)),
        (&fault::PATH_DIFFERS, path.split([';', '#', ',']).next().unwrap_or_default().to_owned()),
        (&fault::PATH_DIFFERS, path.replace('\\', "")),
        (&fault::PATH_DIFFERS, path.replace('\\', "/")),
    ];
    let plain = String::from_utf8_lossy(&decode_path(path)).into_owned();
    let forms = [typography::plain(&plain).into_owned(), plain.nfc().collect(), plain.nfd().collect()];
    found.extend(forms.map(|form| (&fault::PATH_ENCODING, form.split('/').map(encode).collect::<Vec<_>>().join("/"))));
    found.extend(
        path.match_indices('/')
            .skip(1)
            .take(MAX_SLASHES)
            .map(|(at, _)| (&fault::PATH_SLASH_ESCAPED, format!("{}%2F{}", &path[..at], &path[at + 1..]))),
    );
    found.extend(versions(path).into_iter().map(|other| (&fault::PATH_DIFFERS, other)));
    let known = context.hints.paths.iter().filter(|known| !known.contains('{'));
    found.extend(known.map(|known| (&fault::PATH_DIFFERS, known.clone())));
    found.extend(path.rfind('/').filter(|at| *at > 0).map(|at| (&fault::PATH_DIFFERS, path[..at].to_owned())));
    found.retain(|(_, other)| other != path);
    found
}

/// Returns it without white space at its end, escaped or not.
fn trimmed(path: &str) -> String {
    let mut rest = path.trim_end();
    while let Some(shorter) = ["%20", "%0A", "%0a", "%0D", "%0d", "%09", "+"].iter().find_map(|space| rest.strip_suffix(space)) {
        rest = shorter;
    }
    rest.to_owned()
}

/// Returns it with another version of the API where a segment is one: `/v2/` as `/v1/`.
fn versions(path: &str) -> Vec<String> {
    let is_version =
        |segment: &str| segment.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    let Some(own) = path.split('/').find(|segment| segment.len() > 1 && is_version(segment)) else { return Vec::new() };
    let known = ["v1", "v2", "v3", "v4", "v5", "v1.0", "v2.0", "v3.0"].into_iter().filter(|version| *version != own);
    known.map(|version| path.replacen(&format!("/{own}"), &format!("/{version}"), 1)).collect()
}

/// Returns the path without double slashes and dots.
fn tidied(path: &str) -> String {
    let mut stored: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(stored.pop()),
            other => stored.push(other),
        }
    }
    let end = if path.ends_with('/') && !stored.is_empty() { "/" } else { "" };
    format!("/{}{end}", stored.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_a_path() {
        assert_eq!(trimmed("/a%20%0A"), "/a");
        assert!(versions("/v2/a").contains(&"/v1/a".to_owned()) && versions("/a").is_empty());
        for (path, tidy) in [("/a//b/./c/../d/", "/a/b/d/"), ("/", "/"), ("//", "/"), ("/../a", "/a")] {
            assert_eq!(tidied(path), tidy);
        }
    }
}
