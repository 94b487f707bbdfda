//! How the vendor's own SDKs and command line make a provider's calls: what cannot be derived from the operations.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Identifier, ToolWord, Variable};

/// The vendor's own tools, and the environment variables that they take keys from.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sdk {
    /// The environment variables that hold the keys.
    #[serde(default)]
    pub keys: Keys,
    /// The tools' names of an operation, where they differ from the operation's id.
    #[serde(default)]
    pub names: BTreeMap<String, Identifier>,
    /// Operations whose methods take no request object at all.
    #[serde(default)]
    pub without_request: Vec<String>,
    /// The SDK for Python.
    pub python: Option<Tool>,
    /// The SDK for Go.
    pub go: Option<Tool>,
    /// The command line.
    pub cli: Option<Tool>,
}

/// One tool: the dialect that its calls are written in, and the words that the dialect's text asks for.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Tool {
    /// The dialect's name: `alibaba-python`.
    pub dialect: String,
    /// Words for the dialect's text by their names: `package`.
    #[serde(flatten)]
    pub words: BTreeMap<String, ToolWord>,
}

/// Names of environment variables: those that the vendor's own SDKs read.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Keys {
    /// The access key id.
    pub id: Variable,
    /// The secret access key.
    pub secret: Variable,
    /// The security token of a temporary key.
    pub token: Variable,
    /// A token of the identity service.
    pub auth_token: Variable,
}

impl Default for Keys {
    /// Returns names for a vendor that names none.
    fn default() -> Self {
        Self {
            id: Variable::new("ACCESS_KEY_ID"),
            secret: Variable::new("ACCESS_KEY_SECRET"),
            token: Variable::new("SECURITY_TOKEN"),
            auth_token: Variable::new("TOKEN"),
        }
    }
}
