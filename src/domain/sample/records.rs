//! Records of the other lanes, for the same demonstration: from `assets/sample.toml`, with check-ins by chance.
//!
//! A goal's check-ins follow its share of days; where `quiet_for` says so, the last days have none.

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Builder;

use crate::domain::content::{Piece, skeleton};
use crate::domain::export_format::camel_case;
use crate::domain::goal::CheckIn;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::secret::{Exit, Secret};
use crate::domain::teaching::{LessonRequest, plan};

const FILE: &str = include_str!("../../../assets/sample.toml");

/// The hour of the day at which records were made.
const HOUR: i8 = 18;

/// One invented record.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its lane.
    pub lane: Lane,
    /// Values by the column's name in the database, `id` among them.
    pub columns: Secret<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    goals: Vec<Written>,
    ideas: Vec<Written>,
    lessons: Vec<Written>,
    content: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ago: i32,
    touched: Option<i32>,
    /// A lesson with the plan that its template gives.
    #[serde(default)]
    planned: bool,
    /// A piece of content with the text that its template gives.
    #[serde(default)]
    filled: bool,
    columns: Map<String, Value>,
    check_ins: Option<Habit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Habit {
    share: f64,
    #[serde(default)]
    quiet_for: i32,
    #[serde(default)]
    amounts: Vec<u32>,
    #[serde(default)]
    notes: Vec<String>,
    score: Option<f64>,
}

/// Ideas, goals with their check-ins, lesson requests and pieces of content as of today; what refers to a record
/// comes after it.
#[must_use]
pub fn records(seed: u64, today: Date) -> Vec<Entry> {
    let Ok(file) = toml::from_str::<File>(FILE) else {
        return Vec::new();
    };
    let mut making = Making {
        rng: Rng::with_seed(seed ^ 0x5ca1_ab1e),
        today,
        entries: Vec::new(),
    };
    for written in file.goals {
        making.goal(written);
    }
    for written in file.ideas {
        making.put(Lane::Ideas, written);
    }
    for written in file.lessons {
        making.put(Lane::Teaching, written);
    }
    for written in file.content {
        making.put(Lane::Content, written);
    }
    making.entries
}

struct Making {
    rng: Rng,
    today: Date,
    entries: Vec<Entry>,
}

impl Making {
    fn goal(&mut self, written: Written) {
        let (ago, habit) = (written.ago, written.check_ins.as_ref());
        let habit = habit.map(|habit| Habit {
            amounts: habit.amounts.clone(),
            notes: habit.notes.clone(),
            ..*habit
        });
        let goal = self.put(Lane::Goals, written);
        let Some(habit) = habit else { return };
        for days_ago in (habit.quiet_for + 1..=ago).rev() {
            if self.rng.f64() < habit.share {
                self.check_in(goal, days_ago, &habit);
            }
        }
    }

    fn check_in(&mut self, goal: RecordId, ago: i32, habit: &Habit) {
        let date = self.date(-ago);
        let mut columns = Map::new();
        columns.insert("goal_id".into(), goal.to_string().into());
        columns.insert("date".into(), date.to_string().into());
        columns.insert("completed".into(), true.into());
        let amount = self.rng.choice(&habit.amounts).copied();
        columns.insert("amount".into(), amount.map_or(Value::Null, Value::from));
        let score = habit.score.map(|level| {
            let spread = self.rng.i8(-2..=2);
            (level + f64::from(spread)).round().clamp(1.0, 10.0)
        });
        #[allow(clippy::cast_possible_truncation)] // 1 to 10
        let score = score.map_or(Value::Null, |score| (score as i64).into());
        columns.insert("score".into(), score);
        let note = if self.rng.f64() < 0.2 {
            self.rng.choice(&habit.notes).cloned()
        } else {
            None
        };
        columns.insert("note".into(), note.unwrap_or_default().into());
        self.keep(
            Lane::CheckIns,
            CheckIn::id_of(goal, date),
            columns,
            (ago, ago),
        );
    }

    fn put(&mut self, lane: Lane, written: Written) -> RecordId {
        let mut columns = Map::new();
        for (key, value) in written.columns {
            match key.strip_suffix("_in").zip(value.as_i64()) {
                Some((name, days)) => {
                    let date = self.date(i32::try_from(days).unwrap_or(0));
                    columns.insert(date_column(name).into(), date.to_string().into());
                }
                None => drop(columns.insert(key, value)),
            }
        }
        if written.planned {
            let fields = in_camel_case(&columns);
            let fields = plan(&LessonRequest::read(&fields)).fields();
            columns.insert("plan".into(), parts(fields, "plan."));
        }
        if written.filled {
            fill(&mut columns);
        }
        if lane == Lane::Goals {
            columns.insert(
                "start_date".into(),
                self.date(-written.ago).to_string().into(),
            );
        }
        let id = Builder::from_random_bytes(self.rng.u128(..).to_be_bytes()).into_uuid();
        let touched = written.touched.unwrap_or(written.ago);
        self.keep(lane, RecordId(id), columns, (written.ago, touched));
        RecordId(id)
    }

