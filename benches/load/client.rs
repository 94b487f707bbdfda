//! The load: connections that are kept, each sending its next request when the answer to the last has come.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// How many connections there are at once.
pub const CONNECTIONS: usize = 64;

/// What came of a load.
#[derive(Debug)]
pub struct Outcome {
    /// From the first request to the last answer.
    pub took: Duration,
    /// How long each answer took.
    pub latencies: Vec<Duration>,
    /// How many answers had each hundred of statuses: `statuses[2]` are the successes.
    pub statuses: [usize; 6],
}

/// What the connections share.
struct Shared {
    requests: Vec<Vec<u8>>,
    next: Cell<usize>,
    outcome: RefCell<Outcome>,
}

/// Sends the requests, in their order, over all the connections. The clock starts when all of them are open.
pub fn load(address: SocketAddr, requests: Vec<Vec<u8>>) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, drive(address, requests))
}

async fn drive(address: SocketAddr, requests: Vec<Vec<u8>>) -> Result<Outcome> {
    let outcome = Outcome { took: Duration::ZERO, latencies: Vec::with_capacity(requests.len()), statuses: [0; 6] };
    let shared = Rc::new(Shared { requests, next: Cell::new(0), outcome: RefCell::new(outcome) });
    let mut streams = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = streams.into_iter().map(|stream| tokio::task::spawn_local(converse(stream, Rc::clone(&shared)))).collect();
    for task in tasks {
        task.await??;
    }
    let took = begun.elapsed();
    let shared = Rc::into_inner(shared).context("a connection is left")?;
    Ok(Outcome { took, ..shared.outcome.into_inner() })
}

async fn converse(mut stream: TcpStream, shared: Rc<Shared>) -> Result<()> {
    let mut buffer = Vec::with_capacity(16 << 10);
    while let Some(request) = shared.requests.get(shared.next.replace(shared.next.get() + 1)) {
        let begun = Instant::now();
        stream.write_all(request).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        let mut outcome = shared.outcome.borrow_mut();
        outcome.latencies.push(begun.elapsed());
        outcome.statuses[status / 100] += 1;
    }
    Ok(())
}

/// Sends requests for tokens on one connection, and gives the tokens in their order.
pub fn tokens(address: SocketAddr, requests: Vec<Vec<u8>>) -> Result<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut stream, mut buffer, mut tokens) = (TcpStream::connect(address).await?, Vec::new(), Vec::new());
        for request in requests {
            stream.write_all(&request).await?;
            answer(&mut stream, &mut buffer).await?;
            tokens.push(token(&String::from_utf8_lossy(&buffer))?);
        }
        Ok(tokens)
    })
}

fn token(answer: &str) -> Result<String> {
    let lines = answer.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case("x-subject-token"));
    Ok(found.next().context("no token was given")?.1.to_owned())
}

/// Reads one answer, and gives its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<usize> {
    buffer.clear();
    loop {
        ensure!(stream.read_buf(buffer).await? > 0, "the server hung up");
        if let Some(head) = memmem::find(buffer, b"\r\n\r\n")
            && buffer.len() >= head + 4 + body_length(&buffer[..head])
        {
            let status = std::str::from_utf8(&buffer[9..12])?.parse()?;
            ensure!((100..600).contains(&status), "no status: {status}");
            return Ok(status);
        }
    }
}

/// The body's length, as the head says it: hyper writes the name in title case or in lower case. A load that reads slowly measures itself.
fn body_length(head: &[u8]) -> usize {
    let names: [&[u8]; 2] = [b"\r\nContent-Length: ", b"\r\ncontent-length: "];
    let digits = names.into_iter().find_map(|name| head.get(memmem::find(head, name)? + name.len()..)).unwrap_or_default();
    digits.iter().take_while(|byte| byte.is_ascii_digit()).fold(0, |length, digit| length * 10 + usize::from(digit - b'0'))
}
