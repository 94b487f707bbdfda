//! From what was kept back to an exchange.

use bytes::Bytes;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::cover::{Asked, Broken, Came, Wrapped};
use super::{Ending, Kept, head};
use crate::catalog::Catalog;
use crate::envelope::{self, Envelope};
use crate::exchange::{Answered, Exchange, ExchangeId, Failure, Lineage, Outcome, Purpose};
use crate::form::Value;
use crate::query::Ended;
use crate::wire::{Request, Response};

/// A part of the history that cannot be read: the file was changed by something else, or is broken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("exchange {id} of the history cannot be read: its {part} is damaged")]
pub struct Damaged {
    /// The number in the history.
    pub id: i64,
    /// Which part.
    pub part: &'static str,
}

impl Kept {
    /// The exchange, with what was covered still covered. The data of the envelope is read from the body, if the catalog knows the operation.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn exchange(&self, catalog: &Catalog) -> Result<Exchange, Damaged> {
        let Self { beginning, ending, .. } = self;
        let damaged = |part| Damaged { id: self.id, part };
        let asked = self.asked()?;
        let request = head::request(&beginning.head).ok_or_else(|| damaged("request"))?;
        let came: Option<Came> = ending.as_ref().map(|ending| self.rest(&ending.rest, "answer")).transpose()?;
        let timings = came.as_ref().map(|came| came.timings).unwrap_or_default();
        let outcome = match ending.as_ref().zip(came) {
            Some((ending, came)) => self.outcome(ending, came, catalog)?,
            None => Outcome::Unrecorded,
        };
        Ok(Exchange {
            id: ExchangeId::kept(self.id),
            provider: beginning.provider.clone(),
            operation: beginning.operation.clone(),
            profile: beginning.profile.clone(),
            region: beginning.region.clone(),
            // Which errand it was means nothing any more.
            purpose: if beginning.errand { Purpose::Errand(0) } else { Purpose::Operator },
            lineage: Lineage::default(),
            started: Timestamp::from_nanosecond(i128::from(beginning.started)).map_err(|_| damaged("time"))?,
            endpoint: beginning.endpoint.parse().map_err(|_| damaged("endpoint"))?,
            request: Request { body: Bytes::copy_from_slice(&beginning.body), ..request },
            signing: asked.signing,
            outcome,
            timings,
        })
    }

    /// The form's values that were set.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn form(&self) -> Result<Vec<(String, Value)>, Damaged> {
        Ok(self.asked()?.form)
    }

    /// How many secrets are covered in the request and in the answer.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn covered(&self) -> Result<(usize, usize), Damaged> {
        let came: Option<Came> = self.ending.as_ref().map(|ending| self.rest(&ending.rest, "answer")).transpose()?;
        Ok((self.asked()?.covered, came.map_or(0, |came| came.covered)))
    }

    /// How many bytes of the request's body are not kept. Those of the answer's are in [`Response::excess`].
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn request_cut(&self) -> Result<u64, Damaged> {
        Ok(self.asked()?.cut)
    }

    fn asked(&self) -> Result<Asked, Damaged> {
        self.rest(&self.beginning.rest, "request")
    }

    fn rest<T: DeserializeOwned>(&self, text: &str, part: &'static str) -> Result<T, Damaged> {
        serde_json::from_str(text).map_err(|_| Damaged { id: self.id, part })
    }

    fn outcome(&self, ending: &Ending, came: Came, catalog: &Catalog) -> Result<Outcome, Damaged> {
        let damaged = Damaged { id: self.id, part: "answer" };
        let response =
            head::answer(&ending.head).map(|answer| Response { body: Bytes::copy_from_slice(&ending.body), excess: came.cut, ..answer });
        match (ending.ended, response, came.envelope, came.failure) {
            (Ended::Success | Ended::Error | Ended::Foreign, Some(response), Some(wrapped), _) => {
                let data = self.data(&response, catalog);
                Ok(Outcome::Answered(Box::new(Answered { envelope: unwrapped(wrapped, data), response })))
            }
            (Ended::Failed, partial, _, Some(Broken { class, detail, hint })) => {
                Ok(Outcome::Failed(Failure { class, detail, hint, partial: partial.map(Box::new) }))
            }
            (Ended::Cancelled, ..) => Ok(Outcome::Cancelled),
            (Ended::Unanswered, ..) => Ok(Outcome::Unrecorded),
            _ => Err(damaged),
        }
    }

    fn data(&self, response: &Response, catalog: &Catalog) -> Option<serde_json::Value> {
        let provider = catalog.provider(&self.beginning.provider)?;
        match provider.operation(&self.beginning.operation) {
            Some(operation) => envelope::decode(provider.answer_format, response, &operation.success).data,
            None => envelope::decode_token(response).data,
        }
    }
}

fn unwrapped(wrapped: Wrapped, data: Option<serde_json::Value>) -> Envelope {
    let Wrapped { verdict, request_id, code, message, fields } = wrapped;
    Envelope { verdict, request_id, code, message, data, fields }
}
