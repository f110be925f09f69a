//! Assertions about dataflows.

use super::{Evidence, Found};
use crate::answer::{DataflowAnswer, Reason, Symptom};
use crate::dataplane::Dataplane;
use crate::diag::{Diagnostic, similar};
use crate::question::dataflow;
use crate::scenario::{Dataflow, ExpectedDataflow};

/// Compares what is expected of a dataflow with how it fares.
pub(super) fn compare(
    plane: &Dataplane,
    dataflows: &[Dataflow],
    expected: &ExpectedDataflow,
) -> Result<Found, Vec<Diagnostic>> {
    let Some(flow) = dataflows.iter().find(|flow| flow.name == expected.dataflow) else {
        return Err(vec![no_such_dataflow(&expected.dataflow, dataflows)]);
    };
    let answer = dataflow(plane, flow)?;
    let obstacle = answer.hindrances.first().cloned();
    let evidence = Evidence::of_dataflow(&answer);
    let not_modelled = answer.not_modelled.clone();
    let mut found = Found { obstacle, evidence, not_modelled, ..Found::default() };
    found.verdict(expected.verdict, (answer.verdict, answer.reason));
    found.reason(expected.reason, answer.reason);
    found.decided_by(expected.decided_by.as_ref());
    step(expected, &answer, &mut found);
    obstacles(&expected.obstacles, &answer, &mut found);
    told_otherwise(expected, &answer, &mut found);
    Ok(found)
}

fn no_such_dataflow(name: &str, dataflows: &[Dataflow]) -> Diagnostic {
    let names: Vec<&str> = dataflows.iter().map(|flow| flow.name.as_str()).collect();
    let remark = Diagnostic::error("unknown-name", format!("there is no dataflow `{name}`"));
    let near = similar(name, names.iter().copied());
    let quoted: Vec<String> =
        if near.is_empty() { &names } else { &near }.iter().map(|it| format!("`{it}`")).collect();
    match &*quoted {
        [] => remark.hint("the scenario has no `dataflows`"),
        _ if near.is_empty() => remark.hint(format!("there are {}", quoted.join(", "))),
        _ => remark.hint(format!("did you mean {}?", quoted.join(" or "))),
    }
}

fn step(expected: &ExpectedDataflow, answer: &DataflowAnswer, found: &mut Found) {
    let first = answer.hindrances.first().map(|first| first.step);
    if let Some(wanted) = expected.step.filter(|&wanted| first != Some(wanted)) {
        let other = first.map_or_else(|| "none".to_owned(), |step| step.to_string());
        found.differs("step", wanted, other);
    }
}

/// Reasons that occur among all that stops it.
fn obstacles(wanted: &[Reason], answer: &DataflowAnswer, found: &mut Found) {
    for &wanted in wanted {
        if answer.hindrances.iter().all(|it| it.reason != wanted) {
            let reasons: Vec<Reason> = answer.hindrances.iter().map(|it| it.reason).collect();
            found.differs("obstacles", wanted, listed(&reasons));
        }
    }
}

/// What the user sees, and what there is to know.
fn told_otherwise(expected: &ExpectedDataflow, answer: &DataflowAnswer, found: &mut Found) {
    if let Some(wanted) = expected.symptom.filter(|&wanted| answer.symptom != Some(wanted)) {
        found.differs("symptom", wanted, answer.symptom.map_or("none", Symptom::code));
    }
    let Some(wanted) = &expected.cautions else { return };
    let kinds: Vec<_> = answer.cautions.iter().map(|caution| caution.kind).collect();
    let is_same = wanted.iter().all(|kind| kinds.contains(kind))
        && kinds.iter().all(|kind| wanted.contains(kind));
    if !is_same {
        found.differs("cautions", listed(wanted), listed(&kinds));
    }
}

fn listed<T: std::fmt::Display>(words: &[T]) -> String {
    let texts: Vec<String> = words.iter().map(ToString::to_string).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}
