//! The terminal: answers go to standard output, everything else to standard error.

use super::args::{Color, Global};
use super::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, BufWriter, IsTerminal, Write};

/// The width of what is not a terminal, so that logs are stable; terminals are at most
/// [`WIDTH_MAX`] wide.
const WIDTH: usize = 100;
const WIDTH_MIN: usize = 40;
const WIDTH_MAX: usize = 140;

/// Both streams, and how much is said.
#[derive(Debug)]
pub(super) struct Console {
    color: ColorChoice,
    verbosity: Verbosity,
}

/// How much is said about the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

impl Console {
    pub(super) const fn new(global: &Global) -> Self {
        let color = match global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let verbosity = match (global.quiet, global.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        };
        Self { color, verbosity }
    }

    pub(super) const fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Prints an answer. A reader that has gone away is no error.
    pub(super) fn print(&self, text: &str) -> Result<(), Failure> {
        self.write(|stream| stream.write_all(text.as_bytes()))
    }

    /// Prints an answer piece by piece. A reader that has gone away is no error.
    pub(super) fn write(
        &self,
        print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let stream = AutoStream::new(io::stdout().lock(), self.color);
        let mut stream = BufWriter::with_capacity(1 << 16, stream);
        match print(&mut stream).and_then(|()| stream.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new("cannot-write", format!("the answer cannot be written: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Says something on standard error. Nothing can be done when nobody hears it.
    pub(super) fn say(&self, text: &str) {
        let mut stream = AutoStream::new(io::stderr().lock(), self.color);
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// The width of an answer, in characters.
    pub(super) fn width(&self) -> usize {
        let stdout = io::stdout();
        width(stdout.is_terminal().then(|| terminal_size::terminal_size_of(&stdout)).flatten())
    }

    /// The width of remarks, in characters.
    pub(super) fn remark_width(&self) -> usize {
        let stderr = io::stderr();
        width(stderr.is_terminal().then(|| terminal_size::terminal_size_of(&stderr)).flatten())
    }
}

fn width(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(WIDTH_MIN, WIDTH_MAX))
}
