//! The answer to `fix` as text.

use super::item;
use super::page::{Page, Role};
use super::trace::role;
use crate::answer::{Blast, Fix, RepairAnswer, Verdict};

/// So many flows are listed one by one.
const LISTED: usize = 10;

/// What to change, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn repair(answer: &RepairAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    heading(&mut page, answer);
    for (number, fix) in (1..).zip(&answer.fixes) {
        one(&mut page, number, fix);
    }
    ending(&mut page, answer);
    page.finish()
}

fn heading(page: &mut Page, answer: &RepairAnswer) {
    let word = answer.verdict.to_string().to_uppercase();
    let reason = answer.reason.map(|reason| format!("({reason})")).unwrap_or_default();
    let found = match (answer.verdict, answer.fixes.len()) {
        (Verdict::Reachable, _) => "nothing to fix".to_owned(),
        (_, 0) => "no fix found".to_owned(),
        (_, 1) => "one fix, tried:".to_owned(),
        (_, count) => format!("{count} fixes, each tried:"),
    };
    let wish = format!("{};", answer.wish);
    let colour = role(answer.verdict);
    let pieces = [
        (colour, word.as_str()),
        (colour, reason.as_str()),
        (Role::Strong, wish.as_str()),
        (Role::Plain, found.as_str()),
    ];
    page.line(0, "", &pieces);
}

fn one(page: &mut Page, number: usize, fix: &Fix) {
    page.gap();
    let lead = format!("{number}. ");
    let mut lead = lead.as_str();
    for edit in &fix.edits {
        let rules = item::rules(&edit.rules);
        page.line(0, lead, &[(Role::Strong, &edit.sentence), (Role::Faint, &rules)]);
        lead = "   and ";
        for command in &edit.commands {
            page.line(3, "$ ", &[(Role::Plain, command)]);
        }
    }
    let confidence = format!("reachable then; confidence: {}", fix.confidence);
    page.line(3, "", &[(Role::Good, &confidence)]);
    blast(page, &fix.blast);
    for warning in &fix.warnings {
        page.line(3, "warning: ", &[(Role::Unsure, warning)]);
    }
    let patch = fix.patch.to_string();
    page.line(3, "patch: ", &[(Role::Faint, &patch)]);
}

fn blast(page: &mut Page, blast: &Blast) {
    if blast.opened.is_empty() && blast.closed.is_empty() {
        page.line(3, "", &[(Role::Plain, "opens and closes nothing else")]);
    }
    listed(page, "also opens", &blast.opened);
    listed(page, "also closes", &blast.closed);
    page.line(3, "", &[(Role::Faint, &blast.checked)]);
}

fn listed(page: &mut Page, what: &str, flows: &[String]) {
    if flows.is_empty() {
        return;
    }
    let count = format!("{what} {}:", flows.len());
    page.line(3, "", &[(Role::Unsure, &count)]);
    for flow in flows.iter().take(LISTED) {
        page.line(5, "- ", &[(Role::Plain, flow)]);
    }
    if flows.len() > LISTED {
        page.line(5, "", &[(Role::Faint, "and more: --output json lists all")]);
    }
}

fn ending(page: &mut Page, answer: &RepairAnswer) {
    let tried =
        format!("{} changes of at most {} edits were tried", answer.tried, answer.edits_max);
    let cut = if answer.is_cut_short { "; the search was cut short" } else { "" };
    if answer.verdict != Verdict::Reachable {
        page.gap();
        page.line(0, "", &[(Role::Faint, &format!("{tried}{cut}."))]);
    }
    for reason in &answer.without_remedy {
        let text = "is beyond what fix knows a change for";
        page.line(0, "", &[(Role::Unsure, reason.code()), (Role::Plain, text)]);
    }
}
