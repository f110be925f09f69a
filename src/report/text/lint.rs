//! The answer to `lint` as text.

use super::inventory::{LISTED, print_finding};
use super::item;
use super::page::{Page, Role};
use crate::answer::{Finding, LintAnswer};
use crate::diag::Severity;

/// Findings, the worst first, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn lint(answer: &LintAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let text = format!(
        "{}, {}, {}",
        item::counted(answer.errors, "error"),
        item::counted(answer.warnings, "warning"),
        item::counted(answer.notes, "note"),
    );
    page.line(0, "", &[(Role::Strong, &text)]);
    let levels =
        [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Note, "Notes")];
    for (severity, heading) in levels {
        let found: Vec<&Finding> =
            answer.findings.iter().filter(|it| it.severity == severity).collect();
        level(&mut page, heading, &found);
    }
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    if !answer.findings.is_empty() {
        page.gap();
        page.line(0, "", &[(Role::Faint, "hopwise explain CODE says what a finding means")]);
    }
    page.finish()
}

fn level(page: &mut Page, heading: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading(heading);
    for of_code in findings.chunk_by(|a, b| a.code == b.code) {
        for finding in of_code.iter().take(LISTED) {
            print_finding(page, finding);
        }
        if of_code.len() > LISTED {
            let code = of_code.first().map(|finding| finding.code).unwrap_or_default();
            let text = format!("and {} more; --output json has all", of_code.len() - LISTED);
            page.line(2, "- ", &[(Role::Unsure, code), (Role::Plain, &text)]);
        }
    }
}
