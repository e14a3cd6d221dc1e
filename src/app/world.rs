//! What parts may look at: everything in the model but the parts themselves.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::backup::Shelf;
use crate::domain::form::LogForm;
use crate::domain::ids::{RecordId, RequestId};
use crate::domain::setting::Chosen;
use crate::store::api::{Link, Person, Standing};

use super::cache::Cache;
use super::command::{Command, Table};
use super::job::Jobs;
use super::keymap::{Keymap, SoFar};
use super::mask::Mask;
use super::message::Now;
use super::part::Tone;

pub use super::settings::Settings;

/// A line for the status row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is about something that went wrong.
    pub tone: Tone,
    /// One sentence, without any sensitive text.
    pub text: String,
}

/// A screen as the palette knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenKeys {
    /// Its name on the screen.
    pub title: &'static str,
    /// Where its keys are looked up; the first is its own.
    pub scopes: Vec<&'static str>,
}

/// What parts may look at.
#[derive(Debug)]
pub struct World {
    /// The moment of the message that is being handled, and the zone.
    pub now: Now,
    /// The local date.
    pub today: Date,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The daily log's form.
    pub form: Arc<LogForm>,
    /// What the program goes by.
    pub settings: Settings,
    /// What the person has set, and where.
    pub chosen: Chosen,
    /// Which key means what.
    pub keymap: Keymap,
    /// Keys of a sequence that is not complete yet.
    pub so_far: SoFar,
    /// All tables of commands, for the help.
    pub tables: Vec<Table>,
    /// The screens in the order of their tabs, for the palette.
    pub screens: Vec<ScreenKeys>,
    /// Commands that were run by their names, the latest first.
    pub recent: Vec<(&'static str, &'static str)>,
    /// What the store delivered.
    pub cache: Cache,
    /// The way to the database.
    pub link: Link,
    /// How it stands with the signals, once they have been calculated.
    pub drift: Option<Standing>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// What may be seen.
    pub mask: Mask,
    /// The line for the status row.
    pub notice: Option<Notice>,
    /// What is wrong from the start, said until a key is pressed.
    pub first_word: Option<String>,
    /// When the database last acknowledged a change.
    pub saved_at: Option<Timestamp>,
    /// The long jobs of this run.
    pub jobs: Jobs,
    /// Which backups are there and what is due, or why that is not known; nothing before anybody looked.
    pub shelf: Option<Result<Shelf, String>>,
    /// What holds for the whole run and stays on the Data screen, such as unverified TLS.
    pub standing_notices: Vec<String>,
}

impl World {
    /// Before anything is known but form, keys and the moment.
    #[must_use]
    pub fn new(now: Now, form: Arc<LogForm>, settings: Settings) -> Self {
        Self {
            today: now.date(),
            now,
            size: (80, 24),
            form,
            settings,
            chosen: Chosen::default(),
            keymap: Keymap::default(),
            so_far: SoFar::default(),
            tables: Vec::new(),
            screens: Vec::new(),
            recent: Vec::new(),
            cache: Cache::default(),
            link: Link::Connecting {
                attempt: 1,
                step: "starting",
            },
            drift: None,
            person: None,
            mask: Mask::default(),
            notice: None,
            first_word: None,
            saved_at: None,
            jobs: Jobs::default(),
            shelf: None,
            standing_notices: Vec::new(),
        }
    }

    /// What the program goes by follows from what was chosen.
    pub fn heed_chosen(&mut self) {
        self.settings = Settings::of(&self.chosen, self.form.view);
    }

    /// Which backups are there, if that is known.
    #[must_use]
    pub fn known_shelf(&self) -> Option<&Shelf> {
        self.shelf.as_ref()?.as_ref().ok()
    }

    /// Whether it is known, too, which databases were kept aside.
    #[must_use]
    pub fn shelf_is_whole(&self) -> bool {
        self.known_shelf().is_some_and(|shelf| shelf.kept.is_some())
    }

    /// The person's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.now.zone
    }

    /// Local time of day of a moment, `21:04`.
    #[must_use]
    pub fn clock(&self, moment: Timestamp) -> String {
        moment
            .to_zoned(self.zone().clone())
            .strftime("%H:%M")
            .to_string()
    }

    /// A command of a table.
    #[must_use]
    pub fn command(&self, scope: &str, name: &str) -> Option<&'static Command> {
        let table = self.tables.iter().find(|table| table.scope == scope)?;
        table.commands.iter().find(|command| command.name == name)
    }

    /// What was said of what is no longer in front goes; trouble stays.
    pub fn drop_plain_notice(&mut self) {
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.tone == Tone::Plain)
        {
            self.notice = None;
        }
    }

    /// An id for a new write.
    #[must_use]
    pub fn new_request(&self) -> RequestId {
        RequestId::new()
    }

    /// The id of the log of this date, or one for a new log.
    #[must_use]
    pub fn log_id(&self, date: Date) -> RecordId {
        self.cache
            .log(date)
            .map_or_else(RecordId::new, |log| log.id)
    }
}
