//! The command line: one file per subcommand.
//!
//! [`run`] reads the arguments and does what a subcommand asks for; opening the program itself is left to `main`.
//! Only the module `output` writes to standard output and standard error, and only with what it has made harmless.

mod arguments;
mod backup;
mod checkin;
mod completions;
mod connection;
mod content;
pub mod data;
mod demo;
pub mod doctor;
mod drift;
mod exit;
mod export;
mod fields;
mod form;
mod goal;
mod history;
mod idea;
mod import;
pub mod keys;
mod lane;
mod leftovers;
mod log;
mod output;
mod paper;
mod passphrase;
mod record;
mod restore;
mod retention;
mod review;
mod search;
mod settings;
mod sheet;
mod teach;
mod unsealed;
mod work;

use std::ffi::OsString;

use clap::Parser;
use clap::error::ErrorKind;

pub use demo::Demo;
pub use exit::{Exit, Failure};

use crate::domain::form::LogForm;
use crate::domain::text::printable;
use crate::store::before_migration;
use crate::store::connect::Source;
use crate::store::embedded::{KeeperCall, keep};
use crate::store::error::StoreError;
use crate::store::places::Places;
use arguments::{Arguments, Command};

/// What is left to do after the arguments have been read.
#[derive(Debug)]
pub enum Next {
    /// Nothing: end with this code.
    End(Exit),
    /// Open the program.
    Open(Launch),
    /// Print the keys in force, which the program itself knows.
    Keys(keys::Arguments),
    /// Look at everything; what is wrong with keys and themes the program itself knows.
    Doctor(doctor::Arguments),
    /// Say where the data is; what is wrong with keys and themes the program itself knows.
    Where(data::Where),
}

/// How the program is to be opened.
#[derive(Debug, Default)]
pub struct Launch {
    /// The form of the file that was named.
    pub form: Option<LogForm>,
    /// What sample days to invent for the demo; nothing for the person's own data.
    pub demo: Option<demo::Arguments>,
}

/// What the program is opened on; to be kept until it has ended.
#[derive(Debug)]
pub enum Ground {
    /// The person's own data.
    Own,
    /// A throw-away database.
    Demo(Box<Demo>),
}

impl Launch {
    /// Makes ready what the program is opened on: for the demo, a database with sample days.
    ///
    /// # Errors
    /// The demo's database cannot be made.
    pub fn ground(&self) -> Result<Ground, Failure> {
        match &self.demo {
            Some(arguments) => Ok(Ground::Demo(Box::new(demo::prepare(arguments)?))),
            None => Ok(Ground::Own),
        }
    }
}

impl Ground {
    /// The database: the demo's, else the one that the environment names.
    ///
    /// # Errors
    /// Settings that cannot be understood.
    pub fn source(&self) -> Result<Source, StoreError> {
        match self {
            Self::Demo(demo) => Ok(Source::Embedded(demo.settings().clone())),
            Self::Own => Source::from_env(),
        }
    }

    /// Where state and configuration are: the demo's, else the person's.
    ///
    /// # Errors
    /// No home directory is known.
    pub fn places(&self) -> Result<Places, Failure> {
        match self {
            // What the person likes holds there too; nothing is written into it.
            Self::Demo(demo) => Ok(Places {
                config: Places::from_env().map_or_else(
                    |_| demo.settings().places.config.clone(),
                    |places| places.config,
                ),
                ..demo.settings().places.clone()
            }),
            Self::Own => Places::from_env()
                .map_err(|error| Failure::new(Exit::Unavailable, error.to_string())),
        }
    }

    /// Whether it is the person's own: what is set there is kept.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        match self {
            Self::Own => true,
            Self::Demo(_) => false,
        }
    }

    /// What is said for the whole run.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        match self {
            Self::Demo(_) => Some(Demo::NOTICE.to_owned()),
            Self::Own => None,
        }
    }
}

/// Says why the program ends, and gives its exit code.
#[must_use]
pub fn report(failure: &Failure) -> Exit {
    output::report(failure)
}

