//! Two exchanges side by side.

use std::borrow::Cow;

use super::component::PopupContext;
use super::text::Text;
use crate::app::page::Page;
use crate::app::pages;
use crate::compare::{ComparisonContext, compare};
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::redact::Redactor;

/// The comparison of two exchanges.
#[derive(Debug)]
pub struct Comparison {
    /// The two exchanges, the marked one first.
    pub exchanges: (ExchangeId, ExchangeId),
    /// The names of what comes anew with every call to their providers.
    pub volatile: Vec<String>,
}

impl Text for Comparison {
    fn title(&self) -> Cow<'_, str> {
        "Comparison".into()
    }

    fn size(&self, _lines: u16) -> (u16, u16) {
        (u16::MAX, u16::MAX)
    }

    fn write(&self, page: &mut Page, context: &PopupContext<'_>, redactor: Option<&Redactor>) {
        let (left, right) = self.exchanges;
        let (Some(left), Some(right)) = (context.log.exchange(left), context.log.exchange(right)) else { return };
        let none = Redactor::blind();
        let volatile: Vec<&str> = self.volatile.iter().map(String::as_str).collect();
        let sections = compare(left, right, ComparisonContext { redactor: redactor.unwrap_or(&none), volatile: &volatile });
        pages::compare(page, (&head(left), &head(right)), &sections);
    }
}

fn head(exchange: &Exchange) -> String {
    let outcome = match &exchange.outcome {
        Outcome::Answered(answered) => answered.response.status.to_string(),
        Outcome::Failed(failure) => failure.class.name().to_owned(),
        Outcome::Cancelled => "cancelled".to_owned(),
        Outcome::InFlight => "in flight".to_owned(),
        Outcome::Unrecorded => "no answer recorded".to_owned(),
    };
    format!("{} {} {outcome}", exchange.id, exchange.operation)
}
