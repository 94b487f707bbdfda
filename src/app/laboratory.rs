//! The laboratory's desk: a request that was signed elsewhere is pasted, and examined off the loop with the profile's keys.

use std::sync::Arc;

use jiff::Timestamp;

use super::page::Page;
use super::popup::{TextPopup, Topic};
use super::{App, Effect, Notice, Popup};
use crate::auth::{AccessKey, Credentials};
use crate::catalog::{Operation, Provider, Vendor};
use crate::form::route::Router;
use crate::form::{Form, decode};
use crate::lab::{InputFormat, Report};
use crate::secret::Secret;
use crate::text::joined;
use crate::wire::{Request, parse_query};

/// Longer texts are not examined, in bytes: no signed call of these APIs is that long.
const MAX_PASTED_BYTES: usize = 8 << 20;

/// The laboratory's state: the pasted request and its examination.
#[derive(Debug, Default)]
pub struct Laboratory {
    /// The number of texts that were pasted: the answer to an earlier one comes too late.
    pasted: u64,
    /// The stage of the last examination.
    pub stage: Stage,
}

/// The progress of an examination.
#[derive(Debug, Default)]
pub enum Stage {
    /// Nothing was pasted yet.
    #[default]
    Empty,
    /// It is under way.
    Examining,
    /// It is done, or the text could not be read.
    Done(Result<Box<ExaminationReport>, String>),
}

/// A text to be examined, and what is known about it.
#[derive(Debug)]
pub struct Sample {
    /// Its number, to know its report by.
    pub number: u64,
    /// The text: a token may stand in it.
    pub text: Secret,
    /// The chosen profile's name.
    pub profile: String,
    /// Whether it is the built-in emulator's, which has a key of every vendor.
    pub demo: bool,
    /// The profile's keys, the shown tab's first.
    pub keys: Vec<(Vendor, AccessKey)>,
    /// The time.
    pub now: Timestamp,
}

/// A request with all that was found out about it.
#[derive(Debug)]
pub struct ExaminationReport {
    /// In what it came.
    pub input_format: InputFormat,
    /// The request.
    pub request: Request,
    /// The report of the examination.
    pub report: Report,
    /// Assumptions of the reader, and oddities of the text.
    pub notes: Vec<String>,
}

impl Laboratory {
    /// Returns whether a request lies on the desk that was read and examined.
    pub fn is_examined(&self) -> bool {
        matches!(self.stage, Stage::Done(Ok(_)))
    }
}

impl App {
    /// Opens the desk with what was examined last.
    pub(super) fn open_laboratory(&mut self) {
        self.popup = Some(Popup::Text(TextPopup { topic: Topic::Laboratory, page: Page::default(), scroll: 0 }));
    }

    /// Returns whether a paste is to be examined.
    pub(super) fn in_laboratory(&self) -> bool {
        matches!(&self.popup, Some(Popup::Text(reading)) if reading.topic == Topic::Laboratory)
    }

    /// Has a pasted text examined.
    pub(super) fn examine(&mut self, text: &str) {
        self.laboratory.pasted += 1;
        if text.len() > MAX_PASTED_BYTES {
            let reason = format!("{} bytes are too many: paste one request of at most {} MiB", text.len(), MAX_PASTED_BYTES >> 20);
            return self.load_sample(Stage::Done(Err(reason)));
        }
        let profile = self.profile();
        let specimen = Sample {
            number: self.laboratory.pasted,
            text: Secret::new(text),
            profile: profile.name.clone(),
            demo: profile.demo,
            keys: self.keys(),
            now: self.now.time,
        };
        self.effects.push(Effect::Examine(Box::new(specimen)));
        self.load_sample(Stage::Examining);
    }

    /// Takes a report, unless something else was pasted since.
    pub(super) fn examined(&mut self, number: u64, outcome: Result<Box<ExaminationReport>, String>) {
        if number != self.laboratory.pasted {
            return;
        }
        if !self.in_laboratory() {
            self.notify(Notice::done("what was pasted is examined: L shows it"));
        }
        self.load_sample(Stage::Done(outcome));
    }

    /// Puts the parameters of the examined request into the form of its call.
    pub(super) fn fill_examined(&mut self) {
        match self.form_of_examined() {
            Ok((tab, form, lost)) => {
                self.popup = None;
                self.fill_form(tab, &form);
                let what_now = format!("^s signs and sends it with profile {}", self.profile().name);
                self.notify(if lost.is_empty() {
                    Notice::done(format!("in its form: {what_now}"))
                } else {
                    Notice::warning(format!("in its form, without {}, which the call does not have: {what_now}", joined(lost, "and")))
                });
            }
            Err(reason) => self.notify(Notice::warning(reason)),
        }
    }

    /// Returns the examined request as a form, with its tab (the shown one, where it has such a call) and what the form does not take.
    fn form_of_examined(&self) -> Result<(usize, Form, Vec<String>), String> {
        let Stage::Done(Ok(examined)) = &self.laboratory.stage else { return Err("no request was examined yet: paste one".to_owned()) };
        let ExaminationReport { request, report, .. } = &**examined;
        let vendors = report.claim.as_ref().map(|claim| claim.scheme.vendors());
        let found = (self.tab..self.tabs.len()).chain(0..self.tab).find_map(|at| {
            let provider =
                self.tabs[at].provider.as_ref().filter(|provider| vendors.is_none_or(|known| known.contains(&provider.vendor)))?;
            let router = Router::new(provider);
            let route = router.find(request).route.ok()?;
            Some((at, provider, Arc::clone(route.operation), route.path))
        });
        let (tab, provider, operation, path) = found.ok_or_else(|| format!("no tab has a call {} {}", request.method, request.path()))?;
        let form = decode(&operation, request, &path).map_err(|error| format!("not into a form: {error}"))?;
        Ok((tab, form, without_parameter(provider, &operation, request)))
    }

    fn load_sample(&mut self, stage: Stage) {
        self.laboratory.stage = stage;
        if self.in_laboratory() {
            self.open_laboratory();
        }
    }

    /// Returns the profile's keys that are known, the shown tab's first.
    fn keys(&self) -> Vec<(Vendor, AccessKey)> {
        let (before, from) = self.tabs.split_at(self.tab);
        let key = |tab: &super::Tab| match (&tab.provider, &tab.access) {
            (Some(provider), Some(Ok(access))) => match &access.credentials {
                Credentials::AccessKey(key) => Some((provider.vendor, key.clone())),
                Credentials::Login(_) | Credentials::Token(_) => None,
            },
            _ => None,
        };
        from.iter().chain(before).filter_map(key).collect()
    }
}

/// Returns the names in the query and in the body that the call has no parameter for.
fn without_parameter(provider: &Provider, operation: &Operation, request: &Request) -> Vec<String> {
    let body = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&request.body).unwrap_or_default();
    let query = parse_query(request.query()).into_iter().map(|(name, _)| name.into_owned());
    let constants = || provider.constants.iter().chain(&operation.constants);
    let known = |name: &String| operation.parameter(name).is_some() || constants().any(|constant| constant.name == *name);
    query.chain(body.into_iter().map(|(name, _)| name)).filter(|name| !known(name)).collect()
}
