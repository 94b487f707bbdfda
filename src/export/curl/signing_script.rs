//! A signature made by a shell: the canonical request as it was, with date, nonce and keys as variables.

use super::word::ScriptVariables;
use crate::auth::{Scheme, Trace};
use crate::catalog::Variable;
use crate::export::ExportInput;
use crate::export::shell::{Script, Word};

/// A scheme's signing steps as shell code.
struct SigningRecipe {
    scheme: Scheme,
    /// The name that begins the string to sign and `authorization`.
    algorithm: &'static str,
    /// The name of the key's id in `authorization`.
    credential: &'static str,
    /// The separator between the parts of `authorization`.
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

const RECIPES: [SigningRecipe; 3] = [
    SigningRecipe {
        scheme: Scheme::Acs3,
        algorithm: "ACS3-HMAC-SHA256",
        credential: "Credential",
        separator: ",",
        date: "x-acs-date",
        date_format: "%Y-%m-%dT%H:%M:%SZ",
        nonce: Some("x-acs-signature-nonce"),
        dated: false,
    },
    SigningRecipe {
        scheme: Scheme::Volcengine,
        algorithm: "HMAC-SHA256",
        credential: "Credential",
        separator: ", ",
        date: "x-date",
        date_format: "%Y%m%dT%H%M%SZ",
        nonce: None,
        dated: true,
    },
    SigningRecipe {
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

/// The script's variable of the date.
const NOW: Variable = Variable::new("now");

/// The script's variable of the scope.
const SCOPE: Variable = Variable::new("scope");

/// The tools of the script; `key` is in hexadecimal, so that it may be any bytes.
const TOOLS: &str = "\
hash() { openssl dgst -sha256 -r | cut -d' ' -f1; }
hmac() { openssl dgst -sha256 -mac HMAC -macopt \"hexkey:$1\" -r | cut -d' ' -f1; }
";

/// The inputs that a script needs to sign.
pub(super) struct Signing {
    recipe: &'static SigningRecipe,
    id: Variable,
    secret: Variable,
    canonical: Word,
    /// The part after the day in the scope: `/cn-beijing/id/request`.
    scope: Option<String>,
    signed_headers: String,
}

impl Signing {
    /// Returns `None` where the request has no signature that a script can make.
    pub(super) fn of(subject: &ExportInput<'_>, vault: &mut ScriptVariables<'_>) -> Option<Self> {
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

    /// Returns the variable that stands in a header in the place of what was signed.
    pub(super) fn variable(&self, header: &str) -> Option<Variable> {
        let is = |name: &str| header.eq_ignore_ascii_case(name);
        if is("authorization") {
            return Some(Variable::new("authorization"));
        }
        if is(self.recipe.date) {
            return Some(NOW);
        }
        if self.recipe.nonce.is_some_and(is) {
            return Some(Variable::new("nonce"));
        }
        is(KEY_ID).then(|| self.id.clone())
    }

    /// Returns the canonical request: method, path and query, then a line for each header until the empty one.
    fn canonical(&self, trace: &Trace, vault: &mut ScriptVariables<'_>) -> Word {
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

    fn header_line(&self, name: &str, value: &str, vault: &mut ScriptVariables<'_>) -> Word {
        let mut word = Word::text(format!("{name}:"));
        word.append(match self.variable(name) {
            Some(variable) => Word::variable(variable),
            None => vault.header(name, value.as_bytes()),
        });
        word
    }

    /// Returns the lines that make the signature.
    pub(super) fn script(&self) -> Script {
        let SigningRecipe { date_format, nonce, .. } = self.recipe;
        let mut out = Script::default();
        out.code("now=$(date -u +").code(date_format).code(")\n");
        if nonce.is_some() {
            out.code("nonce=$(openssl rand -hex 16)\n");
        }
        out.code(TOOLS);
        out.code("key=$(printf %s \"$").name(&self.secret).code("\" | od -An -v -tx1 | tr -d ' \\n')\n");
        out.script(&self.derivation());
        out.code("canonical=").word(&self.canonical);
        out.code("\ntext=").word(&self.string_to_sign()).code("\"$(printf %s \"$canonical\" | hash)\"\n");
        out.code("signature=$(printf %s \"$text\" | hmac \"$key\")\n");
        out.code("authorization=").word(&self.authorization()).code("\n");
        out
    }

    /// Returns the string to sign but for the hash at its end.
    fn string_to_sign(&self) -> Word {
        let mut word = Word::text(self.recipe.algorithm);
        if self.recipe.dated {
            word.push("\n");
            word.append(Word::variable(NOW));
        }
        if self.scope.is_some() {
            word.push("\n");
            word.append(Word::variable(SCOPE));
        }
        word.push("\n");
        word
    }

    /// Returns the scope, and the key derived from its parts.
    fn derivation(&self) -> Script {
        let mut out = Script::default();
        let Some(scope) = &self.scope else { return out };
        out.code("day=${now%%T*}\nscope=$day").word(&Word::text(scope)).code("\nfor part in \"$day\"");
        for part in scope.split('/').skip(1) {
            out.code(" ").word(&Word::text(part));
        }
        out.code("; do key=$(printf %s \"$part\" | hmac \"$key\"); done\n");
        out
    }

    fn authorization(&self) -> Word {
        let SigningRecipe { algorithm, credential, separator, .. } = self.recipe;
        let mut word = Word::text(format!("{algorithm} {credential}="));
        word.append(Word::variable(self.id.clone()));
        if self.scope.is_some() {
            word.push("/");
            word.append(Word::variable(SCOPE));
        }
        word.push(format!("{separator}SignedHeaders={}{separator}Signature=", self.signed_headers));
        word.append(Word::variable(Variable::new("signature")));
        word
    }
}
