//! The preview pane: the request as it would be sent, its signature, the focused field's documentation.

use super::Tab;
use crate::app::focus::stepped;
use crate::app::keys::KeyMap;
use crate::app::page::{Page, Role};
use crate::app::{Action, pages};
use crate::auth::Signed;
use crate::body::{View, index};
use crate::redact::Redactor;

/// The views of the preview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreviewView {
    /// The request as it would be sent.
    #[default]
    Request,
    /// Its signature step by step.
    Signing,
    /// The focused field's documentation.
    Field,
}

impl PreviewView {
    /// Every view in the order of the pane's head.
    pub const ALL: [Self; 3] = [Self::Request, Self::Signing, Self::Field];

    /// Returns its name in the pane's head.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Signing => "signing",
            Self::Field => "field",
        }
    }

    /// Fills a page with this view of a tab's form.
    pub(in crate::app) fn fill(self, page: &mut Page, tab: &Tab, keys: &KeyMap, redactor: Option<&Redactor>) {
        match (self, &tab.preview) {
            (Self::Field, _) => {
                if let (Some(operation), Some((parameter, _))) = (tab.operation(), tab.focused()) {
                    pages::field(page, operation, parameter);
                }
            }
            (_, Err(reason)) => pages::missing(page, &reason.to_string()),
            (Self::Request, Ok(signed)) => request(page, tab, signed, redactor),
            (Self::Signing, Ok(signed)) => {
                let signing = pages::Signing { keys, trace: &signed.trace, request: &signed.request, finding: None };
                pages::signing(page, &signing, redactor);
            }
        }
    }
}

fn request(page: &mut Page, tab: &Tab, signed: &Signed, redactor: Option<&Redactor>) {
    pages::warnings(page, tab);
    pages::request(page, &signed.request, redactor);
    page.gap();
    let none = Redactor::disabled();
    let rows = index(&signed.request.body, View::Raw, page.columns(), redactor.unwrap_or(&none));
    pages::rows(page, &rows, &signed.request.body);
    if matches!(&tab.access, Some(Ok(access)) if access.awaits_token()) {
        page.gap();
        page.text(
            Role::Dim,
            "x-auth-token: a token of the identity service is fetched when the call is sent, or reused if one is still valid",
        );
    }
}

/// The inputs of the preview's page; a page with another key is built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct PreviewKey {
    /// The tab, with the revisions of its form and of its table.
    pub tab: (usize, u64, u64),
    /// The focused field.
    pub field: usize,
    /// The view.
    pub view: PreviewView,
    /// The page's columns.
    pub width: usize,
    /// The version of the redactor; `None` while secrets are revealed.
    pub redactor: Option<u64>,
}

/// The preview pane's state.
#[derive(Debug, Default)]
pub struct Preview {
    /// The view.
    pub view: PreviewView,
    /// The first line shown.
    pub scroll: usize,
    /// The text, made for the pane's width.
    pub page: Page,
    key: Option<PreviewKey>,
    height: usize,
}

impl Preview {
    /// Returns whether the page is made from these inputs.
    pub(in crate::app) fn is_made(&self, key: PreviewKey) -> bool {
        self.key == Some(key)
    }

    /// Takes a new page, and keeps the first line shown within it.
    pub(in crate::app) fn fit(&mut self, key: PreviewKey, height: usize, page: Option<Page>) {
        self.height = height;
        if let Some(page) = page {
            (self.page, self.key) = (page, Some(key));
        }
        self.scroll = self.scroll.min(self.page.lines.len().saturating_sub(height.max(1)));
    }

    /// Carries out an action of the pane.
    pub(in crate::app) fn act(&mut self, action: Action) {
        match action {
            Action::NextView => (self.view, self.scroll) = (stepped(&PreviewView::ALL, self.view, 1), 0),
            Action::PreviousView => (self.view, self.scroll) = (stepped(&PreviewView::ALL, self.view, -1), 0),
            _ if action.moves() => self.scroll = action.moved(self.scroll, self.height),
            _ => {}
        }
    }
}
