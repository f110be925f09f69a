//! The answer to `fix` as text.

use super::blast::blast;
use super::item;
use super::page::{Page, Role};
use super::trace::role;
use crate::answer::{Fix, RepairAnswer, Verdict};

/// What to change, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn repair(answer: &RepairAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    heading(&mut page, answer);
    for (number, fix) in (1..).zip(&answer.fixes) {
        one(&mut page, number, fix);
    }
    item::list(&mut page, "Not modelled", &answer.not_modelled);
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
    blast(page, 3, &fix.blast);
    for warning in &fix.warnings {
        page.line(3, "warning: ", &[(Role::Unsure, warning)]);
    }
    let patch = fix.patch.to_string();
    page.line(3, "patch: ", &[(Role::Faint, &patch)]);
}

fn ending(page: &mut Page, answer: &RepairAnswer) {
    let tried =
        format!("{} changes of at most {} edits were tried", answer.tried, answer.edits_max);
    let cut = if answer.is_cut_short { "; the search was cut short" } else { "" };
    if answer.verdict != Verdict::Reachable {
        page.gap();
        page.line(0, "", &[(Role::Faint, &format!("{tried}{cut}."))]);
    }
    for hint in &answer.hints {
        page.line(0, "hint: ", &[(Role::Plain, hint)]);
    }
    for reason in &answer.without_remedy {
        let text = "is beyond what fix knows a change for";
        page.line(0, "", &[(Role::Unsure, reason.code()), (Role::Plain, text)]);
    }
}
