//! Holds who may use whom: the table of layers below, no circle between files, and the places that may touch the outside.
//!
//! A path counts wherever it stands, in a `use` or in the middle of an expression; comments, texts and test code do not.
#![allow(clippy::unwrap_used)] // a test may fail

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

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
    // Likewise: what fails without stopping anything is logged on every level.
    layer("log_error", &[]),
    // A leaf of its own: whatever shows text that came from a network passes through it, on every level.
    layer("visible", &[]),
    // Likewise: how a message quotes values and lists names.
    layer("text", &["visible"]),
    layer("wire", &[]),
    // What is secret, and the mask over it: every sink asks it, and whoever comes by a secret registers it there.
    layer("redact", &["secret", "wire"]),
    layer("catalog", &["text", "visible"]),
    // The catalog's files name schemes and formats; these enums are all that signing and envelopes know of it.
    layer("auth", &["wire", "secret", "visible", "catalog::Scheme", "catalog::Vendor"]),
    layer("envelope", &["wire", "secret", "visible", "catalog::ResponseFormat"]),
    layer("form", &["catalog", "wire", "secret", "text", "visible"]),
    layer("exchange", &["wire", "auth", "envelope"]),
    // A profile is resolved into an endpoint, credentials and a scheme, for a provider of the catalog.
    layer("config", &["auth", "catalog", "redact", "secret", "text", "visible", "wire"]),
    // What is handed to the sender: a plan with the access that it goes out with.
    layer("call", &["auth", "catalog", "config", "exchange", "form", "redact", "wire"]),
    // A filter over JSON, which knows nothing of whose JSON it is.
    layer("jq", &[]),
    // The language in which exchanges are looked for.
    layer("query", &["catalog", "text"]),
    // Takes a signature apart, somebody's or an exchange's own; what may have been meant comes from the catalog.
    layer("lab", &["auth", "catalog", "exchange", "secret", "wire"]),
    layer("explain", &["auth", "catalog", "envelope", "exchange", "form", "lab", "secret", "text", "visible", "wire"]),
    // What is kept of an exchange; files are `io`'s.
    layer("history", &["auth", "catalog", "envelope", "exchange", "form", "query", "redact", "wire"]),
    // Lays bodies out with their secrets covered; the mask is the secret's own.
    layer("body", &["redact", "secret", "visible"]),
    // An exchange in the forms of other tools: covered first, then written.
    layer("export", &["auth", "body", "catalog", "envelope", "exchange", "explain", "lab", "redact", "secret", "text", "visible", "wire"]),
    layer("compare", &["body", "envelope", "exchange", "redact", "wire"]),
    layer(
        "app",
        &[
            "auth", "body", "call", "catalog", "compare", "config", "envelope", "exchange", "explain", "export", "form", "history", "jq",
            "lab", "query", "redact", "secret", "text", "visible", "wire",
        ],
    ),
    layer("ui", &["app", "body", "catalog", "config", "envelope", "exchange", "form", "query", "redact", "visible"]),
    layer("emulator", &["auth", "catalog", "envelope", "form", "log_error", "secret", "text", "visible", "wire"]),
    layer(
        "io",
        &[
            "app",
            "auth",
            "body",
            "call",
            "catalog",
            "compare",
            "config",
            "emulator",
            "envelope",
            "exchange",
            "explain",
            "form",
            "history",
            "jq",
            "lab",
            "log_error",
            "query",
            "redact",
            "secret",
            "text",
            "ui",
            "visible",
            "wire",
        ],
    ),
    // Puts the parts together for one command each.
    layer(
        "cli",
        &[
            "app",
            "auth",
            "body",
            "call",
            "catalog",
            "compare",
            "config",
            "emulator",
            "envelope",
            "exchange",
            "explain",
            "export",
            "form",
            "history",
            "io",
            "jq",
            "lab",
            "log_error",
            "query",
            "redact",
            "secret",
            "text",
            "ui",
            "visible",
            "wire",
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
    // Any module may report what happens; where that goes is one file's affair.
    (&["tracing_subscriber"], &["io/program_log.rs"]),
    // Drawing is the screen's; the app knows of the terminal only what a key is.
    (&["ratatui"], &["ui/", "io/"]),
    (&["crossterm::cursor", "crossterm::style", "crossterm::terminal", "crossterm::queue", "crossterm::execute"], &["io/"]),
    (&["crossterm"], &["app/", "io/"]),
    (&["clap"], &["cli/"]),
    // What the screen is made of inside is its own affair.
    (&["ui::theme", "ui::canvas", "ui::form", "ui::pane", "ui::popup"], &["ui/"]),
];

/// A path of names outside comments, texts and test code: `crate::catalog::Scheme`, `println!`.
struct NamePath {
    line: usize,
    text: String,
    /// `true` in a `use` item.
    is_import: bool,
}

/// A source file.
struct Source {
    /// Its path below the package, with `/`.
    path: String,
    /// The folder of its crate's root: `src/`, or that of a benchmark.
    root: String,
    /// The modules that lead to it from there: `app`, `pages`, `help`.
    module: Vec<String>,
    names: Vec<NamePath>,
    text: String,
}

impl Source {
    fn new(path: &str, text: String) -> Self {
        let folders = if path.starts_with("src/") { 1 } else { 2 };
        let below = path.splitn(folders + 1, '/').last().unwrap();
        let mut module: Vec<String> = below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(module.last().unwrap().as_str(), "mod" | "lib") {
            module.pop();
        }
        let mut names = Vec::new();
        collect(text.parse().unwrap(), "", false, &mut names);
        Self { path: path.to_owned(), root: path[..path.len() - below.len()].to_owned(), module, names, text }
    }

    /// Returns the module at the crate's root that it belongs to.
    fn layer(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    /// Returns a path from the crate's root; one that begins with no keyword as if it led to a child.
    fn absolute(&self, path: &str) -> Vec<String> {
        let names: Vec<&str> = path.split("::").filter(|name| *name != "*").collect();
        let supers = names.iter().take_while(|name| **name == "super").count();
        let base = match names[0] {
            "crate" | "skydeck" => &[],
            _ => &self.module[..self.module.len().saturating_sub(supers)],
        };
        let below = names.into_iter().filter(|name| !matches!(*name, "crate" | "skydeck" | "super" | "self"));
        base.iter().cloned().chain(below.map(str::to_owned)).collect()
    }

    /// Returns `true` when this is the `mod.rs` of a folder in which the other stands.
    fn is_above(&self, other: &Self) -> bool {
        self.path.strip_suffix("mod.rs").is_some_and(|folder| other.path.starts_with(folder))
    }
}

/// Collects the paths in tokens. Inside the braces of `a::{b, c}` every path continues `prefix`.
fn collect(tokens: TokenStream, prefix: &str, mut is_import: bool, found: &mut Vec<NamePath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = &tokens[..];
    while let Some((token, after)) = rest.split_first() {
        rest = match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' && is_for_tests(after) => after_item(after),
            TokenTree::Punct(mark) => {
                is_import &= mark.as_char() != ';';
                after
            }
            TokenTree::Ident(name) if name == "use" => {
                is_import = true;
                after
            }
            TokenTree::Ident(name) if name == "as" => after.get(1..).unwrap_or_default(),
            TokenTree::Ident(name) => collect_path(name, after, prefix, is_import, found),
            TokenTree::Group(group) => {
                collect(group.stream(), "", is_import, found);
                after
            }
            TokenTree::Literal(_) => after,
        };
    }
}

/// Collects the path that begins with a name, or all that it branches into, and returns the tokens after it.
fn collect_path<'t>(first: &Ident, mut rest: &'t [TokenTree], prefix: &str, is_import: bool, found: &mut Vec<NamePath>) -> &'t [TokenTree] {
    let is = |token: &TokenTree, mark| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let mut text = format!("{prefix}{first}");
    while let [one, two, next, ..] = rest
        && is(one, ':')
        && is(two, ':')
    {
        match next {
            TokenTree::Ident(name) => text.extend(["::", &name.to_string()]),
            TokenTree::Group(group) => {
                collect(group.stream(), &format!("{text}::"), is_import, found);
                return &rest[3..];
            }
            _ => break,
        }
        rest = &rest[3..];
    }
    if let [mark, TokenTree::Group(_), ..] = rest
        && is(mark, '!')
    {
        text.push('!');
    }
    found.push(NamePath { line: first.span().start().line, text, is_import });
    rest
}

