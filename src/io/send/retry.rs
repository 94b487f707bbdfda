//! Decides whether and when a call is attempted again.
//!
//! Only when asked for, and only where the vendor says that it may help: it throttles, or its server failed. A call that got no
//! answer is not tried again: it may have been carried out.

use std::time::Duration;

use crate::catalog::{Operation, Provider};
use crate::exchange::Exchange;
use crate::explain::wait;

/// No wait is longer, whatever the answer says.
const MAX_RETRY_WAIT: Duration = Duration::from_secs(60);

/// The wait before the second attempt where the answer does not say; it doubles with each.
const FIRST_RETRY_WAIT: Duration = Duration::from_millis(500);

/// Another attempt that is worth making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RetryPlan {
    /// The wait before it.
    pub wait: Duration,
    /// The reason, and why so long.
    pub reason: String,
}

/// Returns the plan of another attempt, if one may help; `attempt` counts those that were made.
pub(super) fn plan_retry(provider: &Provider, operation: &Operation, exchange: &Exchange, attempt: u32) -> Option<RetryPlan> {
    let answered = exchange.answered().filter(|answered| !answered.envelope.succeeded())?;
    let (status, code) = (answered.response.status, answered.envelope.code.as_deref());
    let entry = code.and_then(|code| provider.error(Some(operation), Some(status), code));
    let transient = status == 429 || (500..600).contains(&status) || entry.is_some_and(|entry| entry.transient);
    if !transient {
        return None;
    }
    let what = code.map_or_else(|| status.to_string(), |code| format!("{status} {code}"));
    let Some(asked) = wait(provider, exchange) else { return Some(RetryPlan { wait: exponential_backoff(attempt), reason: what }) };
    let value = answered.response.headers.get_str(&asked.header).unwrap_or_default();
    let delay = Duration::try_from(asked.delay).unwrap_or_default();
    Some(RetryPlan { wait: delay.min(MAX_RETRY_WAIT), reason: format!("{what}, {}: {value}", asked.header) })
}

fn exponential_backoff(attempt: u32) -> Duration {
    FIRST_RETRY_WAIT.saturating_mul(1 << attempt.saturating_sub(1).min(7)).min(MAX_RETRY_WAIT)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::catalog::Catalog;
    use crate::envelope::decode;
    use crate::exchange::{Answered, ExchangeId, Origin, Outcome, Purpose, Timings};
    use crate::wire::{Headers, Request, Response};

    fn answered(provider: &Provider, status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
        let headers: Headers = headers.iter().copied().collect();
        let response = Response { status, headers, body: body.to_owned().into(), ..Response::default() };
        let envelope = decode(provider.answer_format, &response, &[200]);
        Exchange {
            id: ExchangeId(1),
            provider: provider.id.clone(),
            operation: "CreateNamespace".into(),
            profile: "demo".into(),
            region: "cn-hangzhou".into(),
            purpose: Purpose::Operator,
            call_origin: Origin::default(),
            started: Timestamp::UNIX_EPOCH,
            endpoint: "http://127.0.0.1:1".parse().unwrap(),
            request: Request::default(),
            signing: None,
            outcome: Outcome::Answered(Box::new(Answered { response, envelope })),
            timings: Timings::default(),
        }
    }

    #[test]
    fn waits_as_the_answer_says_within_reason() {
        let catalog = Catalog::built_in();
        let sae = catalog.provider("alibaba-sae").unwrap();
        let body = r#"{"Code":"Throttling.User","Message":"slow down","RequestId":"1"}"#;
        let wait = |status, headers: &[(&str, &str)], body, attempt| {
            let exchange = answered(sae, status, headers, body);
            plan_retry(sae, &sae.operations[0], &exchange, attempt).map(|again| again.wait.as_millis())
        };
        assert_eq!(wait(429, &[("x-acs-retry-after", "1500")], body, 1), Some(1500));
        assert_eq!(wait(429, &[("retry-after", "2")], body, 1), Some(2000));
        assert_eq!(wait(503, &[("retry-after", "Thu, 01 Jan 1970 00:00:07 GMT")], "{}", 1), Some(7000));
        assert_eq!(wait(503, &[("retry-after", "Wed, 31 Dec 1969 23:59:00 GMT")], "{}", 1), Some(0));
        assert_eq!(wait(429, &[("retry-after", "86400")], body, 1), Some(60_000));
        assert_eq!(wait(429, &[("retry-after", "soon")], body, 1), Some(500));
        assert_eq!([1, 2, 3, 9, 40].map(|attempt| wait(500, &[], "{}", attempt).unwrap()), [500, 1000, 2000, 60_000, 60_000]);
    }

    #[test]
    fn does_not_retry_permanent_failures() {
        let catalog = Catalog::built_in();
        let sae = catalog.provider("alibaba-sae").unwrap();
        for (status, body) in [
            (200, r#"{"Code":"200","Success":true,"Data":{}}"#),
            (400, r#"{"Code":"InvalidNamespaceName.Format","Message":"no","RequestId":"1"}"#),
            (403, r#"{"Code":"Forbidden.RAM","Message":"no","RequestId":"1"}"#),
        ] {
            let exchange = answered(sae, status, &[("retry-after", "1")], body);
            assert_eq!(plan_retry(sae, &sae.operations[0], &exchange, 1), None, "{status}");
        }
    }
}
