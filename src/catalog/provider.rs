//! A provider: one tab, one API, one file of the catalog.

use std::sync::Arc;

use serde::Deserialize;

use super::{Condition, Constant, ErrorCode, MessageRule, Note, Operation, Resources, ResponseFormat, Scheme, Sdk, Vendor, message_rule};

/// A provider's whole file. Times, keys and hosts are the vendor's; every text here is in our own words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Provider {
    /// The id used on the command line and in files: `alibaba-sae`.
    pub id: String,
    /// The tab's title: `Alibaba SAE`.
    pub title: String,
    /// The product's full name: `Alibaba Cloud Serverless App Engine`.
    pub product: String,
    /// The vendor whose credentials and regions it uses.
    pub vendor: Vendor,
    /// The API's version as the vendor writes it: `2019-05-06`.
    #[serde(deserialize_with = "super::identifier::version")]
    pub version: String,
    /// The service's short name in the scope of a signature (Volcengine `id`); empty where there is none.
    #[serde(default)]
    pub service: String,
    /// The product's code in links to the vendor's help (Alibaba Cloud `product=sae`); empty where no answer has such a link.
    #[serde(default)]
    pub product_code: String,
    /// The authentication schemes; the first that the credentials fit is used.
    pub auth: Vec<Scheme>,
    /// Set when members of the body may also come flat (`Tags.1.Key`), in the query of a GET or in a form body.
    #[serde(default)]
    pub flat_parameters: bool,
    /// The format of answers.
    pub answer_format: ResponseFormat,
    /// The `content-type` of a request that has a body.
    #[serde(default = "json")]
    pub content_type: String,
    /// The region used when nothing else names one.
    pub default_region: String,
    /// The endpoint of a region without one of its own; `{region}` stands for its id.
    pub endpoint: String,
    /// The endpoint of the token service of a region without one of its own; only where [`Scheme::IamToken`] is used.
    pub iam_endpoint: Option<String>,
    /// The vendor's page about the API as a whole.
    pub link: Option<String>,
    /// Regions that the vendor lists.
    #[serde(default, rename = "region")]
    pub regions: Vec<Region>,
    /// Regions beside those that the emulator serves where a signature names the region; that the vendor serves them is not certain.
    #[serde(default)]
    pub also_served: Vec<String>,
    /// The constants that every request carries besides its parameters: `x-acs-action`, `Action`.
    #[serde(default, rename = "constant")]
    pub constants: Vec<Constant>,
    /// Notes for the operator about the API as a whole.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The error code that the emulator answers in each condition; an operation may name another.
    #[serde(default)]
    pub conditions: std::collections::BTreeMap<Condition, String>,
    /// The message in a condition, where it is not the one of the error's entry.
    #[serde(default)]
    pub messages: std::collections::BTreeMap<Condition, String>,
    /// The header that says when to call again after too many calls, where the vendor documents it.
    pub retry_after: Option<RetryAfter>,
    /// Headers and members of answers that are others in every call, besides what HTTP has: dates, nonces, request ids.
    #[serde(default)]
    pub volatile: Vec<String>,
    /// A policy of the vendor's that allows one action, as JSON; `{action}` and `{resource}` stand for what it is about.
    pub policy: Option<String>,
    /// Errors of the vendor's gateway and those common to all operations.
    #[serde(default, rename = "error")]
    pub errors: Vec<ErrorCode>,
    /// The explanations of its errors by their messages, besides the vendor's own rules.
    #[serde(default, rename = "message-rule")]
    pub message_rules: Vec<MessageRule>,
    /// The resources that a view shows, and the calls for them, where the provider has such calls.
    pub resources: Option<Resources>,
    /// The names in the vendor's own tools, where there are any.
    pub sdk: Option<Sdk>,
    /// The operations; the first is the one a tab opens with.
    #[serde(rename = "operation")]
    pub operations: Vec<Arc<Operation>>,
}

fn json() -> String {
    "application/json".to_owned()
}

/// A region that the vendor lists.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Region {
    /// The vendor's id: `cn-hangzhou`.
    pub id: String,
    /// The name of the place, if the id does not say it.
    #[serde(default)]
    pub title: String,
    /// The host or URL, where it differs from the provider's pattern.
    pub endpoint: Option<String>,
    /// The token service's host or URL, where it differs from the provider's pattern.
    pub iam_endpoint: Option<String>,
}

/// The header that says when to come again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryAfter {
    /// Its name: `x-acs-retry-after`.
    pub header: String,
    /// The unit of the number.
    pub unit: RetryUnit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum RetryUnit {
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

impl Provider {
    /// Returns the operation of this id, by its exact spelling.
    pub fn operation(&self, id: &str) -> Option<&Arc<Operation>> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Returns the URL of a region's endpoint. A region that is not listed follows the pattern: new regions open before we know of them.
    pub fn endpoint_of(&self, region: &str) -> String {
        let own = self.regions.iter().find(|known| known.id == region).and_then(|known| known.endpoint.as_deref());
        with_protocol(own.unwrap_or(&self.endpoint), region)
    }

    /// Returns the URL of a region's token service, where the provider has one.
    pub fn iam_endpoint_of(&self, region: &str) -> Option<String> {
        let own = self.regions.iter().find(|known| known.id == region).and_then(|known| known.iam_endpoint.as_deref());
        own.or(self.iam_endpoint.as_deref()).map(|pattern| with_protocol(pattern, region))
    }

    /// Returns every error code, those of the operations before the common ones.
    pub fn error_codes(&self) -> impl Iterator<Item = &ErrorCode> + Clone {
        self.operations.iter().flat_map(|operation| &operation.errors).chain(&self.errors)
    }

    /// Returns the entry that describes an error code, the operation's own before the common ones.
    pub fn error<'a>(&'a self, operation: Option<&'a Operation>, status: Option<u16>, code: &str) -> Option<&'a ErrorCode> {
        let own = operation.into_iter().flat_map(|operation| &operation.errors);
        let fits = |error: &&ErrorCode| error.names(code) && status.is_none_or(|status| error.status == status);
        let any = |error: &&ErrorCode| error.names(code);
        own.clone().chain(&self.errors).find(fits).or_else(|| own.chain(&self.errors).find(any))
    }

    /// Returns the rule for an error: the provider's own before the vendor's; then, for a code that the catalog does not have, what vendors
    /// in general say in these words.
    pub fn message_rule(&self, operation: Option<&Operation>, code: &str, message: &str) -> Option<&MessageRule> {
        let is_known = !code.is_empty() && self.error(operation, None, code).is_some();
        message_rule::find(self.own_message_rules(), is_known, code, message)
    }

    /// Returns every code that a rule names.
    pub fn codes_of_rules(&self) -> impl Iterator<Item = &str> {
        self.own_message_rules().flat_map(|rule| rule.codes.iter().map(String::as_str))
    }

    fn own_message_rules(&self) -> impl Iterator<Item = &MessageRule> {
        self.message_rules.iter().chain(self.vendor.message_rules())
    }

    /// Returns the entry for an answer of this status that has no code.
    pub fn error_without_code<'a>(&'a self, operation: Option<&'a Operation>, status: u16) -> Option<&'a ErrorCode> {
        self.error(operation, Some(status), &status.to_string()).filter(|entry| entry.status == status)
    }
}

fn with_protocol(pattern: &str, region: &str) -> String {
    let host = pattern.replace("{region}", region);
    if host.contains("://") { host } else { format!("https://{host}") }
}
