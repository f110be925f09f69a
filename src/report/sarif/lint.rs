//! What `lint` finds.

use super::{About, Fingerprints, Location, Root, SarifResult, Text, log};
use crate::answer::{Finding, LintAnswer};
use crate::diag::Severity;
use crate::explain::explain;

/// Every finding, at the line where it was read.
///
/// # Errors
/// When it cannot be written as JSON, which no text of an answer causes.
pub fn lint(answer: &LintAnswer, root: Root<'_>) -> Result<String, serde_json::Error> {
    log((answer.findings.iter().map(of_finding).collect(), None), root, describe)
}

/// What `docs/findings.md` says.
fn describe(code: &'static str) -> About {
    let page = explain(code).unwrap_or_else(|| code.to_owned());
    let text = page.strip_prefix(code).unwrap_or(&page).trim();
    let paragraph = text.split("\n\n").next().unwrap_or(text).replace('\n', " ");
    let short = paragraph.split_inclusive(". ").next().unwrap_or(&paragraph);
    About { short: short.trim().to_owned(), full: paragraph.clone(), help: text.to_owned() }
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
        identity: format!(
            "{}\n{}",
            finding.resource.to_string().to_ascii_lowercase(),
            finding.text
        ),
        partial_fingerprints: Fingerprints::default(),
    }
}
