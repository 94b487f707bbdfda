//! The figures, each with what it may be.

use std::fmt;

/// What a figure may be.
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// Told only.
    None,
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Less than this.
    Below(f64),
}

/// One line of the table.
#[derive(Debug)]
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    budget: Budget,
}

/// All figures.
#[derive(Debug, Default)]
pub struct Table(Vec<Figure>);

impl Budget {
    fn misses(self, value: f64) -> bool {
        match self {
            Self::None => false,
            Self::AtLeast(least) => value < least,
            Self::AtMost(most) => value > most,
            Self::Below(bound) => value >= bound,
        }
    }
}

impl Table {
    /// Adds a figure.
    pub fn add(&mut self, what: &str, value: f64, unit: &'static str, budget: Budget) {
        self.0.push(Figure { what: what.to_owned(), value, unit, budget });
    }

    /// Whether any is outside its budget.
    pub fn misses(&self) -> bool {
        self.0.iter().any(|figure| figure.budget.misses(figure.value))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | measured | budget | |\n| --- | ---: | --- | --- |")?;
        self.0.iter().try_for_each(|figure| writeln!(f, "{figure}"))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, value, unit, budget } = self;
        let (bound, verdict) = match budget {
            Budget::None => (String::new(), ""),
            Budget::AtLeast(least) => (format!(">= {least} {unit}"), "ok"),
            Budget::AtMost(most) => (format!("<= {most} {unit}"), "ok"),
            Budget::Below(bound) => (format!("< {bound} {unit}"), "ok"),
        };
        let verdict = if budget.misses(*value) { "MISS" } else { verdict };
        let digits = if *value < 100.0 { 2 } else { 0 };
        write!(f, "| {what} | {value:.digits$} {unit} | {bound} | {verdict} |")
    }
}

/// The value that this part of them do not exceed.
#[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)] // a position among some hundred thousand
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
