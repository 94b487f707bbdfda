//! A signature step by step: what goes in, what is hashed, what is signed, what comes out. Never the key.

use super::{Line, Page, Role, masked, signature_comparison};
use crate::app::keys::KeyMap;
use crate::auth::{SchemeDescriptor, Trace};
use crate::lab::{SignatureComparison, Texts, named_lines};
use crate::redact::Redactor;
use crate::wire::Request;

/// The column at which the values of inputs stand.
const INPUT_COLUMN: usize = 16;

/// The column at which the lines of a text stand behind their names.
const NAME_COLUMN: usize = 11;

/// The names of the keys that are derived one from another, along the parts of a scope.
const DERIVED: [&str; 4] = ["kDate", "kRegion", "kService", "kSigning"];

/// A signature, and what is known of how it was received.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// The keys.
    pub keys: &'a KeyMap,
    /// The trace of the signature.
    pub trace: &'a Trace,
    /// The request that carries it.
    pub request: &'a Request,
    /// The comparison with the server's text in the answer.
    pub finding: Option<&'a SignatureComparison>,
}

/// Adds what an answer says of a signature, and the signature step by step.
pub fn signing(page: &mut Page, signing: &Signing<'_>, redactor: Option<&Redactor>) {
    let trace = signing.trace;
    if trace.scheme.descriptor().is_none() {
        return token(page);
    }
    if let Some(found) = signing.finding {
        signature_comparison::finding(page, found, signing.keys, redactor);
    }
    let mut steps = StepWriter { page, redactor, number: 0 };
    steps.inputs(trace, signing.request);
    steps.body(trace, signing.request);
    steps.canonical_request(trace);
    steps.string_to_sign(trace);
    steps.key(trace);
    steps.signature(trace);
}

fn token(page: &mut Page) {
    page.line(Line::of(Role::Heading, "X-Auth-Token"));
    page.text(
        Role::Text,
        "Nothing is signed: a token of the identity service (POST /v3/auth/tokens) in the header x-auth-token says who calls.",
    );
    page.gap();
    page.text(
        Role::Dim,
        "The token is fetched when the call is sent, kept until shortly before it expires, and fetched once more after a 401.",
    );
}

/// Writes one step after the other, numbered.
struct StepWriter<'p> {
    page: &'p mut Page,
    redactor: Option<&'p Redactor>,
    number: usize,
}

impl StepWriter<'_> {
    fn step(&mut self, title: &str) {
        self.number += 1;
        self.page.heading(&format!("{}. {title}", self.number));
    }

    fn inputs(&mut self, trace: &Trace, request: &Request) {
        self.step("What goes in");
        let mut fields = vec![
            ("Scheme", trace.scheme.name().to_owned()),
            ("Access key", trace.key_id.clone()),
            ("Secret", "used in the last steps, never shown".to_owned()),
            ("Date", trace.date.clone()),
        ];
        fields.extend(trace.scope.clone().map(|scope| ("Scope", scope)));
        fields.push(("Signed headers", trace.signed_headers.join("; ")));
        fields.push(("Body", format!("{} bytes", request.body.len())));
        for (label, value) in fields {
            self.page.field(INPUT_COLUMN, label, Role::Text, &masked(&value, self.redactor));
        }
    }

    fn body(&mut self, trace: &Trace, request: &Request) {
        if trace.payload_hash.is_empty() {
            return;
        }
        self.step("Hash of the body");
        let hashed = trace.payload_hash.len() == 64;
        let words = if hashed { format!("SHA-256 of its {} bytes, in hex:", request.body.len()) } else { "It is not hashed:".to_owned() };
        self.page.text(Role::Dim, &words);
        self.page.text(Role::Text, &payload(&trace.payload_hash));
    }

    fn canonical_request(&mut self, trace: &Trace) {
        if trace.canonical_request.is_empty() {
            return;
        }
        let (canonical, string) = texts(trace, self.redactor);
        self.step("Canonical request");
        for (name, value) in &canonical {
            if name == "signed headers" {
                named_line(self.page, "", "");
            }
            named_line(self.page, name, value);
        }
        if let Some((_, hash)) = string.last() {
            self.step("Hash of the canonical request");
            self.page.text(Role::Dim, &format!("SHA-256 of its {} bytes, in hex:", trace.canonical_request.len()));
            self.page.text(Role::Text, hash);
        }
    }

    fn string_to_sign(&mut self, trace: &Trace) {
        self.step("String to sign");
        for (name, value) in &texts(trace, self.redactor).1 {
            named_line(self.page, name, value);
        }
    }

    fn key(&mut self, trace: &Trace) {
        self.step("Key");
        for (at, words) in derivation(trace).iter().enumerate() {
            let name = DERIVED.get(at).copied().unwrap_or_default();
            self.page.line(Line::of(Role::Label, format!("{name:<NAME_COLUMN$}")).with(Role::Text, words).hanging(NAME_COLUMN));
        }
        if trace.scope.is_none() {
            self.page.text(Role::Text, "the secret itself: this scheme derives none");
        }
    }

    fn signature(&mut self, trace: &Trace) {
        self.step("Signature");
        let key = if trace.scope.is_some() { DERIVED[3] } else { "secret" };
        let words = if trace.scheme.descriptor().is_some_and(SchemeDescriptor::is_plain) {
            "Base64 of HMAC-SHA1(secret, string to sign):".to_owned()
        } else {
            format!("HMAC-SHA256({key}, string to sign), in hex:")
        };
        self.page.text(Role::Dim, &words);
        self.page.line(Line::of(Role::Success, &trace.signature));
        self.step("Authorization header");
        self.page.line(Line::of(Role::Text, masked(&trace.authorization, self.redactor)).hanging(2));
    }
}

