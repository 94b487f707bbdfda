//! What an error is about, by the condition the catalog knows its code for, by the words in the code, or by the HTTP status.

use crate::catalog::{Condition, Layer};

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    /// Path, method, action or version.
    Route,
    /// Who the caller is: key, token, login.
    Credentials,
    /// The signature.
    Signature,
    /// The date in the request.
    Date,
    /// A parameter or the body.
    Parameter,
    /// Something by that name is there already.
    Taken,
    /// A limit on how many there may be.
    Quota,
    /// There is no such thing.
    NotFound,
    /// Too many calls.
    Throttled,
    /// What the caller may do.
    Permission,
    /// The vendor's own trouble.
    Server,
    /// Something else.
    Other,
}

/// Who answered, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Gateway,
    Service,
    Vendor,
}

impl From<Layer> for Who {
    fn from(layer: Layer) -> Self {
        match layer {
            Layer::Gateway => Self::Gateway,
            Layer::Service => Self::Service,
        }
    }
}

/// What the emulator's conditions are about.
const CONDITIONS: [(Condition, Matter); 26] = [
    (Condition::UnknownRoute, Matter::Route),
    (Condition::UnknownMethod, Matter::Route),
    (Condition::UnknownAction, Matter::Route),
    (Condition::MissingAction, Matter::Route),
    (Condition::NoCredentials, Matter::Credentials),
    (Condition::MalformedAuthorization, Matter::Signature),
    (Condition::MalformedDate, Matter::Date),
    (Condition::StaleDate, Matter::Date),
    (Condition::UnknownKey, Matter::Credentials),
    (Condition::WrongSignature, Matter::Signature),
    (Condition::LockedKey, Matter::Credentials),
    (Condition::NonceUsed, Matter::Signature),
    (Condition::MissingSecurityToken, Matter::Credentials),
    (Condition::WrongSecurityToken, Matter::Credentials),
    (Condition::UnknownToken, Matter::Credentials),
    (Condition::ExpiredToken, Matter::Credentials),
    (Condition::MalformedBody, Matter::Parameter),
    (Condition::BodyTooLarge, Matter::Parameter),
    (Condition::MissingParameter, Matter::Parameter),
    (Condition::InvalidParameter, Matter::Parameter),
    (Condition::Duplicate, Matter::Taken),
    (Condition::QuotaReached, Matter::Quota),
    (Condition::NotFound, Matter::NotFound),
    (Condition::NoParent, Matter::NotFound),
    (Condition::InternalError, Matter::Server),
    (Condition::Throttled, Matter::Throttled),
];

/// Words in codes, in lower case; the first that fits decides.
const WORDS: [(&str, Matter); 31] = [
    ("throttl", Matter::Throttled),
    ("signature", Matter::Signature),
    ("timestamp", Matter::Date),
    ("quota", Matter::Quota),
    ("exceed", Matter::Quota),
    ("accesskey", Matter::Credentials),
    ("securitytoken", Matter::Credentials),
    ("secrettoken", Matter::Credentials),
    ("authenticationtoken", Matter::Credentials),
    ("credential", Matter::Credentials),
    ("authorization", Matter::Credentials),
    ("accessdenied", Matter::Permission),
    ("nopermission", Matter::Permission),
    ("forbidden", Matter::Permission),
    ("lackpolicy", Matter::Permission),
    ("invalidapi", Matter::Route),
    ("invalidaction", Matter::Route),
    ("missingaction", Matter::Route),
    ("invalidversion", Matter::Route),
    ("invalidproduct", Matter::Route),
    ("httpmethod", Matter::Route),
    ("notfound", Matter::NotFound),
    ("notexist", Matter::NotFound),
    ("alreadyexists", Matter::Taken),
    ("instanceexist", Matter::Taken),
    ("duplicat", Matter::Taken),
    ("missing", Matter::Parameter),
    ("invalid", Matter::Parameter),
    ("internal", Matter::Server),
    ("unavailable", Matter::Server),
    ("upgrading", Matter::Server),
];

/// What an HTTP status is about, when nothing else tells.
const STATUSES: [(u16, Matter); 13] = [
    (400, Matter::Parameter),
    (401, Matter::Credentials),
    (403, Matter::Permission),
    (404, Matter::NotFound),
    (405, Matter::Route),
    (408, Matter::Server),
    (409, Matter::Taken),
    (413, Matter::Parameter),
    (414, Matter::Parameter),
    (415, Matter::Parameter),
    (422, Matter::Parameter),
    (429, Matter::Throttled),
    (494, Matter::Parameter),
];

