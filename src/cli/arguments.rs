//! The command line: what may be asked for, with help and examples. No work is done here.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand};

use super::exit;
use super::{
    backup, checkin, completions, content, data, demo, doctor, drift, export, goal, history, idea,
    import, keys, log, restore, retention, review, search, settings, teach,
};

/// A private ledger for one person's life and work, kept in PostgreSQL and used from a terminal.
///
/// Without a subcommand it opens today's log.
#[derive(Debug, Parser)]
#[command(
    name = "wildlands",
    version = version(),
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = after_help()
)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) program: Program,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// How the program opens.
#[derive(Debug, Clone, Default, Args)]
pub struct Program {
    /// Use this form of the day instead of the one in the configuration
    #[arg(long, value_name = "FILE", global = true)]
    pub form: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Log(log::Arguments),
    Idea(idea::Arguments),
    Goal(goal::Arguments),
    Checkin(checkin::Arguments),
    Teach(teach::Arguments),
    Content(content::Arguments),
    Review(review::Arguments),
    Search(search::Arguments),
    Drift(drift::Arguments),
    History(history::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Doctor(doctor::Arguments),
    Data(data::Arguments),
    Retention(retention::Arguments),
    Keys(keys::Arguments),
    Settings(settings::Arguments),
    Demo(demo::Arguments),
    Completions(completions::Arguments),
}

const EXAMPLES: &str = "\
Examples:
  wildlands                               open today's log
  wildlands log                           print today
  wildlands log mood=7 energy=6           set two fields of today
  wildlands log yesterday top-win=-       read a text from standard input
  wildlands checkin reading 45            check in on a goal
  wildlands review last                   what last week came to
  wildlands search 'bank after:-30'       search everything
  ssh host wildlands export - > all.json  take everything home
  wildlands backup --verify=full          a backup that is known to come back
  wildlands doctor                        is everything as it should be
  wildlands settings theme field          change a setting
  wildlands demo                          look around on sample data

Environment:
  DATABASE_URL, PGHOST …   use this PostgreSQL; without any, a private server is used
  WILDLANDS_HOME           one directory for data, state, configuration and socket
  WILDLANDS_PG_BINDIR      where the PostgreSQL server programs are
  WILDLANDS_THEME …        a setting, before the one in the file
  NO_COLOR                 no colours";

fn after_help() -> String {
    format!("{EXAMPLES}\n\n{}", exit::TABLE)
}

fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        format!(
            "{} (schema version {})",
            env!("CARGO_PKG_VERSION"),
            crate::store::migrate::latest()
        )
    });
    &VERSION
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }
}
