//! What of an idea is printed without a mask, and its line in a list.

use std::fmt::Write as _;

use jiff::Zoned;
use serde_json::{Value, json};

use crate::cli::output::Output;
use crate::cli::settings;
use crate::cli::sheet::Sheet;
use crate::domain::dates;
use crate::domain::idea::{Status, age, score};
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;

/// Status, age, score and review date.
pub(super) fn facts(idea: &Record) -> String {
    let mut facts = format!(
        "{}, {}",
        status(idea),
        age_of(idea, &settings::read_quietly().now())
    );
    if let Some(points) = points(idea) {
        let _ = write!(facts, ", score {points}");
    }
    if let Some(date) = idea.date("reviewOn") {
        let _ = write!(facts, ", review on {}", dates::long(date));
    }
    facts
}

/// The same in a document.
pub(super) fn open(idea: &Record) -> Vec<(&'static str, Value)> {
    let review = idea.date("reviewOn").map(|date| date.to_string());
    vec![
        ("status", json!(idea.word("status"))),
        ("score", json!(points(idea))),
        ("priority", json!(idea.whole_number("priority"))),
        ("reviewOn", json!(review)),
    ]
}

/// One idea of a list: a line, or three where there is little room.
pub(super) fn line(sheet: &Sheet<'_>, idea: &Record, now: &Zoned) -> String {
    let Output { columns, unicode } = sheet.output;
    let title = match idea.text("title") {
        Some(title) if sheet.reveal => sheet.output.line(title.expose(Way::Output)).into_owned(),
        Some(_) => sheet.output.mask().to_owned(),
        None => String::new(),
    };
    let times = if unicode { "×" } else { "x" };
    let figure = |key: &str| {
        let number = idea.whole_number(key);
        number.map_or_else(|| "-".to_owned(), |number| number.to_string())
    };
    let score = match points(idea) {
        Some(points) => {
            let (excitement, feasibility) = (figure("excitement"), figure("feasibility"));
            format!("{excitement}{times}{feasibility}={points}")
        }
        None => "-".to_owned(),
    };
    let facts = format!(
        "{:<15}  {:>5}  {score:>9}  p{}",
        status(idea),
        age_of(idea, now),
        figure("priority"),
    );
    match columns {
        Some(columns) if columns < 100 => format!("{}\n  {facts}\n  {title}\n", idea.id),
        Some(_) | None => format!("{}  {facts}  {title}\n", idea.id),
    }
}

fn age_of(idea: &Record, now: &Zoned) -> String {
    let made = dates::local_date(idea.created_at, now.time_zone());
    age(made, now.date())
}

/// Excitement × feasibility.
fn points(idea: &Record) -> Option<u8> {
    let figure = |key: &str| {
        let number = idea.whole_number(key)?;
        u8::try_from(number).ok()
    };
    score(figure("excitement"), figure("feasibility"))
}

fn status(idea: &Record) -> &str {
    let word = idea.word("status").unwrap_or_default();
    match Status::read(word) {
        Some(status) => status.label(),
        None => word,
    }
}
