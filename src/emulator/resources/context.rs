//! An operation about to be carried out, with what it needs of its request.

use crate::emulator::auth::accounts::Caller;
use crate::emulator::request_context::{ProviderContext, RequestContext};
use crate::form::Form;

/// An operation that somebody may carry out.
pub(crate) struct OperationContext<'a> {
    /// The port's provider.
    pub provider_context: &'a ProviderContext,
    /// The parameters.
    pub form: &'a Form,
    /// The caller.
    pub caller: &'a Caller,
    /// Facts of the request.
    pub request_context: &'a RequestContext,
}
