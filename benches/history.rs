//! The history with a hundred thousand exchanges: what writing one costs, and how long it takes to open it, to list it, to filter it and to find text.
//!
//! A harness of its own: it fills a database in a temporary folder (`SKYDECK_BENCH_FOLDER` names one to keep and use again), then starts itself
//! once more to read it, so that the memory it reports is a reader's alone. `SKYDECK_BENCH_ROWS` is the number of exchanges;
//! `SKYDECK_BENCH_STRICT=1` makes a figure outside its budget end with status 1.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use skydeck::auth::{Scheme, Trace};
use skydeck::envelope::{Envelope, Verdict};
use skydeck::exchange::{Answered, Exchange, ExchangeId, Origin, Outcome, Purpose, Timings};
use skydeck::form::Value;
use skydeck::history::{CallRecord, Masker};
use skydeck::io::history::{Page, Store};
use skydeck::query::{Query, QueryTime, parse};
use skydeck::redact::Redactor;
use skydeck::wire::{Request, Response};

/// Lines of a screen and some more: what a list asks for.
const LINES: usize = 200;

/// What a question may take.
const BUDGET: Duration = Duration::from_millis(50);

/// What a reader may take of memory, in KiB.
const MEMORY: u64 = 40 << 10;

/// The argument that makes this program the reader.
const READ: &str = "--read";

