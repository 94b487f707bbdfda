//! The console's state and what changes it: no terminal, no network, no clock.
//!
//! [`update`] takes a [`Message`] and gives [`Effect`]s; before a frame is drawn, [`App::fit`] makes the pages that the frame
//! shows for the sizes it has. Each part of the state has an owner, which reads the session, changes itself and asks the others
//! for the rest:
//!
//! ```text
//!  message ─▶ routing ─▶ composer, resources, exchanges, viewer, popups ─requests─▶ routing ─▶ another owner
//!                                                                                      ╲ effects
//! ```

pub mod composer;
mod context;
pub mod exchanges;
pub mod faults;
mod focus;
mod input_line;
pub mod keys;
pub mod laboratory;
pub mod message;
pub mod page;
pub mod pages;
pub mod popups;
pub mod resources;
mod routing;
pub mod session;
pub mod viewer;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::catalog::{Catalog, Resources};
use crate::config::{Colour, Guard};
use crate::exchange::Exchange;
use crate::redact::SecretRegistry;
use composer::Composer;
use exchanges::{ExchangeContext, Exchanges};
use popups::PopupContext;
use resources::ResourceTables;
use session::Session;

pub use composer::{Editor, Field, Preview, PreviewView, Tab};
pub use context::{AppRequest, Context};
pub use exchanges::{EarlierSessions, Filter, HistoryReply, HistoryRequest, HistoryRow, Log, LogRow, WaitState, Waits};
pub use focus::{Focus, Pane};
pub use keys::{Action, KeyContext, KeyMap};
pub use message::{Effect, Gesture, Message, Notice, Now, RetryWait, ScreenTarget, Tone};
pub use popups::Popup;
pub use routing::update;
pub use viewer::{ExchangeView, Viewer};

/// A profile as the top line and the picker show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// Its guard.
    pub guard: Guard,
    /// Set when it is the built-in emulator's.
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
    /// Set when the mouse is taken.
    pub mouse: bool,
    /// Set when what changed is listed and fetched by the console itself.
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

/// The console's state: its owners, between which messages and requests are routed.
#[derive(Debug)]
pub struct App {
    /// The state of the session.
    pub session: Session,
    /// The pane that has the focus.
    pub focus: Focus,
    /// The tabs with their forms.
    pub composer: Composer,
    /// The preview pane.
    pub preview: Preview,
    /// The tables of resources.
    pub resources: ResourceTables,
    /// The log.
    pub exchanges: Exchanges,
    /// The exchange pane.
    pub viewer: Viewer,
    /// The popups.
    pub popups: popups::Popups,
    /// The laboratory.
    pub laboratory: laboratory::Laboratory,
    /// The built-in emulator's faults.
    pub faults: faults::Faults,
    /// The requests of the owners that are not carried out yet.
    requests: Vec<AppRequest>,
    /// The effects of the current message.
    effects: Vec<Effect>,
    /// Set when the operator wanted to leave a moment ago, and was told what is in flight.
    leaving: bool,
}

impl App {
    /// Creates a console at its start: the first field of the first tab is being typed into.
    pub fn new(setup: Setup) -> Self {
        let composer = Composer::new(&setup.catalog, setup.region.as_deref());
        let mut app = Self {
            resources: ResourceTables::new(composer.tabs.len()),
            composer,
            session: Session::new(setup),
            focus: Focus::default(),
            preview: Preview::default(),
            exchanges: Exchanges::new(),
            viewer: Viewer::default(),
            popups: popups::Popups::default(),
            laboratory: laboratory::Laboratory::default(),
            faults: faults::Faults::default(),
            requests: Vec::new(),
            effects: Vec::new(),
            leaving: false,
        };
        app.composer.refresh(&app.session);
        app
    }

    /// Returns what must be done outside before anything can be sent.
    pub fn start(&mut self) -> Vec<Effect> {
        self.composer.resolve_all(&mut Context { session: &self.session, requests: &mut self.requests });
        routing::run_requests(self);
        std::mem::take(&mut self.effects)
    }

    /// Returns the shown tab.
    pub fn current(&self) -> &Tab {
        self.composer.current()
    }

    /// Returns the shown tab's table of resources.
    pub fn table(&self) -> &resources::ResourceTable {
        &self.resources.tables[self.composer.tab]
    }

    fn table_mut(&mut self) -> &mut resources::ResourceTable {
        &mut self.resources.tables[self.composer.tab]
    }

    /// Returns whether the table stands in the place of the form.
    pub fn resources_shown(&self) -> bool {
        matches!(self.table().placement, resources::Placement::Table { .. })
    }

    /// Returns what the catalog says of the table that stands in the place of the form, if it does.
    pub fn shown_resources(&self) -> Option<&Resources> {
        resources::catalogued(self.current()).filter(|_| self.resources_shown())
    }

    /// Returns an exchange with what the console knows about it.
    fn subject<'a>(&'a self, exchange: &'a Exchange) -> ExchangeContext<'a> {
        ExchangeContext::of(exchange, &self.session, &self.exchanges.log, &self.composer, &self.resources)
    }

    /// Makes what the next frame shows for the sizes it has.
    pub fn fit(&mut self, sizes: Sizes) -> Vec<Effect> {
        routing::fit(self, sizes)
    }

    /// Returns what popups read of the console.
    pub fn popup_context(&self) -> PopupContext<'_> {
        PopupContext {
            keys: &self.session.keys,
            redactor: &self.session.redactor,
            revealed: self.session.revealed,
            log: &self.exchanges.log,
            laboratory: &self.laboratory,
            faults: &self.faults,
        }
    }

    /// Returns whether the log's filter is being typed.
    pub fn filters_log(&self) -> bool {
        self.focus.pane == Pane::Log && self.exchanges.log.filter.typing
    }

    /// Returns the contexts in which keys are looked up, the closest first.
    pub fn contexts(&self) -> &'static [KeyContext] {
        use KeyContext as C;
        if let Some(popup) = self.popups.open() {
            return popup.view(&self.popup_context()).contexts;
        }
        match (self.focus.editing, self.focus.pane) {
            (true, _) => &[C::Field, C::Everywhere],
            (false, Pane::Form) if self.table().filtering => &[C::Filter],
            (false, Pane::Form) if self.resources_shown() => &[C::Resources, C::Commands, C::Everywhere],
            (false, Pane::Form) => &[C::Form, C::Commands, C::Everywhere],
            (false, Pane::Preview) => &[C::Preview, C::Commands, C::Everywhere],
            (false, Pane::Log) if self.exchanges.log.filter.typing => &[C::LogFilter],
            (false, Pane::Log) => &[C::Log, C::Commands, C::Everywhere],
            (false, Pane::Exchange) if self.viewer.prompt.is_some() => &[C::Prompt],
            (false, Pane::Exchange) => &[C::Exchange, C::Commands, C::Everywhere],
        }
    }
}
