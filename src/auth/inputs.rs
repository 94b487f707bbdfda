//! The inputs of a signature, as they are read from a request or made for one.

use std::borrow::Cow;

use super::Scheme;
use super::hash::EncodedDigest;
use super::scheme::SchemeDescriptor;

/// The inputs of a signature.
#[derive(Clone, Debug)]
pub(super) struct SignatureInputs<'a> {
    /// The name for a trace.
    pub(super) name: Scheme,
    pub(super) scheme: &'static SchemeDescriptor,
    pub(super) key_id: Cow<'a, str>,
    pub(super) date: Cow<'a, str>,
    pub(super) scope: Option<SignedScope<'a>>,
    /// The names of the signed headers, in lower case.
    pub(super) signed: Vec<Cow<'a, str>>,
    pub(super) payload: EncodedDigest,
}

/// A scope as it is signed.
#[derive(Clone, Debug)]
pub(super) struct SignedScope<'a> {
    /// All of it: `20261122/cn-beijing/id/request`.
    pub(super) text: Cow<'a, str>,
    /// The day of the signature, the region, the service and the terminator: the rounds of the key's derivation. Region and service may be
    /// empty.
    pub(super) rounds: [&'a str; 4],
}

/// A caller's claim of its signature.
pub(super) struct Claim<'a> {
    /// The inputs, with an empty payload line.
    pub(super) inputs: SignatureInputs<'a>,
    /// The signature as it is written.
    pub(super) signature: Cow<'a, str>,
}
