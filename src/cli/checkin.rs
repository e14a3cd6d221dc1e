//! `wildlands checkin`: writes what was done for a goal on a day.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::connection::Connection;
use super::exit::{Exit, Failure};
use super::fields::{self, Fields, Set};
use super::goal::{Known, Week, check_in_json, find, own_check_ins, week_json};
use super::output::{self, Output};
use super::record;
use crate::domain::dates;
use crate::domain::goal::{CheckIn, Progress, read_order, words};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;
use crate::domain::text::printable;
use crate::store::api::{Listing, RecordChange};

/// Check in on a goal: today or an earlier day, with an amount where the goal counts one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
GOAL is the beginning of a title in any case, or of an id. DATE is today unless given: yesterday, -3 (days ago), mon,
23, 11-23, 2026-11-23. AMOUNT is a count, or minutes as 45, 45m, 1h30 or 1:30; the last word is one where it reads as one.
Fields are score=1 … 10, note=…, completed=no. A check-in of the day that is there already is changed.

Arguments can be seen by others on this machine while a command runs; note=- reads the note from standard input.

Examples:
  wildlands checkin run
  wildlands checkin run yesterday score=7
  wildlands checkin reading 45
  wildlands checkin reading mon 1h30 note=-
  wildlands checkin run --take-back")]
pub struct Arguments {
    /// The beginning of its title or id
    goal: String,
    /// The day, how much, and what else to set
    #[arg(
        value_name = "DATE | AMOUNT | FIELD=VALUE",
        allow_negative_numbers = true
    )]
    words: Vec<OsString>,
    /// Delete the day's check-in
    #[arg(long)]
    take_back: bool,
    /// Print JSON; masked values are null and named under `masked`
    #[arg(long)]
    json: bool,
    /// Show the note of a goal of faith or family
    #[arg(long)]
    reveal: bool,
}

/// What came of it.
struct Done {
    known: Known,
    date: Date,
    /// None after it was taken back.
    written: Option<Record>,
    week: Progress,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let week = Week::heeded();
    let split = arguments
        .words
        .iter()
        .position(|word| word.as_bytes().contains(&b'='))
        .unwrap_or(arguments.words.len());
    let (plain, rest) = arguments.words.split_at(split);
    let plain: Vec<&str> = plain
        .iter()
        .map(|word| fields::utf8(word))
        .collect::<Result<_, _>>()
        .map_err(|(exit, line)| Failure::new(exit, line))?;
    let set = read_fields(rest)?;
    if arguments.take_back && !set.patch.is_empty() {
        let line = "--take-back deletes the check-in, so there are no fields to set";
        return Err(Failure::new(Exit::Usage, line));
    }
    let done = super::block_on(write(arguments, &plain, &set, week))?;
    tell(arguments, &done)
}

fn read_fields(words: &[OsString]) -> Result<Set, Failure> {
    let mut input = fields::standard_input;
    let mut fields = Fields::of(Lane::CheckIns.form(), &mut input);
    for word in words {
        fields.word(word, "neither a date nor an amount in first place");
    }
    fields
        .finish()
        .map_err(|failure| failure.and("nothing was saved"))
}

