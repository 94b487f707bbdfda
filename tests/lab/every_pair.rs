//! Every mistake of a list and every two of them, made here on the texts that the vendors' SDKs signed: at most a few are unknown, and
//! what is proven was done.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use skydeck::auth::{Scheme, derive_key, hex_hmac_sha256, hex_sha256};
use skydeck::lab::{Certainty, Report, Verdict};
use skydeck::wire::Request;

use crate::table::{examined, faults};
use crate::vector::{Vector, one};

/// How many of each vector may be unknown: of those that the README leaves out.
const MAX_UNKNOWN: usize = 5;

const VECTORS: [(&str, &str); 2] = [("alibaba", "py-pai-create-all.json"), ("volcengine", "03-create-full.json")];

/// What a client signs, before it does.
#[derive(Clone)]
struct Draft {
    head: Vec<String>,
    lines: Vec<(String, String)>,
    list: Vec<String>,
    body: String,
    hash: fn(&str) -> String,
    gap: &'static str,
    end: &'static str,
    algorithm: String,
    now: Timestamp,
    format: &'static str,
    /// What is added to the date of the string to sign alone, in seconds.
    late: i64,
    scope: Option<[String; 4]>,
    digest: fn(&str) -> String,
    secret: String,
    derive: fn(&str, [&str; 4]) -> Vec<u8>,
}

impl Draft {
    fn of(vector: &Vector) -> Self {
        let canonical = vector.canonical();
        let (above, below) = canonical.split_once("\n\n").filter(|(above, _)| above.contains(':')).unwrap_or_else(|| {
            let at = canonical.match_indices("\n\n").nth(1).unwrap().0;
            (&canonical[..at], &canonical[at + 2..])
        });
        let mut lines = above.split('\n');
        let head = lines.by_ref().take(3).map(str::to_owned).collect();
        let split = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
        let is_scoped = vector.scheme == Scheme::Volcengine;
        let (region, service) = vector.scope.clone();
        let format = if is_scoped { "%Y%m%dT%H%M%SZ" } else { "%Y-%m-%dT%H:%M:%SZ" };
        Self {
            head,
            lines: lines.map(split).collect(),
            list: below.lines().next().unwrap().split(';').map(str::to_owned).collect(),
            body: String::from_utf8(vector.request.body.to_vec()).unwrap(),
            hash: |body| hex_sha256(body.as_bytes()),
            gap: "\n",
            end: "\n",
            algorithm: if is_scoped { "HMAC-SHA256" } else { "ACS3-HMAC-SHA256" }.to_owned(),
            now: vector.now,
            format,
            late: 0,
            scope: is_scoped.then(|| [String::new(), region, service, "request".to_owned()]),
            digest: |canonical| hex_sha256(canonical.as_bytes()),
            secret: vector.key.secret.expose().to_owned(),
            derive: |secret, rounds| derive_key(secret.as_bytes(), rounds).to_vec(),
        }
    }

    fn date(&self, late: i64) -> String {
        let time = self.now.checked_add(SignedDuration::from_secs(late)).unwrap();
        time.strftime(self.format).to_string()
    }

    fn canonical(&self) -> String {
        let end = self.end;
        let mut text: String = self.head.iter().flat_map(|line| [line.as_str(), end]).collect();
        for (name, value) in &self.lines {
            let is_date = ["x-acs-date", "x-date"].contains(&name.to_lowercase().as_str());
            let value = if is_date { self.date(0) } else { value.clone() };
            text.extend([name.as_str(), ":", value.as_str(), end]);
        }
        format!("{text}{}{}{end}{}", self.gap, self.list.join(";"), (self.hash)(&self.body))
    }

    fn signature(&self) -> String {
        let digest = (self.digest)(&self.canonical());
        let Some(scope) = &self.scope else {
            return hex_hmac_sha256(self.secret.as_bytes(), format!("{}\n{digest}", self.algorithm).as_bytes());
        };
        let [day, region, service, end] = scope;
        let day = if day.is_empty() { self.now.strftime("%Y%m%d").to_string() } else { day.clone() };
        let rounds = [day.as_str(), region, service, end];
        let text = format!("{}\n{}\n{}\n{digest}", self.algorithm, self.date(self.late), rounds.join("/"));
        hex_hmac_sha256(&(self.derive)(&self.secret, rounds), text.as_bytes())
    }

