//! IAM tokens (Huawei, OTC): the request that fetches one, its answer, and its use.

use jiff::Timestamp;
use thiserror::Error;

use super::{Login, SignError, Signed};
use crate::secret::Secret;
use crate::wire::{Endpoint, Request, Response};

/// A token and how long it holds.
#[derive(Clone, Debug)]
pub struct Token {
    /// The value for `x-auth-token`.
    pub value: Secret,
    /// When it expires, as the answer says.
    pub expires_at: Timestamp,
}

/// Why an answer gives no token.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TokenError {
    /// The status is not 201.
    #[error("the token service answered {0}, not 201")]
    Status(u16),
    /// No `x-subject-token` in a 201.
    #[error("the token service answered 201 without an x-subject-token header")]
    NoToken,
    /// The expiry is missing or unreadable.
    #[error("the token service's answer has no readable expires_at")]
    NoExpiry,
}

/// The request that fetches a token: `POST /v3/auth/tokens?nocatalog=1`.
pub fn token_request(_login: &Login, _endpoint: &Endpoint) -> Request {
    unimplemented!()
}

/// Reads the answer to a token request.
pub fn read_token(_response: &Response) -> Result<Token, TokenError> {
    unimplemented!()
}

pub(super) fn sign(_request: Request, _token: &Secret) -> Result<Signed, SignError> {
    unimplemented!()
}
