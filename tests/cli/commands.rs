//! The other subcommands, wrong arguments, and a standard output that closes.

use std::process::{Command, Stdio};

use super::support::{Emulator, Home, Ran};

#[test]
fn unknown_names_exit_2_with_suggestions() {
    let home = Home::new();
    let cases: [(&[&str], &str); 16] = [
        (&["send", "alibaba-sea", "CreateNamespace"], "there is no provider `alibaba-sea`: did you mean alibaba-sae"),
        (&["send", "alibaba-sae", "CreateNamespac"], "alibaba-sae has no operation `CreateNamespac`: did you mean CreateNamespace?"),
        (
            &["send", "alibaba-sae", "CreateNamespace", "NamespacName=x"],
            "CreateNamespace has no parameter `NamespacName`: did you mean NamespaceName",
        ),
        (&["send", "alibaba-sae", "CreateNamespace", "NamespaceName"], "`NamespaceName` is not NAME=VALUE"),
        (&["send", "alibaba-sae", "CreateNamespace", "--region", "cn-hangzou"], "lists no region `cn-hangzou`"),
        (&["send", "alibaba-sae", "CreateNamespace", "--region", "cn-hangzou"], "did you mean cn-hangzhou"),
        (&["send", "alibaba-sae", "CreateNamespace", "--profile", "dmo"], "there is no profile `dmo`: did you mean demo?"),
        (&["send", "alibaba-sae", "CreateNamespace", "--endpoint", "ftp://x"], "must begin with http:// or https://"),
        (&["send", "alibaba-sae", "CreateNamespace", "--endpoint", "https://example.com"], "is not on the loopback interface"),
        (&["send", "alibaba-sae", "CreateNamespace", "--at", "2026-11-22T10:00:00Z"], "--dry-run"),
        (&["sign", "alibaba-sae", "CreateNamespace", "--at", "now"], "\"now\" is no time: write it like 2026-11-22T10:00:00Z"),
        (&["send", "alibaba-sae", "CreateNamespace", "--body", "/no/such/file"], "/no/such/file"),
        (&["explain", "huawei-swr"], "<CODE>"),
        (&["explain", "huawei-swr", "X", "--status", "99"], "99 is not in 100..600"),
        (&["explain", "huawei-swr", "-"], "standard input is empty"),
        (&["snd"], "unrecognized subcommand 'snd'"),
    ];
    for (arguments, message) in cases {
        let ran = home.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{arguments:?} {ran:?}");
        assert!(ran.err.contains(message), "{arguments:?} {ran:?}");
    }
}

#[test]
fn escapes_and_masks_a_wrong_argument() {
    let home = Home::new();
    let odd = "\u{9b}31mX\u{202e}\u{1b}[2J";
    let call = ["send", "alibaba-sae", "CreateNamespace"];
    let cases: [&[&str]; 7] =
        [&[odd], &["--output", odd], &["--endpoint", odd], &["--at", odd], &["--profile", odd], &["--region", odd], &["--odd", odd]];
    for arguments in cases {
        let ran = home.run(&[&call[..], arguments].concat());
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{arguments:?} {ran:?}");
        assert!(!ran.err.contains(['\u{9b}', '\u{202e}', '\u{1b}']), "{arguments:?} {:?}", ran.err);
    }
    let ran = home.run(&[&call[..], &["--endpoint", "https://user:hunter2@example.com"]].concat());
    assert!(ran.status == 2 && ran.err.contains('@') && !ran.err.contains("hunter2"), "{ran:?}");
}

#[test]
fn answers_a_very_long_argument_shortly() {
    let home = Home::new();
    let long = "x".repeat(100_000);
    let cases: [&[&str]; 5] = [
        &["send", &long, "CreateNamespace"],
        &["send", "alibaba-sae", &long],
        &["send", "alibaba-sae", "CreateNamespace", &format!("{long}=1")],
        &["send", "alibaba-sae", "CreateNamespace", "--no-validate", &format!("NamespaceName={long}")],
        &["explain", "alibaba-sae", &long],
    ];
    for arguments in cases {
        let ran = home.run(arguments);
        assert!([0, 2, 5].contains(&ran.status) && ran.err.len() < 3000, "{} {}", ran.status, ran.err.len());
    }
}

