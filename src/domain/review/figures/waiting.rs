//! Which ideas and lesson requests wait.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{IdeaFigure, Ideas, LessonFigure, Lessons, Reason};
use crate::domain::goal::Week;
use crate::domain::idea;
use crate::domain::review::{Material, NAMED, OpenLesson, UNTOUCHED, WaitingIdea, seen_on};
use crate::domain::teaching;

pub(super) fn ideas(material: &Material, week: Week, today: Date) -> Ideas {
    let on = seen_on(week, today);
    let mut named: Vec<IdeaFigure> = material
        .ideas
        .iter()
        .filter_map(|idea| waits(idea, on))
        .collect();
    named.sort_by_key(|idea| (idea.since, idea.id));
    named.truncate(NAMED);
    Ideas {
        past_review: material.ideas_waiting.0,
        untouched: material.ideas_waiting.1,
        named,
    }
}

fn waits(idea: &WaitingIdea, on: Date) -> Option<IdeaFigure> {
    let (reason, since) = match idea.status {
        idea::Status::Parked => (
            Reason::PastReview,
            idea.review_on.filter(|review_on| *review_on < on)?,
        ),
        idea::Status::Draft => {
            let since = Some(idea.touched);
            (
                Reason::Untouched,
                since.filter(|touched| *touched <= on.saturating_sub(UNTOUCHED.days()))?,
            )
        }
        idea::Status::RealityChecked
        | idea::Status::Promoted
        | idea::Status::Shipped
        | idea::Status::Discarded
        | idea::Status::Archived => return None,
    };
    Some(IdeaFigure {
        id: idea.id,
        title: idea.title.clone(),
        reason,
        since,
    })
}

pub(super) fn lessons(material: &Material) -> Lessons {
    let is_open = |lesson: &&OpenLesson| match lesson.status {
        teaching::Status::Requested | teaching::Status::Planned => true,
        teaching::Status::Taught | teaching::Status::Archived => false,
    };
    let mut named: Vec<LessonFigure> = material
        .lessons
        .iter()
        .filter(is_open)
        .map(|lesson| LessonFigure {
            id: lesson.id,
            title: lesson.title.clone(),
            status: lesson.status,
            since: lesson.since,
        })
        .collect();
    named.sort_by_key(|lesson| (lesson.since, lesson.id));
    named.truncate(NAMED);
    Lessons {
        open: material.lessons_open,
        named,
    }
}
