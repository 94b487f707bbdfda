//! The structure of a JSON body: folding its brackets, following a path in it, and the path of the selected line.

use std::sync::Arc;

use super::task::{Folding, MAX_PATH_CANDIDATES, PendingTask};
use super::{BodyTask, MAX_INLINE_INDEX_BYTES, TaskOutcome, Viewport};
use crate::app::{Context, Effect, Notice};
use crate::body::{Fold, Outline, Rows, Target, complete, follow, opens};

/// The structure of the shown JSON body, besides its rows.
#[derive(Debug, Default)]
pub struct Structure {
    /// The path of the selected line, or of the first one visible.
    pub path: String,
    /// The names that continue the path being typed.
    pub offered: Vec<String>,
    /// The index of the body's parts, as soon as it is built.
    outline: Option<Arc<Outline>>,
    /// The byte that `path` was made for.
    path_of: Option<usize>,
    /// The brackets that are folded.
    folds: Arc<[Fold]>,
    /// The byte that is to be visible when the folds have changed.
    anchor: usize,
    outlining: Option<PendingTask>,
    /// The newest other task.
    pending: Option<PendingTask>,
}

impl Structure {
    /// Forgets everything: another text is shown.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Begins to index the parts of a body that is shown again; its folds stay.
    pub(super) fn rebuild(&mut self, text: &mut Viewport) -> Option<Effect> {
        *self = Self { folds: std::mem::take(&mut self.folds), ..Self::default() };
        let (_, bytes) = text.json()?;
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            self.outline = Some(Arc::new(Outline::new(bytes)));
            return None;
        }
        let (pending, effect) = text.start(BodyTask::Outline)?;
        self.outlining = Some(pending);
        Some(effect)
    }

    /// Finds the path of the selected line, or of the first one visible.
    pub(super) fn update_path(&mut self, text: &Viewport) {
        let at = if text.cursor.is_some() || text.scroll >= text.head.lines.len() { text.byte_here() } else { None };
        if at == self.path_of && at.is_some() {
            return;
        }
        let path = at.zip(self.outline.as_ref()).zip(text.json()).map(|((at, outline), (_, bytes))| outline.path(bytes, at));
        self.path_of = at.filter(|_| path.is_some());
        self.path = path.unwrap_or_default();
    }

    /// Folds or unfolds, with a byte visible afterwards.
    fn fold(&mut self, change: Folding, anchor: usize, text: &mut Viewport) -> Option<Effect> {
        self.anchor = anchor;
        let (rows, bytes) = text.json()?;
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            let rows = change.rows(rows, bytes, &mut || true);
            self.folded(Arc::new(rows), text);
            return None;
        }
        let (pending, effect) = text.start(BodyTask::Fold(change))?;
        self.pending = Some(pending);
        Some(effect)
    }

    fn folded(&mut self, rows: Arc<Rows>, text: &mut Viewport) {
        if let Some((shown, _)) = &mut text.body {
            self.folds = Arc::clone(rows.folds());
            *shown = rows;
            self.select(self.anchor, text);
        }
    }

    fn select(&mut self, byte: usize, text: &mut Viewport) {
        if text.json().is_some() {
            text.select_byte(byte);
            self.path_of = None;
        }
    }

    /// Folds a body that was indexed again as it was folded before.
    pub(super) fn refold(&mut self, text: &mut Viewport) -> Option<Effect> {
        let (rows, bytes) = text.json()?;
        let fits = self.folds.last().is_some_and(|fold| fold.end as usize <= bytes.len());
        if !fits || !rows.complete() || rows.folds() == &self.folds {
            return None;
        }
        let (anchor, cursor) = (text.byte_here().unwrap_or(0), text.cursor);
        let effect = self.fold(Folding::These(Arc::clone(&self.folds)), anchor, text);
        text.cursor = cursor.and(text.cursor);
        effect
    }

    /// Selects a place of the body; the folds over it are unfolded.
    fn jump(&mut self, byte: usize, text: &mut Viewport) -> Option<Effect> {
        let (rows, _) = text.json()?;
        let over = |fold: &&Fold| !((fold.start as usize) < byte && byte < fold.end as usize);
        let folds: Arc<[Fold]> = rows.folds().iter().filter(over).copied().collect();
        if folds.len() < rows.folds().len() {
            return self.fold(Folding::These(folds), byte, text);
        }
        self.select(byte, text);
        None
    }

    /// Selects a line, or folds or unfolds the bracket of the selected one.
    pub(super) fn toggle_fold(&mut self, text: &mut Viewport) -> Option<Effect> {
        if text.cursor.is_none() {
            text.select_first();
            return None;
        }
        let at = text.byte_here()?;
        let (_, bytes) = text.json()?;
        let around = || self.outline.as_ref().and_then(|outline| outline.bracket_around(bytes, at));
        let bracket = opens(bytes, at).or_else(around)?;
        self.fold(Folding::Toggle(bracket), bracket.min(at), text)
    }

    /// Folds everything inside of the outermost bracket, or unfolds everything.
    pub(super) fn fold_all(&mut self, folded: bool, text: &mut Viewport) -> Option<Effect> {
        let change = if folded { Folding::Inside } else { Folding::These(Arc::default()) };
        self.fold(change, text.byte_here().unwrap_or(0), text)
    }

    /// Offers the names that continue a path.
    pub(super) fn offer(&mut self, path: String, text: &mut Viewport, cx: &mut Context<'_>) {
        let Some((_, bytes)) = text.json() else { return };
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            return self.offered(complete(bytes, &path, MAX_PATH_CANDIDATES), cx);
        }
        let Some((pending, effect)) = text.start(BodyTask::Complete(path)) else { return };
        self.pending = Some(pending);
        cx.effect(effect);
    }

    /// Offers names, but none in which something is masked.
    fn offered(&mut self, mut names: Vec<String>, cx: &Context<'_>) {
        names.retain(|name| cx.session.screen_redactor().is_none_or(|redactor| redactor.text(name) == *name));
        self.offered = names;
    }

    /// Goes along a path that was typed; `false` if a part of it is missing, as far as that is known at once.
    pub(super) fn follow(&mut self, path: &str, text: &mut Viewport, cx: &mut Context<'_>) -> bool {
        let Some((_, bytes)) = text.json() else { return true };
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            let target = follow(bytes, path);
            let found = matches!(target, Target::At(_));
            self.arrive(target, text, cx);
            return found;
        }
        let Some((pending, effect)) = text.start(BodyTask::Follow(path.to_owned())) else { return true };
        self.pending = Some(pending);
        cx.effect(effect);
        true
    }

    fn arrive(&mut self, target: Target, text: &mut Viewport, cx: &mut Context<'_>) {
        match target {
            Target::At(byte) => {
                if let Some(effect) = self.jump(byte, text) {
                    cx.effect(effect);
                }
            }
            Target::Missing(known) if known.is_empty() => cx.notify(Notice::warning("there is no such member")),
            Target::Missing(known) => cx.notify(Notice::warning(format!("there is {known}, but nothing of that name in it"))),
        }
    }

    /// Takes the outcome of a task on the body.
    pub(super) fn take(&mut self, number: u64, outcome: TaskOutcome, text: &mut Viewport, cx: &mut Context<'_>) {
        if let TaskOutcome::Outline(outline) = outcome {
            if self.outlining.take_if(|task| task.number() == number).is_some() {
                (self.outline, self.path_of) = (Some(outline), None);
            }
            return;
        }
        if self.pending.take_if(|task| task.number() == number).is_none() {
            return;
        }
        match outcome {
            TaskOutcome::Folded(rows) => self.folded(rows, text),
            TaskOutcome::Names(names) => self.offered(names, cx),
            TaskOutcome::Place(target) => self.arrive(target, text, cx),
            TaskOutcome::Matches(_) | TaskOutcome::Outline(_) | TaskOutcome::Filtered(_) => {}
        }
    }
}
