//! Requests to the identity service for a token (`POST /v3/auth/tokens`): nothing in them is signed, and their body can be judged.
//!
//! Members: Huawei Cloud and OTC IAM API reference, "Obtaining a User Token". No secret is repeated in what is said.

use serde_json::Value;

use super::cause::Cause;
use super::fault::{self, MistakeKind};
use crate::wire::Request;

/// The authentication methods that the identity services of Huawei Cloud and OTC document.
const METHODS: [&str; 7] = ["password", "token", "totp", "hw_ak_sk", "hw_assume_role", "application_credential", "mapped"];

/// Returns whether it is such a request.
pub(super) fn is(request: &Request) -> bool {
    request.method.eq_ignore_ascii_case("post") && request.path().trim_end_matches('/').ends_with("/auth/tokens")
}

/// Returns what the request is, and what is wrong with it, the surest first.
pub(super) fn causes(request: &Request) -> Vec<Cause> {
    let mut causes = match serde_json::from_slice::<Value>(&request.body) {
        Ok(body) => View { body: &body, request }.causes(),
        Err(_) if request.body.is_empty() => vec![broken("the body is empty: it needs `auth.identity`")],
        Err(error) => vec![broken(format!("the body is no JSON: line {}, column {}", error.line(), error.column()))],
    };
    causes.push(Cause::noted(&fault::TOKEN_REQUEST, "POST /v3/auth/tokens of the identity service (IAM)"));
    causes
}

fn broken(detail: impl Into<String>) -> Cause {
    Cause::seen(&fault::TOKEN_REQUEST_BODY, detail)
}

struct View<'v> {
    body: &'v Value,
    request: &'v Request,
}

