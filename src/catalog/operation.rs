//! An operation: one API action, described once.

use serde::Deserialize;

use super::{Condition, Constant, Emulate, ErrorCode, JointRule, Note, Parameter, ParameterCondition, ResponseFormat, ResponsePath};

/// One API action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(clippy::struct_excessive_bools)] // a vocabulary: each is a fact of its own
pub struct Operation {
    /// The vendor's name: `CreateNamespace`.
    pub id: String,
    /// The effect, in a few words: `Create a namespace`.
    pub title: String,
    /// The effect, in a sentence or two.
    #[serde(default)]
    pub help: String,
    /// Set when it changes something: guards apply, and it is never sent again unasked.
    pub changes: bool,
    /// Set when what it changes cannot be restored: the resource's name is asked for.
    #[serde(default)]
    pub destructive: bool,
    /// The HTTP method.
    pub method: String,
    /// The path; `{Name}` stands for a parameter whose place is `path`.
    pub path: String,
    /// Statuses that mean success.
    pub success: Vec<u16>,
    /// Set when a body is sent even when no parameter is set (`{}`).
    #[serde(default)]
    pub always_body: bool,
    /// The format of its successes, where it differs from the provider's.
    pub answer_format: Option<ResponseFormat>,
    /// The permission (RAM or IAM action) that the caller needs, where the vendor names one.
    pub permission: Option<String>,
    /// The vendor's page.
    pub link: Option<String>,
    /// Constants of this operation, besides the provider's.
    #[serde(default, rename = "constant")]
    pub constants: Vec<Constant>,
    /// The parameters, in the order of the form.
    #[serde(default, rename = "parameter")]
    pub parameters: Vec<Parameter>,
    /// Rules on several parameters at once.
    #[serde(default, rename = "joint")]
    pub joints: Vec<JointRule>,
    /// Notes for the operator before sending.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The fields of a successful answer; none when its body is empty.
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
    /// The errors that the vendor's page of this operation lists.
    #[serde(default, rename = "error")]
    pub errors: Vec<ErrorCode>,
    /// Error codes for the emulator's conditions, where they differ from the provider's.
    #[serde(default)]
    pub conditions: std::collections::BTreeMap<Condition, String>,
    /// The message in a condition, where it is not the one of the error's entry.
    #[serde(default)]
    pub messages: std::collections::BTreeMap<Condition, String>,
    /// The emulator's implementation.
    pub emulate: Option<Emulate>,
}

impl Operation {
    /// Returns the names of parameters, and of members of answers, whose values are secrets.
    pub fn secret_names(&self) -> impl Iterator<Item = &str> {
        let parameters = self.parameters.iter().filter(|parameter| parameter.sensitive).map(|parameter| &*parameter.name);
        let answers = self.answers.iter().filter(|answer| answer.sensitive).map(|answer| &*answer.path);
        parameters.chain(answers).map(|path| path.rsplit(['.', ']']).next().unwrap_or(path))
    }

    /// Returns the parameter of this name, by its exact spelling.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Returns the index of the parameter of this name in [`Operation::parameters`].
    pub fn position(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }
}

/// A field of a successful answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answer {
    /// Its path in the body.
    pub path: ResponsePath,
    /// Its JSON type: `string`, `boolean`, `integer`, `object`, `list`.
    #[serde(rename = "type")]
    pub kind: super::Type,
    /// The meaning.
    pub help: String,
    /// An example value.
    pub example: Option<toml::Value>,
    /// Set when its value is a secret, masked wherever it is shown.
    #[serde(default)]
    pub sensitive: bool,
    /// The emulator's value for it: a template over the resource's properties and the request's own facts
    /// (see [`Emulate`]); without it the emulator leaves the field out.
    pub value: Option<super::template::Template>,
    /// The emulator puts it there only then.
    #[serde(default)]
    pub when: ParameterCondition,
}
