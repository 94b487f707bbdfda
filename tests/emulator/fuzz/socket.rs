//! The same through sockets: bytes in, and whatever comes out comes soon.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Instant;

use skydeck::wire::Request;

use super::seeds::{seeds, signed, unsigned};
use super::{BLOCK, Dice, blocks, mutate, oracle};
use crate::lab::{Lab, PROVIDERS, good, texts};
use crate::wait::HANG_TIMEOUT;

/// Sends bytes, and returns the statuses of what comes back before the emulator closes.
fn statuses(mut stream: TcpStream, bytes: &[u8]) -> Vec<u16> {
    let start = Instant::now();
    // The emulator may close before it has read everything.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    assert!(start.elapsed() < HANG_TIMEOUT, "{:?} for {:?}", start.elapsed(), String::from_utf8_lossy(bytes));
    let text = String::from_utf8_lossy(&all);
    text.match_indices("HTTP/1.1 ").filter_map(|(at, mark)| text[at + mark.len()..].get(..3)?.parse().ok()).collect()
}

fn raw(request: &Request) -> Vec<u8> {
    [request.head().as_slice(), &request.body].concat()
}

/// Changes bytes of what goes over the wire.
fn spoil(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len().max(1));
        match dice.below(5) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            2 if !bytes.is_empty() => drop(bytes.drain(at..(at + 1 + dice.below(8)).min(bytes.len()))),
            3 => bytes.truncate(at.max(1)),
            _ => drop(bytes.splice(at.min(bytes.len())..at.min(bytes.len()), dice.bytes(8)).collect::<Vec<_>>()),
        }
    }
}

/// Whether the emulator still does its work.
fn works(lab: &Lab) {
    for id in PROVIDERS {
        let answer = lab.send(id, &lab.create(id, &texts(&good(id, "Orders-"))));
        assert!((200..500).contains(&answer.status), "{answer:?}");
    }
}

#[test]
fn random_bytes_are_no_requests() {
    let lab = Lab::demo();
    blocks(400, |dice| {
        for _ in 0..BLOCK {
            let id = *dice.pick(&PROVIDERS);
            let mut bytes = dice.bytes(300);
            if dice.once_in(2) {
                bytes.splice(0..0, b"POST / HTTP/1.1\r\n".iter().copied());
            }
            let found = statuses(lab.connect(id), &bytes);
            assert!(found.iter().all(|status| *status >= 400), "{found:?} to {:?}", String::from_utf8_lossy(&bytes));
        }
    });
    works(&lab);
}

#[test]
fn spoilt_bytes_are_taken_only_if_they_say_the_same() {
    let lab = Lab::demo();
    blocks(600, |dice| {
        for _ in 0..BLOCK {
            // What is good at another time is stale here, so only what is signed now can be taken.
            let seed = dice.pick(unsigned());
            let now = super::seeds::Seed {
                name: String::new(),
                key: seed.key.clone(),
                now: jiff::Timestamp::now(),
                request: seed.request.clone(),
                ..*seed
            };
            let request = signed(&now, seed.request.clone(), dice);
            let mut bytes = raw(&request);
            spoil(&mut bytes, dice);
            let found = statuses(lab.connect(PROVIDERS[seed.provider]), &bytes);
            let may = parsed(&bytes).is_some_and(|sent| oracle::says_the_same(&request, &sent) || oracle::is_open(&sent));
            assert!(found.iter().all(|status| *status >= 300) || may, "{found:?} to {:?}", String::from_utf8_lossy(&bytes));
        }
    });
    works(&lab);
}

#[test]
fn mutated_requests_leave_the_sockets_alive() {
    let lab = Lab::demo();
    blocks(400, |dice| {
        for _ in 0..BLOCK {
            let seed = dice.pick(seeds());
            let mut request = seed.request.clone();
            mutate::mutate(&mut request, dice);
            statuses(lab.connect(PROVIDERS[seed.provider]), &raw(&request));
        }
    });
    works(&lab);
}

/// The first request in some bytes.
fn parsed(bytes: &[u8]) -> Option<Request> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = end.map_or((bytes, &b""[..]), |end| (&bytes[..end], &bytes[end + 4..]));
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = String::from_utf8_lossy(lines.next()?).into_owned();
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let field = |line: &[u8]| {
        let at = line.iter().position(|byte| *byte == b':')?;
        Some((String::from_utf8_lossy(&line[..at]).into_owned(), line[at + 1..].trim_ascii().to_vec()))
    };
    let headers: skydeck::wire::Headers = lines.filter_map(field).collect();
    let length = headers.get_str("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    Some(Request { method, target, headers, body: body.get(..length)?.to_vec().into() })
}
