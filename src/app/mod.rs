//! The console's state and what changes it: no terminal, no network, no clock.
//!
//! [`update`] takes a [`Message`] and gives [`Effect`]s; before a frame is drawn, [`App::fit`] makes the pages that the
//! frame shows for the sizes it has.

mod act;
pub mod composer;
pub mod exchanges;
pub mod faults;
mod fitting;
mod input_line;
pub mod keys;
pub mod laboratory;
pub mod message;
pub mod page;
pub mod pages;
mod popup_outcomes;
pub mod popups;
pub mod resources;
pub mod session;
mod update;
pub mod viewer;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::catalog::{Catalog, Provider};
use crate::config::{Colour, Guard};
use crate::exchange::Exchange;
use crate::redact::{Redactor, SecretRegistry};

pub use composer::{Editor, Field, Tab};
pub use exchanges::{EarlierSessions, Filter, HistoryReply, HistoryRequest, HistoryRow, Log, LogRow, RetryWait, WaitState, Waits};
pub use keys::{Action, KeyContext, KeyMap};
pub use message::{Effect, Gesture, Message, Notice, Now, ScreenTarget, Tone};
pub use popups::Popup;
pub use session::clock;
pub use update::update;
pub use viewer::{ExchangeView, Viewer};

use page::Page;

/// A part of the screen that can have the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The form.
    #[default]
    Form,
    /// The request as it would be sent.
    Preview,
    /// Every exchange.
    Log,
    /// The selected exchange.
    Exchange,
}

impl Pane {
    /// Every pane in the order of the focus.
    pub const ALL: [Self; 4] = [Self::Form, Self::Preview, Self::Log, Self::Exchange];
}

/// The views of the preview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreviewView {
    /// The request as it would be sent.
    #[default]
    Request,
    /// Its signature step by step.
    Signing,
    /// The focused field's documentation.
    Field,
}

impl PreviewView {
    /// Every view in the order of the pane's head.
    pub const ALL: [Self; 3] = [Self::Request, Self::Signing, Self::Field];

    /// Returns its name in the pane's head.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Signing => "signing",
            Self::Field => "field",
        }
    }
}

/// The preview pane's state.
#[derive(Debug, Default)]
pub struct Preview {
    /// The view.
    pub view: PreviewView,
    /// The first line shown.
    pub scroll: usize,
    /// The text, made for the pane's width.
    pub page: Page,
    /// The inputs of the page: tab, revision of the tab, focus, view, width, revealed.
    made_from: Option<(usize, u64, usize, PreviewView, usize, Option<u64>)>,
}

/// A profile as the top line and the picker show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// Its guard.
    pub guard: Guard,
    /// Whether it is the built-in emulator's.
    pub demo: bool,
    /// The colour that the operator gave it.
    pub colour: Option<Colour>,
}

/// The values that a console starts with.
#[derive(Debug)]
pub struct Setup {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The profiles that can be chosen, the built-in ones included.
    pub profiles: Vec<ProfileSummary>,
    /// The name of the one to begin with.
    pub profile: String,
    /// The region that the command line names.
    pub region: Option<String>,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// Whether what changed is listed and fetched by the console itself.
    pub follow_changes: bool,
    /// The time zone of the log's times.
    pub zone: TimeZone,
    /// The moment of the start.
    pub now: Now,
    /// The keys.
    pub keys: KeyMap,
    /// The registry of this process's secrets.
    pub secrets: SecretRegistry,
}

/// The sizes of the next frame's parts, in columns and rows of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The preview's text.
    pub preview: (usize, usize),
    /// The log's rows.
    pub log: usize,
    /// The rows of the table of resources.
    pub resources: usize,
    /// The exchange's text.
    pub exchange: (usize, usize),
    /// The results of a filter, beside the exchange.
    pub results: (usize, usize),
    /// A popup's text.
    pub popup: (usize, usize),
}

