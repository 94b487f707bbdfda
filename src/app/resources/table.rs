//! A tab's table of resources: its rows, sorted and filtered, and the selected one.

use jiff::Timestamp;
use tui_input::Input;

use super::follow::{Follow, Progressed};
use super::row::{self, Row};
use crate::app::Action;
use crate::catalog::Resources;
use crate::exchange::ExchangeId;

/// A tab's table of resources.
#[derive(Debug, Default)]
pub struct ResourceTable {
    /// What stands in the place that the form and the table share.
    pub placement: Placement,
    /// The progress of the listing.
    pub state: ListingState,
    /// The rows of the last listing.
    rows: Vec<Row>,
    /// The number of them, where the vendor counts more than were fetched.
    pub total: Option<u64>,
    /// The rows that the filter lets through, in the order of the table.
    order: Vec<usize>,
    /// The selected one of those.
    pub selected: usize,
    /// The first of those that is shown.
    pub offset: usize,
    /// The column that the table is sorted by, and whether downwards.
    pub sort: Option<(usize, bool)>,
    /// The typed text to narrow the table.
    pub filter: Input,
    /// Set when the filter is being typed.
    pub filtering: bool,
    /// The resource that was fetched by itself, as it was then.
    fetched: Option<Fetched>,
    /// The last created resource, and the result of fetching it.
    pub(super) created: Option<Created>,
    /// The resource that is followed until it is made.
    pub follow: Option<Follow>,
    /// The key of the row to select once the listing is there.
    pub(super) select_next: Option<String>,
    /// Counts changes, so that what is made from the table knows when it is old.
    pub(in crate::app) revision: u64,
    /// The number of visible rows.
    height: usize,
}

/// What stands in the place that the form and the table share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// The form.
    #[default]
    Form,
    /// The form, opened from the table: its call leads back there.
    FormOfTable,
    /// The table.
    Table {
        /// Set when a field was being typed into when the table took the form's place.
        left_editing: bool,
    },
}

/// A resource that was fetched by itself.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its row; the cells are those of the table's columns.
    pub row: Row,
    /// The operation that answered with it.
    pub operation: String,
    /// The time.
    pub at: Timestamp,
}

/// A resource that was created.
#[derive(Clone, Debug)]
pub(super) struct Created {
    /// By this exchange.
    pub(super) exchange: ExchangeId,
    /// The property that identifies it.
    pub(super) key: String,
    /// The result of fetching it; `None` while it is being fetched.
    pub(super) fetched: Option<Result<Fetched, String>>,
}

/// The progress of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListingState {
    /// Nobody asked yet.
    #[default]
    Unknown,
    /// It begins as soon as it is known whose account this is.
    Awaited,
    /// Pages are being fetched; so many rows are there.
    Loading(usize),
    /// Every page is there.
    Loaded(Timestamp),
    /// It could not be had.
    Failed(String),
}

impl ResourceTable {
    /// Returns the rows of the table, top to bottom.
    pub fn visible(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.order.iter().map(|at| &self.rows[*at])
    }

    /// Returns how many there are without the filter.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the selected row.
    pub fn selected(&self) -> Option<&Row> {
        self.order.get(self.selected).map(|at| &self.rows[*at])
    }

    /// Returns the selected resource as it was last fetched: by itself, or else with the listing.
    pub fn details(&self) -> Option<(&Row, Option<&Fetched>)> {
        let row = self.selected()?;
        match self.fetched.as_ref().filter(|fetched| fetched.row.key == row.key) {
            Some(fetched) => Some((&fetched.row, Some(fetched))),
            None => Some((row, None)),
        }
    }

    /// Takes a new listing. The selection stays with its resource, or goes to the one that was wanted.
    pub(super) fn take(&mut self, rows: Vec<Row>, now: Timestamp) {
        let key = self.select_next.take().or_else(|| self.selected().map(|row| row.key.clone()));
        self.rows = rows;
        self.state = ListingState::Loaded(now);
        // What the listing says is as new as anything that was fetched before.
        self.fetched = None;
        self.arrange(key.as_deref());
    }

