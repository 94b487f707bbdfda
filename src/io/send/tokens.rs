//! Tokens kept between calls: each fetched once, however many calls want it, until shortly before it expires.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::auth::{Login, Token};
use crate::call::NoToken;
use crate::secret::Secret;
use crate::wire::Endpoint;

/// A token is not used for so long before it expires: a call must have arrived by then.
const RENEWAL_MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// The tokens of every login in use.
#[derive(Debug, Default)]
pub(super) struct Tokens(Mutex<Vec<Arc<Slot>>>);

/// A token for a call.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) token: Secret,
    /// Set when it was there already, so that it may have been revoked since.
    pub(super) stored: bool,
}

/// The place of one login's token at one token service.
#[derive(Debug)]
struct Slot {
    login: Login,
    endpoint: Endpoint,
    /// The number of fetches that have ended.
    fetches: AtomicU64,
    /// The result of the last fetch. Locked while one is under way, so that others wait for it.
    last: tokio::sync::Mutex<Option<Result<Token, NoToken>>>,
}

impl Tokens {
    /// Returns the login's token, fetched by awaiting `fetch` if there is none that holds. Whoever waits for a fetch of another call
    /// shares its failure as well: a wrong password tried once per call would lock the user out.
    ///
    /// # Errors
    /// [`NoToken`]: the fetch gave none.
    pub(super) async fn lease(
        &self,
        (login, endpoint): (&Login, &Endpoint),
        now: Timestamp,
        fetch: impl Future<Output = Result<Token, NoToken>>,
    ) -> Result<Lease, NoToken> {
        let slot = self.slot(login, endpoint);
        let fetches_before = slot.fetches.load(Ordering::Acquire);
        let mut last = slot.last.lock().await;
        match &*last {
            Some(Ok(token)) if is_valid(token, now) => return Ok(Lease { token: token.value.clone(), stored: true }),
            Some(Err(reason)) if slot.fetches.load(Ordering::Acquire) != fetches_before => return Err(reason.clone()),
            _ => {}
        }
        let fetched = fetch.await;
        slot.fetches.fetch_add(1, Ordering::AcqRel);
        *last = Some(fetched.clone());
        fetched.map(|token| Lease { token: token.value, stored: false })
    }

    /// Drops a token that the vendor no longer takes, unless another has taken its place.
    pub(super) async fn forget(&self, (login, endpoint): (&Login, &Endpoint), token: &Secret) {
        let slot = self.slot(login, endpoint);
        let mut last = slot.last.lock().await;
        if matches!(&*last, Some(Ok(held)) if held.value == *token) {
            *last = None;
        }
    }

    fn slot(&self, login: &Login, endpoint: &Endpoint) -> Arc<Slot> {
        let mut slots = self.0.lock();
        if let Some(slot) = slots.iter().find(|slot| slot.login == *login && slot.endpoint == *endpoint) {
            return Arc::clone(slot);
        }
        let slot =
            Slot { login: login.clone(), endpoint: endpoint.clone(), fetches: AtomicU64::new(0), last: tokio::sync::Mutex::default() };
        let slot = Arc::new(slot);
        slots.push(Arc::clone(&slot));
        slot
    }
}

fn is_valid(token: &Token, now: Timestamp) -> bool {
    token.expires_at.duration_since(now) > RENEWAL_MARGIN
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::auth::Project;

    fn login(password: &str) -> Login {
        Login {
            user: "demo".to_owned(),
            password: Secret::new(password),
            domain: "demo-domain".to_owned(),
            project: Project::Name("eu-de".to_owned()),
            endpoint: None,
        }
    }

    fn endpoint() -> Endpoint {
        "https://iam.eu-de.otc.t-systems.com".parse().unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn token(value: &str, expires: i64) -> Token {
        Token { value: Secret::new(value), expires_at: at(expires) }
    }

    #[tokio::test]
    async fn a_token_is_kept_until_a_minute_before_it_expires() {
        let (tokens, login, endpoint) = (Tokens::default(), login("p"), endpoint());
        let key = (&login, &endpoint);
        assert!(!tokens.lease(key, at(0), async { Ok(token("one", 1000)) }).await.unwrap().stored);
        let again = tokens.lease(key, at(939), async { Ok(token("two", 2000)) }).await.unwrap();
        assert_eq!((again.token.expose(), again.stored), ("one", true));
        let late = tokens.lease(key, at(940), async { Ok(token("two", 2000)) }).await.unwrap();
        assert_eq!((late.token.expose(), late.stored), ("two", false));
    }

    #[tokio::test]
    async fn each_login_has_its_own() {
        let (tokens, endpoint) = (Tokens::default(), endpoint());
        tokens.lease((&login("p"), &endpoint), at(0), async { Ok(token("one", 1000)) }).await.unwrap();
        let other = tokens.lease((&login("q"), &endpoint), at(0), async { Ok(token("two", 1000)) }).await.unwrap();
        assert_eq!(other.token.expose(), "two");
    }

    #[tokio::test]
    async fn calls_at_once_share_one_fetch_and_its_failure() {
        let (tokens, login, endpoint) = (Tokens::default(), login("p"), endpoint());
        let fetches = Cell::new(0);
        let fetch = |result: Result<Token, NoToken>| {
            let fetches = &fetches;
            async move {
                fetches.set(fetches.get() + 1);
                tokio::task::yield_now().await;
                result
            }
        };
        let wrong = || tokens.lease((&login, &endpoint), at(0), fetch(Err(NoToken::NotAsked)));
        let (one, two) = tokio::join!(wrong(), wrong());
        assert_eq!((one.unwrap_err(), two.unwrap_err(), fetches.get()), (NoToken::NotAsked, NoToken::NotAsked, 1));
        let right = || tokens.lease((&login, &endpoint), at(0), fetch(Ok(token("one", 1000))));
        let (one, two) = tokio::join!(right(), right());
        assert_eq!((one.unwrap().stored, two.unwrap().stored, fetches.get()), (false, true, 2));
    }

    #[tokio::test]
    async fn only_the_refused_token_is_forgotten() {
        let (tokens, login, endpoint) = (Tokens::default(), login("p"), endpoint());
        let key = (&login, &endpoint);
        tokens.lease(key, at(0), async { Ok(token("new", 1000)) }).await.unwrap();
        tokens.forget(key, &Secret::new("old")).await;
        assert!(tokens.lease(key, at(0), async { Ok(token("x", 1000)) }).await.unwrap().stored);
        tokens.forget(key, &Secret::new("new")).await;
        assert!(!tokens.lease(key, at(0), async { Ok(token("x", 1000)) }).await.unwrap().stored);
    }
}
