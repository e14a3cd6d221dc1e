//! Reads the arguments and chooses the program or a subcommand. Nothing else.

use std::process::ExitCode;

use harriswildlands::cli::data::Where;
use harriswildlands::cli::keys::Arguments;
use harriswildlands::cli::{self, Exit, Failure, Launch, Next};
use harriswildlands::shell::{self, Opening, report, terminal};

fn main() -> ExitCode {
    report::guarded(perform)
}

fn perform() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Next::End(exit) => exit.into(),
        Next::Keys(arguments) => keys(&arguments)
            .unwrap_or_else(|failure| cli::report(&failure))
            .into(),
        Next::Doctor(arguments) => doctor(&arguments)
            .unwrap_or_else(|failure| cli::report(&failure))
            .into(),
        Next::Where(arguments) => place(&arguments)
            .unwrap_or_else(|failure| cli::report(&failure))
            .into(),
        Next::Open(launch) => open(launch).unwrap_or_else(|failure| cli::report(&failure).into()),
    }
}

/// Prints the keys in force.
fn keys(arguments: &Arguments) -> Result<Exit, Failure> {
    let keys = shell::keys_in_force(arguments.configuration().as_deref())
        .map_err(|error| Failure::new(Exit::Defect, error.to_string()))?;
    arguments.print(&keys)?;
    Ok(Exit::Success)
}

/// Looks at everything, the person's files too.
fn doctor(arguments: &cli::doctor::Arguments) -> Result<Exit, Failure> {
    let mistakes = shell::mistakes(arguments.configuration().as_deref())
        .map_err(|error| Failure::new(Exit::Defect, error.to_string()))?;
    arguments.examine(&mistakes)?;
    Ok(Exit::Success)
}

/// Says where the data is, and what is wrong in the person's files.
fn place(arguments: &Where) -> Result<Exit, Failure> {
    let mistakes = shell::mistakes(arguments.configuration().as_deref())
        .map_err(|error| Failure::new(Exit::Defect, error.to_string()))?;
    arguments.print(mistakes)?;
    Ok(Exit::Success)
}

/// Opens the program; what it was opened on is kept until it has ended.
fn open(launch: Launch) -> Result<ExitCode, Failure> {
    // Before anything is made ready that nobody could look at.
    terminal::check().map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let ground = launch.ground()?;
    let opening = Opening {
        source: ground.source(),
        places: ground.places()?,
        form: launch.form,
        notice: ground.notice(),
        keeps_settings: ground.is_own(),
    };
    let ended = shell::open(opening);
    drop(ground);
    match ended {
        Ok(code) => Ok(ExitCode::from(code)),
        Err(error) => {
            let _ = cli::report(&Failure::new(Exit::Usage, error.to_string()));
            Ok(ExitCode::from(error.exit_code()))
        }
    }
}
