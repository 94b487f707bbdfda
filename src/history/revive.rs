//! Restores an exchange from its record.

use bytes::Bytes;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::masker::{EnvelopeRecord, FailureRecord, OutcomeDetails, RequestDetails};
use super::{OutcomeRecord, StoredExchange, head};
use crate::catalog::Catalog;
use crate::envelope::{self, Envelope, JsonText};
use crate::exchange::{Answered, Exchange, ExchangeId, Failure, Origin, Outcome, Purpose};
use crate::form::Value;
use crate::query::OutcomeKind;
use crate::wire::{Request, Response};

/// A part of the history that cannot be read: the file was changed by something else, or is broken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("exchange {id} of the history cannot be read: its {part} is damaged")]
pub struct Damaged {
    /// The number in the history.
    pub id: i64,
    /// The name of the part.
    pub part: &'static str,
}

impl StoredExchange {
    /// Returns the exchange, with what was masked still masked. The data of the envelope is read from the body, if the catalog knows the operation.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn exchange(&self, catalog: &Catalog) -> Result<Exchange, Damaged> {
        let Self { beginning, ending, .. } = self;
        let damaged = |part| Damaged { id: self.id, part };
        let request_details = self.request_details()?;
        let request = head::request(&beginning.head).ok_or_else(|| damaged("request"))?;
        let outcome_details: Option<OutcomeDetails> = ending.as_ref().map(|ending| self.rest(&ending.rest, "answer")).transpose()?;
        let timings = outcome_details.as_ref().map(|outcome_details| outcome_details.timings).unwrap_or_default();
        let outcome = match ending.as_ref().zip(outcome_details) {
            Some((ending, outcome_details)) => self.outcome(ending, outcome_details, catalog)?,
            None => Outcome::Unrecorded,
        };
        Ok(Exchange {
            id: ExchangeId::stored(self.id),
            provider: beginning.provider.clone(),
            operation: beginning.operation.clone(),
            profile: beginning.profile.clone(),
            region: beginning.region.clone(),
            // The number of a background call means nothing any more.
            purpose: if beginning.background_call { Purpose::BackgroundCall(0) } else { Purpose::Operator },
            call_origin: Origin::default(),
            started: Timestamp::from_nanosecond(i128::from(beginning.started)).map_err(|_| damaged("time"))?,
            endpoint: beginning.endpoint.parse().map_err(|_| damaged("endpoint"))?,
            request: Request { body: Bytes::copy_from_slice(&beginning.body), ..request },
            signing: request_details.signing,
            outcome,
            timings,
        })
    }

    /// Returns the form's values that were set.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn form(&self) -> Result<Vec<(String, Value)>, Damaged> {
        Ok(self.request_details()?.form)
    }

    /// Returns the number of secrets that are masked in the request and in the answer.
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn masked(&self) -> Result<(usize, usize), Damaged> {
        let outcome_details: Option<OutcomeDetails> = self.ending.as_ref().map(|ending| self.rest(&ending.rest, "answer")).transpose()?;
        Ok((self.request_details()?.masked, outcome_details.map_or(0, |outcome_details| outcome_details.masked)))
    }

    /// Returns the number of bytes of the request's body that are not kept. Those of the answer's are in [`Response::excess`].
    ///
    /// # Errors
    /// [`Damaged`].
    pub fn request_cut(&self) -> Result<u64, Damaged> {
        Ok(self.request_details()?.cut)
    }

    fn request_details(&self) -> Result<RequestDetails, Damaged> {
        self.rest(&self.beginning.rest, "request")
    }

    fn rest<T: DeserializeOwned>(&self, text: &str, part: &'static str) -> Result<T, Damaged> {
        serde_json::from_str(text).map_err(|_| Damaged { id: self.id, part })
    }

    fn outcome(&self, ending: &OutcomeRecord, outcome_details: OutcomeDetails, catalog: &Catalog) -> Result<Outcome, Damaged> {
        let damaged = Damaged { id: self.id, part: "answer" };
        let response = head::answer(&ending.head).map(|answer| Response {
            body: Bytes::copy_from_slice(&ending.body),
            excess: outcome_details.cut,
            ..answer
        });
        match (ending.ended, response, outcome_details.envelope, outcome_details.failure) {
            (OutcomeKind::Success | OutcomeKind::Error | OutcomeKind::Foreign, Some(response), Some(wrapped), _) => {
                let data = self.data(&response, catalog);
                Ok(Outcome::Answered(Box::new(Answered { envelope: without_wrapper(wrapped, data), response })))
            }
            (OutcomeKind::Failed, partial, _, Some(FailureRecord { class, detail, hint })) => {
                Ok(Outcome::Failed(Failure { class, detail, hint, partial: partial.map(Box::new) }))
            }
            (OutcomeKind::Cancelled, ..) => Ok(Outcome::Cancelled),
            (OutcomeKind::Unanswered, ..) => Ok(Outcome::Unrecorded),
            _ => Err(damaged),
        }
    }

    fn data(&self, response: &Response, catalog: &Catalog) -> Option<JsonText> {
        let provider = catalog.provider(&self.beginning.provider)?;
        match provider.operation(&self.beginning.operation) {
            Some(operation) => envelope::decode(provider.answer_format, response, &operation.success).data,
            None => envelope::decode_token(response).data,
        }
    }
}

fn without_wrapper(wrapped: EnvelopeRecord, data: Option<JsonText>) -> Envelope {
    let EnvelopeRecord { verdict, request_id, code, message, fields } = wrapped;
    Envelope { verdict, request_id, code, message, data, fields }
}
