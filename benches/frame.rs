//! From a key to the cells of the next frame, without a terminal: the state is changed, the form checked, its request signed,
//! the panes made for their sizes and drawn. At 120x40, with an empty log, with a thousand exchanges, with 10 MB open.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::Bencher;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use skydeck::app::{App, Effect, ExchangeView, KeyMap, Message, Now, ProfileSummary, Setup, update};
use skydeck::auth::{AccessKey, Credentials};
use skydeck::body;
use skydeck::catalog::Catalog;
use skydeck::config::{Access, Guard};
use skydeck::envelope;
use skydeck::exchange::{Answered, Exchange, ExchangeId, Origin, Outcome, Purpose, Timings};
use skydeck::redact::SecretRegistry;
use skydeck::ui::{self, Depth, Palette, SymbolSet, Theme};
use skydeck::wire::{Request, Response};

const AREA: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };
const PROVIDER: &str = "alibaba-sae";
const OPERATION: &str = "CreateNamespace";
const ENDPOINT: &str = "http://127.0.0.1:8080";

fn main() {
    divan::main();
}

/// A console with a screen of cells.
struct BenchConsole {
    app: App,
    theme: Theme,
    cells: Buffer,
    letters: usize,
}

impl BenchConsole {
    fn new() -> anyhow::Result<Self> {
        let catalog = Arc::new(Catalog::built_in());
        let setup = Setup {
            catalog: Arc::clone(&catalog),
            profiles: vec![ProfileSummary { name: "bench".to_owned(), guard: Guard::None, demo: false, colour: None }],
            profile: "bench".to_owned(),
            region: None,
            mouse: true,
            follow_changes: false,
            zone: TimeZone::UTC,
            now: now(),
            keys: KeyMap::default(),
            secrets: SecretRegistry::default(),
        };
        let theme = Theme::new(Palette::Dark, Depth::True, SymbolSet::Unicode);
        let mut console = Self { app: App::new(setup), theme, cells: Buffer::empty(AREA), letters: 0 };
        let access = access(&catalog)?;
        let key = console.app.current().access_key("bench");
        console.notify(Message::Resolved { key, access: Ok(Arc::new(access)) });
        console.frame();
        anyhow::ensure!(console.app.current().preview.is_ok(), "the preview is signed");
        Ok(console)
    }

    /// Takes a message; layouts that it asks for are made at once.
    fn notify(&mut self, message: Message) {
        let effects = update(&mut self.app, message, now());
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Index { key, body, redactor } = effect {
                let rows = body::index(&body, key.view, key.width, &redactor);
                self.notify(Message::Indexed { key, rows: Arc::new(rows) });
            }
        }
    }

    /// What the loop does for a frame, and the clearing of the cells that the terminal does.
    fn frame(&mut self) {
        let layout = ui::layout(&self.app, AREA);
        let first = self.app.fit(layout.sizes());
        let layout = ui::layout(&self.app, AREA);
        let second = self.app.fit(layout.sizes());
        self.cells.reset();
        ui::render(&self.app, &layout, &self.theme, &mut self.cells);
        self.carry_out(first);
        self.carry_out(second);
    }

    /// Presses the next key of a name that grows and shrinks.
    fn press(&mut self) {
        self.letters = (self.letters + 1) % 40;
        let code = if self.letters < 20 { KeyCode::Char('a') } else { KeyCode::Backspace };
        self.notify(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        self.frame();
    }

    fn exchange(&mut self, number: u64, body: Bytes) {
        let exchange = Exchange {
            id: ExchangeId(number),
            provider: PROVIDER.to_owned(),
            operation: OPERATION.to_owned(),
            profile: "bench".to_owned(),
            region: "cn-hangzhou".to_owned(),
            purpose: Purpose::Operator,
            call_origin: Origin::default(),
            started: now().time,
            endpoint: ENDPOINT.parse().unwrap_or_else(|_| unreachable!("a URL")),
            request: Request::default(),
            signing: None,
            outcome: Outcome::InFlight,
            timings: Timings::default(),
        };
        self.notify(Message::Started { exchange: Box::new(exchange.clone()) });
        let response = Response { version: "HTTP/1.1".into(), status: 200, body, ..Response::default() };
        let format = skydeck::catalog::ResponseFormat::AlibabaService;
        let answered = Answered { envelope: envelope::decode(format, &response, &[200]), response };
        self.notify(Message::Finished { exchange: Box::new(Exchange { outcome: Outcome::Answered(Box::new(answered)), ..exchange }) });
        self.frame();
    }
}

fn access(catalog: &Catalog) -> anyhow::Result<Access> {
    let provider = catalog.provider(PROVIDER).context("a built-in provider")?;
    let key = AccessKey {
        id: "LTAI5tExampleKey000000".to_owned(),
        secret: "ExampleSecret0000000000000000".to_owned().into(),
        token: None,
        project_id: None,
    };
    Ok(Access {
        profile: "bench".to_owned(),
        guard: Guard::None,
        region: provider.default_region.clone(),
        endpoint: ENDPOINT.parse()?,
        iam_endpoint: None,
        scheme: provider.auth.first().copied().context("a scheme")?.into(),
        credentials: Credentials::AccessKey(key),
        warnings: Vec::new(),
    })
}

fn now() -> Now {
    Now { time: Timestamp::from_second(1_795_307_993).unwrap_or_default(), nonce: "315cfd7715a7b68bf04ea7982303761b".to_owned() }
}

fn small_answer() -> Bytes {
    Bytes::from_static(
        br#"{"RequestId":"91F93257-7A4A-4BD3-9A7E-2F6EAE6D****","Code":"200","Message":"success","Success":true,"Data":{"Name":"orders"}}"#,
    )
}

fn large_answer(bytes: usize) -> Bytes {
    let records = (0..).map(|number| format!("{{\"id\":{number},\"name\":\"n{number}\",\"ok\":true}},"));
    let mut body = b"{\"items\":[".to_vec();
    for record in records {
        if body.len() + record.len() > bytes {
            break;
        }
        body.extend_from_slice(record.as_bytes());
    }
    body.extend_from_slice(b"0]}");
    body.into()
}

fn console() -> BenchConsole {
    BenchConsole::new().unwrap_or_else(|error| unreachable!("a console on built-in data: {error}"))
}

#[divan::bench]
fn key_with_an_empty_log(bencher: Bencher<'_, '_>) {
    let mut console = console();
    bencher.bench_local(|| console.press());
}

#[divan::bench]
fn key_with_1000_exchanges(bencher: Bencher<'_, '_>) {
    let mut console = console();
    (1..=1000).for_each(|number| console.exchange(number, small_answer()));
    bencher.bench_local(|| console.press());
}

#[divan::bench]
fn key_with_10_mb_open(bencher: Bencher<'_, '_>) {
    let mut console = console();
    console.app.viewer.view = ExchangeView::Response;
    console.exchange(1, large_answer(10_000_000));
    assert!(console.app.viewer.text.len() > 100_000, "the body is laid out");
    bencher.bench_local(|| console.press());
}

#[divan::bench]
fn key_at_the_end_of_10_mb(bencher: Bencher<'_, '_>) {
    let mut console = console();
    console.app.viewer.view = ExchangeView::Response;
    console.exchange(1, large_answer(10_000_000));
    console.app.viewer.text.scroll = usize::MAX;
    bencher.bench_local(|| console.press());
}