/// Questions: those that an index answers, those that none does, those that hold for nearly all and for none.
const QUERIES: [&str; 28] = [
    "",
    "provider:otc-swr",
    "provider:nobody",
    "status:4xx",
    "status:503",
    "status:<200",
    "code:Throttling*",
    "code:*4090060",
    "code:nothing*",
    "not status:2xx not code:Throttling*",
    "outcome:unanswered",
    "duration:>900ms",
    "since:1h",
    "before:2020-01-01",
    "profile:prod operation:Delete* (status:404 or status:409) since:30d",
    "request:*abcdef*",
    "CreateNamespace",
    "命名",
    "命",
    "空间-77777",
    "e",
    "nowhere-to-be-found",
    "orders-4242 or orders-99999",
    "CreateNamespace provider:otc-swr",
    "not CreateNamespace",
    "CreateNamespace status:503 since:30d",
    "not e",
    "nowhere-to-be-found or duration:>1900ms",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let done = match arguments.iter().position(|argument| argument == READ).and_then(|at| arguments.get(at + 1)) {
        Some(folder) => read(Path::new(folder)),
        None => fill_and_read(),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

fn fill_and_read() -> anyhow::Result<ExitCode> {
    let rows = std::env::var("SKYDECK_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(100_000);
    let temporary = tempfile::tempdir()?;
    let folder = std::env::var_os("SKYDECK_BENCH_FOLDER").map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    fill(&folder, rows)?;
    let status = Command::new(std::env::current_exe()?).arg(READ).arg(&folder).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes exchanges until there are so many, each as a console would.
fn fill(folder: &Path, rows: u64) -> anyhow::Result<()> {
    let mut store = Store::open(folder)?;
    let redactor = Redactor::default();
    let mask = Masker { redactor: &redactor, max_body: 1 << 20 };
    let (mut begun, mut finished) = (Vec::new(), Vec::new());
    for number in store.count()?..rows {
        let (in_flight, ended, about) = exchange(number)?;
        let request_record = mask.request_record(&in_flight, &about);
        let at = Instant::now();
        let id = store.begin(&request_record)?;
        begun.push(at.elapsed());
        store.add_words(id, &request_record)?;
        let record = mask.outcome_record(&ended);
        let at = Instant::now();
        store.finish(id, &record)?;
        finished.push(at.elapsed());
    }
    for (what, mut times) in [("begin, committed", begun), ("finish, committed", finished)] {
        times.sort_unstable();
        if let (Some(median), Some(late)) = (times.get(times.len() / 2), times.get(times.len() * 99 / 100)) {
            println!("{what:<60} {:>9.3} ms   p99 {:.3} ms", millis(*median), millis(*late));
        }
    }
    Ok(())
}

fn read(folder: &Path) -> anyhow::Result<ExitCode> {
    let at = Instant::now();
    let mut store = Store::open(folder)?;
    let newest = store.list(&Query::default(), Page::newest(LINES))?;
    let opened = at.elapsed();
    let newest_id = newest.first().context("an empty history")?.id;
    println!("{:<60} {:>9.3} ms", format!("open, and the newest {LINES} of {} exchanges", store.count()?), millis(opened));
    let at = Instant::now();
    store.get(newest_id / 2)?.context("the middle one")?;
    println!("{:<60} {:>9.3} ms", "one exchange in full", millis(at.elapsed()));
    let mut over = opened > BUDGET;
    for text in QUERIES {
        over |= ask(&mut store, text)? > BUDGET;
    }
    let memory = peak_memory();
    println!("{:<60} {:>9} KiB, the file {} MiB", "most memory", memory, std::fs::metadata(folder.join("history.db"))?.len() >> 20);
    over |= memory > MEMORY;
    let strict = std::env::var_os("SKYDECK_BENCH_STRICT").is_some();
    Ok(if over && strict { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The median of some runs, and the first one.
fn ask(store: &mut Store, text: &str) -> anyhow::Result<Duration> {
    let query = parse(text, &QueryTime { now: "2026-11-22T12:00:00Z".parse()?, zone: TimeZone::UTC })?;
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..7 {
        let at = Instant::now();
        found = store.list(&query, Page::newest(LINES))?.len();
        times.push(at.elapsed());
    }
    let first = times[0];
    times.sort_unstable();
    let median = times[times.len() / 2];
    let mark = if median > BUDGET { "  over" } else { "" };
    println!("{:<60} {:>9.3} ms   first {:.3} ms   {found} found{mark}", format!("[{text}]"), millis(median), millis(first));
    Ok(median)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The most memory this process has had, in KiB; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = self.0 ^ (self.0 >> 33);
        x.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (x >> 29)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.roll() % most
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len() as u64) as usize]
    }

    fn hex(&mut self) -> String {
        format!("{:016x}{:016x}", self.roll(), self.roll())
    }
}

/// What an answer may be.
const ANSWERS: [(u16, &str, Verdict); 8] = [
    (200, "", Verdict::Success),
    (201, "", Verdict::Success),
    (200, "", Verdict::Success),
    (400, "InvalidNamespaceIdSuffix.Format", Verdict::Failure),
    (403, "Forbidden.RAM", Verdict::Failure),
    (404, "SVCSTG.SWR.4040401", Verdict::Failure),
    (409, "SVCSTG.SWR.4090060", Verdict::Failure),
    (429, "Throttling.User", Verdict::Failure),
];

/// An exchange on its way, the same when it has ended, and its form.
fn exchange(number: u64) -> anyhow::Result<(Exchange, Exchange, CallRecord)> {
    let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let provider = dice.of(&["alibaba-sae", "alibaba-pai", "volcengine-id", "huawei-swr", "otc-swr"]);
    let operation = if provider.ends_with("swr") {
        dice.of(&["CreateOrganization", "ListOrganizations", "GetOrganization", "DeleteOrganization"])
    } else {
        dice.of(&["CreateNamespace", "CreateNamespace", "DescribeNamespaces", "UpdateNamespace", "DeleteNamespace"])
    };
    let name = format!("orders-{number}");
    let started = Timestamp::from_second(1_790_348_000 + i64::try_from(number)? * 50)?;
    let in_flight = Exchange {
        id: ExchangeId(number),
        provider: provider.to_owned(),
        operation: operation.to_owned(),
        profile: dice.of(&["demo", "staging", "prod"]).to_owned(),
        region: dice.of(&["cn-hangzhou", "cn-beijing", "eu-de", "eu-west-101"]).to_owned(),
        purpose: Purpose::Operator,
        call_origin: Origin::default(),
        started,
        endpoint: format!("https://{provider}.example.com").parse()?,
        request: request(operation, &name, &mut dice),
        signing: Some(trace(operation, &name, &mut dice)),
        outcome: Outcome::InFlight,
        timings: Timings::default(),
    };
    let mut ended = in_flight.clone();
    let total = Duration::from_micros(2000 + dice.below(if number.is_multiple_of(97) { 2_000_000 } else { 200_000 }));
    ended.timings = Timings { first_byte: Some(total), total: Some(total), ..Timings::default() };
    ended.outcome = answer(&name, &mut dice);
    let form = vec![("NamespaceName".to_owned(), Value::Text(name))];
    Ok((in_flight, ended, CallRecord { form, origin: None }))
}

fn request(operation: &str, name: &str, dice: &mut Dice) -> Request {
    let headers = [
        ("host", "sae.cn-hangzhou.aliyuncs.com".to_owned()),
        ("user-agent", "skydeck/0.1.0".to_owned()),
        ("accept", "application/json".to_owned()),
        ("x-acs-action", operation.to_owned()),
        ("x-acs-version", "2019-05-06".to_owned()),
        ("x-acs-date", "2026-11-22T06:11:26Z".to_owned()),
        ("x-acs-signature-nonce", dice.hex()),
        ("x-acs-content-sha256", dice.hex()),
        ("authorization", format!("ACS3-HMAC-SHA256 Credential=LTAI5tExample,SignedHeaders=host;x-acs-date,Signature={}", dice.hex())),
    ];
    Request {
        method: "POST".to_owned(),
        target: format!("/pop/v1/paas/namespace?NamespaceName={name}&NameSpaceShortId={name}"),
        headers: headers.into_iter().collect(),
        body: format!(r#"{{"namespace":"{name}","description":"第{}号命名空间-{}"}}"#, dice.below(1000), dice.below(100_000)).into(),
    }
}

fn trace(operation: &str, name: &str, dice: &mut Dice) -> Trace {
    Trace {
        scheme: Scheme::Acs3,
        key_id: "LTAI5tExample".to_owned(),
        date: "2026-11-22T06:11:26Z".to_owned(),
        scope: None,
        signed_headers: ["host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce"].map(str::to_owned).into(),
        payload_hash: dice.hex(),
        canonical_request: format!(
            "POST\n/pop/v1/paas/namespace\nNamespaceName={name}\nhost:sae\nx-acs-action:{operation}\nx-acs-date:2026-11-22T06:11:26Z\nx-acs-signature-nonce:{}\n\nhost;x-acs-action;x-acs-date;x-acs-signature-nonce\n{}",
            dice.hex(),
            dice.hex()
        ),
        string_to_sign: format!("ACS3-HMAC-SHA256\n{}", dice.hex()),
        signature: dice.hex(),
        authorization: format!("ACS3-HMAC-SHA256 Credential=LTAI5tExample,SignedHeaders=host;x-acs-date,Signature={}", dice.hex()),
    }
}

fn answer(name: &str, dice: &mut Dice) -> Outcome {
    let (status, code, verdict) = ANSWERS[dice.below(ANSWERS.len() as u64) as usize].clone();
    let request_id = dice.hex().to_uppercase();
    let code = (!code.is_empty()).then(|| code.to_owned());
    let message = code.as_ref().map(|code| format!("The request with {name} failed: {code}"));
    let body = format!(
        r#"{{"RequestId":"{request_id}","Code":"{}","Message":"{}","Data":{{"NamespaceId":"cn-hangzhou:{name}","NamespaceDescription":"","UserId":"{}","EnableMicroRegistration":true}}}}"#,
        code.as_deref().unwrap_or("200"),
        message.as_deref().unwrap_or("success"),
        dice.below(10_000_000),
    );
    let headers =
        [("content-type", "application/json;charset=utf-8"), ("x-acs-request-id", &request_id), ("date", "Sun, 22 Nov 2026 06:11:26 GMT")];
    let response = Response {
        version: "HTTP/1.1".into(),
        status,
        reason: "Whatever".into(),
        headers: headers.into_iter().collect(),
        body: body.into(),
        excess: 0,
    };
    let envelope = Envelope { verdict, request_id: Some(request_id), code, message, data: None, fields: Vec::new() };
    Outcome::Answered(Box::new(Answered { response, envelope }))
}
