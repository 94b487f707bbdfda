//! A signature with all that it is made of: what signing and verifying have in common.

use std::borrow::Cow;

use super::authorization::Layout;
use super::hash::EncodedDigest;
use super::incoming::same;
use super::{Scheme, Trace, VerifyError, canonical};

/// A signature with all that it is made of, as made or as recomputed. What it has from the request it borrows: most requests verify,
/// and then nobody asks for more than who signed.
#[derive(Debug)]
pub struct ComputedSignature<'a> {
    pub(super) basis: SignatureInputs<'a>,
    pub(super) texts: Texts,
    pub(super) signature: EncodedDigest,
}

/// The inputs of a signature.
#[derive(Clone, Debug)]
pub(super) struct SignatureInputs<'a> {
    pub(super) scheme: Scheme,
    /// How the header is written; Alibaba Cloud's older signatures have ways of their own.
    pub(super) layout: Option<&'static Layout>,
    pub(super) key_id: Cow<'a, str>,
    pub(super) date: Cow<'a, str>,
    pub(super) scope: Option<Cow<'a, str>>,
    /// The names of the signed headers, in lower case.
    pub(super) signed: Vec<Cow<'a, str>>,
    pub(super) payload: EncodedDigest,
}

/// The canonical request and the text that is signed, one behind the other in one piece of memory.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) bytes: Vec<u8>,
    /// The start of the string to sign.
    pub(super) border: usize,
}

impl Texts {
    /// Returns the text that is signed.
    pub(super) fn to_sign(&self) -> &[u8] {
        &self.bytes[self.border..]
    }
}

impl ComputedSignature<'_> {
    /// Returns the scheme.
    pub fn scheme(&self) -> Scheme {
        self.basis.scheme
    }

    /// Returns the access key id.
    pub fn key_id(&self) -> &str {
        &self.basis.key_id
    }

    /// Returns every intermediate.
    pub fn trace(self) -> Trace {
        let authorization = self.authorization();
        let Self { basis, texts: Texts { bytes: mut canonical_request, border }, signature } = self;
        let string_to_sign = canonical_request.split_off(border);
        Trace {
            scheme: basis.scheme,
            key_id: basis.key_id.into_owned(),
            date: basis.date.into_owned(),
            scope: basis.scope.map(Cow::into_owned),
            signed_headers: basis.signed.into_iter().map(Cow::into_owned).collect(),
            payload_hash: basis.payload.as_str().to_owned(),
            canonical_request: canonical::text(canonical_request),
            string_to_sign: canonical::text(string_to_sign),
            signature: signature.as_str().to_owned(),
            authorization,
        }
    }

    /// Returns the whole value of the `authorization` header; nothing where the signature is a parameter.
    fn authorization(&self) -> String {
        let SignatureInputs { key_id, scope, signed, .. } = &self.basis;
        let credential = match scope {
            Some(scope) => Cow::Owned([&**key_id, "/", scope].concat()),
            None => Cow::Borrowed(&**key_id),
        };
        match self.basis.layout {
            Some(layout) => layout.write(&credential, &signed.join(";"), self.signature.as_str()),
            None if self.basis.scheme == Scheme::AcsRpc => String::new(),
            None => ["acs ", &credential, ":", self.signature.as_str()].concat(),
        }
    }

    /// Returns whether it is the signature that the caller claims.
    pub(super) fn is(&self, claimed: &str) -> bool {
        same(self.signature.as_bytes(), claimed.as_bytes())
    }

    /// Returns itself when it is what the caller claims and the payload is the declared one, else a mismatch that holds the trace.
    pub(super) fn judge(self, is_claimed: bool, payload_holds: bool) -> Result<Self, VerifyError> {
        if is_claimed && payload_holds { Ok(self) } else { Err(VerifyError::Mismatch(Box::new(self.trace()))) }
    }
}
