//! A call of the command line: its arguments, its form, and what is needed to sign it.

// Help is plain text: back-ticks and brackets would be printed.
#![allow(clippy::doc_markdown)]

use std::sync::Arc;

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::candidates;
use super::exit::Failure;
use super::extras::Extras;
use super::output::Output;
use super::setting::{CommandContext, operation_of};
use crate::catalog::{Operation, ParameterLocation, Provider};
use crate::config::{self, Access, Location};
use crate::form::{Assignment, Diagnostic, Form, Plan, ValidationContext, assign, plan, secrets, validate};
use crate::io::files::SystemEnvironment;

/// A call: what `send` and `sign` have in common.
#[derive(Args, Debug)]
pub struct CallArguments {
    /// The provider, such as alibaba-sae
    #[arg(add = ArgValueCompleter::new(candidates::providers))]
    pub provider: String,
    /// The operation, such as CreateNamespace
    #[arg(add = ArgValueCompleter::new(candidates::operations))]
    pub operation: String,
    /// The parameters: NAME=VALUE as text (repeated, it adds to a list), NAME:=JSON as JSON
    #[arg(value_name = "NAME=VALUE", add = ArgValueCompleter::new(candidates::assignments))]
    pub assignments: Vec<String>,
    /// Go on with parameters that break a rule
    #[arg(long)]
    pub no_validate: bool,
    /// Add a header, and sign it ('Name: value'; one that is there is replaced, 'Name:' takes it away)
    #[arg(long = "header", value_name = "HEADER")]
    pub headers: Vec<String>,
    /// Take the body from a file (- is standard input) in place of the one built from the parameters
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub body: Option<String>,
}

/// A call whose parameters are known, before anybody is asked for a secret.
pub struct Draft {
    /// The provider.
    pub provider: Arc<Provider>,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The values.
    pub form: Form,
    /// Their errors and warnings.
    pub findings: Vec<Diagnostic>,
    /// Headers and body of the operator's own.
    pub extras: Extras,
}

/// A call that can be signed.
pub struct PreparedCall {
    /// The account, the region and the server.
    pub access: Arc<Access>,
    /// The unsigned request.
    pub plan: Plan,
    /// Headers to sign besides those that the scheme signs by rule.
    pub also_signed: Vec<String>,
}

impl Draft {
    /// Fills the form and checks it. The values of its secret parameters and headers are registered, and the names of what its answers call a secret.
    ///
    /// # Errors
    /// An unknown provider, operation, parameter, region or profile; a header or a body that cannot be.
    pub fn new(setting: &CommandContext, call: &CallArguments, machine: &SystemEnvironment) -> Result<Self, Failure> {
        let provider = Arc::clone(setting.provider(&call.provider)?);
        let operation = operation_of(&provider, &call.operation)?;
        let form = filled(&operation, &call.assignments)?;
        let extras = Extras::read(&call.headers, call.body.as_deref())?;
        machine.secrets.add_names(operation.secret_names());
        machine.secrets.add(&secrets(&operation, &form.given()).collect::<Vec<_>>());
        machine.secrets.add_headers(&extras.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect());
        let Location { region, .. } = config::locate(&setting.config, &setting.profile, &provider, &setting.overrides, machine)?;
        let mut findings = validate(&form, ValidationContext { region: &region });
        findings.retain(|finding| extras.body.is_none() || !in_body(&operation, finding));
        Ok(Self { provider, operation, form, findings, extras })
    }

    /// Gets the credentials, and builds the request.
    ///
    /// # Errors
    /// Missing credentials; a value that cannot travel.
    pub fn ready(&self, setting: &CommandContext, machine: &SystemEnvironment, output: &mut Output) -> Result<PreparedCall, Failure> {
        let access = config::resolve(&setting.config, &setting.profile, &self.provider, &setting.overrides, machine)?;
        for warning in &access.warnings {
            output.warn(warning);
        }
        let mut plan = plan(&self.provider, &self.form, &access.endpoint).map_err(|error| Failure::invalid(&error))?;
        let also_signed = self.extras.apply(&mut plan.request, &self.provider.content_type);
        Ok(PreparedCall { access: Arc::new(access), plan, also_signed })
    }
}

fn filled(operation: &Arc<Operation>, assignments: &[String]) -> Result<Form, Failure> {
    let mut form = Form::new(Arc::clone(operation));
    let assignments: Vec<Assignment> = assignments.iter().map(|argument| Assignment::parse(argument)).collect::<Result<_, _>>()?;
    assign(&mut form, &assignments)?;
    Ok(form)
}

/// Returns whether a finding speaks of the body, which the operator may bring along.
fn in_body(operation: &Operation, finding: &Diagnostic) -> bool {
    operation.parameter(&finding.parameter).is_some_and(|parameter| parameter.place == ParameterLocation::Body)
}
