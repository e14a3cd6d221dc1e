//! What the subcommands of a lane do with one record, whatever the lane: print, set, delete, bring back.

use std::ffi::OsString;

use serde_json::Value;

use super::connection::Connection;
use super::exit::Failure;
use super::fields::{self, Fields, Set as FieldsSet};
use super::output::Output;
use super::sheet::Sheet;
use super::{output, record};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::store::api::{Listing, RecordChange};

/// The most that is asked for at once.
const PAGE: u16 = 200;

/// How records are printed.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Printing {
    /// Print JSON; masked values are null and named under `masked`
    #[arg(long)]
    json: bool,
    /// Show private values
    #[arg(long)]
    reveal: bool,
}

impl Printing {
    /// Whether it is JSON.
    #[must_use]
    pub fn json(self) -> bool {
        self.json
    }
}

/// Print one, with all its fields
#[derive(Debug, clap::Args)]
pub struct Show {
    /// Its id, as `list` shows it
    id: String,
    /// Print the fields without an answer too
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    printing: Printing,
}

impl Show {
    /// Whether it is JSON.
    #[must_use]
    pub fn json(&self) -> bool {
        self.printing.json
    }

    /// The id as it was typed.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Set fields of one
#[derive(Debug, clap::Args)]
pub struct Set {
    /// Its id, as `list` shows it
    id: String,
    /// What to set
    #[arg(value_name = "FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    #[command(flatten)]
    printing: Printing,
}

/// Delete one; `restore` brings it back
#[derive(Debug, clap::Args)]
pub struct Delete {
    /// Its id, as `list` shows it
    id: String,
}

/// Bring a deleted one back
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// Its id
    id: String,
    #[command(flatten)]
    printing: Printing,
}

/// How a lane's records are printed: its form, and one line of facts that need no mask.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The lane.
    pub lane: Lane,
    /// Status and what else tells records apart.
    pub facts: fn(&Record) -> String,
    /// What stands beside the fields in a document, and needs no mask.
    pub open: fn(&Record) -> Vec<(&'static str, Value)>,
}

