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
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, OnceCell};

use environment::{OperatorEnvironment, PromptAnswers, PromptPolicy};

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
use crate::config::{Access, Config, ConfigError, DEMO, Environment, Overrides};
use crate::emulator::{self, RunningEmulator, StartError};
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
    /// The system's.
    pub fn start(options: Options, to_loop: ToLoop) -> io::Result<Self> {
        let (effects, inbox) = unbounded_channel();
        let recorder = history_requests::recorder(&options, &to_loop);
        let thread_recorder = recorder.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(8).build()?;
        thread::Builder::new().name("network".to_owned()).spawn(move || {
            let worker = Arc::new(NetworkWorker::new(options, to_loop, thread_recorder));
            runtime.block_on(worker.serve(inbox));
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

/// An error from resolving a profile.
#[derive(Debug, Error)]
enum AccessError<'a> {
    #[error("{0}")]
    Emulator(&'a StartError),
    #[error("there is no provider {0}")]
    UnknownProvider(String),
    #[error("{0}")]
    Config(ConfigError),
    #[error("the profile could not be resolved")]
    Panicked,
}

/// The thread's own state.
struct NetworkWorker {
    config: Config,
    catalog: Arc<Catalog>,
    overrides: Overrides,
    data_dir: PathBuf,
    environment: Arc<dyn Environment + Send + Sync>,
    to_loop: ToLoop,
    sender: Sender,
    emulator: OnceCell<Result<RunningEmulator, StartError>>,
    last_id: AtomicU64,
    /// The reader of the history; none when nothing is kept.
    reader: Option<Reader>,
    /// The number of layouts that were asked for.
    index_requests: AtomicU64,
    /// The operator's answers to prompts.
    typed: PromptAnswers,
    /// Set when the operator was told that a newer program wrote the history.
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
            index_requests: AtomicU64::new(0),
            typed: PromptAnswers::default(),
            in_progress: Mutex::default(),
        }
    }

    fn notify(&self, message: Message) {
        // The loop is gone only when the program ends.
        self.to_loop.send(Input::Message(message)).log_error("reach the console's loop");
    }

    async fn serve(self: Arc<Self>, mut inbox: UnboundedReceiver<Effect>) {
        let worker = Arc::clone(&self);
        drop(tokio::task::spawn_blocking(move || worker.open_history()));
        for provider in self.catalog.providers() {
            self.notify(Message::Loaded(Arc::clone(provider)));
        }
        while let Some(effect) = inbox.recv().await {
            let worker = Arc::clone(&self);
            match effect {
                Effect::AskAgain => self.typed.forget(),
                Effect::OtherKey { profile, vendor } => self.typed.override_with_prompt(profile, vendor),
                Effect::Resolve { key, may_ask } => drop(tokio::spawn(async move { worker.resolve(key, may_ask).await })),
                Effect::Send(call) => drop(tokio::spawn(async move { worker.send(&call).await })),
                Effect::Cancel(id) => self.cancel(id),
                Effect::Faults(request) => drop(tokio::spawn(async move { worker.change_faults(request).await })),
                Effect::HistoryRequest(request) => self.look_up(request),
                Effect::Index { key, body, redactor } => {
                    let number = self.index_requests.fetch_add(1, Ordering::SeqCst) + 1;
                    drop(tokio::task::spawn_blocking(move || worker.index_body(number, key, &body, &redactor)));
                }
                Effect::Read(task) => drop(tokio::task::spawn_blocking(move || {
                    let number = task.number;
                    task.run(&mut |outcome| worker.notify(Message::TaskDone { number, outcome }));
                })),
                Effect::Filter(filter) => drop(tokio::spawn(async move { worker.filter(*filter).await })),
                Effect::Examine(sample) => drop(tokio::task::spawn_blocking(move || worker.examine(&sample))),
                Effect::Write { name, bytes } => {
                    drop(tokio::task::spawn_blocking(move || worker.written(worker.write_copy(&name, &bytes))));
                }
                Effect::Save { name, head, body } => {
                    drop(tokio::task::spawn_blocking(move || worker.written(worker.write_body(&name, head, body.as_ref()))));
                }
                Effect::Copy(_) | Effect::Mouse(_) | Effect::Quit => {}
            }
        }
    }

    // Profiles.

    async fn resolve(self: Arc<Self>, key: AccessKey, may_ask: bool) {
        let held_back = Arc::new(AtomicBool::new(false));
        let asker = PromptPolicy { profile: key.profile.clone(), may_ask, held_back: Arc::clone(&held_back), typed: self.typed.clone() };
        let access = self.access(&key, asker).await;
        if !held_back.load(Ordering::Relaxed) {
            let access = access.map_err(|error| error.to_string());
            self.notify(Message::Resolved { key, access });
        }
    }

    async fn access(&self, key: &AccessKey, asker: PromptPolicy) -> Result<Arc<Access>, AccessError<'_>> {
        let demo = if key.profile == DEMO { Some(self.emulator().await.as_ref().map_err(AccessError::Emulator)?) } else { None };
        let provider = self.catalog.provider(&key.provider).cloned().ok_or_else(|| AccessError::UnknownProvider(key.provider.clone()))?;
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
            Ok(access) => access.map(Arc::new).map_err(AccessError::Config),
            Err(_) => Err(AccessError::Panicked),
        }
    }

    /// Returns the emulator of the demo profile, started when it is first needed.
    async fn emulator(&self) -> &Result<RunningEmulator, StartError> {
        let start = || async {
            let started = emulator::start(&self.catalog, &emulator::Settings::default()).await;
            started.inspect_err(|error| tracing::warn!(%error, "the built-in emulator did not start"))
        };
        self.emulator.get_or_init(start).await
    }

    /// Looks at the built-in emulator's faults, or changes them.
    async fn change_faults(&self, request: FaultRequest) {
        match self.emulator().await {
            Ok(running) => faults::carry_out(request, running.emulator(), &self.catalog)
                .into_iter()
                .for_each(|report| self.notify(Message::Faults(report))),
            Err(error) => self.notify(Message::Notice(Notice::failure(error.to_string()))),
        }
    }

    // The history.

    /// Reports the number of stored exchanges. A history that cannot be opened is reported when something is sent.
    fn open_history(&self) {
        let extent = self.reader.as_ref().map(Reader::extent);
        if let Some(Ok((stored, below))) = extent {
            self.notify(Message::HistoryReply(HistoryReply::Open { stored, below }));
        }
    }

    fn look_up(self: &Arc<Self>, request: HistoryRequest) {
        let Some(reader) = &self.reader else { return };
        if let HistoryRequest::Rows { number, .. } = &request {
            reader.supersede(*number);
        }
        let worker = Arc::clone(self);
        drop(tokio::task::spawn_blocking(move || worker.answer_history(request)));
    }

    fn answer_history(&self, request: HistoryRequest) {
        let reply = self.reader.as_ref().and_then(|reader| history_requests::answer(reader, &self.catalog, request));
        if let Some(reply) = reply {
            self.notify(Message::HistoryReply(reply));
        }
    }

    // Bodies and copies.

    /// Indexes a body, unless a later request replaces this one; `number` counts them.
    fn index_body(&self, number: u64, key: BodyKey, bytes: &Bytes, redactor: &Redactor) {
        let mut first = true;
        // There is one pane: a newer index (the window's edge is being dragged) makes this one useless.
        let is_current = || self.index_requests.load(Ordering::SeqCst) == number;
        let mut publish = |rows: &Rows| {
            if std::mem::take(&mut first) {
                self.notify(Message::Indexed { key, rows: Arc::new(rows.clone()) });
            }
            is_current()
        };
        let rows = body::index_until(bytes, key.view, key.width, redactor, &mut publish);
        if is_current() {
            self.notify(Message::Indexed { key, rows: Arc::new(rows) });
        }
    }

    async fn filter(&self, filter: Filtering) {
        let number = filter.number;
        if let Some(filtered) = jq::filter(filter).await {
            self.notify(Message::TaskDone { number, outcome: viewer::TaskOutcome::Filtered(filtered) });
        }
    }

    fn examine(&self, sample: &Sample) {
        let number = sample.number;
        let examined = laboratory::examine(sample, &self.catalog, self.environment.secrets());
        self.notify(Message::Examined { number, outcome: examined.map(Box::new) });
    }

    fn written(&self, outcome: io::Result<PathBuf>) {
        let notice = match outcome {
            Ok(path) => Notice::done(format!("written to {}", path.display())),
            Err(error) => Notice::failure(format!("not written: {error}")),
        };
        self.notify(Message::Notice(notice));
    }

    fn write_body(&self, name: &str, mut text: String, body: Option<&BodyCopy>) -> io::Result<PathBuf> {
        if let Some(body) = body {
            let rows = body::index(&body.bytes, body.view, u16::MAX, &body.redactor);
            for from in (0..rows.len()).step_by(WRITE_BATCH_ROWS) {
                pages::add_text(&mut text, &rows.screen(from..from + WRITE_BATCH_ROWS, &body.bytes));
            }
        }
        self.write_copy(name, text.as_bytes())
    }

    fn write_copy(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        copies::write(&self.data_dir.join("copies"), name, bytes)
    }
}
