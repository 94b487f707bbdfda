//! The category of an error: by the condition that the catalog has for its code, by the words in the code, or by the HTTP status.

use crate::catalog::{Condition, Layer};

/// The category of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    /// Path, method, action or version.
    Route,
    /// The identity of the caller: key, token, login.
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
    /// The permissions of the caller.
    Permission,
    /// An outage or a fault at the vendor.
    Server,
    /// Something else.
    Other,
}

/// The party that answered, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Responder {
    Gateway,
    Service,
    Vendor,
}

impl From<Layer> for Responder {
    fn from(layer: Layer) -> Self {
        match layer {
            Layer::Gateway => Self::Gateway,
            Layer::Service => Self::Service,
        }
    }
}

/// The categories of the emulator's conditions.
const CONDITIONS: [(Condition, Category); 26] = [
    (Condition::UnknownRoute, Category::Route),
    (Condition::UnknownMethod, Category::Route),
    (Condition::UnknownAction, Category::Route),
    (Condition::MissingAction, Category::Route),
    (Condition::NoCredentials, Category::Credentials),
    (Condition::MalformedAuthorization, Category::Signature),
    (Condition::MalformedDate, Category::Date),
    (Condition::StaleDate, Category::Date),
    (Condition::UnknownKey, Category::Credentials),
    (Condition::WrongSignature, Category::Signature),
    (Condition::LockedKey, Category::Credentials),
    (Condition::NonceUsed, Category::Signature),
    (Condition::MissingSecurityToken, Category::Credentials),
    (Condition::WrongSecurityToken, Category::Credentials),
    (Condition::UnknownToken, Category::Credentials),
    (Condition::ExpiredToken, Category::Credentials),
    (Condition::MalformedBody, Category::Parameter),
    (Condition::BodyTooLarge, Category::Parameter),
    (Condition::MissingParameter, Category::Parameter),
    (Condition::InvalidParameter, Category::Parameter),
    (Condition::Duplicate, Category::Taken),
    (Condition::QuotaReached, Category::Quota),
    (Condition::NotFound, Category::NotFound),
    (Condition::NoParent, Category::NotFound),
    (Condition::InternalError, Category::Server),
    (Condition::Throttled, Category::Throttled),
];

/// Words in codes, in lower case; the first that fits decides.
const WORDS: [(&str, Category); 31] = [
    ("throttl", Category::Throttled),
    ("signature", Category::Signature),
    ("timestamp", Category::Date),
    ("quota", Category::Quota),
    ("exceed", Category::Quota),
    ("accesskey", Category::Credentials),
    ("securitytoken", Category::Credentials),
    ("secrettoken", Category::Credentials),
    ("authenticationtoken", Category::Credentials),
    ("credential", Category::Credentials),
    ("authorization", Category::Credentials),
    ("accessdenied", Category::Permission),
    ("nopermission", Category::Permission),
    ("forbidden", Category::Permission),
    ("lackpolicy", Category::Permission),
    ("invalidapi", Category::Route),
    ("invalidaction", Category::Route),
    ("missingaction", Category::Route),
    ("invalidversion", Category::Route),
    ("invalidproduct", Category::Route),
    ("httpmethod", Category::Route),
    ("notfound", Category::NotFound),
    ("notexist", Category::NotFound),
    ("alreadyexists", Category::Taken),
    ("instanceexist", Category::Taken),
    ("duplicat", Category::Taken),
    ("missing", Category::Parameter),
    ("invalid", Category::Parameter),
    ("internal", Category::Server),
    ("unavailable", Category::Server),
    ("upgrading", Category::Server),
];

/// The category of an HTTP status, when nothing else tells.
const STATUSES: [(u16, Category); 13] = [
    (400, Category::Parameter),
    (401, Category::Credentials),
    (403, Category::Permission),
    (404, Category::NotFound),
    (405, Category::Route),
    (408, Category::Server),
    (409, Category::Taken),
    (413, Category::Parameter),
    (414, Category::Parameter),
    (415, Category::Parameter),
    (422, Category::Parameter),
    (429, Category::Throttled),
    (494, Category::Parameter),
];

