//! The environment in which the console resolves a profile: the machine's, with the emulator and an operator who can be asked.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use parking_lot::Mutex;

use crate::app::message::Question;
use crate::catalog::{Provider, Vendor};
use crate::config::{
    Access, CommandError, Config, ConfigError, CredentialsCommand, DemoAccess, Environment, FileText, Overrides, PromptError, resolve,
};
use crate::io::console::input::{Input, ToLoop};
use crate::redact::SecretRegistry;
use crate::secret::Secret;

/// The key of a typed answer: profile, vendor and question.
type Topic = (String, Vendor, String);

/// The operator's answers: another region or tab of the same vendor asks for the same.
#[derive(Clone, Default)]
pub(super) struct PromptAnswers {
    answers: Arc<Mutex<HashMap<Topic, Secret>>>,
    /// For whom credentials are typed whatever the profile says.
    instead: Arc<Mutex<HashSet<(String, Vendor)>>>,
}

impl PromptAnswers {
    /// Forgets everything: what the profiles say holds again.
    pub fn forget(&self) {
        self.answers.lock().clear();
        self.instead.lock().clear();
    }

    /// Has credentials typed in place of the profile's own.
    pub fn override_with_prompt(&self, profile: String, vendor: Vendor) {
        self.answers.lock().retain(|(of, whose, _), _| *of != profile || *whose != vendor);
        self.instead.lock().insert((profile, vendor));
    }

    /// Has the profile's own credentials taken again.
    fn clear_override(&self, profile: &str, vendor: Vendor) {
        self.instead.lock().remove(&(profile.to_owned(), vendor));
    }

    /// Returns whether credentials are typed in place of the profile's own.
    fn is_instead(&self, profile: &str, vendor: Vendor) -> bool {
        self.instead.lock().contains(&(profile.to_owned(), vendor))
    }
}

/// The machine's environment, with the emulator and an operator who can be asked.
pub(super) struct OperatorEnvironment {
    pub machine: Arc<dyn Environment + Send + Sync>,
    /// The vendor whose credentials are looked for.
    pub vendor: Vendor,
    pub to_loop: ToLoop,
    pub asker: PromptPolicy,
    pub demo: Option<DemoAccess>,
}

/// The source of prompts: whether, and for which profile, the operator is asked.
pub(super) struct PromptPolicy {
    pub profile: String,
    pub may_ask: bool,
    /// Set when something had to be asked and must not be.
    pub held_back: Arc<AtomicBool>,
    pub typed: PromptAnswers,
}

impl OperatorEnvironment {
    /// Resolves a profile; with what the operator types where another key is wanted, and with the profile's own where nothing is typed.
    pub fn resolve(&self, config: &Config, (profile, provider): (&str, &Provider), own: &Overrides) -> Result<Access, ConfigError> {
        let typed = &self.asker.typed;
        if !typed.is_instead(profile, provider.vendor) {
            return resolve(config, profile, provider, own, self);
        }
        match resolve(config, profile, provider, &Overrides { typed: true, ..own.clone() }, self) {
            Err(ConfigError::Prompt { .. }) if !self.asker.held_back.load(Ordering::Relaxed) => {
                typed.clear_override(profile, provider.vendor);
                resolve(config, profile, provider, own, self)
            }
            other => other,
        }
    }
}

impl Environment for OperatorEnvironment {
    fn secrets(&self) -> &SecretRegistry {
        self.machine.secrets()
    }

    fn var(&self, name: &str) -> Option<String> {
        self.machine.var(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.machine.home()
    }

    fn read_file(&self, path: &Path) -> io::Result<FileText> {
        self.machine.read_file(path)
    }

    fn run_command(&self, command: &CredentialsCommand) -> Result<Secret, CommandError> {
        self.machine.run_command(command)
    }

    fn prompt(&self, question: &str, masked: bool) -> Result<Secret, PromptError> {
        let topic = (self.asker.profile.clone(), self.vendor, question.to_owned());
        if let Some(known) = self.asker.typed.answers.lock().get(&topic) {
            return Ok(known.clone());
        }
        if !self.asker.may_ask {
            self.asker.held_back.store(true, Ordering::Relaxed);
            return Err(PromptError::NotAsked("it is asked for when its tab is shown"));
        }
        let (answer, answered) = channel();
        let asked = Question { text: question.to_owned(), masked, answer };
        self.to_loop.send(Input::Ask(asked)).map_err(|_| PromptError::Unanswered)?;
        let typed = answered.recv().map_err(|_| PromptError::Unanswered)?;
        if masked {
            self.secrets().add([&typed]);
        }
        self.asker.typed.answers.lock().insert(topic, typed.clone());
        Ok(typed)
    }

    fn demo(&self, _provider: &str) -> Option<DemoAccess> {
        self.demo.clone()
    }
}
