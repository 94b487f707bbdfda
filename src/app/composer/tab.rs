//! A tab: a provider, the operation being filled in, and what comes of it as it stands.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use jiff::SignedDuration;

use super::error::RequestError;
use super::field::{Editor, Field};
use super::sign_preview::signed;
use crate::app::Action;
use crate::app::message::{AccessKey, Now};
use crate::app::popups::RequiredName;
use crate::auth::Signed;
use crate::call::{Call, Resend};
use crate::catalog::{Operation, Parameter, Provider, Severity};
use crate::config::{Access, Guard};
use crate::exchange::Purpose;
use crate::form::{Diagnostic, Form, ValidationContext, Value, plan, validate};

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
    /// The errors and warnings, in the order of the form.
    pub findings: Vec<Diagnostic>,
    /// The account that calls go to: `None` while it is being resolved.
    pub access: Option<Result<Arc<Access>, String>>,
    /// Set when the operator may be asked for it: only when the tab has been shown.
    pub may_ask: bool,
    /// The request as it would be sent, or why there is none.
    pub preview: Result<Signed, RequestError>,
    /// Counts changes of the form and the access, so that what is made from them knows when it is old.
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
            findings: Vec::new(),
            access: None,
            may_ask: false,
            preview: Err(RequestError::NoForm),
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

    /// Shows the form of the operation of this id, if there is one.
    pub fn choose_named(&mut self, id: &str) {
        let known = self.provider.as_ref().and_then(|provider| provider.operations.iter().position(|operation| operation.id == id));
        self.choose(known.unwrap_or(self.operation));
    }

    /// Shows the form of an operation with these values, and gives one of the fields the focus.
    pub fn fill(&mut self, form: &Form, focus: usize) {
        self.choose_named(&form.operation.id);
        let fields = form.operation.parameters.iter().zip(&form.values).map(|(parameter, value)| Field::showing(parameter, value));
        self.fields = fields.collect();
        self.focus = focus;
    }

    /// Returns an operation of the provider.
    pub fn operation_named(&self, id: &str) -> Option<&Arc<Operation>> {
        self.provider.as_ref()?.operation(id)
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
            None => Err(RequestError::Resolving),
            Some(Err(reason)) => Err(RequestError::NoAccess(reason.clone())),
            Some(Ok(access)) => signed(&provider, &form, access, now),
        };
    }

    /// Returns what is wrong or doubtful with a parameter.
    pub fn findings_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
        self.findings.iter().filter(move |finding| finding.parameter == name)
    }

    /// Returns how many parameters have something wrong that would make the call fail.
    pub fn errors(&self) -> usize {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| finding.parameter.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// Moves to the next part of the focused field or to the next field; after the last to the first.
    pub fn next_field(&mut self) {
        if self.fields.get_mut(self.focus).is_some_and(Field::next_part) {
            return;
        }
        match self.fields.get_mut(self.focus + 1) {
            Some(next) => (self.focus, next.part) = (self.focus + 1, 0),
            None => self.focus = 0,
        }
    }

    /// Moves to the part or the field before.
    pub fn previous_field(&mut self) {
        if self.fields.get_mut(self.focus).is_some_and(Field::previous_part) {
            return;
        }
        let Some(last) = self.fields.len().checked_sub(1) else { return };
        self.focus = self.focus.checked_sub(1).unwrap_or(last);
        let field = &mut self.fields[self.focus];
        field.part = if matches!(field.editor, Editor::Checks(_)) { field.part } else { field.parts().saturating_sub(1) };
    }

    /// Puts the cursor at a character of a field; `false` if the field is not typed.
    pub fn point(&mut self, field: usize, part: usize, character: usize) -> bool {
        self.focus = field.min(self.fields.len().saturating_sub(1));
        let Some(field) = self.fields.get_mut(self.focus) else { return true };
        field.part = part.min(field.parts().saturating_sub(1));
        let typed = field.input().is_some();
        if typed {
            field.point(character);
        }
        typed
    }

    /// Edits the focused field as raw JSON, or in its own editor again; `false` if that cannot show its value.
    pub fn toggle_json(&mut self) -> bool {
        let Some(parameter) = self.parameters().get(self.focus).cloned() else { return true };
        self.fields[self.focus].toggle_json(&parameter)
    }

    /// Moves the focus by a movement.
    pub fn travel(&mut self, action: Action) {
        let last = self.fields.len().saturating_sub(1);
        self.focus = match action {
            Action::Up => self.focus.saturating_sub(1),
            Action::Down => (self.focus + 1).min(last),
            Action::First | Action::PageUp => 0,
            _ => last,
        };
    }

    /// Returns the names that must be typed before a call is sent: of a profile that guards, of a resource that is lost.
    pub fn required_names(&self, form: &Form, profile: &str) -> VecDeque<RequiredName> {
        if !form.operation.changes {
            return VecDeque::new();
        }
        let guarded = matches!(&self.access, Some(Ok(access)) if access.guard == Guard::Confirm);
        let profile = guarded.then(|| RequiredName::Profile(profile.to_owned()));
        let text = form.values.iter().find_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None });
        let resource = text.filter(|_| form.operation.destructive).map(RequiredName::Resource);
        profile.into_iter().chain(resource).collect()
    }

    /// Returns the call that a form makes, signed by a clock that is so far ahead, or why it makes none.
    pub fn call(&self, form: &Form, purpose: Purpose, ahead: SignedDuration) -> Result<Call, RequestError> {
        let Some(provider) = &self.provider else { return Err(RequestError::CatalogPending) };
        let access: &Arc<Access> = match &self.access {
            Some(Ok(access)) => access,
            Some(Err(reason)) => return Err(RequestError::NoAccess(reason.clone())),
            None => return Err(RequestError::AccessPending),
        };
        let plan = plan(provider, form, &access.endpoint)?;
        Ok(Call {
            provider: Arc::clone(provider),
            operation: Arc::clone(&form.operation),
            access: Arc::clone(access),
            plan,
            values: form.given(),
            origin: None,
            also_signed: Vec::new(),
            ahead,
            confirmed: false,
            purpose,
            again: Resend::default(),
        })
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
