//! A signature with all that it is made of: what signing and verifying have in common.

use std::borrow::Cow;

use super::authorization::Layout;
use super::hash::hex_hmac_sha256;
use super::incoming::same;
use super::{Scheme, Trace, VerifyError, canonical};
use crate::secret::Secret;

/// A signature with all that it is made of, as made or as recomputed. What it has from the request it borrows: most requests verify,
/// and then nobody asks for more than who signed.
#[derive(Debug)]
pub struct Sealed<'a> {
    pub(super) scheme: Scheme,
    /// How the header is written; the older ROA signature has a way of its own.
    pub(super) layout: Option<&'static Layout>,
    pub(super) key_id: &'a str,
    pub(super) date: &'a str,
    pub(super) scope: Option<Cow<'a, str>>,
    pub(super) signed_headers: Vec<Cow<'a, str>>,
    pub(super) payload_hash: Cow<'a, str>,
    pub(super) canonical_request: Vec<u8>,
    pub(super) string_to_sign: Vec<u8>,
    pub(super) signature: String,
}

/// What a request is signed with where the scheme has neither a scope nor a derived key.
pub(super) struct Basis<'a> {
    pub(super) key_id: &'a str,
    pub(super) date: &'a str,
    pub(super) signed: Vec<Cow<'a, str>>,
    pub(super) payload_hash: Cow<'a, str>,
}

impl<'a> Basis<'a> {
    /// The signature over a canonical request and the text that is made of it.
    pub(super) fn sealed(self, (scheme, layout): (Scheme, &'static Layout), texts: (Vec<u8>, String), secret: &Secret) -> Sealed<'a> {
        let (canonical_request, string_to_sign) = texts;
        Sealed {
            scheme,
            layout: Some(layout),
            key_id: self.key_id,
            date: self.date,
            scope: None,
            signed_headers: self.signed,
            payload_hash: self.payload_hash,
            canonical_request,
            signature: hex_hmac_sha256(secret.expose().as_bytes(), string_to_sign.as_bytes()),
            string_to_sign: string_to_sign.into(),
        }
    }
}

impl Sealed<'_> {
    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The access key id.
    pub fn key_id(&self) -> &str {
        self.key_id
    }

    /// Every intermediate.
    pub fn trace(self) -> Trace {
        Trace {
            scheme: self.scheme,
            key_id: self.key_id.to_owned(),
            date: self.date.to_owned(),
            authorization: self.authorization(),
            scope: self.scope.map(Cow::into_owned),
            signed_headers: self.signed_headers.into_iter().map(Cow::into_owned).collect(),
            payload_hash: self.payload_hash.into_owned(),
            canonical_request: canonical::text(self.canonical_request),
            string_to_sign: canonical::text(self.string_to_sign),
            signature: self.signature,
        }
    }

    /// The whole value of the `authorization` header.
    fn authorization(&self) -> String {
        let credential = match &self.scope {
            Some(scope) => Cow::Owned([self.key_id, "/", scope].concat()),
            None => Cow::Borrowed(self.key_id),
        };
        match self.layout {
            Some(layout) => layout.write(&credential, &self.signed_headers.join(";"), &self.signature),
            None => ["acs ", &credential, ":", &self.signature].concat(),
        }
    }

    /// Whether it is the signature that the caller claims.
    pub(super) fn is(&self, claimed: &str) -> bool {
        same(self.signature.as_bytes(), claimed.as_bytes())
    }

    /// Itself when it is what the caller claims and the payload is the declared one, else a mismatch that holds the trace.
    pub(super) fn judge(self, claimed: &str, payload_holds: bool) -> Result<Self, VerifyError> {
        if self.is(claimed) && payload_holds { Ok(self) } else { Err(VerifyError::Mismatch(Box::new(self.trace()))) }
    }
}
