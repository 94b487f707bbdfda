//! Faults on the command line: from options, from files, and the list of them all.

use serde_json::Value;
use skydeck::catalog::Catalog;
use skydeck::emulator::Fault;

use crate::support::{Emulator, Home};

#[test]
fn sets_every_listed_fault() {
    let home = Home::new();
    let listed: Value = home.run(&["emulator", "faults", "--output", "json"]).json();
    let catalog = Catalog::built_in();
    let examples: Vec<&str> = listed.as_array().unwrap().iter().map(|fault| fault["example"].as_str().unwrap()).collect();
    for example in &examples {
        let parsed = Fault::parse(example, catalog.providers().map(|provider| &**provider));
        assert!(parsed.is_ok(), "{parsed:?}");
    }
    let codes = |provider: &str| {
        listed.as_array().unwrap().iter().filter(|fault| fault["provider"] == provider && fault["status"].is_u64()).count()
    };
    for provider in catalog.providers() {
        let documented = provider.errors.len() + provider.operations.iter().map(|operation| operation.errors.len()).sum::<usize>();
        assert_eq!(codes(&provider.id), documented, "{}", provider.id);
    }
    let file = home.write("all.faults", &examples.join("\n"));
    Emulator::start(&home, &["--faults", file.to_str().unwrap()]);
}

#[test]
fn prints_the_list_for_people() {
    let home = Home::new();
    let all = home.run(&["emulator", "faults"]);
    assert_eq!((all.status, all.err.as_str()), (0, ""));
    for word in
        ["alibaba-sae", "otc-swr", "Throttling.User", "APIGW.0201=494", "drip=BYTES/TIME", "*N no more than N times", "CreateNamespace"]
    {
        assert!(all.out.contains(word), "{word}");
    }
    let one = home.run(&["emulator", "faults", "volcengine-id"]);
    assert!(one.out.contains("MissingParameter.{parameter}") && !one.out.contains("APIGW"), "{one:?}");
    let none = home.run(&["emulator", "faults", "volcengine"]);
    assert!(none.status == 2 && none.err.contains("did you mean volcengine-id?"), "{none:?}");
}

#[test]
fn faults_come_from_a_file() {
    let home = Home::new();
    let file = home.write(
        "two.faults",
        "# the first call fails, the second is slow\n\nalibaba-sae:Throttling.User*1  # once\nalibaba-sae:delay=5ms\n",
    );
    let emulator = Emulator::start(&home, &["--faults", file.to_str().unwrap(), "--fault", "alibaba-pai:reset", "--fault-seed", "7"]);
    let call = |provider, operation| home.run(&["send", provider, operation, "--endpoint", emulator.url(provider)]).status;
    assert_eq!([call("alibaba-sae", "DescribeRegions"), call("alibaba-sae", "DescribeRegions")], [4, 0]);
    assert_eq!(call("alibaba-pai", "ListWorkspaces"), 5);
}

#[test]
fn fault_file_errors_name_the_line() {
    let home = Home::new();
    let cases: [(&[u8], &str); 4] = [
        (
            b"alibaba-sae:503\n\nalibaba-sae:Throtling.User\n",
            "wrong.faults:3: fault `alibaba-sae:Throtling.User`: the catalog has no error code",
        ),
        (b"alibaba-sae", "wrong.faults:1: fault `alibaba-sae`: it is not PROVIDER[/OPERATION]:WHAT"),
        (b"# good\nalibaba-sae:delay=2s \xff\n", "line 2, column 22: not UTF-8"),
        (b"alibaba-sea:503", "did you mean alibaba-sae or alibaba-pai?"),
    ];
    for (text, message) in cases {
        let path = home.write("wrong.faults", "");
        std::fs::write(&path, text).unwrap();
        let ran = home.run(&["emulator", "--faults", path.to_str().unwrap()]);
        assert!(ran.status == 2 && ran.out.is_empty() && ran.err.contains(message), "{ran:?}");
    }
    for path in [home.path().join("none").to_str().unwrap(), home.path().to_str().unwrap()] {
        let ran = home.run(&["emulator", "--faults", path]);
        assert!(ran.status == 2 && ran.err.contains(path), "{ran:?}");
    }
}
