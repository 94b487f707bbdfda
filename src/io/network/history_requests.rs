//! The console's recorder, and its requests to the history.

use std::sync::Arc;

use thiserror::Error;

use crate::app::{HistoryReply, HistoryRequest, Message, Notice};
use crate::catalog::Catalog;
use crate::exchange::Exchange;
use crate::history::Damaged;
use crate::io::console::input::{Input, Options, ToLoop};
use crate::io::history::{HistoryError, Page, Reader, Recorder, Settings};
use crate::log_error::LogError;

/// An error from looking an exchange up.
#[derive(Debug, Error)]
enum LookupError {
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error("h{0} is no longer in the history")]
    Gone(i64),
    #[error(transparent)]
    Damaged(#[from] Damaged),
}

/// Starts the recorder of exchanges, if the configuration asks for a history.
pub(super) fn recorder(options: &Options, to_loop: &ToLoop) -> Option<Arc<Recorder>> {
    let settings = Settings::of(&options.config, options.data_dir.clone())?;
    let to_notice = to_loop.clone();
    let on_loss = move |error| {
        to_notice.send(Input::Message(Message::Notice(loss_notice(&error)))).log_error("reach the console's loop");
    };
    let started = Recorder::start(settings, options.environment.secrets().clone(), on_loss).map_err(|error| {
        let notice = Notice::warning(format!("nothing is kept in the history: {error}"));
        to_loop.send(Input::Message(Message::Notice(notice))).log_error("reach the console's loop");
    });
    started.ok().map(Arc::new)
}

/// Returns the notice of an exchange whose end could not be written.
fn loss_notice(error: &HistoryError) -> Notice {
    Notice::warning(format!("its result is not kept in the history yet: {error}")).staying()
}

/// Answers a request; `None` for one that a newer request has replaced: nobody waits for it.
pub(super) fn answer(reader: &Reader, catalog: &Catalog, request: HistoryRequest) -> Option<HistoryReply> {
    match request {
        HistoryRequest::Rows { number, query, below, limit } => {
            let listed = reader.list(number, &query, Page { below, limit });
            let found = listed.map_err(|error| error.to_string()).transpose()?;
            Some(HistoryReply::Rows { number, found })
        }
        HistoryRequest::Exchange(number) => {
            let exchange = exchange(reader, catalog, number).map_err(|error| error.to_string());
            Some(HistoryReply::Exchange { number, exchange })
        }
    }
}

fn exchange(reader: &Reader, catalog: &Catalog, number: i64) -> Result<Box<Exchange>, LookupError> {
    let stored = reader.get(number)?.ok_or(LookupError::Gone(number))?;
    Ok(Box::new(stored.exchange(catalog)?))
}
