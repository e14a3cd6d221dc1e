//! What is known of the week that is shown, and the things on it that the cursor stands on.

use crate::app::cache::Remote;
use crate::app::mask::ItemId;
use crate::app::part::Target;
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::form::Field;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::review::{
    self, FieldFigure, Figures, GoalFigure, IdeaFigure, LessonFigure, SignalFigure, Step, figures,
    id_of, steps,
};
use crate::domain::secret::Exit;
use crate::store::api::Query;

use super::Review;

/// What is known of a week.
pub(super) struct Seen {
    /// As they are shown: of today, or of the day of the review.
    pub figures: Figures,
    /// Whether these are the ones that the review kept.
    pub is_kept: bool,
    /// What of them is different today, where the review kept some.
    pub differences: Vec<String>,
    /// Answers and what else the review holds; empty where there is none.
    pub review: review::Review,
}

/// Something that the cursor stands on.
#[derive(Clone, Copy)]
pub(super) enum Entry<'s> {
    Days,
    Field(&'s FieldFigure),
    Goal(&'s GoalFigure),
    Signal(&'s SignalFigure),
    Idea(&'s IdeaFigure),
    Lesson(&'s LessonFigure),
    Question(&'s Field),
}

impl Review {
    /// The record of the week's review, whether or not it is there.
    pub(super) fn record_id(&self, world: &World) -> Option<RecordId> {
        let known = world.cache.review(&self.query(world));
        let stored = known.and_then(|material| material.review);
        let person = world.person.as_ref()?;
        Some(stored.unwrap_or_else(|| id_of(person.id, self.week(world))))
    }

    /// What is known of the week.
    pub(super) fn seen(&self, world: &World) -> Option<Seen> {
        let material = world.cache.review(&self.query(world))?;
        let now = figures(material, self.week(world), &world.form, world.today);
        let record = self.record_id(world);
        if let Some(id) = material.review
            && matches!(
                world.cache.state(&Query::Record(Lane::Reviews, id)),
                Remote::Absent | Remote::Loading(None)
            )
        {
            // What is written of the week is on its way; without it the place where it was left is not known.
            return None;
        }
        let record = record.and_then(|id| world.cache.record(Lane::Reviews, id));
        let review = record.map_or_else(review::Review::default, |record| {
            review::Review::read(record.fields.expose(Exit::Screen))
        });
        let kept = review.figures.clone();
        let mut kept = kept.map(|kept| kept.as_opted(&world.form, &material.settings));
        let differences = kept
            .as_ref()
            .map_or_else(Vec::new, |kept| kept.differences(&now));
        for idea in kept.iter_mut().flat_map(|kept| &mut kept.ideas.named) {
            // Titles stay with the ideas alone.
            if let Some(same) = now.ideas.named.iter().find(|one| one.id == idea.id) {
                idea.title = same.title.clone();
            }
        }
        let is_kept = self.kept && kept.is_some();
        Some(Seen {
            figures: kept.filter(|_| is_kept).unwrap_or(now),
            is_kept,
            differences,
            review,
        })
    }

    /// The steps of going through it.
    pub(super) fn steps() -> Vec<Step> {
        steps(Lane::Reviews.form())
    }

    /// The step that is being looked at.
    pub(super) fn at_step(&self) -> Option<Step> {
        let step = self.step?;
        Self::steps().into_iter().nth(step)
    }

    /// The thing under the cursor that may be masked.
    pub(super) fn private_item(&self, world: &World) -> Option<ItemId> {
        let seen = self.seen(world)?;
        let entry = self.entry(&seen)?;
        self.item_of(&entry, world)
    }

    pub(super) fn holds_private(&self, world: &World) -> bool {
        let Some(seen) = self.seen(world) else {
            return false;
        };
        let entries = self.entries(&seen);
        entries
            .iter()
            .any(|entry| self.item_of(entry, world).is_some())
    }

    /// What the mask calls a thing, where it needs one.
    pub(super) fn item_of(&self, entry: &Entry<'_>, world: &World) -> Option<ItemId> {
        match entry {
            Entry::Days | Entry::Goal(_) | Entry::Lesson(_) => None,
            Entry::Field(field) => field.sensitive.then(|| self.item_named(&field.key, world)),
            Entry::Signal(signal) => signal
                .sensitive
                .then(|| self.item_named(&signal.id.to_string(), world)),
            Entry::Idea(idea) => Some(Subject::Record(Lane::Ideas, idea.id).item("title")),
            Entry::Question(field) => {
                let id = self.record_id(world)?;
                field
                    .sensitive
                    .then(|| Subject::Record(Lane::Reviews, id).item(&field.key))
            }
        }
    }

    fn item_named(&self, name: &str, world: &World) -> ItemId {
        ItemId(format!("review/{}/{name}", self.week(world).first()))
    }

    /// Where a thing is at home: the day of a field's last answer, a signal with its rows.
    pub(super) fn target(&self, entry: &Entry<'_>, world: &World) -> Option<Target> {
        let days = self.week(world).days();
        let last = self.week(world).last().min(world.today);
        let record = |lane, id| Some(Target::Record { lane, id });
        match entry {
            Entry::Days => Some(Target::Day(last)),
            Entry::Field(field) => {
                let answered = days.iter().zip(field.each).rev();
                let answered = answered
                    .filter(|(_, value)| value.is_some())
                    .map(|(day, _)| *day);
                let day = answered.into_iter().next().unwrap_or(last);
                Some(Target::Field(day, field.key.clone()))
            }
            Entry::Goal(goal) => record(Lane::Goals, goal.id),
            Entry::Signal(signal) => record(Lane::Signals, signal.id),
            Entry::Idea(idea) => record(Lane::Ideas, idea.id),
            Entry::Lesson(lesson) => record(Lane::Teaching, lesson.id),
            Entry::Question(_) => None,
        }
    }

    /// Whose versions can be asked for: of the record under the cursor, and of the week's review, if it is there.
    pub(super) fn histories(&self, world: &World) -> Vec<Subject> {
        let Some(seen) = self.seen(world) else {
            return Vec::new();
        };
        let known = world.cache.review(&self.query(world));
        let review = known.and_then(|material| material.review);
        let review = review.map(|id| Subject::Record(Lane::Reviews, id));
        let here = match self.entry(&seen) {
            Some(Entry::Goal(goal)) => Some(Subject::Record(Lane::Goals, goal.id)),
            Some(Entry::Idea(idea)) => Some(Subject::Record(Lane::Ideas, idea.id)),
            Some(Entry::Lesson(lesson)) => Some(Subject::Record(Lane::Teaching, lesson.id)),
            Some(Entry::Days | Entry::Field(_) | Entry::Signal(_) | Entry::Question(_)) | None => {
                None
            }
        };
        here.into_iter().chain(review).collect()
    }

    /// What the cursor can stand on: all of the week, or of the present step.
    pub(super) fn entries<'s>(&self, seen: &'s Seen) -> Vec<Entry<'s>> {
        let figures = &seen.figures;
        let step = self.at_step();
        let is_in = |wanted: &Step| step.is_none() || step.as_ref() == Some(wanted);
        let mut entries = Vec::new();
        if is_in(&Step::Days) {
            entries.push(Entry::Days);
            entries.extend(figures.fields.iter().map(Entry::Field));
        }
        if is_in(&Step::Goals) {
            entries.extend(figures.goals.iter().map(Entry::Goal));
        }
        if is_in(&Step::Signals) {
            entries.extend(figures.signals.iter().map(Entry::Signal));
        }
        if is_in(&Step::Waiting) {
            // All of them only where they are what is looked at.
            let most = if step.is_none() { 3 } else { usize::MAX };
            entries.extend(figures.ideas.named.iter().take(most).map(Entry::Idea));
            entries.extend(figures.lessons.named.iter().take(most).map(Entry::Lesson));
        }
        let questions = Lane::Reviews.form().sections.iter();
        let questions = questions.flat_map(|section| &section.fields);
        entries.extend(
            questions
                .filter(|field| is_in(&Step::Question(field.key.clone())))
                .map(Entry::Question),
        );
        entries
    }

    /// What is under the cursor.
    pub(super) fn entry<'s>(&self, seen: &'s Seen) -> Option<Entry<'s>> {
        let entries = self.entries(seen);
        let at = self.cursor.min(entries.len().checked_sub(1)?);
        entries.get(at).copied()
    }
}
