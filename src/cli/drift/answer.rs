//! What a person answers a signal.

use std::ffi::OsString;

use jiff::Timestamp;
use jiff::civil::Date;

use super::stored::{Read, facts};
use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::fields::{self, Fields};
use crate::cli::{block_on, output, record, settings};
use crate::domain::dates::{self, Toward};
use crate::domain::drift::{State, answer};
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::secret::Exit as Way;
use crate::store::api::RecordChange;

/// Acknowledge a signal: it is not among the open ones again while it lasts
#[derive(Debug, clap::Args)]
pub(super) struct Acknowledge {
    /// Its id, as `wildlands drift` shows it
    id: String,
}

/// Set a signal aside until a date
#[derive(Debug, clap::Args)]
pub(super) struct Snooze {
    /// Its id, as `wildlands drift` shows it
    id: String,
    /// Until when: 2026-12-05, +14, mon
    #[arg(allow_hyphen_values = true)]
    until: String,
    /// Why; arguments can be seen by others on this machine while a command runs, - reads standard input
    reason: Vec<String>,
}

/// Put an acknowledged or snoozed signal back among the open ones
#[derive(Debug, clap::Args)]
pub(super) struct Reopen {
    /// Its id, as `wildlands drift --all` shows it
    id: String,
}

pub(super) fn acknowledge(arguments: &Acknowledge) -> Result<(), Failure> {
    answered(&arguments.id, State::Acknowledged, None, Patch::default())
}

pub(super) fn reopen(arguments: &Reopen) -> Result<(), Failure> {
    answered(&arguments.id, State::Open, None, Patch::default())
}

pub(super) fn snooze(arguments: &Snooze) -> Result<(), Failure> {
    let today = settings::heeded().today();
    let unsaved = |line: String| Failure::new(Exit::BadData, line).and("nothing was saved");
    let until = dates::parse_date_toward(&arguments.until, today, Toward::Ahead)
        .map_err(|error| unsaved(error.to_string()))?;
    if until <= today {
        return Err(unsaved(format!(
            "{} has come already; a signal is snoozed until a day that is ahead",
            dates::long(until)
        )));
    }
    let mut reason = Patch::default();
    if !arguments.reason.is_empty() {
        let mut word = OsString::from("note=");
        word.push(arguments.reason.join(" "));
        let mut input = fields::standard_input;
        let mut read = Fields::of(Lane::Signals.form(), &mut input);
        read.word(&word, "no reason");
        let set = read
            .finish()
            .map_err(|failure| failure.and("nothing was saved"))?;
        fields::warn_of_exposed(&set.exposed);
        reason = set.patch;
    }
    answered(&arguments.id, State::Snoozed, Some(until), reason)
}

fn answered(id: &str, state: State, until: Option<Date>, reason: Patch) -> Result<(), Failure> {
    let id = record::id(id)?;
    let changed = block_on(async {
        let unsaved = |failure: Failure| failure.and("nothing was saved");
        let mut connection = Connection::open().await.map_err(unsaved)?;
        let there = record::whole(&connection, Lane::Signals, id)
            .await
            .map_err(unsaved)?;
        if there.word("state") == Some(State::Resolved.word()) {
            let line = "what this signal speaks of has ended; there is nothing left to answer";
            return Err(unsaved(Failure::new(Exit::BadData, line)));
        }
        let held = there.fields.expose(Way::Database);
        let (mut patch, figures) = answer(held, state, until, Timestamp::now());
        let mut texts = Patch::default();
        for key in reason.keys() {
            texts.merge(Patch::one(key, held.get(key).cloned()));
        }
        patch.merge(reason);
        let base = Base::Seen { texts, figures };
        let change = RecordChange::Set { patch, base };
        record::change(&mut connection, Lane::Signals, id, change, "the answer").await
    })?;
    let Some(signal) = changed else {
        return Err(record::missing(Lane::Signals, id));
    };
    let facts = Read::of(&signal).map_or_else(String::new, |read| facts(&signal, &read));
    output::print(&format!("{facts}\nsaved\n"))
}
