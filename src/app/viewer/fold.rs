//! Folding brackets of a JSON body, going to a path in it, and saying where one is.

use std::sync::Arc;

use bytes::Bytes;

use super::{BodyTask, MAX_INLINE_INDEX_BYTES, Prompt, PromptKind, Task, TaskHandle, TaskOutcome, Viewer};
use crate::app::{App, Effect, Notice};
use crate::body::{Fold, Outline, Rows, Target, View, complete, fold_inside, follow, index_folded, opens};

/// Names that are offered for a path.
pub(super) const MAX_PATH_CANDIDATES: usize = 20;

/// A change to the folds.
#[derive(Clone, Debug)]
pub enum Folding {
    /// Fold the bracket at this byte, or unfold it.
    Toggle(usize),
    /// Fold every bracket directly inside of the outermost.
    Inside,
    /// These are folded.
    These(Arc<[Fold]>),
}

impl Folding {
    /// Returns the folds after the change.
    fn of(&self, before: &[Fold], bytes: &[u8]) -> Arc<[Fold]> {
        match self {
            Self::These(folds) => Arc::clone(folds),
            Self::Inside => fold_inside(bytes).into(),
            Self::Toggle(bracket) => {
                let others: Vec<_> = before.iter().filter(|fold| fold.start as usize != *bracket).copied().collect();
                let new = if others.len() == before.len() { Fold::at(bytes, *bracket) } else { None };
                let mut folds: Vec<_> = others.into_iter().chain(new).collect();
                folds.sort_unstable_by_key(|fold| fold.start);
                folds.into()
            }
        }
    }

    /// Lays the body out again with the change made.
    pub(super) fn rows(&self, before: &Rows, bytes: &[u8], wanted: &mut dyn FnMut() -> bool) -> Rows {
        index_folded(bytes, before, self.of(before.folds(), bytes), &mut |_| wanted())
    }
}

/// The structure of a JSON body, besides its rows.
#[derive(Debug, Default)]
pub struct Json {
    /// The index of its parts, as soon as it is built.
    outline: Option<Arc<Outline>>,
    /// The path of the selected line, or of the first one visible.
    pub path: String,
    /// The input that the path was made for.
    made_for: Option<usize>,
    /// The names that go on with the path being typed.
    pub offered: Vec<String>,
    /// The tasks that are under way: the outline's, and the newest other one.
    outlining: Option<(u64, TaskHandle)>,
    awaited: Option<(u64, TaskHandle)>,
    /// The byte that is to be visible when the folds have changed.
    anchor: usize,
}

impl Viewer {
    /// Returns the body, if it is shown as pretty JSON.
    fn json_body(&self) -> Option<(&Arc<Rows>, &Bytes)> {
        let (rows, bytes) = self.body.as_ref()?;
        (rows.kind() == View::Pretty && rows.fit(bytes) && !rows.is_empty()).then_some((rows, bytes))
    }

    fn task(&mut self, work: BodyTask) -> Option<(TaskHandle, Task)> {
        let (rows, bytes) = self.json_body()?;
        let (rows, body) = (Arc::clone(rows), bytes.clone());
        self.tasks += 1;
        let hold = TaskHandle::default();
        let task = Task { number: self.tasks, wanted: hold.wanted(), rows, body, work };
        Some((hold, task))
    }

