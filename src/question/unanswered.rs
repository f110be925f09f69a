//! Questions that cannot be answered.

use crate::answer::Reason;
use crate::diag::Diagnostic;
use std::fmt;

/// Why a question has no answer: what it is about is missing, not given or not modelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The code.
    pub reason: Reason,
    /// In words, with names.
    pub text: String,
}

impl Unanswered {
    /// What it is about is not modelled.
    #[must_use]
    pub fn not_modelled(text: impl Into<String>) -> Self {
        Self { reason: Reason::NotModelled, text: text.into() }
    }

    /// Something was left out of the question or the input.
    #[must_use]
    pub fn not_given(text: impl Into<String>) -> Self {
        Self { reason: Reason::NotGiven, text: text.into() }
    }

    /// Something that decides is referred to and not in the input.
    #[must_use]
    pub fn missing(text: impl Into<String>) -> Self {
        Self { reason: Reason::MissingResource, text: text.into() }
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Unanswered {}

impl From<Unanswered> for Diagnostic {
    fn from(unanswered: Unanswered) -> Self {
        Self::error(unanswered.reason.code(), unanswered.text)
    }
}
