//! What assertions exercise, and which changes they notice, as text.

use super::item;
use super::page::{Page, Role};
use super::table::table;
use crate::answer::{Change, CheckAnswer, Coverage, Item, Mutation, ScenarioCheck};

/// The sections of a check, where they were asked for.
pub(super) fn sections(page: &mut Page, answer: &CheckAnswer) {
    if let Some(coverage) = &answer.coverage {
        let coverages = answer.scenarios.iter().filter_map(|it| Some((it, it.coverage.as_ref()?)));
        covered(page, coverages, coverage);
    }
    if let Some(mutation) = &answer.mutation {
        let mutations = answer.scenarios.iter().filter_map(|it| Some((it, it.mutation.as_ref()?)));
        changed(page, mutations, mutation);
    }
}

fn covered<'a>(
    page: &mut Page,
    parts: impl Iterator<Item = (&'a ScenarioCheck, &'a Coverage)>,
    sum: &Coverage,
) {
    page.heading("Exercised by assertions");
    let row = |kind: &crate::answer::KindCoverage| {
        let exercised = kind.decided + kind.consulted;
        let counts = [exercised, kind.decided, kind.consulted, kind.total - exercised, kind.total];
        let [exercised, decided, consulted, never, total] = counts.map(|count| count.to_string());
        [kind.kind.to_string(), total, exercised, decided, consulted, never]
    };
    let header = ["Kind", "Total", "Exercised", "Decided", "Next in line", "Never"];
    table(page, header, sum.kinds.iter().map(row).collect());
    for (scenario, coverage) in parts {
        for never in &coverage.never {
            line(page, "never ", never, &scenario.file);
        }
        if coverage.not_followed > 0 {
            let text = format!(
                "{} boxes of packets of assertions over sets were not followed: what only they rest on counts as never",
                coverage.not_followed
            );
            page.line(
                2,
                "",
                &[(Role::Unsure, &text), (Role::Faint, &format!("({})", scenario.file))],
            );
        }
    }
}

fn changed<'a>(
    page: &mut Page,
    parts: impl Iterator<Item = (&'a ScenarioCheck, &'a Mutation)>,
    sum: &Mutation,
) {
    let title = format!("One thing changed at a time: {} of {} noticed", sum.noticed, sum.tried);
    page.heading(&title);
    for (scenario, mutation) in parts {
        for mutant in &mutation.unnoticed {
            let lead = match mutant.change {
                Change::Removed => "without ",
                Change::Flipped => "flipped ",
            };
            line(page, lead, &mutant.item, &scenario.file);
        }
    }
}

/// A thing, with where it stands, or else the scenario.
fn line(page: &mut Page, lead: &str, thing: &Item, file: &str) {
    let kind = thing.kind.to_string();
    let place = item::place(thing);
    let place = if place.is_empty() { format!("({file})") } else { place };
    let pieces = [(Role::Plain, &*kind), (Role::Strong, &*thing.name), (Role::Faint, &*place)];
    page.line(2, lead, &pieces);
}
