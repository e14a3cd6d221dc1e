//! Going through a week: step by step, then question by question. The place is kept in the review's record at each
//! step, so that whatever ends the program, it goes on there.

use serde_json::Value;

use crate::app::part::{Intent, Tone};
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::review::{PLACE, Step, completing, iso_name};
use crate::domain::secret::{Exit, Secret};
use crate::domain::subject::Subject;
use crate::screens::popups::Editor;
use crate::screens::{Tui, open};
use crate::store::api::{Mutation, RecordChange};

use super::{Asked, Review};

type Out = Vec<Intent<Tui>>;

/// A change of the review itself. None of it is the person's text: where two sessions write it, the later one
/// stays; what this one has on its way is no other session's.
fn own_change(subject: Subject, id: RecordId, patch: Patch, world: &World) -> Mutation {
    let mut figures = Patch::default();
    if let Some(fields) = subject.fields(world) {
        let shown = fields.expose(Exit::Database);
        for key in patch.keys() {
            figures.merge(Patch::one(key, shown.get(key).cloned()));
        }
    }
    Mutation::set(subject, id, patch).with_base(Base::Seen {
        texts: Patch::default(),
        figures,
    })
}

impl Review {
    /// Begins, or goes on where it was left.
    pub(super) fn begin(&mut self, world: &World, out: &mut Out) {
        let Some(seen) = self.seen(world) else {
            let text = "the week is not loaded yet; once it is, it can be gone through".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        };
        self.kept = false;
        let steps = Self::steps();
        let left = seen.review.place.as_deref();
        let at = left.and_then(|place| steps.iter().position(|step| step.word() == place));
        // A place whose question is no longer asked: the questions are what was being answered.
        let questions = steps
            .iter()
            .position(|step| matches!(step, Step::Question(_)));
        let at = at.or(left.and(questions)).unwrap_or(0);
        if left.is_some() {
            let text = format!("on where it was left: {} of {}", at + 1, steps.len());
            out.push(Intent::Say(Tone::Plain, text));
        }
        self.go_to(at, world, out);
    }

    /// The next step; behind the last one the review is complete.
    pub(super) fn go_on(&mut self, world: &World, out: &mut Out) {
        let Some(step) = self.step else { return };
        if step + 1 < Self::steps().len() {
            self.go_to(step + 1, world, out);
        } else {
            self.complete(world, out);
        }
    }

    pub(super) fn go_back(&mut self, world: &World, out: &mut Out) {
        if let Some(step) = self.step.and_then(|step| step.checked_sub(1)) {
            self.keep_place(step, world, out);
            self.look_at(step);
        }
    }

    /// Leaves it half-way; the place is kept already.
    pub(super) fn leave(&mut self, out: &mut Out) {
        let (Some(step), count) = (self.step.take(), Self::steps().len()) else {
            return;
        };
        self.cursor = 0;
        self.scroll.set(0);
        let text = format!(
            "left at {} of {count}; it goes on there the next time",
            step + 1
        );
        out.push(Intent::Say(Tone::Plain, text));
    }

    fn go_to(&mut self, step: usize, world: &World, out: &mut Out) {
        self.keep_place(step, world, out);
        self.look_at(step);
        if let Some(Step::Question(key)) = self.at_step() {
            self.write_answer(&key, world, out);
        }
    }

    fn look_at(&mut self, step: usize) {
        self.step = Some(step);
        self.cursor = 0;
        self.scroll.set(0);
    }

    /// Opens the answer to a question in the editor.
    pub(super) fn write_answer(&mut self, key: &str, world: &World, out: &mut Out) {
        let Some(id) = self.record_id(world) else {
            return;
        };
        self.make_record(id, Patch::default(), world, out);
        let subject = Subject::Record(Lane::Reviews, id);
        let fields = subject.fields(world);
        let text = fields.and_then(|fields| fields.expose(Exit::Editor).get(key)?.as_str());
        let text = Secret::new(text.unwrap_or_default().to_owned());
        self.asked = Asked::Answer;
        out.push(open(Editor::new(world, subject.place(key), text)));
    }

    fn keep_place(&self, step: usize, world: &World, out: &mut Out) {
        let Some(id) = self.record_id(world) else {
            return;
        };
        let steps = Self::steps();
        let word = steps.get(step).map(|step| Value::from(step.word()));
        let place = Patch::one(PLACE, word);
        if !self.make_record(id, place.clone(), world, out) {
            let subject = Subject::Record(Lane::Reviews, id);
            out.push(Intent::Note(own_change(subject, id, place, world)));
        }
    }

    /// Makes the week's review with these fields where it is not there; says whether it was made.
    fn make_record(&self, id: RecordId, fields: Patch, world: &World, out: &mut Out) -> bool {
        if world.cache.record(Lane::Reviews, id).is_some()
            || out.iter().any(|intent| matches!(intent, Intent::Note(_)))
        {
            return false;
        }
        let first = self.week(world).first().to_string();
        let mut made = Patch::one("weekStart", Some(Value::from(first)));
        made.merge(fields);
        out.push(Intent::Note(Mutation::Record {
            lane: Lane::Reviews,
            id,
            change: RecordChange::Create(made),
        }));
        true
    }

    /// Keeps the figures of today with the answers.
    fn complete(&mut self, world: &World, out: &mut Out) {
        self.step = None;
        self.cursor = 0;
        self.scroll.set(0);
        let (Some(id), Some(seen)) = (self.record_id(world), self.seen(world)) else {
            return;
        };
        let name = iso_name(self.week(world));
        out.push(Intent::Change {
            mutation: own_change(
                Subject::Record(Lane::Reviews, id),
                id,
                completing(&seen.figures, world.now.instant),
                world,
            ),
            words: format!("the review of {name}"),
        });
        let text = format!("the review of {name} is kept, with the figures of today");
        out.push(Intent::Say(Tone::Plain, text));
    }
}
