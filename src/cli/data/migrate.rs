//! `wildlands data migrate`: brings the schema of the database to this program's version.

use crate::cli::connection::source;
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::store::before_migration;
use crate::store::connect::Source;
use crate::store::embedded::{self, DATABASE, OWNER_ROLE};
use crate::store::migrate::{self, Step};
use crate::store::target::{self, Target};

use super::server;

/// Bring the schema of the database to this program's version
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The program does this by itself where it has the right to. On a shared database the owner of the schema runs it once
after an upgrade. Each step is a transaction of its own; any number of programs may do this at once.

Example:
  DATABASE_URL=postgresql://owner@db.example/journal wildlands data migrate")]
pub struct Arguments {}

pub(super) fn run(_: &Arguments) -> Result<(), Failure> {
    match source()? {
        Source::Unusable(error) => Err(error.into()),
        Source::Embedded(settings) => {
            // Held until the migration has ended.
            let server =
                embedded::start(&settings, &mut |_| ()).map_err(|error| server::failure(&error))?;
            bring_up_to_date(&Target::embedded(
                server.socket_dir(),
                server.port(),
                OWNER_ROLE,
                DATABASE,
            ))
        }
        Source::External(target) => bring_up_to_date(&target),
    }
}

fn bring_up_to_date(target: &Target) -> Result<(), Failure> {
    let mut steps = Vec::new();
    let mut tell = |step: Step| {
        steps.push(format!(
            "{} of {}  {}",
            step.version,
            step.last,
            step.name.replace('_', " ")
        ));
    };
    let prepared = crate::cli::block_on(async {
        before_migration::run(target).await?;
        for note in before_migration::take_notes() {
            output::say(&format!("wildlands: note: {note}"));
        }
        Ok(target::prepare_database(target, &mut tell).await?)
    })?;
    let end = match (prepared.applied.before, prepared.applied.versions.len()) {
        (before, 0) if before == migrate::latest() => {
            format!("schema version {before}; nothing to do")
        }
        (_, _) => format!("schema version {}; done", migrate::latest()),
    };
    steps.push(end);
    output::print(&steps.join("\n"))
}
