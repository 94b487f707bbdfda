//! The examination: from a case to a report.

use super::align::{Comparison, Texts};
use super::claim::Reading;
use super::claimed::Claimed;
use super::dialect::PathForm;
use super::fault::{self, Fault};
use super::material::Material;
use super::mistake::{Bench, CHAPTERS};
use super::read::Pasted;
use super::report::{Cause, Certainty, Recomputed, Report, Verdict};
use super::search::{IN_PAIRS, search};
use super::server::ServerText;
use super::{Case, miscopied, relation, structure};
use crate::auth::{AccessKey, Scheme, Trace, VerifyError, verify_alibaba, verify_sdk_hmac, verify_volcengine};
use crate::wire::Request;

/// Examines a signed request.
pub fn examine(case: &Case<'_>) -> Report {
    match Reading::of(case.request) {
        Ok(reading) => Examination::of(case, reading).report(),
        Err(why) => nothing_signed(why),
    }
}

/// Examines a request that was pasted. Where its length is not told, a line end after the body may be the paste's own: the request is
/// examined without it too, and what explains more counts.
pub fn examine_pasted(pasted: &Pasted, case: &Case<'_>) -> (Report, Request) {
    let whole = examine(&Case { request: &pasted.request, ..*case });
    if !pasted.loose_end || whole.verdict == Verdict::Verifies {
        return (whole, pasted.request.clone());
    }
    let body = pasted.request.body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body)).unwrap_or_default();
    let shorter = Request { body: body.to_vec().into(), ..pasted.request.clone() };
    let report = examine(&Case { request: &shorter, ..*case });
    let unknown = report.answer().is_some_and(|cause| cause.fault == &fault::UNKNOWN);
    if unknown { (whole, pasted.request.clone()) } else { (report, shorter) }
}

/// Our signing beside what the server says that it signed: aligned line by line, with the causes of what differs, first things
/// first. Equal texts mean that the secrets differ. `body` helps to recognise hashes.
pub fn compare(trace: &Trace, server: &ServerText, body: Option<&[u8]>) -> (Comparison, Vec<Cause>) {
    let ours = Texts { canonical_request: trace.canonical_request.clone(), string_to_sign: trace.string_to_sign.clone() };
    let comparison = Comparison::of(trace.scheme, &ours, &server.texts(trace.scheme, &ours));
    let mut causes = relation::causes(&comparison, body);
    if causes.is_empty() && !comparison.parts.is_empty() {
        causes.push(Cause::proven(&fault::WRONG_SECRET, "the server's text is ours, byte for byte"));
    }
    (comparison, causes)
}

fn nothing_signed(cause: Cause) -> Report {
    let known = cause.fault == &fault::ALGORITHM;
    Report {
        verdict: if known { Verdict::Fails } else { Verdict::NoSignature },
        claim: None,
        recomputed: None,
        causes: vec![cause],
        signed: None,
        server: None,
        tried: 0,
        checked: Vec::new(),
    }
}

/// A case whose claim is read.
struct Examination<'e> {
    case: &'e Case<'e>,
    reading: Reading,
    /// The key with the request's own id and token in it, where a secret is known.
    key: Option<AccessKey>,
    bases: Vec<Material>,
    claimed: Claimed,
}

/// What a key says of the signature.
enum Outcome {
    /// It is right, and a gateway would take the request.
    Right,
    /// It is right, and a gateway would refuse the request for something else.
    Refused(VerifyError),
    /// It is not.
    Wrong,
    /// There is no key.
    Unknown,
}

impl<'e> Examination<'e> {
    fn of(case: &'e Case<'e>, reading: Reading) -> Self {
        let key = case.key.map(|key| with_token_of(key, case, &reading));
        let secret = key.as_ref().map_or("", |key| key.secret.expose());
        let base = Material::of(reading.dialect, case.request, &reading.claim, secret);
        let claimed = Claimed::read(&reading.claim.signature, reading.dialect);
        Self { case, bases: ways(base), reading, key, claimed }
    }

