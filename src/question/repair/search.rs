//! The search: edits that may help, applied and asked again, smallest first.

use super::blast::Radius;
use super::edit::{Edit, whole};
use super::goal::{Found, Goal};
use super::{WhatIf, gates, packets, patch};
use crate::answer::{Fix, GateAnswer, Obstacle, Reason, RepairAnswer, Verdict};
use crate::azure::Snapshot;
use crate::azure::tree::Node;
use crate::dataplane::Dataplane;
use crate::diag::Place;
use crate::import::merge_patch;
use crate::question::{Disagreement, public_name};
use std::collections::BTreeSet;

/// How far the search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At most so many edits together.
    pub edits_max: usize,
    /// At most so many changes are tried.
    pub tries_max: usize,
    /// At most so many fixes are shown.
    pub fixes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { edits_max: 4, tries_max: 300, fixes_max: 5 }
    }
}

/// Looks for the smallest changes that make `goal` work.
///
/// Breadth first over edits that answer what stops it: all fixes of the fewest edits are found before
/// the search ends, and within that number those come first that change least else, exactly. Each try
/// compiles what it changes of the estate. None when an end of `goal` is not in it.
///
/// # Errors
/// When the engines disagree about a packet that a change opens or closes, which is our bug.
pub fn repair(
    estate: &WhatIf<'_>,
    goal: &Goal<'_>,
    limits: Limits,
) -> Result<Option<RepairAnswer>, Disagreement> {
    let Some(found) = goal.ask(estate.plane) else { return Ok(None) };
    let mut search = Search { estate, goal, limits, tried: 0, seen: BTreeSet::new(), cut: false };
    let bench = Bench { snapshot: estate.snapshot, plane: estate.plane };
    let (snapshot, proposed) = (estate.snapshot.clone(), propose(&bench, &found));
    let without_remedy = without_remedy(&bench, &found);
    let hints = found.traces.iter().filter_map(|it| public_name::instead(estate.plane, it));
    let hints = hints.collect();
    let start = State { edits: Vec::new(), snapshot, found, proposed };
    let (verdict, reason) = (start.found.verdict, start.found.reason);
    let solved = match verdict {
        Verdict::Reachable => Vec::new(),
        Verdict::Unreachable | Verdict::Unknown => search.run(&start),
    };
    let mut radius = Radius::new(estate.snapshot, estate.plane);
    let fixes = solved.iter().filter_map(|state| {
        estate.with(state.snapshot.clone(), |plane| fix(&mut radius, state, plane))
    });
    let mut fixes = fixes.collect::<Result<Vec<Fix>, _>>()?;
    fixes.sort_by_cached_key(|fix| {
        (fix.edits.len(), lasting(fix), unmeasured(fix), fix.blast.rank())
    });
    fixes.truncate(limits.fixes_max);
    Ok(Some(RepairAnswer {
        wish: goal.words(),
        verdict,
        reason,
        fixes,
        tried: search.tried,
        is_cut_short: search.cut,
        without_remedy,
        edits_max: limits.edits_max,
        hints,
        not_modelled: estate.plane.network().bringing_anything(),
    }))
}

/// The estate after some edits, and what is found of the goal then.
struct State {
    edits: Vec<Edit>,
    snapshot: Snapshot,
    found: Found,
    /// Edits that answer what stops it still.
    proposed: Vec<(Aim, Edit)>,
}

struct Search<'s, 'a> {
    estate: &'s WhatIf<'a>,
    goal: &'s Goal<'s>,
    limits: Limits,
    tried: usize,
    /// Patches that were tried, as text.
    seen: BTreeSet<String>,
    cut: bool,
}

impl Search<'_, '_> {
    fn run(&mut self, start: &State) -> Vec<State> {
        let mut level = self.expand(start);
        for _ in 1..=self.limits.edits_max {
            let (solved, open): (Vec<State>, Vec<State>) =
                level.into_iter().partition(|state| state.found.verdict == Verdict::Reachable);
            if !solved.is_empty() {
                return solved;
            }
            level = Vec::new();
            for state in &open {
                level.extend(self.expand(state));
            }
        }
        Vec::new()
    }

    /// Every state one edit further that is nearer to the goal.
    fn expand(&mut self, from: &State) -> Vec<State> {
        if from.edits.len() >= self.limits.edits_max {
            return Vec::new();
        }
        let edits = from.proposed.iter();
        edits.filter_map(|(aim, edit)| self.step(from, aim, edit.clone())).collect()
    }