async fn write(
    arguments: &Arguments,
    plain: &[&str],
    set: &Set,
    week: Week,
) -> Result<Done, Failure> {
    let unsaved = |failure: Failure| failure.and("nothing was saved");
    let mut connection = Connection::open().await.map_err(unsaved)?;
    let known = find(&connection, &arguments.goal).await.map_err(unsaved)?;
    let goal = &known.goal;
    let order = read_order(plain, goal.target, week.today)
        .map_err(|error| unsaved(Failure::new(Exit::BadData, error.to_string())))?;
    let of_day = Listing::check_ins_of_goal(goal.id, order.date, order.date);
    let there = own_check_ins(&connection, of_day).await.map_err(unsaved)?;
    let there = there.into_iter().next().map(|(record, _)| record);
    let (id, change) = if arguments.take_back {
        let Some(there) = there else {
            let line = format!("there is no check-in on {}", dates::long(order.date));
            return Err(unsaved(Failure::new(Exit::BadData, line)));
        };
        (there.id, RecordChange::Delete)
    } else {
        let patch = patch(&known, order.amount, set, there.is_none()).map_err(unsaved)?;
        if goal.has_private_notes() {
            fields::warn_of_exposed(&set.exposed);
        }
        changed(&known, order.date, patch, there)
    };
    let what = "the check-in";
    let written = record::change(&mut connection, Lane::CheckIns, id, change, what).await?;
    let listing = Listing::check_ins_of_week(week.of(order.date));
    let check_ins = own_check_ins(&connection, listing).await?;
    Ok(Done {
        week: week.progress(goal, order.date, &check_ins),
        date: order.date,
        written,
        known,
    })
}

/// The fields to write: what was given, and that it is done where nothing says otherwise.
fn patch(known: &Known, amount: Option<f64>, set: &Set, is_new: bool) -> Result<Patch, Failure> {
    let mut patch = Patch::default();
    let is_given = |key: &str| set.patch.keys().any(|given| given == key);
    if known.goal.target.takes_amount() && amount.is_none() && set.patch.is_empty() {
        let title = printable(&known.goal.title);
        let line = format!("“{title}” counts an amount; write it behind the goal");
        return Err(Failure::new(Exit::Usage, line));
    }
    if let Some(amount) = amount {
        patch.merge(Patch::one("amount", Some(Value::from(amount))));
    }
    if !is_given("completed") && (is_new || amount.is_some() || set.patch.is_empty()) {
        patch.merge(Patch::one("completed", Some(Value::Bool(true))));
    }
    patch.merge(set.patch.clone());
    Ok(patch)
}

fn changed(
    known: &Known,
    date: Date,
    fields: Patch,
    there: Option<Record>,
) -> (RecordId, RecordChange) {
    if let Some(there) = there {
        let base = Base::Any;
        return (
            there.id,
            RecordChange::Set {
                patch: fields,
                base,
            },
        );
    }
    let mut made = Patch::one("goalId", Some(Value::from(known.goal.id.to_string())));
    made.merge(Patch::one("date", Some(Value::from(date.to_string()))));
    made.merge(fields);
    let id = CheckIn::id_of(known.goal.id, date);
    (id, RecordChange::Create(made))
}

fn tell(arguments: &Arguments, done: &Done) -> Result<(), Failure> {
    let goal = &done.known.goal;
    let output = Output::standard();
    if arguments.json {
        let check_in = done
            .written
            .as_ref()
            .map(|record| check_in_json(record, goal, arguments.reveal));
        return output::print(&output.json(&json!({
            "goal": { "id": goal.id.to_string(), "title": goal.title },
            "date": done.date.to_string(),
            "checkIn": check_in,
            "counts": goal.covers(done.date),
            "week": week_json(&done.week),
        })));
    }
    let one = done
        .written
        .as_ref()
        .and_then(|record| CheckIn::of_fields(record.id, record.fields.expose(Way::Output)));
    let title = output.line(&goal.title);
    let (date, day) = (dates::long(done.date), words::day(goal, one.as_ref()));
    let note = if one.is_some_and(|one| one.has_note) {
        ", note"
    } else {
        ""
    };
    let figures = words::figures(goal, &done.week);
    let buffer = words::buffer_sentence(goal, &done.week);
    let last = if arguments.take_back {
        "taken back"
    } else {
        "saved"
    };
    let outside =
        words::outside(goal, done.date).map_or_else(String::new, |words| format!("{words}\n"));
    output::print(&format!(
        "{title}, {date}: {day}{note}\n{outside}that week {figures}, {buffer}\n{last}\n"
    ))
}
