//! The outside world of a profile that is resolved: the machine's, with the emulator and an operator who can be asked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::console::{Input, ToLoop};
use crate::app::message::Question;
use crate::config::{DemoAccess, FileText, Surroundings};
use crate::secret::Secret;

/// Answers of the operator, by profile and question.
pub(super) type Typed = Arc<Mutex<HashMap<(String, String), Secret>>>;

/// The outside world, with the emulator and an operator who can be asked.
pub(super) struct World {
    pub machine: Arc<dyn Surroundings + Send + Sync>,
    pub to_loop: ToLoop,
    pub asker: Asker,
    pub demo: Option<DemoAccess>,
}

/// Whether and for whom the operator is asked.
pub(super) struct Asker {
    pub profile: String,
    pub may_ask: bool,
    /// Set when something had to be asked and must not be.
    pub held_back: Arc<AtomicBool>,
    pub typed: Typed,
}

impl Surroundings for World {
    fn var(&self, name: &str) -> Option<String> {
        self.machine.var(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.machine.home()
    }

    fn read_file(&self, path: &Path) -> Result<FileText, String> {
        self.machine.read_file(path)
    }

    fn run_command(&self, command: &[String]) -> Result<Secret, String> {
        self.machine.run_command(command)
    }

    fn prompt(&self, question: &str, covered: bool) -> Result<Secret, String> {
        let topic = (self.asker.profile.clone(), question.to_owned());
        if let Some(known) = lock(&self.asker.typed).get(&topic) {
            return Ok(known.clone());
        }
        if !self.asker.may_ask {
            self.asker.held_back.store(true, Ordering::Relaxed);
            return Err("it is asked for when its tab is shown".to_owned());
        }
        let (answer, answered) = channel();
        let asked = Question { text: question.to_owned(), covered, answer };
        let gone = || "nothing was typed; choosing the profile again (p) asks again".to_owned();
        self.to_loop.send(Input::Ask(asked)).map_err(|_| gone())?;
        let typed = answered.recv().map_err(|_| gone())?;
        lock(&self.asker.typed).insert(topic, typed.clone());
        Ok(typed)
    }

    fn demo(&self, _provider: &str) -> Option<DemoAccess> {
        self.demo.clone()
    }
}

/// What a thread that panicked left behind is still a value to go on with.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
