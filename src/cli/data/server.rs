//! `wildlands data server`: looks at the private server, starts it, stops it.

use clap::Subcommand;

use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::domain::text;
use crate::store::embedded::{
    self, EmbeddedError, LINGER, Progress, ServerState, Settings, Stopped,
};

/// The private PostgreSQL server
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The server is shared by every program of yours that needs it, and stops shortly after the last one has left.

Examples:
  wildlands data server status
  wildlands data server start --hold    keep it up for psql, pg_dump or a service manager
  wildlands data server stop")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say whether it runs, where it is and what runs it
    Status,
    /// Start it, making it first where there is none
    Start {
        /// Stay, and keep the server up, until Ctrl-C or SIGTERM
        #[arg(long)]
        hold: bool,
    },
    /// Stop it, whoever uses it; nothing that was saved is lost
    Stop,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings =
        Settings::from_env().map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    match arguments.command {
        Command::Status => status(&settings),
        Command::Start { hold } => start(&settings, hold),
        Command::Stop => stop(&settings),
    }
}

fn status(settings: &Settings) -> Result<(), Failure> {
    let status = embedded::status(settings).map_err(|error| failure(&error))?;
    let mut lines = vec![state_in_words(&status.state)];
    lines.push(format!("directory  {}", status.directory.display()));
    if status.cluster_major.is_some() {
        lines.push(format!("size       {}", text::size(status.size)));
    }
    if let ServerState::Running {
        socket_dir, port, ..
    } = &status.state
    {
        lines.push(format!("socket     {} (port {port})", socket_dir.display()));
    }
    match &status.programs {
        Some(programs) => {
            lines.push(format!(
                "programs   PostgreSQL {} in {}",
                programs.version,
                programs.dir.display()
            ));
        }
        None => lines.push(
            "programs   none found; run scripts/setup, or set WILDLANDS_PG_BINDIR".to_owned(),
        ),
    }
    lines.push(format!("log        {}", status.log.display()));
    output::print(&lines.join("\n"))
}

fn start(settings: &Settings, hold: bool) -> Result<(), Failure> {
    let server = embedded::start(settings, &mut tell).map_err(|error| failure(&error))?;
    let running = format!(
        "running (process {})\nsocket     {} (port {})",
        server.pid(),
        server.socket_dir().display(),
        server.port()
    );
    if !hold {
        output::print(&running)?;
        output::say(&format!(
            "it stops {} s after the last program that uses it; --hold keeps it up",
            LINGER.as_secs()
        ));
        return Ok(());
    }
    let ended = crate::cli::block_on(async {
        // Who reads that it runs may end it.
        let asked = crate::cli::AskedToEnd::listen()?;
        output::print(&running)?;
        asked.wait().await;
        Ok(())
    });
    drop(server);
    ended
}

/// Says what takes longer than a blink.
fn tell(progress: Progress) {
    match progress {
        Progress::Initialising | Progress::CreatingDatabase => output::say(progress.words()),
        Progress::Looking | Progress::Starting | Progress::Ready => {}
    }
}

fn stop(settings: &Settings) -> Result<(), Failure> {
    output::print(
        match embedded::stop(settings).map_err(|error| failure(&error))? {
            Stopped::WasNotRunning => "it was not running",
            Stopped::Stopped { .. } => "stopped",
        },
    )
}

/// What a failure of the private server means for the exit code.
pub(in crate::cli) fn failure(error: &EmbeddedError) -> Failure {
    Failure::new(
        if error.is_transient() {
            Exit::TryAgain
        } else {
            Exit::Unavailable
        },
        error.to_string(),
    )
}

/// Whether the server runs, for a person.
pub(super) fn state_in_words(state: &ServerState) -> String {
    match state {
        ServerState::Absent => "not made yet; the first start makes it".to_owned(),
        ServerState::Stopped => "stopped".to_owned(),
        ServerState::Busy => "starting or stopping".to_owned(),
        ServerState::Running {
            pid,
            programs: Some(1),
            ..
        } => format!("running (process {pid}, used by 1 program)"),
        ServerState::Running {
            pid,
            programs: Some(programs),
            ..
        } => {
            format!("running (process {pid}, used by {programs} programs)")
        }
        ServerState::Running {
            pid,
            programs: None,
            ..
        } => format!("running (process {pid})"),
    }
}
