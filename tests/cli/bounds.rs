//! Commands that print credentials: what they may take, what they get to see, and that none outlives the program.
#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::support::{Home, Ran};

const SIGN: [&str; 6] = ["sign", "alibaba-sae", "CreateNamespace", "NamespaceName=a", "NameSpaceShortId=ab", "--profile"];

/// How long anything may take that is to be prompt: far more than it takes.
const PROMPT: Duration = Duration::from_secs(20);

/// A home whose profile `own` has this command.
fn home(credentials: &str) -> Home {
    let home = Home::new();
    home.write(".config/skydeck/config.toml", &format!("[profiles.own.alibaba]\ncredentials = {{ {credentials} }}\n"));
    home
}

fn sign(home: &Home, variables: &[(&str, &str)]) -> Ran {
    home.run_with(variables, &[&SIGN[..], &["own"]].concat())
}

/// Waits until a process is gone; one that is dead and not yet waited for is gone as well.
fn is_gone(process: &str) -> bool {
    let end = Instant::now() + PROMPT;
    let runs = || {
        let state = Command::new("ps").args(["-o", "stat=", "-p", process.trim()]).output().unwrap().stdout;
        state.first().is_some_and(|state| *state != b'Z')
    };
    while runs() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

#[test]
fn output_without_end_is_refused() {
    for command in [r#"command = ["yes"]"#, r#"command = ["sh", "-c", "cat /dev/zero & cat /dev/zero"]"#] {
        let ran = sign(&home(command), &[]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("gave no credentials: it printed more than 1 MiB and was killed"), "{ran:?}");
    }
    let object = r#"{\"access_key_id\":\"LTAI\",\"access_key_secret\":\"s\"}"#;
    let talks = home(&format!(r#"command = ["sh", "-c", "head -c 5000000 /dev/zero >&2; echo '{object}'"]"#));
    assert_eq!(sign(&talks, &[]).status, 0, "what is said on standard error keeps nobody waiting");
}

#[test]
fn kills_a_hanging_command_with_its_children() {
    let home = home(r#"command = ["sh", "-c", "sleep 1000 & echo $! > child; echo $$ > leader; wait"], timeout = 0.5"#);
    let begun = Instant::now();
    let ran = Ran::of(&home.command(&[&SIGN[..], &["own"]].concat()).current_dir(home.path()).output().unwrap());
    assert!(ran.status == 2 && begun.elapsed() < PROMPT, "{ran:?}");
    assert!(ran.err.contains("it had not ended after 500ms and was killed (`timeout` beside `command` allows more)"), "{ran:?}");
    for name in ["child", "leader"] {
        assert!(is_gone(&fs::read_to_string(home.path().join(name)).unwrap()), "{name}");
    }
}

#[test]
fn passes_few_variables_to_a_command() {
    let home = home(r#"command = ["sh", "-c", "env > seen; exit 1"], environment = ["VAULT_ADDR"]"#);
    let variables = [
        ("LC_ALL", "C.UTF-8"),
        ("VAULT_ADDR", "http://vault"),
        ("VAULT_TOKEN", "hunter2"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hunter2"),
        ("SOMETHING", "else"),
    ];
    let arguments = [&SIGN[..], &["own"]].concat();
    let mut command = home.command(&arguments);
    let ran = Ran::of(&command.current_dir(home.path()).envs(variables).output().unwrap());
    assert_eq!(ran.status, 2, "{ran:?}");
    let seen = fs::read_to_string(home.path().join("seen")).unwrap();
    for name in ["PATH=", "HOME=", "LC_ALL=", "VAULT_ADDR="] {
        assert!(seen.contains(name), "{name}: {seen}");
    }
    assert!(!seen.contains("hunter2") && !seen.contains("SOMETHING"), "{seen}");
}

#[test]
fn ends_the_command_when_the_program_is_signalled() {
    for signal in ["INT", "TERM", "HUP", "QUIT"] {
        let home = home(r#"command = ["sh", "-c", "echo $$ > leader; mv leader ready; sleep 1000"]"#);
        let mut child = home.command(&[&SIGN[..], &["own"]].concat()).current_dir(home.path()).stderr(Stdio::null()).spawn().unwrap();
        let (ready, end) = (home.path().join("ready"), Instant::now() + PROMPT);
        while !ready.exists() {
            assert!(Instant::now() < end, "the command is not run");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
        assert!(!child.wait().unwrap().success(), "{signal}");
        assert!(is_gone(&fs::read_to_string(ready).unwrap()), "{signal}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn writes_no_core_dump() {
    let home = home(r#"command = ["sh", "-c", "mkfifo held; cat held"]"#);
    let mut child = home.command(&[&SIGN[..], &["own"]].concat()).current_dir(home.path()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + PROMPT;
    while !home.path().join("held").exists() {
        assert!(Instant::now() < end, "the command is not run");
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut limits = String::new();
    fs::File::open(format!("/proc/{}/limits", child.id())).unwrap().read_to_string(&mut limits).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    child.wait().unwrap();
}