    fn outcome(&self) -> Outcome {
        let Some(key) = &self.key else { return Outcome::Unknown };
        match self.verified(key) {
            Ok(()) => Outcome::Right,
            Err(error) if self.bases.iter().any(|base| self.claimed.is(&base.signature())) => Outcome::Refused(error),
            Err(_) => Outcome::Wrong,
        }
    }

    /// What the emulator's verifiers say, by the request's own clock.
    fn verified(&self, key: &AccessKey) -> Result<(), VerifyError> {
        // The id as it stands in the header: one with signs around it is no key's.
        let keys = |id: &str| (id == self.reading.claim.key_id).then(|| key.into());
        let now = structure::own_time(&self.reading, self.case).unwrap_or_default();
        let verify = match self.reading.dialect.scheme {
            Scheme::Acs3 | Scheme::Acs1 => verify_alibaba,
            Scheme::Volcengine => verify_volcengine,
            Scheme::SdkHmac | Scheme::SdkHmacScoped | Scheme::IamToken => verify_sdk_hmac,
        };
        verify(self.case.request, &keys, now).map(drop)
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
        if let Outcome::Right = outcome {
            causes.iter_mut().filter(|cause| !speaks_against(cause, self.case.key)).for_each(|cause| cause.certainty = Certainty::Noted);
        }
        if let Outcome::Refused(error) = &outcome
            && !causes.iter().any(|cause| cause.certainty == Certainty::Seen)
        {
            causes.push(Cause::seen(&fault::AUTHORIZATION_MALFORMED, error.to_string()));
        }
        let mut report = self.opened(causes);
        if let (Outcome::Wrong, Some(key)) = (&outcome, &self.key) {
            self.explain(key, &mut report);
            structure::weigh_body(&mut report.causes);
        }
        self.beside_server(&outcome, &mut report);
        conclude(&outcome, &mut report);
        report
    }

    fn opened(&self, causes: Vec<Cause>) -> Report {
        Report {
            verdict: Verdict::Open,
            claim: Some(self.reading.claim.clone()),
            recomputed: Some(self.recomputed()),
            causes,
            signed: None,
            server: None,
            tried: 0,
            checked: Vec::new(),
        }
    }

    fn recomputed(&self) -> Recomputed {
        let texts = texts(&self.bases[0]);
        let signature = self.key.as_ref().map(|_| written(&self.bases[0]));
        Recomputed { canonical_request: texts.canonical_request, string_to_sign: texts.string_to_sign, signature }
    }

    /// Searches for what the caller did.
    fn explain(&self, key: &AccessKey, report: &mut Report) {
        let Case { request, hints, url_host, .. } = *self.case;
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
        let benches: Vec<Bench<'_>> = self.bases.iter().map(|base| Bench { request, claim, base, key, hints, url_host }).collect();
        let searched = search(&benches, &self.claimed);
        report.tried = searched.tried;
        report.checked = CHAPTERS.map(|(about, _)| about).to_vec();
        report.checked.push(IN_PAIRS);
        report.checked.extend(searched.cut.then_some("not all of these: the request is too large to try every one"));
        let Some((causes, material)) = searched.found else { return };
        report.causes.retain(|cause| !causes.iter().any(|proven| proven.fault == cause.fault));
        report.causes.splice(0..0, causes);
        report.signed = Some(Comparison::of(self.reading.dialect.scheme, &texts(&self.bases[0]), &texts(&material)));
    }

    fn beside_server(&self, outcome: &Outcome, report: &mut Report) {
        let Some(server) = self.case.server else { return };
        let scheme = self.reading.dialect.scheme;
        let ours = texts(&self.bases[0]);
        let comparison = Comparison::of(scheme, &ours, &server.texts(scheme, &ours));
        let found = relation::causes(&comparison, Some(&self.case.request.body));
        let explained = report.causes.iter().any(|cause| cause.certainty == Certainty::Proven);
        if !found.is_empty() {
            let at = report.causes.iter().take_while(|cause| cause.certainty == Certainty::Proven).count();
            report.causes.splice(at..at, found);
        } else if !explained && !comparison.parts.is_empty() {
            report.causes.insert(0, same_text(outcome));
        }
        report.server = Some(comparison);
    }
}

