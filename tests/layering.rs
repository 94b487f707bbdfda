//! Who may use whom: reads the sources and holds the table below, which is the shape that the crate's documentation describes.
//!
//! A path counts wherever it stands, in a `use` or in the middle of an expression; comments, texts and test code do not.
#![allow(clippy::unwrap_used)] // a test may fail

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A module and what it may use of ours. `module::Item` allows that item alone.
struct Layer {
    name: &'static str,
    uses: &'static [&'static str],
}

const fn layer(name: &'static str, uses: &'static [&'static str]) -> Layer {
    Layer { name, uses }
}

/// The table, lowest first.
const LAYERS: &[Layer] = &[
    layer("secret", &[]),
    // A leaf of its own: whatever shows text that came from a network passes through it, on every level.
    layer("visible", &[]),
    layer("wire", &[]),
    layer("catalog", &["visible"]),
    // The catalog's files name schemes and formats; these two enums are all that signing and envelopes know of it.
    layer("auth", &["wire", "secret", "visible", "catalog::Scheme"]),
    layer("envelope", &["wire", "secret", "visible", "catalog::ResponseFormat"]),
    layer("form", &["catalog", "wire", "secret", "visible"]),
    layer("exchange", &["wire", "auth", "envelope"]),
    // A profile is resolved into an endpoint, credentials and a scheme, for a provider of the catalog.
    layer("config", &["auth", "catalog", "secret", "visible", "wire"]),
    // What is handed to the sender: a plan with the access that it goes out with.
    layer("call", &["auth", "catalog", "config", "exchange", "form", "wire"]),
    // A filter over JSON, which knows nothing of whose JSON it is.
    layer("jq", &[]),
    // The language in which exchanges are looked for.
    layer("query", &["catalog"]),
    // Takes a signature apart, somebody's or an exchange's own; what may have been meant comes from the catalog.
    layer("lab", &["auth", "catalog", "exchange", "secret", "wire"]),
    layer("redact", &["auth", "catalog", "envelope", "exchange", "form", "secret", "visible", "wire"]),
    layer("explain", &["auth", "catalog", "envelope", "exchange", "form", "lab", "secret", "visible", "wire"]),
    // What is kept of an exchange; files are `io`'s.
    layer("history", &["auth", "catalog", "envelope", "exchange", "form", "query", "redact", "wire"]),
    // Lays bodies out with their secrets covered; the mask is the secret's own.
    layer("body", &["redact", "secret", "visible"]),
    // An exchange in the forms of other tools: covered first, then written.
    layer("export", &["auth", "body", "catalog", "envelope", "exchange", "explain", "lab", "redact", "secret", "visible", "wire"]),
    layer("compare", &["body", "envelope", "exchange", "redact", "wire"]),
    layer(
        "app",
        &[
            "auth", "body", "call", "catalog", "compare", "config", "envelope", "exchange", "explain", "export", "form", "history", "jq",
            "lab", "query", "redact", "secret", "visible", "wire",
        ],
    ),
    layer("ui", &["app", "body", "catalog", "config", "envelope", "exchange", "form", "query", "redact", "visible"]),
    layer("emulator", &["auth", "catalog", "envelope", "form", "secret", "visible", "wire"]),
    layer(
        "io",
        &[
            "app", "auth", "body", "call", "catalog", "compare", "config", "emulator", "envelope", "exchange", "explain", "form",
            "history", "jq", "lab", "query", "redact", "secret", "ui", "visible", "wire",
        ],
    ),
    // Puts the parts together for one command each.
    layer(
        "cli",
        &[
            "app", "auth", "body", "call", "catalog", "compare", "config", "emulator", "envelope", "exchange", "explain", "export", "form",
            "history", "io", "jq", "lab", "query", "redact", "secret", "ui", "visible", "wire",
        ],
    ),
    layer("main", &["cli"]),
];

/// Places that may touch the world: time, randomness, network, files, threads, the environment.
const OUTSIDE: &[&str] = &["io/", "cli/", "main.rs", "emulator/http/", "emulator/state/"];

/// Places that may start threads: the search of the laboratory only computes, on every core.
const THREADS: &[&str] = &["io/", "cli/", "main.rs", "emulator/http/", "emulator/state/", "lab/search/"];

/// Names that only some places may have, with those places.
const CONFINED: &[(&[&str], &[&str])] = &[
    (&["rusqlite"], &["io/history/"]),
    (&["jaq_core", "jaq_json", "jaq_std"], &["jq.rs"]),
    (&["tokio", "reqwest", "hyper", "hyper_util", "rustls", "signal_hook", "rustix", "getrandom", "futures_util"], OUTSIDE),
    (&["std::fs", "std::env", "std::process"], OUTSIDE),
    (&["std::thread"], THREADS),
    (&["TcpListener", "TcpStream", "UdpSocket", "ToSocketAddrs", "UnixStream"], OUTSIDE),
    (&["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now", "TimeZone::system"], OUTSIDE),
    (&["stdin", "stdout", "stderr", "print!", "println!", "eprint!", "eprintln!"], OUTSIDE),
    // Drawing is the screen's; the app knows of the terminal only what a key is.
    (&["ratatui"], &["ui/", "io/"]),
    (&["crossterm::cursor", "crossterm::style", "crossterm::terminal", "crossterm::queue", "crossterm::execute"], &["io/"]),
    (&["crossterm"], &["app/", "io/"]),
    (&["clap"], &["cli/"]),
    // What the screen is made of inside is its own affair.
    (&["ui::theme", "ui::canvas", "ui::form", "ui::pane", "ui::popup"], &["ui/"]),
];

/// A source file without comments, texts and test code.
struct Source {
    /// Its path below `src`, with `/`.
    path: String,
    /// What is left of its text, line for line.
    code: String,
    /// The whole text.
    text: String,
}

impl Source {
    /// The module at the crate's root that it belongs to.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules deep it stands: `call.rs` and `app/mod.rs` 1, `app/pages/help.rs` 3.
    fn depth(&self) -> usize {
        let below = self.path.strip_suffix("/mod.rs").unwrap_or(&self.path);
        below.split('/').count()
    }

    fn line_of(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }

    /// Every path that leads out of the module to another at the root, with its line: `catalog::Scheme`.
    fn paths(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for at in ["crate", "skydeck", "super"].iter().flat_map(|root| names(&self.code, root)) {
            let (to_root, below) = self.root(&self.code[at..]);
            if to_root && !self.code[..at].ends_with("super::") {
                found.extend(tree(below).0.into_iter().map(|path| (self.line_of(at), path)));
            }
        }
        found
    }

    /// Whether a path that begins with `crate`, `skydeck` or `super` begins at the root, and what follows.
    fn root<'c>(&self, path: &'c str) -> (bool, &'c str) {
        if let Some(below) = path.strip_prefix("crate::") {
            return (true, below);
        }
        if let Some(below) = path.strip_prefix("skydeck::") {
            return (self.path == "main.rs", below);
        }
        let below = path.trim_start_matches("super::");
        let supers = (path.len() - below.len()) / "super::".len();
        (supers >= self.depth(), below)
    }
}

