//! The thread that writes the history, and what a sender holds of it.
//!
//! ```text
//! sender ──begin──▶ thread ──row committed──▶ sender ──▶ request goes out
//!        ──finish─▶ (nobody waits)
//! ```
//!
//! The sender waits for the row, but not for ever: a file that does not answer (a pipe in its place, a lock, a drive that is away) costs the first call
//! [`BEGIN_TIMEOUT`] and those after it nothing, until the thread moves again.
//!
//! The thread opens the file when it starts, and again for each row where that failed: a disk that has room again is used again. Covering
//! secrets is done here too, off the network's thread. What came of an exchange and could not be written is held for a while and tried again; whoever
//! started the thread is notified, once until something could be written again.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::unwritten_ends::UnwrittenEnds;
use super::{HistoryError, Retention, Store};
use crate::config::Config;
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::history::{CallRecord, Masker};
use crate::log_error::LogError;
use crate::redact::{Redactor, SecretRegistry};

/// The time that the thread is idle before it looks for what is to be dropped.
const PRUNE_IDLE_INTERVAL: Duration = Duration::from_millis(300);

/// After so many exchanges it looks for what is to be dropped.
const PRUNE_INTERVAL_EXCHANGES: usize = 500;

/// The time that a request waits for its row.
pub(super) const BEGIN_TIMEOUT: Duration = Duration::from_secs(2);

/// The time that is waited at the end for what is under way: longer than for a lock.
const FINISH_TIMEOUT: Duration = Duration::from_secs(6);

/// Failing at this is logged: the thread has ended.
const REACH_THREAD: &str = "reach the history's thread";

/// The settings of the recorder thread.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder.
    pub folder: PathBuf,
    /// The limits of what is kept.
    pub retention: Retention,
    /// The number of bytes of a body that are kept.
    pub max_body: usize,
    /// Profiles whose exchanges are not kept.
    pub silent: BTreeSet<String>,
}

/// Writes exchanges into the history. What is under way is finished when it is dropped.
#[derive(Debug)]
pub struct Recorder {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    silent: BTreeSet<String>,
    /// Set when the thread has kept somebody waiting for too long, and has done nothing since.
    is_stuck: Arc<AtomicBool>,
    /// The file.
    path: PathBuf,
}

/// An exchange that has been begun; dropped without an end, it was cancelled.
#[derive(Debug)]
pub struct Entry {
    open: Option<OpenExchange>,
}

#[derive(Debug)]
struct OpenExchange {
    id: i64,
    exchange: Box<Exchange>,
    jobs: Sender<Job>,
}

/// A job for the recorder thread.
#[derive(Debug)]
enum Job {
    Begin {
        exchange: Box<Exchange>,
        record: CallRecord,
        reply: oneshot::Sender<Result<i64, HistoryError>>,
    },
    Finish {
        id: i64,
        exchange: Box<Exchange>,
    },
    /// Answers when everything before it is done.
    Flush(SyncSender<()>),
}

impl Settings {
    /// Returns the configuration's settings; `None` when it turns the history off.
    pub fn of(config: &Config, folder: PathBuf) -> Option<Self> {
        let history = &config.history;
        let silent = config.profiles.iter().filter(|profile| !profile.history).map(|profile| profile.name.clone()).collect();
        history.enabled.then(|| Self {
            folder,
            retention: Retention { keep: history.keep, max_age: history.max_age },
            max_body: usize::try_from(history.max_body).unwrap_or(usize::MAX),
            silent,
        })
    }
}

