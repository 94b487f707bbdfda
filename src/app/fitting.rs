//! Making what the next frame shows for the sizes it has: pages are built here, before anything is drawn.

use super::page::{Page, Role};
use super::{App, Effect, PreviewView, Sizes, pages};
use crate::auth::Signed;
use crate::body::{View, index};
use crate::form::secrets;
use crate::redact::Redactor;

impl App {
    /// Makes what the next frame shows for the sizes it has.
    pub fn fit(&mut self, sizes: Sizes) -> Vec<Effect> {
        self.sizes = sizes;
        self.refresh_redactor();
        self.log.fit(sizes.log);
        self.current_mut().resources.fit(sizes.resources);
        self.fit_preview(sizes.preview.0, sizes.preview.1);
        self.fit_popup(sizes.popup);
        let opened = self.log.open_selected().map(Effect::HistoryRequest);
        let effects = self.fit_viewer(sizes.exchange.0, sizes.exchange.1).into_iter().chain(opened).collect();
        if let Some(jq) = &mut self.viewer.jq {
            let redactor = if self.revealed { &Redactor::blind() } else { &self.redactor };
            jq.fit(sizes.results, redactor);
        }
        effects
    }

    fn fit_preview(&mut self, width: usize, height: usize) {
        let tab = self.current();
        let from = (self.tab, tab.revision, tab.focus, self.preview.view, width, self.redactor().map(Redactor::version));
        if self.preview.made_from != Some(from) {
            self.preview.page = self.preview_page(width, self.form_redactor().as_ref());
            self.preview.made_from = Some(from);
        }
        self.preview.scroll = self.preview.scroll.min(self.preview.page.lines.len().saturating_sub(height.max(1)));
    }

    /// Returns what is masked in the preview, unless secrets are revealed: what is being typed into secret fields as well.
    fn form_redactor(&self) -> Option<Redactor> {
        self.redactor().map(|redactor| self.with_typed(redactor))
    }

    /// Returns the same redactor, and what is being typed into secret fields of the shown form.
    pub(super) fn with_typed(&self, redactor: &Redactor) -> Redactor {
        let typed = self.current().form().map(|form| secrets(&form.operation, &form.given()).collect::<Vec<_>>());
        redactor.with(typed.iter().flatten())
    }

    pub(super) fn preview_page(&self, width: usize, redactor: Option<&Redactor>) -> Page {
        let tab = self.current();
        let mut page = Page::new(width);
        if let Some(resources) = self.shown_resources() {
            let list = &resources.list.operation;
            let source = pages::Source { noun: &resources.noun, list, zone: &self.zone, redactor };
            pages::resource(&mut page, &tab.resources, &source);
            return page;
        }
        match (self.preview.view, &tab.preview) {
            (PreviewView::Field, _) => {
                if let (Some(operation), Some((parameter, _))) = (tab.operation(), tab.focused()) {
                    pages::field(&mut page, operation, parameter);
                }
            }
            (_, Err(reason)) => pages::missing(&mut page, reason),
            (PreviewView::Request, Ok(signed)) => self.preview_request(&mut page, signed, redactor),
            (PreviewView::Signing, Ok(signed)) => {
                let made = pages::Signing { keys: &self.keys, trace: &signed.trace, request: &signed.request, finding: None };
                pages::signing(&mut page, &made, redactor);
            }
        }
        page
    }

    fn preview_request(&self, page: &mut Page, signed: &Signed, redactor: Option<&Redactor>) {
        pages::warnings(page, self.current());
        pages::request(page, &signed.request, redactor);
        page.gap();
        let none = Redactor::blind();
        let rows = index(&signed.request.body, View::Raw, page.columns(), redactor.unwrap_or(&none));
        pages::rows(page, &rows, &signed.request.body);
        let Some(Ok(access)) = &self.current().access else { return };
        if access.awaits_token() {
            page.gap();
            page.text(
                Role::Dim,
                "x-auth-token: a token of the identity service is fetched when the call is sent, or reused if one is still valid",
            );
        }
    }
}
