//! Reads the figures that a review kept.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{VERSION, buffer_word, reason_word};
use crate::domain::drift::{EvidenceRow, SignalType};
use crate::domain::goal::{Buffer, DayMark, Domain, TargetType, Week};
use crate::domain::review::{
    Days, FieldFigure, Figures, GoalFigure, IdeaFigure, Ideas, LessonFigure, Lessons, Observed,
    Reason, SignalFigure,
};
use crate::domain::secret::Secret;
use crate::domain::teaching;

impl Figures {
    /// Reads what a review kept; nothing where it is of another form.
    #[must_use]
    pub fn from_json(object: &Map<String, Value>) -> Option<Self> {
        let version = object.get("version")?.as_u64()?;
        if version != u64::from(VERSION) {
            return None;
        }
        let first = date(object.get("week")?.get("from")?)?;
        // A record leaves out what is empty.
        let list = |key: &str| {
            let list = object.get(key).and_then(Value::as_array);
            list.map_or(&[][..], Vec::as_slice).iter()
        };
        Some(Self {
            week: Week::of(first, first.weekday()),
            as_of: date(object.get("asOf")?)?,
            days: read_days(object.get("daysLogged")?)?,
            fields: list("fields").filter_map(read_field).collect(),
            goals: list("goals").filter_map(read_goal).collect(),
            signals: list("signals").filter_map(read_signal).collect(),
            ideas: read_ideas(object.get("ideas")?),
            lessons: read_lessons(object.get("lessons")?),
        })
    }
}

fn read_days(value: &Value) -> Option<Days> {
    let mut each = [false; 7];
    for (slot, day) in each.iter_mut().zip(value.get("days")?.as_array()?) {
        *slot = day.as_bool()?;
    }
    Some(Days {
        each,
        come: small(value.get("come")?)?,
        typical: number(value, "typical"),
        year_ago: value.get("yearBefore").and_then(small),
    })
}

fn read_field(value: &Value) -> Option<FieldFigure> {
    let observed = |key: &str| {
        let observed = value.get(key)?;
        Some(Observed {
            value: number(observed, "value")?,
            answered: small(observed.get("answered")?)?,
        })
    };
    let mut each = [None; 7];
    for (slot, day) in each.iter_mut().zip(value.get("days")?.as_array()?) {
        *slot = day.as_f64();
    }
    Some(FieldFigure {
        key: text(value, "key")?,
        label: text(value, "label")?,
        unit: text(value, "unit"),
        is_habit: text(value, "kind")? == "habit",
        sensitive: flag(value, "sensitive"),
        observed: observed("observed"),
        typical: number(value, "typical"),
        each,
        year_ago: observed("yearBefore"),
    })
}

fn read_goal(value: &Value) -> Option<GoalFigure> {
    let mut each = [DayMark::Nothing; 7];
    for (slot, day) in each.iter_mut().zip(value.get("days")?.as_array()?) {
        *slot = mark_of(day.as_str()?)?;
    }
    Some(GoalFigure {
        id: text(value, "id")?.parse().ok()?,
        title: text(value, "title")?,
        domain: Domain::of_word(&text(value, "domain")?)?,
        target: TargetType::of_word(&text(value, "targetType")?)?,
        minimum: u32::try_from(value.get("weeklyMinimum")?.as_u64()?).ok()?,
        done: number(value, "done")?,
        buffer: buffer_of(
            &text(value, "buffer")?,
            value.get("bufferDays").and_then(small),
        )?,
        each,
        year_ago: number(value, "yearBefore"),
    })
}

fn read_signal(value: &Value) -> Option<SignalFigure> {
    let rows = value.get("rows")?.as_array()?.iter().filter_map(|row| {
        Some(EvidenceRow {
            table: text(row, "table")?,
            id: text(row, "id")?.parse().ok()?,
            date: date(row.get("date")?)?,
            value: number(row, "value"),
        })
    });
    Some(SignalFigure {
        id: text(value, "id")?.parse().ok()?,
        kind: SignalType::of_word(&text(value, "type")?)?,
        subject: text(value, "subject")?,
        sensitive: flag(value, "sensitive"),
        sentence: Secret::new(text(value, "sentence")?),
        first_seen: date(value.get("firstSeen")?)?,
        is_new: flag(value, "new"),
        ended: value.get("ended").and_then(date),
        rows: rows.collect(),
    })
}

fn read_ideas(value: &Value) -> Ideas {
    let named = value.get("named").and_then(Value::as_array);
    let read = |idea: &Value| {
        Some(IdeaFigure {
            id: text(idea, "id")?.parse().ok()?,
            title: Secret::default(),
            reason: reason_of(&text(idea, "reason")?)?,
            since: date(idea.get("since")?)?,
        })
    };
    Ideas {
        past_review: whole(value, "pastReview"),
        untouched: whole(value, "untouched"),
        named: named.into_iter().flatten().filter_map(read).collect(),
    }
}

fn read_lessons(value: &Value) -> Lessons {
    let named = value.get("named").and_then(Value::as_array);
    let read = |lesson: &Value| {
        Some(LessonFigure {
            id: text(lesson, "id")?.parse().ok()?,
            title: text(lesson, "title")?,
            status: teaching::Status::of(&text(lesson, "status")?)?,
            since: date(lesson.get("since")?)?,
        })
    };
    Lessons {
        open: whole(value, "open"),
        named: named.into_iter().flatten().filter_map(read).collect(),
    }
}

fn buffer_of(word: &str, days: Option<u8>) -> Option<Buffer> {
    let others = [
        Buffer::Met,
        Buffer::OutOfReach,
        Buffer::TooShort,
        Buffer::Over,
        Buffer::Outside,
    ];
    if word == "days" {
        return days.map(Buffer::Days);
    }
    others
        .into_iter()
        .find(|buffer| buffer_word(*buffer).0 == word)
}

fn mark_of(word: &str) -> Option<DayMark> {
    DayMark::ALL.into_iter().find(|mark| mark.word() == word)
}

fn reason_of(word: &str) -> Option<Reason> {
    let all = [Reason::PastReview, Reason::Untouched];
    all.into_iter().find(|reason| reason_word(*reason) == word)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key)?.as_f64()
}

fn whole(value: &Value, key: &str) -> u64 {
    value.get(key).and_then(Value::as_u64).unwrap_or(0)
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn small(value: &Value) -> Option<u8> {
    u8::try_from(value.as_u64()?).ok()
}

fn date(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}