    /// Begins to find out where the parts of a body stand that is shown again.
    pub(in crate::app) fn rebuild_outline(&mut self) -> Option<Effect> {
        self.json = Json::default();
        let (_, bytes) = self.json_body()?;
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            self.json.outline = Some(Arc::new(Outline::new(bytes)));
            return None;
        }
        let (hold, task) = self.task(BodyTask::Outline)?;
        self.json.outlining = Some((task.number, hold));
        Some(Effect::Read(Box::new(task)))
    }

    /// Returns the byte at which a line of the body begins.
    fn byte_of(&self, line: usize) -> Option<usize> {
        let (rows, bytes) = self.json_body()?;
        let row = self.long.row(rows, bytes, line.checked_sub(self.head.lines.len())?);
        rows.row(row, bytes).map(|row| row.start)
    }

    /// Says where the selected line is, or the first one visible.
    pub(in crate::app) fn tell_path(&mut self) {
        let line = self.cursor.unwrap_or(self.scroll);
        let at = if self.cursor.is_some() || self.scroll >= self.head.lines.len() { self.byte_of(line) } else { None };
        if at == self.json.made_for && at.is_some() {
            return;
        }
        let path = at.zip(self.json.outline.as_ref()).zip(self.json_body()).map(|((at, outline), (_, bytes))| outline.path(bytes, at));
        self.json.made_for = at.filter(|_| path.is_some());
        self.json.path = path.unwrap_or_default();
    }

    /// Folds or unfolds, with this byte visible afterwards.
    fn fold(&mut self, change: Folding, anchor: usize) -> Option<Effect> {
        self.json.anchor = anchor;
        let (rows, bytes) = self.json_body()?;
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            let rows = change.rows(rows, bytes, &mut || true);
            self.folded(Arc::new(rows));
            return None;
        }
        let (hold, task) = self.task(BodyTask::Fold(change))?;
        self.json.awaited = Some((task.number, hold));
        Some(Effect::Read(Box::new(task)))
    }

    fn folded(&mut self, rows: Arc<Rows>) {
        if let Some((shown, _)) = &mut self.body {
            self.folds = Arc::clone(rows.folds());
            *shown = rows;
            self.go_to(self.json.anchor);
        }
    }

    /// Folds a body that was indexed again as it was folded before.
    pub(in crate::app) fn refold(&mut self) -> Option<Effect> {
        let (rows, bytes) = self.json_body()?;
        if self.folds.is_empty() || !rows.complete() || rows.folds() == &self.folds {
            return None;
        }
        if self.folds.last().is_some_and(|fold| fold.end as usize > bytes.len()) {
            return None;
        }
        let anchor = self.byte_of(self.cursor.unwrap_or(self.scroll)).unwrap_or(0);
        let cursor = self.cursor;
        let effect = self.fold(Folding::These(Arc::clone(&self.folds)), anchor);
        self.cursor = cursor.and(self.cursor);
        effect
    }

    /// Selects the line of a byte and brings it into sight.
    fn go_to(&mut self, at: usize) {
        let Some(line) = self.json_body().and_then(|_| self.line_with(at)) else { return };
        self.cursor = Some(line);
        self.json.made_for = None;
        self.bring_into_sight(line);
    }

    /// Goes to a place of the body; what is folded over it is unfolded.
    fn jump(&mut self, at: usize) -> Option<Effect> {
        let (rows, _) = self.json_body()?;
        let over = |fold: &&Fold| !((fold.start as usize) < at && at < fold.end as usize);
        let folds: Arc<[Fold]> = rows.folds().iter().filter(over).copied().collect();
        if folds.len() < rows.folds().len() {
            return self.fold(Folding::These(folds), at);
        }
        self.go_to(at);
        None
    }

    /// Moves the selected line; `false` if none is.
    pub(in crate::app) fn move_cursor(&mut self, line: impl FnOnce(usize) -> usize) -> bool {
        let Some(cursor) = self.cursor else { return false };
        let line = line(cursor).min(self.len().saturating_sub(1));
        self.cursor = Some(line);
        self.bring_into_sight(line);
        true
    }
}

impl App {
    /// Selects a line, or folds or unfolds the bracket of the selected one.
    pub(in crate::app) fn toggle_fold(&mut self) {
        let viewer = &mut self.viewer;
        if viewer.json_body().is_none() {
            return self.notify(Notice::warning("nothing to fold here: no JSON in the pretty view"));
        }
        let Some(cursor) = viewer.cursor else {
            let first = viewer.scroll.max(viewer.head.lines.len());
            viewer.cursor = Some(first.min(viewer.len().saturating_sub(1)));
            return;
        };
        let Some(at) = viewer.byte_of(cursor) else { return };
        let around =
            || viewer.json.outline.as_ref().zip(viewer.json_body()).and_then(|(outline, (_, bytes))| outline.bracket_around(bytes, at));
        let bracket = viewer.json_body().and_then(|(_, bytes)| opens(bytes, at)).or_else(around);
        let Some(bracket) = bracket else { return };
        let anchor = bracket.min(at);
        let effect = viewer.fold(Folding::Toggle(bracket), anchor);
        self.effects.extend(effect);
    }

