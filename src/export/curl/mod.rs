//! A shell script with curl, for any POSIX shell, for any bytes.
//!
//! A signed request is signed again each time the script runs: curl's own `--aws-sigv4` writes another canonical request than
//! these vendors read, so the script makes the signature with `openssl`, from keys in environment variables. A request that
//! cannot be signed again goes out as it was signed. Everything runs in a subshell: pasted into a shell, it leaves nothing behind.

mod signing_script;
mod word;

use super::ExportInput;
use super::shell::{Script, Word};
use super::signed::{headers, method, omitted_header_notes, url, validity_note};
use signing_script::Signing;
use word::ScriptVariables;

/// Bodies of more bytes do not fit into an argument everywhere (Linux takes 128 KiB), so they come by standard input.
const MAX_ARGUMENT_BYTES: usize = 100_000;

/// Headers that curl sends unless it is told not to.
const CURL_DEFAULT_HEADERS: [&str; 2] = ["accept", "user-agent"];

/// Returns the script.
pub(super) fn render(subject: &ExportInput<'_>) -> Vec<u8> {
    let mut vault = ScriptVariables::new(subject);
    let signing = Signing::of(subject, &mut vault);
    let (input, command) = Command { subject, signing: signing.as_ref() }.words(&mut vault);
    let mut out = head(subject, signing.is_some());
    out.code("(\nset -eu\n").script(&vault.wanted());
    if let Some(signing) = &signing {
        out.script(&signing.script());
    }
    out.script(&input).script(&command).code("\n)\n");
    out.into_bytes()
}

fn head(subject: &ExportInput<'_>, signs_again: bool) -> Script {
    let how = match validity_note(subject) {
        _ if signs_again => Some(
            "signed at each run with the keys of the environment; needs curl and openssl (whose arguments show the key on this machine)",
        ),
        other => {
            other.map(|_| "sent as it was signed: good for 15 minutes, and with a nonce once only; with a token as long as that lives")
        }
    };
    let mut out = Script::default();
    out.code("#!/bin/sh\n");
    for remark in [Some(subject.title().as_str()), how, subject.remark()].into_iter().flatten() {
        out.comment(remark);
    }
    for name in omitted_header_notes(subject.exchange) {
        out.comment(&name);
    }
    out
}

/// The command itself.
struct Command<'a> {
    subject: &'a ExportInput<'a>,
    signing: Option<&'a Signing>,
}

impl Command<'_> {
    /// Returns what is written to curl's standard input, with the pipe; and curl with its arguments, one a line.
    fn words(&self, vault: &mut ScriptVariables<'_>) -> (Script, Script) {
        let mut out = Script::default();
        out.code("curl -sS -i --http1.1 --globoff --path-as-is");
        let method = method(self.subject.exchange);
        if method == "HEAD" {
            out.code(" --head");
        }
        argument(&mut out, "-X", &Word::text(method));
        argument(&mut out, "--url", &vault.word(url(self.subject.exchange).as_bytes()));
        self.headers(vault, &mut out);
        let input = self.body(vault, &mut out);
        (input, out)
    }

    fn headers(&self, vault: &mut ScriptVariables<'_>, out: &mut Script) {
        let told = headers(self.subject.exchange);
        for name in CURL_DEFAULT_HEADERS.into_iter().filter(|name| !told.contains(name)) {
            argument(out, "-H", &Word::text(format!("{name}:")));
        }
        for (name, value) in told.iter() {
            let value = match self.signing.and_then(|signing| signing.variable(name)) {
                Some(variable) => Word::variable(variable),
                None => vault.header(name, value),
            };
            let mut word = Word::text(name);
            // An empty value is written in a way of its own; a colon alone would take the header away.
            word.push(if value == Word::default() { ";" } else { ": " });
            word.append(value);
            argument(out, "-H", &word);
        }
        if self.subject.exchange.request.body.is_empty() || told.contains("content-type") {
            return;
        }
        argument(out, "-H", &Word::text("content-type:"));
    }

    /// Adds the body. What does not fit into an argument is piped: the script that writes it is returned.
    fn body(&self, vault: &mut ScriptVariables<'_>, out: &mut Script) -> Script {
        let (body, mut input) = (&self.subject.exchange.request.body, Script::default());
        if body.is_empty() {
            return input;
        }
        let word = vault.word(body);
        if body.len() > MAX_ARGUMENT_BYTES || body.contains(&0) {
            out.code(" \\\n  --data-binary @-");
            input.code("{ ").print(&word).code("} | ");
            return input;
        }
        argument(out, "--data-raw", &word);
        input
    }
}

fn argument(out: &mut Script, option: &'static str, word: &Word) {
    out.code(" \\\n  ").code(option).code(" ").word(word);
}
