//! The figures of a week as JSON: what is printed, and what a review keeps of its day.

mod read;

use serde_json::{Map, Value, json};

use super::{
    FieldFigure, Figures, GoalFigure, Ideas, Lessons, Observed, Reason, SignalFigure, iso_name,
    year_before,
};
use crate::domain::drift::tidy;
use crate::domain::goal::{Buffer, DayMark};
use crate::domain::secret::Exit;

/// Grows with each change of the form that a reader could trip over.
const VERSION: u32 = 1;

/// How much of the red zone is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nothing: what is masked is `null`, and `masked` says so.
    Masked,
    /// What a review keeps: everything but titles of ideas, which stay with the ideas alone.
    Kept,
    /// Everything.
    Revealed,
}

impl Figures {
    /// The object, documented in `docs/review.md`. The keys at its top are `version`, `week`, `asOf`, `yearBefore`,
    /// `daysLogged`, `fields`, `goals`, `signals`, `ideas`, `lessons`.
    #[must_use]
    pub fn to_json(&self, detail: Detail) -> Map<String, Value> {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        let before = year_before(self.week);
        put("version", json!(VERSION));
        put(
            "week",
            json!({ "name": iso_name(self.week), "from": self.week.first(), "to": self.week.last() }),
        );
        put("asOf", json!(self.as_of));
        put(
            "yearBefore",
            json!({ "from": before.first(), "to": before.last() }),
        );
        put(
            "daysLogged",
            json!({
                "days": self.days.each,
                "logged": self.days.logged(),
                "come": self.days.come,
                "typical": self.days.typical.map(tidy),
                "yearBefore": self.days.year_ago,
            }),
        );
        let list = |values: Vec<Value>| Value::Array(values);
        put(
            "fields",
            list(
                self.fields
                    .iter()
                    .map(|field| of_field(field, detail))
                    .collect(),
            ),
        );
        put("goals", list(self.goals.iter().map(of_goal).collect()));
        put(
            "signals",
            list(
                self.signals
                    .iter()
                    .map(|signal| of_signal(signal, detail))
                    .collect(),
            ),
        );
        put("ideas", of_ideas(&self.ideas, detail));
        put("lessons", of_lessons(&self.lessons));
        object
    }
}

fn of_field(field: &FieldFigure, detail: Detail) -> Value {
    let kind = if field.is_habit { "habit" } else { "level" };
    let mut object = json!({
        "key": field.key,
        "label": field.label,
        "unit": field.unit,
        "kind": kind,
        "sensitive": field.sensitive,
    });
    let masked = field.sensitive && detail == Detail::Masked;
    let observed = |observed: Option<Observed>| {
        let observed = observed.filter(|_| !masked)?;
        Some(json!({ "answered": observed.answered, "value": tidy(observed.value) }))
    };
    let days: Vec<Option<Value>> = field
        .each
        .iter()
        .map(|value| value.filter(|_| !masked).map(tidy))
        .collect();
    if let Value::Object(object) = &mut object {
        object.insert("masked".to_owned(), json!(masked));
        object.insert("observed".to_owned(), json!(observed(field.observed)));
        object.insert(
            "typical".to_owned(),
            json!(field.typical.filter(|_| !masked).map(tidy)),
        );
        object.insert("days".to_owned(), json!(days));
        object.insert("yearBefore".to_owned(), json!(observed(field.year_ago)));
    }
    object
}

fn of_goal(goal: &GoalFigure) -> Value {
    let (buffer, days) = buffer_word(goal.buffer);
    json!({
        "id": goal.id,
        "title": goal.title,
        "domain": goal.domain.word(),
        "targetType": goal.target.word(),
        "weeklyMinimum": goal.minimum,
        "done": tidy(goal.done),
        "buffer": buffer,
        "bufferDays": days,
        "days": goal.each.map(DayMark::word),
        "yearBefore": goal.year_ago.map(tidy),
    })
}

fn of_signal(signal: &SignalFigure, detail: Detail) -> Value {
    let masked = signal.sensitive && detail == Detail::Masked;
    let sentence = (!masked).then(|| signal.sentence.expose(Exit::Output).clone());
    let rows = signal.rows.iter().map(|row| {
        let value = row.value.filter(|_| !masked).map(tidy);
        json!({ "table": row.table, "id": row.id, "date": row.date, "value": value })
    });
    json!({
        "id": signal.id,
        "type": signal.kind.word(),
        "subject": signal.subject,
        "sensitive": signal.sensitive,
        "masked": masked,
        "sentence": sentence,
        "firstSeen": signal.first_seen,
        "new": signal.is_new,
        "ended": signal.ended,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn of_ideas(ideas: &Ideas, detail: Detail) -> Value {
    let named = ideas.named.iter().map(|idea| {
        let title = match detail {
            Detail::Revealed => Some(idea.title.expose(Exit::Output).clone()),
            Detail::Masked | Detail::Kept => None,
        };
        json!({
            "id": idea.id,
            "title": title,
            "reason": reason_word(idea.reason),
            "since": idea.since,
        })
    });
    json!({
        "pastReview": ideas.past_review,
        "untouched": ideas.untouched,
        "named": named.collect::<Vec<_>>(),
    })
}

fn of_lessons(lessons: &Lessons) -> Value {
    let named = lessons.named.iter().map(|lesson| {
        json!({
            "id": lesson.id,
            "title": lesson.title,
            "status": lesson.status.name(),
            "since": lesson.since,
        })
    });
    json!({ "open": lessons.open, "named": named.collect::<Vec<_>>() })
}

const fn buffer_word(buffer: Buffer) -> (&'static str, Option<u8>) {
    match buffer {
        Buffer::Met => ("met", None),
        Buffer::Days(days) => ("days", Some(days)),
        Buffer::OutOfReach => ("outOfReach", None),
        Buffer::TooShort => ("tooShort", None),
        Buffer::Over => ("notMet", None),
        Buffer::Outside => ("outside", None),
    }
}

const fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::PastReview => "pastReview",
        Reason::Untouched => "untouched",
    }
}