impl View<'_> {
    fn at(&self, path: &str) -> Option<&Value> {
        self.body.pointer(path)
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.at(path).and_then(Value::as_str)
    }

    fn causes(&self) -> Vec<Cause> {
        let mut causes = self.members();
        causes.extend(self.user());
        causes.extend(self.scope());
        causes.extend(self.spaced());
        causes
    }

    /// Returns members that are not there, or not of their kind.
    fn members(&self) -> Vec<Cause> {
        let lacks = |path: &str| broken(format!("`{}` is missing", path.trim_start_matches('/').replace('/', ".")));
        let objects = ["/auth", "/auth/identity"];
        if let Some(path) = objects.iter().find(|path| !self.at(path).is_some_and(Value::is_object)) {
            return vec![lacks(path)];
        }
        let Some(methods) = self.at("/auth/identity/methods").and_then(Value::as_array).filter(|methods| !methods.is_empty()) else {
            return vec![lacks("/auth/identity/methods")];
        };
        let mut causes = Vec::new();
        for method in methods.iter().map(|method| method.as_str().unwrap_or_default()) {
            if !METHODS.contains(&method) {
                causes.push(broken(format!("`{method}` in auth.identity.methods is no method of the identity service")));
            } else if !self.at(&format!("/auth/identity/{method}")).is_some_and(Value::is_object) {
                causes.push(lacks(&format!("/auth/identity/{method}")));
            }
        }
        if causes.is_empty() && methods.iter().any(|method| method == "password") {
            causes.extend(self.password());
        }
        causes
    }

    /// Returns the members of a user with a password.
    fn password(&self) -> Vec<Cause> {
        let user = "/auth/identity/password/user";
        let has = |name: &str| self.text(&format!("{user}/{name}")).is_some_and(|text| !text.is_empty());
        let mut causes = Vec::new();
        let mut lacks = |what: &str| causes.push(broken(format!("`auth.identity.password.user.{what}` is missing or empty")));
        if !has("password") {
            lacks("password");
        }
        if !has("id") && !has("name") {
            lacks("name");
        } else if !has("id") && !has("domain/name") && !has("domain/id") {
            lacks("domain.name");
        }
        causes
    }

    /// Returns a user of an account of the same name: right for the account's own root user alone.
    fn user(&self) -> Option<Cause> {
        let name = self.text("/auth/identity/password/user/name").filter(|name| !name.is_empty())?;
        let domain = self.text("/auth/identity/password/user/domain/name")?;
        let detail = format!("`{name}` is given as the user's name and as the domain's");
        (name == domain).then(|| Cause::seen(&fault::TOKEN_REQUEST_DOMAIN, detail))
    }

    /// Returns a project of another region than the host's, and a token for no project.
    fn scope(&self) -> Option<Cause> {
        let seen = |fault: &'static MistakeKind, detail: String| Some(Cause::seen(fault, detail));
        let Some(scope) = self.at("/auth/scope") else {
            return Some(Cause::noted(
                &fault::TOKEN_REQUEST_PROJECT,
                "no `auth.scope`: the token is for the domain, and regional services want one for a project",
            ));
        };
        let Some(project) = scope.get("project") else {
            let known = scope.get("domain").is_some();
            return if known {
                None
            } else {
                seen(&fault::TOKEN_REQUEST_BODY, "`auth.scope` has neither `project` nor `domain`".to_owned())
            };
        };
        let text = |name: &str| project.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("id").is_none() && text("name").is_none() {
            return seen(&fault::TOKEN_REQUEST_BODY, "`auth.scope.project` has neither `id` nor `name`".to_owned());
        }
        let (name, region) = (text("name")?, self.region()?);
        // A project of its own has the region's name first: eu-de_team.
        let of_region = name.split('_').next() == Some(region);
        if of_region {
            None
        } else {
            seen(&fault::TOKEN_REQUEST_PROJECT, format!("the project is `{name}`, the host is that of `{region}`"))
        }
    }

    /// Returns the region that the host names: the label after `iam`, where it is one (`iam.myhuaweicloud.com` has none).
    fn region(&self) -> Option<&str> {
        let host = self.request.headers.get_str("host")?.trim_ascii();
        let mut labels = host.split(':').next().unwrap_or_default().split('.').skip_while(|label| !label.starts_with("iam"));
        labels.next()?;
        labels.next().filter(|label| label.contains('-'))
    }

    /// Strips white space around what is given: it is part of a password, and of no name.
    fn spaced(&self) -> Vec<Cause> {
        let paths = ["password/user/password", "password/user/name", "password/user/domain/name", "totp/user/passcode"];
        let spaced = |path: &&str| self.text(&format!("/auth/identity/{path}")).is_some_and(|text| text.trim() != text);
        let name = |path: &str| format!("`auth.identity.{}` has white space around it", path.replace('/', "."));
        paths.iter().filter(|path| spaced(path)).map(|path| Cause::seen(&fault::TOKEN_REQUEST_SPACE, name(path))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(body: &str) -> Vec<&'static str> {
        let request = Request {
            method: "POST".into(),
            target: "/v3/auth/tokens?nocatalog=1".into(),
            headers: [("host", "iam.eu-de.otc.t-systems.com")].into_iter().collect(),
            body: body.to_owned().into(),
        };
        assert!(is(&request));
        causes(&request).iter().map(|cause| cause.fault.id).filter(|id| *id != "token-request").collect()
    }

    fn body(user: &str, scope: &str) -> String {
        format!(r#"{{"auth":{{"identity":{{"methods":["password"],"password":{{"user":{user}}}}},"scope":{scope}}}}}"#)
    }

    #[test]
    fn finds_no_fault_in_a_right_body() {
        let user = r#"{"name":"u","password":"p","domain":{"name":"OTC-1"}}"#;
        for scope in [
            r#"{"project":{"name":"eu-de"}}"#,
            r#"{"project":{"name":"eu-de_team"}}"#,
            r#"{"project":{"id":"0a"}}"#,
            r#"{"domain":{"name":"d"}}"#,
        ] {
            assert!(ids(&body(user, scope)).is_empty(), "{scope}");
        }
    }

    #[test]
    fn names_each_fault() {
        let project = r#"{"project":{"name":"eu-de"}}"#;
        assert_eq!(ids(&body(r#"{"name":"u","password":"p","domain":{"name":"u"}}"#, project)), ["token-request-domain"]);
        assert_eq!(ids(&body(r#"{"name":"u","password":" p","domain":{"name":"d"}}"#, project)), ["token-request-space"]);
        assert_eq!(
            ids(&body(r#"{"name":"u","password":"p","domain":{"name":"d"}}"#, r#"{"project":{"name":"eu-nl"}}"#)),
            ["token-request-project"]
        );
        for user in [r#"{"name":"u","domain":{"name":"d"}}"#, r#"{"name":"u","password":"p"}"#, r#"{"password":"p"}"#, "1"] {
            assert!(ids(&body(user, project)).contains(&"token-request-body"), "{user}");
        }
        for text in
            ["", "{", "[]", "{}", r#"{"auth":{}}"#, r#"{"auth":{"identity":{"methods":[]}}}"#, r#"{"auth":{"identity":{"methods":["x"]}}}"#]
        {
            assert!(ids(text).contains(&"token-request-body"), "{text}");
        }
    }
}