    /// Takes one resource that was fetched by itself; its row in the table becomes what it says, where it says it.
    pub(super) fn take_one(&mut self, fetched: Fetched) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.key == fetched.row.key) {
            row.renew(&fetched.row);
        }
        if let Some(created) = self.created.as_mut().filter(|created| created.key == fetched.row.key) {
            created.fetched = Some(Ok(fetched.clone()));
        }
        self.fetched = Some(fetched);
        let selected = self.selected().map(|row| row.key.clone());
        self.arrange(selected.as_deref());
    }

    /// Forgets everything: another account or region is looked at. Sorting and filter stay.
    pub(super) fn forget(&mut self) {
        let (sort, filter) = (self.sort, std::mem::take(&mut self.filter));
        let (placement, state) = match self.placement {
            Placement::Table { .. } => (self.placement, ListingState::Awaited),
            Placement::Form | Placement::FormOfTable => (Placement::Form, ListingState::Unknown),
        };
        *self = Self { placement, state, sort, filter, revision: self.revision + 1, height: self.height, ..Self::default() };
    }

    /// Puts the table in the place of the form, which was being typed into or not.
    pub(in crate::app) fn show(&mut self, editing: bool) {
        self.placement = Placement::Table { left_editing: editing };
        self.revision += 1;
    }

    /// Puts the form back in its place.
    pub(in crate::app) fn hide(&mut self) {
        (self.placement, self.filtering) = (Placement::Form, false);
        self.revision += 1;
    }

    /// Puts a form in its place, whose call leads back here.
    pub(super) fn open_form(&mut self) {
        self.hide();
        self.placement = Placement::FormOfTable;
    }

    /// Selects a row.
    pub(in crate::app) fn select(&mut self, row: usize) {
        self.selected = row;
        self.revision += 1;
    }

    /// Moves the selection.
    pub(in crate::app) fn travel(&mut self, action: Action) {
        self.select(action.moved(self.selected, self.height).min(self.order.len().saturating_sub(1)));
    }

    /// Follows a resource if it is still being made.
    pub(super) fn follow(&mut self, resources: &Resources, row: &Row, now: Timestamp) {
        if let Some(follow) = Follow::begin(resources, row, now) {
            self.follow = Some(follow);
        }
    }

    /// Takes what a followed resource reports; returns a sentence once it is made.
    pub(super) fn followed(&mut self, resources: &Resources, row: &Row, now: Timestamp) -> Option<String> {
        let follow = self.follow.as_mut().filter(|follow| follow.key == row.key)?;
        match follow.progress(resources, row, now) {
            Progressed::Made(words) => {
                self.follow = None;
                Some(words)
            }
            Progressed::InProgress => None,
        }
    }

    /// Returns the result of fetching what an exchange created, `None` while it is fetched; nothing for any other exchange.
    pub fn created_by(&self, id: ExchangeId) -> Option<Option<&Result<Fetched, String>>> {
        self.created.as_ref().filter(|created| created.exchange == id).map(|created| created.fetched.as_ref())
    }

    /// Filters and sorts again, and selects the row of this key if it is there.
    fn arrange(&mut self, key: Option<&str>) {
        let words: Vec<String> = self.filter.value().split_whitespace().map(str::to_lowercase).collect();
        let mut order: Vec<usize> = (0..self.rows.len()).filter(|at| self.rows[*at].has(&words)).collect();
        if let Some((column, down)) = self.sort {
            order.sort_by(|one, other| {
                let ordering = row::compare(&self.rows[*one].cells[column], &self.rows[*other].cells[column]);
                if down { ordering.reverse() } else { ordering }
            });
        }
        let found = key.and_then(|key| order.iter().position(|at| self.rows[*at].key == key));
        self.selected = found.unwrap_or(self.selected).min(order.len().saturating_sub(1));
        self.order = order;
        self.revision += 1;
    }

    /// Filters again as something is typed.
    pub(super) fn narrow(&mut self) {
        let selected = self.selected().map(|row| row.key.clone());
        self.arrange(selected.as_deref());
    }

    /// Sorts by the next column; behind the last one in the vendor's order again.
    pub(super) fn next_sort(&mut self, columns: usize) {
        let next = self.sort.map_or(0, |(column, _)| column + 1);
        self.sort = (next < columns).then_some((next, false));
        self.narrow();
    }

    /// Sorts the other way round.
    pub(super) fn turn_sort(&mut self) {
        self.sort = Some(self.sort.map_or((0, true), |(column, down)| (column, !down)));
        self.narrow();
    }

    /// Keeps the selected row within so many visible rows.
    pub(in crate::app) fn fit(&mut self, height: usize) {
        self.height = height;
        let height = height.max(1);
        let most = self.order.len().saturating_sub(height);
        self.offset = self.offset.clamp((self.selected + 1).saturating_sub(height), self.selected).min(most);
    }
}

