//! The demo profile's access to the built-in emulator.

use crate::auth::Credentials;
use crate::catalog::{Provider, Scheme};
use crate::config::DemoAccess;
use crate::emulator;
use crate::wire::Endpoint;

/// Returns the demo's throw-away credentials for a provider at an endpoint: a user where the provider's first scheme is a token, else a key.
pub fn access(provider: &Provider, endpoint: Endpoint) -> DemoAccess {
    let login = emulator::demo::login(provider.vendor).filter(|_| provider.auth.first() == Some(&Scheme::IamToken));
    let key = || Credentials::AccessKey(emulator::demo::access_key(provider.vendor));
    let iam_endpoint = provider.iam_endpoint.as_ref().map(|_| endpoint.clone());
    DemoAccess { endpoint, iam_endpoint, credentials: login.map_or_else(key, Credentials::Login) }
}

/// Returns the demo's access to a provider of a running emulator.
pub fn access_to(running: &emulator::RunningEmulator, provider: &Provider) -> Option<DemoAccess> {
    let endpoint = format!("http://{}", running.address(&provider.id)?).parse().ok()?;
    Some(access(provider, endpoint))
}
