//! Stub.
use super::{AccessKey, KeyLookup, Moment, SignError, Signed, Trace, VerifyError};
use crate::wire::Request;
use jiff::Timestamp;
pub(super) fn sign(_: Request, _: &AccessKey, _: &Moment, _: &[String]) -> Result<Signed, SignError> {
    unimplemented!()
}
pub(super) fn verify(_: &Request, _: KeyLookup<'_>, _: Timestamp) -> Result<Trace, VerifyError> {
    unimplemented!()
}
