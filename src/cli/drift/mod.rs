//! `wildlands drift`: the signals of a day, or of every day of a time.

mod answer;
mod input;
mod show;
mod stored;
mod subjects;

use std::path::PathBuf;

use jiff::civil::Date;

use super::exit::{Exit, Failure};
use super::form;
use crate::domain::dates;

/// Show what has moved: factual observations against your own typical values
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A signal says what was observed, over which dates, and against what. Without --input the open signals of the database are
calculated anew and listed; --all lists the acknowledged, snoozed and ended ones too. With --input they are computed from an
export, without a database; the day is then the one of the export unless --as-of names another. Sensitive fields, faith and
family are in it only where they were opted in, and what is said of a sensitive field is masked unless --reveal is given.
The JSON is described in docs/drift.md.

Examples:
  wildlands drift
  wildlands drift --all --json
  wildlands drift snooze 0193… +14 exam weeks
  wildlands drift fields                     what takes part, and how many days are there
  wildlands drift exclude alcohol
  wildlands drift --input export.json
  wildlands export - | wildlands drift --input - --json
  wildlands drift --input export.json --as-of 2026-11-16 --json
  wildlands drift --input export.json --replay 2026-01-01..2026-11-16")]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Compute from this export instead of the database; `-` is standard input
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The day whose signals are asked for
    #[arg(long, value_name = "DATE", conflicts_with = "replay")]
    as_of: Option<String>,
    /// Day by day over a time: when each signal first appeared, and when it ended
    #[arg(long, value_name = "FROM..TO")]
    replay: Option<String>,
    /// List the acknowledged, snoozed and ended signals of the database too
    #[arg(long, conflicts_with_all = ["as_of", "replay", "input"])]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Show what is said of sensitive fields
    #[arg(long)]
    reveal: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Acknowledge(answer::Acknowledge),
    Snooze(answer::Snooze),
    Reopen(answer::Reopen),
    Fields(subjects::Fields),
    Include(subjects::Include),
    Exclude(subjects::Exclude),
    Default(subjects::Default),
}

/// Which days are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    /// One.
    One(Date),
    /// Every one of a time.
    All(Date, Date),
}

pub(super) fn run(arguments: &Arguments, form: &form::Choice) -> Result<(), Failure> {
    if let Some(command) = &arguments.command {
        arguments.stand_alone()?;
        return match command {
            Command::Acknowledge(arguments) => answer::acknowledge(arguments),
            Command::Snooze(arguments) => answer::snooze(arguments),
            Command::Reopen(arguments) => answer::reopen(arguments),
            Command::Fields(arguments) => subjects::fields(arguments, form),
            Command::Include(arguments) => subjects::include(arguments, form),
            Command::Exclude(arguments) => subjects::exclude(arguments, form),
            Command::Default(arguments) => subjects::default(arguments, form),
        };
    }
    match &arguments.input {
        Some(path) => input::run(arguments, path, form),
        None => stored::run(arguments, form),
    }
}

/// The longest time that is replayed: thirty years.
const LONGEST: i32 = 10_960;

impl Arguments {
    fn printing(&self) -> show::Printing {
        show::Printing {
            json: self.json,
            reveal: self.reveal,
        }
    }

    /// What is asked of the list means nothing before a subcommand.
    fn stand_alone(&self) -> Result<(), Failure> {
        let given = [
            (self.input.is_some(), "--input"),
            (self.as_of.is_some(), "--as-of"),
            (self.replay.is_some(), "--replay"),
            (self.all, "--all"),
            (self.json, "--json"),
            (self.reveal, "--reveal"),
        ];
        match given.into_iter().find(|(is_given, _)| *is_given) {
            None => Ok(()),
            Some((_, name)) => {
                let line =
                    format!("{name} is about the list; it does not stand before a subcommand");
                Err(Failure::new(Exit::Usage, line))
            }
        }
    }

    /// The days asked for; `today` where none is named.
    fn days(&self, today: Date) -> Result<Days, Failure> {
        let read = |text: &str| {
            dates::parse_date(text, today)
                .map_err(|error| Failure::new(Exit::BadData, error.to_string()))
        };
        let Some(replay) = &self.replay else {
            return match &self.as_of {
                Some(date) => read(date).map(Days::One),
                None => Ok(Days::One(today)),
            };
        };
        let Some((from, to)) = replay.split_once("..") else {
            let line = "--replay is two dates with two dots between: 2026-01-01..2026-11-16";
            return Err(Failure::new(Exit::Usage, line));
        };
        let (from, to) = (read(from)?, read(to)?);
        if to < from {
            let line = format!("--replay: {to} is before {from}; the earlier date comes first");
            return Err(Failure::new(Exit::BadData, line));
        }
        if dates::days_between(from, to) > LONGEST {
            let line = "--replay: at most thirty years at once";
            return Err(Failure::new(Exit::BadData, line));
        }
        Ok(Days::All(from, to))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    fn days(as_of: Option<&str>, replay: Option<&str>) -> Result<Days, Failure> {
        let arguments = Arguments {
            command: None,
            input: None,
            all: false,
            reveal: false,
            as_of: as_of.map(str::to_owned),
            replay: replay.map(str::to_owned),
            json: false,
        };
        arguments.days(date(2026, 11, 23))
    }

    #[test]
    fn days_are_one_or_a_time() {
        assert_eq!(days(None, None), Ok(Days::One(date(2026, 11, 23))));
        assert_eq!(
            days(Some("yesterday"), None),
            Ok(Days::One(date(2026, 11, 22)))
        );
        let time = days(None, Some("2026-01-01..2026-11-16"));
        assert_eq!(time, Ok(Days::All(date(2026, 1, 1), date(2026, 11, 16))));
        for (text, exit) in [
            ("2026-01-01", Exit::Usage),
            ("2026-02-01..2026-01-01", Exit::BadData),
            ("2026-13-01..2026-01-01", Exit::BadData),
            ("1990-01-01..2026-01-01", Exit::BadData),
        ] {
            assert_eq!(days(None, Some(text)).unwrap_err().exit, exit, "{text}");
        }
    }
}
