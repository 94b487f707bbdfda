//! The examination: from a case to a report.

use super::align::{Comparison, Texts, layout_of};
use super::claim::ParsedClaim;
use super::claimed::Claimed;
use super::fault::{self, MistakeKind};
use super::material::SignatureParts;
use super::mistake::{MISTAKE_SOURCES, MistakeContext};
use super::read::PastedRequest;
use super::report::{Cause, Certainty, Recomputed, Report, Verdict};
use super::search::{IN_PAIRS, search};
use super::server::ServerText;
use super::{ExaminedRequest, miscopied, relation, signing_variants, structure, version};
use crate::auth::{AccessKey, MAX_CLOCK_SKEW_SECONDS, Scheme, Trace, VerifyError, verify};
use crate::wire::Request;

/// Examines a signed request.
pub fn examine(case: &ExaminedRequest<'_>) -> Report {
    match ParsedClaim::of(case.request) {
        Ok(mut reading) => {
            let own = reading.request.take();
            let request = own.as_ref().unwrap_or(case.request);
            Examination::of(&ExaminedRequest { request, ..*case }, reading).report()
        }
        Err(causes) => nothing_signed(causes),
    }
}

/// Examines a request that was pasted. Where its length is not told, a line end after the body may be the paste's own: the request is
/// examined without it too, and what explains more counts.
pub fn examine_pasted(pasted: &PastedRequest, case: &ExaminedRequest<'_>) -> (Report, Request) {
    let whole = examine(&ExaminedRequest { request: &pasted.request, ..*case });
    if !pasted.loose_end || whole.verdict == Verdict::Verifies {
        return (whole, pasted.request.clone());
    }
    let body = pasted.request.body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body)).unwrap_or_default();
    let shorter = Request { body: body.to_vec().into(), ..pasted.request.clone() };
    let report = examine(&ExaminedRequest { request: &shorter, ..*case });
    let unknown = report.answer().is_some_and(|cause| cause.fault == &fault::UNKNOWN);
    if unknown { (whole, pasted.request.clone()) } else { (report, shorter) }
}

/// Returns our signing beside what the server says that it signed: aligned line by line, with the causes of what differs, first things
/// first. Equal texts mean that the secrets differ. `body` helps to recognise hashes.
pub fn compare(trace: &Trace, server: &ServerText, body: Option<&[u8]>) -> (Comparison, Vec<Cause>) {
    let ours = Texts { canonical_request: trace.canonical_request.clone(), string_to_sign: trace.string_to_sign.clone() };
    let layout = layout_of(trace.scheme);
    let comparison = Comparison::of(layout, &ours, &server.texts(layout, &ours));
    let mut causes = relation::causes(&comparison, body);
    if causes.is_empty() && !comparison.parts.is_empty() {
        causes.push(Cause::proven(&fault::WRONG_SECRET, "the server's text is ours, byte for byte"));
    }
    (comparison, causes)
}

/// Returns the report on a request without a signature that could be recomputed. A token request that the identity service would refuse fails.
fn nothing_signed(causes: Vec<Cause>) -> Report {
    let seen = |fault: &'static MistakeKind| causes.iter().any(|cause| cause.fault == fault && cause.certainty == Certainty::Seen);
    let verdict = if seen(&fault::TOKEN_REQUEST_BODY) {
        Verdict::Fails
    } else if seen(&fault::SCHEME_UNKNOWN) {
        Verdict::NotVerified
    } else {
        Verdict::NoSignature
    };
    Report::new(verdict, causes)
}

/// A case whose claim is read.
struct Examination<'e> {
    case: &'e ExaminedRequest<'e>,
    reading: ParsedClaim,
    /// The key with the request's own id and token in it, where a secret is known.
    key: Option<AccessKey>,
    bases: Vec<SignatureParts>,
    claimed: Claimed,
}

/// The result of checking the signature with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is right, and a gateway would take the request.
    Right,
    /// It is right, and a gateway would refuse the request for something else.
    Refused(VerifyError),
    /// It is not.
    Wrong,
    /// There is no key.
    Unknown,
    /// A part of what is signed is not in the request: the bucket behind a domain of the caller's own.
    Hidden,
}

impl<'e> Examination<'e> {
    fn of(case: &'e ExaminedRequest<'e>, reading: ParsedClaim) -> Self {
        let key = case.key.map(|key| with_token_of(key, case, &reading));
        let secret = key.as_ref().map_or("", |key| key.secret.expose());
        let base = SignatureParts::of(reading.dialect, case.request, &reading.claim, secret);
        let claimed = Claimed::read(&reading.claim.signature, reading.dialect);
        let mut bases = signing_variants::all(base, case.request);
        // The way that was taken is the one that is shown.
        if let Some(at) = bases.iter().position(|base| claimed.is(&base.signature())).filter(|_| key.is_some()) {
            bases.swap(0, at);
        }
        Self { case, reading, key, bases, claimed }
    }

