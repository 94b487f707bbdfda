//! Forms: what is typed is checked, made into a request, and read back from one.
#![allow(clippy::unwrap_used)] // what cannot be built stops the test

mod assigning;
mod built_in;
mod planning;
mod reading_back;
mod validating;

use std::sync::{Arc, OnceLock};

use skydeck::catalog::{Catalog, Provider};
use skydeck::form::{Diagnostic, Form, Plan, PlanError, ValidationContext, Value, plan, validate};

/// The provider of `provider.toml`.
fn provider() -> &'static Arc<Provider> {
    static PROVIDER: OnceLock<Arc<Provider>> = OnceLock::new();
    PROVIDER.get_or_init(read)
}

fn read() -> Arc<Provider> {
    let mut catalog = Catalog::built_in();
    let errors = catalog.add_files(&[("provider.toml".to_owned(), include_str!("provider.toml").to_owned())]);
    assert_eq!(errors, []);
    catalog.provider("own-cloud").unwrap().clone()
}

fn empty() -> Form {
    Form::new(provider().operations[0].clone())
}

/// A form with nothing to complain about, and these values besides.
fn form(values: &[(&str, Value)]) -> Form {
    let mut form = empty();
    let needed = [("ThingId", text("t-1")), ("PartId", text("7")), ("Enabled", Value::Flag(true))];
    for (name, value) in needed.iter().chain(values) {
        assert!(form.set(name, value.clone()), "{name}");
    }
    form
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn json(text: &str) -> Value {
    Value::Json(text.to_owned())
}

fn list(elements: &[&str]) -> Value {
    Value::List(elements.iter().map(ToString::to_string).collect())
}

fn rows(rows: &[&[(&str, &str)]]) -> Value {
    let row = |row: &&[(&str, &str)]| row.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Value::Rows(rows.iter().map(row).collect())
}

fn findings(form: &Form) -> Vec<Diagnostic> {
    validate(form, ValidationContext { region: "here" })
}

fn planned(provider: &Provider, form: &Form) -> Result<Plan, PlanError> {
    let endpoint = "http://127.0.0.1:8080".parse().unwrap();
    plan(provider, form, &endpoint)
}
