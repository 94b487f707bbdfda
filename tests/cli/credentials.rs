//! Where credentials come from: environment, vendors' files, commands, the configuration itself.

use super::support::{Home, Ran};

const SIGN: [&str; 8] =
    ["sign", "alibaba-sae", "CreateNamespace", "NamespaceName=a", "NameSpaceShortId=ab", "--output", "json", "--profile"];

fn sign(home: &Home, profile: &str, variables: &[(&str, &str)]) -> Ran {
    let arguments: Vec<&str> = SIGN.iter().copied().chain([profile]).collect();
    home.run_with(variables, &arguments)
}

#[test]
fn variables_of_the_sdks_are_taken_in_their_order() {
    let home = Home::new();
    let own = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIfirst"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "one"),
        ("ALICLOUD_ACCESS_KEY_ID", "LTAIsecond"),
    ];
    let object = sign(&home, "env", &own).json();
    assert_eq!(object["key_id"], "LTAIfirst");
    assert_eq!(object["request"]["url"], "https://sae.cn-hangzhou.aliyuncs.com/pop/v1/paas/namespace?NamespaceName=a&NameSpaceShortId=ab");
    let mixed = [("ALICLOUD_ACCESS_KEY_ID", "LTAIsecond"), ("ACCESS_KEY_SECRET", "two"), ("REGION", "cn-shanghai")];
    let object = sign(&home, "env", &mixed).json();
    assert_eq!(object["key_id"], "LTAIsecond");
    assert!(object["request"]["url"].as_str().unwrap().contains("cn-shanghai"));
}

#[test]
fn missing_variables_are_listed_with_those_that_are_set() {
    let home = Home::new();
    let ran = sign(&home, "env", &[("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIfirst")]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("ALIBABA_CLOUD_ACCESS_KEY_ID (access key id): set\n"), "{ran:?}");
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALICLOUD_ACCESS_KEY_SECRET", "ACCESS_KEY_SECRET"] {
        assert!(ran.err.contains(&format!("  {name} (secret access key): not set")), "{ran:?}");
    }
}

#[test]
fn vendors_files_commands_and_literals_work() {
    let home = Home::new();
    home.write(
        ".aliyun/config.json",
        r#"{"current":"default","profiles":[{"name":"default","mode":"AK","access_key_id":"LTAIfile","access_key_secret":"s","region_id":"cn-beijing"}]}"#,
    );
    home.write(
        ".config/skydeck/config.toml",
        r#"
        [profiles.file.alibaba]
        credentials = { file = "aliyun-cli" }
        [profiles.command.alibaba]
        credentials = { command = ["printf", '{"access_key_id":"LTAIcommand","access_key_secret":"s"}'] }
        [profiles.literal.alibaba]
        credentials = { access_key_id = "LTAIliteral", access_key_secret = "s " }
        [profiles.failing.alibaba]
        credentials = { command = ["sh", "-c", "echo the vault is locked >&2; exit 1"] }
        [profiles.asking.alibaba]
        credentials = { prompt = true }
        [profiles.other.huawei]
        "#,
    );
    let file = sign(&home, "file", &[]);
    assert_eq!((file.err.as_str(), &file.json()["key_id"]), ("", &"LTAIfile".into()));
    assert!(file.out.contains("sae.cn-beijing.aliyuncs.com"));
    assert_eq!(sign(&home, "command", &[]).json()["key_id"], "LTAIcommand");
    let literal = sign(&home, "literal", &[]);
    assert_eq!(literal.json()["key_id"], "LTAIliteral");
    assert!(literal.err.contains("secret in the configuration file") && literal.err.contains("white space"), "{literal:?}");
    for (profile, message) in [("failing", "the vault is locked"), ("asking", "no terminal"), ("other", "has nothing for Alibaba Cloud")] {
        let ran = sign(&home, profile, &[]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(message), "{ran:?}");
    }
}

#[test]
fn reads_a_login_from_the_usual_variables() {
    let home = Home::new();
    let variables = [
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "correct-horse"),
        ("OS_USER_DOMAIN_NAME", "d"),
        ("OS_PROJECT_NAME", "eu-de_p"),
        ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com/v3"),
    ];
    let ran = home.run_with(
        &variables,
        &["--profile", "env", "send", "otc-swr", "CreateOrganization", "namespace=group", "--dry-run", "--output", "json"],
    );
    let object = ran.json();
    assert_eq!(object["token_request"]["url"], "https://iam.eu-de.otc.t-systems.com/v3/auth/tokens?nocatalog=1");
    assert!(!ran.out.contains("correct-horse") && ran.out.contains("eu-de_p"), "{ran:?}");
    let keys = [("OS_ACCESS_KEY", "AK"), ("OS_SECRET_KEY", "SK"), variables[0], variables[1], variables[2]];
    let object =
        home.run_with(&keys, &["--profile", "env", "sign", "otc-swr", "CreateOrganization", "namespace=group", "--output", "json"]).json();
    assert_eq!((&object["scheme"], &object["key_id"]), (&"SDK-HMAC-SHA256".into(), &"AK".into()));
}

/// Types into a terminal and gives what stood on it.
#[cfg(unix)]
fn on_a_terminal(home: &Home, arguments: &[&str], typed: &[(&str, &str)]) -> (u32, String) {
    use std::io::{Read, Write};

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    let pty = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_skydeck"));
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home.path());
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let (mut reader, mut writer) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
    let mut seen = String::new();
    let mut buffer = [0; 4096];
    for (question, answer) in typed {
        while !seen.contains(question) {
            let length = reader.read(&mut buffer).unwrap();
            assert!(length > 0, "{seen}");
            seen.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
        writer.write_all(answer.as_bytes()).unwrap();
    }
    while let Ok(length @ 1..) = reader.read(&mut buffer) {
        seen.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    (child.wait().unwrap().exit_code(), seen)
}

#[cfg(unix)]
#[test]
fn prompts_hide_secrets() {
    let home = Home::new();
    home.write(".config/skydeck/config.toml", "[profiles.asking.alibaba]\ncredentials = { prompt = true }\n");
    let arguments: Vec<&str> = SIGN.iter().copied().chain(["asking"]).collect();
    let typed = [("access key id for profile asking: ", "LTAItypx\u{7f}ed\r"), ("secret access key for profile asking: ", "hunter2\r")];
    let (status, seen) = on_a_terminal(&home, &arguments, &typed);
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("\"key_id\":\"LTAItyped\"") && !seen.contains("hunter2"), "{seen}");
    let (status, seen) = on_a_terminal(&home, &arguments, &[("access key id for profile asking: ", "\u{3}")]);
    assert_eq!(status, 2, "{seen}");
    assert!(seen.contains("cancelled"), "{seen}");
}
