//! Configuration files: the example is the defaults, and every sort of mistake is named with its place.

use std::fs;
use std::path::Path;

use skydeck::config::{Config, show, to_toml};

const PROVIDERS: [&str; 5] = ["alibaba-sae", "alibaba-pai", "volcengine-id", "huawei-swr", "otc-swr"];
const EXAMPLE: &str = include_str!("../config.example.toml");

/// The example with its example lines (`#key = ...`, `#[table]`) made real.
fn uncommented() -> String {
    let real = |line: &'static str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => rest,
        _ => line,
    };
    EXAMPLE.lines().map(real).collect::<Vec<_>>().join("\n")
}

fn problems(file: &str, text: &str) -> String {
    let problems = Config::parse(file, text, &PROVIDERS).expect_err(file);
    problems.iter().fold(String::new(), |all, problem| all + &problem.to_string() + "\n")
}

#[test]
fn equals_the_defaults_in_the_example() {
    assert_eq!(Config::parse("config.example.toml", EXAMPLE, &PROVIDERS), Ok(Config::default()));
    assert_eq!(Config::parse("empty", "", &PROVIDERS), Ok(Config::default()));
}

#[test]
fn has_no_unknown_key_in_the_example() {
    let config = Config::parse("config.example.toml", &uncommented(), &PROVIDERS).unwrap();
    assert_eq!(config.profiles.len(), 1);
    assert_eq!(config.profiles[0].accounts.len(), 4);
}

/// Whatever `show` can print is documented: it prints every key that is set.
#[test]
fn documents_every_key_in_the_example() {
    let config = Config::parse("config.example.toml", &uncommented(), &PROVIDERS).unwrap();
    let mut keys = Vec::new();
    collect_keys(&show(&config), &mut keys);
    for key in keys {
        assert!(EXAMPLE.contains(&key), "{key}");
    }
    for key in ["access_key_secret", "security_token", "project_id", "token"] {
        assert!(EXAMPLE.contains(key), "{key}");
    }
}

fn collect_keys(value: &serde_json::Value, keys: &mut Vec<String>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        keys.push(key.clone());
        collect_keys(inner, keys);
    }
}

#[test]
fn shown_config_reads_back() {
    let config = Config::parse("config.example.toml", &uncommented(), &PROVIDERS).unwrap();
    let shown = to_toml(&show(&config)).unwrap();
    let mut again = Config::parse("shown", &shown, &PROVIDERS).unwrap();
    // A command's arguments are masked.
    let volcengine = skydeck::catalog::Vendor::Volcengine;
    again.profiles[0].accounts.insert(volcengine, config.profiles[0].accounts[&volcengine].clone());
    assert_eq!(again, config);
}

#[test]
fn locates_every_mistake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_configs");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let found = problems(name, &fs::read_to_string(&path).unwrap());
            let expected = path.with_extension("txt");
            if std::env::var_os("UPDATE_EXPECTED").is_some() {
                fs::write(&expected, &found).unwrap();
            }
            assert_eq!(found, fs::read_to_string(&expected).unwrap(), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 30, "only {seen} files");
}
