//! The program's own log: off unless a file is named, secrets masked, and named where something fails.

use std::fs;

use super::support::Home;

const SIGN: [&str; 7] = ["sign", "alibaba-sae", "CreateNamespace", "NamespaceName=orders", "NameSpaceShortId=orders", "--profile", "env"];

const SECRETS: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tLogTestKey000001"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "aSecretOfTheLogTest00001")];

#[test]
fn nothing_is_written_unless_a_file_is_named() {
    let home = Home::new();
    assert_eq!(home.run_with(&SECRETS, &SIGN).status, 0);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn argument_variable_and_configuration_name_the_file() {
    let home = Home::new();
    let (argument, variable) = (home.path().join("argument.log"), home.path().join("variable.log"));
    let configured = home.path().join("configured.log");
    let config = home.write("config.toml", &format!("[log]\nfile = {:?}\nlevel = \"debug\"\n", configured.display().to_string()));
    let by_config = [&SIGN[..], &["--config", config.to_str().unwrap()]].concat();
    let by_argument = [&by_config[..], &["--log-file", argument.to_str().unwrap()]].concat();
    let variables = [&SECRETS[..], &[("SKYDECK_LOG", variable.to_str().unwrap())]].concat();
    for (variables, arguments, path) in
        [(&variables, &by_argument, &argument), (&variables, &by_config, &variable), (&SECRETS.to_vec(), &by_config, &configured)]
    {
        let ran = home.run_with(variables, arguments);
        assert!(ran.status == 0 && ran.err.is_empty(), "{ran:?}");
        let log = fs::read_to_string(path).unwrap();
        assert!(log.contains("log started") && log.contains("profile resolved"), "{log}");
        fs::remove_file(path).unwrap();
        assert!(![&argument, &variable, &configured].iter().any(|path| path.exists()), "one log alone is written");
    }
}

#[cfg(unix)]
#[test]
fn the_log_tells_what_was_sent_without_secrets() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let path = home.path().join("log");
    let log_file = ["--log-file", path.to_str().unwrap()];
    let call = ["send", "otc-swr", "CreateOrganization", "namespace=orders", "--profile", "demo"];
    let ran = home.run(&[&call[..], &log_file].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    let closed = ["--endpoint", "http://127.0.0.1:1"];
    let ran = home.run(&[&call[..], &log_file, &closed].concat());
    assert_eq!((ran.status, ran.err.lines().last()), (5, Some(&*format!("details in {}", path.display()))), "{ran:?}");
    let log = fs::read_to_string(&path).unwrap();
    for expected in ["IAM token", "target=\"/v2/manage/namespaces\"", "status=201", "no answer", "connection refused"] {
        assert!(log.to_lowercase().contains(&expected.to_lowercase()), "{expected}: {log}");
    }
    assert!(!log.contains("SkydeckDemo"), "the demo's secrets begin so: {log}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_cannot_be_opened_is_said_at_the_start() {
    let home = Home::new();
    let path = home.path().join("none/log");
    let config = home.write("config.toml", &format!("[log]\nfile = {:?}\n", path.display().to_string()));
    let by_argument = [&SIGN[..], &["--log-file", path.to_str().unwrap()]].concat();
    let by_config = [&SIGN[..], &["--config", config.to_str().unwrap()]].concat();
    let variables = [&SECRETS[..], &[("SKYDECK_LOG", path.to_str().unwrap())]].concat();
    for (variables, arguments, place) in [
        (SECRETS.to_vec(), by_argument, "--log-file".to_owned()),
        (variables, SIGN.to_vec(), "SKYDECK_LOG".to_owned()),
        (SECRETS.to_vec(), by_config, format!("{}: log.file", config.display())),
    ] {
        let ran = home.run_with(&variables, &arguments);
        assert!(ran.status == 2 && ran.out.is_empty(), "{ran:?}");
        assert!(ran.err.starts_with(&format!("skydeck: {place}: {}: ", path.display())), "{ran:?}");
    }
}
