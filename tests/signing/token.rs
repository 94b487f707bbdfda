//! The token request, held against those of `keystoneauth`.

use serde_json::Value;
use skydeck::auth::{Credentials, Login, Project, Scheme, Scope, SignError, SigningInputs, sign, token_request};
use skydeck::wire::{Endpoint, Protocol, Request};

use crate::vector::json;

fn login(file: &Value) -> Login {
    let auth = &file["params"]["auth"];
    let text = |name: &str| auth[name].as_str().map(str::to_owned);
    Login {
        user: text("username").unwrap(),
        password: text("password").unwrap().into(),
        domain: text("user_domain_name").unwrap(),
        project: text("project_id").map_or_else(|| Project::Name(text("project_name").unwrap()), Project::Id),
        endpoint: None,
    }
}

#[test]
fn asks_as_openstacks_client_does() {
    for file in ["38-otc-project-post-token.json", "45-otc-project-id-post-token.json"] {
        let vector = json("huawei", file);
        let endpoint = Endpoint { protocol: Protocol::Http, host: "127.0.0.1".into(), port: 42545 };
        let request = token_request(&login(&vector), &endpoint);
        // The client writes spaces between members; the members and their order are what counts.
        let theirs: Value = serde_json::from_str(vector["body"].as_str().unwrap()).unwrap();
        assert_eq!(String::from_utf8(request.body.to_vec()).unwrap(), theirs.to_string(), "{file}");
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/v3/auth/tokens?nocatalog=1"));
        assert_eq!(request.headers.get_str("host"), Some("127.0.0.1:42545"));
        assert_eq!(request.headers.get_str("content-type"), Some("application/json"));
        assert_eq!(request.headers.get_str("content-length"), Some(request.body.len().to_string().as_str()));
    }
}

#[test]
fn scheme_and_credentials_must_fit() {
    let scope = Scope { region: "", service: "" };
    let moment = SigningInputs { now: jiff::Timestamp::UNIX_EPOCH, nonce: String::new() };
    let token = Credentials::Token("tok".to_owned().into());
    let signed = |scheme, credentials: &Credentials| sign(scheme, Request::default(), credentials, scope, &moment, &[]);
    assert_eq!(signed(Scheme::IamToken, &token).unwrap().request.headers.get_str("x-auth-token"), Some("tok"));
    assert!(matches!(signed(Scheme::Acs3, &token), Err(SignError::WrongCredentials { .. })));
    assert!(matches!(signed(Scheme::Acs1, &token), Err(SignError::VerifyOnly(_))));
    let login = Credentials::Login(login(&json("huawei", "45-otc-project-id-post-token.json")));
    assert!(matches!(signed(Scheme::IamToken, &login), Err(SignError::WrongCredentials { .. })));
}
