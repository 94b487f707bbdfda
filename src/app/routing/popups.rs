//! Popups: opened with what they show, given their input, and their outcomes carried out.

use std::sync::Arc;

use tui_input::Input;

use super::requests::{forget_access, notify};
use crate::app::composer::Composer;
use crate::app::exchanges::export;
use crate::app::faults::{FaultReport, FaultRequest, PossibleFault};
use crate::app::laboratory::{ExaminationReport, ExamineError, Stage};
use crate::app::popups::{
    Choice, ConfirmedAction, FaultDraft, FaultPanel, Picker, PickerKind, Popup, PopupInput, PopupOutcome, laboratory,
};
use crate::app::{Action, App, AppRequest, Context, Effect, KeyContext, Notice, ProfileSummary, Tab};
use crate::auth::{AccessKey, Credentials};
use crate::catalog::{Operation, Provider, Vendor};
use crate::export::Format;
use crate::form::route::Router;
use crate::form::{DecodeError, Form, decode};
use crate::text::joined;
use crate::wire::{Request, parse_query};

/// Gives an input to the open popup, and does what comes of it.
pub(super) fn popup_input(app: &mut App, input: PopupInput<'_>) {
    let mut popups = std::mem::take(&mut app.popups);
    let outcome = popups.update(input, &app.popup_context());
    app.popups = popups;
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match outcome {
        Some(PopupOutcome::Effect(effect)) => cx.effect(effect),
        Some(PopupOutcome::Notice(notice)) => cx.notify(notice),
        Some(PopupOutcome::SendAnyway) => app.composer.send_anyway(cx),
        Some(PopupOutcome::Confirmed(ConfirmedAction::Form)) => app.composer.send_now(true, cx),
        Some(PopupOutcome::Confirmed(ConfirmedAction::Exact(id))) => {
            app.composer.send_exactly_now(app.exchanges.log.exchange(id), true, cx);
        }
        Some(PopupOutcome::Chosen(kind, name)) => chosen(app, kind, &name),
        Some(PopupOutcome::Examine(text)) => examine(app, &text),
        Some(PopupOutcome::FillExamined) => fill_examined(app),
        Some(PopupOutcome::ShowFaults) => app.popups.show(Popup::Faults(FaultPanel::default())),
        Some(PopupOutcome::PickFault) => open_picker(app, PickerKind::Fault),
        Some(PopupOutcome::SetFault(text)) => {
            cx.effect(Effect::Faults(FaultRequest::Set(text)));
            app.popups.show(Popup::Faults(FaultPanel { selected: app.faults.set.len() }));
        }
        None => {}
    }
}

/// Closes the open popup after a click beside it, if nothing is lost with it.
pub(super) fn dismiss_popup(app: &mut App) {
    if app.popups.open().is_some_and(|popup| popup.view(&app.popup_context()).is_dismissible) {
        app.popups.close();
    }
}

fn chosen(app: &mut App, kind: PickerKind, name: &str) {
    match kind {
        PickerKind::Profile => {
            app.session.use_profile(name);
            app.composer.tabs.iter_mut().for_each(|tab| tab.region = None);
            app.effects.push(Effect::AskAgain);
            (0..app.composer.tabs.len()).for_each(|tab| forget_access(app, tab));
            app.composer.resolve_all(&mut Context { session: &app.session, requests: &mut app.requests });
        }
        PickerKind::Region => {
            app.composer.current_mut().region = Some(name.to_owned());
            forget_access(app, app.composer.tab);
            app.composer.resolve_shown(&mut Context { session: &app.session, requests: &mut app.requests });
        }
        PickerKind::Fault => draft_fault(app, name),
        PickerKind::Operation => app.requests.push(AppRequest::ChooseOperation(name.to_owned())),
        PickerKind::CopyAs | PickerKind::WriteAs => {
            let exported = app.exchanges.log.selected().ok_or_else(|| Notice::warning("nothing was sent yet"));
            match exported.and_then(|exchange| export(app.subject(exchange), name, kind == PickerKind::WriteAs)) {
                Ok(effect) => app.effects.push(effect),
                Err(notice) => notify(app, notice),
            }
        }
    }
}

/// Opens the list of export formats, if there is an exchange to export.
pub(super) fn open_export(app: &mut App, kind: PickerKind) {
    match app.exchanges.log.selected() {
        Some(_) => open_picker(app, kind),
        None => notify(app, Notice::warning("nothing was sent yet")),
    }
}

