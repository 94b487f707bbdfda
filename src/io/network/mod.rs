//! The network's thread: the emulator, the sender, profiles being resolved, bodies being indexed.
//!
//! It has a runtime of its own, so that nothing that takes time can hold the loop up. What it has to say goes to the loop
//! as messages.

mod environment;
mod faults;
mod flight;
mod history_requests;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, OnceCell};

use environment::{Asker, OperatorEnvironment, PromptAnswers};

use super::console::input::{Input, Options, ToLoop};
use super::copies;
use super::demo;
use super::history::{Reader, Recorder};
use super::http::Settings;
use super::jq;
use super::laboratory;
use super::send::Sender;
use crate::app::faults::FaultRequest;
use crate::app::laboratory::Sample;
use crate::app::message::{AccessKey, BodyCopy, BodyKey};
use crate::app::viewer::{self, Filtering};
use crate::app::{Effect, HistoryReply, HistoryRequest, Message, Notice, pages};
use crate::body::{self, Rows};
use crate::catalog::Catalog;
use crate::config::{Access, Config, DEMO, Environment, Overrides};
use crate::emulator::{self, RunningEmulator};
use crate::exchange::ExchangeId;
use crate::log_error::LogError;
use crate::redact::Redactor;

/// The time that leaving waits for the history to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// Rows of a body that are made at a time when it is written to a file.
const WRITE_BATCH_ROWS: usize = 1000;

/// The loop's end of the thread.
pub struct Network {
    effects: UnboundedSender<Effect>,
    recorder: Option<Arc<Recorder>>,
}

impl Network {
    /// Starts the thread.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(options: Options, to_loop: ToLoop) -> io::Result<Self> {
        let (effects, inbox) = unbounded_channel();
        let recorder = history_requests::recorder(&options, &to_loop);
        let kept_by = recorder.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(8).build()?;
        thread::Builder::new().name("network".to_owned()).spawn(move || {
            let desk = Arc::new(NetworkWorker::new(options, to_loop, kept_by));
            runtime.block_on(desk.serve(inbox));
        })?;
        Ok(Self { effects, recorder })
    }

    /// Hands an effect over. Nothing waits for it: its result comes as a message.
    pub fn carry_out(&self, effect: Effect) {
        // The thread is gone only when the program ends.
        self.effects.send(effect).log_error("reach the network's thread");
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if let Some(recorder) = &self.recorder {
            recorder.flush(FLUSH_TIMEOUT);
        }
    }
}

/// The settings of the recorder thread.
struct NetworkWorker {
    config: Config,
    catalog: Arc<Catalog>,
    overrides: Overrides,
    data_dir: PathBuf,
    environment: Arc<dyn Environment + Send + Sync>,
    to_loop: ToLoop,
    sender: Sender,
    emulator: OnceCell<Result<RunningEmulator, String>>,
    last_id: AtomicU64,
    /// The reader of the history; none when nothing is kept.
    reader: Option<Reader>,
    /// The number of layouts that were asked for.
    layouts: AtomicU64,
    /// The operator's answers to prompts.
    typed: PromptAnswers,
    /// Whether it was said that a newer program wrote the history.
    said_newer: AtomicBool,
    /// The cancellation of each exchange that is in flight.
    in_progress: Mutex<HashMap<ExchangeId, Arc<Notify>>>,
}

impl NetworkWorker {
    fn new(options: Options, to_loop: ToLoop, recorder: Option<Arc<Recorder>>) -> Self {
        Self {
            reader: recorder.is_some().then(|| Reader::new(options.data_dir.clone())),
            sender: Sender::new(Settings::from(&options.config.network), options.environment.secrets().clone()).recording(recorder),
            said_newer: AtomicBool::new(false),
            config: options.config,
            catalog: options.catalog,
            overrides: options.overrides,
            data_dir: options.data_dir,
            environment: options.environment,
            to_loop,
            emulator: OnceCell::new(),
            last_id: AtomicU64::new(0),
            layouts: AtomicU64::new(0),
            typed: PromptAnswers::default(),
            in_progress: Mutex::default(),
        }
    }

