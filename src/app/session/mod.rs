//! The state of the session that every owner reads: profile, clock, secrets, and what the operator is told.

mod clock;

use jiff::tz::TimeZone;

use super::keys::{Action, KeyMap};
use super::message::{Effect, Notice, Now, Tone};
use super::{ProfileSummary, Setup};
use crate::redact::{Redactor, SecretRegistry};

pub use clock::Clock;

/// The state of the session.
#[derive(Debug)]
pub struct Session {
    /// The keys.
    pub keys: KeyMap,
    /// The profiles that can be chosen.
    pub profiles: Vec<ProfileSummary>,
    /// The notice to the operator, until the next key.
    pub notice: Option<Notice>,
    /// Set when masked secrets are shown on the screen.
    pub revealed: bool,
    /// Set when the console takes the mouse.
    pub mouse: bool,
    /// The time zone of the log's times.
    pub zone: TimeZone,
    /// The moment of the last message.
    pub now: Now,
    /// The clock that calls are signed by.
    pub clock: Clock,
    /// Set when the console itself lists and fetches what a call changed.
    pub follow_changes: bool,
    /// The registry of this process's secrets.
    pub(super) secrets: SecretRegistry,
    /// The newest snapshot of `secrets`, as of the current message or frame. It masks whatever is copied or written.
    pub(super) redactor: Redactor,
    /// The chosen profile, counted from 0.
    profile: usize,
}

impl Session {
    /// Creates the session of a console at its start.
    pub(super) fn new(setup: Setup) -> Self {
        Self {
            keys: setup.keys,
            profile: setup.profiles.iter().position(|profile| profile.name == setup.profile).unwrap_or(0),
            profiles: setup.profiles,
            notice: None,
            revealed: false,
            mouse: setup.mouse,
            zone: setup.zone,
            now: setup.now,
            clock: Clock::default(),
            follow_changes: setup.follow_changes,
            redactor: setup.secrets.redactor(),
            secrets: setup.secrets,
        }
    }

    /// Returns the chosen profile.
    pub fn profile(&self) -> &ProfileSummary {
        &self.profiles[self.profile]
    }

    /// Chooses the profile of a name, if there is one.
    pub(super) fn use_profile(&mut self, name: &str) {
        self.profile = self.profiles.iter().position(|profile| profile.name == name).unwrap_or(self.profile);
    }

    /// Returns the redactor of the screen; `None` while secrets are revealed.
    pub fn screen_redactor(&self) -> Option<&Redactor> {
        (!self.revealed).then_some(&self.redactor)
    }

    /// Returns the redactor of the screen; one that masks nothing while secrets are revealed.
    pub(super) fn redactor_or_blind(&self) -> Redactor {
        self.screen_redactor().cloned().unwrap_or_else(Redactor::disabled)
    }

    /// Takes the secrets that were registered in the meantime, and masks the notice again; `false` if there are none.
    pub(super) fn refresh_redactor(&mut self) -> bool {
        let refreshed = self.secrets.refresh(&mut self.redactor);
        if let Some(notice) = self.notice.as_mut().filter(|_| refreshed) {
            notice.text = self.redactor.text(&notice.text);
        }
        refreshed
    }

    /// Tells the operator something, masked: a vendor's words may hold what it was sent.
    pub(super) fn notify(&mut self, mut notice: Notice, redactor: &Redactor) {
        if notice.tone == Tone::Done && self.notice.as_ref().is_some_and(|shown| shown.stays) {
            return;
        }
        notice.text = redactor.text(&notice.text);
        self.notice = Some(notice);
    }

    /// Returns the moment that a request is signed with.
    pub(super) fn signing_moment(&self) -> Now {
        let now = self.now.clone();
        Now { time: now.time.checked_add(self.clock.offset()).unwrap_or(now.time), ..now }
    }

    /// Reveals secrets, or masks them again.
    pub(super) fn toggle_revealed(&mut self) -> Notice {
        self.revealed = !self.revealed;
        Notice::warning(if self.revealed {
            format!("secrets are revealed, and stay masked in copies: {} masks them", self.keys.hint(Action::Reveal))
        } else {
            "secrets are masked".to_owned()
        })
    }

    /// Gives the mouse to the terminal, or takes it back.
    pub(super) fn toggle_mouse(&mut self) -> (Effect, Notice) {
        self.mouse = !self.mouse;
        let words = if self.mouse {
            "the mouse is skydeck's".to_owned()
        } else {
            format!("the mouse is the terminal's: select text as usual, {} takes it back", self.keys.hint(Action::Mouse))
        };
        (Effect::Mouse(self.mouse), Notice::warning(words))
    }
}
