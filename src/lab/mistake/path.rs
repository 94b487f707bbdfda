//! Mistakes with method and path.

use super::{Aspect, Bench, Mistake};
use crate::lab::dialect::{PathForm, Slash};
use crate::lab::encoding::Encoding;
use crate::lab::fault::{self, Fault};
use crate::wire::decode_path;

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// Other ways to encode a path, with what each is.
const ENCODINGS: [(&Fault, &str, Encoding); 9] = [
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
const FORMS: [(&Fault, &str, PathForm); 4] = [
    (&fault::PATH_ENCODING, "as it stands in the request line", PathForm::AsSent),
    (&fault::PATH_SLASH_ESCAPED, "each segment for itself", PathForm::Segments),
    (&fault::PATH_SLASH_ESCAPED, "decoded as a whole, so that %2F is a slash", PathForm::Whole),
    (&fault::PATH_SLASH_ESCAPED, "as one text, so that every slash is %2F", PathForm::Opaque),
];

pub(super) fn all<'a>(bench: &'a Bench<'a>, all: &mut Vec<Mistake<'a>>) {
    methods(bench, all);
    tidier(bench, all);
    slashes(bench, all);
    for (fault, how, encoding) in ENCODINGS {
        all.push(Mistake::new(fault, Aspect::PathEncoding, format!("the path was signed {how}"), move |m| m.path_encoding = encoding));
    }
    for (fault, how, form) in FORMS.into_iter().filter(|(_, _, form)| *form != bench.base.path_form) {
        all.push(Mistake::new(fault, Aspect::PathForm, format!("the path was signed {how}"), move |m| m.path_form = form));
    }
    texts(bench, all);
}

fn methods(bench: &Bench<'_>, all: &mut Vec<Mistake<'_>>) {
    let sent = &bench.base.method;
    let cases = [sent.to_ascii_uppercase(), sent.to_ascii_lowercase()];
    let others = METHODS.iter().map(|method| (*method).to_owned());
    for method in cases.into_iter().chain(others).filter(|method| method != sent) {
        let detail = format!("{method} was signed, the request has {sent}");
        all.push(Mistake::new(&fault::METHOD, Aspect::Method, detail, move |m| method.clone_into(&mut m.method)));
    }
}

/// Before the slash at the end, which is one of two in `//`.
fn tidier(bench: &Bench<'_>, all: &mut Vec<Mistake<'_>>) {
    let (path, tidy) = (bench.request.path(), tidied(bench.request.path()));
    if path != tidy {
        let detail = format!("{tidy} was signed, the request has {path}");
        all.push(Mistake::new(&fault::PATH_NORMALISED, Aspect::PathText, detail, move |m| tidy.as_bytes().clone_into(&mut m.path)));
    }
}

fn slashes(bench: &Bench<'_>, all: &mut Vec<Mistake<'_>>) {
    let ours = String::from_utf8_lossy(&bench.base.path_line()).into_owned();
    let less = format!("the signed path ends without the slash of {ours}");
    all.push(Mistake::new(&fault::PATH_SLASH_LACKING, Aspect::Slash, less, |m| m.slash = Slash::Removed));
    all.push(Mistake::new(&fault::PATH_SLASH_EXTRA, Aspect::Slash, format!("{ours}/ was signed"), |m| m.slash = Slash::Added));
}

/// Other texts in the place of the path.
fn texts(bench: &Bench<'_>, all: &mut Vec<Mistake<'_>>) {
    let (path, target) = (bench.request.path(), &bench.request.target);
    let host = bench.request.headers.get_str("host").unwrap_or_default();
    let mut push = |fault: &'static Fault, form: Option<PathForm>, text: String| {
        let detail = format!("{text} was signed, the request has {path}");
        all.push(Mistake::new(fault, Aspect::PathText, detail, move |m| {
            m.path = text.clone().into_bytes();
            m.path_form = form.unwrap_or(m.path_form);
        }));
    };
    let rooted = bench.base.dialect.vendors.iter().any(|vendor| bench.hints.rooted.contains(vendor));
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
    for (at, _) in path.match_indices('/').skip(1) {
        push(&fault::PATH_PREFIX, None, path[at..].to_owned());
    }
    for longer in bench.hints.paths_ending_in(path) {
        push(&fault::PATH_PREFIX, None, longer);
    }
}

/// The path without double slashes and dots.
fn tidied(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            other => kept.push(other),
        }
    }
    let end = if path.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_a_path() {
        for (path, tidy) in [("/a//b/./c/../d/", "/a/b/d/"), ("/", "/"), ("//", "/"), ("/../a", "/a")] {
            assert_eq!(tidied(path), tidy);
        }
    }
}
