//! The signature schemes, each described once: [`SchemeDescriptor`] has the facts, [`own`] and [`foreign`] the tables.

mod descriptor;
mod foreign;
mod own;

use serde::{Deserialize, Serialize};

use crate::catalog::Scheme as CatalogScheme;
use crate::wire::Request;

pub use descriptor::SchemeDescriptor;
pub(crate) use descriptor::{
    HashFunction, MismatchText, Order, PathForm, PayloadLine, Piece, QueryNames, Repeats, SigningVariants, Slash, TextLayout, WITH_SCOPE,
};

/// An authentication scheme. The names are stored in history files and must not change.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Scheme {
    /// Alibaba Cloud `ACS3-HMAC-SHA256`.
    Acs3,
    /// Alibaba Cloud's older ROA signature, HMAC-SHA1: verified, never made.
    Acs1,
    /// Alibaba Cloud's RPC signature V1, among the parameters: verified, never made.
    AcsRpc,
    /// Volcengine `HMAC-SHA256`.
    Volcengine,
    /// Huawei `SDK-HMAC-SHA256`, current layout (`Access=`).
    SdkHmac,
    /// Huawei `SDK-HMAC-SHA256`, the older layout with a scope (`Credential=`): verified, never made.
    SdkHmacScoped,
    /// An IAM token in `x-auth-token`: nothing is signed.
    IamToken,
}

impl Scheme {
    /// Returns the vendor's name of the scheme.
    pub fn name(self) -> &'static str {
        self.descriptor().map_or("X-Auth-Token", SchemeDescriptor::name)
    }

    /// Returns the description of the scheme; none for a token, with which nothing is signed.
    pub fn descriptor(self) -> Option<&'static SchemeDescriptor> {
        Some(match self {
            Self::Acs3 => &own::ACS3,
            Self::Acs1 => &own::ACS1,
            Self::AcsRpc => &own::RPC,
            Self::Volcengine => &own::VOLCENGINE,
            Self::SdkHmac => &own::SDK_HMAC,
            Self::SdkHmacScoped => &own::SDK_HMAC_SCOPED,
            Self::IamToken => return None,
        })
    }
}

impl From<CatalogScheme> for Scheme {
    fn from(scheme: CatalogScheme) -> Self {
        match scheme {
            CatalogScheme::Acs3 => Self::Acs3,
            CatalogScheme::Volcengine => Self::Volcengine,
            CatalogScheme::SdkHmac => Self::SdkHmac,
            CatalogScheme::IamToken => Self::IamToken,
        }
    }
}

