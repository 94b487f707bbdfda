//! Subsets and permutations of a few things: which of them may have been left out, and in which order.

/// The maximum number of things of which every subset is tried.
const MAX_ALL_SUBSETS: usize = 8;
/// The maximum number of things of which every pair is tried.
const MAX_ALL_PAIRS: usize = 24;
/// The maximum number of things of which each one is tried; of more only those at both ends.
const MAX_EACH: usize = 64;

/// Returns the sets of places that may be missing, the smallest first: of a few things all sets but the whole; of more of them each one, each
/// pair, and every beginning and end; of many those at both ends, one by one. So it never gives more than a few hundred sets.
pub(super) fn missing(count: usize) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = match count {
        0..=MAX_ALL_SUBSETS => every(count),
        9..=MAX_EACH => likely(count),
        _ => (0..MAX_EACH / 2).chain(count - MAX_EACH / 2..count).map(|at| vec![at]).collect(),
    };
    sets.retain(|set| !set.is_empty() && set.len() < count);
    sets.sort_by_key(Vec::len);
    sets.dedup();
    sets
}

/// Returns what is left of some things without those at these places.
pub(super) fn without<T: Clone>(things: &[T], places: &[usize]) -> Vec<T> {
    things.iter().enumerate().filter(|(at, _)| !places.contains(at)).map(|(_, thing)| thing.clone()).collect()
}

/// Calls a function with every order of the things from a place on.
pub(super) fn permuted<T>(things: &mut [T], from: usize, seen: &mut dyn FnMut(&[T])) {
    if from + 1 >= things.len() {
        return seen(things);
    }
    for at in from..things.len() {
        things.swap(from, at);
        permuted(things, from + 1, seen);
        things.swap(from, at);
    }
}

fn every(count: usize) -> Vec<Vec<usize>> {
    (0..1_usize << count).map(|mask| (0..count).filter(|at| mask >> at & 1 == 1).collect()).collect()
}

fn likely(count: usize) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
    if count <= MAX_ALL_PAIRS {
        sets.extend((0..count).flat_map(|one| (one + 1..count).map(move |other| vec![one, other])));
    }
    sets.extend((0..count).flat_map(|at| [(0..at).collect(), (at..count).collect()]));
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_every_small_set_and_the_likely_large_ones() {
        assert_eq!(missing(3), [vec![0], vec![1], vec![2], vec![0, 1], vec![0, 2], vec![1, 2]]);
        assert!(missing(0).is_empty() && missing(1).is_empty());
        let many = missing(20);
        assert!(many.contains(&vec![3, 17]) && many.contains(&vec![17, 18, 19]) && many.len() < 300);
        let crowd = missing(100_000);
        assert!(crowd.contains(&vec![0]) && crowd.contains(&vec![99_999]) && crowd.iter().map(Vec::len).sum::<usize>() <= 64);
        assert_eq!(without(&['a', 'b', 'c'], &[0, 2]), ['b']);
    }
}
