//! The console and the history: what keeps its exchanges, and what it wants of earlier ones, looked up.

use std::sync::Arc;

use crate::app::{HistoryReply, HistoryRequest, Message, Notice};
use crate::catalog::Catalog;
use crate::exchange::Exchange;
use crate::io::console::input::{Input, Options, ToLoop};
use crate::io::history::{HistoryError, Page, Reader, Recorder, Settings};
use crate::log_error::LogError;

/// Returns what keeps exchanges, if the configuration wants any kept.
pub(super) fn recorder(options: &Options, to_loop: &ToLoop) -> Option<Arc<Recorder>> {
    let settings = Settings::of(&options.config, options.data_dir.clone())?;
    let loss = to_loop.clone();
    let on_loss = move |error| drop(loss.send(Input::Message(Message::Notice(lost(&error)))));
    let started = Recorder::start(settings, options.environment.secrets().clone(), on_loss).map_err(|error| {
        let notice = Notice::warning(format!("nothing is kept in the history: {error}"));
        to_loop.send(Input::Message(Message::Notice(notice))).log_error("reach the console's loop");
    });
    started.ok().map(Arc::new)
}

/// Returns what to say of an exchange whose end could not be written.
fn lost(error: &HistoryError) -> Notice {
    Notice::warning(format!("its result is not kept in the history yet: {error}")).staying()
}

/// Looks something up; `None` for what a newer question has replaced: nobody waits for it.
pub(super) fn recall(reader: &Reader, catalog: &Catalog, recall: HistoryRequest) -> Option<HistoryReply> {
    match recall {
        HistoryRequest::Rows { number, query, below, limit } => {
            let listed = reader.list(number, &query, Page { below, limit });
            let found = listed.map_err(|error| error.to_string()).transpose()?;
            Some(HistoryReply::Rows(number, found))
        }
        HistoryRequest::Exchange(number) => Some(HistoryReply::Exchange(number, exchange(reader, catalog, number))),
    }
}

fn exchange(reader: &Reader, catalog: &Catalog, number: i64) -> Result<Box<Exchange>, String> {
    let stored = reader.get(number).map_err(|error| error.to_string())?;
    let stored = stored.ok_or_else(|| format!("h{number} is no longer in the history"))?;
    stored.exchange(catalog).map(Box::new).map_err(|error| error.to_string())
}
