//! Runs one parser over its corpus and over mutations of it.

use std::collections::HashSet;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::mutate::mutate;

/// How many inputs a parser is given without `SKYDECK_FUZZ`.
const USUAL: u64 = 2000;

/// How long one input may take. Far more than any does: the machine may be busy.
const INPUT_TIMEOUT: Duration = Duration::from_secs(20);

/// How many inputs are mutated at most: those of the corpus, and those that gave something new.
const MAX_ENTRIES: usize = 600;

/// Longer inputs are cut, unless the corpus has longer ones.
const MAX_INPUT_BYTES: usize = 4096;

/// A parser and what it is fed with.
pub struct Target {
    /// Its name, and that of its folder in the corpus.
    pub name: &'static str,
    /// How many times slower it is than most: it is given so many times fewer inputs.
    pub cost: u64,
    /// Further inputs: files, and folders with all files in them, from the project's root.
    pub files: &'static [&'static str],
    /// Words that it knows.
    pub words: &'static [&'static str],
}

/// What a parser made of an input, as far as it tells inputs apart: a number for each kind of result.
pub fn kind(result: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    result.hash(&mut hasher);
    hasher.finish()
}

/// The kind of a message: the same whatever it quotes and counts.
#[allow(clippy::needless_pass_by_value)] // so that it can be handed on as it is
pub fn message(text: impl ToString) -> u64 {
    let text = text.to_string();
    let plain = text.split(['`', '"', '\'']).step_by(2).collect::<String>();
    kind(plain.chars().filter(char::is_ascii_alphabetic).take(120).collect::<String>())
}

impl Target {
    /// Gives the parser the corpus as it is, then mutations of it.
    ///
    /// # Panics
    /// When the parser does, or takes too long; with the input.
    pub fn run(&self, parse: impl Fn(&[u8]) -> u64) {
        let mut entries = self.corpus();
        assert!(!entries.is_empty(), "no corpus for {}", self.name);
        let longest = entries.iter().map(Vec::len).max().unwrap_or_default().max(MAX_INPUT_BYTES);
        let mut trace = Trace::start(self.name);
        let mut kinds: HashSet<u64> = entries.iter().map(|entry| self.give(entry, &parse, &mut trace)).collect();
        let mut dice = Dice::new(setting("SKYDECK_FUZZ_SEED").unwrap_or(20_261_122), kind(self.name));
        for _ in 0..setting("SKYDECK_FUZZ").unwrap_or(USUAL).div_ceil(self.cost) {
            let mut input = dice.pick(&entries).clone();
            for _ in 0..=dice.below(4) {
                mutate(&mut input, &entries, self.words, &mut dice);
            }
            input.truncate(longest);
            if kinds.insert(self.give(&input, &parse, &mut trace)) && entries.len() < MAX_ENTRIES {
                entries.push(input);
            }
        }
    }

    /// Gives the parser one input.
    fn give(&self, input: &[u8], parse: impl Fn(&[u8]) -> u64, trace: &mut Trace) -> u64 {
        trace.write(input);
        let begun = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| parse(input)));
        let took = begun.elapsed();
        match result {
            Ok(kind) if took < INPUT_TIMEOUT => kind,
            Ok(_) => panic!("{}: {took:?} for b\"{}\"", self.name, input.escape_ascii()),
            Err(cause) => {
                println!("{} fails for b\"{}\"", self.name, input.escape_ascii());
                let file = trace_folder().join(format!("{}-failed", self.name));
                if fs::create_dir_all(trace_folder()).and_then(|()| fs::write(&file, input)).is_ok() {
                    println!("it is kept in {}", file.display());
                }
                std::panic::resume_unwind(cause)
            }
        }
    }

    /// The inputs to begin with, in an order that does not depend on the file system.
    fn corpus(&self) -> Vec<Vec<u8>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = files_in(&root.join("tests/fuzz/corpus").join(self.name));
        for file in self.files {
            files.extend(files_in(&root.join(file)));
        }
        files.into_iter().map(|file| fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))).collect()
    }
}

/// The files of a folder and of those in it, sorted; a file alone is itself.
fn files_in(place: &Path) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(place) else { return place.is_file().then(|| place.to_owned()).into_iter().collect() };
    let mut entries: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files_in(entry)).collect()
}

/// The input under way, in a file: a stack overflow or an abort leaves nothing else. In long runs alone.
struct Trace(Option<File>);

impl Trace {
    fn start(name: &str) -> Self {
        let open = || fs::create_dir_all(trace_folder()).and_then(|()| File::create(trace_folder().join(name))).unwrap();
        Self(setting("SKYDECK_FUZZ").map(|_| open()))
    }

    fn write(&mut self, input: &[u8]) {
        if let Some(file) = &mut self.0 {
            file.rewind().and_then(|()| file.write_all(input)).and_then(|()| file.set_len(input.len() as u64)).unwrap();
        }
    }
}

fn trace_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz")
}

/// A number from the environment.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn finds_a_planted_mistake() {
    let target = Target { name: "query", cost: 1, files: &[], words: &["status:"] };
    // Three conditions, each met by a mutation of what met the one before.
    let parse = |input: &[u8]| {
        let has = |word: &[u8]| input.windows(word.len()).any(|window| window == word);
        assert!(!(has(b"(status:") && has(b"\xff") && has(b"99")), "planted");
        kind((has(b"(status:"), has(b"\xff"), has(b"99")))
    };
    assert!(catch_unwind(AssertUnwindSafe(|| target.run(parse))).is_err());
}
