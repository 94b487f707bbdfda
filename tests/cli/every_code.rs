//! Every error code of the catalog, provoked in a running emulator and met by `skydeck send`: what travels is the vendor's,
//! what is said of it is the catalog's, and the exit status is 4.
//!
//! The list is the catalog's own. An entry whose code is its status (`409`) documents an answer without any code: nothing on
//! the wire tells it but the status, so that is what is looked for.

use std::thread;

use serde_json::Value;
use skydeck::catalog::{Catalog, ErrorCode, Layer, Operation, ParameterLocation, Provider, ResponseFormat};
use skydeck::emulator::fault::{AvailableFault, possible};

use crate::live::Live;
use crate::support::{Home, Ran};

/// Where the code stands in the body of each format: of the service's errors, then of the gateway's.
const CODES: [(ResponseFormat, &[&str], &[&str]); 5] = [
    (ResponseFormat::AlibabaService, &["/Code"], &["/Code"]),
    (ResponseFormat::AlibabaFlat, &["/Code"], &["/Code"]),
    (ResponseFormat::Volcengine, &["/ResponseMetadata/Error/Code"], &["/ResponseMetadata/Error/Code"]),
    (ResponseFormat::HuaweiSwr, &["/errors/0/errorCode", "/error_code", "/details/0/error_code"], &["/error_code"]),
    (ResponseFormat::OtcSwr, &["/0/errorCode"], &["/error_code"]),
];

/// The header that has the request id, by the format.
const REQUEST_IDS: [(ResponseFormat, &str); 5] = [
    (ResponseFormat::AlibabaService, "x-acs-request-id"),
    (ResponseFormat::AlibabaFlat, "x-acs-request-id"),
    (ResponseFormat::Volcengine, "x-tt-logid"),
    (ResponseFormat::HuaweiSwr, "x-request-id"),
    (ResponseFormat::OtcSwr, "x-request-id"),
];

#[test]
fn answers_and_explains_every_code() {
    let live = Live::start(&[]);
    let catalog = Catalog::built_in();
    let provoked: usize = thread::scope(|scope| {
        let providers: Vec<_> = catalog.providers().map(|provider| scope.spawn(|| provoke_all(&live, provider))).collect();
        providers.into_iter().map(|provoked| provoked.join().unwrap()).sum()
    });
    let entries =
        |provider: &Provider| provider.errors.len() + provider.operations.iter().map(|operation| operation.errors.len()).sum::<usize>();
    assert_eq!(provoked, catalog.providers().map(|provider| entries(provider)).sum::<usize>());
}

fn provoke_all(live: &Live, provider: &Provider) -> usize {
    let home = Home::new();
    let codes: Vec<AvailableFault> = possible(provider).into_iter().filter(|possible| possible.status.is_some()).collect();
    for possible in &codes {
        provoke(live, &home, provider, possible);
    }
    codes.len()
}

fn provoke(live: &Live, home: &Home, provider: &Provider, possible: &AvailableFault) {
    let fault = possible.fault(&provider.id);
    let number = live.running.emulator().set_fault(&fault).unwrap();
    let operation = possible.operation.as_ref().map_or(&provider.operations[0], |id| provider.operation(id).unwrap());
    let ran = home.run(&arguments(&live.url(&provider.id), provider, operation).iter().map(String::as_str).collect::<Vec<_>>());
    let set = live.running.emulator().faults().into_iter().find(|set| set.number == number).unwrap();
    assert!(set.applied_count > 0 && live.running.emulator().remove_fault(number), "{fault}");
    let code = possible.example.split('=').next().unwrap();
    let entry = provider.error(Some(operation), possible.status, code).unwrap();
    let met = Met { fault: &fault, provider, entry, code, ran: &ran, told: ran.json() };
    met.travelled();
    met.was_explained();
}

