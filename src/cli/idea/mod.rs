//! `wildlands idea`: captures an idea, lists ideas, shows, changes and moves one.
//!
//! All content of an idea is private, its title too: nothing of it is printed unless it is asked for.

mod capture;
mod list;
mod steps;
mod view;

use std::ffi::OsString;

use clap::Subcommand;

use super::exit::Failure;

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
  wildlands idea move 0193… parked --review-on \"in 3 weeks\"
  wildlands idea -- list        an idea with the title “list”"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    capture: capture::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Arguments),
    Show(view::Arguments),
    Set(steps::Set),
    Move(steps::Move),
    Delete(steps::Delete),
    Restore(steps::Restore),
}

/// How ideas are printed.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Printing {
    /// Print JSON; masked values are null and named under `masked`
    #[arg(long)]
    json: bool,
    /// Show private values
    #[arg(long)]
    reveal: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        None => capture::run(&arguments.capture),
        Some(Command::List(arguments)) => list::run(arguments),
        Some(Command::Show(arguments)) => view::run(arguments),
        Some(Command::Set(arguments)) => steps::set(arguments),
        Some(Command::Move(arguments)) => steps::step(arguments),
        Some(Command::Delete(arguments)) => steps::delete(arguments),
        Some(Command::Restore(arguments)) => steps::restore(arguments),
    }
}

/// `field=value` of a word that is one.
fn joined(key: &str, value: &OsString) -> OsString {
    let mut word = OsString::from(key);
    word.push("=");
    word.push(value);
    word
}
