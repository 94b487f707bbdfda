//! The operation catalog: providers and their operations as data.
//!
//! One entry in `assets/catalog/<provider>.toml` describes an operation once; the form and its checks, the
//! request, the command line, the reference, the emulator and the explanations all come from it.
//! This module holds the vocabulary and reads the files; it uses nothing else of ours.

mod answer_path;
mod charset;
mod check;
mod emulate;
mod error_code;
mod found;
mod fragment;
mod identifier;
mod load;
mod message_rule;
mod name;
mod operation;
mod parameter;
mod placeholder;
mod provider;
mod reason;
mod resources;
mod rule;
mod sdk;
pub mod template;
mod undeclared;
mod words;

pub use answer_path::{AnswerPath, Step};
pub use charset::{CharSet, CharSetError};
pub use check::check;
pub use emulate::{Becomes, Condition, Demand, Derive, Effect, Emulate, Filter, Match, Page, Scope, Sort, When};
pub use error_code::{ErrorCode, Layer};
pub use found::Found;
pub use identifier::{Identifier, ToolWord, Variable};
pub use load::{BUILT_IN, BuiltIn, Catalog, LoadError};
pub use message_rule::MessageRule;
pub use name::Name;
pub use operation::{Answer, Operation};
pub use parameter::{Choice, Items, Note, NoteKind, Parameter, Place, Type};
pub use placeholder::{Fact, Placeholder};
pub use provider::{AnswerFormat, Constant, Provider, Region, RetryAfter, RetryUnit, Scheme, Vendor};
pub use resources::{Column, Creation, Deed, Listing, Paging, Progress, Resources};
pub use rule::{Check, Joint, JointCheck, Part, Pattern, Rule, Severity, Violation};
pub use sdk::{Keys, Sdk, Tool};
pub use undeclared::{is_same_path, names_action};
pub use words::{brief, did_you_mean, joined, nearest, quoted, shown};
