//! The operation catalog: providers and their operations as data.
//!
//! One entry in `assets/catalog/<provider>.toml` describes an operation once; the form and its checks, the
//! request, the command line, the reference, the emulator and the explanations all come from it.
//! This module holds the vocabulary and reads the files; of ours it uses only the wording of messages.

mod charset;
mod check;
mod emulate;
mod error_code;
mod fragment;
mod identifier;
mod json_ref;
mod load;
mod message_rule;
mod name;
mod operation;
mod parameter;
mod placeholder;
mod provider;
mod reason;
mod resources;
mod response_path;
mod rule;
mod sdk;
pub mod template;
mod undeclared;
mod vendor;

pub use charset::{CharSet, InvalidCharSet};
pub use check::check;
pub use emulate::{
    Condition, DerivedProperty, Effect, Emulate, Filter, Match, Page, ParameterCondition, Precondition, Scope, SortOrder, Transition,
};
pub use error_code::{ErrorCode, Layer};
pub use identifier::{Identifier, ToolWord, Variable};
pub use json_ref::{JsonRef, as_text};
pub use load::{BUILT_IN, BuiltIn, Catalog, LoadError};
pub use message_rule::MessageRule;
pub use name::Name;
pub use operation::{Answer, Operation};
pub use parameter::{Choice, Constant, Items, Note, NoteKind, Parameter, ParameterLocation, Type};
pub use placeholder::{Placeholder, RequestVariable};
pub use provider::{Provider, Region, RetryAfter, RetryUnit};
pub use resources::{Column, Creation, Listing, Paging, Progress, ResourceCall, Resources};
pub use response_path::{ResponsePath, Step};
pub use rule::{Check, JointCheck, JointRule, Part, Pattern, Rule, Severity, Violation};
pub use sdk::{Keys, Sdk, Tool};
pub use undeclared::{is_same_path, names_action};
pub use vendor::{ResponseFormat, Scheme, Vendor};
