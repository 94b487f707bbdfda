//! The way back: a request as a server receives it, made into a form. The emulator checks it with the same rules.

use std::sync::Arc;

use thiserror::Error;

use super::Form;
use crate::catalog::Operation;
use crate::wire::Request;

/// Why a request is not a form.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The body is not a JSON object.
    #[error("the body is not a JSON object: {0}")]
    Body(String),
}

/// Reads a request's parameters. A value of another type than its parameter's becomes [`super::Value::Json`], and `validate` says so.
/// `path` holds the values of the path's parameters, as the route matched them.
pub fn decode(_operation: &Arc<Operation>, _request: &Request, _path: &[(String, String)]) -> Result<Form, DecodeError> {
    unimplemented!()
}
