//! The body of a token request, read as keystone reads it: what is missing or of another type is reported in its words.

use serde_json::{Map, Value};

use super::IdentityError;

/// The methods of proving oneself that the cloud has. Application credentials are none of them.
const METHODS: [&str; 3] = ["password", "token", "totp"];

/// A request for a token: `{"auth": {"identity", "scope"}}`.
#[derive(Debug)]
pub(super) struct TokenRequest {
    /// The methods by which the caller proves itself: each of them counts.
    pub methods: Vec<String>,
    /// Of the method `password`.
    pub password: Option<UserCredentials>,
    /// Of the method `totp`.
    pub totp: Option<UserCredentials>,
    /// Of the method `token`: the token.
    pub token: Option<String>,
    /// The project that the token is to be for. It wins over the domain.
    pub project: Option<IdOrName>,
    /// The domain of the project, where one is named.
    pub project_domain: Option<IdOrName>,
    /// The domain that the token is to be for.
    pub domain: Option<IdOrName>,
}

/// A user with a password or a passcode.
#[derive(Debug)]
pub(super) struct UserCredentials {
    /// The user.
    pub user: IdOrName,
    /// The user's domain; not needed beside an id.
    pub domain: Option<IdOrName>,
    /// The password or the passcode.
    pub secret: String,
}

/// Something by its id or its name; the id counts.
#[derive(Debug)]
pub(super) struct IdOrName {
    id: Option<String>,
    name: Option<String>,
}

/// A place in the body.
struct BodyPath<'v> {
    value: &'v Value,
    /// The names on the way to it, `identity/password/user`.
    path: String,
}

impl IdOrName {
    /// Returns whether it is what has this name and this id, which takes some work to make.
    pub(super) fn is(&self, name: &str, id: impl FnOnce() -> String) -> bool {
        match (&self.id, &self.name) {
            (Some(own), _) => *own == id(),
            (None, Some(own)) => own == name,
            (None, None) => false,
        }
    }
}

impl TokenRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// Keystone's 400 for what is missing or of another type, its 401 for a method that the cloud does not have.
    pub(super) fn read(body: &[u8]) -> Result<Self, IdentityError> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let body = BodyPath { value: &body, path: "request body".to_owned() };
        if !body.value.is_object() {
            return Err(IdentityError::missing_attribute("valid JSON", "request body"));
        }
        let auth = BodyPath { path: "auth".to_owned(), ..body.member("auth")? };
        let identity = BodyPath { path: "identity".to_owned(), ..auth.member("identity")? };
        let mut methods = identity.member("methods")?.texts()?;
        methods.sort_unstable();
        methods.dedup();
        if methods.is_empty() {
            return Err(IdentityError::missing_attribute("methods", "identity"));
        }
        let methods_data: Vec<BodyPath<'_>> = methods.iter().map(|name| identity.member(name)).collect::<Result<_, _>>()?;
        if methods.iter().any(|method| !METHODS.contains(&method.as_str())) {
            return Err(IdentityError::with_status(401, "Attempted to authenticate with an unsupported method."));
        }
        let of = |name: &str| methods.iter().position(|method| method == name).map(|at| &methods_data[at]);
        // Without a project the cloud takes the domain, whether or not a client says that it wants no scope.
        let scope =
            auth.optional("scope")?.filter(|scope| scope.value != "unscoped").map(|scope| BodyPath { path: "scope".to_owned(), ..scope });
        let project = scope.as_ref().map(|scope| scope.optional("project")).transpose()?.flatten();
        let domain = scope.as_ref().map(|scope| scope.optional("domain")).transpose()?.flatten();
        Ok(Self {
            password: of("password").map(|at| at.read_caller("password")).transpose()?,
            totp: of("totp").map(|at| at.read_caller("passcode")).transpose()?,
            token: of("token").map(|at| at.member("id")?.text()).transpose()?,
            project_domain: project.as_ref().map(BodyPath::domain).transpose()?.flatten(),
            project: project.map(|at| at.named()).transpose()?,
            domain: domain.map(|at| at.named()).transpose()?,
            methods,
        })
    }
}

impl<'v> BodyPath<'v> {
    fn wrong_type(&self, wanted: &str) -> IdentityError {
        IdentityError::with_status(
            400,
            format!("Invalid input for field '{}': {} is not of type '{wanted}'", self.path, literal(self.value)),
        )
    }

