//! The command line: the only door to files, environment, terminal and clock.

mod args;
mod bug;
mod command;
mod console;
mod documents;
mod estate;
mod exit;
mod failure;
mod lines;
mod progress;
mod remarks;

pub use exit::Exit;

use args::Arguments;
use clap::Parser;
use command::Context;
use console::Console;
use std::process::ExitCode;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    bug::guard(run).into()
}

fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print(); // A reader that has gone away is no error.
            return if error.use_stderr() { Exit::BadInput } else { Exit::Yes };
        }
    };
    let console = Console::new(&arguments.global);
    let context = Context { global: &arguments.global, console: &console };
    arguments.command.run(&context).unwrap_or_else(|failure| {
        remarks::say(&console, &failure.diagnostics, None);
        failure.exit
    })
}
