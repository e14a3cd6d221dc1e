//! `wildlands doctor`: looks at everything that keeps the data safe, and says what to do.

use std::fmt::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::store::places::Places;
use crate::transfer::doctor::{self, Line, Patient, Verdict};
use crate::transfer::schedule::Plan;

use super::connection::source;
use super::exit::{Exit, Failure};
use super::output::{self, Output};
use super::settings;

/// Look at the server, the data, the files, the backups and the settings
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each line passes, warns or fails, and says what to do. Nothing is changed. It ends with 0 when nothing fails, warnings or
not, and with 69 when something does.

Examples:
  wildlands doctor
  wildlands doctor --json | jq -r '.lines[] | select(.verdict != \"pass\").todo'")]
pub struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Looks at everything and tells. `mistakes` are those in the person's files, which the program itself knows.
    ///
    /// # Errors
    /// Without a word where a line fails: it says why.
    pub fn examine(&self, mistakes: &[String]) -> Result<(), Failure> {
        let config = settings::read_quietly();
        let places = Places::from_env()
            .map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
        let plan = Plan::of(&config, &places);
        let source = source()?;
        let lines = super::block_on(async {
            Ok(doctor::examine(&Patient {
                source: &source,
                places: &places,
                plan: &plan,
                mistakes,
                zone: config.zone.now().iana_name().map(str::to_owned),
                now: Timestamp::now(),
            })
            .await)
        })?;
        let worst = lines.iter().map(|line| line.verdict).max();
        let worst = worst.unwrap_or(Verdict::Pass);
        let output = Output::standard();
        output::print(&if self.json {
            output.json(&document(&lines, worst))
        } else {
            text(&lines, output)
        })?;
        match worst {
            Verdict::Pass | Verdict::Warn => Ok(()),
            Verdict::Fail => Err(Failure::quiet(Exit::Unavailable)),
        }
    }

    /// The configuration directory, if there is a home.
    #[must_use]
    pub fn configuration(&self) -> Option<PathBuf> {
        Places::from_env().ok().map(|places| places.config)
    }
}

/// Columns of the names.
const NAMES: usize = 17;
/// Where what was found begins.
const INDENT: usize = NAMES + 7;

fn text(lines: &[Line], output: Output) -> String {
    let mut text = String::new();
    for line in lines {
        let (verdict, name) = (line.verdict.word(), line.name);
        let todo = format!("to do: {}", line.todo);
        let mut rows = output.wrapped(&line.found, INDENT);
        if !line.todo.is_empty() {
            rows.extend(output.wrapped(&todo, INDENT));
        }
        for (index, row) in rows.iter().enumerate() {
            let start = match index {
                0 => format!("{verdict}  {name:<NAMES$} "),
                _ => " ".repeat(INDENT),
            };
            let _ = writeln!(text, "{start}{row}");
        }
    }
    let count = |verdict| lines.iter().filter(|line| line.verdict == verdict).count();
    let (passed, warned, failed) = (
        count(Verdict::Pass),
        count(Verdict::Warn),
        count(Verdict::Fail),
    );
    let _ = writeln!(text, "{passed} pass, {warned} warn, {failed} fail");
    text
}

fn document(lines: &[Line], worst: Verdict) -> Value {
    let lines = lines.iter().map(|line| {
        json!({
            "name": line.name,
            "verdict": line.verdict.word(),
            "found": line.found,
            "todo": line.todo,
        })
    });
    json!({ "verdict": worst.word(), "lines": Value::Array(lines.collect()) })
}
