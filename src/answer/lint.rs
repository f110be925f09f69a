//! What is superfluous, or wider than it looks.

use super::Finding;
use crate::diag::Severity;
use serde::Serialize;

/// The answer to `lint`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LintAnswer {
    /// What was found, in the order of codes and resources.
    pub findings: Vec<Finding>,
    /// How many of them are errors.
    pub errors: usize,
    /// How many of them are warnings.
    pub warnings: usize,
    /// How many of them are worth knowing only.
    pub notes: usize,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

impl LintAnswer {
    /// The answer with these findings, beside what is not modelled.
    #[must_use]
    pub fn of(findings: Vec<Finding>, not_modelled: Vec<String>) -> Self {
        let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let notes = count(Severity::Note);
        Self { findings, errors, warnings, notes, not_modelled }
    }

    /// Is any finding as bad as `least`, or worse?
    #[must_use]
    pub fn has(&self, least: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity >= least)
    }
}
