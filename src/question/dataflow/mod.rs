//! Does a dataflow work, leg by leg, and if not, what stops it (design, 5)?

mod leg;
mod portion;

use super::gate::Actor;
use super::{caution, locate};
use crate::answer::{
    Caution, Confidence, DataflowAnswer, Hindrance, LegAnswer, Outcome, Rule, Symptom, Verdict,
    weakest,
};
use crate::dataplane::Dataplane;
use crate::diag::{Diagnostic, Place};
use crate::scenario::Dataflow;

/// Answers whether `dataflow` works. Every leg is judged, also behind one that fails, so that all
/// that stops it is listed at once.
///
/// # Errors
/// When it names something that is not in the input; said with the place where it is named.
pub fn dataflow(plane: &Dataplane, dataflow: &Dataflow) -> Result<DataflowAnswer, Vec<Diagnostic>> {
    let mut legs = Vec::new();
    let mut remarks = Vec::new();
    let mut next = 1;
    for leg in &dataflow.legs {
        let name = leg.principal.as_ref().or(dataflow.principal.as_ref());
        let found = actor(plane, dataflow, name.map(String::as_str), &leg.place)
            .and_then(|actor| leg::judge(plane, leg, actor, next));
        match found {
            Ok(answer) => {
                next += u32::try_from(answer.answer.steps.len()).unwrap_or_default();
                legs.push(answer);
            }
            Err(more) => remarks.extend(more),
        }
    }
    if remarks.is_empty() { Ok(assemble(plane, dataflow, legs)) } else { Err(remarks) }
}

/// Who acts in a leg.
fn actor(
    plane: &Dataplane,
    dataflow: &Dataflow,
    name: Option<&str>,
    place: &Place,
) -> Result<Actor, Vec<Diagnostic>> {
    let Some(name) = name.filter(|_| !dataflow.ignores_identity) else {
        return Ok(if dataflow.ignores_identity { Actor::LeftOut } else { Actor::NotNamed });
    };
    let found = locate::principal(plane.network(), name).map(Actor::Named);
    found.map_err(|refusal| vec![Diagnostic::from(refusal).at(place.clone())])
}

/// A leg with everything that stops it.
struct Judged {
    answer: LegAnswer,
    hindrances: Vec<Hindrance>,
    /// Assumptions of gates and of the control plane; those of the trace are in it.
    assumptions: Vec<String>,
    warnings: Vec<String>,
}

fn assemble(plane: &Dataplane, dataflow: &Dataflow, legs: Vec<Judged>) -> DataflowAnswer {
    let hindrances: Vec<Hindrance> =
        legs.iter().flat_map(|leg| leg.hindrances.iter().cloned()).collect();
    let verdict = legs.iter().map(|leg| leg.answer.verdict).fold(Verdict::Reachable, worse);
    let rules = rules_used(&legs);
    let traces = || legs.iter().filter_map(|leg| leg.answer.trace.as_ref());
    let assumptions = legs.iter().flat_map(|leg| &leg.assumptions);
    let assumptions = assumptions.chain(traces().flat_map(|trace| &trace.assumptions));
    let warnings = legs.iter().flat_map(|leg| &leg.warnings);
    let warnings = warnings.chain(traces().flat_map(|trace| &trace.warnings));
    let assumptions = each_once(assumptions);
    let mut cautions: Vec<Caution> = Vec::new();
    for found in legs.iter().flat_map(|leg| caution::cautions(plane, &leg.answer)) {
        let is_same = |it: &Caution| it.kind == found.kind && it.decided_by == found.decided_by;
        if !cautions.iter().any(is_same) {
            cautions.push(found);
        }
    }
    DataflowAnswer {
        dataflow: dataflow.name.clone(),
        variant: None,
        about: dataflow.about.clone(),
        documentation: dataflow.documentation.clone(),
        verdict,
        confidence: confidence(verdict, &hindrances, &rules, !assumptions.is_empty()),
        reason: deciding(verdict, &hindrances).map(|hindrance| hindrance.reason),
        symptom: deciding(verdict, &hindrances).and_then(Symptom::of),
        cautions,
        hindrances,
        not_modelled: each_once(
            traces()
                .flat_map(|trace| &trace.not_modelled)
                .chain(&plane.network().bringing_anything()),
        ),
        warnings: each_once(warnings),
        assumptions,
        rules,
        legs: legs.into_iter().map(|leg| leg.answer).collect(),
    }
}

/// Whatever stops one leg stops all of it; what is not known leaves it open.
const fn worse(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Unreachable, _) | (_, Verdict::Unreachable) => Verdict::Unreachable,
        (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
        (Verdict::Reachable, Verdict::Reachable) => Verdict::Reachable,
    }
}

/// The first hindrance that decides.
fn deciding(verdict: Verdict, hindrances: &[Hindrance]) -> Option<&Hindrance> {
    let wanted = match verdict {
        Verdict::Reachable => return None,
        Verdict::Unreachable => Outcome::Stopped,
        Verdict::Unknown => Outcome::Unsure,
    };
    hindrances.iter().find(|hindrance| hindrance.outcome == wanted)
}

/// The weakest among the rules that decided (R516).
fn confidence(
    verdict: Verdict,
    hindrances: &[Hindrance],
    all: &[Rule],
    is_assumed: bool,
) -> Confidence {
    match deciding(verdict, hindrances) {
        Some(hindrance) => weakest(&hindrance.rules),
        None if is_assumed => weakest(all).max(Confidence::Inferred),
        None => weakest(all),
    }
}

fn rules_used(legs: &[Judged]) -> Vec<Rule> {
    let of_traces = legs.iter().filter_map(|leg| leg.answer.trace.as_ref());
    let of_traces = of_traces.flat_map(|trace| &trace.rules);
    let steps = legs.iter().flat_map(|leg| &leg.answer.steps);
    let of_gates = steps.flat_map(|step| &step.gates).flat_map(|gate| &gate.rules);
    let mut rules: Vec<Rule> = of_traces.chain(of_gates).copied().collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn each_once<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if !found.contains(text) {
            found.push(text.clone());
        }
    }
    found
}
