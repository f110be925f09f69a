//! The answer to `check` as text: a table of scenarios, what does not hold, and the sum.

use super::page::{Page, Role};
use super::reachability::witness;
use super::table::table;
use super::{coverage, item};
use crate::answer::{AssertionCheck, CheckAnswer, ScenarioCheck};
use std::collections::BTreeSet;

/// Checked assertions, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn check(answer: &CheckAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    table(
        &mut page,
        ["Hold", "Fail", "Unknown", "Mistakes", "Scenario"],
        answer.scenarios.iter().map(row).collect(),
    );
    for scenario in &answer.scenarios {
        let not_holding = scenario.failing().chain(scenario.unknown());
        not_holding.for_each(|assertion| failing(&mut page, assertion));
    }
    let assertions = answer.scenarios.iter().flat_map(|scenario| &scenario.assertions);
    let near: BTreeSet<&String> = assertions.flat_map(|it| &it.not_modelled).collect();
    let near: Vec<String> = near.into_iter().cloned().collect();
    item::list(&mut page, "Not modelled, and in the way of assertions", &near);
    coverage::sections(&mut page, answer);
    sum(&mut page, answer);
    page.finish()
}

fn row(scenario: &ScenarioCheck) -> [String; 5] {
    let (failing, unknown) = (scenario.failing().count(), scenario.unknown().count());
    let counts = [scenario.holding(), failing, unknown, scenario.mistakes.len()]
        .map(|count| if count == 0 { "-".to_owned() } else { count.to_string() });
    let [holding, failing, unknown, mistakes] = counts;
    [
        format!("{holding:>4}"),
        format!("{failing:>4}"),
        format!("{unknown:>7}"),
        format!("{mistakes:>8}"),
        scenario.file.clone(),
    ]
}

fn failing(page: &mut Page, assertion: &AssertionCheck) {
    page.gap();
    let place = format!("({})", assertion.place);
    let rules = item::rules(&assertion.cites);
    let name = assertion.full_name();
    let pieces = [
        if assertion.is_unknown { (Role::Unsure, "UNKNOWN") } else { (Role::Bad, "FAILS") },
        (Role::Strong, &*name),
        (Role::Faint, &place),
        (Role::Faint, &rules),
    ];
    page.line(0, "", &pieces);
    for difference in &assertion.differences {
        page.line(2, "", &[(Role::Plain, &difference.to_string())]);
    }
    if let Some(packet) = &assertion.witness {
        witness(page, 2, packet);
    }
    let Some(obstacle) = &assertion.obstacle else { return };
    let rules = item::rules(&obstacle.rules);
    let step = format!("in step {},", obstacle.step);
    let step = if assertion.dataflow.is_some() { &*step } else { "" };
    let pieces = [
        (Role::Unsure, obstacle.reason.code()),
        (Role::Plain, step),
        (Role::Plain, &obstacle.text),
        (Role::Faint, &rules),
    ];
    page.line(2, "first obstacle ", &pieces);
    if let Some(decided) = &obstacle.decided_by {
        item::decided_by(page, "  first obstacle ".len(), decided);
    }
}

/// `40 scenarios, 210 assertions: 208 hold, 2 fail; 1 mistake`.
fn sum(page: &mut Page, answer: &CheckAnswer) {
    let scenarios = item::counted(answer.scenarios.len(), "scenario");
    let assertions = item::counted(answer.holding + answer.failing + answer.unknown, "assertion");
    let all = format!("{scenarios}, {assertions}:");
    let holding = format!("{} hold,", answer.holding);
    let failing = format!("{} fail", answer.failing);
    let unknown = format!("and of {} it cannot be said", answer.unknown);
    let mistakes = item::counted(answer.mistakes, "mistake");
    let bad = |count: usize| if count > 0 { Role::Bad } else { Role::Plain };
    let mut pieces =
        vec![(Role::Strong, &*all), (Role::Good, &*holding), (bad(answer.failing), &*failing)];
    if answer.unknown > 0 {
        pieces.push((Role::Unsure, &unknown));
    }
    if answer.mistakes > 0 {
        pieces.extend([(Role::Plain, "and"), (Role::Bad, &*mistakes)]);
    }
    page.gap();
    page.line(0, "", &pieces);
}
