//! Signals as text and as JSON.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Days;
use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::domain::dates;
use crate::domain::drift::{self, Episode, History, Settings, Signal, SignalType};
use crate::domain::form::LogForm;

/// Columns of the type's word.
pub(super) const WORD: usize = 17;

/// What stands for a sentence that is masked.
pub(super) const MASKED: &str = "(masked; --reveal shows it)";

/// How signals are printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printing {
    /// As JSON.
    pub json: bool,
    /// What is said of sensitive fields too.
    pub reveal: bool,
}

impl Printing {
    /// Whether what a signal says is left out.
    pub fn masks(self, kind: SignalType, subject: &str, form: &LogForm) -> bool {
        !self.reveal && drift::is_private(kind, subject, form)
    }
}

/// Computes and prints the signals of a day or the episodes of a time.
pub(super) fn computed(
    printing: Printing,
    days: Days,
    history: &History,
    settings: &Settings,
    form: &LogForm,
) -> Result<(), Failure> {
    match days {
        Days::One(today) => {
            let signals = drift::evaluate(history, today, settings);
            let needed = drift::data_needed(history, today, settings);
            day(printing, today, &signals, &needed, form)
        }
        Days::All(from, to) => {
            let episodes = drift::replay(history, from, to, settings);
            time(printing, (from, to), &episodes, form)
        }
    }
}

/// Prints the signals of a day, and where there are none what a signal needs.
fn day(
    printing: Printing,
    today: Date,
    signals: &[Signal],
    needed: &[(String, u32, u32)],
    form: &LogForm,
) -> Result<(), Failure> {
    let output = Output::standard();
    if printing.json {
        let signals: Vec<Value> = signals
            .iter()
            .map(|one| Value::Object(of_signal(one, printing, form)))
            .collect();
        let document = json!({ "asOf": today, "signals": signals, "data": data(needed) });
        return output::print(&output.json(&document));
    }
    let mut text = String::new();
    for signal in signals {
        of_one(&mut text, output, signal, printing, form);
    }
    if signals.is_empty() {
        let _ = writeln!(text, "No signals, {}.", dates::long(today));
        text.push_str(&missing(output, needed));
    }
    output::print(&text)
}

/// What there is of what signals need, as JSON.
pub(super) fn data(needed: &[(String, u32, u32)]) -> Vec<Value> {
    let needed = needed.iter();
    needed
        .map(|(label, observed, needed)| {
            json!({ "field": label, "observed": observed, "needed": needed })
        })
        .collect()
}

/// A line for each field of which there are too few days.
pub(super) fn missing(output: Output, needed: &[(String, u32, u32)]) -> String {
    let mut text = String::new();
    let few = needed
        .iter()
        .filter(|(_, observed, needed)| observed < needed);
    for (label, observed, needed) in few {
        let line = format!("{label}: {observed} of {needed} days observed");
        let _ = writeln!(text, "  {}", output.line(&line));
    }
    text
}

/// Prints the episodes of a time.
fn time(
    printing: Printing,
    (from, to): (Date, Date),
    episodes: &[Episode],
    form: &LogForm,
) -> Result<(), Failure> {
    let output = Output::standard();
    if printing.json {
        let signals: Vec<Value> = episodes
            .iter()
            .map(|episode| of_episode(episode, printing, form))
            .collect();
        let document = json!({ "from": from, "to": to, "signals": signals });
        return output::print(&output.json(&document));
    }
    let mut text = String::new();
    for episode in episodes {
        of_one(&mut text, output, &episode.signal, printing, form);
        let end = match episode.ended {
            Some(date) => format!("ended {}", dates::long(date)),
            None => format!("lasts on {}", dates::long(episode.last_seen)),
        };
        let _ = writeln!(
            text,
            "{:WORD$}first seen {}, {end}",
            "",
            dates::long(episode.first_seen)
        );
    }
    if episodes.is_empty() {
        let _ = writeln!(
            text,
            "No signals, {} to {}.",
            dates::long(from),
            dates::long(to)
        );
    }
    output::print(&text)
}

fn of_one(text: &mut String, output: Output, signal: &Signal, printing: Printing, form: &LogForm) {
    let is_masked = printing.masks(signal.kind, &signal.subject, form);
    let said = if is_masked { MASKED } else { &signal.sentence };
    sentence(text, output, signal.kind, said);
}

/// A sentence behind the word of its type, on as many lines as it takes.
pub(super) fn sentence(text: &mut String, output: Output, kind: SignalType, said: &str) {
    let line = output.line(said).into_owned();
    for (place, line) in output.wrapped(&line, WORD).iter().enumerate() {
        let word = if place == 0 {
            kind.word().replace('_', "-")
        } else {
            String::new()
        };
        let _ = writeln!(text, "{word:WORD$}{line}");
    }
}

fn of_signal(signal: &Signal, printing: Printing, form: &LogForm) -> Map<String, Value> {
    let is_masked = printing.masks(signal.kind, &signal.subject, form);
    let unless_masked = |value: Value| if is_masked { Value::Null } else { value };
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("type", json!(signal.kind.word()));
    put("subject", json!(signal.subject));
    put(
        "window",
        json!({ "from": signal.window_start, "to": signal.window_end }),
    );
    put("masked", json!(is_masked));
    put("sentence", unless_masked(json!(signal.sentence)));
    put("evidence", unless_masked(signal.evidence.to_json()));
    object
}

fn of_episode(episode: &Episode, printing: Printing, form: &LogForm) -> Value {
    let mut object = of_signal(&episode.signal, printing, form);
    object.insert("firstSeen".to_owned(), json!(episode.first_seen));
    object.insert("lastSeen".to_owned(), json!(episode.last_seen));
    object.insert("ended".to_owned(), json!(episode.ended));
    Value::Object(object)
}
