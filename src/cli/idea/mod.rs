//! `wildlands idea`: captures an idea, lists ideas, shows, changes and moves one.
//!
//! All content of an idea is private, its title too: nothing of it is printed unless it is asked for.

mod capture;
mod list;
mod step;
mod view;

use clap::Subcommand;

use super::exit::Failure;
use super::lane::{Delete, Kind, Restore, Set, Show};
use crate::domain::lane::Lane;

/// Capture an idea; list, show and move ideas
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    subcommand_precedence_over_arg = true,
    after_help = "\
The words before the first FIELD=VALUE are the title; `-` reads it from standard input. Fields may be written whyICare,
why_i_care or why-i-care; a part of the reality check is realityCheck.known. FIELD=- reads a text from standard input,
FIELD= clears the field.

Arguments can be seen by others on this machine while a command runs; give private texts by standard input.

Examples:
  wildlands idea \"A reading corner\"
  wildlands idea call Ann category=family excitement=8 feasibility=9
  wildlands idea - < title.txt
  wildlands idea list --status draft --sort score --reveal
  wildlands idea move 0193… parked --review-on +21
  wildlands idea -- list        an idea with the title “list”"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    capture: capture::Capture,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Arguments),
    Show(Show),
    Set(Set),
    Move(step::Arguments),
    Delete(Delete),
    Restore(Restore),
}

/// How ideas are printed and changed.
const IDEA: Kind = Kind {
    lane: Lane::Ideas,
    facts: view::facts,
    open: view::open,
};

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        None => capture::run(&arguments.capture),
        Some(Command::List(arguments)) => list::run(arguments),
        Some(Command::Show(arguments)) => IDEA.show(arguments),
        Some(Command::Set(arguments)) => IDEA.set(arguments),
        Some(Command::Move(arguments)) => step::run(arguments),
        Some(Command::Delete(arguments)) => IDEA.delete(arguments, "idea"),
        Some(Command::Restore(arguments)) => IDEA.restore(arguments),
    }
}
