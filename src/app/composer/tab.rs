//! A tab: a provider, the operation being filled in, and what comes of it as it stands.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Field, preview};
use crate::app::message::{AccessKey, Now};
use crate::app::resources::ResourceTable;
use crate::auth::Signed;
use crate::catalog::{Operation, Parameter, Provider, Severity};
use crate::config::Access;
use crate::form::{Diagnostic, Form, ValidationContext, Value, validate};

/// One provider's tab.
#[derive(Debug)]
pub struct Tab {
    /// The provider's id.
    pub id: String,
    /// The tab's title.
    pub title: String,
    /// The provider, once its file is read.
    pub provider: Option<Arc<Provider>>,
    /// The operation, counted from 0.
    pub operation: usize,
    /// The region that the operator chose, if one was.
    pub region: Option<String>,
    /// A field for each parameter.
    pub fields: Vec<Field>,
    /// The values typed into the forms of the other operations, by their number.
    drafts: HashMap<usize, Vec<Field>>,
    /// The field that has the focus.
    pub focus: usize,
    /// Whether a field was being typed into when the table of resources took the form's place.
    pub left_editing: bool,
    /// The errors and warnings, in the order of the form.
    pub findings: Vec<Diagnostic>,
    /// The account that calls go to: `None` while it is being resolved.
    pub access: Option<Result<Arc<Access>, String>>,
    /// Whether the operator may be asked for it: only when the tab has been shown.
    pub may_ask: bool,
    /// The request as it would be sent, or why there is none.
    pub preview: Result<Signed, String>,
    /// The table of resources, which may be shown instead of the form.
    pub resources: ResourceTable,
    /// Counts changes of the form, the table and the access, so that what is made from them knows when it is old.
    pub revision: u64,
}

impl Tab {
    /// Creates a tab whose provider is not read yet.
    pub fn new(id: &str, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            provider: None,
            operation: 0,
            region: None,
            fields: Vec::new(),
            drafts: HashMap::new(),
            focus: 0,
            left_editing: false,
            findings: Vec::new(),
            access: None,
            may_ask: false,
            preview: Err("nothing yet".to_owned()),
            resources: ResourceTable::default(),
            revision: 0,
        }
    }

    /// Takes the provider's entry and indexes the form of its first operation.
    pub fn load(&mut self, provider: Arc<Provider>) {
        self.title.clone_from(&provider.title);
        self.provider = Some(provider);
        self.clear();
    }

    /// Shows the form of an operation as it was left.
    pub fn choose(&mut self, operation: usize) {
        if operation == self.operation {
            return;
        }
        let left = std::mem::take(&mut self.fields);
        self.drafts.insert(self.operation, left);
        self.operation = operation;
        match self.drafts.remove(&operation) {
            Some(fields) => (self.fields, self.focus) = (fields, 0),
            None => self.clear(),
        }
    }

    /// Returns the operation being filled in.
    pub fn operation(&self) -> Option<&Arc<Operation>> {
        self.provider.as_ref().and_then(|provider| provider.operations.get(self.operation))
    }

    /// Returns its parameters, in the order of the form.
    pub fn parameters(&self) -> &[Parameter] {
        self.operation().map_or(&[], |operation| &operation.parameters)
    }

    /// Returns the parameter and the field that have the focus.
    pub fn focused(&self) -> Option<(&Parameter, &Field)> {
        Some((self.parameters().get(self.focus)?, self.fields.get(self.focus)?))
    }

    /// Returns the region that calls go to, as far as it is known.
    pub fn region(&self) -> &str {
        match (&self.access, &self.region, &self.provider) {
            (Some(Ok(access)), _, _) => &access.region,
            (_, Some(region), _) => region,
            (_, _, Some(provider)) => &provider.default_region,
            _ => "",
        }
    }

    /// Returns for what this tab's access is resolved.
    pub fn access_key(&self, profile: &str) -> AccessKey {
        AccessKey { provider: self.id.clone(), profile: profile.to_owned(), region: self.region.clone() }
    }

    /// Returns the form as it stands.
    pub fn form(&self) -> Option<Form> {
        let operation = Arc::clone(self.operation()?);
        let values = operation.parameters.iter().zip(&self.fields).map(|(parameter, field)| field.value(parameter)).collect();
        Some(Form { operation, values })
    }

    /// Checks the form and signs the request again.
    pub fn refresh(&mut self, now: &Now) {
        self.revision += 1;
        let (Some(form), Some(provider)) = (self.form(), self.provider.clone()) else { return };
        self.findings = validate(&form, ValidationContext { region: self.region() });
        self.preview = match &self.access {
            None => Err("finding out whose account this is".to_owned()),
            Some(Err(reason)) => Err(reason.clone()),
            Some(Ok(access)) => preview::signed(&provider, &form, access, now),
        };
    }

    /// Returns what is wrong or doubtful with a parameter.
    pub fn findings_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
        self.findings.iter().filter(move |finding| finding.parameter == name)
    }

    /// Returns the first value of the form that is a text: what names the resource of a call that is about one.
    pub fn first_text(&self) -> Option<String> {
        self.parameters().iter().zip(&self.fields).find_map(|(parameter, field)| match field.value(parameter) {
            Value::Text(text) => Some(text),
            _ => None,
        })
    }

    /// Returns how many parameters have something wrong that would make the call fail.
    pub fn errors(&self) -> usize {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| finding.parameter.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// Moves the focus to the parameter of this name; `false` if the operation has none.
    pub fn focus_on(&mut self, name: &str) -> bool {
        let found = self.parameters().iter().position(|parameter| parameter.name == name);
        if let Some(at) = found {
            self.focus = at;
            self.fields[at].part = 0;
        }
        found.is_some()
    }

    /// Puts the vendor's example into every field that is empty; how many there were.
    pub fn fill_examples(&mut self) -> usize {
        let parameters = self.parameters().to_vec();
        let mut filled = 0;
        for (parameter, field) in parameters.iter().zip(&mut self.fields) {
            let Some(example) = parameter.example.as_ref().filter(|_| field.is_empty(parameter)) else { continue };
            *field = Field::showing(parameter, &example_value(example));
            filled += 1;
        }
        filled
    }

    /// Lays the form out again, every field empty.
    pub fn clear(&mut self) {
        self.fields = self.parameters().iter().map(Field::new).collect();
        self.focus = 0;
    }
}

/// Returns an example of the catalog as a value.
fn example_value(example: &toml::Value) -> Value {
    match example {
        toml::Value::String(text) => Value::Text(text.clone()),
        toml::Value::Boolean(flag) => Value::Flag(*flag),
        toml::Value::Integer(number) => Value::Text(number.to_string()),
        toml::Value::Array(elements) => elements
            .iter()
            .map(toml::Value::as_str)
            .map(|text| text.map(str::to_owned))
            .collect::<Option<_>>()
            .map_or_else(|| rows(elements), Value::List),
        other => Value::Json(serde_json::to_string(other).unwrap_or_default()),
    }
}

fn rows(elements: &[toml::Value]) -> Value {
    let cell = |(name, value): (&String, &toml::Value)| Some((name.clone(), value.as_str()?.to_owned()));
    let row = |element: &toml::Value| element.as_table()?.iter().map(cell).collect::<Option<Vec<_>>>();
    match elements.iter().map(row).collect::<Option<Vec<_>>>() {
        Some(rows) => Value::Rows(rows),
        None => Value::Json(serde_json::to_string(elements).unwrap_or_default()),
    }
}
