//! What ends a command before it has an answer.

use crate::diag::Diagnostic;
use crate::question::locate::Refusal;

/// Why there is no answer: the input or the command line is wrong, and what may help.
#[derive(Debug)]
pub(super) struct Failure(pub(super) Vec<Diagnostic>);

impl Failure {
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
        Self(vec![diagnostic])
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Diagnostic::from(refusal).into()
    }
}
