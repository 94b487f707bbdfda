//! The secrets, dates and payloads that come by the hundred, as plain values: each is tried beside the common mistakes.

use zeroize::Zeroizing;

use super::super::material::{Line, Material};
use super::super::mistake::{Aspect, Mistake, Reach};

/// A secret in another form.
pub(super) struct SecretForm {
    pub mistake: usize,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Another date.
pub(super) struct OtherDate {
    /// The mistake, and the other one where two of them make it.
    pub mistakes: (usize, Option<usize>),
    pub text: String,
    /// Whether the header's line has it too.
    pub in_header: bool,
    /// The day of the scope, where it is another.
    pub day: Option<String>,
}

/// Another payload.
pub(super) struct OtherPayload {
    pub mistake: usize,
    pub line: Vec<u8>,
}

/// The values of the three series, the likely ones first.
#[derive(Default)]
pub(super) struct Series {
    pub secrets: Vec<SecretForm>,
    pub dates: Vec<OtherDate>,
    pub payloads: Vec<OtherPayload>,
    /// Two of the dates' mistakes at once.
    pub double_dates: Vec<OtherDate>,
}

/// The kind of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeriesKind {
    Secret,
    Date,
    Payload,
}

impl SeriesKind {
    /// Creates the series that an aspect's values are of.
    pub(super) fn of(aspect: &Aspect) -> Option<Self> {
        match aspect {
            Aspect::Key(0) => Some(Self::Secret),
            Aspect::Date | Aspect::DateZone | Aspect::DateForm => Some(Self::Date),
            Aspect::Payload => Some(Self::Payload),
            _ => None,
        }
    }
}

impl Series {
    /// Collects the values that the mistakes give.
    pub(super) fn of(base: &Material, mistakes: &[Mistake<'_>]) -> Self {
        let slim = slim(base);
        let mut series = Self::default();
        let mut order: Vec<usize> = (0..mistakes.len()).filter(|at| mistakes[*at].reach < Reach::Common).collect();
        order.sort_by_key(|at| mistakes[*at].reach == Reach::Series);
        for at in order {
            let mut made = slim.clone();
            (mistakes[at].make)(&mut made);
            match SeriesKind::of(&mistakes[at].aspect) {
                Some(SeriesKind::Secret) => series.secrets.push(SecretForm { mistake: at, bytes: (*made.key.secret).clone() }),
                Some(SeriesKind::Payload) => series.payloads.push(OtherPayload { mistake: at, line: made.payload }),
                Some(SeriesKind::Date) => series.dates.push(OtherDate::of(&slim, made, (at, None))),
                None => {}
            }
        }
        series.double_dates = doubled(&slim, mistakes);
        series
    }
}

impl OtherDate {
    /// Returns the mistakes that make it.
    pub(super) fn places(&self) -> Vec<usize> {
        let (first, second) = self.mistakes;
        [first].into_iter().chain(second).collect()
    }

    fn of(slim: &Material, made: Material, mistakes: (usize, Option<usize>)) -> Self {
        let day = made.scope.filter(|scope| Some(scope) != slim.scope.as_ref()).map(|scope| scope.day);
        Self { mistakes, in_header: made.lines != slim.lines, day, text: made.date }
    }
}

/// Returns the likely shifts in another form, and within another zone.
fn doubled(slim: &Material, mistakes: &[Mistake<'_>]) -> Vec<OtherDate> {
    let of =
        |aspect: Aspect| mistakes.iter().enumerate().filter(move |(_, mistake)| mistake.aspect == aspect && mistake.reach > Reach::Series);
    let (zones, shifts, forms) = (of(Aspect::DateZone), of(Aspect::Date), of(Aspect::DateForm));
    let mut firsts: Vec<(usize, &Mistake<'_>)> = shifts.chain(zones.clone()).collect();
    let mut doubled = Vec::new();
    let mut push = |(one, first): &(usize, &Mistake<'_>), (other, second): (usize, &Mistake<'_>)| {
        let mut made = slim.clone();
        (first.make)(&mut made);
        (second.make)(&mut made);
        doubled.push(OtherDate::of(slim, made, (*one, Some(other))));
    };
    for form in forms {
        for first in &firsts {
            push(first, form);
        }
    }
    firsts.retain(|(_, mistake)| mistake.aspect == Aspect::Date);
    for zone in zones {
        for first in &firsts {
            push(first, zone);
        }
    }
    doubled
}

/// Returns as little of the base as these mistakes look at: it is copied thousands of times.
fn slim(base: &Material) -> Material {
    let dated = |line: &&Line| line.name == base.dialect.date;
    let lines = base.lines.iter().filter(dated).cloned().collect();
    Material { lines, names: Vec::new(), pairs: Vec::new(), path: Vec::new(), query_text: None, ..base.clone() }
}
