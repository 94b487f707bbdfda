//! The matches of the index of texts in a span of exchanges: two bits for each, one for its request and one for its answer. It travels
//! through the database as a value, to the function that reads it.

/// Bytes before the bits: the first number.
const HEADER_BYTES: usize = size_of::<i64>();

/// Numbers of exchanges: from one to below another.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Span {
    pub(super) fn length(self) -> usize {
        usize::try_from(self.to - self.from).unwrap_or_default()
    }
}

/// The first number, and then two bits for each.
pub(super) struct RowSet(pub(super) Vec<u8>);

impl RowSet {
    /// Creates a set without any match.
    pub(super) fn none(span: Span) -> Self {
        let mut row_set = span.from.to_le_bytes().to_vec();
        row_set.resize(HEADER_BYTES + span.length().div_ceil(4), 0);
        Self(row_set)
    }

    /// Sets a bit; the first number has the bits 0 and 1.
    pub(super) fn set(&mut self, bit: usize) {
        if let Some(byte) = self.0.get_mut(HEADER_BYTES.saturating_add(bit / 8)) {
            *byte |= 1 << (bit % 8);
        }
    }

    /// Returns the match at a number: 1 in its request, 2 in its answer, 3 in both.
    pub(super) fn at(&self, number: i64) -> u8 {
        marked(&self.0, number)
    }

    /// Returns both bits where one is set.
    pub(super) fn either_side(&self) -> Self {
        self.with(self, |byte, _| ((byte | byte >> 1) & 0b0101_0101) * 3)
    }

    /// Returns the bits of two, joined.
    pub(super) fn with(&self, other: &Self, join: fn(u8, u8) -> u8) -> Self {
        let bits = self.0.iter().zip(&other.0).skip(HEADER_BYTES).map(|(one, other)| join(*one, *other));
        Self(self.0.iter().take(HEADER_BYTES).copied().chain(bits).collect())
    }

    /// Returns the number of rows with both bits.
    pub(super) fn count(&self) -> usize {
        self.0.iter().skip(HEADER_BYTES).map(|byte| byte.count_ones() as usize).sum::<usize>() / 2
    }
}

/// Returns the match at a number in the bytes of a row set: 1 in its request, 2 in its answer, 3 in both.
pub(super) fn marked(row_set: &[u8], number: i64) -> u8 {
    let Some((from, bits)) = row_set.split_first_chunk::<HEADER_BYTES>() else { return 0 };
    let Ok(at) = usize::try_from(number.saturating_sub(i64::from_le_bytes(*from))) else { return 0 };
    bits.get(at / 4).map_or(0, |byte| byte >> (at % 4 * 2) & 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_they_were_set() {
        let mut row_set = RowSet::none(Span { from: 100, to: 105 });
        for bit in [2, 5, 6, 7, 8, 99, usize::MAX] {
            row_set.set(bit);
        }
        let read = |row_set: &RowSet| [99, 100, 101, 102, 103, 104, 105, 108, i64::MAX].map(|number| row_set.at(number));
        assert_eq!(read(&row_set), [0, 0, 1, 2, 3, 1, 0, 0, 0]);
        let either = row_set.either_side();
        assert_eq!((read(&either), either.count()), ([0, 0, 3, 3, 3, 3, 0, 0, 0], 4));
        assert_eq!(marked(&[], 1), 0);
    }

    #[test]
    fn marks_are_joined() {
        let mut one = RowSet::none(Span { from: 1, to: 9 });
        let mut other = RowSet::none(Span { from: 1, to: 9 });
        for bit in [0, 2] {
            one.set(bit);
        }
        for bit in [2, 4] {
            other.set(bit);
        }
        assert_eq!((1..5).map(|number| one.with(&other, |a, b| a & b).at(number)).collect::<Vec<_>>(), [0, 1, 0, 0]);
        assert_eq!((1..5).map(|number| one.with(&other, |a, b| a | b).at(number)).collect::<Vec<_>>(), [1, 1, 1, 0]);
    }
}