/// Where a name stands as a whole.
fn names<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let whole = move |at: usize| {
        let before = code[..at].chars().next_back().is_some_and(part);
        let after = name.ends_with(part) && code[at + name.len()..].starts_with(part);
        !before && !after
    };
    code.match_indices(name).map(|(at, _)| at).filter(move |at| whole(*at))
}

/// The paths of a use-tree, and where it ends: `a::{b, c::d}` gives `a::b`, `a::c::d`.
fn tree(text: &str) -> (Vec<String>, usize) {
    if let Some(inside) = text.strip_prefix('{') {
        return branches(inside);
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*').unwrap_or(text.len());
    let name = &text[..end];
    let Some(below) = text[end..].strip_prefix("::") else { return (vec![name.to_owned()], end) };
    let (paths, length) = tree(below);
    (paths.iter().map(|path| format!("{name}::{path}")).collect(), end + 2 + length)
}

fn branches(inside: &str) -> (Vec<String>, usize) {
    let (mut paths, mut at) = (Vec::new(), 0);
    while let Some(next) = inside[at..].find(|c: char| !c.is_whitespace() && c != ',') {
        at += next;
        if inside[at..].starts_with('}') {
            break;
        }
        let (found, length) = tree(&inside[at..]);
        paths.extend(found);
        at += length.max(1);
    }
    (paths, at + 2)
}

/// Every file below `src`, read once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let source = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        Source { path, code: without_tests(&bare(&text)), text }
    };
    files.into_iter().map(source).collect()
});

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The code with comments, texts and characters blanked, line for line.
fn bare(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(next) = rest.chars().next() {
        let length = no_code(rest);
        if length == 0 {
            out.push(next);
            rest = &rest[next.len_utf8()..];
            continue;
        }
        out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[length..];
    }
    out
}

