//! A server that is nothing but a socket: it keeps the bytes that come and sends the bytes it is given.
#![allow(dead_code, missing_docs, clippy::unwrap_used)] // each test program uses a part; a test may fail

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use skydeck::wire::Endpoint;

#[path = "../wait/mod.rs"]
pub mod wait;

pub use wait::HANG_TIMEOUT;

/// A running server, and what it received: one entry for each connection, when that has ended.
pub struct Server {
    pub endpoint: Endpoint,
    received: Receiver<Vec<u8>>,
}

impl Server {
    /// Lets `talk` speak with every client, each on a thread of its own.
    pub fn start(talk: impl Fn(&mut Talk) + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let (notify, received) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (talk, notify) = (talk.clone(), notify.clone());
                thread::spawn(move || converse(stream.unwrap(), &talk, &notify));
            }
        });
        Self { endpoint, received }
    }

    /// Answers every request with these bytes, and hangs up if `close`.
    pub fn answering(answer: &[u8], close: bool) -> Self {
        let answer = answer.to_vec();
        Self::start(move |talk| {
            while talk.read_request() {
                talk.write(&answer);
                if close {
                    return;
                }
            }
        })
    }

    /// The same server under another protocol or name.
    pub fn endpoint_as(&self, protocol: &str, host: &str) -> Endpoint {
        format!("{protocol}://{host}:{}", self.endpoint.port).parse().unwrap()
    }

    /// All bytes of the next connection to end.
    pub async fn received(self) -> (Self, Vec<u8>) {
        tokio::task::spawn_blocking(move || {
            let bytes = self.received.recv_timeout(HANG_TIMEOUT).expect("a connection that ends");
            (self, bytes)
        })
        .await
        .unwrap()
    }

    /// Whether anybody has connected and gone.
    pub fn was_used(&self) -> bool {
        self.received.recv_timeout(Duration::from_millis(20)).is_ok()
    }
}

fn converse(stream: TcpStream, talk: &impl Fn(&mut Talk), notify: &Sender<Vec<u8>>) {
    stream.set_read_timeout(Some(HANG_TIMEOUT)).unwrap();
    let mut conversation = Talk { stream, received: Vec::new(), last: 0..0 };
    talk(&mut conversation);
    drop(conversation.stream);
    let _ = notify.send(conversation.received);
}

/// One client's connection.
pub struct Talk {
    pub stream: TcpStream,
    pub received: Vec<u8>,
    /// Where the last request begins and ends in what was received.
    last: Range<usize>,
}

impl Talk {
    /// Reads one request with its body; `false` when the client has hung up.
    pub fn read_request(&mut self) -> bool {
        loop {
            if let Some(length) = end_of_request(&self.received[self.last.end..]) {
                self.last = self.last.end..self.last.end + length;
                return true;
            }
            if !self.read_some() {
                return false;
            }
        }
    }

    /// The request read last.
    pub fn request(&self) -> String {
        String::from_utf8_lossy(&self.received[self.last.clone()]).into_owned()
    }

    /// Reads until the client hangs up.
    pub fn read_to_end(&mut self) {
        while self.read_some() {}
    }

    fn read_some(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let count = self.stream.read(&mut buffer).unwrap_or(0);
        self.received.extend_from_slice(&buffer[..count]);
        count > 0
    }

    /// Sends bytes; a client that has gone is no error.
    pub fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }
}

/// Where the first request in these bytes ends, if it has come as a whole.
pub fn end_of_request(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let stated = text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.trim().parse().unwrap());
    (bytes.len() >= head + stated).then_some(head + stated)
}
