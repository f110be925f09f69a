//! What Azure answers, or the error with which it refuses to.

use serde::Serialize;

/// An answer, or a refusal (status 400).
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Said<T> {
    /// The answer.
    Answer(T),
    /// The refusal.
    Refused {
        /// Why.
        error: Error,
    },
}

/// The body of an error of ARM.
#[derive(Debug, Serialize)]
pub(super) struct Error {
    code: &'static str,
    message: String,
    details: [(); 0],
}

impl<T> Said<T> {
    /// A refusal with a code of Azure's and a sentence for people.
    pub(super) const fn refused(code: &'static str, message: String) -> Self {
        Self::Refused { error: Error { code, message, details: [] } }
    }
}
