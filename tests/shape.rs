//! Holds how large a type may be: the number of its methods, and of the files that its `impl`s are spread over.
//!
//! Only inherent `impl`s count: what a trait asks for is the trait's matter.
#![allow(clippy::unwrap_used)] // a test may fail

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A reader keeps about this many in mind.
const MAX_METHODS: usize = 25;

/// Who looks for a method looks into so many files.
const MAX_FILES: usize = 3;

/// Types that are still being divided.
const LEFT: &[&str] = &["Script"];

/// The methods of a type and the files that have them.
#[derive(Debug, Default)]
struct Shape {
    methods: usize,
    files: BTreeSet<String>,
}

/// A source file without its tests.
struct Source {
    path: String,
    text: String,
}

fn sources(folder: &Path, found: &mut Vec<Source>) {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let production = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
            found.push(Source { path: path.to_str().unwrap().to_owned(), text: production });
        }
    }
}

/// Returns the name of the type that a line begins to implement, unless it implements a trait.
fn implemented(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("impl")?;
    let rest = if rest.starts_with('<') { &rest[rest.find("> ")? + 1..] } else { rest };
    let name = rest.trim_start();
    (!name.contains(" for ")).then(|| name.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default())
}

/// Returns the name of the type that a line defines.
fn defined(line: &str) -> Option<&str> {
    let mut words = line.trim_start_matches("pub(crate) ").split(' ').skip_while(|word| word.starts_with("pub"));
    let is_type = matches!(words.next()?, "struct" | "enum");
    words.next().filter(|_| is_type).map(|name| name.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default())
}

/// Returns `true` for the first line of a method.
fn is_method(line: &str) -> bool {
    let Some(item) = line.strip_prefix("    ").filter(|item| !item.starts_with(' ')) else { return false };
    let words: Vec<&str> = item.split(' ').take(4).collect();
    let function = words.iter().position(|word| *word == "fn");
    function.is_some_and(|at| words[..at].iter().all(|word| word.starts_with("pub") || matches!(*word, "const" | "async" | "in")))
        || (item.starts_with("pub(in ") && item.contains(") fn "))
}

/// Returns the shapes of all types, by the file that defines them and their name.
fn shapes(sources: &[Source]) -> BTreeMap<(String, String), Shape> {
    let mut definitions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources {
        for name in source.text.lines().filter_map(defined) {
            definitions.entry(name).or_default().push(&source.path);
        }
    }
    let mut shapes: BTreeMap<(String, String), Shape> = BTreeMap::new();
    for source in sources {
        let mut current = None;
        for line in source.text.lines() {
            match (implemented(line), &current) {
                (Some(name), _) => {
                    // Several modules may have a type of this name: the nearest one is meant.
                    let nearest = definitions.get(name).and_then(|paths| paths.iter().max_by_key(|path| shared(path, &source.path)));
                    let key = (nearest.map_or_else(String::new, |path| (*path).to_owned()), name.to_owned());
                    shapes.entry(key.clone()).or_default().files.insert(source.path.clone());
                    current = Some(key);
                }
                (None, Some(key)) if is_method(line) => shapes.get_mut(key).unwrap().methods += 1,
                (None, Some(_)) if line == "}" => current = None,
                _ => {}
            }
        }
    }
    shapes
}

/// Returns how many bytes two paths have in common from their beginning.
fn shared(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

#[test]
fn no_type_has_too_many_methods_or_is_spread_over_too_many_files() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let too_large = |(_, shape): &(&(String, String), &Shape)| shape.methods > MAX_METHODS || shape.files.len() > MAX_FILES;
    let shapes = shapes(&found);
    let wrong: Vec<String> = shapes
        .iter()
        .filter(too_large)
        .filter(|((_, name), _)| !LEFT.contains(&name.as_str()))
        .map(|((path, name), shape)| format!("{name} ({path}): {} methods in {} files", shape.methods, shape.files.len()))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn counts_methods_by_the_nearest_type_of_a_name() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let row = "pub struct Row<'a> {\n}\nimpl<'a> Row<'a> {\n    pub const fn one() {\n        fn inner() {}\n    }\n    pub(in crate::a) fn two() {}\n}\nimpl Display for Row<'_> {\n    fn fmt() {}\n}\n";
    let more = "impl Row<'_> {\n    async fn three() {}\n}\n";
    let shapes =
        shapes(&[source("a/row.rs", row), source("a/more.rs", more), source("b/row.rs", "enum Row {}\nimpl Row {\n    fn x() {}\n}\n")]);
    let counts: Vec<_> = shapes.iter().map(|((path, _), shape)| (path.as_str(), shape.methods, shape.files.len())).collect();
    assert_eq!(counts, [("a/row.rs", 3, 2), ("b/row.rs", 1, 1)]);
}
