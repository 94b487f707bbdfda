//! A tab's resources: what there is, in a table, and the calls about one of them.
//!
//! ```text
//!  shown, refreshed, ─list─▶ Loading ─every page─▶ Loaded ─┬─ sorted, filtered, selected
//!  something changed           │ failed                     ├─ shown: fetched again ─▶ details
//!                              ▼                            └─ filled into the form of show, update, delete
//!                           Failed
//!  created ─▶ fetched ─▶ there it is ─still being made─▶ followed until it is, or left
//! ```
//!
//! The calls are background calls of the console: they change nothing, stand in the log like any other, and their answers come
//! back here.

mod background_call;
mod created;
mod fill;
mod follow;
mod row;
mod table;

use crossterm::event::Event;
use tui_input::backend::crossterm::EventHandler;

use super::composer::{Composer, Tab};
use super::input_line::paste_into;
use super::message::Notice;
use super::{Action, AppRequest, Context};
use crate::catalog::{ResourceCall, Resources};
use crate::form;
use background_call::{BackgroundCalls, FetchReason};
use fill::filled;

pub use follow::Follow;
pub use row::Row;
pub use table::{Fetched, ListingState, Placement, ResourceTable, in_progress};

/// The tables of all tabs, and the calls that fill them.
#[derive(Debug)]
pub struct ResourceTables {
    /// A table for each tab.
    pub tables: Vec<ResourceTable>,
    calls: BackgroundCalls,
}

impl ResourceTables {
    /// Creates empty tables for so many tabs.
    pub(super) fn new(tabs: usize) -> Self {
        Self { tables: (0..tabs).map(|_| ResourceTable::default()).collect(), calls: BackgroundCalls::default() }
    }

    /// Returns whether something is followed, so that time matters.
    pub fn follows(&self) -> bool {
        self.tables.iter().any(|table| table.follow.is_some())
    }

    /// Forgets a tab's rows: another account or region is looked at.
    pub(super) fn forget(&mut self, tab: usize) {
        self.tables[tab].forget();
    }

    /// Carries out an action of the shown tab's table.
    pub(super) fn act(&mut self, action: Action, composer: &Composer, cx: &mut Context<'_>) {
        let table = &mut self.tables[composer.tab];
        match action {
            Action::Refresh => self.list(composer.tab, composer, cx),
            Action::FetchResource => self.show_resource(composer, cx),
            Action::FillShow => self.fill_in(|resources| resources.show.as_ref(), ("shown", false), composer, cx),
            // What is to be changed is typed at once: a letter is no command there.
            Action::FillUpdate => self.fill_in(|resources| resources.update.as_ref(), ("changed", true), composer, cx),
            Action::FillDelete => self.fill_in(|resources| resources.delete.as_ref(), ("deleted", false), composer, cx),
            Action::NewResource => self.new_resource(composer, cx),
            Action::Sort => table.next_sort(catalogued(composer.current()).map_or(0, |resources| resources.columns.len())),
            Action::ReverseSort => table.turn_sort(),
            Action::Filter => table.filtering = true,
            Action::ApplyFilter => table.filtering = false,
            _ if action.moves() => table.travel(action),
            _ => {}
        }
    }

    /// Handles a key in the filter of a table.
    pub(super) fn type_key(&mut self, tab: usize, event: &Event) {
        self.tables[tab].filter.handle_event(event);
        self.tables[tab].narrow();
    }

    /// Handles a paste into the filter of a table.
    pub(super) fn paste(&mut self, tab: usize, text: &str) {
        paste_into(&mut self.tables[tab].filter, text);
        self.tables[tab].narrow();
    }

    /// Leaves the filter, what is followed, the table: one at a time. `false` if there was none of them.
    pub(super) fn back(&mut self, tab: usize, cx: &mut Context<'_>) -> bool {
        let table = &mut self.tables[tab];
        if !matches!(table.placement, Placement::Table { .. }) {
            return false;
        }
        if table.filtering || !table.filter.value().is_empty() {
            table.filtering = false;
            table.filter.reset();
            table.narrow();
        } else if let Some(follow) = table.follow.take() {
            let key = cx.key(Action::FetchResource);
            cx.notify(Notice::warning(format!("{} is no longer followed; {key} fetches it again", follow.name)));
        } else {
            table.hide();
        }
        true
    }

    fn show_resource(&mut self, composer: &Composer, cx: &mut Context<'_>) {
        let Some(row) = self.tables[composer.tab].selected() else { return cx.notify(Notice::warning("nothing is selected")) };
        let value = row.value.clone();
        self.fetch_one(composer.tab, &value, FetchReason::Requested, composer, cx);
    }

    /// Fills the selected resource into the form of a call about it; the form is typed into at once where that is wanted.
    fn fill_in(
        &mut self,
        call: fn(&Resources) -> Option<&ResourceCall>,
        (participle, edit): (&str, bool),
        composer: &Composer,
        cx: &mut Context<'_>,
    ) {
        let tab = composer.current();
        let Some(resources) = catalogued(tab) else { return };
        let Some(call) = call(resources) else {
            let title = resources.title.to_lowercase();
            return cx.notify(Notice::warning(format!("this API has no call by which one of the {title} is {participle}")));
        };
        let table = &mut self.tables[composer.tab];
        let Some((row, _)) = table.details() else { return cx.notify(Notice::warning("nothing is selected")) };
        let Some(operation) = tab.operation_named(&call.operation) else { return };
        let (form, key) = (filled(operation, call, &row.value), row.key.clone());
        // What identifies the resource is not what the operator came to type.
        let identifies = |value: &form::Value| matches!(value, form::Value::Text(text) if *text == key);
        let focus = form.values.iter().position(|value| !identifies(value)).unwrap_or(0);
        table.open_form();
        cx.requests.push(AppRequest::FillForm(form, focus));
        cx.notify(Notice::done(format!("{} is filled in with {key}", call.operation)));
        if edit {
            cx.requests.push(AppRequest::Edit);
        }
    }

    fn new_resource(&mut self, composer: &Composer, cx: &mut Context<'_>) {
        let Some(create) = catalogued(composer.current()).and_then(|resources| resources.create.as_ref()) else {
            return cx.notify(Notice::warning("the catalog names no call that creates one"));
        };
        self.tables[composer.tab].open_form();
        cx.requests.extend([AppRequest::ChooseOperation(create.operation.clone()), AppRequest::Edit]);
    }
}

/// Returns what the catalog says of a tab's resources.
pub fn catalogued(tab: &Tab) -> Option<&Resources> {
    tab.provider.as_ref()?.resources.as_ref()
}
