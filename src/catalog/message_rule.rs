//! What an error's message means: several causes may share one code, and then only the message tells them apart.

use std::sync::OnceLock;

use regex_lite::{Regex, RegexBuilder};
use serde::Deserialize;
use thiserror::Error;

use super::{Condition, Vendor};

/// The part of a message that the patterns see, in bytes: vendors say what is wrong first, and then repeat the request.
const MAX_MATCHED_BYTES: usize = 2048;

/// An explanation for errors with certain codes, certain messages, or both. It comes before the entry of the code.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawMessageRule")]
pub struct MessageRule {
    /// The codes that it is about; empty for any.
    pub codes: Vec<String>,
    /// The pattern that the message must contain, in any case; any message where there is none.
    pattern: Option<Regex>,
    /// The HTTP status that comes with it, for a text of which only the message is known.
    pub status: Option<u16>,
    /// The condition that it stands for, where there is one.
    pub condition: Option<Condition>,
    /// The summary for what clients print when no answer arrived: `no answer: the connection was refused`. Such a rule is about
    /// texts without a code: with one, a vendor did answer.
    pub summary: Option<String>,
    /// The reason why it happens.
    pub cause: String,
    /// The remedy.
    pub remedy: String,
    /// Set when the same call may succeed a little later.
    pub transient: bool,
    /// The source.
    pub source: Option<String>,
    /// Set when it is what vendors in general say, not this one.
    pub general: bool,
}

/// A rule as it is written in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawMessageRule {
    #[serde(default)]
    codes: Vec<String>,
    pattern: Option<String>,
    status: Option<u16>,
    condition: Option<Condition>,
    summary: Option<String>,
    cause: String,
    remedy: String,
    #[serde(default)]
    transient: bool,
    source: Option<String>,
}

/// An error in a rule.
#[derive(Debug, Error)]
enum MessageRuleError {
    #[error("a message rule names neither `codes` nor a `pattern`")]
    NothingNamed,
    #[error("a message rule has an empty `cause` or `remedy`")]
    NothingSaid,
    #[error("{0} is not an HTTP status")]
    Status(u16),
    #[error("`pattern` is not a regular expression: {0}")]
    Pattern(#[from] regex_lite::Error),
    #[error("`pattern` matches every message")]
    MatchesAll,
}

impl TryFrom<RawMessageRule> for MessageRule {
    type Error = MessageRuleError;

    fn try_from(written: RawMessageRule) -> Result<Self, MessageRuleError> {
        let RawMessageRule { codes, pattern, status, condition, summary, cause, remedy, transient, source } = written;
        if codes.is_empty() && pattern.is_none() {
            return Err(MessageRuleError::NothingNamed);
        }
        if cause.trim().is_empty() || remedy.trim().is_empty() {
            return Err(MessageRuleError::NothingSaid);
        }
        if let Some(status) = status.filter(|status| !(100..600).contains(status)) {
            return Err(MessageRuleError::Status(status));
        }
        let pattern = pattern.map(|text| compiled(&text)).transpose()?;
        Ok(Self { codes, pattern, status, condition, summary, cause, remedy, transient, source, general: false })
    }
}

fn compiled(text: &str) -> Result<Regex, MessageRuleError> {
    let regex = RegexBuilder::new(text).case_insensitive(true).build()?;
    if regex.is_match("") { Err(MessageRuleError::MatchesAll) } else { Ok(regex) }
}

impl MessageRule {
    /// Returns whether it is about an error of this code and message.
    fn matches(&self, code: &str, message: &str) -> bool {
        let is_about = if self.codes.is_empty() { self.summary.is_none() || code.is_empty() } else { self.names(code) };
        is_about && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(message))
    }

    /// Returns whether it names this code.
    pub fn names(&self, code: &str) -> bool {
        self.codes.iter().any(|known| known.eq_ignore_ascii_case(code))
    }
}

impl Vendor {
    /// Returns the vendor's own rules, read when they are first asked for. Huawei Cloud's and Open Telekom Cloud's gateways are the same.
    pub fn message_rules(self) -> &'static [MessageRule] {
        static ALIBABA: OnceLock<Vec<MessageRule>> = OnceLock::new();
        static VOLCENGINE: OnceLock<Vec<MessageRule>> = OnceLock::new();
        static HUAWEI: OnceLock<Vec<MessageRule>> = OnceLock::new();
        match self {
            Self::Alibaba => ALIBABA.get_or_init(|| built_in(include_str!("../../assets/messages/alibaba.toml"))),
            Self::Volcengine => VOLCENGINE.get_or_init(|| built_in(include_str!("../../assets/messages/volcengine.toml"))),
            Self::Huawei | Self::Otc => HUAWEI.get_or_init(|| built_in(include_str!("../../assets/messages/huawei.toml"))),
        }
    }
}

/// Returns the first rule for an error: of `own`, then, where the catalog does not have the code, of what vendors in general say.
pub(super) fn find<'a>(own: impl Iterator<Item = &'a MessageRule>, is_known: bool, code: &str, message: &str) -> Option<&'a MessageRule> {
    let message = matched_text(message);
    let general = if is_known { &[] } else { common() };
    own.chain(general).find(|rule| rule.matches(code, &message))
}

/// Returns the rules for messages that many vendors and their gateways share, in English and Chinese.
fn common() -> &'static [MessageRule] {
    static COMMON: OnceLock<Vec<MessageRule>> = OnceLock::new();
    COMMON.get_or_init(|| {
        let rules = built_in(include_str!("../../assets/messages/common.toml"));
        rules.into_iter().map(|rule| MessageRule { general: true, ..rule }).collect()
    })
}

/// Returns a built-in file; empty when it cannot be read, which the tests rule out.
fn built_in(text: &str) -> Vec<MessageRule> {
    rules(text).unwrap_or_default()
}

fn rules(text: &str) -> Result<Vec<MessageRule>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct File {
        message_rule: Vec<MessageRule>,
    }
    toml::from_str(text).map(|file: File| file.message_rule)
}

/// Returns as much of a message as is matched, with single spaces for white space.
fn matched_text(message: &str) -> String {
    let end = message.char_indices().map(|(at, _)| at).take_while(|at| *at <= MAX_MATCHED_BYTES).last().unwrap_or_default();
    let within = if message.len() <= MAX_MATCHED_BYTES { message } else { &message[..end] };
    within.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_built_in_file() {
        for text in [
            include_str!("../../assets/messages/alibaba.toml"),
            include_str!("../../assets/messages/volcengine.toml"),
            include_str!("../../assets/messages/huawei.toml"),
            include_str!("../../assets/messages/common.toml"),
        ] {
            assert!(!rules(text).unwrap().is_empty());
        }
    }

    #[test]
    fn matches_the_beginning_of_a_long_message_only() {
        assert_eq!(matched_text(" a \n\t b "), "a b");
        let long = "é".repeat(MAX_MATCHED_BYTES);
        assert!(matched_text(&long).len() <= MAX_MATCHED_BYTES);
    }
}
