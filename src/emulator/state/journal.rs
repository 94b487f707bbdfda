//! The lines of a state file: written, and replayed into a store.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{LineError, StateError};
use crate::auth::hex_sha256;
use crate::emulator::resources::change::Entry;
use crate::emulator::resources::store::ResourceStore;

/// The format that is written. The first one is read too: its lines have no check.
pub(super) const FORMAT_VERSION: u64 = 2;

/// The greatest serial and count that is read, far beyond what is ever issued: after one that is greater there might be no next one.
const MAX_NUMBER: u64 = 1 << 53;

/// The text around the check of a line, at the beginning of its object.
const CHECKSUM_DELIMITERS: [&str; 2] = ["{\"check\":\"", "\","];

/// A hash over a line and all lines before it: a line that was removed, changed or moved does not fit the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HashChain(String);

impl HashChain {
    /// Returns the check of the line that follows, from its bytes without the check.
    fn next(&self, line: &[u8]) -> Self {
        let mut digits = hex_sha256(&[self.0.as_bytes(), line].concat());
        digits.truncate(16);
        Self(digits)
    }
}

/// The longest line that is written or read, in bytes: several times the largest body that the listener takes.
pub(super) const MAX_LINE_BYTES: u64 = 64 << 20;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    #[serde(rename = "skydeck-emulator-state")]
    format: u64,
    /// The number of identifiers that were issued before the first entry.
    #[serde(default)]
    count: u64,
}

/// The content of a state file.
#[derive(Debug, Default)]
pub(super) struct Replay {
    /// The resources.
    pub resource_store: ResourceStore,
    /// The number of identifiers that were issued.
    pub count: u64,
    /// The number of its entries.
    pub entries: usize,
    /// The hash that the next line continues.
    pub chain: HashChain,
    /// Its format.
    pub format: u64,
    /// The length of its whole lines in bytes; what follows is a line that was not finished.
    pub whole: u64,
}

/// Writes all that is there, the header first. Gives what the next line is tied to.
pub(super) fn write(out: &mut impl Write, resource_store: &ResourceStore, count: u64) -> io::Result<HashChain> {
    let header = line(&Header { format: FORMAT_VERSION, count })?;
    out.write_all(&header)?;
    let mut chain = HashChain::default().next(&header);
    for change in resource_store.snapshot() {
        let (line, next) = entry_line(&Entry { count, changes: vec![change] }, &chain)?;
        out.write_all(&line)?;
        chain = next;
    }
    Ok(chain)
}

/// Returns an entry as a line of its own that is tied to those before it, and what the next line is tied to.
///
/// # Errors
/// When the line would be too long to be read again.
pub(super) fn entry_line(entry: &Entry, chain: &HashChain) -> io::Result<(Vec<u8>, HashChain)> {
    let bare = line(entry)?;
    let next = chain.next(&bare);
    // The object goes on after its brace.
    let line = [CHECKSUM_DELIMITERS[0].as_bytes(), next.0.as_bytes(), CHECKSUM_DELIMITERS[1].as_bytes(), &bare[1..]].concat();
    Ok((line, next))
}

/// Returns a value as a line of its own.
///
/// # Errors
/// When the line would be too long to be read again.
fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    if line.len() as u64 > MAX_LINE_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("the change has more than {MAX_LINE_BYTES} bytes")));
    }
    Ok(line)
}

/// Reads a file that is not empty; `path` is its name in errors.
pub(super) fn read(mut from: impl BufRead, path: &Path) -> Result<Replay, StateError> {
    let mut replay = Replay::default();
    let damaged = |line, reason| StateError::Damaged { path: path.to_owned(), line, reason };
    let mut next = |number| next_line(&mut from).map_err(StateError::system("read", path))?.map_err(|reason| damaged(number, reason));
    let first = next(1)?.ok_or_else(|| StateError::NotOurs(path.to_owned()))?;
    let Header { format, count } = header(&first, path)?;
    check_bounds("count", count).map_err(|reason| damaged(1, reason))?;
    (replay.count, replay.format, replay.chain) = (count, format, HashChain::default().next(&first));
    replay.whole = first.len() as u64;
    while let Some(line) = next(replay.entries + 2)? {
        replay.take(&line).map_err(|reason| damaged(replay.entries + 2, reason))?;
        replay.entries += 1;
        replay.whole += line.len() as u64;
    }
    Ok(replay)
}

/// Returns the next whole line with its end; `None` when there is none, or only the beginning of one.
fn next_line(from: &mut impl BufRead) -> io::Result<Result<Option<Vec<u8>>, LineError>> {
    let mut line = Vec::new();
    from.take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut line)?;
    let is_whole = line.ends_with(b"\n");
    Ok(if line.len() as u64 > MAX_LINE_BYTES { Err(LineError::TooLong) } else { Ok(is_whole.then_some(line)) })
}

