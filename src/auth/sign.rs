//! Signing: the scheme's headers are added, then the signature over all that the scheme signs.

use super::canonical::{self, declared_payload};
use super::hash::EncodedDigest;
use super::inputs::{SignatureInputs, SignedScope};
use super::outgoing::{add, check_text, select, text};
use super::scheme::SchemeDescriptor;
use super::{AccessKey, Credentials, Scheme, Scope, SignError, Signed, SigningInputs, Trace, token};
use crate::wire::{Headers, Request};

/// Signs a request. Headers that are there already (`x-acs-date`, a caller's own) are kept and signed if the scheme signs such a
/// header by rule; those named in `also` are signed as well.
///
/// # Errors
/// [`SignError`] when scheme and credentials do not fit, or a credential cannot stand in a header.
pub fn sign(
    scheme: Scheme,
    request: Request,
    credentials: &Credentials,
    scope: Scope<'_>,
    moment: &SigningInputs,
    also: &[String],
) -> Result<Signed, SignError> {
    let wrong = |needs| Err(SignError::WrongCredentials { scheme: scheme.name(), needs, has: credentials.describe() });
    match (scheme.descriptor(), credentials) {
        (None, Credentials::Token(token)) => token::sign(request, token),
        (None, _) => wrong("a token"),
        (Some(descriptor), _) if !descriptor.signs => Err(SignError::VerifyOnly(descriptor.name)),
        (Some(descriptor), Credentials::AccessKey(key)) => {
            Signer { name: scheme, scheme: descriptor, key, scope, moment }.sign(request, also)
        }
        (Some(_), _) => wrong("an access key"),
    }
}

/// The inputs of one signature beside the request.
struct Signer<'s> {
    name: Scheme,
    scheme: &'static SchemeDescriptor,
    key: &'s AccessKey,
    scope: Scope<'s>,
    moment: &'s SigningInputs,
}

impl Signer<'_> {
    fn sign(&self, mut request: Request, also: &[String]) -> Result<Signed, SignError> {
        self.check()?;
        let declared = declared_payload(self.scheme, &request).map(|declared| EncodedDigest::Text(declared.to_owned().into()));
        let payload = declared.unwrap_or_else(|| canonical::payload(self.scheme, &request));
        self.add_headers(&mut request.headers, payload.as_str());
        let date = text(&request.headers, self.scheme.date);
        check_text("date", if self.scheme.terminator.is_some() { &date } else { "" })?;
        let trace = self.trace(&request, payload, &date, also);
        request.headers.set("authorization", trace.authorization.as_str());
        Ok(Signed { request, trace })
    }

    /// Refuses inputs that cannot stand in a header.
    fn check(&self) -> Result<(), SignError> {
        check_text("access key id", &self.key.id)?;
        check_text("security token", self.key.security_token().unwrap_or_default())?;
        check_text("project id", self.key.project_id.as_deref().unwrap_or_default())?;
        check_text("nonce", self.scheme.nonce.map_or("", |_| &self.moment.nonce))?;
        check_text("region", self.scheme.terminator.map_or("", |_| self.scope.region))?;
        check_text("service", self.scheme.terminator.map_or("", |_| self.scope.service))
    }

    /// Adds the scheme's headers. Where a caller may leave the body unsigned, its hash is not declared.
    fn add_headers(&self, headers: &mut Headers, hash: &str) {
        let (scheme, token) = (self.scheme, self.key.security_token());
        let date = scheme.date_format.write(self.moment.now);
        let added = [
            scheme.key_id.filter(|_| token.is_some()).map(|name| (name, &*self.key.id)),
            scheme.project.zip(self.key.project_id.as_deref().filter(|project| !project.is_empty())),
            scheme.hash.filter(|_| !scheme.may_leave_body).map(|name| (name, hash)),
            Some((scheme.date, &*date)),
            token.map(|token| (scheme.token, token)),
            scheme.nonce.map(|name| (name, &*self.moment.nonce)),
        ];
        added.into_iter().flatten().for_each(|(name, value)| add(headers, name, value));
    }

    /// Returns the trace of the signature of a request with all its headers.
    fn trace(&self, request: &Request, payload: EncodedDigest, date: &str, also: &[String]) -> Trace {
        let scheme = self.scheme;
        let Scope { region, service } = self.scope;
        let scope = scheme.terminator.map(|terminator| {
            let rounds = [date.get(..8).unwrap_or(date), region, service, terminator];
            SignedScope { text: rounds.join("/").into(), rounds }
        });
        let inputs = SignatureInputs {
            name: self.name,
            scheme,
            key_id: (&*self.key.id).into(),
            date: date.into(),
            scope,
            signed: select(&request.headers, |name| scheme.signs_header(name), also),
            payload,
        };
        inputs.sign(request, self.key.into()).trace()
    }
}
