//! `wildlands data`: where the data is, the private server, the schema.

mod migrate;
mod place;
mod server;

use clap::Subcommand;

pub use place::Arguments as Where;
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
    Where(Where),
    Server(server::Arguments),
    Migrate(migrate::Arguments),
}

/// Does it; gives back what the program itself has to answer, which alone knows keys and themes.
pub(super) fn run(arguments: Arguments) -> Result<Option<Where>, Failure> {
    match arguments.command {
        Command::Where(arguments) => return Ok(Some(arguments)),
        Command::Server(arguments) => server::run(&arguments)?,
        Command::Migrate(arguments) => migrate::run(&arguments)?,
    }
    Ok(None)
}
