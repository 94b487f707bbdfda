//! Two mistakes at once. Common ones are put together piece by piece; the series of secrets, dates and payloads are put into each
//! common one and into the likely ones of each other.

use std::collections::{HashMap, HashSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::super::material::Material;
use super::super::mistake::{Mistake, Reach};
use super::super::report::Cause;
use super::parts::Parts;
use super::row::{Row, same_key};
use super::series::{Series, SeriesKind};
use super::sha::Mac;
use super::{Field, proven};

/// The number of pairs that are signed from the request at most, where their pieces cannot be put together.
const MAX_SLOW_PAIRS: usize = 60_000;

/// The number of bytes that are signed for those at most.
const MAX_SLOW_BYTES: usize = 160 << 20;

/// The number of blocks of SHA-256 that are hashed for the series at most: about half a second on one core.
const MAX_BLOCKS: usize = 16 << 20;

const KINDS: [SeriesKind; 3] = [SeriesKind::Payload, SeriesKind::Secret, SeriesKind::Date];

type Found = (Vec<Cause>, Material);

/// Searches for two of these mistakes that give the signature together; with what comes by the hundred too, where `has_series`.
pub(super) fn search(field: &mut Field<'_>, mistakes: &[Mistake<'_>], has_series: bool) -> Option<Found> {
    let series = if has_series { Series::of(field.context.base, mistakes) } else { Series::default() };
    let mut pairs = Pairs { field, mistakes, series, slow: 0 };
    pairs.common().or_else(|| pairs.whole_rows()).or_else(|| if has_series { pairs.in_series() } else { None })
}

struct Pairs<'p, 'f> {
    field: &'p mut Field<'f>,
    mistakes: &'p [Mistake<'p>],
    series: Series,
    /// The number that were signed from the request.
    slow: usize,
}

/// A series to be put into a row.
struct Task<'r> {
    row: &'r Row,
    mistake: Option<usize>,
    kind: SeriesKind,
}

impl Pairs<'_, '_> {
    /// Returns the places of the mistakes that reach at least this far.
    fn reaching(&self, reach: Reach) -> Vec<usize> {
        (0..self.mistakes.len()).filter(|at| self.mistakes[*at].reach >= reach).collect()
    }

    fn made(&self, at: usize) -> Material {
        let mut material = self.field.context.base.clone();
        (self.mistakes[at].make)(&mut material);
        material
    }

