//! The answer to `ways` as text.

use super::blast::blast;
use super::page::{Page, Role};
use super::{dataflow, item};
use crate::answer::{Verdict, WayAnswer, WaysAnswer};

/// Every way, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn ways(answer: &WaysAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    heading(&mut page, answer);
    for (number, way) in (1..).zip(&answer.ways) {
        one(&mut page, number, way);
    }
    if !answer.absent.is_empty() {
        page.heading("Not offered");
    }
    for absent in &answer.absent {
        let needs = format!("needs {}", absent.needs);
        page.line(2, "- ", &[(Role::Strong, absent.way), (Role::Plain, &needs)]);
    }
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    page.finish()
}

fn heading(page: &mut Page, answer: &WaysAnswer) {
    let works = |way: &&WayAnswer| way.dataflow.verdict == Verdict::Reachable;
    let count = answer.ways.iter().filter(works).count();
    let who = answer.principal.as_ref().map(|name| format!("as {name},")).unwrap_or_default();
    let ways = format!("{} of {} ways to {} work", count, answer.ways.len(), answer.target);
    let client = format!("for people at {}", answer.client);
    let pieces = [(Role::Strong, ways.as_str()), (Role::Plain, &who), (Role::Plain, &client)];
    page.line(0, "", &pieces);
    if answer.principal.is_none() {
        let text = "Who acts is left out of account: roles and keys are judged with `--as NAME`.";
        page.line(0, "", &[(Role::Faint, text)]);
    }
}

fn one(page: &mut Page, number: usize, way: &WayAnswer) {
    page.gap();
    let lead = format!("{number}. ");
    let state = state(way);
    let role = super::trace::role(way.dataflow.verdict);
    let kind = format!("({})", way.way);
    let pieces = [
        (role, state.as_str()),
        (Role::Strong, way.dataflow.dataflow.as_str()),
        (Role::Faint, kind.as_str()),
    ];
    page.line(0, &lead, &pieces);
    page.set_margin(3);
    for step in way.dataflow.legs.iter().flat_map(|leg| &leg.steps) {
        dataflow::prerequisites(page, step);
    }
    for hindrance in &way.dataflow.hindrances {
        dataflow::hindrance(page, "missing ", hindrance);
    }
    let edits = way.fix.iter().flat_map(|fix| &fix.edits);
    for edit in edits {
        let rules = item::rules(&edit.rules);
        page.line(0, "do      ", &[(Role::Good, &edit.sentence), (Role::Faint, &rules)]);
    }
    if let Some(fix) = &way.fix {
        blast(page, 8, &fix.blast);
    }
    page.set_margin(0);
}

fn state(way: &WayAnswer) -> String {
    match (way.dataflow.verdict, way.edits) {
        (Verdict::Reachable, _) => "works:".to_owned(),
        (_, Some(1)) => "one edit away:".to_owned(),
        (_, Some(edits)) => format!("{edits} edits away:"),
        (Verdict::Unreachable, None) => "does not work:".to_owned(),
        (Verdict::Unknown, None) => "unknown:".to_owned(),
    }
}
