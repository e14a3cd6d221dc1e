//! `wildlands demo`: a throw-away private server with two years of sample days, for looking around.
//!
//! It lives in a temporary directory of its own, so the person's data are never touched. The server stops and the
//! directory goes when the program ends, by a key or by a signal; after `kill -9` the server stops by itself.

use std::time::Duration;

use tempfile::TempDir;

use crate::domain::sample;
use crate::store::connect::Source;
use crate::store::embedded::{self, EmbeddedServer, Settings};
use crate::store::places::Places;
use crate::store::queries::sample::insert;

use super::connection::Connection;
use super::data::server_failure;
use super::exit::{Exit, Failure};
use super::output;
use super::settings;

/// Open the program on a throw-away database with two years of invented days
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing of yours is read or changed, and nothing is kept.

Examples:
  wildlands demo
  wildlands demo --seed 7")]
pub struct Arguments {
    /// Invent other days
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// A throw-away database. Dropping it stops the server and removes every file.
#[derive(Debug)]
pub struct Demo {
    settings: Settings,
    server: Option<EmbeddedServer>,
    /// Removed when dropped, after the server has stopped.
    _files: TempDir,
}

impl Demo {
    /// What the program says while it runs on sample data.
    pub const NOTICE: &str = "demo: sample data, gone when you quit";

    /// Its directory; no server yet.
    fn new() -> Result<Self, Failure> {
        let (files, places) = Places::temporary().map_err(|error| {
            let place = std::env::temp_dir();
            Failure::new(
                Exit::CannotCreate,
                format!("cannot make a directory in {}: {error}", place.display()),
            )
        })?;
        let found = Settings::from_env()
            .map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
        let settings = Settings {
            places,
            linger: Duration::ZERO,
            ..found
        };
        Ok(Self {
            settings,
            server: None,
            _files: files,
        })
    }

    /// Where the program finds the database.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.server = None;
        // Nobody to report to; what cannot be stopped here is stopped by its keeper.
        let _ = embedded::stop(&self.settings);
    }
}

/// Makes the server and fills it. A signal meanwhile removes everything again.
pub(super) fn prepare(arguments: &Arguments) -> Result<Demo, Failure> {
    // Outside: it goes when nothing works on it any more, also after a signal.
    let mut made = None;
    super::block_on(async {
        // Before there is anything that a signal could leave behind.
        let asked = super::AskedToEnd::listen()?;
        let demo = made.insert(Demo::new()?);
        output::say("making a throw-away database with two years of invented days …");
        let settings = demo.settings.clone();
        let start = tokio::task::spawn_blocking(move || embedded::start(&settings, &mut |_| ()));
        let work = async {
            let started = start
                .await
                .map_err(|_| Failure::new(Exit::Defect, "starting the server broke off"))?;
            demo.server = Some(started.map_err(|error| server_failure(&error))?);
            fill(demo.settings.clone(), arguments.seed).await
        };
        tokio::select! {
            done = work => done,
            () = asked.wait() => Err(Failure::quiet(Exit::Interrupted)),
        }
    })?;
    made.ok_or_else(|| Failure::new(Exit::Defect, "the demo was not made"))
}

async fn fill(settings: Settings, seed: u64) -> Result<(), Failure> {
    let connection = Connection::to(Source::Embedded(settings)).await?;
    let today = settings::read_quietly().today();
    let (days, records) = (sample::days(seed, today), sample::records(seed, today));
    Ok(insert(connection.session(), days, records).await?)
}