fn header(line: &[u8], path: &Path) -> Result<Header, StateError> {
    // An array of two numbers would do for a header too.
    let object = serde_json::from_slice::<Map<String, Value>>(line);
    match object.and_then(|object| serde_json::from_value::<Header>(object.into())) {
        Ok(header @ Header { format: 1..=FORMAT_VERSION, .. }) => Ok(header),
        Ok(Header { format: 0, .. }) | Err(_) => Err(StateError::NotOurs(path.to_owned())),
        Ok(Header { format, .. }) => Err(StateError::Newer { path: path.to_owned(), format }),
    }
}

impl Replay {
    /// Reads a line that must be tied to those before it.
    fn read_chained(&mut self, line: &[u8]) -> Result<Entry, LineError> {
        let after = line.strip_prefix(CHECKSUM_DELIMITERS[0].as_bytes()).and_then(|rest| rest.split_at_checked(16));
        let parts = after.and_then(|(check, rest)| Some((check, rest.strip_prefix(CHECKSUM_DELIMITERS[1].as_bytes())?)));
        let Some((check, rest)) = parts else { return read_entry(line, 0).and(Err(LineError::NoCheck)) };
        let bare = [b"{", rest].concat();
        let entry = read_entry(&bare, line.len() - bare.len())?;
        let next = self.chain.next(&bare);
        if next.0.as_bytes() != check {
            return Err(LineError::OutOfOrder);
        }
        self.chain = next;
        Ok(entry)
    }

    fn take(&mut self, line: &[u8]) -> Result<(), LineError> {
        let entry = if self.format == 1 { read_entry(line, 0)? } else { self.read_chained(line)? };
        check_bounds("count", entry.count)?;
        entry.changes.iter().try_for_each(|change| check_bounds("serial", change.place().serial))?;
        self.count = self.count.max(entry.count);
        Ok(entry.changes.into_iter().try_for_each(|change| self.resource_store.apply(change))?)
    }
}

/// Refuses a number after which there might be no next one.
fn check_bounds(name: &'static str, number: u64) -> Result<(), LineError> {
    if number <= MAX_NUMBER { Ok(()) } else { Err(LineError::OutOfBounds { name, number }) }
}

