//! Does the network do what an assertion expects?

mod dataflow;
mod evidence;
mod name;
mod reach;
mod route;
mod router;
mod trace;

use crate::answer::{AssertionCheck, Difference, Hindrance, Reason, Verdict, Witness};
use crate::dataplane::Dataplane;
use crate::diag::Diagnostic;
use crate::scenario::{Asks, Dataflow, Expectation};
use std::fmt::Display;

pub(super) use evidence::Evidence;

/// Compares what `expectation` says with what the network does; `dataflows` are those of its scenario.
///
/// # Errors
/// When it names something that is not in the input; said with the place of the assertion.
pub fn judge(
    plane: &Dataplane,
    dataflows: &[Dataflow],
    expectation: &Expectation,
) -> Result<AssertionCheck, Vec<Diagnostic>> {
    judge_with_evidence(plane, dataflows, expectation).map(|(check, _)| check)
}

/// As [`judge`], with everything that decided or nearly did.
pub(super) fn judge_with_evidence(
    plane: &Dataplane,
    dataflows: &[Dataflow],
    expectation: &Expectation,
) -> Result<(AssertionCheck, Evidence), Vec<Diagnostic>> {
    let found = match &expectation.asks {
        Asks::Dataflow(expected) => dataflow::compare(plane, dataflows, expected),
        Asks::Trace(expected) => trace::compare(plane, expected),
        Asks::Reach(expected) => reach::compare(plane, expected),
        Asks::NextHop { from, to, next_hop_type, address } => {
            route::compare_next_hop(plane, from, *to, next_hop_type, *address)
        }
        Asks::Route { interface, prefix, next_hop_type, state } => {
            route::compare(plane, interface, *prefix, next_hop_type.as_deref(), state)
        }
        Asks::RouterRoute(expected) => router::compare(plane, expected),
        Asks::Resolve { from, name, record_type, outcome } => {
            name::compare(plane, from, name, record_type, outcome)
        }
    };
    let at_home = |remark: Diagnostic| match remark.place {
        Some(_) => remark,
        None => remark.at(expectation.place.clone()),
    };
    let Found { differences, obstacle, witness, is_unknown, not_modelled, evidence } =
        found.map_err(|remarks| remarks.into_iter().map(at_home).collect::<Vec<_>>())?;
    let holds = differences.is_empty();
    let dataflow = match &expectation.asks {
        Asks::Dataflow(expected) => Some(expected.dataflow.clone()),
        Asks::Trace(_)
        | Asks::Reach(_)
        | Asks::NextHop { .. }
        | Asks::Route { .. }
        | Asks::RouterRoute(_)
        | Asks::Resolve { .. } => None,
    };
    let check = AssertionCheck {
        variant: None,
        name: expectation.name.clone(),
        dataflow,
        holds,
        is_unknown,
        differences,
        obstacle: obstacle.filter(|_| !holds),
        witness,
        not_modelled,
        cites: expectation.cites.clone(),
        place: expectation.place.clone(),
    };
    Ok((check, evidence))
}

/// What an assertion rests on: all that decides about what it is about, or nearly does.
pub(super) fn evidence(
    plane: &Dataplane,
    dataflows: &[Dataflow],
    expectation: &Expectation,
) -> Evidence {
    match &expectation.asks {
        Asks::Reach(expected) => reach::evidence(plane, expected),
        Asks::Dataflow(_)
        | Asks::Trace(_)
        | Asks::NextHop { .. }
        | Asks::Route { .. }
        | Asks::RouterRoute(_)
        | Asks::Resolve { .. } => {
            judge_with_evidence(plane, dataflows, expectation).map(|(_, it)| it).unwrap_or_default()
        }
    }
}

/// What was found of one assertion.
#[derive(Debug, Default)]
struct Found {
    differences: Vec<Difference>,
    /// The first thing that stops what was asked about.
    obstacle: Option<Hindrance>,
    evidence: Evidence,
    /// A packet that shows what differs, of an assertion over sets.
    witness: Option<Box<Witness>>,
    /// Can it not be said whether it holds?
    is_unknown: bool,
    /// What is not modelled and refers to something that it rests on.
    not_modelled: Vec<String>,
}

impl Found {
    /// Notes that `key` is not as expected.
    fn differs(&mut self, key: &'static str, expected: impl Display, found: impl Display) {
        let (expected, found) = (expected.to_string(), found.to_string());
        self.differences.push(Difference { key, expected, found });
    }

    /// Notes that it cannot be said whether `key` is as expected.
    fn cannot_be_said(&mut self, key: &'static str, expected: impl Display, why: &str) {
        self.differs(key, expected, format!("unknown: {why}"));
        self.is_unknown = true;
    }

    fn verdict(&mut self, wanted: Verdict, found: (Verdict, Option<Reason>)) {
        let (verdict, reason) = found;
        if verdict != wanted {
            let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            self.differs("verdict", wanted, format!("{verdict}{reason}"));
        }
    }

    fn reason(&mut self, wanted: Option<Reason>, found: Option<Reason>) {
        if let Some(wanted) = wanted.filter(|&wanted| found != Some(wanted)) {
            self.differs("reason", wanted, found.map_or("none", |reason| reason.code()));
        }
    }

    /// Compares what the first obstacle rests on.
    fn decided_by(&mut self, wanted: Option<&String>) {
        let Some(wanted) = wanted else { return };
        let item = self.obstacle.as_ref().and_then(|obstacle| obstacle.decided_by.as_ref());
        let name = item.map_or("nothing", |item| item.name.as_str());
        if !name.contains(wanted.as_str()) {
            let found = format!("`{name}`");
            self.differs("decidedBy", format!("`{wanted}`"), found);
        }
    }
}
