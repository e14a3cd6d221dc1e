//! What is done to one idea: `wildlands idea set`, `move`, `delete`, `restore`.

use std::ffi::OsString;

use jiff::civil::Date;
use serde_json::Value;

use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::fields::{self, Fields};
use crate::cli::{output, record, settings};
use crate::domain::dates;
use crate::domain::idea::{Status, review_default};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::store::api::RecordChange;

use super::Printing;
use super::list::status;
use super::view::View;

/// Set fields of an idea
#[derive(Debug, clap::Args)]
pub struct Set {
    /// The idea's id, as `list` shows it
    id: String,
    /// What to set
    #[arg(value_name = "FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    #[command(flatten)]
    printing: Printing,
}

/// Move an idea along the pipeline
#[derive(Debug, clap::Args)]
#[command(after_help = "\
draft            to parked, reality_checked, discarded
parked           to draft, reality_checked, promoted, discarded
reality_checked  to parked, promoted, discarded
promoted         to shipped, parked, discarded
shipped          to archived
discarded        to archived, draft")]
pub struct Move {
    /// The idea's id, as `list` shows it
    id: String,
    /// Where to
    status: String,
    /// When a parked idea is looked at again [default: in four weeks]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    review_on: Option<String>,
    #[command(flatten)]
    printing: Printing,
}

/// Delete an idea; `restore` brings it back
#[derive(Debug, clap::Args)]
pub struct Delete {
    /// The idea's id, as `list` shows it
    id: String,
}

/// Bring a deleted idea back
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The idea's id
    id: String,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn set(arguments: &Set) -> Result<(), Failure> {
    let id = record::id(&arguments.id)?;
    let mut input = fields::standard_input;
    let mut fields = Fields::of(Lane::Ideas.form(), &mut input);
    for word in &arguments.words {
        fields.word(word, "no field");
    }
    let set = fields
        .finish()
        .map_err(|failure| failure.and("nothing was saved"))?;
    fields::warn_of_exposed(&set.exposed);
    let idea = crate::cli::block_on(async {
        let mut connection = open().await?;
        change(&mut connection, id, set.patch.clone()).await
    })?;
    tell(arguments.printing, &idea, "saved", &set.patch)
}

pub(super) fn step(arguments: &Move) -> Result<(), Failure> {
    let id = record::id(&arguments.id)?;
    let to = status(&arguments.status)?;
    let today = settings::heeded().today();
    let review_on = review_on(arguments, to, today)?;
    let (idea, patch) = crate::cli::block_on(async {
        let mut connection = open().await?;
        let idea = record::whole(&connection, Lane::Ideas, id).await?;
        let from = idea.word("status").and_then(Status::read);
        if let Some(Err(refused)) = from.map(|from| from.check_move(to)) {
            return Err(Failure::new(Exit::BadData, refused.to_string()).and("nothing was saved"));
        }
        let mut patch = Patch::one("status", Some(Value::from(to.word())));
        if let Some(date) = review_on {
            patch.merge(Patch::one("reviewOn", Some(Value::from(date.to_string()))));
        }
        let idea = change(&mut connection, id, patch.clone()).await?;
        Ok((idea, patch))
    })?;
    tell(arguments.printing, &idea, &format!("now {to}"), &patch)
}

/// When the idea is looked at again: parking asks for it.
fn review_on(arguments: &Move, to: Status, today: Date) -> Result<Option<Date>, Failure> {
    match (&arguments.review_on, to) {
        (None, Status::Parked) => Ok(Some(review_default(today))),
        (None, _) => Ok(None),
        (Some(date), Status::Parked) => dates::parse_date(date, today)
            .map(Some)
            .map_err(|error| Failure::new(Exit::BadData, error.to_string())),
        (Some(_), other) => {
            let line = format!(
                "--review-on belongs to parking; an idea that is {other} has no review date to wait for"
            );
            Err(Failure::new(Exit::Usage, line))
        }
    }
}

pub(super) fn delete(arguments: &Delete) -> Result<(), Failure> {
    let id = record::id(&arguments.id)?;
    crate::cli::block_on(async {
        let mut connection = open().await?;
        record::whole(&connection, Lane::Ideas, id).await?;
        record::change(
            &mut connection,
            Lane::Ideas,
            id,
            RecordChange::Delete,
            "the deletion",
        )
        .await
    })?;
    output::print(&format!(
        "{id}\ndeleted; `wildlands idea restore {id}` brings it back\n"
    ))
}

pub(super) fn restore(arguments: &Restore) -> Result<(), Failure> {
    let id = record::id(&arguments.id)?;
    let idea = crate::cli::block_on(async {
        let mut connection = open().await?;
        let back = RecordChange::Restore;
        record::change(&mut connection, Lane::Ideas, id, back, "the idea").await
    })?;
    let Some(idea) = idea else {
        let line = format!("no idea {id} was deleted; nothing was changed");
        return Err(Failure::new(Exit::BadData, line));
    };
    tell(arguments.printing, &idea, "brought back", &Patch::default())
}

async fn open() -> Result<Connection, Failure> {
    Connection::open()
        .await
        .map_err(|failure| failure.and("nothing was saved"))
}

async fn change(
    connection: &mut Connection,
    id: RecordId,
    patch: Patch,
) -> Result<Record, Failure> {
    let change = RecordChange::Set {
        patch,
        base: Base::Any,
    };
    let idea = record::change(connection, Lane::Ideas, id, change, "the change").await?;
    idea.ok_or_else(|| record::missing(Lane::Ideas, id))
}

fn tell(printing: Printing, idea: &Record, done: &str, patch: &Patch) -> Result<(), Failure> {
    let view = View::of(printing, false);
    output::print(&if printing.json {
        view.sheet.output.json(&view.json(idea))
    } else {
        view.said(idea, done, patch)
    })
}
