//! Two mistakes at once, each beside those that its reach allows.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::super::mistake::{Aspect, PairingScope};
use super::sha::Sha;
use super::{Found, SearchSpace};

/// About how many blocks of SHA-256 are hashed for the pairs of one request at most.
const MAX_BLOCKS: usize = 16 << 20;

/// The blocks that are hashed for the string to sign and the signature.
const STRING_BLOCKS: usize = 4;

/// The blocks that could be hashed while a pair is signed from the request, beside those of its text.
const SLOW_BLOCKS: usize = 64;

/// A mistake, to be made beside others: beside the common ones behind it, or beside those that come by the hundred.
#[derive(Clone, Copy)]
struct Task {
    one: usize,
    beside_hundreds: bool,
}

/// Searches for two of the field's mistakes that give the signature together.
pub(super) fn search(field: &mut SearchSpace<'_>) -> Option<Found> {
    let (tasks, tried, cut) = tasks(field);
    field.cut |= cut;
    let found = first_of(&tasks, |task| find_partner(field, *task));
    let done = found.map_or(tasks.len(), |(at, _)| at + 1);
    field.tried += tried[..done].iter().sum::<usize>();
    let (at, other) = found?;
    let mut orders = field.orders(tasks[at].one, other);
    orders.find(|both| field.claimed.is(&field.sign_with_mistakes(both).0)).map(|both| field.proven(&both))
}

/// Returns the tasks that can be afforded, the common pairs first, with the number of pairs of each, and whether some are left out.
fn tasks(field: &SearchSpace<'_>) -> (Vec<Task>, Vec<usize>, bool) {
    let (mut tasks, mut tried, mut blocks) = (Vec::new(), Vec::new(), 0);
    for beside_hundreds in [false, true] {
        for one in 0..field.mistakes.len() {
            let task = Task { one, beside_hundreds };
            let (mut pairs, mut hashed) = (0, 0);
            for other in others(field, task) {
                pairs += 1;
                hashed += cost(field, one, other);
            }
            blocks += hashed;
            if blocks > MAX_BLOCKS {
                return (tasks, tried, true);
            }
            if pairs > 0 {
                tasks.push(task);
                tried.push(pairs);
            }
        }
    }
    (tasks, tried, false)
}

/// Returns about how many blocks are hashed for a pair.
fn cost(field: &SearchSpace<'_>, one: usize, other: usize) -> usize {
    let pair = field.pair(one, other);
    match pair {
        _ if !pair.is_independent() => SLOW_BLOCKS + field.weight / 64,
        _ if pair.one.is_canonical() && pair.other.is_canonical() => STRING_BLOCKS + field.weight / 128,
        _ => STRING_BLOCKS,
    }
}

/// Returns the mistakes that one is made beside.
fn others<'f>(field: &'f SearchSpace<'_>, task: Task) -> impl Iterator<Item = usize> + 'f {
    let one = &field.mistakes[task.one];
    let has_others = if task.beside_hundreds { one.reach == PairingScope::Common } else { one.reach >= PairingScope::Common };
    let from = if task.beside_hundreds { 0 } else { task.one + 1 };
    let others = if has_others { from..field.mistakes.len() } else { 0..0 };
    others.filter(move |at| {
        let other = &field.mistakes[*at];
        let is_second_date = task.beside_hundreds && one.aspect.is_date() && other.aspect == Aspect::DateText;
        !is_second_date
            && (other.reach == PairingScope::Series) == task.beside_hundreds
            && other.reach >= PairingScope::Series
            && one.aspect != other.aspect
    })
}

/// Returns the mistake that gives the signature together with the task's.
fn find_partner(field: &SearchSpace<'_>, task: Task) -> Option<usize> {
    let one = field.alone(task.one);
    let states: Vec<Sha> = if one.one.is_canonical() { one.states() } else { Vec::new() };
    let is_made = |other: usize| field.orders(task.one, other).any(|both| field.claimed.is(&field.sign_with_mistakes(&both).0));
    let mut text = Vec::new();
    others(field, task).find(|other| {
        let pair = field.pair(task.one, *other);
        if !pair.is_independent() {
            return is_made(*other);
        }
        // A combination is not always what both give when they are made one after the other.
        field.claimed.is(&pair.signature(&states, &mut text)) && is_made(*other)
    })
}

/// Runs tasks on every core and returns the first one that finds something, with what it finds.
fn first_of<T: Sync>(tasks: &[T], run: impl Fn(&T) -> Option<usize> + Sync) -> Option<(usize, usize)> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let first = AtomicUsize::new(usize::MAX);
    let work = |worker: usize| {
        let own = tasks.iter().enumerate().skip(worker).step_by(workers);
        let found = own.take_while(|(at, _)| *at < first.load(Ordering::Relaxed)).find_map(|(at, task)| Some((at, run(task)?)))?;
        first.fetch_min(found.0, Ordering::Relaxed);
        Some(found)
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        let own = work(0);
        // A search that ended early has not tried everything: its panic is this one's.
        others.into_iter().filter_map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).chain(own).min()
    })
}