/// A call of an operation with the catalog's examples for what it must have.
fn arguments(url: &str, provider: &Provider, operation: &Operation) -> Vec<String> {
    let wanted = operation.parameters.iter().filter(|parameter| parameter.required || parameter.place == ParameterLocation::Path);
    let given =
        wanted.map(|parameter| format!("{}:={}", parameter.name, serde_json::to_value(parameter.example.as_ref().unwrap()).unwrap()));
    let call = ["send", &provider.id, &operation.id, "--no-validate", "--output", "json", "--endpoint", url];
    call.into_iter().map(str::to_owned).chain(given).collect()
}

/// What `skydeck send` met.
struct Met<'a> {
    fault: &'a str,
    provider: &'a Provider,
    entry: &'a ErrorCode,
    code: &'a str,
    ran: &'a Ran,
    told: Value,
}

impl Met<'_> {
    /// Status, headers and body are the vendor's, and they decode to the code.
    fn travelled(&self) {
        let (fault, format) = (self.fault, self.provider.answer_format);
        assert_eq!((self.ran.status, &self.told["response"]["status"]), (4, &Value::from(self.entry.status)), "{fault}: {:?}", self.ran);
        let (_, header) = REQUEST_IDS.iter().find(|(known, _)| *known == format).unwrap();
        let id = self.header(header);
        assert!(id.len() >= 30 && self.told["envelope"]["request_id"] == id, "{fault}: {}", self.told);
        if self.entry.has_no_code() {
            assert_eq!(
                (&self.told["envelope"]["foreign"], &self.told["envelope"]["code"]),
                (&Value::from("empty"), &Value::Null),
                "{fault}"
            );
            return;
        }
        assert!(self.header("content-type").starts_with("application/json"), "{fault}: {}", self.told);
        let body: Value = serde_json::from_str(self.told["response"]["body"].as_str().unwrap()).unwrap();
        let (_, service, gateway) = CODES.iter().find(|(known, ..)| *known == format).unwrap();
        for place in if self.entry.layer == Layer::Gateway { *gateway } else { *service } {
            assert_eq!(body.pointer(place).and_then(Value::as_str), Some(self.code), "{fault}: {body}");
        }
        assert_eq!((&self.told["outcome"], &self.told["envelope"]["code"]), (&"error".into(), &self.code.into()), "{fault}");
        self.message_text();
    }

    /// The message is the vendor's, filled in; one that no page publishes is there all the same.
    fn message_text(&self) {
        let message = self.told["envelope"]["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.contains("%s") && !message.contains("{parameter}"), "{}: {message}", self.fault);
        let published = self.entry.message.split("%s").map(|piece| piece.split("{parameter}"));
        assert!(published.flatten().all(|piece| message.contains(piece)), "{}: {message}", self.fault);
    }

    /// Cause and remedy are the catalog's: those of the message where it tells more than the code, else those of the code. That the
    /// answer asks for a token, and the call was signed, is told in place of both.
    fn was_explained(&self) {
        let explanation = &self.told["explanation"];
        let told = (explanation["cause"].as_str().unwrap(), explanation["remedy"].as_str().unwrap(), explanation["transient"] == true);
        let message = self.told["envelope"]["message"].as_str().unwrap_or_default();
        let by_rule =
            self.provider.message_rule(None, self.code, message).map(|rule| (rule.cause.as_str(), rule.remedy.as_str(), rule.transient));
        let by_code = (self.entry.cause.as_str(), self.entry.remedy.as_str(), self.entry.transient);
        let for_token = self.entry.status == 401 && told.0.starts_with("The profile signs with an access key");
        assert!(told == by_code || Some(told) == by_rule || for_token, "{}: {explanation:#}", self.fault);
        assert!(explanation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{}", self.fault);
    }

    fn header(&self, name: &str) -> String {
        let headers = self.told["response"]["headers"].as_array().unwrap();
        let found = headers.iter().find(|header| header[0] == name).unwrap_or_else(|| panic!("{}: no {name}: {headers:?}", self.fault));
        found[1].as_str().unwrap().to_owned()
    }
}
