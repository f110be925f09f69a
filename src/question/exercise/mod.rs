//! What the assertions of a scenario exercise of its network, and which changes they would notice.

mod mutants;
mod subject;

pub use mutants::Mutants;

use super::assertion::{Evidence, evidence};
use super::check::Compiled;
use crate::answer::{Coverage, Item, ItemKind, KindCoverage};
use crate::azure::Snapshot;
use crate::dataplane::Dataplane;
use crate::import::Imported;
use crate::import::scenario::Scenario;
use crate::scenario::{Dataflow, Expectation};
use std::collections::{BTreeMap, BTreeSet};
use subject::{Key, Spot, subjects};

/// Makes a network of what was read.
pub type Compile<'a> = dyn Fn(Snapshot) -> Compiled + Sync + 'a;

/// What the assertions of `scenario` and of its variants exercise of its network.
///
/// A thing is exercised when an answer names it: it decided, or it would have if what did were not there.
/// None when the network or the assertions cannot be read.
pub fn coverage(
    imported: &Imported,
    scenario: &Scenario,
    compile: &Compile<'_>,
) -> Option<Coverage> {
    let plane = compile(imported.snapshot.clone()).plane?;
    let dataflows = scenario.dataflows().0;
    let mut used = Used::default();
    used.add(&plane, &dataflows, &scenario.expectations().0);
    for variant in scenario.variant_list().0 {
        let mut snapshot = imported.snapshot.clone();
        let wrong = scenario.apply(&variant, &mut snapshot);
        if let Some(plane) = compile(snapshot).plane.filter(|_| wrong.is_empty()) {
            used.add(&plane, &dataflows, &variant.expect);
        }
    }
    Some(used.coverage(&plane))
}

/// What was named by answers.
#[derive(Default)]
struct Used {
    decided: BTreeSet<Key>,
    consulted: BTreeSet<Key>,
    not_followed: usize,
}

impl Used {
    /// Adds what decides `expectations` in one network.
    fn add(&mut self, plane: &Dataplane, dataflows: &[Dataflow], expectations: &[Expectation]) {
        let subjects = subjects(plane.network());
        let mut keys: BTreeMap<Spot, Vec<Key>> = BTreeMap::new();
        for subject in &subjects {
            keys.entry(subject.spot()).or_default().push(subject.key());
        }
        for expected in expectations {
            let Evidence { decided, consulted, not_followed } =
                evidence(plane, dataflows, expected);
            self.not_followed += not_followed;
            self.decided.extend(decided.iter().flat_map(|item| named(item, &keys)));
            self.consulted.extend(consulted.iter().flat_map(|item| named(item, &keys)));
        }
    }

    fn coverage(&self, plane: &Dataplane) -> Coverage {
        let mut kinds: Vec<KindCoverage> = Vec::new();
        let mut never = Vec::new();
        let mut seen = BTreeSet::new();
        for subject in subjects(plane.network()) {
            let (kind, key) = (subject.item.kind, subject.key());
            if !seen.insert(key.clone()) {
                continue;
            }
            if kinds.last().is_none_or(|last| last.kind != kind) {
                kinds.push(KindCoverage { kind, total: 0, decided: 0, consulted: 0 });
            }
            let Some(count) = kinds.last_mut() else { continue };
            count.total += 1;
            if self.decided.contains(&key) {
                count.decided += 1;
            } else if self.consulted.contains(&key) {
                count.consulted += 1;
            } else {
                never.push(subject.item);
            }
        }
        kinds.sort_by_key(|count| count.kind);
        Coverage { kinds, never, not_followed: self.not_followed }
    }
}

/// The things at the place of `item`: those of its own name, else those of its kind, as routes are called by what they do,
/// and whole resources, such as a peering that made a route. Other rules and routes may stand there as well.
fn named(item: &Item, keys: &BTreeMap<Spot, Vec<Key>>) -> Vec<Key> {
    let Some(place) = &item.place else { return Vec::new() };
    let here = keys.get(&(place.file.to_string(), place.pointer.to_string()));
    let here = here.map(Vec::as_slice).unwrap_or_default();
    let own = |key: &&Key| key.0 == item.kind && key.2 == item.name;
    let own: Vec<Key> = here.iter().filter(own).cloned().collect();
    if !own.is_empty() || item.kind == ItemKind::Record {
        return own;
    }
    here.iter().filter(|key| key.0 == item.kind || !is_element(key.0)).cloned().collect()
}

/// Is it an element of a list of what it belongs to?
const fn is_element(kind: ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::SecurityRule | ItemKind::AdminRule | ItemKind::FirewallRule | ItemKind::UserRoute
    )
}