/// Returns whether a cell of this column says that the resource is still being made.
pub fn in_progress(resources: &Resources, column: usize, cell: &str) -> bool {
    let progress = resources.progress.as_ref().filter(|progress| progress.member == resources.columns[column].member);
    progress.is_some_and(|progress| progress.in_progress.iter().any(|value| value == cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resources() -> Resources {
        toml::from_str(
            "title = 'Things'\nnoun = 'thing'\nkey = 'Id'\ncolumn = [{ member = 'Id', title = 'Id' }, { member = 'Size', title = 'Size' }]\n\
             list = { operation = 'List', rows = 'Data' }",
        )
        .unwrap()
    }

    fn table(things: &[(&str, i64)]) -> ResourceTable {
        let mut table = ResourceTable::default();
        let row = |(id, size): &(&str, i64)| Row::new(&resources(), json!({"Id": id, "Size": size})).unwrap();
        table.take(things.iter().map(row).collect(), Timestamp::UNIX_EPOCH);
        table
    }

    fn keys(table: &ResourceTable) -> Vec<&str> {
        table.visible().map(|row| row.key.as_str()).collect()
    }

    #[test]
    fn numbers_are_sorted_as_numbers_and_the_selection_stays_with_its_resource() {
        let mut table = table(&[("b", 10), ("a", 9), ("c", 100)]);
        table.selected = 2;
        table.next_sort(2);
        assert_eq!((keys(&table), table.selected), (vec!["a", "b", "c"], 2));
        table.next_sort(2);
        assert_eq!(keys(&table), ["a", "b", "c"]);
        table.turn_sort();
        assert_eq!((keys(&table), table.selected), (vec!["c", "b", "a"], 0));
        table.next_sort(2);
        assert_eq!((keys(&table), table.sort), (vec!["b", "a", "c"], None));
    }

    #[test]
    fn requires_every_typed_word() {
        let mut table = table(&[("orders-eu", 1), ("orders-us", 2), ("stock", 22)]);
        for (typed, expected) in [("ORDERS", vec!["orders-eu", "orders-us"]), ("2 ord", vec!["orders-us"]), ("none", vec![])] {
            table.filter = Input::new(typed.to_owned());
            table.narrow();
            assert_eq!(keys(&table), expected, "{typed}");
            assert!(table.selected().is_some() != expected.is_empty());
        }
    }

    #[test]
    fn keeps_the_selection_in_a_new_listing() {
        let mut table = table(&[("a", 1), ("b", 2)]);
        table.selected = 1;
        let row = Row::new(&resources(), json!({"Id": "b", "Size": 7})).unwrap();
        table.take_one(Fetched { row, operation: "Show".into(), at: Timestamp::UNIX_EPOCH });
        assert_eq!((table.selected().unwrap().cells[1].as_str(), table.details().unwrap().1.is_some()), ("7", true));
        let row = |id: &str, size: u32| Row::new(&resources(), json!({"Id": id, "Size": size})).unwrap();
        table.take(vec![row("a", 1), row("c", 9), row("b", 8)], Timestamp::UNIX_EPOCH);
        assert_eq!((table.selected().unwrap().key.as_str(), table.selected), ("b", 2));
        assert_eq!((table.selected().unwrap().cells[1].as_str(), table.details().unwrap().1.is_some()), ("8", false));
    }
}
