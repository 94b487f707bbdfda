//! What a resources view shows of a provider, and by which of its calls: data, like everything about a vendor.
//!
//! A resource is an object of a listing's answer. `{Name}` in the `fill` of a call stands for its member of that name
//! (`{A.B}` for a member of a member), see [`super::template`].

use std::collections::BTreeMap;

use serde::Deserialize;

/// Values for parameters, as templates. A parameter of which the template names what is not there stays unset.
pub type Fill = BTreeMap<String, super::template::Template>;

/// What there is to see, and how it is had.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Resources {
    /// What they are called: `Namespaces`.
    pub title: String,
    /// What one of them is called, in a sentence: `namespace`.
    pub noun: String,
    /// The member that tells one from another.
    pub key: String,
    /// The member by which people speak of one, where that is not the key.
    #[serde(default)]
    pub name: Option<String>,
    /// The columns of the table.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// How they are listed.
    pub list: Listing,
    /// How one is created.
    #[serde(default)]
    pub create: Option<Creation>,
    /// How one is shown.
    #[serde(default)]
    pub show: Option<Deed>,
    /// How one is changed.
    #[serde(default)]
    pub update: Option<Deed>,
    /// How one is deleted.
    #[serde(default)]
    pub delete: Option<Deed>,
    /// Where a resource says that it is still being made.
    #[serde(default)]
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
    /// Where the array of them stands in the answer's body: `Data.Namespaces`.
    pub rows: String,
    /// How the listing is cut into pages; without it the answer has them all.
    #[serde(default)]
    pub page: Option<Paging>,
}

/// How a listing is cut into pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Paging {
    /// The parameter that counts the pages, from 1.
    pub number: String,
    /// The parameter that says how much a page holds.
    pub size: String,
    /// How much to ask for: no more than the vendor gives.
    pub most: u32,
    /// Where the answer says how many there are on all pages.
    pub total: String,
}

/// A call about one resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deed {
    /// The operation.
    pub operation: String,
    /// Its parameters, from the resource.
    pub fill: Fill,
    /// Where the resource stands in the answer's body, if it answers with one; empty for the body itself.
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
    pub made: Fill,
}

/// Where a resource says that it is still being made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Progress {
    /// The member.
    pub member: String,
    /// Its values while the resource is being made.
    pub under_way: Vec<String>,
}

impl Resources {
    /// The calls about one resource that there are.
    pub fn deeds(&self) -> impl Iterator<Item = &Deed> {
        [&self.show, &self.update, &self.delete].into_iter().flatten()
    }

    /// The operations that it uses.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        let create = self.create.iter().map(|create| create.operation.as_str());
        let deeds = self.deeds().map(|deed| deed.operation.as_str());
        std::iter::once(self.list.operation.as_str()).chain(create).chain(deeds)
    }
}
