//! Sorts of places that two networks have in common.

use super::alike::{Alike, Free, Place};
use super::gates::GuardsKey;
use super::paired::End;
use super::related::gates_key;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::Id;
use std::collections::{BTreeMap, BTreeSet};

/// The sorts of places that are the same in both networks.
pub(super) struct Common {
    pub(super) alike: [Alike; 2],
    /// The sort of each end.
    sorts: BTreeMap<usize, usize>,
}

impl Common {
    /// Networks that are no unit in one, or have other places or addresses there, are none in the other: they
    /// are added to `banned`.
    pub(super) fn of(
        planes: [&Dataplane; 2],
        ends: &[End],
        banned: &mut [BTreeSet<Id<Realm>>; 2],
    ) -> Self {
        loop {
            let [old, new] = &*banned;
            let alike = if std::ptr::eq(planes[0], planes[1]) && old == new {
                let both = Alike::of(planes[0], old);
                [both.clone(), both]
            } else {
                rayon::join(|| Alike::of(planes[0], old), || Alike::of(planes[1], new)).into()
            };
            let unlike = unlike(planes, ends, &alike);
            if unlike.iter().all(BTreeSet::is_empty) {
                return Self::refined(alike, ends);
            }
            banned.iter_mut().zip(unlike).for_each(|(all, more)| all.extend(more));
        }
    }

    /// Places are of one sort that are of one in both.
    fn refined(alike: [Alike; 2], ends: &[End]) -> Self {
        let of = alike.each_ref().map(by_place);
        let mut sorts: BTreeMap<[usize; 2], (usize, [Vec<Place>; 2])> = BTreeMap::new();
        let mut sort_of = BTreeMap::new();
        for (number, &[old, new]) in ends.iter().enumerate() {
            let found = old.zip(new).and_then(|(old, new)| of[0].get(&old).zip(of[1].get(&new)));
            let Some((&(a, old), &(b, new))) = found else { continue };
            let next = sorts.len();
            let (sort, places) = sorts.entry([a, b]).or_insert_with(|| (next, Default::default()));
            places[0].push(old);
            places[1].push(new);
            sort_of.insert(number, *sort);
        }
        let mut ordered: Vec<(usize, [Vec<Place>; 2])> = sorts.into_values().collect();
        ordered.sort_by_key(|it| it.0);
        let realms = ordered.iter().flat_map(|(_, [old, new])| old.iter().zip(new));
        let realms: BTreeMap<Id<Realm>, Id<Realm>> =
            realms.map(|(old, new)| (old.0, new.0)).collect();
        let nobody = refined_nobody(&alike, &realms);
        let mut each = [Vec::new(), Vec::new()];
        for (_, places) in ordered {
            each.iter_mut().zip(places).for_each(|(all, places)| all.push(places));
        }
        let mut parts = alike.into_iter().zip(each).zip(nobody);
        let mut part = || {
            let ((alike, sorts), nobody) = parts.next().unwrap_or_default();
            Alike { sorts, nobody, space: alike.space }
        };
        Self { alike: [part(), part()], sorts: sort_of }
    }

    /// The ends of each group, with its sort, in the order of their first ends.
    pub(super) fn groups(
        &self,
        planes: [&Dataplane; 2],
        ends: &[End],
        apart: &BTreeSet<usize>,
    ) -> Vec<(usize, Vec<usize>)> {
        type Gates = [[GuardsKey; 2]; 2];
        let mut known: BTreeMap<(usize, Gates, Option<usize>), usize> = BTreeMap::new();
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for (&number, &sort) in &self.sorts {
            let Some(&[Some(old), Some(new)]) = ends.get(number) else { continue };
            let gates = [gates_key(planes[0], old), gates_key(planes[1], new)];
            let alone = apart.contains(&number).then_some(number);
            let group = *known.entry((sort, gates, alone)).or_insert_with(|| {
                groups.push((sort, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, ends)) = groups.get_mut(group) {
                ends.push(number);
            }
        }
        groups
    }
}

/// The sort of each place, with the place and its network.
fn by_place(alike: &Alike) -> BTreeMap<Id<Location>, (usize, Place)> {
    let sorts = alike.sorts.iter().enumerate();
    sorts.flat_map(|(sort, places)| places.iter().map(move |&it| (it.1, (sort, it)))).collect()
}

/// The units of either network that are not the same in the other.
fn unlike(planes: [&Dataplane; 2], ends: &[End], alike: &[Alike; 2]) -> [BTreeSet<Id<Realm>>; 2] {
    let mut missing = alike.each_ref().map(by_place);
    let mut counterparts: BTreeMap<Id<Realm>, Id<Realm>> = BTreeMap::new();
    let mut found = [BTreeSet::new(), BTreeSet::new()];
    for &end in ends {
        let mut places = [None, None];
        for ((place, at), missing) in places.iter_mut().zip(end).zip(&mut missing) {
            *place = at.and_then(|at| missing.remove(&at)).map(|it| it.1);
        }
        match places {
            [Some(old), Some(new)] => {
                let other = *counterparts.entry(old.0).or_insert(new.0);
                let [a, b] = [(planes[0], old), (planes[1], new)].map(|(plane, (realm, at))| {
                    (&plane.locations[at].addresses, &plane.realms[realm].space)
                });
                if other != new.0 || a != b {
                    found[0].insert(old.0);
                    found[1].extend([other, new.0]);
                }
            }
            [Some(old), None] => drop(found[0].insert(old.0)),
            [None, Some(new)] => drop(found[1].insert(new.0)),
            [None, None] => {}
        }
    }
    for (found, missing) in found.iter_mut().zip(missing) {
        found.extend(missing.into_values().map(|(_, (realm, _))| realm));
    }
    // Two networks of before are none of after.
    let mut taken = BTreeMap::new();
    for (&old, &new) in &counterparts {
        if let Some(first) = taken.insert(new, old) {
            found[0].extend([first, old]);
            found[1].insert(new);
        }
    }
    found
}

/// Addresses that nobody has, by what is said of their networks in both.
fn refined_nobody(alike: &[Alike; 2], realms: &BTreeMap<Id<Realm>, Id<Realm>>) -> [Vec<Free>; 2] {
    let of = |free: &[Free]| -> BTreeMap<Id<Realm>, usize> {
        let sorts = free.iter().enumerate();
        sorts.flat_map(|(sort, all)| all.iter().map(move |it| (it.0, sort))).collect()
    };
    let [old, new] = alike.each_ref().map(|it| of(&it.nobody));
    let mut sorts: BTreeMap<(usize, Option<usize>), [Free; 2]> = BTreeMap::new();
    for (sort, all) in alike[0].nobody.iter().enumerate() {
        for (realm, free) in all {
            let Some(&other) = realms.get(realm) else { continue };
            debug_assert_eq!(old.get(realm), Some(&sort), "each network once");
            let both = sorts.entry((sort, new.get(&other).copied())).or_default();
            both[0].push((*realm, free.clone()));
            both[1].push((other, free.clone()));
        }
    }
    let mut each = [Vec::new(), Vec::new()];
    for both in sorts.into_values() {
        each.iter_mut().zip(both).for_each(|(all, free)| all.push(free));
    }
    each
}
