//! What ends a command before it has an answer.

use super::exit::Exit;
use crate::diag::Diagnostic;
use crate::question::locate::Refusal;
use crate::question::ways::NoWays;
use crate::question::{Disagreement, Unanswered, claim};

/// Why there is no answer, what may help, and how the program ends.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) exit: Exit,
}

impl Failure {
    /// The input or the command line is wrong, for these reasons.
    pub(super) const fn input(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, exit: Exit::BadInput }
    }

    /// An error with a stable `code`.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic::error(code, message).into()
    }

    /// An error in the use of the command line, with what may help.
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Diagnostic::error("usage", message).hint(hint).into()
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::input(vec![diagnostic])
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Diagnostic::from(refusal).into()
    }
}

impl From<Unanswered> for Failure {
    fn from(unanswered: Unanswered) -> Self {
        Self { diagnostics: vec![unanswered.into()], exit: Exit::Unknown }
    }
}

impl From<Disagreement> for Failure {
    fn from(bug: Disagreement) -> Self {
        Self { diagnostics: vec![claim::bug(&bug)], exit: Exit::OurBug }
    }
}

impl From<NoWays> for Failure {
    fn from(why: NoWays) -> Self {
        match why {
            NoWays::Refused(refusal) => refusal.into(),
            NoWays::Bug(bug) => (*bug).into(),
        }
    }
}