impl SchemeDescriptor {
    /// Returns the scheme that a request announces of those that the gateways of a scheme take: by the first word and the parameters of
    /// its `authorization`, or by a call of `/` without that header. A request that announces none is read with the scheme itself.
    pub(super) fn announced(scheme: Scheme, request: &Request) -> Option<(Scheme, &'static Self)> {
        let expected = scheme.descriptor()?;
        let mut members = own::SCHEMES.iter().filter(|one| one.family == expected.family);
        let announced = match request.headers.get("authorization") {
            None => members.find(|one| one.query.is_some() && request.path() == "/"),
            Some(value) => {
                let named = |one: &&Self| {
                    value.strip_prefix(one.algorithm.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b" "))
                };
                let has = |name: &str| memchr::memmem::find(value, [name, "="].concat().as_bytes()).is_some();
                members.find(|one| one.query.is_none() && named(one)).map(|one| one.with_parameters(has))
            }
        };
        let scheme = announced.unwrap_or(expected);
        Some((scheme.scheme?, scheme))
    }

    /// Returns of the schemes with this algorithm the one whose credential has a name that the header has; itself where none has.
    pub(crate) fn with_parameters(&'static self, has: impl Fn(&str) -> bool) -> &'static Self {
        let mut layouts = own::SCHEMES.iter().filter(|one| one.query.is_none() && one.algorithm == self.algorithm);
        layouts.find(|one| !one.is_plain() && has(one.parameters.0)).unwrap_or(self)
    }

    /// Returns the scheme whose algorithm the first word of `authorization` is, in any case.
    pub(crate) fn by_word(word: &str) -> Option<&'static Self> {
        let mut in_header = own::SCHEMES.iter().chain(&foreign::SCHEMES).filter(|one| one.query.is_none());
        in_header.find(|one| one.algorithm.eq_ignore_ascii_case(word))
    }

    /// Returns the scheme whose parts a query or a form holds; `value` gives the value of a parameter.
    pub(crate) fn by_query<'v>(value: impl Fn(&str) -> Option<&'v str>) -> Option<(&'static Self, &'static QueryNames)> {
        let holds = |names: &QueryNames| {
            let marked = value(names.mark).is_some_and(|text| names.marked.is_none_or(|mark| mark.eq_ignore_ascii_case(text)));
            marked && value(names.signature).is_some() && value(names.credential).is_some()
        };
        let mut in_query = foreign::SCHEMES.iter().chain(&own::SCHEMES).filter_map(|one| one.query.map(|names| (one, names)));
        in_query.find(|(_, names)| holds(names))
    }

    /// Returns the scheme whose own headers a request has: the guess where `authorization` names none.
    pub(crate) fn by_headers(has: impl Fn(&str) -> bool) -> Option<&'static Self> {
        own::SCHEMES.iter().find(|one| one.signs && has(one.date))
    }

    /// Returns the RPC scheme of this version and with this signature method.
    pub(super) fn by_rpc_method(method: &str, version: &str) -> Option<&'static Self> {
        own::SCHEMES.iter().find(|one| one.text == TextLayout::Rpc && one.algorithm == method).filter(|_| version == "1.0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = &'static SchemeDescriptor> {
        own::SCHEMES.iter().chain(&foreign::SCHEMES)
    }

    #[test]
    fn every_scheme_is_described_once_and_whole() {
        for (at, one) in all().enumerate() {
            assert!(!one.name.is_empty() && !one.algorithm.is_empty() && !one.date.is_empty() && !one.vendors.is_empty(), "{}", one.name);
            assert!(all().take(at).all(|other| other != one), "{}", one.name);
            assert!(!one.signs || one.scheme.and_then(Scheme::descriptor) == Some(one), "{}", one.name);
        }
    }

    #[test]
    fn a_description_is_found_by_its_name() {
        for scheme in [Scheme::Acs3, Scheme::Acs1, Scheme::AcsRpc, Scheme::Volcengine, Scheme::SdkHmac, Scheme::SdkHmacScoped] {
            assert_eq!(scheme.descriptor().and_then(|one| one.scheme), Some(scheme));
        }
        assert_eq!((Scheme::IamToken.descriptor(), Scheme::IamToken.name()), (None, "X-Auth-Token"));
    }

    #[test]
    fn a_request_announces_its_scheme() {
        let announced = |family, target: &str, value: &str| {
            let headers = [("authorization", value)].into_iter().filter(|(_, value)| !value.is_empty()).collect();
            let request = Request { target: target.into(), headers, ..Request::default() };
            SchemeDescriptor::announced(family, &request).map(|(_, one)| one.algorithm)
        };
        assert_eq!(announced(Scheme::Acs3, "/", ""), Some("HMAC-SHA256"));
        for (value, algorithm) in [("acs AK:x", "acs"), ("ACS3-HMAC-SM3 Credential=AK", "ACS3-HMAC-SM3"), ("Bearer x", "ACS3-HMAC-SHA256")]
        {
            assert_eq!(announced(Scheme::Acs3, "/", value), Some(algorithm));
        }
        let scoped = Request { headers: [("authorization", "SDK-HMAC-SHA256 Credential=AK")].into_iter().collect(), ..Request::default() };
        assert_eq!(SchemeDescriptor::announced(Scheme::SdkHmac, &scoped).map(|(scheme, _)| scheme), Some(Scheme::SdkHmacScoped));
        assert_eq!(announced(Scheme::IamToken, "/", ""), None);
    }
}
