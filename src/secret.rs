//! Values that must not be seen: zeroed when dropped, masked wherever they are printed.

use std::fmt;

use zeroize::Zeroizing;

/// The mask of a secret wherever text leaves the program.
pub const MASK: &str = "••••••••";

/// A secret text: a key, a password, a token. `Debug` and `Display` print [`MASK`]; only [`Secret::expose`] gives the value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value into custody.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// Returns the value itself, for signing and sending. Never format it into a text that is kept.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether there is nothing to protect.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether the value begins or ends with white space: nearly always a slip of the clipboard.
    pub fn has_edge_space(&self) -> bool {
        self.0.trim().len() != self.0.len()
    }

    /// Returns whether there is white space anywhere in the value: no vendor's keys and tokens have any.
    pub fn has_white_space(&self) -> bool {
        self.0.contains(char::is_whitespace)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

/// The vendors whose access keys have this shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyShape {
    /// `LTAI...`: a permanent Alibaba Cloud access key id.
    Alibaba,
    /// `STS.`: a temporary Alibaba Cloud access key id.
    AlibabaTemporary,
    /// `AKLT...`: a Volcengine access key id.
    Volcengine,
    /// `AKTP...`: a temporary Volcengine access key id.
    VolcengineTemporary,
    /// `AKIA...` or `ASIA...`: an AWS access key id.
    Aws,
}

/// The first characters of access key ids that have a mark.
const MARKS: [(&str, KeyShape); 6] = [
    ("LTAI", KeyShape::Alibaba),
    ("STS.", KeyShape::AlibabaTemporary),
    ("AKLT", KeyShape::Volcengine),
    ("AKTP", KeyShape::VolcengineTemporary),
    ("AKIA", KeyShape::Aws),
    ("ASIA", KeyShape::Aws),
];

impl KeyShape {
    /// Recognises an access key id by its first characters; `None` for those that have no mark (Huawei, OTC).
    pub fn detect(key_id: &str) -> Option<Self> {
        Self::marked(key_id).map(|(_, shape)| shape)
    }

    /// Returns the mark that an access key id begins with, and whose it is. The mark can be shown where the rest had better not be.
    pub fn marked(key_id: &str) -> Option<(&'static str, Self)> {
        MARKS.into_iter().find(|(mark, _)| key_id.trim_start().starts_with(mark))
    }

    /// Returns the marks of a vendor's access key ids, by [`KeyShape::vendor`]'s name; none for vendors whose ids have no mark.
    pub fn marks_of(vendor: &str) -> impl Iterator<Item = &'static str> {
        MARKS.into_iter().filter(move |(_, shape)| shape.vendor() == vendor).map(|(mark, _)| mark)
    }

    /// Returns whether it is the shape of a temporary key, which needs a security token beside it.
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::AlibabaTemporary | Self::VolcengineTemporary)
    }

    /// Returns the vendor's name, for a sentence.
    pub fn vendor(self) -> &'static str {
        match self {
            Self::Alibaba | Self::AlibabaTemporary => "Alibaba Cloud",
            Self::Volcengine | Self::VolcengineTemporary => "Volcengine",
            Self::Aws => "AWS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_its_value() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), format!("{MASK} {MASK} Some({MASK})"));
    }

    #[test]
    fn knows_keys_by_their_shape() {
        assert_eq!(KeyShape::detect("LTAI5tExample"), Some(KeyShape::Alibaba));
        assert_eq!(KeyShape::detect(" AKLTabc").map(KeyShape::vendor), Some("Volcengine"));
        assert_eq!(KeyShape::detect("HWDUMMYACCESSKEY0001"), None);
        assert_eq!(KeyShape::marks_of("Alibaba Cloud").collect::<Vec<_>>(), ["LTAI", "STS."]);
        assert_eq!(KeyShape::marks_of("Huawei Cloud").count(), 0);
    }
}