/// Returns `true` behind the `#` of `#[cfg(test)]`.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    tokens.first().is_some_and(|token| token.to_string().replace(' ', "") == "[cfg(test)]")
}

/// Returns what follows the item that begins here: the tokens after its braces, or after a semicolon before any.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => token.to_string() == ";",
    };
    tokens.iter().position(ends).map_or(&[], |at| &tokens[at + 1..])
}

/// Every file below `src` and `benches`, read once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let mut sources = Vec::new();
    for folder in ["src", "benches"] {
        read_folder(folder, &mut sources);
    }
    sources
});

fn read_folder(folder: &str, sources: &mut Vec<Source>) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> =
        fs::read_dir(package.join(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    for name in names {
        let path = format!("{folder}/{name}");
        if package.join(&path).is_dir() {
            read_folder(&path, sources);
        } else if Path::new(&path).extension().is_some_and(|extension| extension == "rs") {
            sources.push(Source::new(&path, fs::read_to_string(package.join(&path)).unwrap()));
        }
    }
}

/// Returns the files of the library and the program.
fn crate_sources() -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().filter(|source| source.path.starts_with("src/"))
}

/// Which file imports which: a name that a `mod.rs` hands on belongs to the file that has it.
struct Imports<'a> {
    files: BTreeMap<(&'a str, &'a [String]), &'a Source>,
}

