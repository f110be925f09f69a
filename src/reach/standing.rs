//! Who reaches whom in a network, kept to be compared with what changes of rules make of it.

use super::common::{Common, placed};
use super::gates::GuardsKey;
use super::paired::{End, Paired};
use super::related::{Related, gates_key, set_gates};
use super::relation::{Group, Relation};
use super::touched::same_tables;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::packet_set::Sets;
use std::collections::{BTreeMap, BTreeSet};

/// Who reaches whom in one network.
#[derive(Debug)]
pub struct Standing {
    relation: Relation,
    /// The ends of each group, ascending.
    groups: Vec<Vec<usize>>,
    others: Vec<(usize, End)>,
    /// The end that a place in a group is, and its group.
    places: BTreeMap<Id<Location>, (usize, usize)>,
}

impl Standing {
    /// Asks `plane` for the packets of all of `ends`, which are at the same places before and after. As
    /// [`super::relation()`].
    #[must_use]
    pub fn new(plane: &Dataplane, sets: &mut Sets, ends: &[End]) -> Self {
        let mut banned = [BTreeSet::new(), BTreeSet::new()];
        let (relation, groups) = loop {
            let common = Common::of([plane; 2], ends, &mut banned);
            let grouped = common.groups([plane; 2], ends, &BTreeSet::new());
            let [alike, _] = &common.alike;
            let mut related = Related::new(plane, sets, alike);
            related.keeps_ways = true;
            related.ask(Some(&ends.iter().filter_map(|end| end[0]).collect()));
            if related.rewritten.is_empty() {
                break (related.relation_of(placed((plane, 0), ends, &grouped)), grouped);
            }
            banned.iter_mut().for_each(|all| all.extend(related.rewritten.iter().copied()));
        };
        let groups: Vec<Vec<usize>> = groups.into_iter().map(|it| it.1).collect();
        let mut places = BTreeMap::new();
        for (group, numbers) in groups.iter().enumerate() {
            for &number in numbers {
                places.extend(ends.get(number).and_then(|end| Some((end[0]?, (number, group)))));
            }
        }
        let others = ends.iter().copied().enumerate();
        let others =
            others.filter(|(_, [at, _])| at.is_some_and(|at| relation.others.contains_key(&at)));
        Self { others: others.collect(), relation, groups, places }
    }

    /// This network, and one that differs from it in the rules at `places` only; `apart` are ends in groups
    /// of their own. None where more may differ than what the ends of packets let out or in.
    ///
    /// What is between ends is not asked again. O(n) copies of groups, and O(r) in the rules at `places`.
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
        let mut known: BTreeMap<(usize, [GuardsKey; 2], Option<usize>), usize> = BTreeMap::new();
        let (mut groups, mut old) = (self.groups.clone(), self.relation.clone());
        let first = groups.len();
        for (&end, &at) in &moving {
            let Some(&(_, from)) = self.places.get(&at) else { continue };
            let key = (from, gates_key(planes[1], at), apart.contains(&end).then_some(end));
            let place = (planes[0].locations[at].realm, at);
            let to = *known.entry(key).or_insert_with(|| {
                let Some(of) = old.groups.get(from) else { return from };
                let new = Group::like(of);
                old.groups.push(new);
                groups.push(Vec::new());
                groups.len() - 1
            });
            if let (Some(ends), Some(group)) = (groups.get_mut(from), old.groups.get_mut(from)) {
                ends.retain(|&it| it != end);
                group.places.retain(|it| it.1 != at);
            }
            if let (Some(ends), Some(group)) = (groups.get_mut(to), old.groups.get_mut(to)) {
                ends.push(end);
                group.places.push(place);
            }
        }
        let mut new = old.clone();
        set_gates(planes[1], sets, new.groups.get_mut(first..).unwrap_or_default());
        Some(Paired::unmoved((groups, self.others.clone()), [old, new]))
    }

    fn place_of(&self, end: usize) -> Option<Id<Location>> {
        self.places.iter().find(|(_, it)| it.0 == end).map(|(&at, _)| at)
    }
}