/// Reads the arguments (the first is the program's name) and does what they ask for.
#[must_use]
pub fn run(words: impl IntoIterator<Item = OsString>) -> Next {
    let words: Vec<OsString> = words.into_iter().collect();
    if let Some(call) = KeeperCall::from_arguments(words.iter().cloned()) {
        // Detached from any terminal: there is nobody to tell.
        return Next::End(if keep(&call).is_ok() {
            Exit::Success
        } else {
            Exit::Unavailable
        });
    }
    before_migration::hand_down(backup::before_migration);
    match Arguments::try_parse_from(words) {
        Ok(arguments) => {
            perform(arguments).unwrap_or_else(|failure| Next::End(output::report(&failure)))
        }
        Err(error) => Next::End(refused(&error)),
    }
}

fn perform(arguments: Arguments) -> Result<Next, Failure> {
    let form = form::Choice {
        named: arguments.program.form,
    };
    let named = || form.named.is_some().then(|| form.load()).transpose();
    match arguments.command {
        None => {
            let form = named()?;
            return Ok(Next::Open(Launch { form, demo: None }));
        }
        Some(Command::Demo(arguments)) => {
            // The invented days answer the built-in form.
            let form = named()?.or_else(|| Some(LogForm::builtin()));
            let demo = Some(arguments);
            return Ok(Next::Open(Launch { form, demo }));
        }
        Some(Command::Log(arguments)) => log::run(&arguments, &form)?,
        Some(Command::Idea(arguments)) => idea::run(&arguments)?,
        Some(Command::Goal(arguments)) => goal::run(&arguments)?,
        Some(Command::Checkin(arguments)) => checkin::run(&arguments)?,
        Some(Command::Teach(arguments)) => teach::run(&arguments)?,
        Some(Command::Content(arguments)) => content::run(&arguments)?,
        Some(Command::Review(arguments)) => review::run(&arguments, &form)?,
        Some(Command::Search(arguments)) => search::run(&arguments, &form)?,
        Some(Command::Drift(arguments)) => drift::run(&arguments, &form)?,
        Some(Command::Export(arguments)) => export::run(&arguments, &form)?,
        Some(Command::Import(arguments)) => import::run(&arguments, &form)?,
        Some(Command::Backup(arguments)) => backup::run(&arguments)?,
        Some(Command::Restore(arguments)) => restore::run(&arguments)?,
        Some(Command::Doctor(arguments)) => return Ok(Next::Doctor(arguments)),
        Some(Command::History(arguments)) => history::run(&arguments, &form)?,
        Some(Command::Retention(arguments)) => retention::run(&arguments)?,
        Some(Command::Data(arguments)) => {
            if let Some(arguments) = data::run(arguments)? {
                return Ok(Next::Where(arguments));
            }
        }
        Some(Command::Keys(arguments)) => return Ok(Next::Keys(arguments)),
        Some(Command::Settings(arguments)) => settings::run(&arguments)?,
        Some(Command::Completions(arguments)) => completions::run(&arguments)?,
    }
    Ok(Next::End(Exit::Success))
}

/// Shows what the parser has to say: help and version on standard output, a mistake on standard error.
fn refused(error: &clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that has gone away is no failure.
            let _ = error.print();
            Exit::Success
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Exit::Usage
        }
        _ => {
            let told = error.render().to_string();
            let told = told.trim_end().strip_prefix("error: ").unwrap_or(&told);
            for (index, line) in told.lines().enumerate() {
                let start = if index == 0 { "wildlands: " } else { "" };
                output::say(&format!("{start}{}", printable(line)));
            }
            Exit::Usage
        }
    }
}

/// Runs to its end, on this thread.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(
                Exit::TryAgain,
                format!("the system gives no resources to begin: {error}"),
            )
        })?
        .block_on(work)
}

/// Ctrl-C, SIGTERM and SIGHUP, caught from here on.
struct AskedToEnd {
    signals: [tokio::signal::unix::Signal; 3],
}

impl AskedToEnd {
    fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| {
            signal(kind).map_err(|error| {
                Failure::new(Exit::Defect, format!("cannot listen for signals: {error}"))
            })
        };
        Ok(Self {
            signals: [
                listen(SignalKind::interrupt())?,
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
            ],
        })
    }

    /// Waits until one of them comes.
    async fn wait(mut self) {
        let [interrupt, terminate, hang_up] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
}

/// Waits for Ctrl-C, SIGTERM or SIGHUP.
async fn asked_to_end() -> Result<(), Failure> {
    AskedToEnd::listen()?.wait().await;
    Ok(())
}