/// How many bytes of a comment, a text or a character stand here.
fn no_code(rest: &str) -> usize {
    let until = |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    match rest.as_bytes() {
        [b'/', b'/', ..] => rest.find('\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => until(2, "*/"),
        [b'r', b'"', ..] => until(2, "\""),
        [b'r', b'#', b'"', ..] => until(3, "\"#"),
        [b'r', b'#', b'#', b'"', ..] => until(4, "\"##"),
        [b'"', ..] => quoted(rest, '"'),
        [b'\'', b'\\', ..] => quoted(rest, '\''),
        [b'\'', ..] => {
            // A character; a lifetime has no quote behind its first sign.
            let inside = rest[1..].chars().next().map_or(0, char::len_utf8);
            if rest[1 + inside..].starts_with('\'') { inside + 2 } else { 0 }
        }
        _ => 0,
    }
}

/// How long a quoted text is, its quotes included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// The code without items under `#[cfg(test)]`, line for line.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let (mut out, mut rest) = (String::new(), code);
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = item_end(item);
        out.extend(item[..end].chars().filter(|c| *c == '\n'));
        rest = &item[end..];
    }
    out + rest
}

/// Where an item ends: at its closing brace, or at a semicolon before any.
fn item_end(item: &str) -> usize {
    let mut depth = 0;
    for (at, c) in item.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

fn layers() -> BTreeMap<&'static str, &'static [&'static str]> {
    LAYERS.iter().map(|layer| (layer.name, layer.uses)).collect()
}

fn allowed(uses: &[&str], path: &str) -> bool {
    uses.iter().any(|known| path == *known || path.strip_prefix(known).is_some_and(|rest| rest.starts_with("::")))
}

#[test]
fn every_module_keeps_to_its_layer() {
    let layers = layers();
    let mut wrong = Vec::new();
    for source in SOURCES.iter().filter(|source| source.module() != "lib") {
        let module = source.module();
        let uses = layers.get(module).copied().unwrap_or_default();
        for (line, path) in source.paths() {
            let other = path.split("::").next().unwrap() != module;
            if other && !allowed(uses, &path) {
                wrong.push(format!("src/{}:{line}: {module} may not use {path}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_table_names_every_module_and_runs_uphill() {
    let root: BTreeSet<String> = SOURCES.iter().map(|source| source.module().to_owned()).filter(|name| name != "lib").collect();
    let named: BTreeSet<String> = LAYERS.iter().map(|layer| layer.name.to_owned()).collect();
    assert_eq!(root, named);
    for (at, layer) in LAYERS.iter().enumerate() {
        for used in layer.uses {
            let module = used.split("::").next().unwrap();
            assert!(LAYERS[..at].iter().any(|lower| lower.name == module), "{} uses {used}, which does not stand below it", layer.name);
        }
    }
}

#[test]
fn only_the_outside_touches_the_world() {
    let mut wrong = Vec::new();
    for (confined, places) in CONFINED {
        for source in SOURCES.iter().filter(|source| !places.iter().any(|place| source.path.starts_with(place))) {
            for (name, at) in confined.iter().flat_map(|name| names(&source.code, name).map(move |at| (name, at))) {
                wrong.push(format!("src/{}:{}: {name} stands only in {places:?}", source.path, source.line_of(at)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> =
        SOURCES.iter().filter(|source| !source.text.starts_with("//! ")).map(|source| format!("src/{}", source.path)).collect();
    assert!(silent.is_empty(), "no `//!` at the top: {silent:?}");
}

/// The reader itself: what it must see and what it must not.
mod reader {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.to_owned(), code: without_tests(&bare(text)), text: String::new() };
        source.paths().into_iter().map(|(_, path)| path).collect()
    }

    #[test]
    fn sees_paths_wherever_they_stand() {
        assert_eq!(
            paths("app/act.rs", "use crate::{a, b::{c, d::E}};\nfn f() { crate::g::h(super::i) }"),
            ["a", "b::c", "b::d::E", "g::h"]
        );
        assert_eq!(paths("call.rs", "use super::io::send;"), ["io::send"]);
        assert_eq!(paths("app/pages/help.rs", "use super::super::super::ui::x; use super::super::y;"), ["ui::x"]);
        assert_eq!(paths("main.rs", "skydeck::cli::run()"), ["cli::run"]);
    }

    #[test]
    fn does_not_see_comments_texts_and_tests() {
        let text = "// crate::a\n/* crate::b */ const C: &str = \"crate::c \\\" crate::d\"; const D: char = '\"';\n\
                    #[cfg(test)]\nmod tests { use crate::e; mod m { } }\n#[cfg(test)]\nuse crate::f;\nuse crate::g;";
        assert_eq!(paths("wire/mod.rs", text), ["g"]);
        assert_eq!(paths("wire/mod.rs", "const R: &str = r#\"crate::a \" crate::b\"#; fn f<'a>(x: &'a crate::c::D) {}"), ["c::D"]);
    }
}