impl<'a> Imports<'a> {
    fn of(sources: &'a [Source]) -> Self {
        Self { files: sources.iter().map(|source| ((&*source.root, &*source.module), source)).collect() }
    }

    /// Returns the file that a path from the root leads to.
    fn file(&self, root: &str, path: &[String], steps: usize) -> Option<&'a Source> {
        let (end, file) = (0..=path.len()).rev().find_map(|end| Some((end, *self.files.get(&(root, &path[..end]))?)))?;
        let next = path.get(end)?;
        let handed_on = |import: &&NamePath| import.is_import && import.text.rsplit("::").find(|name| *name != "self") == Some(next);
        let import = file.names.iter().filter(|_| steps > 0).find(handed_on);
        import.and_then(|import| self.file(root, &file.absolute(&import.text), steps - 1)).or(Some(file))
    }

    /// Returns the files that a file imports, but for those that it shares a folder's `mod.rs` with: the two may know each other.
    fn from(&self, source: &'a Source) -> BTreeMap<&'a str, &'a Source> {
        let paths = source.names.iter().filter(|path| path.text.contains("::") || path.is_import);
        let files = paths.filter_map(|path| {
            let path = source.absolute(&path.text);
            self.file(&source.root, &path, 8).or_else(|| self.files.get(&(&*source.root, &*path)).copied())
        });
        let apart = files.filter(|file| file.path != source.path && !file.is_above(source) && !source.is_above(file));
        apart.map(|file| (&*file.path, file)).collect()
    }

    /// Returns every circle as the imports that make it.
    fn circles(&self) -> Vec<String> {
        let imports: BTreeMap<&str, Vec<&str>> =
            self.files.values().map(|source| (&*source.path, self.from(source).into_keys().collect())).collect();
        let reached: BTreeMap<&str, BTreeSet<&str>> = imports.keys().map(|path| (*path, reach(path, &imports))).collect();
        let both = |one: &str, other: &str| reached[one].contains(other) && reached[other].contains(one);
        let arrows = imports.iter().flat_map(|(from, files)| files.iter().map(move |to| (*from, *to)));
        arrows.filter(|(from, to)| both(from, to)).map(|(from, to)| format!("{from} -> {to}")).collect()
    }
}

/// Returns all files that one leads to.
fn reach<'a>(from: &'a str, imports: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(path) = waiting.pop() {
        waiting.extend(imports[path].iter().filter(|next| reached.insert(**next)));
    }
    reached
}

