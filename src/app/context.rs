//! What the owners of state share: what all of them may read, and what each may ask of the others and of the outside.

use super::focus::Pane;
use super::keys::Action;
use super::message::{Effect, Notice};
use super::popups::Popup;
use super::session::Session;
use crate::exchange::ExchangeId;
use crate::form::Form;

/// The context in which an owner of state handles something.
pub struct Context<'a> {
    /// The state of the session.
    pub session: &'a Session,
    /// The requests so far, in their order.
    pub requests: &'a mut Vec<AppRequest>,
}

/// A request of one owner to the outside or to another owner; the root carries it out.
#[derive(Debug)]
pub enum AppRequest {
    /// Do something outside.
    Effect(Effect),
    /// Tell the operator something.
    Notify(Notice),
    /// Give a pane the focus.
    Focus(Pane),
    /// Begin to type into the focused field of the form.
    Edit,
    /// Put the form in the place of the table, and give it the focus.
    ShowForm,
    /// Fill a form in for the shown tab, with the focus on this field.
    FillForm(Form, usize),
    /// Show the shown tab's form of this operation as it was left.
    ChooseOperation(String),
    /// Put the table of a tab back in the place of the form, if the operator still waits for the call that was sent from there.
    ReturnToTable(usize),
    /// Select the newest exchange: the operator has just sent it.
    FollowNewest,
    /// Make the page of the selected exchange again.
    RemakePage,
    /// Open a popup.
    Open(Box<Popup>),
    /// Close the open popup.
    ClosePopup,
    /// Open the comparison of two exchanges.
    Compare(ExchangeId, ExchangeId),
}

impl Context<'_> {
    /// Returns the key by which a text names an action.
    pub fn key(&self, action: Action) -> String {
        self.session.keys.hint(action)
    }

    /// Asks for something outside.
    pub fn effect(&mut self, effect: Effect) {
        self.requests.push(AppRequest::Effect(effect));
    }

    /// Asks for several things outside.
    pub fn effects(&mut self, effects: impl IntoIterator<Item = Effect>) {
        self.requests.extend(effects.into_iter().map(AppRequest::Effect));
    }

    /// Tells the operator something.
    pub fn notify(&mut self, notice: Notice) {
        self.requests.push(AppRequest::Notify(notice));
    }

    /// Asks for the focus of a pane.
    pub fn focus(&mut self, pane: Pane) {
        self.requests.push(AppRequest::Focus(pane));
    }

    /// Opens a popup.
    pub fn open(&mut self, popup: Popup) {
        self.requests.push(AppRequest::Open(Box::new(popup)));
    }
}
