//! What goes out is the vendor's: no cause, remedy or note of the catalog, and no sentence of ours, ever stands in an answer.

use std::sync::Arc;

use jiff::Timestamp;
use skydeck::catalog::{Catalog, ErrorCode, Operation, ParameterLocation, Provider};
use skydeck::emulator::Settings;
use skydeck::emulator::fault::possible;
use skydeck::wire::Response;

use crate::lab::{good, message, texts};
use crate::pure::{Pure, noon};

/// Words that only a note of ours has.
const OURS: [&str; 9] = ["emulator", "catalog", "no page", "not published", "documented", "the page", "skill of", "Terraform", "console"];

/// What is wanted of an answer's message: a pattern in which `%s` stands for anything.
fn fits(pattern: &str, message_text: &str) -> bool {
    let mut pieces = pattern.split("%s");
    let Some(mut rest) = pieces.next().and_then(|first| message_text.strip_prefix(first)) else { return false };
    let mut is_exact = true;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        (rest, is_exact) = (&rest[at + piece.len()..], piece.is_empty());
    }
    // What follows the pattern is the server's own text beside a wrong signature.
    rest.is_empty() || is_exact || rest.starts_with(" server ") || rest.starts_with(", canonicalRequest:")
}

fn errors(provider: &Provider) -> impl Iterator<Item = (Option<&Arc<Operation>>, &ErrorCode)> {
    let own = provider.operations.iter().flat_map(|operation| operation.errors.iter().map(move |entry| (Some(operation), entry)));
    provider.errors.iter().map(|entry| (None, entry)).chain(own)
}

/// Every pattern that a provider's answers may have.
fn patterns(provider: &Provider) -> Vec<&str> {
    let of_codes = errors(provider).flat_map(|(_, entry)| [entry.message.as_str(), &entry.emulator_message]);
    let of_operations = provider.operations.iter().flat_map(|operation| operation.messages.values());
    let of_conditions = provider.messages.values().chain(of_operations).map(String::as_str);
    of_codes.chain(of_conditions).filter(|pattern| !pattern.is_empty()).collect()
}

/// Every sentence of ours about a provider.
fn notes(provider: &Provider) -> Vec<&str> {
    let of_codes = errors(provider).flat_map(|(_, entry)| [entry.cause.as_str(), &entry.remedy]);
    let parameters = || provider.operations.iter().flat_map(|operation| &operation.parameters);
    let of_operations = provider.operations.iter().flat_map(|operation| &operation.notes);
    let notes = provider.notes.iter().chain(of_operations).chain(parameters().flat_map(|parameter| &parameter.notes));
    of_codes.chain(notes.map(|note| note.text.as_str())).chain(parameters().map(|parameter| parameter.help.as_str())).collect()
}

#[test]
fn notes_and_messages_are_kept_apart_in_the_whole_catalog() {
    for provider in Catalog::built_in().providers() {
        let notes = notes(provider);
        for pattern in patterns(provider) {
            let of_ours = OURS.iter().find(|word| pattern.contains(*word));
            assert!(of_ours.is_none() && !notes.contains(&pattern), "{}: {pattern:?} has {of_ours:?}", provider.id);
        }
        for (operation, entry) in errors(provider) {
            let place = format!("{} {:?} {} {}", provider.id, operation.map(|operation| &operation.id), entry.status, entry.code);
            let stands_in = !entry.emulator_message.is_empty();
            assert_eq!(entry.message.is_empty() && !entry.has_no_code(), stands_in, "{place}: one message or the other");
        }
    }
}

#[test]
fn sends_every_code_with_its_message() {
    let Pure { lab, emulator } = Pure::demo();
    for (number, provider) in Catalog::built_in().providers().enumerate() {
        for fault in possible(provider).into_iter().filter(|fault| fault.status.is_some()) {
            let operation = fault.operation.as_ref().map_or(&provider.operations[0], |id| provider.operation(id).unwrap());
            emulator.clear_faults();
            emulator.set_fault(&fault.fault(&provider.id)).unwrap();
            let in_path = operation.parameters.iter().filter(|parameter| parameter.place == ParameterLocation::Path);
            let path: Vec<_> = in_path.map(|parameter| format!("{}=x", parameter.name)).collect();
            let request = lab.plan_of(&provider.id, &operation.id, &texts(&path));
            let answer = emulator.answer(number, &request, noon()).response;
            assert_eq!(Some(answer.status), fault.status, "{}", fault.fault(&provider.id));
            if !answer.body.is_empty() {
                holds(provider, &answer, &fault.fault(&provider.id));
            }
        }
    }
}

