//! Every fault that can be injected for a provider.

use super::Failure;
use super::kinds::{FaultKind, KINDS};
use crate::catalog::{ErrorCode, Operation, Provider, Scheme};

/// A fault that can be injected, before marks are put behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableFault {
    /// The operation that alone has it; `None` where any can.
    pub operation: Option<String>,
    /// The syntax behind the `:`, a value that must be chosen as its name: `Throttling.User`, `drip=BYTES/TIME`.
    pub what: String,
    /// One that can be set as it stands.
    pub example: String,
    /// The status that comes with it, where it is one of the catalog's codes.
    pub status: Option<u16>,
    /// The effect, or the cause in the vendor's cloud.
    pub meaning: String,
    /// `true` for a state of the server, which lasts, rather than a failure of single requests.
    pub lasts: bool,
}

/// Returns every fault for a provider: its error codes, then a bare status, then the kinds.
pub fn possible(provider: &Provider) -> Vec<AvailableFault> {
    let common = provider.errors.iter().map(|entry| (None, entry));
    let own = provider.operations.iter().flat_map(|operation| operation.errors.iter().map(move |entry| (Some(&**operation), entry)));
    let codes = common.chain(own).map(|(operation, entry)| of_code(provider, operation, entry));
    let has_tokens = provider.auth.contains(&Scheme::IamToken);
    let kinds = KINDS.iter().filter(|kind| has_tokens || kind.name != "revoke").map(|kind| AvailableFault {
        operation: None,
        what: kind.form.to_owned(),
        example: kind.example.to_owned(),
        status: None,
        meaning: meaning(kind, provider),
        lasts: kind.lasts,
    });
    codes.chain([bare_status()]).chain(kinds).collect()
}

/// Describes a kind at a provider.
fn meaning(kind: &FaultKind, provider: &Provider) -> String {
    match (kind.name, &provider.retry_after) {
        ("throttle", Some(retry)) => format!("{} ({})", kind.meaning, retry.header),
        ("throttle", None) => format!("{} ({} does not)", kind.meaning, provider.title),
        _ => kind.meaning.to_owned(),
    }
}

/// Returns a code as a fault names it: with its status where the same code has several.
fn of_code(provider: &Provider, operation: Option<&Operation>, entry: &ErrorCode) -> AvailableFault {
    let code = entry.code.clone();
    let is_first = provider.error(operation, None, &code).is_some_and(|first| first.status == entry.status);
    let what = Failure::Code(code, (!is_first).then_some(entry.status)).to_string();
    let parameter = || operation.into_iter().chain(provider.operations.iter().map(|operation| &**operation));
    let name = parameter().flat_map(|operation| &operation.parameters).map(|parameter| parameter.name.as_str()).next().unwrap_or_default();
    AvailableFault {
        operation: operation.map(|operation| operation.id.clone()),
        example: what.replace("{parameter}", name),
        what,
        status: Some(entry.status),
        meaning: entry.cause.clone(),
        lasts: false,
    }
}

/// Returns a status alone.
pub fn bare_status() -> AvailableFault {
    let meaning = "any status from 200 to 599 with a line of plain text, as a failing gateway answers".to_owned();
    AvailableFault { operation: None, what: "STATUS".to_owned(), example: "503".to_owned(), status: None, meaning, lasts: false }
}

impl AvailableFault {
    /// Returns the whole fault for a provider, with the example where a value must be chosen.
    pub fn fault(&self, provider: &str) -> String {
        let operation = self.operation.as_ref().map(|operation| format!("/{operation}")).unwrap_or_default();
        format!("{provider}{operation}:{}", self.example)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn throttling_says_of_each_provider_whether_it_says_when_to_come_again() {
        let message_text = |id: &str| {
            let catalog = Catalog::built_in();
            let all = possible(catalog.provider(id).unwrap());
            all.into_iter().find(|one| one.what == "throttle").unwrap().meaning
        };
        assert!(message_text("alibaba-sae").ends_with("where the vendor does (x-acs-retry-after)"), "{}", message_text("alibaba-sae"));
        assert!(message_text("huawei-swr").ends_with("where the vendor does (Huawei SWR does not)"), "{}", message_text("huawei-swr"));
    }
}
