//! A signature with its inputs, as both signing and verifying compute it.

use std::borrow::Cow;

use super::canonical::{self, Canonical, SigningTexts};
use super::hash::EncodedDigest;
use super::incoming::constant_time_eq;
use super::inputs::SignatureInputs;
use super::scheme::{SchemeDescriptor, SigningVariants, TextLayout};
use super::{KnownKey, Scheme, Trace, VerifyError, roa, rpc};
use crate::wire::Request;

/// A signature with its inputs, as made or as recomputed. What it has from the request it borrows: most requests verify, and then nobody
/// asks for more than who signed.
#[derive(Debug)]
pub struct ComputedSignature<'a> {
    inputs: SignatureInputs<'a>,
    texts: SigningTexts,
    signature: EncodedDigest,
}

impl<'a> SignatureInputs<'a> {
    /// Returns the signature of a request.
    pub(super) fn sign(self, request: &Request, key: KnownKey<'_>) -> ComputedSignature<'a> {
        let texts = match self.scheme.text {
            TextLayout::Canonical(_) => self.canonical(request, &canonical::path(self.scheme, request.path())),
            TextLayout::Roa | TextLayout::Storage => SigningTexts { bytes: roa::string_to_sign(self.scheme, request, ""), border: 0 },
            TextLayout::Rpc => SigningTexts { bytes: rpc::string_to_sign(request), border: 0 },
        };
        self.compute_signature(texts, key)
    }

    /// Returns the signature over the other text that official SDKs make of the same request.
    pub(super) fn sign_variant(self, request: &Request, key: KnownKey<'_>) -> ComputedSignature<'a> {
        let texts = match self.scheme.variants {
            SigningVariants::EmptyValues => SigningTexts { bytes: roa::string_to_sign(self.scheme, request, "="), border: 0 },
            _ => self.canonical(request, &canonical::sent_path(request.path())),
        };
        self.compute_signature(texts, key)
    }

    fn canonical(&self, request: &Request, uri: &str) -> SigningTexts {
        let (query, payload) = (canonical::query(self.scheme, request), self.payload.as_bytes());
        let canonical = Canonical { scheme: self.scheme, request, uri, query: &query, signed: &self.signed, payload };
        canonical.texts(&self.date, self.scope.as_ref().map_or("", |scope| &scope.text))
    }

    fn compute_signature(self, texts: SigningTexts, key: KnownKey<'_>) -> ComputedSignature<'a> {
        let signature = key.sign(self.scheme, self.scope.as_ref(), texts.to_sign());
        ComputedSignature { inputs: self, texts, signature }
    }
}

impl<'a> ComputedSignature<'a> {
    /// Returns the scheme.
    pub fn scheme(&self) -> Scheme {
        self.inputs.name
    }

    /// Returns the description of the scheme.
    pub fn descriptor(&self) -> &'static SchemeDescriptor {
        self.inputs.scheme
    }

    /// Returns the access key id.
    pub fn key_id(&self) -> &str {
        &self.inputs.key_id
    }

    /// Returns every intermediate.
    pub fn trace(self) -> Trace {
        let authorization = self.authorization();
        let Self { inputs, texts: SigningTexts { bytes: mut canonical_request, border }, signature } = self;
        let string_to_sign = canonical_request.split_off(border);
        Trace {
            scheme: inputs.name,
            key_id: inputs.key_id.into_owned(),
            date: inputs.date.into_owned(),
            scope: inputs.scope.map(|scope| scope.text.into_owned()),
            signed_headers: inputs.signed.into_iter().map(Cow::into_owned).collect(),
            payload_hash: inputs.payload.as_str().to_owned(),
            canonical_request: canonical::text(canonical_request),
            string_to_sign: canonical::text(string_to_sign),
            signature: signature.as_str().to_owned(),
            authorization,
        }
    }

    /// Returns the whole value of the `authorization` header; nothing where the signature is a parameter.
    fn authorization(&self) -> String {
        let SignatureInputs { scheme, key_id, scope, signed, .. } = &self.inputs;
        let signature = self.signature.as_str();
        match scheme.text {
            TextLayout::Canonical(_) => {
                let credential = scope.as_ref().map_or(Cow::Borrowed(&**key_id), |scope| [&**key_id, "/", &scope.text].concat().into());
                scheme.write(&credential, &signed.join(";"), signature)
            }
            TextLayout::Roa | TextLayout::Storage => [scheme.algorithm, " ", key_id, ":", signature].concat(),
            TextLayout::Rpc => String::new(),
        }
    }

    /// Returns its inputs.
    pub(super) fn inputs(&self) -> &SignatureInputs<'a> {
        &self.inputs
    }

    /// Returns whether it is the signature that the caller claims.
    pub(super) fn matches(&self, claimed: &str) -> bool {
        constant_time_eq(self.signature.as_bytes(), claimed.as_bytes())
    }

    /// Returns itself when it is the signature that the caller claims, else a mismatch that holds the trace.
    pub(super) fn require_match(self, holds: bool) -> Result<Self, VerifyError> {
        if holds { Ok(self) } else { Err(VerifyError::Mismatch(Box::new(self.trace()))) }
    }
}
