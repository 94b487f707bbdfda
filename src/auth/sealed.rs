//! A signature with all that it is made of: what signing and verifying have in common.

use std::borrow::Cow;

use super::authorization::Layout;
use super::hash::Written;
use super::incoming::same;
use super::{Scheme, Trace, VerifyError, canonical};

/// A signature with all that it is made of, as made or as recomputed. What it has from the request it borrows: most requests verify,
/// and then nobody asks for more than who signed.
#[derive(Debug)]
pub struct Sealed<'a> {
    pub(super) basis: Basis<'a>,
    pub(super) texts: Texts,
    pub(super) signature: Written,
}

/// What is known of a signature before it is made.
#[derive(Clone, Debug)]
pub(super) struct Basis<'a> {
    pub(super) scheme: Scheme,
    /// How the header is written; Alibaba Cloud's older signatures have ways of their own.
    pub(super) layout: Option<&'static Layout>,
    pub(super) key_id: Cow<'a, str>,
    pub(super) date: Cow<'a, str>,
    pub(super) scope: Option<Cow<'a, str>>,
    /// The names of the signed headers, in lower case.
    pub(super) signed: Vec<Cow<'a, str>>,
    pub(super) payload: Written,
}

/// The canonical request and the text that is signed, one behind the other in one piece of memory.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) bytes: Vec<u8>,
    /// Where the text that is signed begins.
    pub(super) border: usize,
}

impl Texts {
    /// The text that is signed.
    pub(super) fn to_sign(&self) -> &[u8] {
        &self.bytes[self.border..]
    }
}

impl Sealed<'_> {
    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.basis.scheme
    }

    /// The access key id.
    pub fn key_id(&self) -> &str {
        &self.basis.key_id
    }

    /// Every intermediate.
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

    /// The whole value of the `authorization` header; nothing where the signature is a parameter.
    fn authorization(&self) -> String {
        let Basis { key_id, scope, signed, .. } = &self.basis;
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

    /// Whether it is the signature that the caller claims.
    pub(super) fn is(&self, claimed: &str) -> bool {
        same(self.signature.as_bytes(), claimed.as_bytes())
    }

    /// Itself when it is what the caller claims and the payload is the declared one, else a mismatch that holds the trace.
    pub(super) fn judge(self, is_claimed: bool, payload_holds: bool) -> Result<Self, VerifyError> {
        if is_claimed && payload_holds { Ok(self) } else { Err(VerifyError::Mismatch(Box::new(self.trace()))) }
    }
}
