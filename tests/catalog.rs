//! The built-in catalog holds together, and an operator's files are read or refused with a reason.
#![allow(clippy::unwrap_used)] // what cannot be read stops the test

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use skydeck::catalog::{BUILT_IN, Catalog, LoadError, Provider, check};

fn add(text: &str) -> (Catalog, Vec<LoadError>) {
    let mut catalog = Catalog::built_in();
    let errors = catalog.add_files(&[("own.toml".to_owned(), text.to_owned())]);
    (catalog, errors)
}

#[test]
fn reads_every_built_in_file_as_indexed() {
    for known in BUILT_IN {
        let provider: Provider = toml::from_str(known.text).unwrap_or_else(|error| panic!("{}: {error}", known.id));
        assert_eq!((provider.id.as_str(), provider.title.as_str()), (known.id, known.title));
        if !known.more.is_empty() {
            let more: toml::Table = known.more.parse().unwrap();
            assert_eq!((more["id"].as_str(), more.keys().count()), (Some(known.id), 5), "id, volatile, sdk, resources, operation");
        }
    }
}

#[test]
fn opens_a_provider_with_its_first_operation() {
    let catalog = Catalog::built_in();
    for known in BUILT_IN {
        let (opening, whole) = (catalog.opening(known.id).unwrap(), catalog.provider(known.id).unwrap());
        assert!(Arc::ptr_eq(&opening.operations[0], &whole.operations[0]), "{}", known.id);
        assert_eq!(opening.operations.len() < whole.operations.len(), !known.more.is_empty(), "{}", known.id);
        assert!(whole.operations.iter().any(|operation| operation.destructive), "{}", known.id);
    }
    // The first tab is drawn before anything else.
    assert!(BUILT_IN[0].text.len() < 30_000);
}

#[test]
fn accepts_every_built_in_entry() {
    for provider in Catalog::built_in().providers() {
        let found = check(provider);
        assert!(found.is_empty(), "{}:\n{}", provider.id, found.join("\n"));
    }
}

#[test]
fn reads_a_provider_once_for_all_threads() {
    let catalog = Arc::new(Catalog::built_in());
    let ids: Vec<String> = catalog.index().map(|(id, _)| id.to_owned()).collect();
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (catalog, ids) = (catalog.clone(), ids.clone());
            std::thread::spawn(move || ids.iter().map(|id| catalog.provider(id).unwrap().clone()).collect::<Vec<_>>())
        })
        .collect();
    let seen: Vec<Vec<Arc<Provider>>> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    for others in &seen[1..] {
        assert!(seen[0].iter().zip(others).all(|(one, other)| Arc::ptr_eq(one, other)));
    }
}

fn bad_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_catalog");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The comment at the top of each bad file is the whole of what is said about it, `LINE:COLUMN: REASON` for each mistake.
#[test]
fn locates_and_skips_each_bad_file() {
    for path in bad_files() {
        let text = fs::read_to_string(&path).unwrap();
        let expected: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("# ")).collect();
        let (catalog, errors) = add(&text);
        let message_text: Vec<String> = errors.iter().map(|error| error.to_string().replace("own.toml:", "")).collect();
        assert_eq!(message_text, expected, "{}", path.display());
        assert!(catalog.provider("own-cloud").is_none() && catalog.provider("alibaba-sae").unwrap().operation("CreateThing").is_none());
    }
}

const OWN_PROVIDER: &str = r#"
id = "own-cloud"
title = "Own cloud"
product = "A cloud of our own"
vendor = "otc"
version = "v2"
auth = ["iam-token", "sdk-hmac-sha256"]
answer-format = "otc-swr"
default-region = "here"
endpoint = "api.{region}.example.com"
iam-endpoint = "http://iam.{region}.example.com:5000"
region = [{ id = "here" }, { id = "there", endpoint = "elsewhere.example.com" }]

[[operation]]
id = "CreateThing"
title = "Create a thing"
changes = true
method = "POST"
path = "/v2/{Project}/things"
success = [201]

[[operation.parameter]]
name = "Project"
in = "path"
type = "string"
required = true
example = "p1"
help = "Its project."

[[operation.parameter]]
name = "Sizes"
type = "list"
items = "object"
help = "Its sizes."
members = [{ name = "Width", type = "integer", help = "In metres.", rules = [{ range = [1, 9] }] }]
rules = [{ count = [1, 2] }]
example = [{ Width = 3 }]
"#;

#[test]
fn adds_a_provider_from_an_operators_file() {
    let (catalog, errors) = add(OWN_PROVIDER);
    assert_eq!(errors, []);
    assert_eq!(catalog.index().last(), Some(("own-cloud", "Own cloud")));
    assert_eq!(catalog.index().count(), BUILT_IN.len() + 1);
    let own = catalog.provider("own-cloud").unwrap();
    assert_eq!(own.endpoint_of("here"), "https://api.here.example.com");
    assert_eq!(own.endpoint_of("there"), "https://elsewhere.example.com");
    assert_eq!(own.iam_endpoint_of("here").unwrap(), "http://iam.here.example.com:5000");
    assert!(own.operation("CreateThing").is_some());
}

