//! The documentation: its links lead somewhere, and its example of a catalog file is one.
#![allow(clippy::unwrap_used)] // a test may fail

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages at the top and in `docs`.
fn pages() -> Vec<PathBuf> {
    let folders = [root().to_owned(), root().join("docs"), root().join("benches")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The targets of `[text](target)` in a page, without those on the network and without the part behind `#`.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://")).map(|target| target.split('#').next().unwrap()).collect()
}

#[test]
fn links_only_to_existing_files() {
    let mut found = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text).into_iter().filter(|link| !link.is_empty()) {
            assert!(page.parent().unwrap().join(link).exists(), "{}: {link} does not exist", page.display());
            found += 1;
        }
    }
    assert!(found > 20, "{found} links found");
}

#[test]
fn loads_the_example_catalog_file() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/skydeck/catalog");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(root().join("examples/catalog/sae-applications.toml"), folder.join("sae-applications.toml")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_skydeck"));
    command.env_clear().env("HOME", home.path()).args(["operations", "alibaba-sae", "ListApplications"]);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert!(text.contains("/pop/v1/sam/app/listApplications"), "{text}");
}