/// Opens a list.
pub(super) fn open_picker(app: &mut App, kind: PickerKind) {
    let (tab, session) = (app.current(), &app.session);
    let (choices, current) = match kind {
        PickerKind::Profile => (session.profiles.iter().map(profile_choice).collect(), session.profile().name.clone()),
        PickerKind::CopyAs | PickerKind::WriteAs => {
            (Format::ALL.iter().map(|format| choice(format.name(), format.description())).collect(), String::new())
        }
        PickerKind::Fault => (fault_choices(app), String::new()),
        PickerKind::Region => (
            tab.provider.iter().flat_map(|provider| &provider.regions).map(|region| choice(&region.id, &region.title)).collect(),
            tab.region().to_owned(),
        ),
        PickerKind::Operation => (
            tab.provider.iter().flat_map(|provider| &provider.operations).map(|one| choice(&one.id, &one.title)).collect(),
            tab.operation().map_or_else(String::new, |operation| operation.id.clone()),
        ),
    };
    app.popups.show(Popup::Picker(Picker::new(kind, choices, &current)));
}

/// Opens the faults; there is something to show only where the built-in emulator answers.
pub(super) fn open_faults(app: &mut App) {
    let profile = app.session.profile();
    if !profile.demo {
        let words = format!("faults apply to the built-in emulator only, which profile {} does not use: choose profile demo", profile.name);
        return notify(app, Notice::warning(words));
    }
    app.effects.push(Effect::Faults(FaultRequest::List(app.current().id.clone())));
    app.popups.show(Popup::Faults(FaultPanel::default()));
}

/// Opens the text of the chosen fault, to be finished.
fn draft_fault(app: &mut App, name: &str) {
    let (provider, operation) = fault_target(app.current());
    let Some((text, fault)) = app.faults.draft(name, provider, operation) else { return };
    let draft = FaultDraft { input: Input::new(text), meaning: fault.meaning.clone() };
    app.popups.show(Popup::FaultDraft(draft));
}

/// Lists what can strike this tab's provider.
fn fault_choices(app: &App) -> Vec<Choice> {
    let (_, operation) = fault_target(app.current());
    let detail = |fault: &PossibleFault| fault.status.map_or_else(String::new, |status| format!("{status}  ")) + &fault.meaning;
    app.faults.sorted(operation).into_iter().map(|fault| choice(&fault.name(operation), &detail(fault))).collect()
}

fn fault_target(tab: &Tab) -> (&str, Option<&str>) {
    (&tab.id, tab.operation().map(|operation| operation.id.as_str()))
}

/// Takes the emulator's report of its faults.
pub(super) fn fault_report(app: &mut App, report: FaultReport) {
    match report {
        FaultReport::Current(set) => app.faults.set = set,
        FaultReport::Available(possible) => {
            app.faults.possible = possible;
            // The list may come while it is being chosen from.
            let choices = fault_choices(app);
            app.popups.refill(PickerKind::Fault, choices);
        }
        FaultReport::Refused(text, reason) => {
            notify(app, Notice::failure(reason));
            app.popups.show(Popup::FaultDraft(FaultDraft { input: Input::new(text), meaning: String::new() }));
        }
    }
}

/// Has other credentials asked for, for the shown tab's vendor and this session.
pub(super) fn ask_other_key(app: &mut App) {
    let Some(vendor) = app.current().provider.as_ref().map(|provider| provider.vendor) else {
        return notify(app, Notice::warning("the catalog is still being read"));
    };
    app.popups.expect_question();
    app.effects.push(Effect::OtherKey { profile: app.session.profile().name.clone(), vendor });
    for at in 0..app.composer.tabs.len() {
        if app.composer.tabs[at].provider.as_ref().is_some_and(|provider| provider.vendor == vendor) {
            forget_access(app, at);
        }
    }
    app.composer.resolve_all(&mut Context { session: &app.session, requests: &mut app.requests });
}

/// Opens the laboratory with what was examined last.
pub(super) fn open_laboratory(app: &mut App) {
    app.popups.show(Popup::Text(laboratory(app.laboratory.is_examined())));
}

/// Has a pasted text examined.
fn examine(app: &mut App, text: &str) {
    let (keys, now) = (access_keys(&app.composer), app.session.now.time);
    if let Some(sample) = app.laboratory.begin(text, app.session.profile(), keys, now) {
        app.effects.push(Effect::Examine(Box::new(sample)));
    }
    open_laboratory(app);
}

