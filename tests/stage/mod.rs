//! A stage for the console without a terminal: keys in, state and effects out, the emulator as the vendor behind it.
//!
//! Nothing waits and nothing is random: every message comes a quarter of a second after the last, nonces are counted,
//! and the emulator's identifiers come from a fixed seed.
#![allow(dead_code, clippy::unwrap_used)] // each suite uses its part of it, and a test may fail

mod script;
mod vendor;

use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::layout::Rect;
use skydeck::app::laboratory::Sample;
use skydeck::app::message::AccessKey;
use skydeck::app::viewer::{End, Filtered, Filtering, TaskOutcome};
use skydeck::app::{App, Effect, Field, Gesture, KeyMap, Message, Now, ProfileSummary, ScreenTarget, Setup, update};
use skydeck::auth::hex_sha256;
use skydeck::body;
use skydeck::call::Call;
use skydeck::catalog::Catalog;
use skydeck::config::Guard;
use skydeck::exchange::Exchange;
use skydeck::form::Value;
use skydeck::io::laboratory;
use skydeck::jq;
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;
use skydeck::ui;
use skydeck::wire::Response;

pub use script::keys;
pub use vendor::{Planted, Vendor};

/// The profiles on the stage. All of them lead to the emulator; they differ in their guards.
pub const PROFILES: [(&str, Guard); 3] = [("demo", Guard::None), ("production", Guard::Confirm), ("archive", Guard::ReadOnly)];

/// The catalog, read once for all tests.
static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::built_in()));

/// The console with the emulator behind it.
pub struct Stage {
    pub app: App,
    pub vendor: Vendor,
    /// The registry that the console asks.
    pub secrets: SecretRegistry,
    /// Calls that went to the sender, oldest first.
    pub calls: Vec<Call>,
    /// Effects that the stage does not carry out: copies, files, the mouse, leaving.
    pub effects: Vec<Effect>,
    /// Whether accounts are not to be had without asking the operator.
    pub asks: bool,
    /// Whether answers are kept back until [`Stage::release`].
    pub hold: bool,
    /// What the next filter comes to, in the place of running it.
    pub stopped: Option<End>,
    /// Whether filters are not run.
    pub kept_back: bool,
    /// What is kept back.
    held: Vec<Message>,
    area: Rect,
    clock: Timestamp,
    messages: u64,
}

impl Stage {
    /// A console on a screen of 120x40, every provider read, every account known.
    pub fn new() -> Self {
        Self::sized(120, 40)
    }

    /// The same on a screen of another size.
    pub fn sized(width: u16, height: u16) -> Self {
        Self::unread(width, height).read()
    }

    /// A console of 120x40 whose accounts have these secrets.
    pub fn planted(planted: Planted) -> Self {
        let mut stage = Self::unread(120, 40);
        stage.vendor = Vendor::with(&CATALOG, Some(planted));
        stage.read()
    }

    fn read(mut self) -> Self {
        let stage = &mut self;
        for provider in stage.vendor.providers().to_vec() {
            stage.notify(Message::Loaded(provider));
        }
        let effects = stage.app.start();
        stage.play(effects);
        self
    }

    /// A console at its very start: nothing has come from outside yet.
    pub fn unread(width: u16, height: u16) -> Self {
        let catalog = Arc::clone(&CATALOG);
        let clock = "2026-11-22T12:01:00Z".parse().unwrap();
        let mark = |(name, guard): (&str, Guard)| ProfileSummary { name: name.to_owned(), guard, demo: name == "demo", colour: None };
        let secrets = SecretRegistry::default();
        let app = App::new(Setup {
            catalog: Arc::clone(&catalog),
            profiles: PROFILES.map(mark).to_vec(),
            profile: "demo".to_owned(),
            region: None,
            mouse: true,
            follow_changes: false,
            zone: TimeZone::UTC,
            now: now(clock, 0),
            keys: KeyMap::default(),
            secrets: secrets.clone(),
        });
        let area = Rect::new(0, 0, width, height);
        let vendor = Vendor::new(&catalog);
        let mut stage = Self {
            app,
            vendor,
            secrets,
            calls: Vec::new(),
            effects: Vec::new(),
            asks: false,
            hold: false,
            stopped: None,
            kept_back: false,
            held: Vec::new(),
            area,
            clock,
            messages: 0,
        };
        stage.fit();
        stage
    }

    /// A console that lists and fetches what changed, as it does unless the configuration says otherwise.
    pub fn following() -> Self {
        let mut stage = Self::new();
        stage.app.session.follow_changes = true;
        stage
    }

    /// Gives every account a key with this secret, and signs with it where a token would serve too.
    pub fn with_secret(&mut self, secret: &str) -> &mut Self {
        self.vendor.secret = Some(Secret::new(secret));
        for tab in 0..self.app.composer.tabs.len() {
            self.resolve(self.app.composer.tabs[tab].access_key("demo"));
        }
        self
    }