const OWN_OPERATIONS: &str = r#"
id = "alibaba-sae"

[[operation]]
id = "CreateNamespace"
title = "Create a namespace, our way"
changes = true
method = "POST"
path = "/pop/v1/paas/namespace"
success = [200]

[[operation]]
id = "DescribeQuotas"
title = "List the quotas"
changes = false
method = "GET"
path = "/pop/v1/paas/quotas"
success = [200]
"#;

#[test]
fn merges_operations_of_an_operators_file() {
    let (catalog, errors) = add(OWN_OPERATIONS);
    assert_eq!(errors, []);
    let (own, built_in) = (catalog.provider("alibaba-sae").unwrap(), Catalog::built_in());
    let before = built_in.provider("alibaba-sae").unwrap();
    assert_eq!(own.operation("CreateNamespace").unwrap().title, "Create a namespace, our way");
    assert!(own.operation("DescribeQuotas").is_some());
    assert_eq!(own.operations.len(), before.operations.len() + 1);
    assert_eq!((&own.title, own.errors.len()), (&before.title, before.errors.len()));
    assert!(own.regions.iter().map(|region| &region.id).eq(before.regions.iter().map(|region| &region.id)));
}

#[test]
fn replaces_named_parts_of_a_provider() {
    let (catalog, errors) = add("id = 'otc-swr'\ntitle = 'Our registry'\nendpoint = 'swr.example.com'\n");
    assert_eq!(errors, []);
    assert!(catalog.index().any(|tab| tab == ("otc-swr", "Our registry")));
    assert_eq!(catalog.index().position(|(id, _)| id == "otc-swr"), Some(4));
    assert!(!catalog.provider("otc-swr").unwrap().operations.is_empty());
}

#[test]
fn loads_the_other_files_beside_a_bad_one() {
    let files = [("bad.toml", "id = 1"), ("own.toml", OWN_PROVIDER)].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut catalog = Catalog::built_in();
    let errors = catalog.add_files(&files);
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["bad.toml:1:6: invalid type: integer `1`, expected a string"]);
    assert!(catalog.provider("own-cloud").is_some());
}

/// An operation of an operator's file that claims to read.
fn reading(id: &str, operation: &str, more: &str) -> Vec<String> {
    let text = format!("id = '{id}'\n[[operation]]\nid = '{operation}'\ntitle = 'x'\nchanges = false\nsuccess = [200]\n{more}\n");
    add(&text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn refuses_files_that_mark_changing_calls_as_reading() {
    let parameter = "[[operation.parameter]]\nname = 'X'\nin = 'path'\ntype = 'string'\nrequired = true\nexample = 'a'\nhelp = 'x'";
    let undeclared = [
        ("huawei-swr", "DeleteOrganization", "method = 'GET'\npath = '/v2/manage/elsewhere'".to_owned()),
        ("huawei-swr", "Look", "method = 'POST'\npath = '/v2//manage/%6eamespaces/'".to_owned()),
        ("huawei-swr", "Look", format!("method = 'DELETE'\npath = '/v2/manage/namespaces/{{X}}'\n{parameter}")),
        ("otc-swr", "Look", "method = 'DELETE'\npath = '/v2/manage/namespaces/orders'".to_owned()),
        ("alibaba-sae", "Look", "method = 'DELETE'\npath = '/pop/v1/paas/namespace'".to_owned()),
        (
            "alibaba-sae",
            "Look",
            "method = 'GET'\npath = '/x'\n[[operation.constant]]\nin = 'header'\nname = 'X-Acs-Action'\nvalue = 'DeleteNamespace'"
                .to_owned(),
        ),
        (
            "volcengine-id",
            "Look",
            "method = 'GET'\npath = '/'\n[[operation.constant]]\nin = 'query'\nname = 'Action'\nvalue = 'DeleteNamespace'".to_owned(),
        ),
        ("volcengine-id", "DeleteNamespace", "method = 'POST'\npath = '/'".to_owned()),
    ];
    for (id, operation, more) in &undeclared {
        let errors = reading(id, operation, more);
        assert!(errors.iter().any(|error| error.contains("which changes something: write `changes = true`")), "{id} {more}: {errors:?}");
    }
    for (id, operation, more) in
        [("huawei-swr", "Look", "method = 'GET'\npath = '/v2/manage/namespaces'"), ("volcengine-id", "Look", "method = 'POST'\npath = '/'")]
    {
        assert_eq!(reading(id, operation, more), [""; 0], "{id}");
    }
}
