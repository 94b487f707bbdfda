//! The token service of the two SWR providers: version discovery and tokens, in the shape of keystone.

use std::sync::Mutex;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::accounts::{AcceptedUser, Accounts};
use super::facts::{Facts, Station};
use super::ids::Fresh;
use super::locked::locked;
use super::tokens::{Grant, Scope, Tokens};
use crate::catalog::Scheme;
use crate::envelope::render_token_error;
use crate::wire::{Headers, Request, Response, parse_query};

/// What the token service works with.
pub(super) struct Desk<'a> {
    /// Where the request arrived.
    pub station: &'a Station,
    /// Whose passwords are known.
    pub accounts: &'a Accounts,
    /// The tokens given out.
    pub tokens: &'a Mutex<Tokens>,
    /// Fresh identifiers.
    pub ids: &'a Fresh<'a>,
}

/// A request for a token: `{"auth": {"identity", "scope"}}`.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Ask {
    auth: Auth,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Auth {
    identity: Identity,
    #[serde(default)]
    scope: Option<Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Identity {
    methods: Vec<String>,
    #[serde(default)]
    password: Option<Password>,
    #[serde(default)]
    token: Option<Named>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Password {
    user: User,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct User {
    password: String,
    #[serde(flatten)]
    who: Named,
    #[serde(default)]
    domain: Option<Named>,
}

/// Something by its name or its id.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Named {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    id: Option<String>,
}

/// Why no token is given.
struct Denied {
    status: u16,
    message: String,
}

impl Named {
    /// Whether it is what has this name and this id, which takes some work to make.
    fn is(&self, name: &str, id: impl FnOnce() -> String) -> bool {
        match (&self.id, &self.name) {
            (Some(own), _) => *own == id(),
            (None, Some(own)) => own == name,
            (None, None) => false,
        }
    }
}

impl Denied {
    fn malformed(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }

    fn unauthorized(message: &str) -> Self {
        Self { status: 401, message: message.to_owned() }
    }
}

/// Whether a path belongs to the token service.
pub(super) fn owns(station: &Station, path: &str) -> bool {
    let its = path == "/" || path == "/v3" || path.starts_with("/v3/");
    its && station.provider.auth.contains(&Scheme::IamToken)
}

/// Answers a request to the token service.
pub(super) fn answer(desk: &Desk<'_>, request: &Request, facts: &Facts) -> Response {
    match (request.method.as_str(), request.path().trim_end_matches('/')) {
        ("GET", "") => reply(300, &json!({"versions": {"values": [version(&facts.host)]}}), facts),
        ("GET", "/v3") => reply(200, &json!({"version": version(&facts.host)}), facts),
        ("POST", "/v3/auth/tokens") => match token(desk, request, facts) {
            Ok(response) => response,
            Err(denied) => deny(desk.station, &denied, facts),
        },
        (_, "" | "/v3" | "/v3/auth/tokens") => {
            deny(desk.station, &Denied { status: 405, message: "The method is not allowed for the requested URL.".into() }, facts)
        }
        _ => deny(desk.station, &Denied { status: 404, message: "The resource could not be found.".into() }, facts),
    }
}

fn version(host: &str) -> Value {
    json!({
        "id": "v3.6", "status": "stable", "updated": "2013-03-06T00:00:00Z",
        "links": [{"rel": "self", "href": format!("http://{host}/v3/")}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    })
}

fn token(desk: &Desk<'_>, request: &Request, facts: &Facts) -> Result<Response, Denied> {
    let ask: Ask =
        serde_json::from_slice(&request.body).map_err(|error| Denied::malformed(format!("The request body is invalid: {error}")))?;
    let users = users(desk, &ask.auth.identity, facts.now)?;
    let (user, scope) = scope(ask.auth.scope.as_ref(), &users)?;
    let grant = Grant { provider: desk.station.provider.id.clone(), caller: user.caller(), user, scope, issued: facts.now };
    let token = format!("MIIskydeck{}{}", desk.ids.hex64(), desk.ids.hex64());
    let with_catalog = !parse_query(request.query()).iter().any(|(name, value)| name == "nocatalog" && !value.is_empty());
    let mut response =
        reply(201, &json!({"token": describe(desk.station, &ask.auth.identity.methods, &grant, with_catalog, facts)}), facts);
    response.headers.push("x-subject-token", token.as_str());
    locked(desk.tokens).keep(&token, grant);
    Ok(response)
}

/// The user that an identity proves to be, once for each project: never none.
fn users(desk: &Desk<'_>, identity: &Identity, now: Timestamp) -> Result<Vec<AcceptedUser>, Denied> {
    let method = |name: &str| identity.methods.iter().any(|method| method == name);
    match identity {
        Identity { password: Some(password), .. } if method("password") => by_password(desk.accounts, &password.user),
        Identity { token: Some(token), .. } if method("token") => by_token(desk, token, now),
        _ => Err(Denied::malformed("Expecting to find password or token in identity, as its methods say.")),
    }
}

fn by_password(accounts: &Accounts, given: &User) -> Result<Vec<AcceptedUser>, Denied> {
    let in_domain = |user: &AcceptedUser| given.domain.as_ref().is_none_or(|domain| domain.is(&user.domain, || user.domain_id()));
    let meant = |user: &&AcceptedUser| given.who.is(&user.name, || user.id()) && in_domain(user);
    let users: Vec<_> = accounts.users().filter(meant).filter(|user| user.password.expose() == given.password).cloned().collect();
    if users.is_empty() { Err(Denied::unauthorized("The username or password is wrong.")) } else { Ok(users) }
}

fn by_token(desk: &Desk<'_>, given: &Named, now: Timestamp) -> Result<Vec<AcceptedUser>, Denied> {
    let tokens = locked(desk.tokens);
    let grant = given.id.as_deref().and_then(|token| tokens.grant(&desk.station.provider.id, token));
    let holder = grant.filter(|grant| now < grant.expires()).map(|grant| &grant.user);
    let holder = holder.ok_or_else(|| Denied::unauthorized("The token is invalid or has expired."))?;
    Ok(desk.accounts.users().filter(|user| (&user.name, &user.domain) == (&holder.name, &holder.domain)).cloned().collect())
}

/// What the token is to be for; the project wins over the domain, and with neither it is the user's domain.
fn scope(asked: Option<&Value>, users: &[AcceptedUser]) -> Result<(AcceptedUser, Scope), Denied> {
    let named = |member: &str| {
        let given = asked.and_then(|scope| scope.get(member)).map(Named::deserialize).transpose();
        given.map_err(|error| Denied::malformed(format!("The {member} in scope is invalid: {error}")))
    };
    if let Some(project) = named("project")? {
        let user = users.iter().find(|user| project.is(&user.project, || user.project_id()));
        return user.map(|user| (user.clone(), Scope::Project)).ok_or_else(|| Denied::unauthorized("The user has no such project."));
    }
    let domain = named("domain")?;
    let user = users.iter().find(|user| domain.as_ref().is_none_or(|domain| domain.is(&user.domain, || user.domain_id())));
    user.map(|user| (user.clone(), Scope::Domain)).ok_or_else(|| Denied::unauthorized("The user has no such domain."))
}

/// The body's account of a token.
fn describe(station: &Station, methods: &[String], grant: &Grant, with_catalog: bool, facts: &Facts) -> Value {
    let user = &grant.user;
    let domain = json!({"id": user.domain_id(), "name": user.domain});
    let mut token = json!({
        "methods": methods,
        "expires_at": micros(grant.expires()),
        "issued_at": micros(grant.issued),
        "user": {"id": user.id(), "name": user.name, "domain": domain, "password_expires_at": ""},
        "roles": [{"id": "0", "name": "te_admin"}],
    });
    match grant.scope {
        Scope::Project => token["project"] = json!({"id": user.project_id(), "name": user.project, "domain": domain}),
        Scope::Domain => token["domain"] = domain,
    }
    if with_catalog {
        token["catalog"] = catalog(station, &facts.host);
    }
    token
}

/// The services that a client may look up: SWR and the token service itself, both on this port.
fn catalog(station: &Station, host: &str) -> Value {
    let entry = |kind: &str, path: &str| {
        json!({
            "type": kind, "id": format!("{kind}-{}", station.region), "name": kind,
            "endpoints": [{
                "id": format!("{kind}-{}-public", station.region), "interface": "public", "url": format!("http://{host}{path}"),
                "region": station.region, "region_id": station.region,
            }],
        })
    };
    json!([entry("identity", "/v3"), entry("swr", "/v2"), entry("swrv2", "/v2")])
}

/// A time with six decimals, as the token service writes it.
fn micros(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

fn reply(status: u16, body: &Value, facts: &Facts) -> Response {
    let headers = [("content-type", "application/json"), ("x-request-id", facts.request_id.as_str())];
    Response {
        version: "HTTP/1.1".into(),
        status,
        headers: Headers::from_iter(headers),
        body: body.to_string().into(),
        ..Response::default()
    }
}

fn deny(station: &Station, denied: &Denied, facts: &Facts) -> Response {
    let title = match denied.status {
        400 => "Bad Request",
        401 => "Unauthorized",
        405 => "Method Not Allowed",
        _ => "Not Found",
    };
    render_token_error(denied.status, &denied.message, title, &facts.for_envelope(station))
}