fn holds(provider: &Provider, answer: &Response, what: &str) {
    let message_text = message(answer);
    let text = String::from_utf8_lossy(&answer.body);
    assert!(patterns(provider).iter().any(|pattern| fits(pattern, &message_text)), "{what}: {message_text:?}");
    let noted = notes(provider).into_iter().find(|note| note.len() > 12 && text.contains(note));
    assert_eq!(noted, None, "{what}: {text}");
}

#[test]
fn refuses_in_the_vendors_words_only() {
    let mut pure = Pure::demo();
    let long = format!("NamespaceName={}", "x".repeat(65));
    let cases: &[(&str, &str, &[&str])] = &[
        ("alibaba-sae", "CreateNamespace", &["NameSpaceShortId=orders"]),
        ("alibaba-sae", "CreateNamespace", &[&long, "NameSpaceShortId=orders"]),
        ("alibaba-sae", "CreateNamespace", &["NamespaceName=o", "EnableMicroRegistration=perhaps"]),
        ("alibaba-sae", "DescribeNamespaces", &["CurrentPage=x", "PageSize=1"]),
        ("alibaba-pai", "CreateWorkspace", &["WorkspaceName=1orders", "Description=d", "EnvTypes=prod"]),
        ("alibaba-pai", "CreateWorkspace", &["WorkspaceName=orders", "Description=d", "EnvTypes=dev"]),
        ("volcengine-id", "CreateNamespace", &["NamespaceName=o", "Tags:=\"none\""]),
        ("huawei-swr", "CreateOrganization", &["namespace=a..b"]),
        ("otc-swr", "CreateOrganization", &["namespace:=1"]),
        ("otc-swr", "CreateOrganization", &[]),
    ];
    for (id, operation, arguments) in cases {
        let answer = pure.call(id, operation, arguments, noon());
        assert!(answer.status >= 400, "{id} {arguments:?}");
        holds(&pure.lab.provider(id), &answer, &format!("{id} {arguments:?}"));
        for ours in ["only a-z", "at least", "characters (", "not a ", " or "] {
            assert!(!message(&answer).contains(ours), "{id} {arguments:?}: {answer:?}");
        }
    }
}

#[test]
fn authentication_errors_use_the_vendors_messages() {
    let keys = vec!["STS.Test:secret:the-token".parse().unwrap()];
    let pure = Pure::with(&Settings { keys, ..Settings::default() });
    for (number, provider) in Catalog::built_in().providers().enumerate() {
        let id = provider.id.as_str();
        let plan = || pure.lab.plan(id, &texts(&good(id, "orders")));
        for (what, key, secret, token, minutes) in [
            ("a wrong token", "STS.Test", "secret", Some("x"), 0),
            ("no token", "STS.Test", "secret", None, 0),
            ("an unknown key", "NOBODY", "secret", None, 0),
            ("a wrong secret", "STS.Test", "wrong", Some("the-token"), 0),
            ("a wrong clock", "STS.Test", "secret", Some("the-token"), 60),
        ] {
            let mut signer = pure.lab.signer(id).with_id(key).with_secret(secret);
            (signer.key.token, signer.now) = (token.map(|token: &str| token.to_owned().into()), noon());
            let request = signer.minutes_off(minutes).sign(&pure.lab, id, plan());
            holds(provider, &pure.emulator.answer(number, &request, noon()).response, &format!("{id}: {what}"));
        }
        let answer = |authorization: &str, now: Timestamp| {
            let mut request = plan();
            request.headers.set("authorization", authorization);
            pure.emulator.answer(number, &request, now).response
        };
        for wrong in ["", "Basic YTpi", "ACS3-HMAC-SHA256 x", "HMAC-SHA256 Credential=a", "SDK-HMAC-SHA256 Access=a", "acs a"] {
            holds(provider, &answer(wrong, noon()), &format!("{id}: {wrong:?}"));
        }
    }
}
