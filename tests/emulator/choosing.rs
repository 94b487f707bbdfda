//! Which requests a fault strikes: providers, operations, counts, rates, chance; with times of our own.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use skydeck::catalog::{Catalog, Provider};
use skydeck::emulator::{Delivery, Emulator, Fault, Reply, Settings};
use skydeck::wire::{Headers, Request};

/// An emulator that is asked directly.
struct TestEmulator {
    emulator: Emulator,
    providers: Vec<Arc<Provider>>,
}

impl TestEmulator {
    fn new(faults: &[&str]) -> Self {
        Self::seeded(faults, None)
    }

    fn seeded(faults: &[&str], fault_seed: Option<u64>) -> Self {
        let providers: Vec<_> = Catalog::built_in().providers().cloned().collect();
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        let settings = Settings { faults, fault_seed, ..Settings::default() };
        Self { emulator: Emulator::new(&providers, &settings, [7; 32]).unwrap(), providers }
    }

    /// Asks for an operation, unsigned, so many milliseconds after the first.
    fn ask_at(&mut self, provider: &str, operation: &str, millis: i64) -> Reply {
        let number = self.providers.iter().position(|known| known.id == provider).unwrap();
        let entry = self.providers[number].operation(operation).unwrap();
        let action = format!("?Action={operation}&Version={}", self.providers[number].version);
        let target = entry.path.replace("{namespace}", "n") + if provider == "volcengine-id" { &action } else { "" };
        let headers = Headers::from_iter([("host", "a"), ("x-acs-action", operation)]);
        let request = Request { method: entry.method.clone(), target, headers, ..Request::default() };
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        self.emulator.answer(number, &request, now + SignedDuration::from_millis(millis))
    }

    fn ask(&mut self, provider: &str, operation: &str) -> u16 {
        self.ask_at(provider, operation, 0).response.status
    }

    /// Which of so many equal requests are struck.
    fn strike_count(&mut self, count: usize) -> Vec<bool> {
        (0..count).map(|_| self.ask("otc-swr", "ListOrganizations") == 503).collect()
    }
}

#[test]
fn reads_wildcard_targets() {
    let mut identity_service = TestEmulator::new(&["*:503"]);
    for (provider, operation) in [("alibaba-sae", "CreateNamespace"), ("volcengine-id", "GetNamespace"), ("otc-swr", "ShowOrganization")] {
        assert_eq!(identity_service.ask(provider, operation), 503, "{provider}");
    }
    let mut identity_service = TestEmulator::new(&["*/CreateNamespace:503"]);
    assert_eq!(
        (identity_service.ask("alibaba-sae", "CreateNamespace"), identity_service.ask("volcengine-id", "CreateNamespace")),
        (503, 503)
    );
    assert_eq!(
        (identity_service.ask("alibaba-sae", "DescribeNamespaces"), identity_service.ask("otc-swr", "CreateOrganization")),
        (400, 401)
    );
}

#[test]
fn injects_a_code_where_the_catalog_lists_it() {
    let mut identity_service = TestEmulator::new(&["*:APIGW.0308", "alibaba-sae:InvalidNamespaceIdSuffix.Format"]);
    assert_eq!(
        (identity_service.ask("huawei-swr", "ListOrganizations"), identity_service.ask("volcengine-id", "ListNamespaces")),
        (429, 401)
    );
    let code = |reply: Reply| String::from_utf8_lossy(&reply.response.body).contains("InvalidNamespaceIdSuffix.Format");
    assert!(code(identity_service.ask_at("alibaba-sae", "CreateNamespace", 0)));
    assert!(!code(identity_service.ask_at("alibaba-sae", "DescribeNamespaces", 0)));
}

#[test]
fn tells_statuses_of_one_code_apart() {
    for status in [400, 413, 414, 494] {
        assert_eq!(TestEmulator::new(&[&format!("otc-swr:APIGW.0201={status}")]).ask("otc-swr", "ListOrganizations"), status);
    }
    assert_eq!(TestEmulator::new(&["otc-swr:APIGW.0201"]).ask("otc-swr", "ListOrganizations"), 400);
}

