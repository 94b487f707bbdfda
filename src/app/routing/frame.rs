//! Making what the next frame shows for the sizes it has: pages are built here, before anything is drawn.

use super::requests::{refresh_redactor, run_requests};
use crate::app::composer::PreviewKey;
use crate::app::exchanges::ExchangeContext;
use crate::app::page::Page;
use crate::app::{App, Context, Effect, Sizes, pages};
use crate::redact::Redactor;

/// Makes what the next frame shows for the sizes it has.
pub(in crate::app) fn fit(app: &mut App, sizes: Sizes) -> Vec<Effect> {
    refresh_redactor(app);
    app.exchanges.log.fit(sizes.log);
    app.resources.tables[app.composer.tab].fit(sizes.resources);
    fit_preview(app, sizes.preview);
    let mut popups = std::mem::take(&mut app.popups);
    popups.fit(sizes.popup, &app.popup_context());
    app.popups = popups;
    fit_viewer(app, sizes);
    if let Some(request) = app.exchanges.log.open_selected() {
        app.effects.push(Effect::HistoryRequest(request));
    }
    std::mem::take(&mut app.effects)
}

fn fit_viewer(app: &mut App, sizes: Sizes) {
    let App { session, exchanges, composer, resources, viewer, requests, .. } = app;
    let subject = exchanges.log.selected().map(|exchange| ExchangeContext::of(exchange, session, &exchanges.log, composer, resources));
    viewer.fit(subject, sizes.exchange, sizes.results, &mut Context { session, requests });
    run_requests(app);
}

fn fit_preview(app: &mut App, (width, height): (usize, usize)) {
    let tab = app.current();
    let redactor = app.session.screen_redactor();
    let key = PreviewKey {
        tab: (app.composer.tab, tab.revision, app.table().revision),
        field: tab.focus,
        view: app.preview.view,
        width,
        redactor: redactor.map(Redactor::version),
    };
    let page = (!app.preview.is_made(key)).then(|| {
        let redactor = redactor.map(|redactor| app.composer.masking_typed(redactor));
        preview_page(app, width, redactor.as_ref())
    });
    app.preview.fit(key, height, page);
}

/// Returns the page of the preview: of the form, or of the selected resource.
pub(super) fn preview_page(app: &App, width: usize, redactor: Option<&Redactor>) -> Page {
    let mut page = Page::new(width);
    match app.shown_resources() {
        Some(resources) => {
            let list = &resources.list.operation;
            let source = pages::Source { noun: &resources.noun, list, zone: &app.session.zone, redactor };
            pages::resource(&mut page, app.table(), &source);
        }
        None => app.preview.view.fill(&mut page, app.current(), &app.session.keys, redactor),
    }
    page
}
