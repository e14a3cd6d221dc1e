//! The way of a subcommand to the database: the private server, or the one that the environment names.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::ids::UserId;
use crate::domain::log::DailyLog;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;
use crate::store::api::{DataStatus, Mutation, Write, Written};
use crate::store::connect::{self, Opened, Source};
use crate::store::embedded::Settings;
use crate::store::error::StoreError;
use crate::store::queries::users::Account;
use crate::store::queries::{logs, status, writes};
use crate::store::session::Session;
use crate::store::target::{self, Mode, Target};

use super::exit::{Exit, Failure};
use super::leftovers;
use super::output;

/// How often a write is sent again after the link was lost, before the person is asked to.
const RETRIES: u32 = 3;

/// Signed-in access, with this program's hold on the private server.
#[derive(Debug)]
pub struct Connection {
    source: Source,
    opened: Opened,
}

/// Which server the environment asks for.
///
/// # Errors
/// Settings that cannot be understood; no home for the private server.
pub fn source() -> Result<Source, Failure> {
    let env = |name: &str| std::env::var(name).ok();
    match target::mode(&env) {
        Mode::Embedded => Settings::from_env()
            .map(Source::Embedded)
            .map_err(|error| Failure::new(Exit::Unavailable, error.to_string())),
        Mode::External => Ok(Source::External(
            Target::from_env(&env).map_err(StoreError::from)?,
        )),
    }
}

impl Connection {
    /// Connects as the environment says, starting and preparing what has to be, and sends what waits
    /// on this machine.
    ///
    /// # Errors
    /// As the private server, the database and the way to it report them.
    pub async fn open() -> Result<Self, Failure> {
        let connection = Self::to(source()?).await?;
        let account = Account::of_system();
        leftovers::send(connection.session(), &connection.source, &account).await;
        Ok(connection)
    }

    /// Connects as [`Connection::open`] does; a person who is new here keeps this identifier, where nobody
    /// has it.
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub async fn open_as_before(former: Option<UserId>) -> Result<Self, Failure> {
        let account = Account {
            former,
            ..Account::of_system()
        };
        let connection = match Self::enter(source()?, &account).await {
            // The identifier is somebody else's.
            Err(StoreError::Busy { .. }) if former.is_some() => return Self::open().await,
            other => other?,
        };
        leftovers::send(connection.session(), &connection.source, &account).await;
        Ok(connection)
    }

    /// Connects to this server.
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub async fn to(source: Source) -> Result<Self, Failure> {
        Ok(Self::enter(source, &Account::of_system()).await?)
    }

    async fn enter(source: Source, account: &Account) -> Result<Self, StoreError> {
        let opened = connect::open(&source, account, Arc::new(|_| ())).await?;
        for warning in &opened.warnings {
            output::say(&format!("wildlands: note: {warning}"));
        }
        Ok(Self { source, opened })
    }

    /// Signed-in access.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.opened.session
    }

    /// The name that the person signs in with.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.opened.person.username
    }

    /// The log of a day.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn day(&self, date: Date) -> Result<Option<DailyLog>, Failure> {
        let day = logs::day(self.session(), date).await?;
        // A day whose answers were all taken back counts as not logged.
        Ok(day.filter(|day| !day.data.expose(Way::Output).is_empty()))
    }

    /// Where the data is, and how much of it there is.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn status(&self) -> Result<DataStatus, Failure> {
        Ok(status::data_status(self.session()).await?)
    }

    /// Makes a change of a day, exactly once however often it has to be sent; gives the day as it
    /// then is.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn write(&mut self, write: &Write) -> Result<DailyLog, Failure> {
        match self.apply(write).await? {
            Written::Log { log, .. } | Written::Already { log: Some(log) } => Ok(log),
            Written::Already { log: None } | Written::Record { .. } => Ok(no_day(write)),
        }
    }

    /// Makes a change of a record, exactly once however often it has to be sent; gives the record as
    /// it then is, if it is there.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn write_record(&mut self, write: &Write) -> Result<Option<Record>, Failure> {
        match self.apply(write).await? {
            Written::Record { record, .. } => Ok(record),
            Written::Log { .. } | Written::Already { .. } => Ok(None),
        }
    }

    async fn apply(&mut self, write: &Write) -> Result<Written, Failure> {
        let mut sent = 0;
        loop {
            let error = match writes::apply(self.session(), write).await {
                Ok(written) => return Ok(written),
                Err(error) => error,
            };
            sent += 1;
            if sent > RETRIES || !error.is_transient() {
                return Err(error.into());
            }
            tokio::time::sleep(Duration::from_millis(200) * sent).await;
            if let Ok(again) = Self::to(self.source.clone()).await {
                *self = again;
            }
        }
    }
}

/// What a day is after clearing fields that it never had.
fn no_day(write: &Write) -> DailyLog {
    let (id, date) = match &write.mutation {
        Mutation::PatchLog { id, date, .. } => (*id, *date),
        Mutation::Record { id, .. } => (*id, Date::default()),
    };
    DailyLog::empty(id, date, Timestamp::now())
}