    /// The state after one more edit, when what it is aimed at is gone.
    fn step(&mut self, from: &State, aim: &Aim, edit: Edit) -> Option<State> {
        let mut edits = from.edits.clone();
        edits.push(edit);
        let key = patch::json(&whole(&edits)).to_string();
        if !self.seen.insert(key) {
            return None;
        }
        if self.tried >= self.limits.tries_max {
            self.cut = true;
            return None;
        }
        self.tried += 1;
        let mut snapshot = from.snapshot.clone();
        let patch = &edits.last()?.patch;
        if !apply(&mut snapshot, patch) {
            return None;
        }
        let found = self.estate.with(snapshot.clone(), |plane| {
            let found = self.goal.ask(plane)?;
            let is_solved = found.verdict == Verdict::Reachable;
            let is_nearer = is_solved || !aims(&found).contains(aim);
            let bench = Bench { snapshot: &snapshot, plane };
            let proposed = if is_solved { Vec::new() } else { propose(&bench, &found) };
            is_nearer.then_some((found, proposed))
        });
        let (found, proposed) = found??;
        Some(State { edits, snapshot, found, proposed })
    }
}

/// Applies a patch of ours, which stands in no document.
fn apply(snapshot: &mut Snapshot, patch: &Node) -> bool {
    let nowhere = |pointer: &str, _: &Node| Place {
        file: "fix".into(),
        pointer: pointer.into(),
        span: None,
        line: None,
    };
    merge_patch(snapshot, patch, &nowhere).is_empty()
}

/// Something that stops it, so that it is known again after an edit: why, where, and which resource decides.
type Aim = (Option<Reason>, String);

fn of_obstacle(obstacle: &Obstacle) -> Aim {
    let decider = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let decider = decider.map(ToString::to_string).unwrap_or_default();
    (Some(obstacle.reason), format!("{} {} {decider}", obstacle.at, obstacle.on_reply))
}

fn of_gate(gate: &GateAnswer) -> Aim {
    (gate.reason, gate.text.clone())
}

/// Everything that stops it.
fn aims(found: &Found) -> BTreeSet<Aim> {
    let obstacles = found.obstacles().map(|(_, obstacle)| of_obstacle(obstacle));
    obstacles.chain(found.gates.iter().map(of_gate)).collect()
}

/// Edits that answer what stops it, each once, in the order of what stops it.
fn propose(bench: &Bench<'_>, found: &Found) -> Vec<(Aim, Edit)> {
    let mut all: Vec<(Aim, Edit)> = Vec::new();
    for (trace, obstacle) in found.obstacles() {
        let edits = packets::edits(bench, trace, obstacle).into_iter();
        all.extend(edits.map(|edit| (of_obstacle(obstacle), edit)));
    }
    for gate in &found.gates {
        let edits = gates::edits(bench, gate).into_iter();
        all.extend(edits.map(|edit| (of_gate(gate), edit)));
    }
    let mut once: Vec<(Aim, Edit)> = Vec::new();
    for (aim, edit) in all {
        if once.iter().all(|(_, other)| other.patch != edit.patch) {
            once.push((aim, edit));
        }
    }
    once
}

/// What edits are made from.
pub(super) struct Bench<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) plane: &'a Dataplane,
}

fn without_remedy(bench: &Bench<'_>, found: &Found) -> Vec<Reason> {
    let packets = found.obstacles();
    let packets = packets.filter(|(trace, it)| packets::edits(bench, trace, it).is_empty());
    let gates = found.gates.iter().filter(|gate| gates::edits(bench, gate).is_empty());
    let reasons = packets.map(|(_, it)| it.reason).chain(gates.filter_map(|gate| gate.reason));
    let all: BTreeSet<Reason> = reasons.collect();
    all.into_iter().collect()
}

/// How many edits stay until somebody takes them back: what closes by itself comes first (R436).
fn lasting(fix: &Fix) -> usize {
    fix.edits.iter().filter(|edit| edit.kind != "just-in-time").count()
}

/// How many edits change how everybody in a network resolves all names, which is not compared.
fn unmeasured(fix: &Fix) -> usize {
    fix.edits.iter().filter(|edit| edit.kind == "dns-servers").count()
}

fn fix(radius: &mut Radius<'_>, after: &State, plane: &Dataplane) -> Result<Fix, Disagreement> {
    Ok(Fix {
        edits: after.edits.iter().map(Edit::answer).collect(),
        patch: patch::json(&whole(&after.edits)),
        confidence: after.found.confidence,
        blast: radius.of((&after.snapshot, plane), &after.found)?,
        warnings: after.found.warnings.clone(),
    })
}
