//! A signature made by a shell: the canonical request as it was, with date, nonce and keys as variables.

use super::word::ScriptVariables;
use crate::auth::{SchemeDescriptor, Trace};
use crate::catalog::Variable;
use crate::export::ExportInput;
use crate::export::shell::{Script, Word};

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
    scheme: &'static SchemeDescriptor,
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
        let scheme = trace.scheme.descriptor().filter(|scheme| scheme.signs)?;
        // Bytes that are no UTF-8 are not in the trace as they were signed.
        if trace.canonical_request.is_empty() || trace.canonical_request.contains('\u{fffd}') {
            return None;
        }
        let (id, secret) = (vault.key_id(), vault.key_secret());
        let mut signing = Self {
            scheme,
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
        if is(self.scheme.date) {
            return Some(NOW);
        }
        if self.scheme.nonce.is_some_and(is) {
            return Some(Variable::new("nonce"));
        }
        self.scheme.key_id.is_some_and(is).then(|| self.id.clone())
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
        let mut out = Script::default();
        out.code("now=$(date -u +").code(self.scheme.date_format.strftime()).code(")\n");
        if self.scheme.nonce.is_some() {
            out.code("nonce=$(openssl rand -hex 16)\n");
        }
        out.code(TOOLS);
        out.code("key=$(printf %s ").code(self.scheme.prefix).code("\"$").name(&self.secret).code("\" | od -An -v -tx1 | tr -d ' \\n')\n");
        out.script(&self.derivation());
        out.code("canonical=").word(&self.canonical);
        out.code("\ntext=").word(&self.string_to_sign()).code("\"$(printf %s \"$canonical\" | hash)\"\n");
        out.code("signature=$(printf %s \"$text\" | hmac \"$key\")\n");
        out.code("authorization=").word(&self.authorization()).code("\n");
        out
    }

    /// Returns the string to sign but for the hash at its end.
    fn string_to_sign(&self) -> Word {
        let mut word = Word::text(self.scheme.algorithm);
        if self.scheme.has_date_line() {
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
        let SchemeDescriptor { algorithm, parameters: (credential, list), separator, .. } = self.scheme;
        let mut word = Word::text(format!("{algorithm} {credential}="));
        word.append(Word::variable(self.id.clone()));
        if self.scope.is_some() {
            word.push("/");
            word.append(Word::variable(SCOPE));
        }
        word.push(format!("{separator}{list}={}{separator}Signature=", self.signed_headers));
        word.append(Word::variable(Variable::new("signature")));
        word
    }
}
