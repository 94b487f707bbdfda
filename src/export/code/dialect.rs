//! Dialects: how a vendor's tool writes a call, as data in `assets/sdk`.

use serde::Deserialize;

use crate::catalog::Identifier;
use crate::export::ExportError;

/// The dialects that there are, with their files.
const FILES: [(&str, &str); 8] = [
    ("alibaba-python", include_str!("../../../assets/sdk/alibaba-python.toml")),
    ("alibaba-go", include_str!("../../../assets/sdk/alibaba-go.toml")),
    ("aliyun", include_str!("../../../assets/sdk/aliyun.toml")),
    ("volcengine-python", include_str!("../../../assets/sdk/volcengine-python.toml")),
    ("volcengine-go", include_str!("../../../assets/sdk/volcengine-go.toml")),
    ("ve", include_str!("../../../assets/sdk/ve.toml")),
    ("huawei-python", include_str!("../../../assets/sdk/huawei-python.toml")),
    ("huawei-go", include_str!("../../../assets/sdk/huawei-go.toml")),
];

/// A tool's syntax for a call. In patterns `{operation}`, `{member}` and `{singular}` stand for names, `{}` for a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Dialect {
    /// The language of the text.
    pub language: Language,
    /// The installation of the tool.
    pub install: String,
    /// The letter case of methods.
    #[serde(default)]
    pub method: LetterCase,
    /// The letter case of members.
    #[serde(default)]
    pub member: LetterCase,
    /// Whether parameters of the path are arguments before the request, and not members of it.
    #[serde(default)]
    pub path_first: bool,
    /// The class of the request.
    #[serde(default)]
    pub request: Pattern,
    /// The class that parameters of the body stand in, where they have one.
    pub wrap: Option<Pattern>,
    /// The class of an object among the members.
    #[serde(default)]
    pub object: Pattern,
    /// A text as a member.
    #[serde(default = "as_it_is")]
    pub string: Pattern,
    /// One of an enumeration's values as a member; empty where the dialect cannot say it.
    pub enumeration: Option<Pattern>,
    /// A truth as a member.
    #[serde(default = "as_it_is")]
    pub boolean: Pattern,
    /// A number as a member.
    #[serde(default = "as_it_is")]
    pub integer: Pattern,
    /// A list of texts as a member.
    #[serde(default = "as_it_is")]
    pub strings: Pattern,
    /// A member that may be left out, around all that.
    #[serde(default = "as_it_is")]
    pub optional: Pattern,
    /// Shell: the option of a parameter of the query, its value follows at once.
    pub option: Option<Pattern>,
    /// Shell: the options that carry the body.
    pub body: Option<Pattern>,
    /// Shell: the option for an endpoint without TLS.
    pub plain_http: Option<Pattern>,
    /// The text with `@words@`.
    pub text: Pattern,
}

/// A text of a dialect, which stands in skydeck's own data: nobody else's text is one.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Pattern(String);

impl Pattern {
    /// Returns its text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language of calls.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Language {
    /// Python 3.
    Python,
    /// Go.
    Go,
    /// A POSIX shell.
    Shell,
}

/// The letter case of a name.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LetterCase {
    /// `NameSpaceShortId` as `name_space_short_id`.
    Snake,
    /// `namespace` as `Namespace`.
    Pascal,
    /// As the vendor's API spells it.
    #[default]
    AsItIs,
}

fn as_it_is() -> Pattern {
    Pattern("{}".to_owned())
}

/// Returns the names of the dialects.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

impl Dialect {
    /// Returns the dialect of this name; `None` when there is none.
    pub(super) fn named(name: &str) -> Option<Result<Self, ExportError>> {
        let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
        Some(
            toml::from_str(text)
                .map_err(|error| ExportError::Dialect { dialect: name.to_owned(), reason: format!("cannot be read: {error}") }),
        )
    }
}

impl Language {
    /// Returns what begins a comment.
    pub(super) fn comment(self) -> &'static str {
        match self {
            Self::Python | Self::Shell => "#",
            Self::Go => "//",
        }
    }

    /// Returns a truth as a literal.
    pub(super) fn truth(self, truth: bool) -> &'static str {
        match (self, truth) {
            (Self::Python, true) => "True",
            (Self::Python, false) => "False",
            (_, true) => "true",
            (_, false) => "false",
        }
    }
}

impl LetterCase {
    /// Returns a name as it is written in this case; `None` where that is no name in a program.
    pub(super) fn write(self, name: &str) -> Option<Identifier> {
        let name = name.replace(['-', '.'], "_");
        Identifier::new(match self {
            Self::AsItIs => name,
            Self::Snake => snake(&name),
            Self::Pascal => name.split('_').flat_map(capital).collect(),
        })
    }
}

/// Returns a word with its first letter large.
fn capital(word: &str) -> impl Iterator<Item = char> {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, c) in name.chars().enumerate() {
        if c.is_uppercase() && at > 0 && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_dialect() {
        for name in names() {
            assert!(Dialect::named(name).unwrap().is_ok(), "{name}: {:?}", Dialect::named(name));
        }
    }

    #[test]
    fn names_are_written_by_rule() {
        let written = |case: LetterCase, name: &str| case.write(name).map(|name| name.as_str().to_owned());
        assert_eq!(written(LetterCase::Snake, "NameSpaceShortId"), Some("name_space_short_id".to_owned()));
        assert_eq!(written(LetterCase::Snake, "X-Project-Id"), Some("x_project_id".to_owned()));
        assert_eq!(written(LetterCase::Pascal, "namespace"), Some("Namespace".to_owned()));
        assert_eq!(written(LetterCase::Pascal, "is_public"), Some("IsPublic".to_owned()));
        assert_eq!(
            (written(LetterCase::AsItIs, "a=b"), written(LetterCase::Snake, "a(b)"), written(LetterCase::Pascal, "1a")),
            (None, None, None)
        );
    }
}