/// Adds a line as it stands in the text, with its name before it.
pub(super) fn named_line(page: &mut Page, name: &str, value: &str) {
    let (label, before) = match name.split_once(' ') {
        Some(("header", header)) => ("header", format!("{header}:")),
        Some((first, _)) => (first, String::new()),
        None => (name, String::new()),
    };
    let line = Line::of(Role::Label, format!("{label:<NAME_COLUMN$}"));
    let empty = before.is_empty() && value.is_empty();
    let line = if empty { line.with(Role::Dim, "(an empty line)") } else { line.with(Role::Text, before + value) };
    page.line(line.hanging(NAME_COLUMN));
}

type Named = Vec<(String, String)>;

/// Returns the named lines of the canonical request, and those of the string to sign.
fn texts(trace: &Trace, redactor: Option<&Redactor>) -> (Named, Named) {
    let lines = |canonical_request: &str| {
        let texts = Texts { canonical_request: canonical_request.to_owned(), string_to_sign: trace.string_to_sign.clone() };
        let mask = |(name, value): (String, String)| {
            let value = signature_comparison::line(&name, &value, redactor);
            (name, value)
        };
        named_lines(trace.scheme, &texts).into_iter().map(mask).collect::<Named>()
    };
    let string = lines("");
    let mut canonical = lines(&trace.canonical_request);
    canonical.truncate(canonical.len() - string.len());
    (canonical, string)
}

/// Returns a payload hash, with the two that everybody meets named.
fn payload(hash: &str) -> String {
    const KNOWN: [(&str, &str); 2] = [
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "the empty body"),
        ("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", "the two bytes {}"),
    ];
    let known = KNOWN.iter().find(|(known, _)| *known == hash);
    known.map_or_else(|| hash.to_owned(), |(_, name)| format!("{hash} ({name})"))
}

/// Returns how the key of the signature comes about, a step for each part of the scope; the keys themselves are never shown.
fn derivation(trace: &Trace) -> Vec<String> {
    let prefix = trace.scheme.descriptor().map_or("", |scheme| scheme.prefix);
    let first = if prefix.is_empty() { "secret".to_owned() } else { format!("\"{prefix}\" + secret") };
    let parts = trace.scope.iter().flat_map(|scope| scope.split('/'));
    let keys = std::iter::once(&*first).chain(DERIVED);
    parts.zip(keys).map(|(part, key)| format!("= HMAC-SHA256({key}, {part})")).collect()
}
