//! Ideas, goals, check-ins, lessons and content of theirs; and what has no table here.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::domain::import::cell::Cell;
use crate::domain::import::report::Source;
use crate::domain::import::shape::{self, Kind, Shape};

use super::value::{fitting, moment, yes};
use super::{id, text};

/// A row of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    /// The table's place in [`shape::SHAPES`].
    pub table: usize,
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// The keys whose values did not fit their columns.
    pub unfit: Vec<String>,
}

/// The table of a kind of theirs; nothing where there is none of ours.
fn table(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ideas" => "ideas",
        "goals" => "goals",
        "checkins" => "check_ins",
        "teachingRequests" => "teaching_requests",
        "harrisContent" => "harris_content",
        _ => return None,
    })
}

/// Their key by the name of our column.
fn column_of(kind: &str, key: &str) -> String {
    match (kind, key) {
        ("checkins", "done") => "completed",
        ("teachingRequests", "standard") => "standards",
        ("teachingRequests", "timeBlock") => "durationMinutes",
        ("teachingRequests", "output") => "plan",
        ("harrisContent", "contentType") => "type",
        _ => key,
    }
    .to_owned()
}

/// A row of theirs as one of ours; `written` is the moment of the export. Nothing where it has to be
/// kept as it came.
#[must_use]
pub fn map(kind: &str, row: &Map<String, Value>, written: Timestamp) -> Option<Mapped> {
    let (table, shape) = shape::shape(table(kind)?)?;
    let number = number_of(row)?;
    let mut made = Made {
        shape,
        cells: blank(shape),
        rest: Map::new(),
        unfit: Vec::new(),
    };
    made.set("id", text(id(kind, &number).to_string()));
    let at = |key: &str| row.get(key).and_then(moment);
    let created = at("createdAt").unwrap_or(written);
    made.set("created_at", text(created.to_string()));
    made.set(
        "updated_at",
        text(at("updatedAt").unwrap_or(created).to_string()),
    );
    for (key, value) in row {
        made.take(kind, key, value);
    }
    made.finish(kind, row)?;
    let imported = Value::Object(std::mem::take(&mut made.rest)).to_string();
    made.set("imported", text(imported));
    Some(Mapped {
        table,
        cells: made.cells,
        unfit: made.unfit,
    })
}

struct Made {
    shape: &'static Shape,
    cells: Vec<Cell>,
    rest: Map<String, Value>,
    unfit: Vec<String>,
}

impl Made {
    fn set(&mut self, sql: &str, value: Cell) {
        let cell = self
            .shape
            .position(sql)
            .and_then(|at| self.cells.get_mut(at));
        if let Some(cell) = cell {
            *cell = value;
        }
    }

    fn is_blank(&self, sql: &str) -> bool {
        let cell = self.shape.position(sql).and_then(|at| self.cells.get(at));
        cell.is_none_or(|cell| *cell == Cell::Null || *cell == text(""))
    }

    fn keep(&mut self, key: &str, value: &Value) {
        self.rest.insert(key.to_owned(), value.clone());
    }

    fn take(&mut self, kind: &str, key: &str, value: &Value) {
        let name = column_of(kind, key);
        let own = [
            "id",
            "userId",
            "createdAt",
            "updatedAt",
            "version",
            "archivedAt",
            "imported",
        ];
        if own.contains(&key) || value.is_null() {
            if !value.is_null() {
                self.keep(key, value);
            }
            return;
        }
        if (kind, key) == ("checkins", "goalId") {
            let goal = Some(value).and_then(numbered);
            if let Some(goal) = &goal {
                self.set("goal_id", text(id("goals", goal).to_string()));
            }
            self.keep(key, value);
            return;
        }
        let Some(column) = self.shape.columns.iter().find(|c| c.json == name) else {
            self.keep(key, value);
            return;
        };
        let cell = match (kind, key) {
            ("ideas", "milestones") => milestones(value),
            ("teachingRequests", "timeBlock") => minutes(value),
            _ => fitting(column, value),
        };
        // What a list or a length does not say whole stays beside it.
        if matches!(
            (kind, key),
            ("ideas", "milestones") | ("teachingRequests", "timeBlock")
        ) {
            self.keep(key, value);
        }
        if let Some(cell) = cell {
            self.set(column.sql, cell);
        } else {
            self.unfit.push(key.to_owned());
            self.keep(key, value);
        }
    }

    /// What a row of ours needs and one of theirs may lack; nothing where it cannot be made up.
    fn finish(&mut self, kind: &str, row: &Map<String, Value>) -> Option<()> {
        match kind {
            "ideas" | "goals" if self.is_blank("title") => {
                self.set("title", text("(untitled)"));
            }
            "checkins" => {
                if self.is_blank("date") || self.is_blank("goal_id") {
                    return None;
                }
                let done = row.get("done").and_then(yes).unwrap_or(false);
                self.set("completed", text(done.to_string()));
            }
            "teachingRequests" => {
                let topic = row.get("topic").and_then(Value::as_str).unwrap_or_default();
                let subject: String = topic.chars().take(500).collect();
                let subject = if subject.is_empty() {
                    "(no subject)".to_owned()
                } else {
                    subject
                };
                self.set("subject", text(subject));
                if !self.is_blank("plan") {
                    self.set("status", text("planned"));
                }
            }
            "harrisContent" => self.content(row),
            _ => {}
        }
        if kind == "goals" && self.is_blank("domain") {
            self.set("domain", text("discipline"));
        }
        if kind == "goals" {
            let date = |key: &str| row.get(key).and_then(super::value::day);
            if let (Some(start), Some(due)) = (date("startDate"), date("dueDate"))
                && due < start
            {
                self.set("due_date", Cell::Null);
                self.unfit.push("dueDate".to_owned());
                let due = row.get("dueDate").cloned().unwrap_or_default();
                self.keep("dueDate", &due);
            }
        }
        Some(())
    }

