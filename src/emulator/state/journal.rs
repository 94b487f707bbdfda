//! The lines of a state file: written, and read back into a world.

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::emulator::change::Entry;
use crate::emulator::world::World;

/// The format that is written, and the only one so far.
pub(super) const FORMAT: u64 = 1;

/// The longest line that is written or read, in bytes: several times the largest body that the listener takes.
pub(super) const LONGEST: u64 = 64 << 20;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    #[serde(rename = "skydeck-emulator-state")]
    format: u64,
    /// How many identifiers were given out before the first entry.
    #[serde(default)]
    count: u64,
}

/// What a state file says.
#[derive(Debug, Default)]
pub(super) struct Replay {
    /// What is there.
    pub world: World,
    /// How many identifiers were given out.
    pub count: u64,
    /// How many entries it has.
    pub entries: usize,
    /// How many bytes its whole lines have; what follows is a line that was not finished.
    pub whole: u64,
}

/// Why a state file cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    NotOurs,
    Newer(u64),
    Spoiled { line: usize, reason: String },
    System(io::Error),
}

/// Writes all that is there, the header first.
pub(super) fn write(out: &mut impl Write, world: &World, count: u64) -> io::Result<()> {
    out.write_all(&line(&Header { format: FORMAT, count })?)?;
    world.snapshot().try_for_each(|change| out.write_all(&line(&Entry { count, changes: vec![change] })?))
}

/// A value as a line of its own.
///
/// # Errors
/// When the line would be too long to be read again.
pub(super) fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    if line.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("the change has more than {LONGEST} bytes")));
    }
    Ok(line)
}

/// Reads a file that is not empty.
pub(super) fn read(mut from: impl BufRead) -> Result<Replay, Unreadable> {
    let mut replay = Replay::default();
    let first = next(&mut from, 1)?.ok_or(Unreadable::NotOurs)?;
    replay.count = header(&first)?.count;
    replay.whole = first.len() as u64;
    while let Some(line) = next(&mut from, replay.entries + 2)? {
        replay.take(&line).map_err(|reason| Unreadable::Spoiled { line: replay.entries + 2, reason })?;
        replay.entries += 1;
        replay.whole += line.len() as u64;
    }
    Ok(replay)
}

/// The next whole line with its end; `None` when there is none, or only the beginning of one.
fn next(from: &mut impl BufRead, number: usize) -> Result<Option<Vec<u8>>, Unreadable> {
    let mut line = Vec::new();
    from.take(LONGEST + 1).read_until(b'\n', &mut line).map_err(Unreadable::System)?;
    if line.len() as u64 > LONGEST {
        return Err(Unreadable::Spoiled { line: number, reason: format!("the line has more than {LONGEST} bytes") });
    }
    Ok(line.ends_with(b"\n").then_some(line))
}

fn header(line: &[u8]) -> Result<Header, Unreadable> {
    // An array of two numbers would do for a header too.
    let object: Map<String, Value> = serde_json::from_slice(line).map_err(|_| Unreadable::NotOurs)?;
    let header: Header = serde_json::from_value(object.into()).map_err(|_| Unreadable::NotOurs)?;
    match header.format {
        FORMAT => Ok(header),
        0 => Err(Unreadable::NotOurs),
        newer => Err(Unreadable::Newer(newer)),
    }
}

impl Replay {
    fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let entry: Entry = serde_json::from_slice(line).map_err(|error| reason(&error))?;
        self.count = self.count.max(entry.count);
        entry.changes.into_iter().try_for_each(|change| self.world.apply(change)).map_err(|misfit| misfit.to_string())
    }
}

/// What the reader says, with the column in place of a line number that is always 1.
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.rfind(" at line ").map_or(said.as_str(), |at| &said[..at]);
    format!("{what} (column {})", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::change::{Change, Due, Place, Resource, Shelf};
    use crate::emulator::properties::Properties;
    use serde_json::json;

    fn place(serial: u64) -> Place {
        Place { shelf: Shelf { provider: "p".into(), region: "r".into(), kind: "k".into() }, serial }
    }

    fn resource(key: &str) -> Resource {
        let due = vec![Due { at: "2026-11-22T10:00:02Z".parse().unwrap(), name: "Status".into(), value: json!("ENABLED") }];
        let properties =
            Properties::from_iter([("Big".to_owned(), json!(12_345_678_901_234_567_890_u64)), ("Ü\n".to_owned(), json!([0.1]))]);
        Resource { account: "1".into(), scope: "".into(), key: key.into(), properties: properties.into(), due }
    }

    /// A file with one creation, one change and one removal.
    fn journal() -> Vec<u8> {
        let entries = [
            Entry { count: 5, changes: vec![Change::Created(place(1), resource("a")), Change::Created(place(2), resource("b"))] },
            Entry { count: 7, changes: vec![Change::Changed(place(2), resource("b")), Change::Removed(place(1))] },
        ];
        let mut text = line(&Header { format: FORMAT, count: 3 }).unwrap();
        text.extend(entries.iter().flat_map(|entry| line(entry).unwrap()));
        text
    }

    fn spoiled(text: &[u8]) -> (usize, String) {
        match read(text) {
            Err(Unreadable::Spoiled { line, reason }) => (line, reason),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let replay = read(journal().as_slice()).unwrap();
        assert_eq!((replay.count, replay.entries, replay.whole), (7, 2, journal().len() as u64));
        let all: Vec<Change> = replay.world.snapshot().collect();
        assert_eq!(all, [Change::Created(place(2), resource("b"))]);
        let mut anew = Vec::new();
        write(&mut anew, &replay.world, replay.count).unwrap();
        let again = read(anew.as_slice()).unwrap();
        assert_eq!((again.count, again.world.snapshot().collect::<Vec<_>>()), (7, all));
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
            assert!(matches!(read(&text[..length]), Err(Unreadable::NotOurs)), "{length}");
        }
    }

    #[test]
    fn what_is_not_ours_newer_or_spoiled_is_said() {
        for text in
            ["\n", "hello\n", "{}\n", "[1]\n", "{\"skydeck-emulator-state\":\"1\"}\n", "{\"skydeck-emulator-state\":0}\n", "\u{0}\n"]
        {
            assert!(matches!(read(text.as_bytes()), Err(Unreadable::NotOurs)), "{text}");
        }
        let newer = b"{\"skydeck-emulator-state\":2,\"whatever\":[]}\n";
        assert!(matches!(read(newer.as_slice()), Err(Unreadable::Newer(2))));
        let mut broken = journal();
        let second = broken.iter().position(|byte| *byte == b'\n').unwrap() + 10;
        broken[second] = 0xff;
        assert_eq!(spoiled(&broken).0, 2);
        let twice = [journal(), journal().split_inclusive(|byte| *byte == b'\n').nth(2).unwrap().to_vec()].concat();
        assert_eq!(spoiled(&twice), (4, "it changes or removes what is not there".to_owned()));
        let (line, reason) = spoiled(&[journal(), b"{\"count\":1,\"changes\":[{\"burnt\":1}]}\n".to_vec()].concat());
        assert!(line == 4 && reason.contains("burnt") && reason.contains("column") && !reason.contains("line"), "{reason}");
    }
}
