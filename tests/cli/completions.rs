//! Completions: the registration script of each shell, and a real bash that uses it.

use std::process::{Command, Stdio};

use super::support::{Home, Ran};

#[test]
fn generates_a_script_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = home.run(&["completions", shell]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        assert!(ran.out.contains("COMPLETE") && ran.out.contains("skydeck"), "{shell}: {ran:?}");
    }
}

/// What bash offers for the words; the last is the one being completed.
fn offered(home: &Home, words: &[&str]) -> Vec<String> {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let last = words.len() - 1;
    let script = format!(
        "source <('{binary}' completions bash)\nCOMP_WORDS=({words})\nCOMP_CWORD={last}\nCOMP_TYPE=9\n\
         _clap_complete_skydeck skydeck '{current}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        binary = env!("CARGO_BIN_EXE_skydeck"),
        words = quoted.join(" "),
        current = words[last],
        before = words[last - 1],
    );
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-c", &script])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null());
    Ran::of(&bash.output().unwrap()).out.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_names_from_catalog_and_configuration() {
    if Command::new("bash").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let home = Home::new();
    home.write(".config/skydeck/config.toml", "[profiles.staging]\n");
    let cases: [(&[&str], &[&str]); 12] = [
        (&["skydeck", "se"], &["send"]),
        (&["skydeck", "send", "al"], &["alibaba-sae", "alibaba-pai"]),
        (&["skydeck", "send", "otc-swr", "Create"], &["CreateOrganization", "CreateRepository"]),
        (&["skydeck", "send", "alibaba-sae", "CreateNamespace", "NameS"], &["NameSpaceShortId="]),
        (&["skydeck", "sign", "alibaba-sae", "CreateNamespace", "EnableMicroRegistration", "=", "f"], &["false"]),
        (&["skydeck", "sign", "alibaba-sae", "CreateNamespace", "EnableMicroRegistration", ""], &["true", "false"]),
        (&["skydeck", "sign", "alibaba-sae", "CreateNamespace", "EnableMicroRegistration=t"], &["EnableMicroRegistration=true"]),
        (&["skydeck", "send", "otc-swr", "CreateOrganization", "--region", "eu-"], &["eu-de", "eu-nl"]),
        (&["skydeck", "--profile", ""], &["demo", "env", "staging"]),
        (&["skydeck", "explain", "otc-swr", "SVCSTG.SWR.40900"], &["SVCSTG.SWR.4090060"]),
        (&["skydeck", "completions", "p"], &["powershell"]),
        (&["skydeck", "config", "ch"], &["check"]),
    ];
    for (words, expected) in cases {
        let offers = offered(&home, words);
        let mut rest = offers.iter();
        assert!(expected.iter().all(|wanted| rest.any(|offer| offer == wanted)), "{words:?}: {offers:?}");
        let others = offers.iter().filter(|offer| !offer.starts_with('-')).count();
        assert!(others == expected.len() || words.contains(&"explain"), "{words:?}: {offers:?}");
    }
}
