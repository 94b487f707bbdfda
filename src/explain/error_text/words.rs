//! Errors in plain words: what SDKs, tools and logs print.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{ErrorText, is_known};
use crate::catalog::Provider;

/// The names tried for a status, the surest first.
const STATUSES: [&str; 5] = [
    r#"HTTP/\d(?:\.\d)?"?\s+([45]\d\d)\b"#,
    r#"(?i)\b(?:http[ _-]?)?status(?:[ _-]?code)?["']?\s*(?:is|[:=])?\s*["'(]?([45]\d\d)\b"#,
    r#"(?i)\b(?:http(?: error)?|code|got|error)["']?\s*[:=]?\s*["'(]?([45]\d\d)\b"#,
    r"(?i)\b([45]\d\d)\b:? (?:client error|server error|bad request|unauthorized|forbidden|not found|method not|not acceptable|conflict|too many|internal|bad gateway|service (?:temporarily )?unavailable|gateway time|request entity|payload too|instead)",
    r"^\s*\(?([45]\d\d)\b",
];

/// A code behind its name.
const CODE: &str = r#"(?i)\b(?:error[ _-]?code|err[ _-]?code|code)["']?\s*(?:is|[:=])\s*["'\[(]?([A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9])"#;

/// A message behind its name, up to the next name, a bracket or the line's end.
const MESSAGE: &str = r#"(?i)\b(?:error[ _-]?(?:msg|message)|err[ _-]?msg|message|msg)["']?\s*[:=]\s*["']?(.+?)["']?\s*(?:[,;]?\s*["']?\b(?:request[ _]?id|encoded_authorization_message|error_?code|code|details?|status_?code|recommend|data|hostid)["']?\s*[:=]|\}|\r?\n|$)"#;

/// Alibaba's SDKs: `SignatureDoesNotMatch: code: 400, Specified signature ... request id: 91F9...`.
const ALIBABA: &str = r"(?s)(?:\b([A-Z][A-Za-z0-9.]+):? )?\bcode: ([45]\d\d), (.*?)\s*request id: ([A-Za-z0-9-]+)";

/// Alibaba's older Python SDK: `HTTP Status: 400 Error:IllegalTimestamp The input ... RequestID: 91F9...`.
const ALIBABA_PYTHON: &str = r"(?s)HTTP Status: ?([45]\d\d) Error: ?([A-Za-z][A-Za-z0-9._-]*) (.*?)\s*RequestID: ?([A-Za-z0-9-]+)";

/// Names of HTTP statuses that are codes too: a word in a text alone does not make them one.
const REASONS: [&str; 3] = ["Forbidden", "Unauthorized", "Conflict"];

/// The registry's codes as docker prints them.
const REGISTRY_ERROR: &str = r"(?m)\b(denied|unauthorized|toomanyrequests|(?:name|manifest|blob)[ _]unknown|(?:name|manifest|digest|tag|size)[ _]invalid|unsupported): *(.*)$";

const REQUEST_ID: &str = r#"(?i)\brequest[ _-]?id["']?\s*[:=]?\s*["'\[(]?([0-9a-z]*[0-9][0-9a-z-]{2,})"#;

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

struct Patterns {
    statuses: Vec<Regex>,
    code: Regex,
    message: Regex,
    alibaba: Regex,
    alibaba_python: Regex,
    registry: Regex,
    request_id: Regex,
}

impl Patterns {
    fn new() -> Result<Self, regex_lite::Error> {
        Ok(Self {
            statuses: STATUSES.into_iter().map(Regex::new).collect::<Result<_, _>>()?,
            code: Regex::new(CODE)?,
            message: Regex::new(MESSAGE)?,
            alibaba: Regex::new(ALIBABA)?,
            alibaba_python: Regex::new(ALIBABA_PYTHON)?,
            registry: Regex::new(REGISTRY_ERROR)?,
            request_id: Regex::new(REQUEST_ID)?,
        })
    }
}

/// Reads an error from words; the whole text is the message when nothing else is found.
pub(super) fn read(provider: &Provider, text: &str) -> ErrorText {
    let whole = || Some(text.to_owned()).filter(|text| !text.is_empty());
    let Some(patterns) = PATTERNS.as_ref() else { return ErrorText { message: whole(), ..ErrorText::default() } };
    let found = alibaba(patterns, text).unwrap_or_else(|| ErrorText { message: group(&patterns.message, text), ..ErrorText::default() });
    let code = found.code.clone().or_else(|| code(provider, patterns, text));
    let registry = if code.is_none() { registry(provider, patterns, text) } else { None };
    let found = ErrorText { code, ..found };
    let found = registry.map_or(found.clone(), |registry| registry.filled_from(found));
    found.filled_from(ErrorText { message: whole(), ..ErrorText::default() })
}

/// Returns the HTTP status in a text.
pub(super) fn status(text: &str) -> Option<u16> {
    let patterns = PATTERNS.as_ref()?;
    patterns.statuses.iter().find_map(|pattern| group(pattern, text)?.parse().ok())
}

/// Returns the request id in a text.
pub(super) fn request_id(text: &str) -> Option<String> {
    group(&PATTERNS.as_ref()?.request_id, text)
}

fn group(pattern: &Regex, text: &str) -> Option<String> {
    let found = pattern.captures(text)?.get(1)?.as_str().trim();
    Some(found.to_owned()).filter(|found| !found.is_empty())
}

fn alibaba(patterns: &Patterns, text: &str) -> Option<ErrorText> {
    if let Some(found) = patterns.alibaba_python.captures(text) {
        let part = |at: usize| found.get(at).map(|part| part.as_str().to_owned());
        let status = part(1).and_then(|status| status.parse().ok());
        return Some(ErrorText { status, code: part(2), message: part(3), request_id: part(4), page: false });
    }
    let found = patterns.alibaba.captures(text)?;
    let part = |at: usize| found.get(at).map(|part| part.as_str().to_owned());
    let code = part(1).filter(|code| !code.ends_with("Error") && !code.ends_with("Exception") && code != "Message");
    Some(ErrorText { status: part(2).and_then(|status| status.parse().ok()), code, message: part(3), request_id: part(4), page: false })
}

/// Returns the code behind its name if it looks like one, or else the first word that is a code of the catalog.
fn code(provider: &Provider, patterns: &Patterns, text: &str) -> Option<String> {
    let candidates = || patterns.code.captures_iter(text).take(16).filter_map(|found| Some(found.get(1)?.as_str()));
    let is_code = |code: &&str| code.contains(['.', '_']) || code.chars().any(|c| c.is_ascii_uppercase());
    let known = candidates().find(|code| is_known(provider, code));
    let words = || text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))).map(|word| word.trim_matches('.'));
    let in_text = || words().take(MAX_WORDS).filter(|word| word.len() > 5 && !REASONS.contains(word)).find(|word| is_known(provider, word));
    known.or_else(in_text).or_else(|| candidates().find(is_code)).map(str::to_owned)
}

/// The most words of a text that are looked up.
const MAX_WORDS: usize = 2000;

/// Reads `denied: you may not ...`, where the provider has a registry.
fn registry(provider: &Provider, patterns: &Patterns, text: &str) -> Option<ErrorText> {
    let found = patterns.registry.captures(text)?;
    let code = found.get(1)?.as_str().to_ascii_uppercase().replace(' ', "_");
    let message = found.get(2).map(|message| message.as_str().trim().to_owned()).filter(|message| !message.is_empty());
    is_known(provider, &code).then_some(ErrorText { code: Some(code), message, ..ErrorText::default() })
}
