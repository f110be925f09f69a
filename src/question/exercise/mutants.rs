//! Changes of one thing at a time: does any assertion notice?

use super::subject::{Subject, subjects};
use super::{Compile, Key};
use crate::answer::{Change, ItemKind, Mutant, Mutation, ScenarioCheck};
use crate::azure::Snapshot;
use crate::id::ResourceId;
use crate::import::scenario::Scenario;
use crate::import::{Imported, change_text, remove};
use crate::question::judge;
use crate::scenario::{Dataflow, Expectation, Variant};
use std::collections::BTreeSet;

/// The changes to try with a scenario, and the assertions that may notice them.
#[derive(Debug)]
pub struct Mutants<'a> {
    imported: &'a Imported,
    scenario: &'a Scenario,
    dataflows: Vec<Dataflow>,
    /// Assertions that hold, those of the scenario as it is first.
    parts: Vec<(Option<Variant>, Vec<Expectation>)>,
    /// The changes, by kind of what is changed.
    pub planned: Vec<Planned>,
}

/// A change to try.
#[derive(Clone, Debug)]
pub struct Planned {
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
        compile: &Compile<'_>,
        checked: &ScenarioCheck,
    ) -> Option<Self> {
        let plane = compile(imported.snapshot.clone()).plane?;
        let found = subjects(plane.network());
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        let once = found.into_iter().filter(|subject| seen.insert(subject.key()));
        let planned = once.flat_map(|subject| plan(&imported.snapshot, subject)).collect();
        let variants = scenario.variant_list().0.into_iter();
        let variants = variants.map(|it| (it.expect.clone(), Some(it)));
        let base = (scenario.expectations().0, None);
        let parts = std::iter::once(base).chain(variants).map(|(mut expect, variant)| {
            expect.retain(|expected| holds(checked, variant.as_ref(), expected));
            (variant, expect)
        });
        let parts = parts.filter(|(_, expect)| !expect.is_empty()).collect();
        let dataflows = scenario.dataflows().0;
        Some(Self { imported, scenario, dataflows, parts, planned })
    }

    /// Does an assertion fail with the change `planned` that holds without?
    ///
    /// The scenario as it is is asked first, then its variants, and the first that notices ends it. A
    /// variant whose own patch no longer fits is left out.
    #[must_use]
    pub fn notices(&self, planned: &Planned, compile: &Compile<'_>) -> bool {
        let mut changed = self.imported.snapshot.clone();
        if !planned.apply(&mut changed) {
            return false;
        }
        self.parts.iter().any(|(variant, expect)| {
            let mut snapshot = changed.clone();
            let wrong =
                variant.iter().flat_map(|it| self.scenario.apply(it, &mut snapshot)).count();
            if wrong > 0 {
                return false;
            }
            // A network that cannot be read any more is noticed by everybody.
            let Some(plane) = compile(snapshot).plane else { return true };
            let fails = |expected: &Expectation| {
                judge(&plane, &self.dataflows, expected).map_or(true, |check| !check.holds)
            };
            expect.iter().any(fails)
        })
    }

    /// The sum, where `noticed` says of each planned change whether it was.
    #[must_use]
    pub fn result(&self, noticed: &[bool]) -> Mutation {
        let all = self.planned.iter().zip(noticed);
        let unnoticed = all.filter(|(_, noticed)| !**noticed).map(|(it, _)| it.mutant.clone());
        let unnoticed: Vec<Mutant> = unnoticed.collect();
        let tried = self.planned.len();
        Mutation { tried, noticed: tried - unnoticed.len(), unnoticed }
    }
}

impl Planned {
    fn apply(&self, snapshot: &mut Snapshot) -> bool {
        match self.mutant.change {
            Change::Removed => remove(snapshot, &self.id, &self.path),
            Change::Flipped => change_text(snapshot, &self.id, (&self.path, "access"), |access| {
                Some(if access.eq_ignore_ascii_case("allow") { "Deny" } else { "Allow" })
            }),
        }
    }
}

/// The changes of one thing: it goes; a rule of a group is also flipped.
fn plan(snapshot: &Snapshot, subject: Subject) -> Vec<Planned> {
    let Subject { item, root, path } = subject;
    let at_root = snapshot.resources.iter().filter(|(_, resource)| {
        resource.place.file == root.file && resource.place.pointer == root.pointer
    });
    let ids: Vec<&ResourceId> = at_root.map(|(id, _)| id).collect();
    // A machine and its interface may stand at one place: the owner's own name comes first.
    let owner = item.resource.as_ref();
    let own = ids.iter().find(|id| owner.is_some_and(|owner| owner == **id));
    let Some(id) = own.or_else(|| ids.first()).map(|id| (*id).clone()) else { return Vec::new() };
    let is_rule = item.kind == ItemKind::SecurityRule;
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
