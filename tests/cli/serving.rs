//! `skydeck emulator` as a product of its own: its access log, its variables for a shell, its connections.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support::{Emulator, Home};

/// A request that needs no signature to be answered, and of which any number may follow one another.
const ANY: &[u8] = b"GET /nothing HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// How long anything may take that is to be prompt: less than an idle connection is kept, far more than it takes on a busy machine.
const PROMPT: Duration = Duration::from_secs(60);

fn connect(emulator: &Emulator) -> TcpStream {
    let stream = TcpStream::connect(emulator.url("alibaba-sae").trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PROMPT)).unwrap();
    stream
}

/// Sends one request on a connection and reads its answer.
fn call(stream: &mut TcpStream) -> String {
    stream.write_all(ANY).unwrap();
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

fn terminate(child: &mut Child) -> Duration {
    let begun = Instant::now();
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    begun.elapsed()
}

/// Runs an emulator with this log, does something with it, ends it, and gives what it wrote to standard error.
fn logged(arguments: &[&str], act: impl FnOnce(&Home, &Emulator)) -> String {
    let home = Home::new();
    let mut emulator = Emulator::start_with(&home, arguments, Stdio::piped());
    act(&home, &emulator);
    terminate(&mut emulator.child);
    let mut text = String::new();
    emulator.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A good create, one with a wrong secret, and one that is no HTTP.
fn three_requests(home: &Home, emulator: &Emulator) {
    let endpoint = emulator.url("alibaba-sae");
    let create = ["send", "alibaba-sae", "CreateNamespace", "NamespaceName=o", "NameSpaceShortId=orders", "--endpoint", endpoint];
    assert_eq!(home.run(&create).status, 0);
    let wrong =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tSkydeckDemoKey0001"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret-of-the-demo")];
    let as_env: Vec<&str> = create.iter().copied().chain(["--profile", "env"]).collect();
    assert_eq!(home.run_with(&wrong, &as_env).status, 4);
    let mut stream = connect(emulator);
    stream.write_all(b"GET /?Signature=hidden&Token=hidden&a=%1b HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    let mut stream = connect(emulator);
    stream.write_all(b"\x1b[2J\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn logs_every_request_without_secrets() {
    let text = logged(&[], three_requests);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].contains(" alibaba-sae POST /pop/v1/paas/namespace?") && lines[0].contains("CreateNamespace LTAI5t"), "{text}");
    assert!(lines[1].contains(" SignatureDoesNotMatch ") && lines[1].ends_with("us (the signature does not match)"), "{text}");
    assert!(lines[2].contains("/?Signature=••••••••&Token=••••••••&a=%1b - - 404 "), "{text}");
    assert!(lines[3].contains(" alibaba-sae - - - - 400 "), "{text}");
    assert!(!text.contains("hidden") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn writes_json_lines_or_none() {
    let text = logged(&["--log", "json"], three_requests);
    let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<u64> = objects.iter().map(|object| object["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 400, 404, 400]);
    assert_eq!((&objects[0]["operation"], &objects[0]["code"]), (&"CreateNamespace".into(), &"".into()));
    assert_eq!((&objects[1]["caller"], &objects[1]["code"]), (&"LTAI5tSkydeckDemoKey0001".into(), &"SignatureDoesNotMatch".into()));
    assert!(objects.iter().take(3).all(|object| !object["request_id"].as_str().unwrap().is_empty()), "{text}");
    assert_eq!(logged(&["--log", "none"], three_requests), "");
}

#[test]
fn continues_with_standard_error_closed_or_full() {
    let home = Home::new();
    for is_closed in [true, false] {
        let mut emulator = Emulator::start_with(&home, &[], Stdio::piped());
        if is_closed {
            drop(emulator.child.stderr.take());
        }
        let mut stream = connect(&emulator);
        // Far more lines than a pipe holds.
        for _ in 0..1500 {
            assert!(call(&mut stream).starts_with("HTTP/1.1 404 "));
        }
        assert!(terminate(&mut emulator.child) < PROMPT);
    }
}

#[test]
fn prints_variables_a_shell_evaluates() {
    let home = Home::new();
    let (secret, password) = ("a'b\"$(exit 1)`x`\\ \n*~;#&", "p'a:$HOME");
    let (key, user) = (format!("LTAIx:{secret}"), format!("o'ps:{password}:D O:eu-de"));
    let common = ["emulator", "--listen", "127.0.0.1:4010", "--accept-key", &key, "--accept-user", &user, "--print-env"];
    let json = home.run(&[&common[..], &["--output", "json"]].concat()).json();
    assert_eq!((&json["ALIBABA_CLOUD_ACCESS_KEY_SECRET"], &json["OS_PASSWORD"]), (&secret.into(), &password.into()));
    let block = home.run(&common);
    assert_eq!((block.status, block.err.as_str()), (0, ""));
    for (name, value) in json.as_object().unwrap() {
        let script = format!("{}\nprintf '%s' \"${{{name}-unset}}\"", block.out);
        let ran = Command::new("sh").args(["-euc", &script]).env(name, "stale").output().unwrap();
        let message_text = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(message_text, value.as_str().unwrap_or("unset"), "{name}");
    }
}

#[test]
fn keys_and_users_come_from_files_and_the_environment_too() {
    let home = Home::new();
    let keys = home.write("keys", "# for the tests\n\n  LTAIfile:hunter2-file \n");
    let users = home.write("users", "ops:pass:D:eu-de\n");
    let (keys, users) = (keys.to_str().unwrap(), users.to_str().unwrap());
    let print = ["emulator", "--listen", "127.0.0.1:4010", "--print-env", "--output", "json"];
    let of_file = home.run(&[&print[..], &["--accept-keys", keys, "--accept-users", users]].concat()).json();
    assert_eq!((&of_file["ALIBABA_CLOUD_ACCESS_KEY_SECRET"], &of_file["OS_USERNAME"]), (&"hunter2-file".into(), &"ops".into()));
    let variables = [("SKYDECK_ACCEPT_KEYS", "LTAIvar:hunter2-var\nother:x"), ("SKYDECK_ACCEPT_USERS", "me:pass:D:eu-de")];
    let of_variable = home.run_with(&variables, &print).json();
    assert_eq!((&of_variable["ALIBABA_CLOUD_ACCESS_KEY_ID"], &of_variable["OS_USERNAME"]), (&"LTAIvar".into(), &"me".into()));
    // A mistake is told by its line, and the secret in it is not.
    let broken = home.write("broken", "LTAIfile:a\nhunter2\n");
    let ran = home.run(&[&print[..], &["--accept-keys", broken.to_str().unwrap()]].concat());
    assert!(ran.status == 2 && ran.err.contains("broken:2: a key is ID:SECRET") && !ran.err.contains("hunter2"), "{ran:?}");
    let ran = home.run_with(&[("SKYDECK_ACCEPT_USERS", "hunter2")], &print);
    assert!(
        ran.status == 2 && ran.err.contains("SKYDECK_ACCEPT_USERS:1: a user is a name, a password") && !ran.err.contains("hunter2"),
        "{ran:?}"
    );
}

#[test]
fn on_free_ports_the_variables_come_when_it_is_ready() {
    let home = Home::new();
    let mut emulator = Emulator::start_with(&home, &["--print-env"], Stdio::null());
    let endpoint = emulator.ready["SKYDECK_ALIBABA_SAE"].as_str().unwrap().to_owned();
    let variables = emulator.ready.as_object().unwrap().iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let variables: Vec<_> = variables.collect();
    let create = ["send", "alibaba-sae", "CreateNamespace", "NamespaceName=o", "--profile", "env", "--endpoint", &endpoint];
    let ran = home.run_with(&variables, &create);
    assert_eq!(ran.status, 0, "{ran:?}");
    terminate(&mut emulator.child);
}

#[test]
fn hundreds_of_idle_connections_are_no_burden() {
    let home = Home::new();
    let mut emulator = Emulator::start_with(&home, &["--log", "none"], Stdio::null());
    let mut idle: Vec<TcpStream> = (0..500).map(|_| connect(&emulator)).collect();
    let begun = Instant::now();
    let mut busy = connect(&emulator);
    for _ in 0..100 {
        assert!(call(&mut busy).starts_with("HTTP/1.1 404 "));
    }
    assert!(begun.elapsed() < PROMPT);
    for stream in idle.iter_mut().step_by(50) {
        assert!(call(stream).starts_with("HTTP/1.1 404 "));
    }
    // And one that is in the middle of a request does not hold up the end either.
    idle[0].write_all(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nab").unwrap();
    assert!(terminate(&mut emulator.child) < PROMPT);
}

#[test]
fn without_descriptors_those_that_are_connected_are_served_on() {
    let home = Home::new();
    let command = format!("ulimit -n 48; exec '{}' emulator", env!("CARGO_BIN_EXE_skydeck"));
    let mut starting = Command::new("sh");
    starting.args(["-c", &command]).env("HOME", home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = starting.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_end().split_once("http://").unwrap().1.to_owned();
    let open = || {
        let stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(PROMPT)).unwrap();
        stream
    };
    let mut streams: Vec<TcpStream> = (0..60).map(|_| open()).collect();
    assert!(call(&mut streams[0]).starts_with("HTTP/1.1 404 "));
    // The last one waits until others have gone.
    let mut last = streams.pop().unwrap();
    last.write_all(ANY).unwrap();
    drop(streams.split_off(1));
    // Reading one byte exactly goes on after an interrupted system call.
    last.read_exact(&mut [0; 1]).unwrap();
    assert!(call(&mut streams[0]).starts_with("HTTP/1.1 404 "));
    terminate(&mut child);
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("(no room for another connection: "), "{text}");
}

#[test]
fn bodies_that_stall_do_not_take_all_memory() {
    const UPLOAD: usize = 11 << 20;
    let home = Home::new();
    let emulator = Emulator::start(&home, &[]);
    let head = format!("POST /pop/v1/paas/namespace HTTP/1.1\r\nhost: localhost\r\ncontent-length: {UPLOAD}\r\n\r\n");
    let part = vec![b'x'; UPLOAD - 1];
    let mut stalled = Vec::new();
    let mut refused = 0;
    for _ in 0..16 {
        let mut stream = connect(&emulator);
        // One that is refused may be closed before all of it is written.
        let written = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&part));
        let mut answer = [0; 12];
        stream.set_read_timeout(Some(Duration::from_millis(if written.is_ok() { 20 } else { 5000 }))).unwrap();
        match stream.read(&mut answer) {
            Ok(_) if answer.starts_with(b"HTTP/1.1 503") => refused += 1,
            Ok(_) | Err(_) if written.is_err() => refused += 1,
            _ => stalled.push(stream),
        }
    }
    assert!(refused >= 8, "{refused} of 16 were refused");
    // Others are served meanwhile, and the room is there again when the stalled ones have left.
    assert!(call(&mut connect(&emulator)).starts_with("HTTP/1.1 4"));
    drop(stalled);
    let end = Instant::now() + PROMPT;
    loop {
        let mut stream = connect(&emulator);
        let written = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&part)).and_then(|()| stream.write_all(b"x"));
        let mut answer = [0; 12];
        if written.is_ok() && stream.read(&mut answer).is_ok() && answer.starts_with(b"HTTP/1.1 4") {
            break;
        }
        assert!(Instant::now() < end, "the room is not given back: {}", String::from_utf8_lossy(&answer));
    }
}