impl Recorder {
    /// Starts the thread; it opens the file. Nothing is waited for. What is registered in `secrets` is masked; `on_loss` is called, on that
    /// thread, when the end of an exchange is not kept.
    ///
    /// # Errors
    /// The system's: no thread can be started.
    pub fn start(settings: Settings, secrets: SecretRegistry, on_loss: impl FnMut(HistoryError) + Send + 'static) -> std::io::Result<Self> {
        let (jobs, inbox) = channel();
        let silent = settings.silent.clone();
        let path = settings.folder.join(super::FILE);
        let is_stuck = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_stuck);
        let serve = move || RecorderWorker::new(settings, secrets, Box::new(on_loss)).serve(&inbox, &flag);
        let thread = thread::Builder::new().name("history".to_owned()).spawn(serve)?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), silent, is_stuck, path })
    }

    /// Returns whether exchanges of a profile are kept.
    pub fn is_recording_profile(&self, profile: &str) -> bool {
        !self.silent.contains(profile)
    }

    /// Keeps an exchange that is about to be sent. When this returns, its row outlives the process.
    ///
    /// # Errors
    /// [`HistoryError`]: it is not kept. Sending it is the caller's choice, and saying so the caller's duty.
    pub async fn begin(&self, exchange: &Exchange, record: CallRecord) -> Result<Entry, HistoryError> {
        let Some(jobs) = self.jobs.clone().filter(|_| self.is_recording_profile(&exchange.profile)) else {
            return Ok(Entry { open: None });
        };
        if self.is_stuck() {
            return Err(self.unresponsive_error(Duration::ZERO));
        }
        let (reply, answer) = oneshot::channel();
        let exchange = Box::new(exchange.clone());
        jobs.send(Job::Begin { exchange: exchange.clone(), record, reply }).log_error(REACH_THREAD);
        let Ok(answer) = tokio::time::timeout(BEGIN_TIMEOUT, answer).await else {
            self.is_stuck.store(true, Ordering::SeqCst);
            return Err(self.unresponsive_error(BEGIN_TIMEOUT));
        };
        let id = answer.map_err(|_| HistoryError::worker_stopped())??;
        Ok(Entry { open: Some(OpenExchange { id, exchange, jobs }) })
    }

    /// Waits until everything that was handed over is written, but not longer than that. Whether it is.
    pub fn flush(&self, timeout: Duration) -> bool {
        if self.is_stuck() {
            return false;
        }
        let (done, waiting) = sync_channel(1);
        self.notify(Job::Flush(done));
        let is_written = waiting.recv_timeout(timeout).is_ok();
        self.is_stuck.fetch_or(!is_written, Ordering::SeqCst);
        is_written
    }

    /// Waits for all that is under way, within bounds.
    ///
    /// # Errors
    /// [`HistoryError::Silent`] when it is not written by then.
    pub fn finish(&self) -> Result<(), HistoryError> {
        let was_stuck = self.is_stuck();
        // Why a call is not kept was said when it began.
        if self.flush(FINISH_TIMEOUT) || was_stuck { Ok(()) } else { Err(self.unresponsive_error(FINISH_TIMEOUT)) }
    }

    fn is_stuck(&self) -> bool {
        self.is_stuck.load(Ordering::SeqCst)
    }

    fn unresponsive_error(&self, waited: Duration) -> HistoryError {
        HistoryError::Silent { path: self.path.clone(), seconds: waited.as_secs() }
    }

    fn notify(&self, job: Job) {
        // The thread ends only after this.
        if let Some(jobs) = &self.jobs {
            jobs.send(job).log_error(REACH_THREAD);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // One that is stuck ends with the program.
        let is_written = self.flush(FINISH_TIMEOUT);
        self.jobs = None;
        if let Some(thread) = self.thread.take().filter(|_| is_written)
            && thread.join().is_err()
        {
            tracing::error!("the history's thread panicked");
        }
    }
}

impl Entry {
    /// Returns an exchange that is not kept.
    pub fn none() -> Self {
        Self { open: None }
    }

    /// Returns its number in the history; `None` when it is not kept.
    pub fn id(&self) -> Option<i64> {
        self.open.as_ref().map(|open| open.id)
    }

    /// Adds what came of it. Nothing is waited for.
    pub fn finish(mut self, exchange: Exchange) {
        if let Some(OpenExchange { id, jobs, .. }) = self.open.take() {
            jobs.send(Job::Finish { id, exchange: Box::new(exchange) }).log_error(REACH_THREAD);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(OpenExchange { id, mut exchange, jobs }) = self.open.take() {
            exchange.outcome = Outcome::Cancelled;
            jobs.send(Job::Finish { id, exchange }).log_error(REACH_THREAD);
        }
    }
}

/// The thread's own.
struct RecorderWorker {
    settings: Settings,
    secrets: SecretRegistry,
    redactor: Redactor,
    store: Result<Store, HistoryError>,
    /// The numbers of this session's exchanges, for those that repeat them.
    numbers: HashMap<ExchangeId, i64>,
    /// The number of exchanges begun since the last pruning; none when that is done.
    since_prune: usize,
    /// Set while requests that an earlier program left without their words are still to be looked for.
    has_backlog: bool,
    unwritten_ends: UnwrittenEnds,
}

impl RecorderWorker {
    fn new(settings: Settings, secrets: SecretRegistry, on_loss: Box<dyn FnMut(HistoryError) + Send>) -> Self {
        let store = Store::open(&settings.folder);
        let unwritten_ends = UnwrittenEnds::new(on_loss);
        Self {
            settings,
            redactor: secrets.redactor(),
            secrets,
            store,
            numbers: HashMap::new(),
            since_prune: PRUNE_INTERVAL_EXCHANGES,
            has_backlog: true,
            unwritten_ends,
        }
    }

