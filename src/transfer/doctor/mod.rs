//! Whether everything is as it should be, line by line, and what to do where it is not. It changes nothing; of a private
//! server that does not run it starts one that exists, and makes none.

mod files;
mod rows;
mod server;
mod upkeep;

use jiff::Timestamp;

use super::ground::Ground;
use super::schedule::Plan;
use crate::store::connect::Source;
use crate::store::embedded::{self, ServerState};
use crate::store::places::Places;

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// It works, and somebody may want to look at it.
    Warn,
    /// Something is wrong.
    Fail,
}

impl Verdict {
    /// In a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub name: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do; empty where nothing is to be done.
    pub todo: String,
}

impl Line {
    fn pass(name: &'static str, found: impl Into<String>) -> Self {
        Self::new(name, Verdict::Pass, found, "")
    }

    fn warn(name: &'static str, found: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(name, Verdict::Warn, found, todo)
    }

    fn fail(name: &'static str, found: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(name, Verdict::Fail, found, todo)
    }

    fn new(
        name: &'static str,
        verdict: Verdict,
        found: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Self {
            name,
            verdict,
            found: found.into(),
            todo: todo.into(),
        }
    }
}

/// What is looked at.
#[derive(Debug)]
pub struct Patient<'a> {
    /// The database.
    pub source: &'a Source,
    /// The files.
    pub places: &'a Places,
    /// What is made by itself.
    pub plan: &'a Plan,
    /// Mistakes in settings, form and keys, each a line.
    pub mistakes: &'a [String],
    /// The name of the local zone, where it is known.
    pub zone: Option<String>,
    /// Now.
    pub now: Timestamp,
}

/// Looks at everything.
pub async fn examine(patient: &Patient<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut database_bytes = 0;
    if is_absent(patient.source) {
        let todo = "the first start of the program, or the first write, makes it";
        lines.push(Line::warn(
            "server",
            "the private server is not made yet",
            todo,
        ));
    } else {
        match Ground::open(patient.source).await {
            Ok(ground) => database_bytes = examine_database(patient, &ground, &mut lines).await,
            Err(error) => lines.push(Line::fail("server", error.to_string(), error.advice())),
        }
    }
    lines.extend(upkeep::waiting(patient.places));
    lines.extend(files::permissions(patient.places, &patient.plan.directory));
    lines.extend(files::space(
        patient.places,
        &patient.plan.directory,
        database_bytes,
    ));
    lines.push(upkeep::mistakes(patient.mistakes));
    lines
}

/// The size of the database, or 0.
async fn examine_database(patient: &Patient<'_>, ground: &Ground, lines: &mut Vec<Line>) -> u64 {
    let client = match ground.connect().await {
        Ok(client) => client,
        Err(error) => {
            lines.push(Line::fail("server", error.to_string(), error.advice()));
            return 0;
        }
    };
    let looked = server::examine(&client, ground, patient, lines).await;
    let bytes = match looked {
        Ok(bytes) => bytes,
        Err(error) => {
            lines.push(Line::fail("server", error.to_string(), String::new()));
            return 0;
        }
    };
    for looked in [
        server::schema(&client).await.map(Some),
        server::temporary(&client).await,
        rows::isolation(&client).await.map(Some),
        rows::orphans(&client, ground).await.map(Some),
    ] {
        match looked {
            Ok(line) => lines.extend(line),
            Err(error) => lines.push(Line::fail("rows", error.to_string(), String::new())),
        }
    }
    lines.extend(upkeep::backups(ground, patient.plan, patient.now).await);
    bytes
}

fn is_absent(source: &Source) -> bool {
    match source {
        Source::Embedded(settings) => embedded::status(settings)
            .is_ok_and(|status| matches!(status.state, ServerState::Absent)),
        Source::External(_) | Source::Unusable(_) => false,
    }
}
