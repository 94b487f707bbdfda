//! The fields of the language, as data.

/// Fields that hold a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameField {
    /// The provider's id.
    Provider,
    /// The operation's id.
    Operation,
    /// The profile's name.
    Profile,
    /// The region.
    Region,
    /// The endpoint.
    Endpoint,
    /// The vendor's error code.
    Code,
    /// The vendor's request id.
    Request,
}

/// Fields that hold a number. Times are nanoseconds, moments count from 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    /// The number in the history.
    Id,
    /// The number of the exchange that this one repeats.
    Origin,
    /// The answer's status.
    Status,
    /// The outcome: the number of [`OutcomeKind`].
    Outcome,
    /// The time from sending to the end.
    Duration,
    /// The time at which it was sent.
    Started,
    /// Who made it: 0 for the operator, 1 for the console itself.
    By,
}

/// The outcome of an exchange. The numbers are stored in history files and must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// It was sent, and no answer is recorded: it is in flight, or the program was ended meanwhile.
    Unanswered = 0,
    /// The vendor says that it succeeded.
    Success = 1,
    /// The vendor answered with an error.
    Error = 2,
    /// Somebody else answered, or the answer is damaged.
    Foreign = 3,
    /// No answer came.
    Failed = 4,
    /// The operator cancelled it.
    Cancelled = 5,
}

impl OutcomeKind {
    /// Each outcome with its word.
    pub const WORDS: [(&str, Self); 6] = [
        ("unanswered", Self::Unanswered),
        ("success", Self::Success),
        ("error", Self::Error),
        ("foreign", Self::Foreign),
        ("failed", Self::Failed),
        ("cancelled", Self::Cancelled),
    ];

    /// Returns its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].0
    }

    /// Returns the outcome with a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::WORDS.get(usize::try_from(number).ok()?).map(|(_, ended)| *ended)
    }
}

/// The type of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldType {
    /// A name with `*`.
    Name(NameField),
    /// A whole number or a range of them.
    Number(NumberField),
    /// A status: a number, a range, or a class.
    Status,
    /// One of the words of [`OutcomeKind`].
    Outcome,
    /// A comparison with a time.
    Duration,
    /// A moment that the sending must not be before.
    Since,
    /// A moment that the sending must be before.
    Before,
    /// The originator: a word of [`ORIGINATORS`].
    By,
    /// A text.
    Text,
}

/// The originators of an exchange, with the number of each.
pub(super) const ORIGINATORS: [(&str, i64); 2] = [("operator", 0), ("console", 1)];

/// A field of the language.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) sort: FieldType,
    /// The description for completion.
    pub(super) help: &'static str,
}

const fn field(name: &'static str, sort: FieldType, help: &'static str) -> Field {
    Field { name, sort, help }
}

/// All fields, the more usual first.
pub(super) const FIELDS: [Field; 16] = [
    field("provider", FieldType::Name(NameField::Provider), "the provider's id"),
    field("operation", FieldType::Name(NameField::Operation), "the operation's id"),
    field("status", FieldType::Status, "404, 4xx, >=500"),
    field("code", FieldType::Name(NameField::Code), "the vendor's error code; * for any characters"),
    field("text", FieldType::Text, "in heads, bodies and messages"),
    field("since", FieldType::Since, "2h, 7d, today, 2026-11-22"),
    field("before", FieldType::Before, "2h, 7d, today, 2026-11-22"),
    field("duration", FieldType::Duration, ">500ms, <2s"),
    field("outcome", FieldType::Outcome, "success, error, foreign, failed, cancelled, unanswered"),
    field("profile", FieldType::Name(NameField::Profile), "the profile's name"),
    field("region", FieldType::Name(NameField::Region), "the region"),
    field("endpoint", FieldType::Name(NameField::Endpoint), "the server"),
    field("request", FieldType::Name(NameField::Request), "the vendor's request id"),
    field("by", FieldType::By, "operator, or console: sent by itself to show what there is"),
    field("id", FieldType::Number(NumberField::Id), "the number in the history"),
    field("origin", FieldType::Number(NumberField::Origin), "the number of the exchange that it repeats"),
];

/// Returns a field by its name.
pub(super) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_at_their_numbers() {
        for (number, (word, ended)) in (0..).zip(OutcomeKind::WORDS) {
            assert_eq!((ended as i64, ended.word(), OutcomeKind::from_number(number)), (number, word, Some(ended)));
        }
        assert_eq!(OutcomeKind::from_number(6), None);
    }
}
