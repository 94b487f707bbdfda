//! A shell script with curl, for any POSIX shell, for any bytes.
//!
//! A signed request is signed anew each time the script runs: curl's own `--aws-sigv4` writes another canonical request than
//! these vendors read, so the script makes the signature with `openssl`, from keys in environment variables. A request that
//! cannot be signed anew goes out as it was signed. Everything runs in a subshell: pasted into a shell, it leaves nothing behind.

mod anew;
mod word;

use super::signed::{headers, validity};
use super::{Subject, quoting};
use anew::Signing;
use word::{Vault, Word};

/// Bodies of more bytes do not fit into an argument everywhere (Linux takes 128 KiB), so they come by standard input.
const ARGUMENT: usize = 100_000;

/// Headers that curl sends unless it is told not to.
const OF_CURL: [&str; 2] = ["accept", "user-agent"];

/// The script.
pub(super) fn render(subject: &Subject<'_>) -> Vec<u8> {
    let mut vault = Vault::new(subject);
    let signing = Signing::of(subject, &mut vault);
    let (input, command) = Command { subject, signing: signing.as_ref() }.words(&mut vault);
    let mut out = head(subject, signing.is_some()).into_bytes();
    out.extend_from_slice(b"(\nset -eu\n");
    out.extend_from_slice(vault.wanted().as_bytes());
    if let Some(signing) = &signing {
        out.extend_from_slice(&signing.script());
    }
    out.extend_from_slice(&input);
    out.extend_from_slice(&command);
    out.extend_from_slice(b"\n)\n");
    out
}

fn head(subject: &Subject<'_>, anew: bool) -> String {
    let how = match validity(subject) {
        _ if anew => {
            Some("signed anew with the keys of the environment; needs curl and openssl (whose arguments show the key on this machine)")
        }
        other => {
            other.map(|_| "sent as it was signed: good for 15 minutes, and with a nonce once only; with a token as long as that lives")
        }
    };
    let mut out = String::from("#!/bin/sh\n");
    for remark in [Some(subject.title().as_str()), how, subject.remark()].into_iter().flatten() {
        out.extend(["# ", &crate::visible::visible_line(remark), "\n"]);
    }
    out
}

/// The command itself.
struct Command<'a> {
    subject: &'a Subject<'a>,
    signing: Option<&'a Signing>,
}

impl Command<'_> {
    /// What is written to curl's standard input, with the pipe; and curl with its arguments, one a line.
    fn words(&self, vault: &mut Vault<'_>) -> (Vec<u8>, Vec<u8>) {
        let exchange = self.subject.exchange;
        let mut out = b"curl -sS -i --http1.1 --globoff --path-as-is".to_vec();
        if exchange.request.method == "HEAD" {
            out.extend_from_slice(b" --head");
        }
        argument(&mut out, "-X", &quoting::shell(exchange.request.method.as_bytes()));
        argument(&mut out, "--url", &vault.word(format!("{}{}", exchange.endpoint, exchange.request.target).as_bytes()).quoted());
        self.headers(vault, &mut out);
        let input = self.body(vault, &mut out);
        (input, out)
    }

    fn headers(&self, vault: &mut Vault<'_>, out: &mut Vec<u8>) {
        let told = headers(self.subject.exchange);
        for name in OF_CURL.into_iter().filter(|name| !told.contains(name)) {
            argument(out, "-H", &quoting::shell(format!("{name}:").as_bytes()));
        }
        for (name, value) in told.iter() {
            let value = match self.signing.and_then(|signing| signing.variable(name)) {
                Some(variable) => Word::variable(variable),
                None => vault.header(name, value),
            };
            let mut word = Word::text(name.as_bytes());
            // An empty value is written in a way of its own; a colon alone would take the header away.
            word.push(if value.is_empty() { b";" } else { b": " });
            word.append(value);
            argument(out, "-H", &word.quoted());
        }
        if self.subject.exchange.request.body.is_empty() || told.contains("content-type") {
            return;
        }
        argument(out, "-H", b"'content-type:'");
    }

    /// Adds the body. What does not fit into an argument is piped: the bytes that write it are returned.
    fn body(&self, vault: &mut Vault<'_>, out: &mut Vec<u8>) -> Vec<u8> {
        let body = &self.subject.exchange.request.body;
        if body.is_empty() {
            return Vec::new();
        }
        let word = vault.word(body);
        if body.len() > ARGUMENT || body.contains(&0) {
            argument(out, "--data-binary", b"@-");
            return [b"{ ".as_slice(), &word.printed(), b"} | "].concat();
        }
        argument(out, "--data-raw", &word.quoted());
        Vec::new()
    }
}

fn argument(out: &mut Vec<u8>, option: &str, word: &[u8]) {
    out.extend_from_slice(b" \\\n  ");
    out.extend_from_slice(option.as_bytes());
    out.push(b' ');
    out.extend_from_slice(word);
}