/// Takes a report, unless something else was pasted since.
pub(super) fn examined(app: &mut App, number: u64, outcome: Result<Box<ExaminationReport>, ExamineError>) {
    if !app.laboratory.finish(number, outcome) {
        return;
    }
    if app.contexts().contains(&KeyContext::Laboratory) {
        return open_laboratory(app);
    }
    let words = format!("what was pasted is examined: {} shows it", app.session.keys.hint(Action::Laboratory));
    notify(app, Notice::done(words));
}

/// Puts the parameters of the examined request into the form of its call.
fn fill_examined(app: &mut App) {
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match form_of_examined(&app.laboratory.stage, &app.composer) {
        Ok((tab, form, lost)) => {
            app.popups.close();
            app.composer.fill_form(tab, &form, 0, cx);
            cx.requests.push(AppRequest::ShowForm);
            let session = cx.session;
            let what_now = format!("{} signs and sends it with profile {}", session.keys.hint(Action::Send), session.profile().name);
            cx.notify(if lost.is_empty() {
                Notice::done(format!("in its form: {what_now}"))
            } else {
                Notice::warning(format!("in its form, without {}, which the call does not have: {what_now}", joined(lost, "and")))
            });
        }
        Err(reason) => cx.notify(Notice::warning(reason.to_string())),
    }
}

/// A reason why the examined request fills no form.
#[derive(Debug, thiserror::Error)]
enum NotFilled {
    #[error("no request was examined yet: paste one")]
    NothingExamined,
    #[error("no tab has a call {0}")]
    NoCall(String),
    #[error("not into a form: {0}")]
    NoForm(#[from] DecodeError),
}

/// Returns the examined request as a form, with its tab (the shown one, where it has such a call) and what the form does not take.
fn form_of_examined(stage: &Stage, composer: &Composer) -> Result<(usize, Form, Vec<String>), NotFilled> {
    let Stage::Done(Ok(examined)) = stage else { return Err(NotFilled::NothingExamined) };
    let ExaminationReport { request, report, .. } = &**examined;
    let vendors = report.claim.as_ref().map(|claim| claim.scheme.vendors());
    let found = (composer.tab..composer.tabs.len()).chain(0..composer.tab).find_map(|at| {
        let provider =
            composer.tabs[at].provider.as_ref().filter(|provider| vendors.is_none_or(|known| known.contains(&provider.vendor)))?;
        let router = Router::new(provider);
        let route = router.find(request).route.ok()?;
        Some((at, provider, Arc::clone(route.operation), route.path))
    });
    let (tab, provider, operation, path) = found.ok_or_else(|| NotFilled::NoCall(format!("{} {}", request.method, request.path())))?;
    let form = decode(&operation, request, &path)?;
    Ok((tab, form, without_parameter(provider, &operation, request)))
}

/// Returns the profile's keys that are known, the shown tab's first.
fn access_keys(composer: &Composer) -> Vec<(Vendor, AccessKey)> {
    let (before, from) = composer.tabs.split_at(composer.tab);
    let key = |tab: &Tab| match (&tab.provider, &tab.access) {
        (Some(provider), Some(Ok(access))) => match &access.credentials {
            Credentials::AccessKey(key) => Some((provider.vendor, key.clone())),
            Credentials::Login(_) | Credentials::Token(_) => None,
        },
        _ => None,
    };
    from.iter().chain(before).filter_map(key).collect()
}

fn choice(name: &str, detail: &str) -> Choice {
    Choice { name: name.to_owned(), detail: detail.to_owned() }
}

fn profile_choice(profile: &ProfileSummary) -> Choice {
    let detail = if profile.demo { "the built-in emulator".to_owned() } else { format!("guard {}", profile.guard.name()) };
    choice(&profile.name, &detail)
}

/// Returns the names in the query and in the body that the call has no parameter for.
fn without_parameter(provider: &Provider, operation: &Operation, request: &Request) -> Vec<String> {
    let body = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&request.body).unwrap_or_default();
    let query = parse_query(request.query()).into_iter().map(|(name, _)| name.into_owned());
    let constants = || provider.constants.iter().chain(&operation.constants);
    let known = |name: &String| operation.parameter(name).is_some() || constants().any(|constant| constant.name == *name);
    query.chain(body.into_iter().map(|(name, _)| name)).filter(|name| !known(name)).collect()
}
