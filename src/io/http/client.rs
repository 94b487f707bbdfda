//! Builds reqwest's clients so that they add nothing, follow nothing and decode nothing.

use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, redirect, retry};
use rustls::crypto::ring;

use super::connect::{Lookup, TimedConnects};
use super::failure::detail;
use super::route::Route;
use super::settings::{Proxies, Settings, SetupError};

/// The time that an unused connection is kept. Short: a server that drops it without a word costs the next call its answer.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds the client of a route. Takes some milliseconds (the system's certificates) but for [`Route::Plain`].
pub(super) fn build(settings: &Settings, route: Route) -> Result<Client, SetupError> {
    let builder = Client::builder()
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .dns_resolver(Lookup)
        .connector_layer(TimedConnects);
    let builder = match route {
        Route::Plain => builder.no_proxy().tls_backend_preconfigured(no_certificates()?),
        Route::Tls => with_certificates(builder.no_proxy(), settings)?,
        Route::Proxied => with_certificates(with_proxies(builder, &settings.proxies)?, settings)?,
    };
    builder.build().map_err(|error| broken(&error, settings))
}

/// Returns a TLS configuration that trusts nobody, which spares the plain client the search for certificates.
fn no_certificates() -> Result<rustls::ClientConfig, SetupError> {
    rustls::ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
        .map_err(|error| SetupError::Tls(error.to_string()))
}

fn with_certificates(builder: ClientBuilder, settings: &Settings) -> Result<ClientBuilder, SetupError> {
    // reqwest panics without a provider. An error means that there is one already.
    let _ = ring::default_provider().install_default();
    Ok(match &settings.ca_file {
        Some(path) => builder.tls_certs_merge(certificates(path)?),
        None => builder,
    })
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, SetupError> {
    let wrong = |reason: String| SetupError::CaFile { path: path.to_owned(), reason };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| wrong(format!("not PEM: {}", detail(&error))))?;
    if found.is_empty() {
        return Err(wrong("no certificate in it; `-----BEGIN CERTIFICATE-----` must begin one".to_owned()));
    }
    Ok(found)
}

fn with_proxies(builder: ClientBuilder, proxies: &Proxies) -> Result<ClientBuilder, SetupError> {
    match proxies {
        Proxies::System | Proxies::Given { all: None, .. } => Ok(builder),
        Proxies::Given { all: Some(url), except } => Proxy::all(url.expose())
            .map(|proxy| builder.proxy(proxy.no_proxy(NoProxy::from_string(except))))
            .map_err(|error| SetupError::Proxy(detail(&error))),
    }
}

/// Wraps the library's error from building the client. With a CA file it is nearly always a block of it that is no certificate.
fn broken(error: &reqwest::Error, settings: &Settings) -> SetupError {
    let reason = detail(error);
    match &settings.ca_file {
        Some(path) => SetupError::CaFile { path: path.clone(), reason },
        None => SetupError::Tls(reason),
    }
}