    fn notify(&self, message: Message) {
        // The loop is gone only when the program ends.
        self.to_loop.send(Input::Message(message)).log_error("reach the console's loop");
    }

    async fn serve(self: Arc<Self>, mut inbox: UnboundedReceiver<Effect>) {
        let desk = Arc::clone(&self);
        drop(tokio::task::spawn_blocking(move || desk.open_history()));
        for provider in self.catalog.providers() {
            self.notify(Message::Loaded(Arc::clone(provider)));
        }
        while let Some(effect) = inbox.recv().await {
            let desk = Arc::clone(&self);
            match effect {
                Effect::AskAgain => self.typed.forget(),
                Effect::OtherKey { profile, vendor } => self.typed.ask_instead(profile, vendor),
                Effect::Resolve { key, may_ask } => drop(tokio::spawn(async move { desk.resolve(key, may_ask).await })),
                Effect::Send(call) => drop(tokio::spawn(async move { desk.send(&call).await })),
                Effect::Cancel(id) => self.cancel(id),
                Effect::Faults(order) => drop(tokio::spawn(async move { desk.order(order).await })),
                Effect::HistoryRequest(recall) => self.look_up(recall),
                Effect::Index { key, body, redactor } => {
                    let number = self.layouts.fetch_add(1, Ordering::SeqCst) + 1;
                    drop(tokio::task::spawn_blocking(move || desk.index_body(number, key, &body, &redactor)));
                }
                Effect::Read(task) => drop(tokio::task::spawn_blocking(move || task.run(&mut |message| desk.notify(message)))),
                Effect::Filter(filtering) => drop(tokio::spawn(async move { desk.filter(*filtering).await })),
                Effect::Examine(specimen) => drop(tokio::task::spawn_blocking(move || desk.examine(&specimen))),
                Effect::Write { name, bytes } => drop(tokio::task::spawn_blocking(move || desk.write(&name, &bytes))),
                Effect::Save { name, head, body } => drop(tokio::task::spawn_blocking(move || desk.save(&name, head, body.as_ref()))),
                Effect::Copy(_) | Effect::Mouse(_) | Effect::Quit => {}
            }
        }
    }

    // Profiles.

    async fn resolve(self: Arc<Self>, key: AccessKey, may_ask: bool) {
        let held_back = Arc::new(AtomicBool::new(false));
        let asker = Asker { profile: key.profile.clone(), may_ask, held_back: Arc::clone(&held_back), typed: self.typed.clone() };
        let access = self.access(&key, asker).await;
        if !held_back.load(Ordering::Relaxed) {
            self.notify(Message::Access(key, access));
        }
    }

    async fn access(&self, key: &AccessKey, asker: Asker) -> Result<Arc<Access>, String> {
        let demo = if key.profile == DEMO { Some(self.emulator().await.as_ref().map_err(Clone::clone)?) } else { None };
        let provider = self.catalog.provider(&key.provider).cloned().ok_or_else(|| format!("there is no provider {}", key.provider))?;
        let environment = OperatorEnvironment {
            machine: Arc::clone(&self.environment),
            vendor: provider.vendor,
            to_loop: self.to_loop.clone(),
            asker,
            demo: demo.and_then(|running| demo::access_to(running, &provider)),
        };
        let overrides = Overrides { region: key.region.clone(), ..self.overrides.clone() };
        let (config, profile) = (self.config.clone(), key.profile.clone());
        // A command may run and the operator may be asked: that blocks.
        let resolved = tokio::task::spawn_blocking(move || environment.resolve(&config, (&profile, &provider), &overrides)).await;
        match resolved {
            Ok(access) => access.map(Arc::new).map_err(|error| error.to_string()),
            Err(_) => Err("the profile could not be resolved".to_owned()),
        }
    }

