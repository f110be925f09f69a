//! `hopwise man` and `hopwise completions`: made from the definition of the command line.

use super::Context;
use crate::cli::Exit;
use crate::cli::args::Arguments;
use crate::cli::failure::Failure;
use crate::diag::similar;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print the manual page, of the program or of one command.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise man | man -l -
  hopwise man trace > hopwise-trace.1")]
pub(in crate::cli) struct Man {
    /// The command that the page is about.
    command: Option<String>,
}

impl Man {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let mut program = Arguments::command();
        program.build();
        let page = match &self.command {
            None => program,
            Some(name) => {
                program.find_subcommand(name).ok_or_else(|| unknown(name, &program))?.clone()
            }
        };
        let mut text = Vec::new();
        clap_mangen::Man::new(page)
            .render(&mut text)
            .map_err(|error| Failure::new("cannot-write", error.to_string()))?;
        context.console.print(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Yes)
    }
}

fn unknown(name: &str, program: &clap::Command) -> Failure {
    let names = || program.get_subcommands().map(clap::Command::get_name);
    let hint = match similar(name, names()).first() {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Failure::usage(format!("there is no command `{name}`"), hint)
}

/// Print a script that lets a shell complete the command line.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise completions bash > ~/.local/share/bash-completion/completions/hopwise
  hopwise completions zsh > ~/.zfunc/_hopwise")]
pub(in crate::cli) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "hopwise", &mut text);
        context.console.print(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Yes)
    }
}