    /// Returns common ones, each with each other.
    fn common(&mut self) -> Option<Found> {
        let common = self.reaching(Reach::Common);
        let base = Parts::of(self.field.context.base);
        let parts: Vec<Option<Parts>> = common.iter().map(|at| self.parts(*at, base.as_ref()?)).collect();
        let mut buffer = Vec::new();
        for (at, one) in common.iter().enumerate() {
            for (beside, other) in common.iter().enumerate().skip(at + 1) {
                if self.mistakes[*one].aspect == self.mistakes[*other].aspect {
                    continue;
                }
                let together = match (&parts[at], &parts[beside], &base) {
                    (Some(one), Some(other), Some(base)) => one.with(other, base, &mut buffer),
                    _ => None,
                };
                let is_found = match together {
                    Some(signature) => {
                        self.field.tried += 1;
                        self.field.claimed.is(&signature)
                    }
                    None => self.is_signed_slowly(*one, *other)?,
                };
                if is_found && let Some(found) = self.confirmed(&[*one, *other]) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn parts(&self, at: usize, base: &Parts) -> Option<Parts> {
        let (material, own) = (self.made(at), self.field.context.base);
        let same_key = same_key(&material, own) && material.key.secret == own.key.secret;
        Some(Parts::of(&material)?.compared(base, same_key))
    }

    /// Returns whether two give the signature, signed from the request; none when enough were.
    fn is_signed_slowly(&mut self, one: usize, other: usize) -> Option<bool> {
        let most = MAX_SLOW_BYTES / self.field.weight.max(1);
        if self.slow >= MAX_SLOW_PAIRS.min(most) {
            self.field.cut |= most < MAX_SLOW_PAIRS;
            return None;
        }
        self.slow += 1;
        let (_, signature) = self.field.sign(&[&self.mistakes[one], &self.mistakes[other]]);
        Some(self.field.claimed.is(&signature))
    }

    /// Returns the causes, where the mistakes give the signature indeed.
    fn confirmed(&mut self, places: &[usize]) -> Option<Found> {
        let mistakes: Vec<&Mistake<'_>> = places.iter().map(|at| &self.mistakes[*at]).collect();
        let (material, signature) = self.field.sign(&mistakes);
        let causes = mistakes.into_iter().map(proven).collect();
        self.field.claimed.is(&signature).then_some((causes, material))
    }

    /// Returns common mistakes of a kind that is not made of pieces, each with the likely ones of each series.
    fn whole_rows(&mut self) -> Option<Found> {
        let rows: Vec<usize> = self.reaching(Reach::Common).into_iter().filter(|at| Parts::of(&self.made(*at)).is_none()).collect();
        let likely: Vec<usize> = self.reaching(Reach::Likely).into_iter().filter(|at| self.mistakes[*at].reach == Reach::Likely).collect();
        for one in &rows {
            for other in &likely {
                if self.mistakes[*one].aspect != self.mistakes[*other].aspect && self.is_signed_slowly(*one, *other)? {
                    return self.confirmed(&[*one, *other]);
                }
            }
        }
        None
    }

    /// Returns every series in every row.
    fn in_series(&mut self) -> Option<Found> {
        let base = self.field.context.base;
        let rows: Vec<(Option<usize>, Row)> = self.rows(base);
        let (_, own) = rows.first().filter(|(mistake, _)| mistake.is_none())?;
        let macs: Vec<Mac> = self.series.secrets.iter().map(|form| own.keyed(&form.bytes)).collect();
        let (tasks, cut) = self.tasks(&rows);
        let (claimed, series) = (self.field.claimed, &self.series);
        let mut digests: HashMap<[u8; 32], Vec<[u8; 32]>> = HashMap::new();
        for task in tasks.iter().filter(|task| task.kind == SeriesKind::Date) {
            digests.entry(task.row.digest()).or_insert_with(|| task.row.date_digests(&series.dates));
        }
        let run = |task: &Task<'_>| match (task.mistake, task.kind) {
            (None, _) => task.row.date(&series.double_dates, &task.row.date_digests(&series.double_dates), claimed),
            (_, SeriesKind::Secret) => task.row.secret(&series.secrets, task.row.has_key_of(base).then_some(&macs[..]), claimed),
            (_, SeriesKind::Date) => task.row.date(&series.dates, digests.get(&task.row.digest())?, claimed),
            (_, SeriesKind::Payload) => task.row.payload(&series.payloads, claimed),
        };
        let found = first_of(&tasks, run);
        self.field.cut |= cut;
        let done = found.map_or(tasks.len(), |(at, _)| at + 1);
        self.field.tried += tasks[..done].iter().map(|task| self.length(task)).sum::<usize>();
        let (at, place) = found?;
        let places: Vec<usize> = match (tasks[at].mistake, tasks[at].kind) {
            (None, _) => self.series.double_dates[place].places(),
            (Some(row), SeriesKind::Secret) => vec![row, self.series.secrets[place].mistake],
            (Some(row), SeriesKind::Date) => [vec![row], self.series.dates[place].places()].concat(),
            (Some(row), SeriesKind::Payload) => vec![row, self.series.payloads[place].mistake],
        };
        self.confirmed(&places)
    }

    /// Returns the request as it is, and with each mistake that a series is put into.
    fn rows(&self, base: &Material) -> Vec<(Option<usize>, Row)> {
        let own = Row::of(base.clone()).map(|row| (None, row));
        let likely = self.reaching(Reach::Likely).into_iter();
        own.into_iter().chain(likely.filter_map(|at| Some((Some(at), Row::of(self.made(at))?)))).collect()
    }

    /// Returns each series in each row, the common rows first, and whether some are left out for the work that they would be.
    fn tasks<'r>(&self, rows: &'r [(Option<usize>, Row)]) -> (Vec<Task<'r>>, bool) {
        let mut tasks = Vec::new();
        let mut blocks = 0;
        let mut hashed = HashSet::new();
        let rank = |mistake: &Option<usize>| mistake.is_some_and(|at| self.mistakes[at].reach < Reach::Common);
        for late in [false, true] {
            for (mistake, row) in rows.iter().filter(|(mistake, _)| rank(mistake) == late) {
                let own = mistake.map(|at| &self.mistakes[at].aspect);
                let kinds = KINDS.into_iter().filter(|kind| own.is_none_or(|aspect| SeriesKind::of(aspect) != Some(*kind)));
                for kind in kinds.filter(|kind| mistake.is_some() || *kind == SeriesKind::Date) {
                    let is_hashed = kind == SeriesKind::Date && !hashed.insert(row.digest());
                    blocks += row.blocks(kind, &self.series, is_hashed);
                    if blocks > MAX_BLOCKS {
                        return (tasks, true);
                    }
                    tasks.push(Task { row, mistake: *mistake, kind });
                }
            }
        }
        (tasks, false)
    }

    fn length(&self, task: &Task<'_>) -> usize {
        match (task.mistake, task.kind) {
            (None, _) => self.series.double_dates.len(),
            (_, SeriesKind::Secret) => self.series.secrets.len(),
            (_, SeriesKind::Date) => self.series.dates.len(),
            (_, SeriesKind::Payload) => self.series.payloads.len(),
        }
    }
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
        others.into_iter().filter_map(|other| other.join().ok().flatten()).chain(own).min()
    })
}
