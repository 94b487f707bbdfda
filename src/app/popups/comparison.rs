//! Two exchanges side by side.

use super::text::TextPopup;
use crate::app::pages;
use crate::compare::{ComparisonContext, compare};
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::redact::Redactor;

/// Returns the comparison of two exchanges; `volatile` names what changes with every call to their providers.
pub fn comparison(left: ExchangeId, right: ExchangeId, volatile: Vec<String>) -> TextPopup {
    let text = TextPopup::new("Comparison", move |page, context, redactor| {
        let (Some(left), Some(right)) = (context.log.exchange(left), context.log.exchange(right)) else { return };
        let none = Redactor::disabled();
        let volatile: Vec<&str> = volatile.iter().map(String::as_str).collect();
        let sections = compare(left, right, ComparisonContext { redactor: redactor.unwrap_or(&none), volatile: &volatile });
        pages::compare(page, (&head(left), &head(right)), &sections);
    });
    TextPopup { size: |_| (u16::MAX, u16::MAX), ..text }
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