/// Summary, cause and remedy of each category; cause and remedy are for codes that are not in the catalog.
const TEXTS: [(Category, [&str; 3]); 12] = [
    (
        Category::Route,
        [
            "knows no such call",
            "Path, method, action and version together name the call; one of them does not fit this endpoint.",
            "Compare the request line with the vendor's page, and check that the endpoint is this product's and this region's.",
        ],
    ),
    (
        Category::Credentials,
        [
            "refused the credentials",
            "The key, token or login is unknown, disabled, expired, or belongs to another vendor or account.",
            "Check which profile is in use and where its credentials come from; a temporary key needs its security token beside it.",
        ],
    ),
    (
        Category::Signature,
        [
            "refused the signature",
            "The server computed another signature from what arrived: the secret is another one, or something changed the request on the way.",
            "Copy the secret again, without blanks around it; then compare the canonical request with the server's, if its message has one.",
        ],
    ),
    (
        Category::Date,
        [
            "refused the date of the request",
            "Requests are taken within some minutes of their date, by the server's clock.",
            "Set this machine's clock (time zone included), then send again: a new request gets a new date.",
        ],
    ),
    (
        Category::Parameter,
        [
            "refused the parameters",
            "Something in the request is missing, malformed or breaks a rule of this call.",
            "Read the vendor's message for the name, and hold the form's values against the field's documentation.",
        ],
    ),
    (
        Category::Taken,
        [
            "already has something by that name",
            "What was to be created exists already, or its state does not allow the call now; names may be unique over all tenants.",
            "Choose another name, or look at what is there.",
        ],
    ),
    (
        Category::Quota,
        [
            "has reached a limit",
            "The account may not have more of these in this region.",
            "Delete what is not needed any more, or ask the vendor for a higher quota.",
        ],
    ),
    (
        Category::NotFound,
        [
            "found no such thing",
            "What the request names is not there: another region, another account, a misspelt name, or deleted since.",
            "Check region, profile and name.",
        ],
    ),
    (
        Category::Throttled,
        [
            "wants fewer calls",
            "This account or this call is used more often than the vendor allows at the moment.",
            "Wait a little, then send again; the answer's headers may say how long.",
        ],
    ),
    (
        Category::Permission,
        [
            "does not permit this call",
            "The caller was recognised, but no policy allows it this call, or one forbids it.",
            "Have an administrator grant the permission to this user or role, or use another profile.",
        ],
    ),
    (
        Category::Server,
        [
            "failed on its own",
            "The trouble is on the vendor's side; whether the call took effect is not known.",
            "Look whether the call took effect, then send again; if it stays so, give the request id to the vendor's support.",
        ],
    ),
    (
        Category::Other,
        [
            "answered with an error",
            "The catalog does not know this code.",
            "Read the vendor's message, and look the code up on the vendor's page; its support can find the call by the request id.",
        ],
    ),
];

impl Category {
    /// Classifies an error by the conditions that it may stand for, when they agree, or else by its code and its status.
    pub(super) fn classify(conditions: &[Condition], status: u16, code: &str) -> Self {
        by_conditions(conditions).or_else(|| by_words(code)).unwrap_or_else(|| Self::by_status(status))
    }

    /// Classifies an error by its status alone.
    pub(super) fn by_status(status: u16) -> Self {
        let known = STATUSES.iter().find(|(known, _)| *known == status).map(|(_, category)| *category);
        known.unwrap_or(if status >= 500 { Self::Server } else { Self::Other })
    }

    /// Returns what happened, in a few words.
    pub(super) fn summary(self, who: Responder) -> String {
        let who = match who {
            Responder::Gateway => "the vendor's gateway",
            Responder::Service => "the service",
            Responder::Vendor => "the vendor",
        };
        format!("{who} {}", self.texts()[0])
    }

    /// Returns why it happens, for a code that the catalog does not know.
    pub(super) fn cause(self) -> &'static str {
        self.texts()[1]
    }

    /// Returns what to do, for a code that the catalog does not know.
    pub(super) fn remedy(self) -> &'static str {
        self.texts()[2]
    }

    /// Returns whether the same call may succeed a little later.
    pub(super) fn transient(self) -> bool {
        matches!(self, Self::Throttled | Self::Server)
    }

    /// Returns whether a wrong clock, key, secret, token or region may be behind it.
    pub(super) fn is_about_caller(self) -> bool {
        matches!(self, Self::Signature | Self::Date | Self::Credentials)
    }

    /// Returns whether the vendor had accepted the signature or the token before this error.
    pub(super) fn is_past_authentication(self) -> bool {
        matches!(self, Self::Parameter | Self::Taken | Self::Quota | Self::NotFound | Self::Permission)
    }

    fn texts(self) -> &'static [&'static str; 3] {
        let known = TEXTS.iter().find(|(category, _)| *category == self);
        known.map_or(&TEXTS[TEXTS.len() - 1].1, |(_, texts)| texts)
    }
}

/// Returns what the conditions are about; `None` when there is none or they differ.
fn by_conditions(conditions: &[Condition]) -> Option<Category> {
    let mut categories =
        conditions.iter().filter_map(|condition| CONDITIONS.iter().find(|(known, _)| known == condition).map(|(_, category)| *category));
    let first = categories.next()?;
    categories.all(|category| category == first).then_some(first)
}

fn by_words(code: &str) -> Option<Category> {
    let code = code.to_ascii_lowercase();
    WORDS.iter().find(|(word, _)| code.contains(word)).map(|(_, category)| *category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifies_codes_by_their_words() {
        for (code, category) in [
            ("Throttling.User", Some(Category::Throttled)),
            ("SignatureNonceUsed", Some(Category::Signature)),
            ("InvalidTimeStamp.Expired", Some(Category::Date)),
            ("InvalidAccessKeyId.NotFound", Some(Category::Credentials)),
            ("Exceed.Namespace", Some(Category::Quota)),
            ("InvalidNamespaceId.NotFound", Some(Category::NotFound)),
            ("InvalidNamespaceId.Format", Some(Category::Parameter)),
            ("APIGW.0301", None),
        ] {
            assert_eq!(by_words(code), category, "{code}");
        }
    }

    #[test]
    fn has_texts_for_every_category() {
        for (category, _) in TEXTS {
            let own = TEXTS.iter().filter(|(other, _)| *other == category).count();
            assert_eq!(own, 1, "{category:?}");
        }
        assert_eq!(Category::by_status(418), Category::Other);
        assert_eq!(Category::by_status(507), Category::Server);
    }
}
