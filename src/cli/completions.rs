//! `wildlands completions`: a script that lets the shell complete commands and options.

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments as CommandLine;
use super::exit::Failure;
use super::output;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  wildlands completions bash > ~/.local/share/bash-completion/completions/wildlands
  wildlands completions zsh > ~/.zfunc/_wildlands
  wildlands completions fish > ~/.config/fish/completions/wildlands.fish")]
pub struct Arguments {
    /// The shell that will read it
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut CommandLine::command(),
        "wildlands",
        &mut script,
    );
    output::print(&String::from_utf8_lossy(&script))
}
