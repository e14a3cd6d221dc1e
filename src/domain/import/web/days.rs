//! Their log: a morning and an evening row of a date become one day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::domain::form::{Field, Kind, LogForm};
use crate::domain::import::report::Remark;
use crate::domain::import::shape;
use crate::domain::text::MAX_TEXT;

use super::rows::{Mapped, blank, number_of};
use super::value::{day, moment, number, plain, yes};
use super::{id, text};

/// Memory for all days together, in bytes by a generous estimate: some ten thousand rows.
const ROOM: usize = 96 * 1024 * 1024;

/// The same for one day. A day of ours takes 2 MiB.
const ROOM_OF_A_DAY: usize = 8 * 1024 * 1024;

/// Days as they come together.
#[derive(Default)]
pub struct Days {
    days: BTreeMap<Date, (Vec<Row>, usize)>,
    weight: usize,
}

/// The rows of a day.
pub struct Day {
    date: Date,
    rows: Vec<Row>,
}

struct Row {
    place: u64,
    evening: bool,
    order: String,
    created: Timestamp,
    updated: Timestamp,
    fields: Map<String, Value>,
}

impl Days {
    /// Takes a row; false where it is of no date, or of one that has more than a day's already. An error
    /// where there is no room for more.
    ///
    /// # Errors
    /// The days of the document are too many.
    pub fn take(
        &mut self,
        place: u64,
        mut fields: Map<String, Value>,
        written: Timestamp,
    ) -> Result<bool, TooMany> {
        let Some(date) = fields.get("date").and_then(day) else {
            return Ok(false);
        };
        fields.retain(|_, value| !value.is_null());
        let weight = 200 + of_members(&fields);
        let (rows, of_day) = self.days.entry(date).or_default();
        if *of_day + weight > ROOM_OF_A_DAY {
            return Ok(false);
        }
        *of_day += weight;
        self.weight += weight;
        if self.weight > ROOM {
            return Err(TooMany);
        }
        let at = |key: &str| fields.get(key).and_then(moment);
        let created = at("createdAt").unwrap_or(written);
        let order = number_of(&fields).unwrap_or_default();
        rows.push(Row {
            place,
            evening: fields.get("logType").is_none_or(|kind| kind != "morning"),
            order: format!("{order:0>20}"),
            created,
            updated: at("updatedAt").unwrap_or(created),
            fields,
        });
        Ok(true)
    }

    /// Gives the earliest day away.
    pub fn first(&mut self) -> Option<Day> {
        let (date, (rows, _)) = self.days.pop_first()?;
        Some(Day { date, rows })
    }
}

impl Day {
    /// Its row, with its place; what could not be placed is told.
    pub fn whole(self, form: &LogForm, mut told: impl FnMut(Remark)) -> Option<(u64, Mapped)> {
        one_day(self.date, self.rows, form, &mut told)
    }
}

/// More days than there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// Beside the texts: an entry of a map takes twice what an element of a list does.
fn of_members(fields: &Map<String, Value>) -> usize {
    let members = fields.iter();
    members
        .map(|(key, value)| 100 + key.len() + weight(value))
        .sum()
}

fn weight(value: &Value) -> usize {
    100 + match value {
        Value::Array(list) => list.iter().map(weight).sum(),
        Value::Object(fields) => of_members(fields),
        Value::String(text) => text.len(),
        // It is held digit for digit.
        Value::Number(number) => number.to_string().len(),
        Value::Null | Value::Bool(_) => 0,
    }
}

