//! An operator's file for a provider that is known already: only what it names is replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::check::{CatalogProblem, find_operation_problems, find_problems, resource_problems};
use super::provider::{Provider, Region, RetryAfter};
use super::undeclared::undeclared_changes;
use super::{Condition, Constant, ErrorCode, MessageRule, Note, Operation, Resources, ResponseFormat, Scheme, Sdk, Vendor};

/// The part of a file that identifies its provider.
#[derive(Deserialize)]
pub(super) struct Head {
    pub id: String,
}

/// The keys of a [`Provider`], each of which may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Fragment {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    title: Option<String>,
    product: Option<String>,
    vendor: Option<Vendor>,
    #[serde(default, deserialize_with = "super::identifier::some_version")]
    version: Option<String>,
    service: Option<String>,
    product_code: Option<String>,
    auth: Option<Vec<Scheme>>,
    flat_parameters: Option<bool>,
    answer_format: Option<ResponseFormat>,
    content_type: Option<String>,
    default_region: Option<String>,
    endpoint: Option<String>,
    iam_endpoint: Option<String>,
    link: Option<String>,
    #[serde(rename = "region")]
    regions: Option<Vec<Region>>,
    also_served: Option<Vec<String>>,
    #[serde(rename = "constant")]
    constants: Option<Vec<Constant>>,
    notes: Option<Vec<Note>>,
    conditions: Option<BTreeMap<Condition, String>>,
    messages: Option<BTreeMap<Condition, String>>,
    retry_after: Option<RetryAfter>,
    volatile: Option<Vec<String>>,
    policy: Option<String>,
    #[serde(rename = "error")]
    errors: Option<Vec<ErrorCode>>,
    #[serde(rename = "message-rule")]
    message_rules: Option<Vec<MessageRule>>,
    resources: Option<Resources>,
    sdk: Option<Sdk>,
    #[serde(rename = "operation", default)]
    operations: Vec<Arc<Operation>>,
}

impl Fragment {
    /// Returns the known provider with what this names put in (operations by their id, everything else whole), and what is wrong with it.
    pub(super) fn merge_checked(mut self, known: &Provider, built_in: fn() -> Vec<Arc<Provider>>) -> (Provider, Vec<CatalogProblem>) {
        let own = std::mem::take(&mut self.operations);
        let mut provider = self.replaced(known);
        // Before the operations are in: that an error speaks of a replaced operation's parameter is no mistake of this file.
        let mut mistakes = find_problems(&provider);
        for operation in &own {
            provider.put(operation.clone());
        }
        mistakes.extend(find_operation_problems(&provider, &own));
        mistakes.extend(undeclared_changes(&provider, &own, built_in));
        // After them: resources may use an operation that the same file adds.
        mistakes.extend(resource_problems(&provider));
        (provider, mistakes)
    }

    /// Returns the known provider with what this names put in, unchecked: the tests check what is built in.
    pub(super) fn merge_unchecked(mut self, known: &Provider) -> Provider {
        let own = std::mem::take(&mut self.operations);
        let mut provider = self.replaced(known);
        for operation in own {
            provider.put(operation);
        }
        provider
    }

    fn replaced(self, known: &Provider) -> Provider {
        Provider {
            id: known.id.clone(),
            title: self.title.unwrap_or_else(|| known.title.clone()),
            product: self.product.unwrap_or_else(|| known.product.clone()),
            vendor: self.vendor.unwrap_or(known.vendor),
            version: self.version.unwrap_or_else(|| known.version.clone()),
            service: self.service.unwrap_or_else(|| known.service.clone()),
            also_served: self.also_served.unwrap_or_else(|| known.also_served.clone()),
            product_code: self.product_code.unwrap_or_else(|| known.product_code.clone()),
            auth: self.auth.unwrap_or_else(|| known.auth.clone()),
            flat_parameters: self.flat_parameters.unwrap_or(known.flat_parameters),
            answer_format: self.answer_format.unwrap_or(known.answer_format),
            content_type: self.content_type.unwrap_or_else(|| known.content_type.clone()),
            default_region: self.default_region.unwrap_or_else(|| known.default_region.clone()),
            endpoint: self.endpoint.unwrap_or_else(|| known.endpoint.clone()),
            iam_endpoint: self.iam_endpoint.or_else(|| known.iam_endpoint.clone()),
            link: self.link.or_else(|| known.link.clone()),
            regions: self.regions.unwrap_or_else(|| known.regions.clone()),
            constants: self.constants.unwrap_or_else(|| known.constants.clone()),
            notes: self.notes.unwrap_or_else(|| known.notes.clone()),
            conditions: self.conditions.unwrap_or_else(|| known.conditions.clone()),
            messages: self.messages.unwrap_or_else(|| known.messages.clone()),
            retry_after: self.retry_after.or_else(|| known.retry_after.clone()),
            volatile: self.volatile.unwrap_or_else(|| known.volatile.clone()),
            policy: self.policy.or_else(|| known.policy.clone()),
            errors: self.errors.unwrap_or_else(|| known.errors.clone()),
            message_rules: self.message_rules.unwrap_or_else(|| known.message_rules.clone()),
            resources: self.resources.or_else(|| known.resources.clone()),
            sdk: self.sdk.or_else(|| known.sdk.clone()),
            operations: known.operations.clone(),
        }
    }
}

impl Provider {
    fn put(&mut self, own: Arc<Operation>) {
        match self.operations.iter_mut().find(|operation| operation.id == own.id) {
            Some(operation) => *operation = own,
            None => self.operations.push(own),
        }
    }
}

/// Returns the byte offset of an operation's id in a file.
pub(super) fn operation_at(text: &str, id: &str) -> Option<usize> {
    #[derive(Deserialize)]
    struct EntryIds {
        #[serde(default)]
        operation: Vec<Id>,
    }
    #[derive(Deserialize)]
    struct Id {
        id: Spanned<String>,
    }
    let ids: EntryIds = toml::from_str(text).ok()?;
    // The last one: of two operations of one id it is the second that is too many.
    ids.operation.iter().rev().find(|operation| operation.id.get_ref() == id).map(|operation| operation.id.span().start)
}