    fn outcome(&self) -> Outcome {
        let Some(key) = &self.key else { return Outcome::Unknown };
        let holds = self.claimed.is(&self.bases[0].signature());
        match self.reading.dialect.verified_as().map(|scheme| self.verified(scheme, key)) {
            None if !holds && signing_variants::hides_bucket(self.reading.dialect, self.case.request) => Outcome::Hidden,
            None | Some(Ok(())) if holds => Outcome::Right,
            Some(Ok(())) => Outcome::Right,
            Some(Err(error)) if holds => Outcome::Refused(error),
            None | Some(Err(_)) => Outcome::Wrong,
        }
    }

    /// Returns what the emulator's verifiers say, by the request's own clock.
    fn verified(&self, scheme: Scheme, key: &AccessKey) -> Result<(), VerifyError> {
        // The id as it stands in the header: one with signs around it is no key's.
        let keys = |id: &str| (id == self.reading.claim.key_id).then(|| key.into());
        let now = structure::own_time(&self.reading, self.case).unwrap_or_default();
        verify(scheme, self.case.request, &keys, now).map(drop)
    }

    fn report(self) -> Report {
        let outcome = self.outcome();
        let mut causes = structure::causes(self.case, &self.reading);
        causes.extend(
            self.claimed
                .fault
                .filter(|_| !self.reading.claim.signature.is_empty())
                .map(|fault| Cause::seen(fault, self.reading.claim.signature.clone())),
        );
        if outcome == Outcome::Right && self.reading.dialect.verified_as().is_some() {
            causes.iter_mut().filter(|cause| !rejects_valid_signature(cause)).for_each(|cause| cause.certainty = Certainty::Noted);
        }
        if let Outcome::Refused(error) = &outcome
            && !causes.iter().any(|cause| cause.certainty == Certainty::Seen)
        {
            causes.push(Cause::seen(&fault::AUTHORIZATION_MALFORMED, error.to_string()));
        }
        if outcome == Outcome::Hidden {
            causes.insert(0, Cause::seen(&fault::BUCKET_UNKNOWN, "tried: the host, its first label, and none"));
        }
        let mut report = self.opened(causes);
        if let (Outcome::Wrong, Some(key)) = (&outcome, &self.key) {
            self.explain(key, &mut report);
            structure::prioritize_body_causes(&mut report.causes);
        }
        self.beside_server(&outcome, &mut report);
        conclude(&outcome, &mut report);
        report
    }

    fn opened(&self, causes: Vec<Cause>) -> Report {
        let (claim, recomputed) = (Some(self.reading.claim.clone()), Some(self.recomputed()));
        Report { claim, recomputed, ..Report::new(Verdict::Open, causes) }
    }

    fn recomputed(&self) -> Recomputed {
        let texts = texts(&self.bases[0]);
        let signature = self.key.as_ref().map(|_| written(&self.bases[0]));
        Recomputed { canonical_request: texts.canonical_request, string_to_sign: texts.string_to_sign, signature }
    }

    /// Searches for what the caller did.
    fn explain(&self, key: &AccessKey, report: &mut Report) {
        let ExaminedRequest { request, hints, url_host, .. } = *self.case;
        let claim = &self.reading.claim;
        if let Some(cause) = self.bases.iter().find_map(|base| miscopied::cause(&claim.signature, &written(base))) {
            report.tried = self.bases.len();
            report.causes.retain(|cause| cause.fault != &fault::SIGNATURE_SHAPE);
            report.causes.insert(0, cause);
            return;
        }
        // The secret that signed is not there: what was given is the key id, or stands in its place.
        if key.id.is_empty() && report.causes.iter().any(|cause| cause.fault == &fault::KEY_EXCHANGED) {
            report.tried = self.bases.len();
            return;
        }
        let contexts: Vec<MistakeContext<'_>> = self
            .bases
            .iter()
            .take(signing_variants::MAX_SEARCHED)
            .map(|base| MistakeContext { request, claim, base, key, hints, url_host })
            .collect();
        let searched = search(&contexts, &self.claimed);
        report.tried = searched.tried;
        report.checked = MISTAKE_SOURCES.map(|(about, _)| about).to_vec();
        report.checked.push(IN_PAIRS);
        report.checked.extend(searched.cut.then_some(
            "not all of these: what is least likely is left out where the work would be too much (a large request, many secrets and dates)",
        ));
        let last = || version::signed(&self.bases[0], &self.claimed).map(|(cause, material)| (vec![cause], material));
        let Some((causes, material)) = searched.found.or_else(last) else { return };
        self.proven(causes, &material, report);
    }

    /// Adds the mistakes that were proven, and the comparison with what was signed.
    fn proven(&self, causes: Vec<Cause>, material: &SignatureParts, report: &mut Report) {
        report.causes.retain(|cause| !causes.iter().any(|proven| proven.fault == cause.fault));
        // The id is a secret: its characters are not described.
        if causes.iter().any(|cause| cause.fault == &fault::KEY_EXCHANGED) {
            report.causes.retain(|cause| cause.fault != &fault::KEY_ID_DAMAGED);
        }
        report.causes.splice(0..0, causes);
        report.signed = Some(Comparison::of(Some(self.reading.dialect.text), &texts(&self.bases[0]), &texts(material)));
    }

