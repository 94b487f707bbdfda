//! Figures: what was measured, what it is held against, and the table of them.

use std::fmt::Write;
use std::time::Duration;

/// What a figure may be.
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// Told only.
    None,
    /// At most this.
    AtMost(f64),
    /// Less than this.
    Below(f64),
    /// At most so many times the smallest program's.
    Times(f64),
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// Its unit.
    pub unit: &'static str,
    /// The smallest program's, where it has one.
    pub floor: Option<f64>,
    /// The console's.
    pub ours: f64,
    /// What it may be.
    pub budget: Budget,
}

impl Figure {
    /// How many times the smallest program's it is.
    fn ratio(&self) -> Option<f64> {
        self.floor.filter(|floor| *floor > 0.0).map(|floor| self.ours / floor)
    }

    /// Whether it is outside its budget.
    pub fn misses(&self) -> bool {
        match self.budget {
            Budget::None => false,
            Budget::AtMost(most) => self.ours > most,
            Budget::Below(bound) => self.ours >= bound,
            Budget::Times(most) => self.ratio().is_none_or(|ratio| ratio > most),
        }
    }

    fn row(&self) -> String {
        let unit = self.unit;
        let budget = match self.budget {
            Budget::None => String::new(),
            Budget::AtMost(most) => format!("<= {most} {unit}"),
            Budget::Below(bound) => format!("< {bound} {unit}"),
            Budget::Times(most) => format!("<= {most}x"),
        };
        let verdict = match (self.budget, self.misses()) {
            (Budget::None, _) => "",
            (_, true) => "MISS",
            (_, false) => "ok",
        };
        let ratio = self.ratio().map(|ratio| format!("{ratio:.2}x")).unwrap_or_default();
        let floor = self.floor.map(|floor| format!("{} {unit}", short(floor))).unwrap_or_default();
        let ours = format!("{} {unit}", short(self.ours));
        format!("| {} | {ratio} | {ours} | {floor} | {} | {verdict} |", self.what, budget.trim_end())
    }
}

/// The figures as a table in Markdown, ratios first: machines differ.
pub fn table(figures: &[Figure]) -> String {
    let mut table = "| figure | ratio | skydeck | smallest program | budget | |\n| --- | ---: | ---: | ---: | --- | --- |\n".to_owned();
    for figure in figures {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{}", figure.row());
    }
    table
}

fn short(value: f64) -> String {
    if value < 100.0 && value.fract() != 0.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}

/// What the same measurement gave each time, in milliseconds.
#[derive(Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Takes one more.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took.as_secs_f64() * 1e3);
    }

    /// The one that half of them do not exceed.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The one that 99 of 100 do not exceed.
    pub fn p99(&self) -> f64 {
        self.quantile(0.99)
    }

    /// The greatest.
    pub fn greatest(&self) -> f64 {
        self.quantile(1.0)
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)] // a position among some hundred samples
    fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = (part * sorted.len() as f64).ceil() as usize;
        sorted.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}
