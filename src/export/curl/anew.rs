//! A signature made by a shell: the canonical request as it was, with date, nonce and keys as variables.

use super::word::{Vault, Word};
use crate::auth::{Scheme, Trace};
use crate::export::{Subject, quoting};

/// How a scheme is written, as far as a script must know.
struct Recipe {
    scheme: Scheme,
    /// What begins string to sign and `authorization`.
    algorithm: &'static str,
    /// The name of the key's id in `authorization`.
    credential: &'static str,
    /// What stands between the parts of `authorization`.
    separator: &'static str,
    /// The header of the date.
    date: &'static str,
    /// The date for `date -u`.
    date_format: &'static str,
    /// The header of the nonce.
    nonce: Option<&'static str>,
    /// Whether the string to sign has the date on a line of its own.
    dated: bool,
}

const RECIPES: [Recipe; 3] = [
    Recipe {
        scheme: Scheme::Acs3,
        algorithm: "ACS3-HMAC-SHA256",
        credential: "Credential",
        separator: ",",
        date: "x-acs-date",
        date_format: "%Y-%m-%dT%H:%M:%SZ",
        nonce: Some("x-acs-signature-nonce"),
        dated: false,
    },
    Recipe {
        scheme: Scheme::Volcengine,
        algorithm: "HMAC-SHA256",
        credential: "Credential",
        separator: ", ",
        date: "x-date",
        date_format: "%Y%m%dT%H%M%SZ",
        nonce: None,
        dated: true,
    },
    Recipe {
        scheme: Scheme::SdkHmac,
        algorithm: "SDK-HMAC-SHA256",
        credential: "Access",
        separator: ", ",
        date: "x-sdk-date",
        date_format: "%Y%m%dT%H%M%SZ",
        nonce: None,
        dated: true,
    },
];

/// The header that repeats the key's id beside a security token.
const KEY_ID: &str = "x-acs-accesskey-id";

/// The tools of the script; `key` is in hexadecimal, so that it may be any bytes.
const TOOLS: &str = "\
hash() { openssl dgst -sha256 -r | cut -d' ' -f1; }
hmac() { openssl dgst -sha256 -mac HMAC -macopt \"hexkey:$1\" -r | cut -d' ' -f1; }
";

/// What a script needs to sign.
pub(super) struct Signing {
    recipe: &'static Recipe,
    id: String,
    secret: String,
    canonical: Word,
    /// What follows the day in the scope: `/cn-beijing/id/request`.
    scope: Option<String>,
    signed_headers: String,
}

impl Signing {
    /// `None` where the request has no signature that a script can make.
    pub(super) fn of(subject: &Subject<'_>, vault: &mut Vault<'_>) -> Option<Self> {
        let trace = subject.exchange.signing.as_ref()?;
        let recipe = RECIPES.iter().find(|recipe| recipe.scheme == trace.scheme)?;
        // Bytes that are no UTF-8 are not in the trace as they were signed.
        if trace.canonical_request.is_empty() || trace.canonical_request.contains('\u{fffd}') {
            return None;
        }
        let (id, secret) = (vault.key_id(), vault.key_secret());
        let mut signing = Self {
            recipe,
            id,
            secret,
            canonical: Word::default(),
            scope: trace.scope.as_ref().and_then(|scope| scope.find('/').map(|at| scope[at..].to_owned())),
            signed_headers: trace.signed_headers.join(";"),
        };
        signing.canonical = signing.canonical(trace, vault);
        Some(signing)
    }

    /// The variable that stands in a header in the place of what was signed.
    pub(super) fn variable(&self, header: &str) -> Option<&str> {
        let is = |name: &str| header.eq_ignore_ascii_case(name);
        if is("authorization") {
            return Some("authorization");
        }
        if is(self.recipe.date) {
            return Some("now");
        }
        if self.recipe.nonce.is_some_and(is) {
            return Some("nonce");
        }
        is(KEY_ID).then_some(self.id.as_str())
    }

    /// The canonical request: method, path and query, then a line for each header until the empty one.
    fn canonical(&self, trace: &Trace, vault: &mut Vault<'_>) -> Word {
        let mut word = Word::default();
        let mut in_headers = true;
        for (at, line) in trace.canonical_request.split('\n').enumerate() {
            if at > 0 {
                word.push(b"\n");
            }
            in_headers &= at < 3 || !line.is_empty();
            match line.split_once(':').filter(|_| at >= 3 && in_headers) {
                Some((name, value)) => word.append(self.header_line(name, value, vault)),
                None => word.append(vault.word(line.as_bytes())),
            }
        }
        word
    }

    fn header_line(&self, name: &str, value: &str, vault: &mut Vault<'_>) -> Word {
        let mut word = Word::text(format!("{name}:").as_bytes());
        word.append(match self.variable(name) {
            Some(variable) => Word::variable(variable),
            None => vault.header(name, value.as_bytes()),
        });
        word
    }

    /// The lines that make the signature.
    pub(super) fn script(&self) -> Vec<u8> {
        let Recipe { algorithm, date_format, nonce, .. } = self.recipe;
        let mut out = format!("now=$(date -u +{date_format})\n").into_bytes();
        if nonce.is_some() {
            out.extend_from_slice(b"nonce=$(openssl rand -hex 16)\n");
        }
        out.extend_from_slice(TOOLS.as_bytes());
        out.extend_from_slice(format!("key=$(printf %s \"${}\" | od -An -v -tx1 | tr -d ' \\n')\n", self.secret).as_bytes());
        out.extend_from_slice(&self.derivation());
        out.extend_from_slice(b"canonical=");
        out.extend_from_slice(&self.canonical.quoted());
        let dated = if self.recipe.dated { "\n'\"$now\"'" } else { "" };
        let scoped = if self.scope.is_some() { "\n'\"$scope\"'" } else { "" };
        out.extend_from_slice(format!("\ntext='{algorithm}{dated}{scoped}\n'\"$(printf %s \"$canonical\" | hash)\"\n").as_bytes());
        out.extend_from_slice(b"signature=$(printf %s \"$text\" | hmac \"$key\")\n");
        out.extend_from_slice(self.authorization().as_bytes());
        out
    }

    /// The scope, and the key derived from its parts.
    fn derivation(&self) -> Vec<u8> {
        let Some(scope) = &self.scope else { return Vec::new() };
        let mut out = b"day=${now%%T*}\nscope=$day".to_vec();
        out.extend_from_slice(&quoting::shell(scope.as_bytes()));
        out.extend_from_slice(b"\nfor part in \"$day\"");
        for part in scope.split('/').skip(1) {
            out.push(b' ');
            out.extend_from_slice(&quoting::shell(part.as_bytes()));
        }
        out.extend_from_slice(b"; do key=$(printf %s \"$part\" | hmac \"$key\"); done\n");
        out
    }

    fn authorization(&self) -> String {
        let Recipe { algorithm, credential, separator, .. } = self.recipe;
        let scope = if self.scope.is_some() { "/$scope" } else { "" };
        let Self { id, signed_headers, .. } = self;
        format!(
            "authorization=\"{algorithm} {credential}=${id}{scope}{separator}SignedHeaders={signed_headers}{separator}Signature=$signature\"\n"
        )
    }
}
