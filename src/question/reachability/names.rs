//! What places are called where each has to be told from every other.

use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A name for each place that no other has: its own, with that of its network where several are called so,
/// or with a number where that does not tell either.
#[derive(Debug)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of_all(plane: &Dataplane) -> Self {
        let own = |location: &Location| location.name.to_string();
        let with_realm = |location: &Location| {
            format!("{}/{}", plane.realms[location.realm].name, location.name)
        };
        let plain: Vec<String> = plane.locations.values().map(own).collect();
        let longer: Vec<String> = plane.locations.values().map(with_realm).collect();
        let (plain_counts, longer_counts) = (counts(&plain), counts(&longer));
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let names = plain.iter().zip(&longer).map(|(plain, longer)| {
            if plain_counts.get(&**plain) == Some(&1) {
                return plain.clone();
            }
            if longer_counts.get(&**longer) == Some(&1) {
                return longer.clone();
            }
            let number = seen.entry(longer.clone()).or_default();
            *number += 1;
            format!("{longer} ({number})")
        });
        Self(names.collect())
    }

    /// All names in the order of the places, after another.
    pub(super) fn after(&self, first: &str) -> Arc<[String]> {
        std::iter::once(first.to_owned()).chain(self.0.iter().cloned()).collect()
    }

    pub(super) fn of(&self, at: Id<Location>) -> &str {
        self.0.get(at.index()).map_or("", |name| name)
    }
}

fn counts(names: &[String]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name.as_str()).or_default() += 1;
    }
    counts
}
