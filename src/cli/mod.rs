//! The command line: the only door to files, environment, terminal and clock.

mod exit;

pub use exit::Exit;

/// Runs the program.
#[must_use]
pub fn main() -> std::process::ExitCode {
    Exit::Yes.into()
}