/// What it means that the server computed the very text that this request gives.
fn same_text(outcome: &Outcome) -> Cause {
    match outcome {
        Outcome::Right | Outcome::Refused(_) => {
            Cause::proven(&fault::WRONG_SECRET, "the secret given gives this signature, so the server knows another one for this key id")
        }
        Outcome::Wrong => Cause::proven(
            &fault::WRONG_SECRET,
            "the server's text is what this request gives, and no known mistake with the secret given gives the signature",
        ),
        Outcome::Unknown => Cause::seen(
            &fault::WRONG_SECRET,
            "the request arrived as it is here; or else the caller signed another text, which the secret would tell",
        ),
    }
}

/// What a gateway refuses whatever the signature.
static STANDING: [&Fault; 8] = [
    &fault::DATE_STALE,
    &fault::DATE_ZONE,
    &fault::KEY_EXCHANGED,
    &fault::OTHER_KEY,
    &fault::TOKEN_OTHER,
    &fault::SCOPE_SERVICE,
    &fault::PAYLOAD_LENGTH,
    &fault::PAYLOAD_MISSING,
];

/// Whether a cause stands although the signature is right. That a key id looks like a temporary one does not suffice.
fn speaks_against(cause: &Cause, key: Option<&AccessKey>) -> bool {
    let temporary = key.is_some_and(|key| key.token.is_some());
    let stands = STANDING.contains(&cause.fault);
    (stands || (cause.fault == &fault::TOKEN_MISSING && temporary)) && cause.certainty != Certainty::Noted
}

fn conclude(outcome: &Outcome, report: &mut Report) {
    let against = report.answer().is_some();
    report.verdict = match outcome {
        Outcome::Right if !against => Verdict::Verifies,
        Outcome::Unknown if !against => Verdict::Open,
        _ => Verdict::Fails,
    };
    if report.verdict == Verdict::Fails && !against {
        report.causes.insert(0, Cause::seen(&fault::UNKNOWN, ""));
    }
}

/// The key as the verifiers want it: with the request's own token, since it is held against the key's elsewhere.
fn with_token_of(key: &AccessKey, case: &Case<'_>, reading: &Reading) -> AccessKey {
    let sent = case.request.headers.get_str(reading.dialect.token).map(str::trim_ascii).filter(|token| !token.is_empty());
    AccessKey { token: sent.map(|token| token.to_owned().into()).or_else(|| key.token.clone()), ..key.clone() }
}

/// The ways in which official SDKs sign one request: with Alibaba's the path is written in two ways, and with the older layout a
/// parameter without a value.
fn ways(base: Material) -> Vec<Material> {
    let mut other = base.clone();
    match base.dialect.scheme {
        Scheme::Acs3 => {
            let sent = String::from_utf8_lossy(&base.path).replace('+', "%20").replace('*', "%2A").replace("%7E", "~");
            (other.path, other.path_form) = (sent.into_bytes(), PathForm::AsSent);
        }
        Scheme::Acs1 => other.layout.equals = true,
        _ => return vec![base],
    }
    if other.canonical() == base.canonical() { vec![base] } else { vec![base, other] }
}

fn texts(material: &Material) -> Texts {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let canonical_request = if material.dialect.is_plain() { String::new() } else { text(material.canonical()) };
    Texts { canonical_request, string_to_sign: text(material.string_to_sign()) }
}

/// The signature as the scheme writes it.
fn written(material: &Material) -> String {
    use base64::Engine as _;
    let bytes = material.signature();
    if material.dialect.is_plain() { base64::engine::general_purpose::STANDARD.encode(bytes) } else { hex::encode(bytes) }
}