/// Summary, cause and remedy of each matter: the latter two for codes that the catalog does not know.
const TEXTS: [(Matter, [&str; 3]); 12] = [
    (
        Matter::Route,
        [
            "knows no such call",
            "Path, method, action and version together name the call; one of them does not fit this endpoint.",
            "Compare the request line with the vendor's page, and check that the endpoint is this product's and this region's.",
        ],
    ),
    (
        Matter::Credentials,
        [
            "refused the credentials",
            "The key, token or login is unknown, disabled, expired, or belongs to another vendor or account.",
            "Check which profile is in use and where its credentials come from; a temporary key needs its security token beside it.",
        ],
    ),
    (
        Matter::Signature,
        [
            "refused the signature",
            "The server computed another signature from what arrived: the secret is another one, or something changed the request on the way.",
            "Copy the secret anew, without blanks around it; then compare the canonical request with the server's, if its message has one.",
        ],
    ),
    (
        Matter::Date,
        [
            "refused the date of the request",
            "Requests are taken within some minutes of their date, by the server's clock.",
            "Set this machine's clock (time zone included), then send again: a new request gets a new date.",
        ],
    ),
    (
        Matter::Parameter,
        [
            "refused the parameters",
            "Something in the request is missing, malformed or breaks a rule of this call.",
            "Read the vendor's message for the name, and hold the form's values against the field's documentation.",
        ],
    ),
    (
        Matter::Taken,
        [
            "already has something by that name",
            "What was to be created exists already, or its state does not allow the call now; names may be unique over all tenants.",
            "Choose another name, or look at what is there.",
        ],
    ),
    (
        Matter::Quota,
        [
            "has reached a limit",
            "The account may not have more of these in this region.",
            "Delete what is not needed any more, or ask the vendor for a higher quota.",
        ],
    ),
    (
        Matter::NotFound,
        [
            "found no such thing",
            "What the request names is not there: another region, another account, a misspelt name, or deleted since.",
            "Check region, profile and name.",
        ],
    ),
    (
        Matter::Throttled,
        [
            "wants fewer calls",
            "This account or this call is used more often than the vendor allows at the moment.",
            "Wait a little, then send again; the answer's headers may say how long.",
        ],
    ),
    (
        Matter::Permission,
        [
            "does not permit this call",
            "The caller was recognised, but no policy allows it this call, or one forbids it.",
            "Have an administrator grant the permission to this user or role, or use another profile.",
        ],
    ),
    (
        Matter::Server,
        [
            "failed on its own",
            "The trouble is on the vendor's side; whether the call took effect is not known.",
            "Look whether the call took effect, then send again; if it stays so, give the request id to the vendor's support.",
        ],
    ),
    (
        Matter::Other,
        [
            "answered with an error",
            "The catalog does not know this code.",
            "Read the vendor's message, and look the code up on the vendor's page; its support can find the call by the request id.",
        ],
    ),
];

impl Matter {
    /// What an error is about: by the conditions that it may stand for, where they agree, or else by its code and its status.
    pub(super) fn of(conditions: &[Condition], status: u16, code: &str) -> Self {
        by_conditions(conditions).or_else(|| by_words(code)).unwrap_or_else(|| Self::by_status(status))
    }

    /// What a status alone tells.
    pub(super) fn by_status(status: u16) -> Self {
        let known = STATUSES.iter().find(|(known, _)| *known == status).map(|(_, matter)| *matter);
        known.unwrap_or(if status >= 500 { Self::Server } else { Self::Other })
    }

    /// What happened, in a few words.
    pub(super) fn summary(self, who: Who) -> String {
        let who = match who {
            Who::Gateway => "the vendor's gateway",
            Who::Service => "the service",
            Who::Vendor => "the vendor",
        };
        format!("{who} {}", self.texts()[0])
    }

    /// Why it happens, for a code that the catalog does not know.
    pub(super) fn cause(self) -> &'static str {
        self.texts()[1]
    }

    /// What to do, for a code that the catalog does not know.
    pub(super) fn remedy(self) -> &'static str {
        self.texts()[2]
    }

    /// Whether the same call may succeed a little later, by the matter alone.
    pub(super) fn transient(self) -> bool {
        matches!(self, Self::Throttled | Self::Server)
    }

    /// Whether a wrong clock, key, secret, token or region may be behind it.
    pub(super) fn is_about_the_caller(self) -> bool {
        matches!(self, Self::Signature | Self::Date | Self::Credentials)
    }

    /// Whether the vendor had taken the signature or the token before it said so.
    pub(super) fn is_beyond_the_gate(self) -> bool {
        matches!(self, Self::Parameter | Self::Taken | Self::Quota | Self::NotFound | Self::Permission)
    }

    fn texts(self) -> &'static [&'static str; 3] {
        let known = TEXTS.iter().find(|(matter, _)| *matter == self);
        known.map_or(&TEXTS[TEXTS.len() - 1].1, |(_, texts)| texts)
    }
}

/// What the conditions are about; `None` when there is none or they differ.
fn by_conditions(conditions: &[Condition]) -> Option<Matter> {
    let mut matters =
        conditions.iter().filter_map(|condition| CONDITIONS.iter().find(|(known, _)| known == condition).map(|(_, matter)| *matter));
    let first = matters.next()?;
    matters.all(|matter| matter == first).then_some(first)
}

fn by_words(code: &str) -> Option<Matter> {
    let code = code.to_ascii_lowercase();
    WORDS.iter().find(|(word, _)| code.contains(word)).map(|(_, matter)| *matter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_codes_tell_the_matter() {
        for (code, matter) in [
            ("Throttling.User", Some(Matter::Throttled)),
            ("SignatureNonceUsed", Some(Matter::Signature)),
            ("InvalidTimeStamp.Expired", Some(Matter::Date)),
            ("InvalidAccessKeyId.NotFound", Some(Matter::Credentials)),
            ("Exceed.Namespace", Some(Matter::Quota)),
            ("InvalidNamespaceId.NotFound", Some(Matter::NotFound)),
            ("InvalidNamespaceId.Format", Some(Matter::Parameter)),
            ("APIGW.0301", None),
        ] {
            assert_eq!(by_words(code), matter, "{code}");
        }
    }

    #[test]
    fn every_matter_has_its_texts() {
        for (matter, _) in TEXTS {
            let own = TEXTS.iter().filter(|(other, _)| *other == matter).count();
            assert_eq!(own, 1, "{matter:?}");
        }
        assert_eq!(Matter::by_status(418), Matter::Other);
        assert_eq!(Matter::by_status(507), Matter::Server);
    }
}
