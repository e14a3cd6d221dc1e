//! The figures of a week as JSON: what is printed, and what a review keeps of its day.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{
    Days, FieldFigure, Figures, GoalFigure, IdeaFigure, Ideas, LessonFigure, Lessons, Observed,
    Reason, SignalFigure, iso_name, year_before,
};
use crate::domain::drift::{EvidenceRow, SignalType};
use crate::domain::goal::{Buffer, DayMark, Domain, TargetType, Week};
use crate::domain::secret::{Exit, Secret};
use crate::domain::teaching;

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
        "days": goal.each.map(mark_word),
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

const fn mark_word(mark: DayMark) -> &'static str {
    match mark {
        DayMark::Outside => "outside",
        DayMark::Ahead => "ahead",
        DayMark::Nothing => "nothing",
        DayMark::No => "no",
        DayMark::Part => "part",
        DayMark::Done => "done",
    }
}

fn mark_of(word: &str) -> Option<DayMark> {
    let all = [
        DayMark::Outside,
        DayMark::Ahead,
        DayMark::Nothing,
        DayMark::No,
        DayMark::Part,
        DayMark::Done,
    ];
    all.into_iter().find(|mark| mark_word(*mark) == word)
}

const fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::PastReview => "pastReview",
        Reason::Untouched => "untouched",
    }
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

/// A figure with six decimals: more would be noise, and the same data give the same text.
#[allow(clippy::cast_possible_truncation)] // whole and within what an i64 holds
fn tidy(figure: f64) -> Value {
    let rounded = (figure * 1e6).round() / 1e6;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return json!(rounded as i64);
    }
    json!(rounded)
}