    fn line(&mut self, name: &str) -> &mut String {
        &mut self.lines.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1
    }
}

/// A mistake: what it may be called, what excludes it, and what makes it.
struct Made {
    names: &'static [&'static str],
    group: &'static str,
    make: fn(&mut Draft),
}

const fn made(group: &'static str, names: &'static [&'static str], make: fn(&mut Draft)) -> Made {
    Made { names, group, make }
}

const MISTAKES: [Made; 32] = [
    made("clock", &["date-changed"], |d| d.now += SignedDuration::from_secs(37)),
    made("clock", &["date-changed"], |d| d.now -= SignedDuration::from_secs(600)),
    made("clock", &["date-zone"], |d| d.now += SignedDuration::from_hours(8)),
    made("clock", &["date-zone"], |d| d.now += SignedDuration::from_mins(330)),
    made("text clock", &["date-twice"], |d| d.late = 5),
    made("form", &["date-format"], |d| d.format = if d.format.contains('-') { "%Y%m%dT%H%M%SZ" } else { "%Y-%m-%dT%H:%M:%SZ" }),
    made("around", &["secret-space"], |d| d.secret.push('\n')),
    made("around", &["secret-quoted"], |d| d.secret = format!("\"{}\"", d.secret)),
    // Without its `=` a secret is both.
    made("secret", &["secret-cut", "secret-changed"], |d| d.secret.truncate(d.secret.len() - 3)),
    made("secret", &["secret-typed"], |d| {
        let other = if d.secret.as_bytes()[5] == b'x' { "y" } else { "x" };
        d.secret.replace_range(5..6, other);
    }),
    made("secret", &["secret-changed", "secret-typed"], |d| d.secret = d.secret.to_lowercase()),
    made("body", &["payload-json"], |d| d.body = sorted(&d.body).to_string()),
    made("body", &["payload-json"], |d| d.body = serde_json::to_string_pretty(&d.body.parse::<Value>().unwrap()).unwrap()),
    made("body", &["payload-empty"], |d| d.body.clear()),
    made("body", &["payload-newline"], |d| d.body.push('\n')),
    made("hash", &["payload-shape"], |d| d.hash = |body| hex_sha256(body.as_bytes()).to_uppercase()),
    made("method", &["method"], |d| d.head[0] = "PUT".into()),
    made("path", &["path-slash-extra", "path-slash-lacking", "path-normalised"], |d| d.head[1].push('/')),
    made("path", &["path-empty"], |d| d.head[1].clear()),
    made("query", &["query-added", "query-left-out", "query-dropped"], |d| {
        d.head[2] = if d.head[2].is_empty() { "Action=CreateWorkspace&Version=2021-02-04".to_owned() } else { String::new() };
    }),
    made("host", &["host-port"], |d| *d.line("host") = "127.0.0.1".into()),
    made("type", &["content-type"], |d| *d.line("content-type") = "text/plain".into()),
    made("list", &["list-unsorted"], |d| d.list.reverse()),
    made("lines", &["list-unsorted"], |d| d.lines.reverse()),
    made("case", &["list-case"], |d| d.list.iter_mut().for_each(|name| *name = name.to_uppercase())),
    made("gap", &["layout-newline"], |d| d.gap = ""),
    made("ends", &["layout-separator"], |d| (d.end, d.gap) = ("\r\n", "\r\n")),
    made("algorithm", &["string-algorithm"], |d| d.algorithm = "AWS4-HMAC-SHA256".into()),
    made("digest", &["string-digest"], |d| d.digest = |canonical| hex_sha256(canonical.as_bytes()).to_uppercase()),
    made("scope", &["scope-region"], |d| d.scope.iter_mut().for_each(|scope| scope[1].clear())),
    made("scope", &["scope-day"], |d| {
        let date = d.date(0);
        d.scope.iter_mut().for_each(|scope| scope[0].clone_from(&date));
    }),
    made("steps", &["key-derivation"], |d| {
        d.derive = |secret, rounds| {
            rounds.iter().fold(secret.as_bytes().to_vec(), |key, round| hex_hmac_sha256(&key, round.as_bytes()).into_bytes())
        };
    }),
];

fn sorted(body: &str) -> Value {
    let Value::Object(members) = body.parse().unwrap() else { panic!("no object") };
    let mut members: Vec<(String, Value)> = members.into_iter().collect();
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    Value::Object(members.into_iter().collect())
}

/// A request with these mistakes in it, and what may be said of it.
struct Broken {
    request: Request,
    names: BTreeSet<&'static str>,
    what: String,
}

fn broken(vector: &Vector) -> Vec<Broken> {
    let right = Draft::of(vector);
    assert_eq!(right.signature(), vector.expected.signature, "{}", vector.name);
    let mut seen = BTreeSet::from([right.signature()]);
    let mut all = Vec::new();
    let pairs = MISTAKES.iter().flat_map(|one| MISTAKES.iter().map(move |other| [one, other]));
    let pairs = pairs.filter(|[one, other]| one.group != other.group).map(|pair| pair.to_vec());
    for mistakes in MISTAKES.iter().map(|mistake| vec![mistake]).chain(pairs) {
        let mut draft = right.clone();
        for mistake in &mistakes {
            (mistake.make)(&mut draft);
        }
        let signature = draft.signature();
        if seen.insert(signature.clone()) {
            let names = mistakes.iter().flat_map(|mistake| mistake.names.iter().copied()).collect();
            let what = mistakes.iter().map(|mistake| mistake.names[0]).collect::<Vec<_>>().join(" + ");
            all.push(Broken { request: vector.with_signature(&signature), names, what });
        }
    }
    all
}

/// What is wrong with a report; none where each proven cause was made. The first word is `unknown` or `false`.
fn wrong(broken: &Broken, report: &Report) -> Option<String> {
    let proven: Vec<&str> = report.causes.iter().filter(|cause| cause.certainty == Certainty::Proven).map(|cause| cause.fault.id).collect();
    let kind = match proven.as_slice() {
        _ if report.verdict != Verdict::Fails => "false",
        [] => "unknown",
        some if some.iter().all(|name| broken.names.contains(name)) => return None,
        _ => "false",
    };
    Some(format!("{kind}: {} gives {:?}", broken.what, faults(report)))
}

/// Examines every request of a list and tells of those that are unknown or falsely explained, with the longest time.
fn tried<'b>(vector: &Vector, all: impl Iterator<Item = &'b Broken>) -> (Vec<String>, Duration) {
    let mut longest = Duration::ZERO;
    let told = all.filter_map(|broken| {
        let begin = Instant::now();
        let report = examined(vector, &broken.request, Some(&vector.key), 0);
        longest = longest.max(begin.elapsed());
        wrong(broken, &report)
    });
    (told.collect(), longest)
}

#[test]
fn explains_a_sample_of_pairs() {
    // A prime, so that the sample goes through all columns of the table of pairs.
    const EVERY: usize = 97;
    for (folder, file) in VECTORS {
        let vector = one(folder, file);
        let (told, _) = tried(&vector, broken(&vector).iter().skip(11).step_by(EVERY));
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}

/// All of them: some minutes in a debug build, half a minute in a release build.
#[test]
#[ignore = "long: cargo test --release --test lab every_pair -- --ignored --nocapture"]
fn explains_all_singles_and_pairs() {
    for (folder, file) in VECTORS {
        let vector = one(folder, file);
        let every = broken(&vector);
        let (told, longest) = tried(&vector, every.iter());
        println!("{}: {} requests, {} not explained, {longest:?} at most", vector.name, every.len(), told.len());
        for line in &told {
            println!("  {line}");
        }
        let falsely: Vec<&String> = told.iter().filter(|line| line.starts_with("false")).collect();
        assert!(falsely.is_empty(), "{falsely:?}");
        assert!(told.len() <= MAX_UNKNOWN, "{} of {}", told.len(), every.len());
    }
}
