//! Signals as text and as JSON.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::domain::dates;
use crate::domain::drift::{Episode, Signal};

/// Columns of the type's word.
const WORD: usize = 17;

/// Prints the signals of a day, and where there are none what a signal needs.
pub(super) fn day(
    today: Date,
    signals: &[Signal],
    needed: &[(String, u32, u32)],
    as_json: bool,
) -> Result<(), Failure> {
    let output = Output::standard();
    if as_json {
        let signals: Vec<Value> = signals
            .iter()
            .map(|one| Value::Object(of_signal(one)))
            .collect();
        let needed: Vec<Value> = needed
            .iter()
            .map(|(label, observed, needed)| json!({ "field": label, "observed": observed, "needed": needed }))
            .collect();
        let document = json!({ "asOf": today, "signals": signals, "data": needed });
        return output::print(&output.json(&document));
    }
    let mut text = String::new();
    for signal in signals {
        sentence(&mut text, output, signal);
    }
    if signals.is_empty() {
        let _ = writeln!(text, "No signals, {}.", dates::long(today));
        let few = needed
            .iter()
            .filter(|(_, observed, needed)| observed < needed);
        for (label, observed, needed) in few {
            let line = format!("{label}: {observed} of {needed} days observed");
            let _ = writeln!(text, "  {}", output.line(&line));
        }
    }
    output::print(&text)
}

/// Prints the episodes of a time.
pub(super) fn time(
    from: Date,
    to: Date,
    episodes: &[Episode],
    as_json: bool,
) -> Result<(), Failure> {
    let output = Output::standard();
    if as_json {
        let signals: Vec<Value> = episodes.iter().map(of_episode).collect();
        let document = json!({ "from": from, "to": to, "signals": signals });
        return output::print(&output.json(&document));
    }
    let mut text = String::new();
    for episode in episodes {
        sentence(&mut text, output, &episode.signal);
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

fn sentence(text: &mut String, output: Output, signal: &Signal) {
    let line = output.line(&signal.sentence).into_owned();
    for (place, line) in output.wrapped(&line, WORD).iter().enumerate() {
        let word = if place == 0 {
            signal.kind.word().replace('_', "-")
        } else {
            String::new()
        };
        let _ = writeln!(text, "{word:WORD$}{line}");
    }
}

fn of_signal(signal: &Signal) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("type", json!(signal.kind.word()));
    put("subject", json!(signal.subject));
    put(
        "window",
        json!({ "from": signal.window_start, "to": signal.window_end }),
    );
    put("sentence", json!(signal.sentence));
    put("evidence", signal.evidence.to_json());
    object
}

fn of_episode(episode: &Episode) -> Value {
    let mut object = of_signal(&episode.signal);
    object.insert("firstSeen".to_owned(), json!(episode.first_seen));
    object.insert("lastSeen".to_owned(), json!(episode.last_seen));
    object.insert("ended".to_owned(), json!(episode.ended));
    Value::Object(object)
}
