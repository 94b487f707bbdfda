//! The real program, killed and starved: nothing that was acknowledged is lost.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use skydeck::wire::{Request, Response};

use crate::lab::{Lab, good, json, read_answers, texts};
use crate::wait::until;

/// How many connections create at once.
const CONNECTIONS: usize = 4;

/// How often the program is killed, unless `SKYDECK_KILL_ROUNDS` says otherwise.
const ROUNDS: usize = 10;

/// The program, running.
struct Program {
    child: Child,
    lab: Lab,
}

impl Program {
    /// Starts `skydeck emulator` with this state file; `before` is a shell's preparation.
    fn start(file: &Path, before: &str) -> Self {
        let script = format!("{before} exec \"$0\" --output json emulator --state \"$1\"");
        let mut child = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_skydeck")])
            .arg(file)
            .env("HOME", file.parent().unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let places: Value = serde_json::from_str(&line).unwrap();
        let address = |url: &Value| url.as_str().unwrap().trim_start_matches("http://").parse::<SocketAddr>().unwrap();
        let addresses = places.as_object().unwrap().iter().map(|(id, url)| (id.clone(), address(url))).collect();
        Self { child, lab: Lab::at(addresses) }
    }

    /// SIGKILL, and waits until it is gone.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn pai(&self) -> Connection {
        Connection { stream: self.lab.connect("alibaba-pai") }
    }

    fn create(&self, name: &str) -> Request {
        self.lab.create("alibaba-pai", &texts(&good("alibaba-pai", name)))
    }

    fn of(&self, operation: &str, id: &str) -> Request {
        let plan = self.lab.plan_of("alibaba-pai", operation, &[&format!("WorkspaceId={id}")]);
        self.lab.signer("alibaba-pai").sign(&self.lab, "alibaba-pai", plan)
    }
}

/// A connection that is kept alive.
struct Connection {
    stream: TcpStream,
}

impl Connection {
    /// The answer, unless the connection breaks before it is whole.
    fn send(&mut self, request: &Request) -> Option<Response> {
        self.stream.write_all(&[request.head().as_slice(), &request.body].concat()).ok()?;
        let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
        loop {
            let read = self.stream.read(&mut part).ok().filter(|read| *read > 0)?;
            bytes.extend_from_slice(&part[..read]);
            if is_whole(&bytes) {
                return Some(read_answers(&bytes).remove(0));
            }
        }
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
    bytes.len() >= end + 4 + length
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    created: Vec<String>,
    deleted: Vec<String>,
}

/// Creates, and deletes every fifth, until the connection breaks.
fn keep_creating(program: &Program, name: &str, total: &AtomicUsize) -> Acknowledged {
    let (mut connection, mut done) = (program.pai(), Acknowledged::default());
    for number in 0.. {
        let Some(answer) = connection.send(&program.create(&format!("{name}_{number}"))) else { break };
        assert_eq!(answer.status, 200, "{answer:?}");
        let id = json(&answer)["WorkspaceId"].as_str().unwrap().to_owned();
        total.fetch_add(1, Ordering::Relaxed);
        if number % 5 != 4 {
            done.created.push(id);
            continue;
        }
        // One that was being deleted when the end came may be there or not.
        let Some(answer) = connection.send(&program.of("DeleteWorkspace", &id)) else { break };
        assert_eq!(answer.status, 200, "{answer:?}");
        done.deleted.push(id);
    }
    done
}

/// Kills it after so many acknowledged creations, in the midst of others.
fn one_round(program: Program, round: usize, wanted: usize) -> Acknowledged {
    let total = AtomicUsize::new(0);
    let id = program.child.id();
    let done = std::thread::scope(|scope| {
        let (program, total) = (&program, &total);
        let workers: Vec<_> =
            (0..CONNECTIONS).map(|worker| scope.spawn(move || keep_creating(program, &format!("w{round}_{worker}"), total))).collect();
        until("enough is created", || total.load(Ordering::Relaxed) >= wanted);
        assert!(Command::new("kill").args(["-9", &id.to_string()]).status().unwrap().success());
        let all = workers.into_iter().map(|worker| worker.join().unwrap());
        all.fold(Acknowledged::default(), |mut sum, one| {
            sum.created.extend(one.created);
            sum.deleted.extend(one.deleted);
            sum
        })
    });
    program.kill();
    done
}

#[test]
fn killed_at_random_it_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let rounds = std::env::var("SKYDECK_KILL_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut ever = HashSet::new();
    for round in 0..rounds {
        let done = one_round(Program::start(&file, ""), round, 20 + round * 37 % 80);
        assert!(!done.created.is_empty());
        let after = Program::start(&file, "");
        let mut connection = after.pai();
        for (ids, status) in [(&done.created, 200), (&done.deleted, 404)] {
            for id in ids {
                let answer = connection.send(&after.of("GetWorkspace", id)).unwrap();
                assert_eq!(answer.status, status, "round {round}: {answer:?}");
                assert!(ever.insert(id.clone()), "{id} was given out twice");
            }
        }
        after.kill();
    }
    println!("{rounds} rounds, {} acknowledged", ever.len());
}

#[test]
fn refuses_changes_when_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    // Files may have 16 blocks of 512 bytes: what goes beyond is written in part, then refused.
    let program = Program::start(&file, "trap '' XFSZ; ulimit -f 16;");
    let (mut connection, mut ids) = (program.pai(), Vec::new());
    let refused = loop {
        let answer = connection.send(&program.create(&format!("w_{}", ids.len()))).unwrap();
        if answer.status != 200 {
            break answer;
        }
        ids.push(json(&answer)["WorkspaceId"].as_str().unwrap().to_owned());
        assert!(ids.len() < 100, "it never ends");
    };
    assert!(!ids.is_empty());
    let body = json(&refused);
    assert_eq!((refused.status, &body["Code"]), (500, &Value::from("InternalError")), "{refused:?}");
    assert_eq!(body["Message"], "The request processing has failed due to some unknown error.", "the log tells why");
    let listed = |lab: &Lab| json(&lab.call("alibaba-pai", "ListWorkspaces", &["PageSize=100"]))["TotalCount"].as_u64().unwrap() as usize;
    assert_eq!(listed(&program.lab), ids.len());
    let deleted = connection.send(&program.of("DeleteWorkspace", &ids[0])).unwrap();
    // A removal is a shorter line, for which there may be room.
    let left = if deleted.status == 200 { ids.len() - 1 } else { ids.len() };
    assert_eq!(listed(&program.lab), left);
    program.kill();

    let after = Program::start(&file, "");
    assert_eq!(listed(&after.lab), left);
    let answer = after.pai().send(&after.create("again")).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    after.kill();
}