/// The answers of a day's rows, the earliest first, and of each row what is none.
fn answers(
    date: Date,
    rows: Vec<Row>,
    form: &LogForm,
    told: &mut impl FnMut(Remark),
) -> (Map<String, Value>, Vec<Value>) {
    let mut data = Map::new();
    let mut kept = Vec::new();
    for row in rows {
        let mut rest = Map::new();
        for (key, value) in row.fields {
            let Some(field) = form.exact(&key) else {
                rest.insert(key, value);
                continue;
            };
            let say = |text: &str| Remark {
                place: format!("data.logs[{}].{key}", row.place),
                text: format!("{date}: {text}; it is kept under \"imported\""),
            };
            let Some(answer) = answer(field, &value) else {
                told(say("the value does not fit the question"));
                rest.insert(key, value);
                continue;
            };
            match data.get(&key) {
                None => {
                    data.insert(key, answer);
                }
                Some(there) if *there == answer => {}
                // No is what their rows begin with: yes in either is the answer.
                Some(there) if field.kind == Kind::Toggle => {
                    let yes = *there == true || answer == true;
                    data.insert(key, Value::Bool(yes));
                }
                Some(Value::String(there)) if field.kind == Kind::Text => {
                    if let Some(both) = joined(there, &answer) {
                        data.insert(key, both);
                    } else {
                        told(say("the texts of two rows are too long together"));
                        rest.insert(key, value);
                    }
                }
                Some(there) => {
                    told(say(
                        "two rows differ; the later one is taken, and of the other",
                    ));
                    rest.insert(format!("{key} (other row)"), there.clone());
                    data.insert(key, answer);
                }
            }
        }
        kept.push(Value::Object(rest));
    }
    (data, kept)
}

fn one_day(
    date: Date,
    mut rows: Vec<Row>,
    form: &LogForm,
    told: &mut impl FnMut(Remark),
) -> Option<(u64, Mapped)> {
    rows.sort_by(|a, b| (a.evening, &a.order, a.place).cmp(&(b.evening, &b.order, b.place)));
    let place = rows.first()?.place;
    let created = rows.iter().map(|row| row.created).min()?;
    let updated = rows.iter().map(|row| row.updated).max()?;
    let (data, kept) = answers(date, rows, form, told);
    let (table, shape) = shape::shape("logs")?;
    let mut imported = Map::new();
    imported.insert("rows".to_owned(), Value::Array(kept));
    let values = [
        ("id", id("logs", &date.to_string()).to_string()),
        ("date", date.to_string()),
        ("data", Value::Object(data).to_string()),
        ("imported", Value::Object(imported).to_string()),
        ("created_at", created.to_string()),
        ("updated_at", updated.to_string()),
    ];
    let mut cells = blank(shape);
    for (sql, value) in values {
        if let Some(cell) = shape.position(sql).and_then(|at| cells.get_mut(at)) {
            *cell = text(value);
        }
    }
    let mapped = Mapped {
        table,
        cells,
        unfit: Vec::new(),
    };
    Some((place, mapped))
}

/// Both texts, the morning's first.
fn joined(there: &str, answer: &Value) -> Option<Value> {
    let answer = answer.as_str()?;
    let both = format!("{there}\n\n{answer}");
    (both.chars().count() <= MAX_TEXT).then(|| Value::from(both))
}

/// The value as the field takes it.
fn answer(field: &Field, value: &Value) -> Option<Value> {
    let option = |options: &[String], word: &str| {
        let found = options.iter().find(|option| plain(option) == plain(word));
        found.map(|option| Value::from(option.as_str()))
    };
    let answer = match &field.kind {
        Kind::Scale { .. } | Kind::Number { .. } => match value {
            Value::String(text) => field.parse(text).ok()??,
            Value::Number(_) if number(value).is_some() => value.clone(),
            _ => return None,
        },
        Kind::Toggle => Value::Bool(yes(value)?),
        Kind::Choice { options } => option(options, value.as_str()?)?,
        Kind::Many { options } => {
            let words = value.as_array()?.iter();
            let chosen: Option<Vec<Value>> = words.map(|w| option(options, w.as_str()?)).collect();
            Value::Array(chosen?)
        }
        Kind::Text | Kind::Lines | Kind::Date => value.clone(),
    };
    field.check(&answer).is_ok().then_some(answer)
}