    /// Presses keys, written as in [`keys`]: `orders<tab>or_ders<c-s>`.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for key in keys(script) {
            self.notify(Message::Key(key));
        }
        self
    }

    /// Clicks on a place.
    pub fn click(&mut self, spot: ScreenTarget) -> &mut Self {
        self.notify(Message::Mouse { gesture: Gesture::Click, target: spot });
        self
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.notify(Message::Paste(text.to_owned()));
        self
    }

    /// Gives a message to the console, carries its effects out and makes the next frame.
    pub fn notify(&mut self, message: Message) {
        self.messages += 1;
        self.clock += SignedDuration::from_millis(250);
        let effects = update(&mut self.app, message, now(self.clock, self.messages));
        self.play(effects);
        self.fit();
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.area = Rect::new(0, 0, width, height);
        self.notify(Message::Redraw);
        self
    }

    /// The size of the screen.
    pub fn area(&self) -> Rect {
        self.area
    }

    /// Lets the answers in that were kept back.
    pub fn release(&mut self) -> &mut Self {
        self.hold = false;
        for message in std::mem::take(&mut self.held) {
            self.notify(message);
        }
        self
    }

    /// Sends the shown form and has this answer come back.
    pub fn send_for(&mut self, response: Response) -> &mut Self {
        self.vendor.next = Some(response);
        self.keys("<c-s>")
    }

    fn fit(&mut self) {
        let layout = ui::layout(&self.app, self.area);
        let effects = self.app.fit(layout.sizes());
        self.play(effects);
    }

    /// Carries out what the console wants done outside.
    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        self.play(effects);
        self.fit();
    }

    fn play(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Resolve { key, may_ask } if may_ask || !self.asks => self.resolve(key),
                Effect::Resolve { .. } => {}
                Effect::Send(call) => self.send(*call),
                Effect::Faults(order) => self.vendor.order(order).into_iter().for_each(|news| self.notify(Message::Faults(news))),
                Effect::Cancel(id) => match self.cancelled(id) {
                    Some(message) => self.notify(message),
                    None => self.effects.push(Effect::Cancel(id)),
                },
                Effect::Index { key, body, redactor } => {
                    let rows = body::index(&body, key.view, key.width, &redactor);
                    self.notify(Message::Indexed { key, rows: Arc::new(rows) });
                }
                Effect::Read(task) => {
                    let mut messages = Vec::new();
                    let number = task.number;
                    task.run(&mut |outcome| messages.push(Message::TaskDone { number, outcome }));
                    for message in messages {
                        self.notify(message);
                    }
                }
                Effect::Filter(filtering) if !self.kept_back => self.filter(&filtering),
                Effect::Examine(sample) => self.examine(&sample),
                other => self.effects.push(other),
            }
        }
    }

    /// Examines what was pasted, as the network thread does.
    fn examine(&mut self, sample: &Sample) {
        let examined = laboratory::examine(sample, &CATALOG, &self.secrets);
        self.notify(Message::Examined { number: sample.number, outcome: examined.map(Box::new) });
    }

    /// Registers a secret, as whoever comes by one does.
    pub fn register(&mut self, secret: &Secret) {
        self.secrets.add([secret]);
        self.notify(Message::Redraw);
    }

    /// Resolves a profile, as the network thread does.
    pub fn resolve(&mut self, key: AccessKey) {
        let guard = PROFILES.iter().find(|(name, _)| *name == key.profile).unwrap().1;
        let access = self.vendor.access(&key, guard);
        self.secrets.add(access.credentials.secrets());
        self.notify(Message::Resolved { key, access: Ok(Arc::new(access)) });
    }

    fn send(&mut self, call: Call) {
        let messages = self.vendor.deliver(&call, &now(self.clock, self.messages), &self.secrets);
        self.calls.push(call);
        for message in messages {
            match message {
                Message::Finished { exchange } if self.hold => self.held.push(Message::Finished { exchange }),
                message => self.notify(message),
            }
        }
    }

    /// Runs a filter here and now, up to fifty results; never one that does not end.
    fn filter(&mut self, filtering: &Filtering) {
        let body = body::mask_json(&filtering.body, &filtering.redactor);
        let mut results = Vec::new();
        let ran = jq::run(&filtering.filter, &body, &mut |result| {
            results.push(result.to_owned() + "\n");
            results.len() < 50
        });
        let end = self.stopped.take().unwrap_or(ran.map_or_else(End::Failed, |()| End::Whole));
        self.notify(Message::TaskDone {
            number: filtering.number,
            outcome: TaskOutcome::Filtered(Filtered { results: results.concat().into(), end }),
        });
    }

    /// How a cancelled exchange ends.
    fn cancelled(&mut self, id: skydeck::exchange::ExchangeId) -> Option<Message> {
        let of = |message: &Message| matches!(message, Message::Finished { exchange } if exchange.id == id);
        let at = self.held.iter().position(of)?;
        let Message::Finished { mut exchange } = self.held.remove(at) else { return None };
        exchange.outcome = skydeck::exchange::Outcome::Cancelled;
        Some(Message::Finished { exchange })
    }

    // What is seen.

    /// The field of the shown tab with this name.
    pub fn field(&self, name: &str) -> &Field {
        let tab = self.app.current();
        let at = tab.parameters().iter().position(|parameter| parameter.name == name).unwrap();
        &tab.fields[at]
    }

    /// What that field would send.
    pub fn value(&self, name: &str) -> Value {
        let parameter = self.app.current().parameters().iter().find(|parameter| parameter.name == name).unwrap();
        self.field(name).value(parameter)
    }

    /// The name of the field that has the focus.
    pub fn focused(&self) -> &str {
        &self.app.current().focused().unwrap().0.name
    }

    /// What is wrong with a field, a sentence each.
    pub fn findings(&self, name: &str) -> Vec<String> {
        self.app.current().findings_of(name).map(|finding| finding.message.clone()).collect()
    }

    /// What the operator is told; empty when nothing is.
    pub fn notice(&self) -> &str {
        self.app.session.notice.as_ref().map_or("", |notice| &notice.text)
    }

    /// The newest exchange.
    pub fn newest(&self) -> &Exchange {
        self.app.exchanges.log.entries().last().unwrap()
    }

    /// Whether the console has said that it leaves.
    pub fn left(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Quit))
    }

    /// The text of the newest copy.
    pub fn copied(&self) -> Option<&str> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// The moment of the message with this number.
fn now(time: Timestamp, number: u64) -> Now {
    Now { time, nonce: hex_sha256(&number.to_be_bytes())[..32].to_owned() }
}
