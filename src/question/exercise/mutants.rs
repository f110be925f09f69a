//! Changes of one thing at a time: does any assertion notice?

use super::Key;
use super::subject::{Subject, subjects};
use crate::answer::{Change, ItemKind, Mutant, Mutation, ScenarioCheck};
use crate::azure::Snapshot;
use crate::dataplane::Dataplane;
use crate::id::ResourceId;
use crate::import::scenario::Scenario;
use crate::import::{Imported, change_text, remove};
use crate::question::bench::{Bench, Resolve};
use crate::question::judge;
use crate::scenario::{Dataflow, Expectation, Variant};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The changes to try with a scenario, and the assertions that may notice them.
#[derive(Debug)]
pub struct Mutants<'a> {
    scenario: &'a Scenario,
    snapshot: &'a Snapshot,
    dataflows: Vec<Dataflow>,
    /// Assertions that hold, those of the scenario as it is first.
    parts: Vec<Part>,
    /// The changes, by kind of what is changed.
    planned: Vec<Planned>,
}

/// A variant, or the scenario as it is, and its assertions that hold.
#[derive(Debug)]
struct Part {
    variant: Option<Variant>,
    expect: Vec<Expectation>,
}

/// A change to try.
#[derive(Clone, Debug)]
struct Planned {
    mutant: Mutant,
    id: ResourceId,
    path: String,
}

impl<'a> Mutants<'a> {
    /// Every change to try with `scenario`, of which `checked` says which assertions hold. None when the
    /// network cannot be read.
    pub fn of(
        imported: &'a Imported,
        scenario: &'a Scenario,
        resolve: &Resolve<'_>,
        checked: &ScenarioCheck,
    ) -> Option<Self> {
        let snapshot = &imported.snapshot;
        let plane = resolve(snapshot.clone())?.compile();
        let found = subjects(plane.network());
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        let once = found.into_iter().filter(|subject| seen.insert(subject.key()));
        let resources: Vec<&ResourceId> = snapshot.resources.keys().collect();
        let planned = once.flat_map(|subject| plan(&resources, subject)).collect();
        let variants = scenario.variant_list().0.into_iter();
        let variants = variants.map(|it| (it.expect.clone(), Some(it)));
        let base = (scenario.expectations().0, None);
        let parts = std::iter::once(base).chain(variants).map(|(mut expect, variant)| {
            expect.retain(|expected| holds(checked, variant.as_ref(), expected));
            Part { variant, expect }
        });
        let parts = parts.filter(|part| !part.expect.is_empty()).collect();
        let dataflows = scenario.dataflows().0;
        Some(Self { scenario, snapshot, dataflows, parts, planned })
    }

    /// How many changes there are to try.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.planned.len()
    }

    /// Tries every change, in parallel: does an assertion fail with it that holds without? `tried` is told of
    /// each that is decided.
    ///
    /// The scenario as it is is asked first, then its variants, and the first that notices a change ends it. A
    /// variant whose own patch no longer fits is left out.
    #[must_use]
    pub fn result(&self, resolve: &Resolve<'_>, tried: &(dyn Fn() + Sync)) -> Mutation {
        let mut open: Vec<&Planned> = self.planned.iter().collect();
        for part in &self.parts {
            let benches = self.benches(part, resolve);
            let notices = |planned: &&&Planned| {
                let noticed = self.notices(part, planned, &benches);
                if noticed {
                    tried();
                }
                !noticed
            };
            open = open.par_iter().filter(notices).copied().collect();
        }
        open.iter().for_each(|_| tried());
        let unnoticed: Vec<Mutant> = open.iter().map(|planned| planned.mutant.clone()).collect();
        let tried = self.planned.len();
        Mutation { tried, noticed: tried - unnoticed.len(), unnoticed }
    }

    fn notices(&self, part: &Part, planned: &Planned, benches: &Benches<'_>) -> bool {
        let mut changed = self.snapshot.clone();
        if !planned.apply(&mut changed) {
            return false;
        }
        let variant = part.variant.iter();
        if variant.flat_map(|it| self.scenario.apply(it, &mut changed)).count() > 0 {
            return false;
        }
        let fails = |plane: &Dataplane| {
            part.expect.iter().any(|expected| {
                judge(plane, &self.dataflows, expected).map_or(true, |check| !check.holds)
            })
        };
        // A network that cannot be read any more is noticed by everybody.
        benches.with(changed, fails).unwrap_or(true)
    }

    fn benches<'r>(&self, part: &Part, resolve: &'r Resolve<'r>) -> Benches<'r> {
        let mut snapshot = self.snapshot.clone();
        if let Some(variant) = &part.variant {
            self.scenario.apply(variant, &mut snapshot);
        }
        Benches { snapshot, resolve, free: Mutex::default() }
    }
}

/// One bench for each thread that wants one.
struct Benches<'a> {
    snapshot: Snapshot,
    resolve: &'a Resolve<'a>,
    free: Mutex<Vec<Bench<'a>>>,
}

impl Benches<'_> {
    fn with<T>(&self, changed: Snapshot, look: impl FnOnce(&Dataplane) -> T) -> Option<T> {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let bench = free().pop();
        let mut bench =
            bench.unwrap_or_else(|| Bench::new(self.snapshot.clone(), None, self.resolve));
        let seen = bench.with(changed, look);
        free().push(bench);
        seen
    }
}

impl Planned {
    fn apply(&self, snapshot: &mut Snapshot) -> bool {
        match self.mutant.change {
            Change::Removed => remove(snapshot, &self.id, &self.path),
            Change::Flipped => change_text(snapshot, &self.id, (&self.path, "access"), |access| {
                Some(if access.eq_ignore_ascii_case("deny") { "Allow" } else { "Deny" })
            }),
        }
    }
}

/// The changes of one thing: it goes; a rule of a group or of an admin is also flipped. The resources are in the order of
/// their places.
fn plan(resources: &[&ResourceId], subject: Subject) -> Vec<Planned> {
    let Subject { item, root, path } = subject;
    let Some(&id) = resources.get(root.index()) else { return Vec::new() };
    let is_rule = matches!(item.kind, ItemKind::SecurityRule | ItemKind::AdminRule);
    let changes: &[Change] =
        if is_rule { &[Change::Removed, Change::Flipped] } else { &[Change::Removed] };
    let planned = changes.iter().map(|&change| {
        let mutant = Mutant { item: item.clone(), change };
        Planned { mutant, id: id.clone(), path: path.clone() }
    });
    planned.collect()
}

/// Did this assertion hold?
fn holds(checked: &ScenarioCheck, variant: Option<&Variant>, expected: &Expectation) -> bool {
    let variant = variant.map(|variant| variant.name.as_str());
    checked.assertions.iter().any(|check| {
        let is_it = check.place.pointer == expected.place.pointer
            && check.name == expected.name
            && check.variant.as_deref() == variant;
        is_it && check.holds
    })
}
