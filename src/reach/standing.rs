//! Who reaches whom in a network, kept to be compared with what changes of rules make of it.

use super::gates::GuardsKey;
use super::paired::{End, Grouped, Moved, Paired, asked, grouped};
use super::related::gates_key;
use super::touched::same_tables;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::Id;
use crate::packet_set::Sets;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who reaches whom in one network.
#[derive(Debug)]
pub struct Standing {
    /// The network, and itself.
    paired: Paired,
    /// The end that a place in a group is, and its group.
    places: BTreeMap<Id<Location>, (usize, usize)>,
}

impl Standing {
    /// Asks `plane` for the packets of all of `ends`, which are at the same places before and after. As
    /// [`super::relation()`].
    #[must_use]
    pub fn new(plane: &Dataplane, sets: &mut Sets, ends: &[End]) -> Self {
        let planes = [plane; 2];
        let (common, [asked, _]) = asked(planes, sets, ends, Default::default());
        let asked = Arc::new(asked);
        let all = (common, [Arc::clone(&asked), asked], Moved::default());
        let paired = Paired::new(planes, sets, (ends, &BTreeSet::new()), all);
        let mut places = BTreeMap::new();
        for (number, group) in paired.groups.iter().enumerate() {
            for &end in &*group.ends {
                places.extend(ends.get(end).and_then(|it| Some((it[0]?, (end, number)))));
            }
        }
        Self { paired, places }
    }

    /// This network, and one that differs from it in the rules at `places` only; `apart` are ends in groups
    /// of their own. None where more may differ than what the ends of packets let out or in.
    ///
    /// What is between ends is not asked again. O(g) in the number of groups, O(n) in the ends of those groups
    /// that places leave, and O(r) in the rules at `places`.
    pub fn changed(
        &self,
        planes: [&Dataplane; 2],
        sets: &mut Sets,
        (places, apart): (&[Id<Location>], &BTreeSet<usize>),
    ) -> Option<Paired> {
        let own = places.iter().map(|at| self.places.get(at).map(|&(end, _)| (end, *at)));
        let own: BTreeMap<usize, Id<Location>> = own.collect::<Option<_>>()?;
        if !same_tables(planes, places) {
            return None;
        }
        let alone = apart.iter().filter(|end| !own.contains_key(end));
        let alone = alone.filter_map(|&end| Some((end, self.place_of(end)?)));
        let moving: BTreeMap<usize, Id<Location>> =
            own.iter().map(|(&a, &b)| (a, b)).chain(alone).collect();
        let mut paired = self.paired.clone();
        self.regroup(&mut paired, (planes, sets), &moving, apart);
        Some(paired)
    }

    /// Puts these ends into groups of their own.
    fn regroup(
        &self,
        paired: &mut Paired,
        (planes, sets): ([&Dataplane; 2], &mut Sets),
        moving: &BTreeMap<usize, Id<Location>>,
        apart: &BTreeSet<usize>,
    ) {
        let mut leaving: BTreeMap<usize, BTreeMap<usize, Id<Realm>>> = BTreeMap::new();
        let mut known: BTreeMap<(usize, [GuardsKey; 2], Option<usize>), usize> = BTreeMap::new();
        let mut lists: Vec<(usize, Vec<(usize, End)>)> = Vec::new();
        for (&end, &at) in moving {
            let Some(&(_, from)) = self.places.get(&at) else { continue };
            let Some(sort) = paired.groups.get(from).map(|group| group.sort) else { continue };
            leaving.entry(from).or_default().insert(end, planes[0].locations[at].realm);
            let key = (from, gates_key(planes[1], at), apart.contains(&end).then_some(end));
            let to = *known.entry(key).or_insert_with(|| {
                lists.push((sort, Vec::new()));
                lists.len() - 1
            });
            lists.get_mut(to).into_iter().for_each(|(_, ends)| ends.push((end, [Some(at); 2])));
        }
        for (from, ends) in leaving {
            paired.groups.get_mut(from).into_iter().for_each(|group| leave(group, &ends));
        }
        paired.groups.extend(grouped(planes, sets, lists));
    }

    fn place_of(&self, end: usize) -> Option<Id<Location>> {
        self.places.iter().find(|(_, it)| it.0 == end).map(|(&at, _)| at)
    }
}

/// These ends, with their networks, leave their group.
fn leave(group: &mut Grouped, ends: &BTreeMap<usize, Id<Realm>>) {
    Arc::make_mut(&mut group.ends).retain(|end| !ends.contains_key(end));
    let homes = Arc::make_mut(&mut group.homes);
    for realm in ends.values() {
        let home = homes.binary_search_by_key(realm, |it| it.0).ok();
        home.and_then(|at| homes.get_mut(at)).into_iter().for_each(|(_, count)| *count -= 1);
    }
    homes.retain(|it| it.1 > 0);
}
