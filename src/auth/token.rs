//! IAM tokens (Huawei, OTC): the request that fetches one, its answer, and its use.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

use super::outgoing::{add, check_text};
use super::{Login, Project, Scheme, SignError, Signed, Trace};
use crate::secret::Secret;
use crate::wire::{Endpoint, Headers, Request, Response};

/// A token and how long it holds.
#[derive(Clone, Debug)]
pub struct Token {
    /// The value for `x-auth-token`.
    pub value: Secret,
    /// The time at which it expires, as the answer says.
    pub expires_at: Timestamp,
}

/// An error from reading a token out of an answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TokenError {
    /// The status is not 201.
    #[error("the token service answered {0}, not 201")]
    Status(u16),
    /// No `x-subject-token` in a 201.
    #[error("the token service answered 201 without an x-subject-token header")]
    NoToken,
    /// The expiry is missing or unreadable.
    #[error("the token service's answer has no readable expires_at")]
    NoExpiry,
}

/// Returns the request that fetches a token: `POST /v3/auth/tokens?nocatalog=1`.
pub fn token_request(login: &Login, endpoint: &Endpoint) -> Request {
    let body = Bytes::from(token_body(login).to_string());
    let mut headers = Headers::new();
    headers.push("host", endpoint.authority());
    headers.push("accept", "application/json");
    headers.push("content-type", "application/json");
    headers.push("content-length", body.len().to_string());
    Request { method: "POST".to_owned(), target: "/v3/auth/tokens?nocatalog=1".to_owned(), headers, body }
}

/// Returns the members in the order in which `keystoneauth` sends them.
fn token_body(login: &Login) -> Value {
    let domain = json!({ "name": login.domain });
    let user = json!({ "password": login.password.expose(), "name": login.user, "domain": domain });
    let project = match &login.project {
        Project::Name(name) => json!({ "name": name, "domain": domain }),
        Project::Id(id) => json!({ "id": id }),
    };
    json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": user } },
        "scope": { "project": project },
    } })
}

/// Reads the answer to a token request.
///
/// # Errors
/// [`TokenError`] when the answer is not a 201 with a token and its expiry.
pub fn read_token(response: &Response) -> Result<Token, TokenError> {
    if response.status != 201 {
        return Err(TokenError::Status(response.status));
    }
    let value = response.headers.get_str("x-subject-token").map(str::trim_ascii).filter(|value| !value.is_empty());
    let value = Secret::new(value.ok_or(TokenError::NoToken)?);
    let answer: Answer = serde_json::from_slice(&response.body).map_err(|_| TokenError::NoExpiry)?;
    let expires_at = answer.token.expires_at.parse().map_err(|_| TokenError::NoExpiry)?;
    Ok(Token { value, expires_at })
}

#[derive(Deserialize)]
struct Answer {
    token: Body,
}

#[derive(Deserialize)]
struct Body {
    expires_at: String,
}

/// Adds the token, unless the caller has put one in. The trace is empty: nothing is signed.
pub(super) fn sign(mut request: Request, token: &Secret) -> Result<Signed, SignError> {
    check_text("token", token.expose())?;
    add(&mut request.headers, "x-auth-token", token.expose());
    Ok(Signed { request, trace: empty_trace() })
}

fn empty_trace() -> Trace {
    Trace {
        scheme: Scheme::IamToken,
        key_id: String::new(),
        date: String::new(),
        scope: None,
        signed_headers: Vec::new(),
        payload_hash: String::new(),
        canonical_request: String::new(),
        string_to_sign: String::new(),
        signature: String::new(),
        authorization: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, token: &str, body: &str) -> Response {
        let headers = [("x-subject-token", token)].into_iter().collect();
        Response { status, headers, body: Bytes::from(body.to_owned()), ..Response::default() }
    }

    #[test]
    fn reads_token_and_expiry() {
        let token = read_token(&answer(201, "MII-tok", r#"{"token":{"expires_at":"2026-11-23T00:50:33.123456Z","user":{}}}"#)).unwrap();
        assert_eq!(token.value.expose(), "MII-tok");
        assert_eq!(token.expires_at.to_string(), "2026-11-23T00:50:33.123456Z");
        assert!(!format!("{token:?}").contains("MII-tok"));
    }

    #[test]
    fn says_what_an_answer_lacks() {
        let good = r#"{"token":{"expires_at":"2026-11-23T00:50:33Z"}}"#;
        let refusal = |response: &Response| read_token(response).map(|_| ()).unwrap_err();
        assert_eq!(refusal(&answer(401, "t", good)), TokenError::Status(401));
        assert_eq!(refusal(&answer(200, "t", good)), TokenError::Status(200));
        assert_eq!(refusal(&answer(201, " ", good)), TokenError::NoToken);
        assert_eq!(refusal(&Response { headers: Headers::new(), ..answer(201, "t", good) }), TokenError::NoToken);
        for body in ["", "<html>", "{}", r#"{"token":{}}"#, r#"{"token":{"expires_at":"tomorrow"}}"#] {
            assert_eq!(refusal(&answer(201, "t", body)), TokenError::NoExpiry, "{body}");
        }
    }

    #[test]
    fn adds_a_token_once_and_not_to_the_trace() {
        let signed = sign(Request::default(), &Secret::new("tok")).unwrap();
        assert_eq!(signed.request.headers.get_str("x-auth-token"), Some("tok"));
        assert!(!format!("{:?}", signed.trace).contains("tok"));
        let again = sign(signed.request, &Secret::new("other")).unwrap();
        assert_eq!(again.request.headers.get_all("x-auth-token").collect::<Vec<_>>(), [b"tok"]);
        assert_eq!(sign(Request::default(), &Secret::new("a\nb")).map(|_| ()), Err(SignError::Unprintable("token")));
    }
}