    /// Returns the emulator of the demo profile, started when it is first needed.
    async fn emulator(&self) -> &Result<RunningEmulator, String> {
        let start = || async { emulator::start(&self.catalog, &emulator::Settings::default()).await.map_err(|error| error.to_string()) };
        self.emulator.get_or_init(start).await
    }

    /// Looks at the built-in emulator's faults, or changes them.
    async fn order(&self, order: FaultRequest) {
        match self.emulator().await {
            Ok(running) => {
                faults::carry_out(order, running.emulator(), &self.catalog).into_iter().for_each(|news| self.notify(Message::Faults(news)))
            }
            Err(error) => self.notify(Message::Notice(Notice::failure(error.clone()))),
        }
    }

    // The history.

    /// Says how much is kept. Where it cannot be opened, whoever sends something is told.
    fn open_history(&self) {
        let extent = self.reader.as_ref().map(Reader::extent);
        if let Some(Ok((stored, below))) = extent {
            self.notify(Message::HistoryReply(HistoryReply::Open { stored, below }));
        }
    }

    fn look_up(self: &Arc<Self>, recall: HistoryRequest) {
        let Some(reader) = &self.reader else { return };
        if let HistoryRequest::Rows { number, .. } = &recall {
            reader.supersede(*number);
        }
        let desk = Arc::clone(self);
        drop(tokio::task::spawn_blocking(move || desk.recall(recall)));
    }

    fn recall(&self, recall: HistoryRequest) {
        let history_replied = self.reader.as_ref().and_then(|reader| history_requests::recall(reader, &self.catalog, recall));
        if let Some(history_replied) = history_replied {
            self.notify(Message::HistoryReply(history_replied));
        }
    }

    // Bodies and copies.

    /// Lays a body out, unless a layout that was asked for later replaces it; `number` counts them.
    fn index_body(&self, number: u64, key: BodyKey, bytes: &Bytes, redactor: &Redactor) {
        let mut first = true;
        // There is one pane: a newer layout (the window's edge is being dragged) makes this one useless.
        let wanted = || self.layouts.load(Ordering::SeqCst) == number;
        let mut publish = |rows: &Rows| {
            if std::mem::take(&mut first) {
                self.notify(Message::Indexed(key, Arc::new(rows.clone())));
            }
            wanted()
        };
        let rows = body::index_until(bytes, key.view, key.width, redactor, &mut publish);
        if wanted() {
            self.notify(Message::Indexed(key, Arc::new(rows)));
        }
    }

    async fn filter(&self, filtering: Filtering) {
        let number = filtering.number;
        if let Some(filtered) = jq::filter(filtering).await {
            self.notify(Message::Read(number, viewer::TaskOutcome::Filtered(filtered)));
        }
    }

    fn examine(&self, specimen: &Sample) {
        let number = specimen.number;
        let examined = laboratory::examine(specimen, &self.catalog, self.environment.secrets());
        self.notify(Message::Examined(number, examined.map(Box::new)));
    }

    fn save(&self, name: &str, head: String, body: Option<&BodyCopy>) {
        self.written(self.write_copy(name, head, body));
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        self.written(copies::write(&self.data_dir.join("copies"), name, bytes));
    }

    fn written(&self, outcome: io::Result<PathBuf>) {
        let notice = match outcome {
            Ok(path) => Notice::done(format!("written to {}", path.display())),
            Err(error) => Notice::failure(format!("not written: {error}")),
        };
        self.notify(Message::Notice(notice));
    }

    fn write_copy(&self, name: &str, head: String, body: Option<&BodyCopy>) -> io::Result<PathBuf> {
        let mut text = head;
        if let Some(body) = body {
            let rows = body::index(&body.bytes, body.view, u16::MAX, &body.redactor);
            for from in (0..rows.len()).step_by(WRITE_BATCH_ROWS) {
                pages::add_text(&mut text, &rows.screen(from..from + WRITE_BATCH_ROWS, &body.bytes));
            }
        }
        copies::write(&self.data_dir.join("copies"), name, text.as_bytes())
    }
}
