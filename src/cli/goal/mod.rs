//! `wildlands goal`: makes goals, lists them with their week, shows one, sets its fields and its status.

mod known;
mod list;
mod show;

use std::ffi::OsString;

use clap::Subcommand;
use serde_json::Value;

pub(super) use known::{Known, Week, find, goals, own_check_ins, week_start};
pub(super) use show::{check_in_json, week_json};

use super::connection::Connection;
use super::exit::{Exit, Failure};
use super::fields::{self, Fields};
use super::lane::{Kind, Printing};
use crate::domain::goal::{Status, parse_minimum, show_minimum};
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;

const KIND: Kind = Kind {
    lane: Lane::Goals,
    facts,
    open: |_| Vec::new(),
};

/// Goals with their week: make, list, show, set, pause, archive
#[derive(Debug, clap::Args)]
#[command(after_help = "\
GOAL is the beginning of a title in any case, or of an id. `wildlands checkin` writes what was done.
minimum= is what a week asks for, and says what is counted: 3 for days, 20x for a count, 150m or 2h30 for time.
Further fields are description, startDate, dueDate, priority (1 trunk, 2 leaves, 3 low).

Examples:
  wildlands goal add \"Morning run\" domain=health minimum=3
  wildlands goal add Reading domain=ideas minimum=150m dueDate=2026-12-31
  wildlands goal list
  wildlands goal show read
  wildlands goal set read minimum=2h priority=1
  wildlands goal pause read")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(list::Arguments),
    Show(show::Arguments),
    Set(Set),
    /// Set a goal aside for a while
    Pause(Which),
    /// Keep a goal apart
    Archive(Which),
    /// Take a paused or archived goal up again
    Reactivate(Which),
    Delete(Delete),
    /// Bring a deleted one back, with its check-ins
    Restore(Which),
}

/// Delete a goal with its check-ins; `restore` brings them back
#[derive(Debug, clap::Args)]
struct Delete {
    /// The beginning of its title or id
    goal: String,
}

/// Make a goal
#[derive(Debug, clap::Args)]
struct Add {
    /// Its title
    title: OsString,
    /// What to set; domain= at least
    #[arg(value_name = "FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    #[command(flatten)]
    printing: Printing,
}

/// Set fields of a goal
#[derive(Debug, clap::Args)]
struct Set {
    /// The beginning of its title or id
    goal: String,
    /// What to set
    #[arg(value_name = "FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    #[command(flatten)]
    printing: Printing,
}

/// Which goal.
#[derive(Debug, clap::Args)]
struct Which {
    /// The beginning of its title or id
    goal: String,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Add(arguments) => add(arguments),
        Command::List(arguments) => list::run(*arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Set(arguments) => set(arguments),
        Command::Pause(which) => set_status(which, Status::Paused),
        Command::Archive(which) => set_status(which, Status::Archived),
        Command::Reactivate(which) => set_status(which, Status::Active),
        Command::Delete(which) => KIND.delete_one(one(&which.goal)?.goal.id, "goal"),
        Command::Restore(which) => KIND.restore_one(known::deleted(&which.goal)?, which.printing),
    }
}

/// What tells goals apart; none of it needs a mask.
fn facts(record: &Record) -> String {
    let word = |key: &str| record.word(key).unwrap_or_default();
    let minimum = known::read(record)
        .map(|known| show_minimum(known.goal.target, known.goal.weekly_minimum))
        .unwrap_or_default();
    let (domain, title, status) = (word("domain"), word("title"), word("status"));
    format!("{status}  {domain}  {title}  {minimum} a week")
}

fn add(arguments: &Add) -> Result<(), Failure> {
    // Named like any other field, or by itself.
    let is_named = arguments.title.as_encoded_bytes().starts_with(b"title=");
    let mut title = OsString::from(if is_named { "" } else { "title=" });
    title.push(&arguments.title);
    let words: Vec<OsString> = std::iter::once(title)
        .chain(arguments.words.iter().cloned())
        .collect();
    let patch = read(&words)?;
    for key in ["title", "domain"] {
        let given = patch.to_json(Way::Output);
        if given.get(key).is_none_or(Value::is_null) {
            let line = format!("a goal has a {key}; write {key}=… ");
            return Err(Failure::new(Exit::BadData, line.trim()).and("nothing was saved"));
        }
    }
    let made = KIND.make(patch.clone())?;
    KIND.tell(arguments.printing, &made, "saved", &patch)
}

fn set(arguments: &Set) -> Result<(), Failure> {
    let patch = read(&arguments.words)?;
    let goal = one(&arguments.goal)?;
    let changed = KIND.change(goal.goal.id, patch.clone())?;
    KIND.tell(arguments.printing, &changed, "saved", &patch)
}

fn set_status(which: &Which, status: Status) -> Result<(), Failure> {
    let goal = one(&which.goal)?;
    let patch = Patch::one("status", Some(Value::from(status.word())));
    let changed = KIND.change(goal.goal.id, patch)?;
    KIND.tell(which.printing, &changed, "saved", &Patch::default())
}

fn one(word: &str) -> Result<Known, Failure> {
    super::block_on(async {
        let connection = Connection::open().await?;
        find(&connection, word).await
    })
}

/// The fields of words. `minimum=` stands for two of them: how much, and what is counted.
fn read(words: &[OsString]) -> Result<Patch, Failure> {
    let mut input = fields::standard_input;
    let mut fields = Fields::of(Lane::Goals.form(), &mut input);
    let mut minimum = Patch::default();
    for word in words {
        let value = word.to_str().and_then(|word| word.strip_prefix("minimum="));
        match value.map(parse_minimum) {
            Some(Ok((target, weekly))) => {
                minimum = Patch::one("targetType", Some(Value::from(target.word())));
                minimum.merge(Patch::one("weeklyMinimum", Some(Value::from(weekly))));
            }
            Some(Err(error)) => fields.problem((Exit::BadData, error.to_string())),
            None => fields.word(word, "no field"),
        }
    }
    let set = fields
        .finish()
        .map_err(|failure| failure.and("nothing was saved"))?;
    let mut patch = set.patch;
    patch.merge(minimum);
    Ok(patch)
}