#[test]
fn skips_first_calls_and_stops_after_a_count() {
    let strike_count = TestEmulator::new(&["otc-swr:503~2*3"]).strike_count(8);
    assert_eq!(strike_count, [false, false, true, true, true, false, false, false]);
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let draw = |seed| TestEmulator::seeded(&["otc-swr:503%25"], Some(seed)).strike_count(400);
    let count = draw(1).iter().filter(|strike_count| **strike_count).count();
    assert!((60..140).contains(&count), "{count}");
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn throttles_beyond_a_rate_with_retry_after() {
    let mut identity_service = TestEmulator::new(&["alibaba-sae:throttle@2/s", "huawei-swr:throttle@1/m"]);
    let mut ask = |millis| identity_service.ask_at("alibaba-sae", "DescribeNamespaces", millis).response;
    let throttled = |body: &[u8]| String::from_utf8_lossy(body).contains("Throttling.User");
    assert!(!throttled(&ask(0).body) && !throttled(&ask(100).body));
    let answer = ask(250);
    assert!(throttled(&answer.body));
    assert_eq!((answer.status, answer.headers.get_str("x-acs-retry-after")), (400, Some("750")));
    assert!(!throttled(&ask(1000).body) && throttled(&ask(1050).body) && !throttled(&ask(1100).body));
    assert_ne!(identity_service.ask("huawei-swr", "ListOrganizations"), 429);
    let answer = identity_service.ask_at("huawei-swr", "ListOrganizations", 59_000).response;
    assert_eq!((answer.status, answer.headers.get_str("retry-after")), (429, None), "its vendor documents no header");
    assert_ne!(identity_service.ask_at("huawei-swr", "ListOrganizations", 60_000).response.status, 429);
}

#[test]
fn delays_and_clocks_add_up_and_of_the_rest_the_first_counts() {
    let mut identity_service = TestEmulator::new(&[
        "otc-swr:delay=1s",
        "otc-swr:delay=500ms",
        "otc-swr:503",
        "otc-swr:502*1",
        "otc-swr:reset",
        "otc-swr:drip=1/1s",
    ]);
    let reply = identity_service.ask_at("otc-swr", "ListOrganizations", 0);
    assert_eq!((reply.response.status, reply.delay.as_millis(), reply.delivery), (503, 1500, Delivery::ResetBefore));
    let strike_count: Vec<u64> = identity_service.emulator.faults().iter().map(|set| set.applied_count).collect();
    assert_eq!(strike_count, [1, 1, 1, 0, 1, 0], "what does not come to pass is not used up");
}

#[test]
fn answers_with_the_emulators_clock() {
    let mut identity_service = TestEmulator::new(&["alibaba-sae:clock=-20m", "alibaba-sae:clock=+5m"]);
    let answer = identity_service.ask_at("alibaba-sae", "DescribeNamespaces", 0).response;
    assert_eq!(answer.headers.get_str("date"), Some("Sat, 21 Nov 2026 23:45:00 GMT"));
}

#[test]
fn faults_are_listed_added_and_removed_while_it_runs() {
    let mut identity_service = TestEmulator::new(&["otc-swr:503*1"]);
    assert_eq!((identity_service.ask("otc-swr", "ListOrganizations"), identity_service.ask("otc-swr", "ListOrganizations")), (503, 401));
    let second = identity_service.emulator.set_fault("otc-swr:502").unwrap();
    assert_eq!(identity_service.ask("otc-swr", "ListOrganizations"), 502);
    let told = |identity_service: &TestEmulator| -> Vec<(String, u64, bool)> {
        identity_service.emulator.faults().iter().map(|set| (set.fault.to_string(), set.applied_count, set.is_spent())).collect()
    };
    assert_eq!(told(&identity_service), [("otc-swr:503*1".to_owned(), 1, true), ("otc-swr:502".to_owned(), 1, false)]);
    assert!(identity_service.emulator.remove_fault(second) && !identity_service.emulator.remove_fault(second));
    assert!(identity_service.emulator.set_fault("otc-swr:999").is_err());
    assert_eq!(identity_service.emulator.set_fault("otc-swr:504").unwrap(), second + 1, "a number is never used again");
    identity_service.emulator.clear_faults();
    assert_eq!((identity_service.ask("otc-swr", "ListOrganizations"), told(&identity_service).len()), (401, 0));
}

#[test]
fn writes_a_fault_as_read() {
    let catalog = Catalog::built_in();
    let parse = |text: &str| Fault::parse(text, catalog.providers().map(|provider| &**provider)).unwrap();
    for text in
        ["*:503", "otc-swr/token:delay=50ms~1@5/m%25*3", "alibaba-sae:MissingNamespaceName*2", "otc-swr:APIGW.0201=494", "*:revoke*1"]
    {
        assert_eq!(parse(text).to_string(), text);
        assert_eq!(parse(&parse(text).to_string()), parse(text));
    }
}

#[test]
fn sets_every_possible_fault() {
    let catalog = Catalog::built_in();
    let all = || catalog.providers().map(|provider| &**provider);
    for provider in all() {
        let possible = skydeck::emulator::fault::possible(provider);
        assert!(possible.len() > 30);
        for one in possible {
            let parsed = Fault::parse(&one.fault(&provider.id), all());
            assert!(parsed.is_ok(), "{parsed:?}");
        }
    }
}
