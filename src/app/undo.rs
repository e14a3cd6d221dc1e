//! Taking changes back: a change is undone by its inverse, on the same record.

use jiff::Timestamp;

use crate::domain::ids::RequestId;
use crate::store::api::Mutation;

/// A change that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The write that made it last.
    pub request: RequestId,
    /// What it was, in words without values: `energy, Mon 23 Nov`.
    pub words: String,
    /// The change.
    pub forward: Mutation,
    /// What takes it back; unknown until the database said what was there before.
    pub inverse: Option<Mutation>,
}

/// Changes made and changes taken back.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Whether the changes of earlier runs have been put below those of this one.
    pub reaches_history: bool,
    /// Whether one is wanted as soon as the changes of earlier runs are known.
    pub waits: bool,
    /// When the first change of this run was made.
    pub began: Option<Timestamp>,
}

impl Undo {
    const DEPTH: usize = 500;

    /// A new change: nothing taken back before it can be redone any more.
    pub fn did(&mut self, step: Step) {
        self.undone.clear();
        self.done.push(step);
        if self.done.len() > Self::DEPTH {
            self.done.remove(0);
        }
    }

    /// Puts changes of earlier runs, latest first, below those of this run.
    pub fn put_below(&mut self, earlier: Vec<Step>) {
        self.done.splice(0..0, earlier.into_iter().rev());
        self.reaches_history = true;
    }

    /// The change to take back next, if its inverse is known.
    pub fn undo(&mut self) -> Option<Step> {
        self.done.last()?.inverse.as_ref()?;
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        Some(step)
    }

    /// The change to make again, under the id of the write that makes it.
    pub fn redo(&mut self, request: RequestId) -> Option<Step> {
        let mut step = self.undone.pop()?;
        step.request = request;
        self.done.push(step.clone());
        Some(step)
    }

    /// What the write made of the record, and what was there before, as the database says.
    pub fn learn(&mut self, request: RequestId, forward: Mutation, inverse: Mutation) {
        let mut steps = self.done.iter_mut().chain(&mut self.undone).rev();
        if let Some(step) = steps.find(|step| step.request == request) {
            step.forward = forward;
            step.inverse = Some(inverse);
        }
    }

    /// A rejected write was never made.
    pub fn forget(&mut self, request: RequestId) {
        self.done.retain(|step| step.request != request);
    }

    /// Whether nothing made in this run is left to undo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }
}
