//! What `lint` finds.

use super::{Location, SarifResult, Text, log};
use crate::answer::{Finding, LintAnswer};
use crate::diag::Severity;

/// Every finding, at the line where it was read.
///
/// # Errors
/// When it cannot be written as JSON, which no text of an answer causes.
pub fn lint(answer: &LintAnswer) -> Result<String, serde_json::Error> {
    log(answer.findings.iter().map(of_finding).collect(), describe)
}

/// `hopwise explain` and `docs/findings.md` say more.
fn describe(code: &'static str) -> &'static str {
    code
}

fn of_finding(finding: &Finding) -> SarifResult {
    let name = finding.resource.name();
    SarifResult {
        rule_id: finding.code,
        rule_index: 0,
        level: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: Text::of(format!("{name}: {}\n{}", finding.text, finding.hint)),
        locations: finding.place.iter().map(Location::of).collect(),
        related_locations: Vec::new(),
    }
}