    fn serve(mut self, inbox: &Receiver<Job>, is_stuck: &AtomicBool) {
        loop {
            is_stuck.store(false, Ordering::SeqCst);
            match self.next(inbox) {
                Ok(job) => self.carry_out(job),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        // The last chance, due or not.
        if let Ok(store) = &mut self.store {
            self.unwritten_ends.settle(store);
        }
        self.idle();
    }

    /// Does what is done while nobody asks for anything.
    fn idle(&mut self) {
        self.settle_due();
        self.catch_up();
        if self.since_prune >= PRUNE_INTERVAL_EXCHANGES {
            self.prune();
        }
    }

    /// Catches up, but not at the start: nobody waits for it.
    fn catch_up(&mut self) {
        if let Some(store) = self.store.as_mut().ok().filter(|_| std::mem::take(&mut self.has_backlog)) {
            // What is missing is missing from searches alone, and the next start tries again.
            store.catch_up().log_error("make earlier requests searchable");
        }
    }

    fn settle_due(&mut self) {
        if let Some(store) = self.store.as_mut().ok().filter(|_| self.unwritten_ends.is_due()) {
            self.unwritten_ends.settle(store);
        }
    }

    /// Returns the next job; a rest when there is something to look for meanwhile.
    fn next(&self, inbox: &Receiver<Job>) -> Result<Job, RecvTimeoutError> {
        if self.since_prune >= PRUNE_INTERVAL_EXCHANGES {
            return inbox.recv_timeout(PRUNE_IDLE_INTERVAL);
        }
        if let Some(wait) = self.unwritten_ends.wait() {
            return inbox.recv_timeout(wait);
        }
        inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
    }

    fn carry_out(&mut self, job: Job) {
        match job {
            Job::Begin { exchange, record, reply } => self.begin(&exchange, &record, reply),
            Job::Finish { id, exchange } => self.finish(id, &exchange),
            Job::Flush(done) => drop(done.send(())),
        }
    }

    fn mask(&mut self) -> Masker<'_> {
        self.secrets.refresh(&mut self.redactor);
        Masker { redactor: &self.redactor, max_body: self.settings.max_body }
    }

    fn begin(&mut self, exchange: &Exchange, record: &CallRecord, reply: oneshot::Sender<Result<i64, HistoryError>>) {
        self.since_prune += 1;
        if self.store.is_err() {
            self.store = Store::open(&self.settings.folder);
        }
        let mut masked = self.mask().request_record(exchange, record);
        let origin = exchange.call_origin.repeats.and_then(|id| id.stored_number().or_else(|| self.numbers.get(&id).copied()));
        masked.origin = masked.origin.or(origin);
        let store = match &mut self.store {
            Ok(store) => store,
            Err(error) => return drop(reply.send(Err(error.clone()))),
        };
        let begun = store.begin(&masked);
        let id = begun.as_ref().ok().copied();
        self.numbers.extend(id.map(|id| (exchange.id, id)));
        let is_awaited = reply.send(begun).is_ok();
        // Nobody waits for what comes now; where it fails, searches alone lack this one.
        match id {
            Some(id) if is_awaited => {
                store.add_words(id, &masked).log_error("make a request searchable");
                self.unwritten_ends.settle(store);
            }
            // It was cancelled before it was sent.
            Some(id) => store.forget(id).log_error("forget a request that was not sent"),
            None => {}
        }
    }

    /// Finishes a row: without its end the row says that no answer is recorded, which is true: the end is held until it can be written.
    fn finish(&mut self, id: i64, exchange: &Exchange) {
        let record = self.mask().outcome_record(exchange);
        let Ok(store) = &mut self.store else { return };
        match store.finish(id, &record) {
            Ok(()) => self.unwritten_ends.settle(store),
            Err(error) => self.unwritten_ends.hold(id, record, error),
        }
    }

    fn prune(&mut self) {
        let Ok(store) = &mut self.store else {
            self.since_prune = 0;
            return;
        };
        if !matches!(store.prune_some(self.settings.retention, Timestamp::now()), Ok(1..)) {
            self.since_prune = 0;
        }
    }
}
