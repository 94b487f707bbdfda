//! Comparing: one exchange is marked, another one is held against it.

use crate::app::page::Page;
use crate::app::popup::{TextPopup, Topic};
use crate::app::{App, Notice, Popup, pages};
use crate::compare::{ComparisonContext, compare};
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::redact::Redactor;

impl App {
    /// Marks the selected exchange, or compares it with the marked one.
    pub(in crate::app) fn compare_selected(&mut self) {
        let Some(selected) = self.log.selected().map(|exchange| exchange.id) else {
            return self.notify(Notice::warning("nothing was sent yet"));
        };
        match self.marked.take() {
            Some(marked) if marked != selected && self.exchange(marked).is_some() => {
                let topic = Topic::Compare(marked, selected);
                self.popup = Some(Popup::Text(TextPopup { topic, page: Page::default(), scroll: 0 }));
            }
            Some(_) => self.notify(Notice::done("no longer marked")),
            None => {
                self.marked = Some(selected);
                self.log.pin(selected);
                self.notify(Notice::done(format!("{selected} is marked: the same key on another one compares the two")));
            }
        }
    }

    fn exchange(&self, id: ExchangeId) -> Option<&Exchange> {
        self.log.exchange(id)
    }

    /// Fills a page with the difference of two exchanges.
    pub(in crate::app) fn compare_page(&self, page: &mut Page, (left, right): (ExchangeId, ExchangeId), redactor: Option<&Redactor>) {
        let (Some(left), Some(right)) = (self.exchange(left), self.exchange(right)) else { return };
        let none = Redactor::blind();
        let providers = [left, right].map(|exchange| self.provider_of(exchange));
        let volatile: Vec<&str> = providers.iter().flatten().flat_map(|provider| &provider.volatile).map(String::as_str).collect();
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
