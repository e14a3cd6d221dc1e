//! `wildlands log`: prints a day, or sets fields of it.
//!
//! All fields are checked before any is written; they are written together, exactly once. What is sensitive stays
//! masked unless it was asked to be revealed.

mod order;
mod show;

use std::ffi::OsString;

use crate::domain::ids::{RecordId, RequestId};
use crate::domain::log::DailyLog;
use crate::store::api::{Mutation, Write};

use super::connection::Connection;
use super::exit::{Exit, Failure};
use super::fields;
use super::form;
use super::output::{self, Output};
use super::settings;
use super::sheet::Sheet;
use order::Order;
use show::View;

/// Print a day, or set fields of it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
DATE is today unless given: 2026-11-23, yesterday, -3 (days ago), mon (the latest), 23, 11-23.
Field names may be written mentalClarity, mental_clarity or mental-clarity.
  FIELD=       clears the field
  FIELD=-      reads the text from standard input (FIELD=@- on any field)
  several values of a list are given with commas: triggersEncountered=red,green

Arguments can be seen by others on this machine while a command runs; give private texts by standard input.

Examples:
  wildlands log
  wildlands log yesterday --reveal
  wildlands log mood=7 energy=6 exercise=yes
  wildlands log -2 sleep-hours=6.5 leakTypes=phone,car
  wildlands log driftCheck=- < note.txt
  wildlands log --json | jq .data.mood")]
pub struct Arguments {
    /// The day, and what to set
    #[arg(value_name = "DATE | FIELD=VALUE", allow_negative_numbers = true)]
    words: Vec<OsString>,
    /// Print JSON; masked values are null and named under `masked`
    #[arg(long)]
    json: bool,
    /// Show sensitive values
    #[arg(long)]
    reveal: bool,
    /// Print the fields without an answer too
    #[arg(long)]
    full: bool,
}

pub(super) fn run(arguments: &Arguments, form: &form::Choice) -> Result<(), Failure> {
    let form = form.load()?;
    let today = settings::heeded().today();
    let order = Order::read(&arguments.words, &form, today, &mut fields::standard_input)?;
    let output = Output::standard();
    let view = View(Sheet {
        form: &form,
        output,
        reveal: arguments.reveal,
        full: arguments.full,
    });
    if order.patch.is_empty() {
        let day = super::block_on(read(&order))?;
        return output::print(&if arguments.json {
            output.json(&view.json(order.date, day.as_ref()))
        } else {
            view.text(order.date, day.as_ref())
        });
    }
    fields::warn_of_exposed(&order.exposed);
    let day = super::block_on(write(&order))?;
    if arguments.json {
        return output::print(&output.json(&view.json(order.date, Some(&day))));
    }
    output::print(&view.saved(order.date, &order.patch, &day))
}

async fn read(order: &Order) -> Result<Option<DailyLog>, Failure> {
    let connection = Connection::open().await?;
    connection.day(order.date).await
}

async fn write(order: &Order) -> Result<DailyLog, Failure> {
    let fields = order.patch.keys().collect::<Vec<_>>().join(", ");
    let unsaved = format!("nothing was saved ({fields})");
    let mut connection = Connection::open()
        .await
        .map_err(|failure| failure.and(&unsaved))?;
    let mutation = Mutation::patch_log(RecordId::new(), order.date, order.patch.clone());
    let write = Write {
        request: RequestId::new(),
        mutation,
    };
    connection.write(&write).await.map_err(|failure| match failure.exit {
        // The link may have gone between the commit and its acknowledgement.
        Exit::TryAgain | Exit::Unavailable => failure.and(&format!(
            "whether {fields} was saved is not known; run the command again, which does no harm if it was"
        )),
        Exit::Success
        | Exit::Usage
        | Exit::BadData
        | Exit::Defect
        | Exit::CannotCreate
        | Exit::Io
        | Exit::Interrupted => failure.and(&unsaved),
    })
}