impl Kind {
    /// How it is printed.
    #[must_use]
    pub fn sheet(self, printing: Printing, full: bool) -> Sheet<'static> {
        Sheet {
            form: self.lane.form(),
            output: Output::standard(),
            reveal: printing.reveal,
            full,
        }
    }

    fn document(self, sheet: &Sheet<'_>, record: &Record) -> Value {
        record::json(sheet, record, &(self.open)(record))
    }

    fn head(self, sheet: &Sheet<'_>, record: &Record) -> String {
        let facts = (self.facts)(record);
        format!("{}  {}\n", record.id, sheet.output.line(&facts))
    }

    /// Prints at most so many of those whose fields have these words, the one changed last first; `none` is said where
    /// there is none.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub fn list(
        self,
        only: Vec<(&'static str, Vec<String>)>,
        limit: usize,
        printing: Printing,
        none: &str,
    ) -> Result<(), Failure> {
        let mut listing = Listing::new(self.lane, PAGE);
        listing.only = only;
        let found = super::block_on(async {
            let connection = Connection::open().await?;
            record::list(&connection, listing, limit).await
        })?;
        self.print_all(printing, &found, none)
    }

    /// Prints several, a line each or as a list of documents; `none` is said where there is none.
    ///
    /// # Errors
    /// Standard output does not take it.
    pub fn print_all(
        self,
        printing: Printing,
        records: &[Record],
        none: &str,
    ) -> Result<(), Failure> {
        let sheet = self.sheet(printing, false);
        if printing.json {
            let documents = records.iter().map(|one| self.document(&sheet, one));
            return output::print(&sheet.output.json(&documents.collect()));
        }
        if records.is_empty() {
            return output::print(&format!("{none}\n"));
        }
        let lines: Vec<String> = records.iter().map(|one| self.head(&sheet, one)).collect();
        output::print(&lines.concat())
    }

    /// Says what was done with one, and what was set.
    ///
    /// # Errors
    /// Standard output does not take it.
    pub fn tell(
        self,
        printing: Printing,
        one: &Record,
        done: &str,
        patch: &Patch,
    ) -> Result<(), Failure> {
        let sheet = self.sheet(printing, false);
        if printing.json {
            return output::print(&sheet.output.json(&self.document(&sheet, one)));
        }
        let set = sheet.set(patch, &|field| one.value(field));
        output::print(&format!("{}{set}{done}\n", self.head(&sheet, one)))
    }

    /// Prints one.
    ///
    /// # Errors
    /// There is none; as the database and the way to it report them.
    pub fn show(self, arguments: &Show) -> Result<(), Failure> {
        let one = self.one(&arguments.id)?;
        let sheet = self.sheet(arguments.printing, arguments.full);
        if arguments.printing.json {
            return output::print(&sheet.output.json(&self.document(&sheet, &one)));
        }
        let mut text = self.head(&sheet, &one);
        text.push_str(&sheet.sections(&|field| one.value(field)));
        text.push_str(sheet.advice(&text));
        output::print(&text)
    }

    /// The record of an id as it was typed, whole.
    ///
    /// # Errors
    /// There is none; as the database and the way to it report them.
    pub fn one(self, id: &str) -> Result<Record, Failure> {
        let id = record::id(id)?;
        super::block_on(async {
            let connection = Connection::open().await?;
            record::whole(&connection, self.lane, id).await
        })
    }

    /// Sets fields of one.
    ///
    /// # Errors
    /// As the fields, the database and the way to it report them.
    pub fn set(self, arguments: &Set) -> Result<(), Failure> {
        let id = record::id(&arguments.id)?;
        let set = self.read(&arguments.words)?;
        let one = self.change(id, set.patch.clone())?;
        self.tell(arguments.printing, &one, "saved", &set.patch)
    }

    /// The fields of words; private ones are warned of.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn read(self, words: &[OsString]) -> Result<FieldsSet, Failure> {
        let mut input = fields::standard_input;
        let mut fields = Fields::of(self.lane.form(), &mut input);
        for word in words {
            fields.word(word, "no field");
        }
        let set = fields
            .finish()
            .map_err(|failure| failure.and("nothing was saved"))?;
        fields::warn_of_exposed(&set.exposed);
        Ok(set)
    }

    /// Makes one with these fields.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub fn make(self, patch: Patch) -> Result<Record, Failure> {
        let (id, change) = (RecordId::new(), RecordChange::Create(patch));
        self.write(id, change, "it")?
            .ok_or_else(|| record::missing(self.lane, id))
    }

    /// Changes these fields of one.
    ///
    /// # Errors
    /// There is none; as the database and the way to it report them.
    pub fn change(self, id: RecordId, patch: Patch) -> Result<Record, Failure> {
        let base = Base::Any;
        self.write(id, RecordChange::Set { patch, base }, "the change")?
            .ok_or_else(|| record::missing(self.lane, id))
    }

    fn write(
        self,
        id: RecordId,
        change: RecordChange,
        what: &str,
    ) -> Result<Option<Record>, Failure> {
        super::block_on(async {
            let mut connection = Connection::open()
                .await
                .map_err(|failure| failure.and("nothing was saved"))?;
            record::change(&mut connection, self.lane, id, change, what).await
        })
    }

    /// Deletes one. `command` is how it is brought back: `teach`.
    ///
    /// # Errors
    /// There is none; as the database and the way to it report them.
    pub fn delete(self, arguments: &Delete, command: &str) -> Result<(), Failure> {
        let id = self.one(&arguments.id)?.id;
        self.delete_one(id, command)
    }

    /// Deletes the one of this id, which is there.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub fn delete_one(self, id: RecordId, command: &str) -> Result<(), Failure> {
        self.write(id, RecordChange::Delete, "the deletion")?;
        output::print(&format!(
            "{id}\ndeleted; `wildlands {command} restore {id}` brings it back\n"
        ))
    }

    /// Brings a deleted one back.
    ///
    /// # Errors
    /// None was deleted; as the database and the way to it report them.
    pub fn restore(self, arguments: &Restore) -> Result<(), Failure> {
        self.restore_one(record::id(&arguments.id)?, arguments.printing)
    }

    /// Brings the deleted one of this id back.
    ///
    /// # Errors
    /// None was deleted; as the database and the way to it report them.
    pub fn restore_one(self, id: RecordId, printing: Printing) -> Result<(), Failure> {
        let back = self.write(id, RecordChange::Restore, "the deletion")?;
        let one = back.ok_or_else(|| record::missing(self.lane, id))?;
        self.tell(printing, &one, "brought back", &Patch::default())
    }
}