    fn beside_server(&self, outcome: &Outcome, report: &mut Report) {
        let Some(server) = self.case.server else { return };
        self.hold_clock(server, report);
        let layout = Some(self.reading.dialect.text);
        let ours = texts(&self.bases[0]);
        let comparison = Comparison::of(layout, &ours, &server.texts(layout, &ours));
        if comparison.parts.is_empty() {
            return;
        }
        let found = relation::causes(&comparison, Some(&self.case.request.body));
        let explained = report.causes.iter().any(|cause| cause.certainty == Certainty::Proven);
        if !found.is_empty() {
            let at = report.causes.iter().take_while(|cause| cause.certainty == Certainty::Proven).count();
            report.causes.splice(at..at, found);
        } else if !explained {
            report.causes.insert(0, same_text(outcome));
        }
        report.server = Some(comparison);
    }
}

impl Examination<'_> {
    /// Takes the times that the server named: it refused the request for them, whatever else is wrong.
    fn hold_clock(&self, server: &ServerText, report: &mut Report) {
        let Some((seconds, detail)) = server.clock(structure::own_time(&self.reading, self.case)) else { return };
        report.server_times = true;
        report.causes.retain(|cause| cause.fault != &fault::DATE_STALE);
        let cause = Cause::proven(&fault::DATE_STALE, detail);
        if seconds.abs() > MAX_CLOCK_SKEW_SECONDS {
            report.causes.insert(0, cause);
        } else {
            report.causes.push(Cause { certainty: Certainty::Noted, ..cause });
        }
    }
}

/// Returns what it means that the server computed the very text that this request gives.
fn same_text(outcome: &Outcome) -> Cause {
    match outcome {
        Outcome::Right | Outcome::Refused(_) => {
            Cause::proven(&fault::WRONG_SECRET, "the secret given gives this signature, so the server knows another one for this key id")
        }
        Outcome::Wrong => Cause::proven(
            &fault::WRONG_SECRET,
            "the server's text is what this request gives, and no known mistake with the secret given gives the signature",
        ),
        Outcome::Unknown | Outcome::Hidden => Cause::seen(
            &fault::WRONG_SECRET,
            "the request arrived as it is here; or else the caller signed another text, which the secret would tell",
        ),
    }
}

/// The faults that a gateway refuses whatever the signature.
static ALWAYS_REFUSED: [&MistakeKind; 14] = [
    &fault::DATE_STALE,
    &fault::DATE_ZONE,
    &fault::KEY_EXCHANGED,
    &fault::FOREIGN_KEY,
    &fault::OTHER_KEY,
    &fault::KEY_ID_DAMAGED,
    &fault::TOKEN_OTHER,
    &fault::TOKEN_MISSING,
    &fault::SCOPE_SYNTAX,
    &fault::SCOPE_SERVICE,
    &fault::HEADER_MISSING,
    &fault::PARAMETER_MISSING,
    &fault::PAYLOAD_LENGTH,
    &fault::PAYLOAD_MISSING,
];

/// Returns whether a cause stands although the signature is right.
fn rejects_valid_signature(cause: &Cause) -> bool {
    ALWAYS_REFUSED.contains(&cause.fault) && cause.certainty != Certainty::Noted
}

fn conclude(outcome: &Outcome, report: &mut Report) {
    report.signature_correct = match outcome {
        Outcome::Right | Outcome::Refused(_) => Some(true),
        Outcome::Wrong => Some(false),
        Outcome::Unknown | Outcome::Hidden => None,
    };
    let against = report.answer().is_some();
    report.verdict = match outcome {
        Outcome::Hidden => Verdict::NotVerified,
        Outcome::Right if !against => Verdict::Verifies,
        Outcome::Unknown if !against => Verdict::Open,
        _ => Verdict::Fails,
    };
    if report.verdict == Verdict::Fails && !against {
        let detail =
            "a value of the query or of a header may have been changed after signing: the server's text would show it (--server-text)";
        report.causes.insert(0, Cause::seen(&fault::UNKNOWN, detail));
    }
}

/// Returns the key as the verifiers want it: with the request's own token, since it is held against the key's elsewhere.
fn with_token_of(key: &AccessKey, case: &ExaminedRequest<'_>, reading: &ParsedClaim) -> AccessKey {
    let sent = case.request.headers.get_str(reading.dialect.token).map(str::trim_ascii).filter(|token| !token.is_empty());
    AccessKey { token: sent.map(|token| token.to_owned().into()).or_else(|| key.token.clone()), ..key.clone() }
}

fn texts(material: &SignatureParts) -> Texts {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let canonical_request = if material.dialect.is_plain() { String::new() } else { text(material.canonical()) };
    Texts { canonical_request, string_to_sign: text(material.string_to_sign()) }
}

/// Returns the signature as the scheme writes it.
fn written(material: &SignatureParts) -> String {
    use base64::Engine as _;
    let bytes = material.signature();
    if material.dialect.is_plain() { base64::engine::general_purpose::STANDARD.encode(bytes) } else { hex::encode(bytes) }
}