    fn content(&mut self, row: &Map<String, Value>) {
        let mut content = Map::new();
        for key in ["coreMessage", "siteMap", "leadMagnet", "generatedCopy"] {
            self.rest.shift_remove(key);
            if let Some(value) = row.get(key).filter(|value| !value.is_null()) {
                let name = match value {
                    Value::String(_) if key == "generatedCopy" => "body",
                    _ => key,
                };
                content.insert(name.to_owned(), value.clone());
            }
        }
        self.set("content", text(Value::Object(content).to_string()));
        if self.is_blank("title") {
            self.set("title", text("(untitled)"));
        }
        // A template belongs to a type; which, the database says. One of another is kept beside.
        if let Some(template) = row.get("template").filter(|value| !value.is_null()) {
            self.set("template", Cell::Null);
            let kind = row
                .get("contentType")
                .and_then(Value::as_str)
                .unwrap_or("website");
            let known = crate::domain::content::ContentType::of(&kind.to_lowercase());
            let found = known.and_then(|kind| {
                let name = super::value::plain(template.as_str()?);
                kind.templates()
                    .into_iter()
                    .find(|one| super::value::plain(one) == name)
            });
            match found {
                Some(found) => self.set("template", text(found)),
                None => self.keep("template", template),
            }
        }
    }
}

/// A row of our table in which nothing is said.
pub(super) fn blank(shape: &Shape) -> Vec<Cell> {
    let cell = |column: &shape::Column| match (column.kind, column.sql) {
        _ if column.nullable => Cell::Null,
        (_, "version" | "weekly_minimum") => text("1"),
        (_, "capture_mode") => text("quick"),
        (_, "target_type") => text("binary"),
        (_, "format") => text("lesson plan"),
        (_, "type") => text("website"),
        (_, "status") => text(match shape.table.sql {
            "goals" => "active",
            "teaching_requests" => "requested",
            _ => "draft",
        }),
        (_, "priority") => text(if shape.table.sql == "goals" { "2" } else { "0" }),
        (Kind::Object, _) => text("{}"),
        (Kind::List, _) => text("[]"),
        (Kind::Texts, _) => Cell::Texts(Vec::new()),
        (Kind::Bool, _) => text("false"),
        (Kind::Integer | Kind::Number, _) => text("0"),
        _ => text(""),
    };
    shape.columns.iter().map(cell).collect()
}

/// A record of theirs as it came, for which there is no row of ours.
#[must_use]
pub fn kept(
    kind: &str,
    number: Option<&str>,
    json: &str,
    reason: &str,
    written: Timestamp,
) -> Option<Mapped> {
    let (table, shape) = shape::shape("imported_records")?;
    let name: String = kind.chars().take(100).collect();
    let number = number.map_or_else(
        || id("digest", &format!("{:?}", Sha256::digest(json.as_bytes()))).to_string(),
        |number| number.chars().take(100).collect(),
    );
    let values = [
        ("id", id(&format!("kept {name}"), &number).to_string()),
        ("source", Source::Web.name().to_owned()),
        (
            "kind",
            if name.is_empty() {
                "(none)".to_owned()
            } else {
                name
            },
        ),
        (
            "source_id",
            if number.is_empty() {
                "(none)".to_owned()
            } else {
                number
            },
        ),
        ("payload", json.to_owned()),
        ("reason", reason.to_owned()),
        ("created_at", written.to_string()),
        ("updated_at", written.to_string()),
    ];
    let mut cells = blank(shape);
    for (sql, value) in values {
        if let Some(cell) = shape.position(sql).and_then(|at| cells.get_mut(at)) {
            *cell = text(value);
        }
    }
    Some(Mapped {
        table,
        cells,
        unfit: Vec::new(),
    })
}

/// The number of a row of theirs, as text.
pub(super) fn number_of(row: &Map<String, Value>) -> Option<String> {
    row.get("id").and_then(numbered)
}

fn numbered(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
    .filter(|text| text.chars().count() <= 100)
}

/// Milestones with a mark each, as lines.
fn milestones(value: &Value) -> Option<Cell> {
    let lines: Option<Vec<Value>> = value
        .as_array()?
        .iter()
        .map(|milestone| match milestone {
            Value::String(line) => Some(Value::from(line.as_str())),
            Value::Object(fields) => {
                let title = fields.get("title")?.as_str()?;
                let reached = fields.get("completed").and_then(yes).unwrap_or(false);
                let mark = if reached { "[x] " } else { "" };
                Some(Value::from(format!("{mark}{title}")))
            }
            _ => None,
        })
        .collect();
    lines.map(|lines| text(Value::Array(lines).to_string()))
}

/// The minutes of a block of time: the first number in it.
fn minutes(value: &Value) -> Option<Cell> {
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let digits: String = written
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    let minutes: u32 = digits.parse().ok()?;
    (10..=240)
        .contains(&minutes)
        .then(|| text(minutes.to_string()))
}