/// Reads an entry, before which `skipped` bytes of its line were left out.
fn read_entry(line: &[u8], skipped: usize) -> Result<Entry, LineError> {
    serde_json::from_slice(line).map_err(|error| {
        // The line number in the reader's message is always 1.
        let mut message = error.to_string();
        message.truncate(message.rfind(" at line ").unwrap_or(message.len()));
        LineError::Syntax { message, column: error.column() + skipped }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::resources::change::{Change, Resource, ResourceKey, ResourceScope, ScheduledChange};
    use crate::emulator::resources::properties::Properties;
    use serde_json::json;

    fn read(text: &[u8]) -> Result<Replay, StateError> {
        super::read(text, Path::new("state"))
    }

    fn place(serial: u64) -> ResourceKey {
        ResourceKey { resource_scope: ResourceScope { provider: "p".into(), region: "r".into(), kind: "k".into() }, serial }
    }

    fn resource(key: &str) -> Resource {
        let due = vec![ScheduledChange { at: "2026-11-22T10:00:02Z".parse().unwrap(), name: "Status".into(), value: json!("ENABLED") }];
        let properties =
            Properties::from_iter([("Big".to_owned(), json!(12_345_678_901_234_567_890_u64)), ("Ü\n".to_owned(), json!([0.1]))]);
        Resource { account: "1".into(), scope: "".into(), key: key.into(), properties: properties.into(), due }
    }

    /// Returns a file with one creation, one change and one removal.
    fn journal() -> Vec<u8> {
        let entries = [
            Entry { count: 5, changes: vec![Change::Created(place(1), resource("a")), Change::Created(place(2), resource("b"))] },
            Entry { count: 7, changes: vec![Change::Changed(place(2), resource("b")), Change::Removed(place(1))] },
        ];
        let mut text = line(&Header { format: FORMAT_VERSION, count: 3 }).unwrap();
        let mut chain = HashChain::default().next(&text);
        for entry in &entries {
            let (line, next) = entry_line(entry, &chain).unwrap();
            text.extend(line);
            chain = next;
        }
        text
    }

    fn spoiled(text: &[u8]) -> (usize, String) {
        match read(text) {
            Err(StateError::Damaged { line, reason, .. }) => (line, reason.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_files_of_the_first_format() {
        let text = concat!(
            "{\"skydeck-emulator-state\":1,\"count\":0}\n",
            r#"{"count":1,"changes":[{"created":[{"shelf":{"provider":"p","region":"r","kind":"k"},"serial":1},"#,
            r#"{"account":"1","scope":"","key":"a","properties":{"Name":"a"}}]}]}"#,
            "\n"
        );
        let replay = read(text.as_bytes()).unwrap();
        assert_eq!((replay.format, replay.entries, replay.resource_store.snapshot().count()), (1, 1, 1));
    }

    #[test]
    fn journal_lines_round_trip() {
        let replay = read(journal().as_slice()).unwrap();
        assert_eq!((replay.count, replay.entries, replay.whole), (7, 2, journal().len() as u64));
        let all: Vec<Change> = replay.resource_store.snapshot().collect();
        assert_eq!(all, [Change::Created(place(2), resource("b"))]);
        let mut rewritten_bytes = Vec::new();
        write(&mut rewritten_bytes, &replay.resource_store, replay.count).unwrap();
        let again = read(rewritten_bytes.as_slice()).unwrap();
        assert_eq!((again.count, again.resource_store.snapshot().collect::<Vec<_>>()), (7, all));
    }

    #[test]
    fn detects_removed_moved_and_changed_lines() {
        let text = journal();
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        let other = String::from_utf8(lines[1].to_vec()).unwrap().replace("\"count\":5", "\"count\":6");
        for (lines, line) in [
            (vec![lines[0], lines[2]], 2),
            (vec![lines[0], lines[2], lines[1]], 2),
            (vec![lines[0], lines[1], lines[1], lines[2]], 3),
            (vec![lines[0], other.as_bytes(), lines[2]], 2),
        ] {
            let (found, reason) = spoiled(&lines.concat());
            assert_eq!(found, line, "{reason}");
            assert!(reason.contains("removed, added or changed"), "{reason}");
        }
    }

    #[test]
    fn numbers_after_which_there_is_none_are_refused() {
        let entry = |count, serial| line(&Entry { count, changes: vec![Change::Created(place(serial), resource("a"))] }).unwrap();
        for (head, entry, wanted) in [
            (0, entry(0, u64::MAX), (2, "the serial 18446744073709551615")),
            (0, entry(u64::MAX, 1), (2, "the count 18446744073709551615")),
            (u64::MAX, entry(0, 1), (1, "the count 18446744073709551615")),
        ] {
            let (line, reason) = spoiled(&[line(&Header { format: 1, count: head }).unwrap(), entry].concat());
            assert!(line == wanted.0 && reason.starts_with(wanted.1), "{line}: {reason}");
        }
    }

    #[test]
    fn cut_off_anywhere_it_is_read_up_to_the_last_whole_line() {
        let text = journal();
        let ends: Vec<usize> = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
        for length in ends[0]..=text.len() {
            let replay = read(&text[..length]).unwrap();
            let whole = ends.iter().rfind(|end| **end <= length).unwrap();
            assert_eq!(replay.whole, *whole as u64, "{length}");
        }
        for length in 0..ends[0] {
            assert!(matches!(read(&text[..length]), Err(StateError::NotOurs(_))), "{length}");
        }
    }

    #[test]
    fn reports_foreign_newer_and_damaged_files() {
        for text in
            ["\n", "hello\n", "{}\n", "[1]\n", "{\"skydeck-emulator-state\":\"1\"}\n", "{\"skydeck-emulator-state\":0}\n", "\u{0}\n"]
        {
            assert!(matches!(read(text.as_bytes()), Err(StateError::NotOurs(_))), "{text}");
        }
        let newer = b"{\"skydeck-emulator-state\":3,\"whatever\":[]}\n";
        assert!(matches!(read(newer.as_slice()), Err(StateError::Newer { format: 3, .. })));
        let mut broken = journal();
        let second = broken.iter().position(|byte| *byte == b'\n').unwrap() + 10;
        broken[second] = 0xff;
        assert_eq!(spoiled(&broken).0, 2);
        let twice = [journal(), journal().split_inclusive(|byte| *byte == b'\n').nth(2).unwrap().to_vec()].concat();
        assert!(spoiled(&twice).1.contains("does not follow"));
        let bare =
            [b"{\"skydeck-emulator-state\":1}\n".to_vec(), line(&Entry { count: 1, changes: vec![Change::Removed(place(1))] }).unwrap()];
        assert_eq!(spoiled(&bare.concat()), (2, "it changes or removes what is not there".to_owned()));
        let checked = br#"{"check":"0123456789abcdef","count":1,"changes":[{"burnt":1}]}"#;
        let column = checked.windows(5).position(|part| part == b"burnt").unwrap() + b"burnt\"".len();
        let reason = spoiled(&[journal(), checked.to_vec(), b"\n".to_vec()].concat()).1;
        assert!(reason.ends_with(&format!("(column {column})")), "{reason}");
        let (line, reason) = spoiled(&[journal(), b"{\"count\":1,\"changes\":[{\"burnt\":1}]}\n".to_vec()].concat());
        assert!(line == 4 && reason.contains("burnt") && reason.contains("column") && !reason.contains("line"), "{reason}");
    }
}