#[test]
fn has_no_import_circles() {
    let circles = Imports::of(&SOURCES).circles();
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

#[test]
fn keeps_every_module_in_its_layer() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().map(|layer| (layer.name, layer.uses)).collect();
    let allowed = |uses: &[&str], path: &str| uses.iter().any(|known| format!("{path}::").starts_with(&format!("{known}::")));
    let mut wrong = Vec::new();
    for source in crate_sources().filter(|source| source.layer() != "lib") {
        let uses = layers.get(source.layer()).copied().unwrap_or_default();
        for name in &source.names {
            let path = source.absolute(&name.text);
            let path = if path.first().is_some_and(|first| first != source.layer()) { path.join("::") } else { continue };
            if !allowed(uses, &path) {
                wrong.push(format!("{}:{}: {} may not use {path}", source.path, name.line, source.layer()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn lists_every_module_in_layer_order() {
    let root: BTreeSet<&str> = crate_sources().map(Source::layer).filter(|name| *name != "lib").collect();
    let named: BTreeSet<&str> = LAYERS.iter().map(|layer| layer.name).collect();
    assert_eq!(root, named);
    for (at, layer) in LAYERS.iter().enumerate() {
        for used in layer.uses {
            let module = used.split("::").next().unwrap();
            assert!(LAYERS[..at].iter().any(|lower| lower.name == module), "{} uses {used}, which does not stand below it", layer.name);
        }
    }
}

#[test]
fn confines_input_and_output_to_the_edge() {
    let mut wrong = Vec::new();
    for (confined, places) in CONFINED {
        for source in crate_sources().filter(|source| !places.iter().any(|place| source.path["src/".len()..].starts_with(place))) {
            let stands = |path: &&NamePath| confined.iter().any(|name| format!("::{}::", path.text).contains(&format!("::{name}::")));
            for path in source.names.iter().filter(stands) {
                wrong.push(format!("{}:{}: {} stands only in {places:?}", source.path, path.line, path.text));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn names_the_content_of_every_file() {
    let silent: Vec<&str> = crate_sources().filter(|source| !source.text.starts_with("//! ")).map(|source| &*source.path).collect();
    assert!(silent.is_empty(), "no `//!` at the top: {silent:?}");
}

/// The reader itself: what it must see and what it must not.
mod reader {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, text.to_owned());
        let leads_out = |name: &&NamePath| ["crate", "skydeck", "super"].iter().any(|root| name.text.starts_with(&format!("{root}::")));
        source.names.iter().filter(leads_out).map(|name| source.absolute(&name.text).join("::")).collect()
    }

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, (*text).to_owned())).collect();
        Imports::of(&sources).circles()
    }

    #[test]
    fn sees_paths_wherever_they_stand() {
        assert_eq!(
            paths("src/app/act.rs", "use crate::{a, b::{c, d::E as F, g::*}};\nfn f() { crate::g::h::<u8>(super::i) }"),
            ["a", "b::c", "b::d::E", "b::g", "g::h", "app::i"]
        );
        assert_eq!(paths("src/call.rs", "use super::io::send;"), ["io::send"]);
        assert_eq!(paths("src/app/pages/help.rs", "use super::super::super::ui::x; use super::super::y;"), ["ui::x", "app::y"]);
        assert_eq!(paths("src/main.rs", "skydeck::cli::run()"), ["cli::run"]);
        assert_eq!(Source::new("src/a.rs", "fn f() { assert!(a != (b), \"\"); }".to_owned()).names.len(), 5);
    }

    #[test]
    fn does_not_see_comments_texts_and_tests() {
        let text = "// crate::a\n/* crate::b */ const C: &str = \"crate::c \\\" crate::d\"; const D: char = '\"';\n\
                    #[cfg(test)]\nmod tests { use crate::e; mod m { } }\n#[cfg(test)]\nuse crate::f;\nuse crate::g;";
        assert_eq!(paths("src/wire/mod.rs", text), ["g"]);
        let text = "const R: &str = r#\"crate::a \" crate::b\"#; fn f<'a>(x: &'a crate::c::D) {}";
        assert_eq!(paths("src/wire/mod.rs", text), ["c::D"]);
    }

    #[test]
    fn sees_a_circle_through_the_face_of_a_folder() {
        let face = ("src/a/mod.rs", "mod b; mod c; pub use b::B; pub use c::C; pub struct Own;");
        let circle = circles(&[face, ("src/a/b.rs", "use super::C; pub struct B;"), ("src/a/c.rs", "use crate::a::B; pub struct C;")]);
        assert_eq!(circle, ["src/a/b.rs -> src/a/c.rs", "src/a/c.rs -> src/a/b.rs"]);
        let none = circles(&[face, ("src/a/b.rs", "use super::{C, Own}; pub struct B;"), ("src/a/c.rs", "use super::Own; pub struct C;")]);
        assert!(none.is_empty(), "{none:?}");
    }
}