/// Everything the console knows.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of the operator's own
pub struct App {
    /// The keys.
    pub keys: KeyMap,
    /// A tab for each provider.
    pub tabs: Vec<Tab>,
    /// The tab that is shown, counted from 0.
    pub tab: usize,
    /// The pane that has the focus.
    pub pane: Pane,
    /// Whether the focused field is being typed into.
    pub editing: bool,
    /// On a narrow screen, the pane that stands below the form.
    pub lower: Pane,
    /// Whether the focused pane covers the screen.
    pub zoomed: bool,
    /// The profiles that can be chosen.
    pub profiles: Vec<ProfileSummary>,
    /// The chosen one, counted from 0.
    pub profile: usize,
    /// Every exchange.
    pub log: Log,
    /// Calls that are sent again after a wait.
    pub waits: Waits,
    /// The preview pane.
    pub preview: Preview,
    /// The exchange pane.
    pub viewer: Viewer,
    /// The built-in emulator's faults.
    pub faults: faults::Faults,
    /// The popups.
    pub popups: popups::Popups,
    /// The laboratory's desk.
    pub laboratory: laboratory::Laboratory,
    /// The notice to the operator, until the next key.
    pub notice: Option<Notice>,
    /// Whether masked secrets are shown.
    pub revealed: bool,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// The time zone of the log's times.
    pub zone: TimeZone,
    /// The moment of the last message.
    pub now: Now,
    /// By whose clock calls are signed.
    pub clock: clock::Clock,
    /// The exchange whose parameters were put back into the form: the next call repeats it.
    repeats: Option<crate::exchange::ExchangeId>,
    /// The number of retries of the next call.
    retries: u32,
    /// The exchange that another one will be compared with.
    pub marked: Option<crate::exchange::ExchangeId>,
    /// Whether what changed is listed and fetched by the console itself.
    pub follow_changes: bool,
    /// The calls that the console makes by itself.
    background_calls: resources::BackgroundCalls,
    secrets: SecretRegistry,
    /// The newest snapshot of `secrets`, as of the current message or frame.
    redactor: Redactor,
    sizes: Sizes,
    /// The effects of the current message.
    effects: Vec<Effect>,
    /// The tab whose form is to be sent as soon as its access is known; any key takes that back.
    pending: Option<usize>,
    /// The tab whose call was sent a moment ago: no key has been pressed since.
    awaiting: Option<usize>,
    /// Whether the operator wanted to leave a moment ago, and was told what is in flight.
    leaving: bool,
}

impl App {
    /// Creates a console at its start: the first tab's form is indexed, its first field is being typed into.
    pub fn new(setup: Setup) -> Self {
        let mut tabs: Vec<Tab> = setup.catalog.index().map(|(id, title)| Tab::new(id, title)).collect();
        if let Some(first) = tabs.first_mut()
            && let Some(provider) = setup.catalog.opening(&first.id)
        {
            first.load(Arc::clone(provider));
        }
        for tab in &mut tabs {
            tab.region.clone_from(&setup.region);
        }
        let profile = setup.profiles.iter().position(|mark| mark.name == setup.profile).unwrap_or(0);
        let mut app = Self {
            keys: setup.keys,
            tabs,
            tab: 0,
            pane: Pane::Form,
            editing: true,
            lower: Pane::Preview,
            zoomed: false,
            profiles: setup.profiles,
            profile,
            log: Log::new(),
            waits: Waits::default(),
            preview: Preview::default(),
            viewer: Viewer::default(),
            faults: faults::Faults::default(),
            popups: popups::Popups::default(),
            laboratory: laboratory::Laboratory::default(),
            notice: None,
            revealed: false,
            mouse: setup.mouse,
            zone: setup.zone,
            now: setup.now,
            clock: clock::Clock::default(),
            repeats: None,
            retries: 0,
            marked: None,
            follow_changes: setup.follow_changes,
            background_calls: resources::BackgroundCalls::default(),
            redactor: setup.secrets.redactor(),
            secrets: setup.secrets,
            sizes: Sizes::default(),
            effects: Vec::new(),
            pending: None,
            awaiting: None,
            leaving: false,
        };
        app.refresh();
        app
    }

    /// Returns what must be done outside before anything can be sent.
    pub fn start(&mut self) -> Vec<Effect> {
        self.resolve_all();
        std::mem::take(&mut self.effects)
    }

    /// Returns the tab that is shown. There is always one: a catalog without providers is refused at the start.
    pub fn current(&self) -> &Tab {
        &self.tabs[self.tab]
    }

    fn current_mut(&mut self) -> &mut Tab {
        &mut self.tabs[self.tab]
    }

    /// Returns the chosen profile.
    pub fn profile(&self) -> &ProfileSummary {
        &self.profiles[self.profile]
    }

    /// Returns the provider of an exchange, if its file is read.
    pub fn provider_of(&self, exchange: &Exchange) -> Option<&Provider> {
        self.tabs.iter().find(|tab| tab.id == exchange.provider).and_then(|tab| tab.provider.as_deref())
    }

    /// Checks the shown form and signs its request again.
    fn refresh(&mut self) {
        let now = self.signing_moment();
        self.current_mut().refresh(&now);
    }

    /// Returns the contexts in which keys are looked up, the closest first.
    pub fn contexts(&self) -> &'static [KeyContext] {
        use KeyContext as C;
        if let Some(popup) = self.popups.open() {
            return popup.view(&self.popup_context()).contexts;
        }
        match (self.editing, self.pane) {
            (true, _) => &[C::Field, C::Everywhere],
            (false, Pane::Form) if self.current().resources.filtering => &[C::Filter],
            (false, Pane::Form) if self.resources_shown() => &[C::Resources, C::Commands, C::Everywhere],
            (false, Pane::Form) => &[C::Form, C::Commands, C::Everywhere],
            (false, Pane::Preview) => &[C::Preview, C::Commands, C::Everywhere],
            (false, Pane::Log) if self.log.filter.typing => &[C::LogFilter],
            (false, Pane::Log) => &[C::Log, C::Commands, C::Everywhere],
            (false, Pane::Exchange) if self.viewer.prompt.is_some() => &[C::Prompt],
            (false, Pane::Exchange) => &[C::Exchange, C::Commands, C::Everywhere],
        }
    }
}
