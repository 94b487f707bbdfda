//! Names in templates, looked through once: when the catalog is read.

use super::Name;

/// A name in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    name: Name,
    parts: Option<(Name, String)>,
    fact: Option<RequestVariable>,
}

impl Placeholder {
    pub(super) fn new(name: &str) -> Self {
        let parts = name.split_once('.').map(|(whole, part)| (Name::new(whole), part.to_owned()));
        Self { name: Name::new(name), parts, fact: RequestVariable::from_name(name) }
    }

    /// Returns the whole name.
    pub fn name(&self) -> Name {
        self.name
    }

    /// Splits the name at the first dot, if there is one.
    pub fn parts(&self) -> Option<(Name, &str)> {
        self.parts.as_ref().map(|(whole, part)| (*whole, part.as_str()))
    }

    /// Returns the variable of the request that it names, when nothing else has this name.
    pub fn request_variable(&self) -> Option<RequestVariable> {
        self.fact
    }
}

/// Facts of a request, its time and fresh identifiers: what any template of the emulator may name (see [`super::Emulate`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestVariable {
    /// The region that is asked.
    Region,
    /// The caller's account.
    Account,
    /// The caller's name.
    User,
    /// The operation's id.
    Action,
    /// The API's version.
    Version,
    /// The service's short name.
    Service,
    /// The id given to the request.
    RequestId,
    /// The time in seconds.
    Now,
    /// The time in milliseconds.
    NowMillis,
    /// A fresh UUID.
    Uuid,
    /// 32 fresh hex digits.
    Hex32,
    /// A fresh number.
    Digits,
    /// The number of a listing has on all its pages.
    Total,
    /// The page of a listing.
    Page,
    /// The number of a page holds.
    PageSize,
}

impl RequestVariable {
    /// Each with its name.
    pub(super) const ALL: [(&'static str, Self); 15] = [
        ("region", Self::Region),
        ("account", Self::Account),
        ("user", Self::User),
        ("action", Self::Action),
        ("version", Self::Version),
        ("service", Self::Service),
        ("request-id", Self::RequestId),
        ("now", Self::Now),
        ("now-millis", Self::NowMillis),
        ("uuid", Self::Uuid),
        ("hex32", Self::Hex32),
        ("digits", Self::Digits),
        ("total", Self::Total),
        ("page", Self::Page),
        ("page-size", Self::PageSize),
    ];

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, fact)| *fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_names_transparently() {
        assert_eq!(Placeholder::new("page-size").request_variable(), Some(RequestVariable::PageSize));
        assert_eq!((Placeholder::new("Region").request_variable(), Placeholder::new("Region").parts()), (None, None));
        assert_eq!(Placeholder::new("a.b.c").parts(), Some((Name::new("a"), "b.c")));
    }
}
