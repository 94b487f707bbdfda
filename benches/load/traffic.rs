//! The requests, ready to be written: planned and signed before any clock runs, no two alike.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde_json::json;
use skydeck::auth::{self, AccessKey, Credentials, Scheme, Scope, SigningInputs};
use skydeck::catalog::{Catalog, Provider};
use skydeck::form::{Assignment, Form, assign, plan};
use skydeck::wire::Request;

use crate::client;

/// How requests prove who sends them, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Alibaba Cloud's signature.
    Acs3,
    /// Volcengine's signature.
    Volcengine,
    /// Huawei Cloud's signature.
    SdkHmac,
    /// A token of Open Telekom Cloud.
    Token,
}

/// Accounts that the emulator is started with, so that no quota stands in the way of a create.
#[derive(Clone, Copy, Debug)]
pub struct Accounts(pub usize);

/// One call to be signed.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation's id.
    pub operation: &'static str,
    /// Its parameters.
    pub parameters: Vec<(&'static str, String)>,
    /// The account's number.
    pub account: usize,
}

/// What signs for one provider of one server.
pub struct Signer {
    kind: Kind,
    provider: Arc<Provider>,
    address: SocketAddr,
    tokens: Vec<String>,
    signed: usize,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Acs3, Self::Volcengine, Self::SdkHmac, Self::Token];

    /// Its name, on the command line and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acs3 => "ACS3",
            Self::Volcengine => "Volcengine",
            Self::SdkHmac => "SDK-HMAC",
            Self::Token => "token",
        }
    }

    /// The provider whose calls are sent.
    pub fn provider(self) -> &'static str {
        match self {
            Self::Acs3 => "alibaba-sae",
            Self::Volcengine => "volcengine-id",
            Self::SdkHmac => "huawei-swr",
            Self::Token => "otc-swr",
        }
    }

    fn scheme(self) -> Scheme {
        match self {
            Self::Acs3 => Scheme::Acs3,
            Self::Volcengine => Scheme::Volcengine,
            Self::SdkHmac => Scheme::SdkHmac,
            Self::Token => Scheme::IamToken,
        }
    }

    /// The call that creates the resource of this name.
    pub fn create(self, name: &str, account: usize) -> Call {
        let (operation, parameters) = match self {
            Self::Acs3 => ("CreateNamespace", vec![("NamespaceName", "Orders".to_owned()), ("NameSpaceShortId", name.to_owned())]),
            Self::Volcengine => ("CreateNamespace", vec![("NamespaceName", name.to_owned()), ("Description", "orders".to_owned())]),
            Self::SdkHmac | Self::Token => ("CreateOrganization", vec![("namespace", name.to_owned())]),
        };
        Call { operation, parameters, account }
    }

    /// The call that deletes it.
    pub fn delete(self, name: &str, account: usize) -> Call {
        let (operation, parameters) = match self {
            Self::Acs3 => ("DeleteNamespace", vec![("NameSpaceShortId", name.to_owned())]),
            Self::Volcengine => ("DeleteNamespace", vec![("NamespaceName", name.to_owned())]),
            Self::SdkHmac | Self::Token => ("DeleteOrganization", vec![("namespace", name.to_owned())]),
        };
        Call { operation, parameters, account }
    }
}

impl Accounts {
    /// The arguments that have the emulator accept them.
    pub fn arguments(self) -> impl Iterator<Item = String> {
        let key = |number| ["--accept-key".to_owned(), format!("{}:{}", key_id(number), key_secret(number))];
        let user = |number| ["--accept-user".to_owned(), format!("load{number}:pass{number}:LOAD{number}:eu-de")];
        (0..self.0).flat_map(move |number| key(number).into_iter().chain(user(number)))
    }
}

fn key_id(account: usize) -> String {
    format!("LTAI5tLoadKey{account:06}")
}

fn key_secret(account: usize) -> String {
    format!("LoadSecret{account:020}")
}

impl Signer {
    /// Creates a signer for the provider at this address; where tokens are needed it fetches one for each account.
    pub fn new(kind: Kind, address: SocketAddr, accounts: Accounts) -> Result<Self> {
        let catalog = Catalog::built_in();
        let provider = catalog.provider(kind.provider()).context("no such provider")?;
        let mut signer = Self { kind, provider: Arc::clone(provider), address, tokens: Vec::new(), signed: 0 };
        if kind == Kind::Token {
            signer.tokens = client::tokens(signer.address, (0..accounts.0).map(token_request).collect())?;
        }
        Ok(signer)
    }

    /// Where the requests go.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The bytes of a call, signed now.
    pub fn sign(&mut self, call: &Call) -> Result<Vec<u8>> {
        self.signed += 1;
        let moment = SigningInputs { now: Timestamp::now(), nonce: format!("{:032x}", self.signed) };
        let scope = Scope { region: &self.provider.default_region, service: &self.provider.service };
        let signed = auth::sign(self.kind.scheme(), self.plan(call)?, &self.credentials(call.account), scope, &moment, &[])?;
        Ok([signed.request.head().as_slice(), &signed.request.body].concat())
    }

    fn plan(&self, call: &Call) -> Result<Request> {
        let operation = self.provider.operation(call.operation).with_context(|| format!("no operation {}", call.operation))?;
        let mut form = Form::new(Arc::clone(operation));
        let assignments: Vec<_> = call.parameters.iter().map(|(name, value)| Assignment::Text((*name).into(), value.clone())).collect();
        assign(&mut form, &assignments)?;
        let endpoint = format!("http://{}", self.address).parse()?;
        Ok(plan(&self.provider, &form, &endpoint)?.request)
    }

    fn credentials(&self, account: usize) -> Credentials {
        match self.tokens.get(account) {
            Some(token) => Credentials::Token(token.clone().into()),
            None => {
                Credentials::AccessKey(AccessKey { id: key_id(account), secret: key_secret(account).into(), token: None, project_id: None })
            }
        }
    }
}

fn token_request(account: usize) -> Vec<u8> {
    let (name, domain) = (format!("load{account}"), json!({ "name": format!("LOAD{account}") }));
    let user = json!({"name": name, "password": format!("pass{account}"), "domain": domain});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let body = json!({"auth": {"identity": identity, "scope": {"project": {"name": "eu-de"}}}}).to_string();
    let length = body.len();
    format!("POST /v3/auth/tokens?nocatalog=1 HTTP/1.1\r\nhost: load\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Creates of so many resources, spread over the accounts.
pub fn creates(signer: &mut Signer, count: usize, accounts: Accounts) -> Result<Vec<Vec<u8>>> {
    ensure!(accounts.0 > 0, "no account to create with");
    (0..count).map(|number| signer.sign(&signer.kind.create(&name(number), number % accounts.0))).collect()
}

/// A name that every provider takes.
pub fn name(number: usize) -> String {
    format!("n{number}")
}
