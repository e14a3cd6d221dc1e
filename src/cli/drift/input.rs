//! A history from an export, without a database.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::{Arguments, form, show};
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::domain::dates;
use crate::domain::drift::{FieldHistory, FieldKind, History, IdeaTrace, Observation, Settings};
use crate::domain::export_format::{FORMAT, VERSION};
use crate::domain::form::LogForm;
use crate::domain::goal::{CheckIn, Goal};
use crate::domain::idea;
use crate::domain::ids::RecordId;

/// What of an export the rules look at; the rest is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    format: String,
    version: u32,
    exported_at: Timestamp,
    user: User,
    since: Option<Date>,
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    timezone: String,
    week_start: i8,
    #[serde(default)]
    settings: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    #[serde(default)]
    logs: Vec<Log>,
    #[serde(default)]
    goals: Vec<Row>,
    #[serde(default)]
    check_ins: Vec<Row>,
    #[serde(default)]
    ideas: Vec<Idea>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    id: RecordId,
    date: Date,
    data: Map<String, Value>,
    archived_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: RecordId,
    archived_at: Option<Timestamp>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Idea {
    id: RecordId,
    status: String,
    review_on: Option<Date>,
    updated_at: Timestamp,
    archived_at: Option<Timestamp>,
}

pub(super) fn run(arguments: &Arguments, path: &Path, form: &form::Choice) -> Result<(), Failure> {
    let form = form.load()?;
    let document = read(path)?;
    let zone = TimeZone::get(&document.user.timezone).unwrap_or(TimeZone::UTC);
    let today = dates::local_date(document.exported_at, &zone);
    let days = arguments.days(today)?;
    let settings = settings(&document.user);
    if let Some(since) = document.since {
        output::say(&format!(
            "wildlands: note: this export begins with {since}; what was before is not known"
        ));
    }
    let history = history(document.data, &form, &settings, &zone);
    show::computed(arguments.printing(), days, &history, &settings, &form)
}

fn read(path: &Path) -> Result<Document, Failure> {
    if path == Path::new("-") {
        return parse(BufReader::new(io::stdin().lock()), "standard input");
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    parse(BufReader::new(file), &name)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    let line = format!("cannot read {name}: {error}; correct the path or its rights");
    Failure::new(Exit::BadData, line)
}

/// Reads an export as it comes; of a text no more than the one at hand is in memory beside the rows that are looked at.
fn parse(input: impl Read, name: &str) -> Result<Document, Failure> {
    let document: Document = serde_json::from_reader(input).map_err(|error| {
        let place = format!("{name}:{}:{}", error.line(), error.column());
        // The parser's own words can hold a text of the file.
        let line = match error.classify() {
            Category::Io => return unreadable(name, &error.into()),
            Category::Eof => format!("{place}: the document ends too early; it is not whole"),
            Category::Syntax => format!("{place}: this is not JSON"),
            Category::Data => format!(
                "{place}: this is not what an export has there; give a file that `wildlands export` wrote"
            ),
        };
        Failure::new(Exit::BadData, line)
    })?;
    if document.format != FORMAT {
        let line =
            format!("{name}: `format` is not {FORMAT}; give a file that `wildlands export` wrote");
        return Err(Failure::new(Exit::BadData, line));
    }
    if document.version > VERSION {
        let line = format!(
            "{name}: version {} of the format is newer than {VERSION}, which this program reads; update the program",
            document.version
        );
        return Err(Failure::new(Exit::BadData, line));
    }
    Ok(document)
}

/// The person's thresholds; what is wrong in them is told and keeps its default.
fn settings(user: &User) -> Settings {
    let stored = user.settings.get("drift").unwrap_or(&Value::Null);
    let (mut settings, problems) = Settings::read(stored);
    for problem in problems {
        output::say(&format!("wildlands: note: {problem}"));
    }
    settings.week_start =
        Weekday::from_monday_one_offset(user.week_start).unwrap_or(Weekday::Monday);
    settings
}

/// What is not archived, as the rules look at it.
fn history(data: Data, form: &LogForm, settings: &Settings, zone: &TimeZone) -> History {
    let mut logs: Vec<Log> = data
        .logs
        .into_iter()
        .filter(|log| log.archived_at.is_none() && log.data.values().any(|value| !value.is_null()))
        .collect();
    logs.sort_by_key(|log| (log.date, log.id));
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    let fields = fields
        .filter(|field| settings.takes(field))
        .filter_map(|field| {
            let observed = |log: &Log| {
                let value = figure(log.data.get(&field.key)?)?;
                Some(Observation {
                    id: log.id,
                    date: log.date,
                    value,
                })
            };
            Some(FieldHistory {
                key: field.key.clone(),
                label: field.label.clone(),
                unit: field.unit.clone(),
                kind: FieldKind::of(field)?,
                observations: logs.iter().filter_map(observed).collect(),
            })
        });
    let alive = |rows: Vec<Row>| rows.into_iter().filter(|row| row.archived_at.is_none());
    let ideas = data
        .ideas
        .into_iter()
        .filter(|idea| idea.archived_at.is_none());
    History {
        fields: fields.collect(),
        logged: logs.iter().map(|log| (log.date, log.id)).collect(),
        goals: alive(data.goals)
            .filter_map(|row| Goal::of_fields(row.id, &row.fields))
            .collect(),
        check_ins: alive(data.check_ins)
            .filter_map(|row| CheckIn::of_fields(row.id, &row.fields))
            .collect(),
        ideas: ideas
            .filter_map(|idea| {
                Some(IdeaTrace {
                    id: idea.id,
                    status: idea::Status::ALL
                        .into_iter()
                        .find(|status| status.word() == idea.status)?,
                    touched: dates::local_date(idea.updated_at, zone),
                    review_on: idea.review_on,
                })
            })
            .collect(),
    }
}

/// The figure of an answer: a number, or 1 and 0 for yes and no.
fn figure(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::Number(number) => number.as_f64().filter(|figure| figure.is_finite()),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
