//! `wildlands data`: where the data is, the private server, the schema.

mod migrate;
mod place;
mod server;

use clap::Subcommand;

pub(super) use server::failure as server_failure;

use super::exit::Failure;

/// Where the data is, the private server, the schema
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Where(place::Arguments),
    Server(server::Arguments),
    Migrate(migrate::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Where(arguments) => place::run(arguments),
        Command::Server(arguments) => server::run(arguments),
        Command::Migrate(arguments) => migrate::run(arguments),
    }
}