    fn keep(
        &mut self,
        lane: Lane,
        id: RecordId,
        mut columns: Map<String, Value>,
        (made, touched): (i32, i32),
    ) {
        columns.insert("id".into(), id.to_string().into());
        for (column, ago) in [("created_at", made), ("updated_at", touched)] {
            let moment = self.date(-ago).at(HOUR, 0, 0, 0).to_zoned(TimeZone::UTC);
            let moment = moment.map_or(Value::Null, |moment| moment.timestamp().to_string().into());
            columns.insert(column.into(), moment);
        }
        self.entries.push(Entry {
            lane,
            columns: Secret::new(columns),
        });
    }

    /// So many days from today.
    fn date(&self, days: i32) -> Date {
        self.today.saturating_add(days.days())
    }
}

/// The column that the file calls by a shorter name.
fn date_column(name: &str) -> &str {
    match name {
        "review" => "review_on",
        "due" => "due_date",
        "taught" => "taught_on",
        other => other,
    }
}

fn in_camel_case(columns: &Map<String, Value>) -> Map<String, Value> {
    let fields = columns.iter();
    fields
        .map(|(name, value)| (camel_case(name), value.clone()))
        .collect()
}

/// What stands under a name and a dot, as one object.
fn parts(fields: Vec<(&str, Value)>, under: &str) -> Value {
    let parts = fields.into_iter().filter_map(|(key, value)| {
        let key = key.strip_prefix(under)?;
        (!value.is_null()).then(|| (key.to_owned(), value))
    });
    Value::Object(parts.collect())
}

/// Puts the text of the piece's template in.
fn fill(columns: &mut Map<String, Value>) {
    let mut fields = in_camel_case(columns);
    if let Some(Value::Object(content)) = columns.get("content") {
        let content = content.iter();
        fields.extend(content.map(|(key, value)| (format!("content.{key}"), value.clone())));
    }
    let skeleton = skeleton(&Piece::read(&fields));
    if let (Some(skeleton), Some(Value::Object(content))) = (skeleton, columns.get_mut("content")) {
        content.insert("body".into(), skeleton.body.into());
        if let Some(map) = skeleton.site_map {
            content.insert("siteMap".into(), map.into());
        }
    }
}

impl Entry {
    /// The names of its columns, which tell nothing of what is in them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns
            .expose(Exit::Database)
            .keys()
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::domain::export_format::table;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn every_lane_has_records_of_its_columns_and_the_same_seed_gives_the_same() {
        let entries = records(1, TODAY);
        assert_eq!(entries, records(1, TODAY));
        assert_ne!(entries, records(2, TODAY));
        let lanes: BTreeSet<Lane> = entries.iter().map(|entry| entry.lane).collect();
        for lane in [
            Lane::Ideas,
            Lane::Goals,
            Lane::CheckIns,
            Lane::Teaching,
            Lane::Content,
        ] {
            assert!(lanes.contains(&lane), "{lane:?}");
        }
        for entry in &entries {
            let known = table(entry.lane.table()).unwrap().columns;
            for name in entry.names() {
                assert!(known.contains(&name), "{:?}: {name}", entry.lane);
            }
        }
    }

    #[test]
    fn all_that_is_private_says_that_it_is_invented() {
        for entry in records(1, TODAY) {
            let columns = entry.columns.expose(Exit::Screen);
            let private = match entry.lane {
                Lane::Ideas => vec![
                    "title",
                    "pitch",
                    "next_action",
                    "who_it_helps",
                    "why_i_care",
                ],
                Lane::Teaching => vec!["student_profile"],
                _ => vec![],
            };
            for name in private {
                if let Some(text) = columns.get(name).and_then(Value::as_str) {
                    assert!(text.starts_with("(sample)"), "{name}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_planned_lesson_adds_up_and_a_written_piece_has_a_body() {
        let entries = records(1, TODAY);
        let of = |lane: Lane| {
            let of = entries.iter().filter(move |entry| entry.lane == lane);
            of.map(|entry| entry.columns.expose(Exit::Screen))
        };
        let planned: Vec<_> = of(Lane::Teaching)
            .filter(|columns| columns.contains_key("plan"))
            .collect();
        assert_eq!(planned.len(), 2);
        for columns in planned {
            let plan = columns["plan"].as_object().unwrap();
            let minutes = plan.iter().filter(|(key, _)| key.ends_with("Minutes"));
            let total: u64 = minutes.filter_map(|(_, value)| value.as_u64()).sum();
            assert_eq!(Some(total), columns["duration_minutes"].as_u64());
        }
        let bodies = of(Lane::Content).filter(|columns| {
            let body = columns
                .get("content")
                .and_then(|content| content.get("body"));
            body.is_some_and(|body| !body.as_str().unwrap().is_empty())
        });
        assert_eq!(bodies.count(), 3);
    }
}
