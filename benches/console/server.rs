//! A server on the loopback interface whose answers are known. It dates every small answer as it begins to write it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// What a body of each kind begins with, so that it is known on the screen.
pub const TEN: &str = "TEN-MEGABYTES";
/// The same for a body of one string.
pub const STRING: &str = "ONE-STRING";
/// The same for a body of many members on one line.
pub const MEMBERS: &str = "ONE-LINE";
/// The same for the largest answer that is read, not only shown.
pub const ONE: &str = "ONE-MEGABYTE";

/// The same for an error whose code and message are very long.
pub const LONG: &str = "LONG-ERROR";

/// How many bytes the bodies of [`TEN`] have.
pub const TEN_BYTES: usize = 10_000_000;
const FIFTY_BYTES: usize = 50_000_000;
const ONE_BYTES: usize = 1_000_000;

/// What goes out together with the head.
const SMALL_BYTES: usize = 1000;

/// How long a request is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    answers: Receiver<Answer>,
}

/// An answer that was written.
pub struct Answer {
    /// Its number, counted from 1.
    pub number: usize,
    /// When its first byte was written.
    pub began: Instant,
}

/// A large answer: its path, and its body, made when it is first asked for. A process that holds 100 MB is slow to start others.
type Large = (&'static str, LazyLock<Vec<u8>>);

static LARGE: [Large; 5] = [
    ("/one", LazyLock::new(|| members(ONE, ONE_BYTES))),
    ("/long", LazyLock::new(|| error(LONG, ONE_BYTES))),
    ("/ten", LazyLock::new(|| members(TEN, TEN_BYTES))),
    ("/string", LazyLock::new(|| string(STRING, FIFTY_BYTES))),
    ("/members", LazyLock::new(|| members(MEMBERS, FIFTY_BYTES))),
];

/// Makes the large answers, so that nobody waits for them.
pub fn prepare() {
    for (_, body) in &LARGE {
        LazyLock::force(body);
    }
}

impl Server {
    /// Listens.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let (to, answers) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let to = to.clone();
                // A connection that breaks is the caller's affair.
                thread::spawn(move || drop(serve(&stream, &to)));
            }
        });
        Ok(Self { port, answers })
    }

    /// The next answer to `/small`.
    pub fn answered(&self) -> Result<Answer> {
        self.answers.recv_timeout(PATIENCE).context("the server was not asked")
    }
}

fn serve(stream: &TcpStream, to: &Sender<Answer>) -> Result<()> {
    static SMALL: AtomicUsize = AtomicUsize::new(0);
    stream.set_nodelay(true)?;
    let mut requests = BufReader::new(stream);
    while let Some(path) = request(&mut requests)? {
        if let Some((_, body)) = LARGE.iter().find(|(known, _)| *known == path) {
            answer(stream, body)?;
            continue;
        }
        let number = SMALL.fetch_add(1, Ordering::Relaxed) + 1;
        let body = format!("{{\"RequestId\":\"R-{number}\",\"Number\":\"small {number}.\"}}");
        let began = Instant::now();
        answer(stream, body.as_bytes())?;
        to.send(Answer { number, began })?;
    }
    Ok(())
}

/// Reads a request without a body; gives its path, or `None` at the connection's end.
fn request(from: &mut impl BufRead) -> Result<Option<String>> {
    let (mut first, mut line) = (String::new(), String::new());
    from.read_line(&mut first)?;
    while from.read_line(&mut line)? > "\r\n".len() {
        line.clear();
    }
    let target = first.split(' ').nth(1);
    Ok(target.map(|target| target.split('?').next().unwrap_or_default().to_owned()))
}

/// Writes an answer; one that is small goes out at once, head and body.
fn answer(mut to: &TcpStream, body: &[u8]) -> Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let (at_once, later) = body.split_at(body.len().min(SMALL_BYTES));
    to.write_all(&[head.as_bytes(), at_once].concat())?;
    to.write_all(later)?;
    Ok(())
}

/// JSON without a line's end: a tag and then records of about a hundred bytes.
fn members(tag: &str, bytes: usize) -> Vec<u8> {
    let mut body = format!("{{\"RequestId\":\"R\",\"Tag\":\"{tag}\",\"Items\":[").into_bytes();
    for number in 0.. {
        let comma = if number > 0 { "," } else { "" };
        let record = format!(
            "{comma}{{\"Id\":{number},\"Name\":\"space-{number}\",\"Text\":\"a tenant's own caf\u{e9}, open all day\",\"Ok\":true}}"
        );
        if body.len() + record.len() + 2 > bytes {
            break;
        }
        body.extend_from_slice(record.as_bytes());
    }
    body.extend_from_slice(b"]}");
    body
}

/// JSON of a tag and one long string.
fn string(tag: &str, bytes: usize) -> Vec<u8> {
    let head = format!("{{\"RequestId\":\"R\",\"Tag\":\"{tag}\",\"Text\":\"");
    let words = b"lorem ipsum dolor sit amet consetetur sadipscing elitr ";
    let text = words.iter().copied().cycle().take(bytes - head.len() - 2);
    head.bytes().chain(text).chain(*b"\"}").collect()
}

/// An error whose code and message take half of so many bytes each.
fn error(tag: &str, bytes: usize) -> Vec<u8> {
    let (code, message) = ("Code.".repeat(bytes / 10), "a message without an end ".repeat(bytes / 50));
    format!("{{\"RequestId\":\"R\",\"Code\":\"{code}\",\"Message\":\"{tag} {message}\"}}").into_bytes()
}