    /// Folds everything inside of the outermost bracket, or unfolds everything.
    pub(in crate::app) fn fold_all(&mut self, folded: bool) {
        let change = if folded { Folding::Inside } else { Folding::These(Arc::default()) };
        if self.viewer.json_body().is_none() {
            return self.notify(Notice::warning("nothing to fold here: no JSON in the pretty view"));
        }
        let line = self.viewer.cursor.unwrap_or(self.viewer.scroll);
        let anchor = self.viewer.byte_of(line).unwrap_or(0);
        let effect = self.viewer.fold(change, anchor);
        self.effects.extend(effect);
    }

    /// Opens the line for a path.
    pub(in crate::app) fn begin_path(&mut self) {
        if self.viewer.json_body().is_none() {
            return self.notify(Notice::warning("no path here: no JSON in the pretty view"));
        }
        self.focus_pane(crate::app::Pane::Exchange);
        self.viewer.prompt = Some(Prompt { asked: PromptKind::Path, input: tui_input::Input::default() });
        self.offer(String::new());
    }

    /// Offers the names that go on with a path.
    pub(super) fn offer(&mut self, path: String) {
        let Some((_, bytes)) = self.viewer.json_body() else { return };
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            let names = complete(bytes, &path, MAX_PATH_CANDIDATES);
            return self.offered(names);
        }
        self.ask(BodyTask::Complete(path));
    }

    /// Offers names, but none in which something is masked.
    fn offered(&mut self, mut names: Vec<String>) {
        names.retain(|name| self.redactor().is_none_or(|redactor| redactor.text(name) == *name));
        self.viewer.json.offered = names;
    }

    fn ask(&mut self, work: BodyTask) {
        let Some((hold, task)) = self.viewer.task(work) else { return };
        self.viewer.json.awaited = Some((task.number, hold));
        self.effects.push(Effect::Read(Box::new(task)));
    }

    /// Completes the path being typed with the first name that is offered.
    pub(in crate::app) fn complete_path(&mut self) {
        let first = self.viewer.json.offered.first().cloned();
        if let (Some(Prompt { asked: PromptKind::Path, input }), Some(first)) = (&mut self.viewer.prompt, first) {
            *input = tui_input::Input::new(first);
            self.prompt_changed();
        }
    }

    /// Goes along a path that was typed.
    pub(super) fn take_path(&mut self, path: String) {
        let Some((_, bytes)) = self.viewer.json_body() else { return };
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            let target = follow(bytes, &path);
            if matches!(target, Target::Missing(_)) {
                // To be mended, not typed anew.
                self.viewer.prompt = Some(Prompt { asked: PromptKind::Path, input: tui_input::Input::new(path) });
            }
            return self.arrive(target);
        }
        self.ask(BodyTask::Follow(path));
    }

    fn arrive(&mut self, target: Target) {
        match target {
            Target::At(at) => {
                let effect = self.viewer.jump(at);
                self.effects.extend(effect);
            }
            Target::Missing(known) if known.is_empty() => self.notify(Notice::warning("there is no such member")),
            Target::Missing(known) => self.notify(Notice::warning(format!("there is {known}, but nothing of that name in it"))),
        }
    }

    /// Takes what came of a task on a JSON body.
    pub(super) fn json_outcome(&mut self, number: u64, outcome: TaskOutcome) {
        let json = &mut self.viewer.json;
        if let TaskOutcome::Outline(outline) = outcome {
            if json.outlining.take_if(|(awaited, _)| *awaited == number).is_some() {
                (json.outline, json.made_for) = (Some(outline), None);
            }
            return;
        }
        if json.awaited.take_if(|(awaited, _)| *awaited == number).is_none() {
            return;
        }
        match outcome {
            TaskOutcome::Folded(rows) => self.viewer.folded(rows),
            TaskOutcome::Names(names) => self.offered(names),
            TaskOutcome::Place(target) => self.arrive(target),
            TaskOutcome::Matches(_) | TaskOutcome::Outline(_) | TaskOutcome::Filtered(_) => {}
        }
    }
}
