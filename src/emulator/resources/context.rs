//! An operation about to be carried out, with what it needs of its request.

use crate::emulator::auth::accounts::Caller;
use crate::emulator::request_context::RequestContext;
use crate::form::Form;

/// An operation that somebody may carry out.
pub(crate) struct OperationContext<'a> {
    /// The parameters.
    pub form: &'a Form,
    /// The caller.
    pub caller: &'a Caller,
    /// The facts of the request.
    pub request: &'a RequestContext<'a>,
}