#[test]
fn lists_and_shows_the_catalog() {
    let home = Home::new();
    let ran = home.run(&["operations"]);
    assert_eq!((ran.status, ran.out.lines().count() >= 5), (0, true), "{ran:?}");
    let list = home.run(&["operations", "--output", "json"]).json();
    let catalog = skydeck::catalog::Catalog::built_in();
    for operation in list.as_array().unwrap() {
        let (provider, id) = (operation["provider"].as_str().unwrap(), operation["id"].as_str().unwrap());
        let full = home.run(&["operations", provider, id, "--output", "json"]).json();
        let known = catalog.provider(provider).and_then(|provider| provider.operation(id)).unwrap();
        assert_eq!(full["parameters"].as_array().unwrap().len(), known.parameters.len(), "{provider} {id}");
        assert!(!full["errors"].as_array().unwrap().is_empty(), "{provider} {id}");
        let text = home.run(&["operations", provider, id]).out;
        for parameter in full["parameters"].as_array().unwrap() {
            assert!(text.contains(parameter["name"].as_str().unwrap()));
        }
    }
}

#[test]
fn explains_an_error_code() {
    let ran = Home::new().run(&["explain", "alibaba-sae", "InvalidNamespaceIdSuffix.Format"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("remedy      ") && ran.out.contains("field       NameSpaceShortId"), "{ran:?}");
    let object = Home::new().run(&["explain", "volcengine-id", "SignatureDoesNotMatch", "--output", "json"]).json();
    assert!(object["cause"].is_string() && object["remedy"].is_string());
    assert_eq!((&object["in_catalog"], &object["nearest"]), (&true.into(), &serde_json::Value::Null));
}

#[test]
fn marks_the_explanation_of_an_unlisted_code() {
    let home = Home::new();
    let ran = home.run(&["explain", "huawei-swr", "SVCSTG.SWR.409006", "--status", "409"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("already has something") && ran.out.contains("not in the catalog; nearest: SVCSTG.SWR.4090060"), "{ran:?}");
    let object = home.run(&["explain", "huawei-swr", "SVCSTG.SWR.409006", "--status", "409", "--output", "json"]).json();
    assert_eq!((&object["in_catalog"], &object["nearest"][0]), (&false.into(), &"SVCSTG.SWR.4090060".into()), "{object}");
}

#[test]
fn explains_a_message_and_a_pasted_text() {
    let home = Home::new();
    let ran = home.run(&["explain", "otc-swr", "APIGW.0301", "--message", "Incorrect IAM authentication information: decrypt token fail"]);
    assert!(ran.status == 0 && ran.out.contains("cannot read the token"), "{ran:?}");
    let text = r#"ERROR {"error_msg":"signature expired, signature time:20261130T065557Z,server time:20261130T071215Z","error_code":"APIGW.0301","request_id":"r-12"}"#;
    for arguments in [&["explain", "otc-swr", "-"][..], &["explain", "otc-swr", "--message", "-"]] {
        let object = home.run_with_input(&[arguments, &["--output", "json"]].concat(), text.as_bytes()).json();
        assert!(object["cause"].as_str().unwrap().contains("978 s (16 min 18 s) behind"), "{object}");
        assert_eq!((&object["read"]["code"], &object["read"]["request_id"]), (&"APIGW.0301".into(), &"r-12".into()));
    }
}

#[test]
fn operations_of_ones_own_join_the_catalog_and_their_mistakes_do_not() {
    let home = Home::new();
    let own = "id = \"alibaba-sae\"\n\n[[operation]]\nid = \"ListOwn\"\ntitle = \"List\"\nchanges = false\nmethod = \"GET\"\npath = \"/own\"\nsuccess = [200]\n";
    home.write(".config/skydeck/catalog/own.toml", own);
    home.write(".config/skydeck/catalog/wrong.toml", "id = \"x\"\nttle = \"y\"\n");
    let ran = home.run(&["operations", "alibaba-sae"]);
    assert!(ran.out.contains("ListOwn") && ran.out.contains("CreateNamespace"), "{ran:?}");
    assert!(ran.err.contains("wrong.toml:") && ran.err.contains("left out"), "{ran:?}");
}

#[test]
fn finds_shows_and_checks_the_configuration() {
    let home = Home::new();
    let path = home.run(&["config", "path"]);
    assert!(path.out.contains(".config/skydeck/config.toml") && path.out.contains("does not exist"), "{path:?}");
    assert!(home.run(&["config", "show"]).out.contains("default_profile = \"demo\""));
    assert_eq!(home.run(&["config", "check"]).status, 0);

    let text = "[profiles.work.alibaba]\ncredentials = { access_key_id = \"LTAIx\", access_key_secret = \"literal-secret\" }\n[profiles.work.huawei]\n";
    home.write(".config/skydeck/config.toml", text);
    let shown = home.run(&["config", "show"]);
    assert!(shown.out.contains("LTAIx") && !shown.out.contains("literal-secret"), "{shown:?}");
    let checked = home.run(&["config", "check"]);
    assert_eq!(checked.status, 2, "{checked:?}");
    assert!(checked.out.contains("secret in the configuration file") && checked.out.contains("HUAWEICLOUD_SDK_AK"), "{checked:?}");

    home.write(".config/skydeck/config.toml", "[screen]\nthem = \"dark\"\n");
    for arguments in [&["config", "check"][..], &["operations"], &["config", "show"], &[]] {
        let ran = home.run(arguments);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(
            format!("{}{}", ran.out, ran.err).contains("config.toml:2:1: unknown key `them` in [screen]: did you mean theme?"),
            "{ran:?}"
        );
    }
    let missing = home.run(&["operations", "--config", "/no/such/config.toml"]);
    assert_eq!(missing.status, 2, "{missing:?}");
}

#[cfg(unix)]
#[test]
fn prints_its_addresses_and_ends_with_a_signal() {
    let home = Home::new();
    for signal in ["-TERM", "-INT", "-HUP"] {
        let mut emulator = Emulator::start(&home, &["--region", "alibaba-sae=cn-shanghai", "--fault", "alibaba-pai:Throttling*2"]);
        assert_eq!(emulator.ready.as_object().unwrap().len(), 5);
        let ended = Command::new("kill").args([signal, &emulator.child.id().to_string()]).status().unwrap();
        assert!(ended.success());
        assert_eq!(emulator.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn refuses_bad_emulator_arguments_without_secrets() {
    let home = Home::new();
    let cases: [(&[&str], &str); 6] = [
        (&["--listen", "0.0.0.0:8000"], "loopback"),
        (&["--accept-key", "hunter2"], "ID:SECRET"),
        (&["--listen", "localhost:4010"], "\"localhost:4010\" is no address: write it like 127.0.0.1:4010"),
        (&["--accept-user", "hunter2"], "a name, a password, a domain and a project"),
        (&["--region", "alibaba-sea=cn-hangzhou"], "did you mean alibaba-sae"),
        (&["--fault", "alibaba-sae:Throtling.User"], "Throttling.User"),
    ];
    for (arguments, message) in cases {
        let all: Vec<&str> = ["emulator"].iter().chain(arguments).copied().collect();
        let ran = home.run(&all);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(message) && !ran.err.contains("hunter2"), "{ran:?}");
    }
}

#[cfg(unix)]
#[test]
fn succeeds_with_closed_standard_output() {
    let home = Home::new();
    let calls: [&[&str]; 5] = [
        &["operations", "alibaba-sae", "CreateNamespace"],
        &["send", "alibaba-sae", "CreateNamespace", "NamespaceName=a", "NameSpaceShortId=ab", "-v"],
        &["send", "--help"],
        &["completions", "bash"],
        &["config", "show"],
    ];
    for arguments in calls {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = home.command(arguments).stdout(Stdio::from(writer)).stderr(Stdio::piped()).output().unwrap();
        let ran = Ran::of(&output);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn help_and_version_need_no_configuration() {
    let home = Home::new();
    home.write(".config/skydeck/config.toml", "wrong");
    let version = home.run(&["--version"]);
    assert_eq!((version.status, version.out.trim()), (0, concat!("skydeck ", env!("CARGO_PKG_VERSION"))));
    let help = home.run(&["--help"]);
    assert!(help.status == 0 && help.out.contains("Exit status:"), "{help:?}");
    for command in ["send", "sign", "operations", "explain", "emulator", "config", "completions"] {
        assert!(help.out.contains(command));
        assert_eq!(home.run(&[command, "--help"]).status, 0);
    }
}