    fn object(&self) -> Result<&'v Map<String, Value>, IdentityError> {
        self.value.as_object().ok_or_else(|| self.wrong_type("object"))
    }

    fn text(&self) -> Result<String, IdentityError> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.wrong_type("string"))
    }

    fn texts(&self) -> Result<Vec<String>, IdentityError> {
        let elements = self.value.as_array().ok_or_else(|| self.wrong_type("array"))?.iter().enumerate();
        elements.map(|(at, value)| BodyPath { value, path: format!("{}/{at}", self.path) }.text()).collect()
    }

    fn optional(&self, name: &str) -> Result<Option<Self>, IdentityError> {
        let value = self.object()?.get(name).filter(|value| !value.is_null());
        Ok(value.map(|value| Self { value, path: format!("{}/{name}", self.path) }))
    }

    fn member(&self, name: &str) -> Result<Self, IdentityError> {
        self.optional(name)?.ok_or_else(|| IdentityError::missing_attribute(name, self.path.rsplit('/').next().unwrap_or_default()))
    }

    fn named(&self) -> Result<IdOrName, IdentityError> {
        let text = |name: &str| self.optional(name)?.map(|at| at.text()).transpose();
        let named = IdOrName { id: text("id")?, name: text("name")? };
        let target = self.path.rsplit('/').next().unwrap_or_default();
        if named.id.is_none() && named.name.is_none() { Err(IdentityError::missing_attribute("id or name", target)) } else { Ok(named) }
    }

    fn domain(&self) -> Result<Option<IdOrName>, IdentityError> {
        self.optional("domain")?.map(|at| at.named()).transpose()
    }

    /// Returns a user with what proves it.
    fn read_caller(&self, secret: &str) -> Result<UserCredentials, IdentityError> {
        let at = self.member("user")?;
        let (user, domain) = (at.named()?, at.domain()?);
        if user.id.is_none() && domain.is_none() {
            return Err(IdentityError::missing_attribute("domain", "user"));
        }
        Ok(UserCredentials { user, domain, secret: at.member(secret)?.text()? })
    }
}

/// Returns a value as Python writes it, in whose words the answer is. What is inside of objects and arrays may be a secret.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("'{}'", text.escape_debug()),
        Value::Array(elements) if elements.is_empty() => "[]".to_owned(),
        Value::Array(_) => "[...]".to_owned(),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(_) => "{...}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(body: &str) -> (u16, String) {
        let denied = TokenRequest::read(body.as_bytes()).unwrap_err();
        (denied.status, denied.message)
    }

    /// Returns a body with this identity.
    fn with(identity: &Value) -> String {
        json!({"auth": {"identity": identity}}).to_string()
    }

    #[test]
    fn names_what_is_missing() {
        let user = json!({"name": "a", "password": "p"});
        let cases = [
            (String::new(), "valid JSON in request body"),
            ("[]".to_owned(), "valid JSON in request body"),
            ("{".to_owned(), "valid JSON in request body"),
            ("{}".to_owned(), "auth in request body"),
            (json!({"auth": {}}).to_string(), "identity in auth"),
            (with(&json!({})), "methods in identity"),
            (with(&json!({"methods": []})), "methods in identity"),
            (with(&json!({"methods": ["password"]})), "password in identity"),
            (with(&json!({"methods": ["password", "totp"], "password": {"user": user}})), "totp in identity"),
            (with(&json!({"methods": ["password"], "password": {}})), "user in password"),
            (with(&json!({"methods": ["password"], "password": {"user": {}}})), "id or name in user"),
            (with(&json!({"methods": ["password"], "password": {"user": user}})), "domain in user"),
            (with(&json!({"methods": ["password"], "password": {"user": {"id": "a"}}})), "password in user"),
            (with(&json!({"methods": ["totp"], "totp": {"user": {"id": "a"}}})), "passcode in user"),
            (with(&json!({"methods": ["token"], "token": {}})), "id in token"),
        ];
        for (body, wanted) in cases {
            let (status, message) = refusal(&body);
            assert!(status == 400 && message.starts_with(&format!("Expecting to find {wanted}. The server")), "{body}: {message}");
        }
    }

    #[test]
    fn names_what_has_another_type() {
        let cases = [
            (json!({"auth": 7}).to_string(), "'auth': 7 is not of type 'object'"),
            (with(&json!("me")), "'identity': 'me' is not of type 'object'"),
            (with(&json!({"methods": "password"})), "'identity/methods': 'password' is not of type 'array'"),
            (with(&json!({"methods": [true]})), "'identity/methods/0': True is not of type 'string'"),
            (with(&json!({"methods": ["token"], "token": {"id": 1}})), "'identity/token/id': 1 is not of type 'string'"),
            (
                with(&json!({"methods": ["password"], "password": {"user": ["secret"]}})),
                "'identity/password/user': [...] is not of type 'object'",
            ),
        ];
        for (body, wanted) in cases {
            assert_eq!(refusal(&body), (400, format!("Invalid input for field {wanted}")), "{body}");
        }
    }

    #[test]
    fn counts_a_repeated_method_once() {
        let ask = TokenRequest::read(with(&json!({"methods": ["token", "token"], "token": {"id": "a"}})).as_bytes()).unwrap();
        assert_eq!(ask.methods, ["token"]);
    }

    #[test]
    fn refuses_methods_that_the_cloud_does_not_have() {
        for method in ["application_credential", "kerberos", "PASSWORD"] {
            let (status, message) = refusal(&with(&json!({"methods": [method], method: {}})));
            assert_eq!((status, message.as_str()), (401, "Attempted to authenticate with an unsupported method."));
        }
    }
}
