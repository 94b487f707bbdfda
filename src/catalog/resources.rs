//! What a resources view shows of a provider, and by which of its calls: data, like everything about a vendor.
//!
//! A resource is an object of a listing's answer. `{Name}` in the `fill` of a call stands for its member of that name
//! (`{A.B}` for a member of a member), see [`super::template`].

use std::collections::BTreeMap;

use serde::Deserialize;

/// Values for parameters, as templates. A parameter of which the template names what is not there stays unset.
pub type ParameterTemplates = BTreeMap<String, super::template::Template>;

/// The resources of a provider, and the calls that list and show them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Resources {
    /// The plural for a title: `Namespaces`.
    pub title: String,
    /// The noun for one of them, in a sentence: `namespace`.
    pub noun: String,
    /// The member that tells one from another.
    pub key: String,
    /// The member by which people speak of one, where that is not the key.
    pub name: Option<String>,
    /// The columns of the table.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// The call that lists them.
    pub list: Listing,
    /// The call that creates one.
    pub create: Option<Creation>,
    /// The call that shows one.
    pub show: Option<ResourceCall>,
    /// The call that changes one.
    pub update: Option<ResourceCall>,
    /// The call that deletes one.
    pub delete: Option<ResourceCall>,
    /// The property that says whether a resource is still being created.
    pub progress: Option<Progress>,
}

/// A column of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Column {
    /// The member, dotted where it is a member of a member.
    pub member: String,
    /// The column's head.
    pub title: String,
}

/// The call that lists resources.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Listing {
    /// The operation.
    pub operation: String,
    /// The path of their array in the answer's body: `Data.Namespaces`.
    pub rows: String,
    /// The paging of the listing; without it the answer has them all.
    pub page: Option<Paging>,
}

/// The paging of a listing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Paging {
    /// The parameter that counts the pages, from 1.
    pub number: String,
    /// The parameter that says how much a page holds.
    pub size: String,
    /// The page size to ask for: the vendor's maximum.
    pub most: u32,
    /// The path of the number of resources on all pages.
    pub total: String,
}

/// A call about one resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ResourceCall {
    /// The operation.
    pub operation: String,
    /// Its parameters, from the resource.
    pub fill: ParameterTemplates,
    /// The path of the resource in the answer's body, if it answers with one; empty for the body itself.
    #[serde(default)]
    pub at: String,
}

/// The call that creates one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Creation {
    /// The operation.
    pub operation: String,
    /// Members of the new resource that are known at once, enough to show it: templates over the answer's body, and
    /// over the call's parameters where the body has no such member.
    pub made: ParameterTemplates,
}

/// The property that says whether a resource is still being created.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Progress {
    /// The member.
    pub member: String,
    /// Its values while the resource is being made.
    #[serde(rename = "under-way")]
    pub in_progress: Vec<String>,
}

impl Resources {
    /// Returns the calls about one resource that there are.
    pub fn resource_calls(&self) -> impl Iterator<Item = &ResourceCall> {
        [&self.show, &self.update, &self.delete].into_iter().flatten()
    }

    /// Returns the operations that it uses.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        let create = self.create.iter().map(|create| create.operation.as_str());
        let resource_calls = self.resource_calls().map(|deed| deed.operation.as_str());
        std::iter::once(self.list.operation.as_str()).chain(create).chain(resource_calls)
    }
}
