//! Keys as data: the documentation is printed from the action table, and no text names a key of its own.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use regex_lite::Regex;
use skydeck::app::keys::{CONTEXTS, KeyMap};

use super::stage::Stage;

/// The heading below which the documentation lists the keys.
const HEADING: &str = "## Keys\n";

/// Returns a file of the package.
fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns every key as the documentation lists it.
fn documented() -> String {
    let (keys, mut text) = (KeyMap::default(), String::new());
    for info in CONTEXTS {
        write!(text, "\n{}:\n\n| key | action |\n| --- | --- |\n", info.title).unwrap();
        for (action, names) in keys.rows(info.context) {
            let names: Vec<_> = names.iter().map(|name| format!("`{}`", name.replace('|', "\\|"))).collect();
            writeln!(text, "| {} | {} |", names.join(" "), action.help).unwrap();
        }
    }
    text
}

#[test]
fn lists_every_key_in_the_documentation() {
    let path = package("docs/console.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(HEADING).unwrap();
    let (intro, listed) = rest.split_once("\n\n").unwrap();
    let end = listed.find("\n## ").unwrap_or(listed.len());
    let (listed, after) = listed.split_at(end);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return fs::write(&path, format!("{before}{HEADING}{intro}\n{}{after}", documented())).unwrap();
    }
    assert!(format!("\n{listed}") == documented(), "docs/console.md does not list the keys as they are: run this test with UPDATE_DOCS=1");
}

#[test]
fn has_a_key_for_every_hint_of_a_popup() {
    for script in ["<f1>", "<esc>?", "<esc>L", "<c-s>", "<esc>p", "<esc>r", "<f4>", "<f4>a", "<f4>adrip<enter>", "<f4>adrip<enter><enter>"]
    {
        let mut stage = Stage::new();
        stage.keys(script);
        let view = stage.app.popups.open().unwrap().view(&stage.app.popup_context());
        for (action, word) in view.hints.iter().chain(view.keys) {
            assert!(stage.app.session.keys.chord_of(view.contexts, *action).is_some(), "{script}: {action:?} {word}");
        }
    }
}

/// Returns the source files of the library but for the action table and its neighbours.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("app/keys") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Collects the texts in tokens, without attributes, documentation and tests.
fn texts(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = &tokens[..];
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match (token, after) {
            (TokenTree::Punct(mark), _) if mark.as_char() == '#' => {
                let at = after.iter().position(|token| matches!(token, TokenTree::Group(_))).unwrap_or(0);
                let TokenTree::Group(attribute) = &after[at] else { continue };
                rest = &after[at + 1..];
                if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                    let braces = |token: &TokenTree| matches!(token, TokenTree::Group(_)) || token.to_string() == ";";
                    rest = &rest[rest.iter().position(braces).map_or(rest.len(), |at| at + 1)..];
                }
            }
            (TokenTree::Group(group), _) => texts(group.stream(), found),
            (TokenTree::Literal(literal), _) if literal.to_string().starts_with('"') => found.push(literal.to_string()),
            _ => {}
        }
    }
}

/// Patterns of a key in a text: a key by its name; a letter and what it does; a letter in parentheses; what is pressed.
const NAMED_KEYS: [&str; 4] = [
    r#"(^"|[\s(`])(F(1[0-2]|[1-9])|\^[a-z]|esc|pgup|pgdn)([\s).,;:`]|"$)"#,
    r#"(^"|[;:,(.·] )(enter|tab|[b-zB-HJ-Z]) [a-z]+s\b"#,
    r" \([A-Za-z]\)",
    r"\b[Pp]ress(es)? [^{]",
];

fn named_keys() -> Vec<Regex> {
    NAMED_KEYS.map(|pattern| Regex::new(pattern).unwrap()).to_vec()
}

#[test]
fn takes_every_key_in_a_text_from_the_key_map() {
    let (patterns, mut files, mut wrong) = (named_keys(), Vec::new(), Vec::new());
    sources(&package("src"), &mut files);
    for file in files {
        let mut found = Vec::new();
        texts(fs::read_to_string(&file).unwrap().parse().unwrap(), &mut found);
        found.retain(|text| patterns.iter().any(|pattern| pattern.is_match(text)));
        wrong.extend(found.into_iter().map(|text| format!("{}: {text}", file.display())));
    }
    assert!(wrong.is_empty(), "these texts name a key that is not taken from the key map:\n{}", wrong.join("\n"));
}

#[test]
fn finds_keys_in_texts() {
    let names = |text: &str| named_keys().iter().any(|pattern| pattern.is_match(text));
    for text in ["\"F9 cancels\"", "\"press e to edit\"", "\"choose the profile (p)\"", "\"no answer; T sends it\"", "\"esc leaves it\""] {
        assert!(names(text), "{text}");
    }
    for text in ["\"{} cancels\"", "\"press {key} first\"", "\"a call sends it\"", "\"HTTP 400\"", "\"the end(s)\""] {
        assert!(!names(text), "{text}");
    }
}

#[test]
fn sees_the_texts_of_a_file() {
    let mut found = Vec::new();
    texts(
        "/// \"F9\"\nfn f() { g(\"in\", [\"group\"]) }\n#[cfg(test)]\nmod tests { const A: &str = \"test\"; }".parse().unwrap(),
        &mut found,
    );
    assert_eq!(found, ["\"in\"", "\"group\""]);
}
