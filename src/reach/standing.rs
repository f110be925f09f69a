//! Who reaches whom in a network, kept to be compared with what changes of rules and tables make of it.

use super::alike::{instances, tells_apart};
use super::gates::GuardsKey;
use super::local::{Plan, Units};
use super::paired::{Again, End, Grouped, Keys, Moved, Moves, Paired, asked, grouped};
use super::related::{Related, Settled, gates_key};
use super::relation::Asked;
use super::splits::rows;
use super::touched::{has_same_gates, unlike_tables};
use super::walk::{KnownRows, Rows};
use crate::answer::Ranges;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm, Table};
use crate::id::Id;
use crate::net::AddressSet;
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
    settled: Settled,
    units: Units,
    /// Of the tables that places in no group look at.
    rows: KnownRows,
    /// Addresses of which nobody knows which ones send.
    instances: Vec<AddressSet>,
}

impl Standing {
    /// Asks `plane` for the packets of all of `ends`, which are at the same places before and after. As
    /// [`super::relation()`].
    #[must_use]
    pub fn new(plane: &Dataplane, sets: &mut Sets, ends: &[End]) -> Self {
        let planes = [plane; 2];
        let (mut common, [asked, _]) = asked(planes, sets, ends, Default::default());
        let asked = Arc::new(asked);
        let [alike, _] = &mut common.alike;
        let settled = Settled::of(alike);
        let sorts = std::mem::take(&mut alike.sorts);
        let all = (common, [Arc::clone(&asked), asked], Moved::default());
        let paired = Paired::new(planes, sets, (ends, &BTreeSet::new()), all);
        let mut places = BTreeMap::new();
        for (number, group) in paired.groups.iter().enumerate() {
            for end in group.ends.numbers().iter().map(|end| end as usize) {
                places.extend(ends.get(end).and_then(|it| Some((it[0]?, (end, number)))));
            }
        }
        let outside = Arc::clone(&settled.outside);
        let units = Units::of(plane, (sorts, outside), paired.nobody.clone());
        let rows = rows_of_others(plane, &places);
        Self { paired, places, settled, units, rows, instances: instances(plane) }
    }

    /// This network, and one that differs from it in the rules and tables at `places` only; `apart` are ends in
    /// groups of their own. None where more may differ than what these places send and take.
    ///
    /// What is between ends is asked again where a changed table reroutes it. O(g) in the number of groups,
    /// O(u) in the number of networks for a table, O(n) in the ends of those groups that places leave, and O(r)
    /// in the rules at `places`.
    pub fn changed(
        &self,
        planes: [&Dataplane; 2],
        sets: &mut Sets,
        (places, apart): (&[Id<Location>], &BTreeSet<usize>),
    ) -> Option<Paired> {
        if places.iter().any(|at| !self.places.contains_key(at)) {
            return None;
        }
        let mut guards = places.iter().flat_map(|&at| planes[1].locations[at].arriving.list.iter());
        if !self.instances.is_empty()
            && guards.any(|guard| tells_apart(planes[1], guard, &self.instances))
        {
            return None;
        }
        let moved = unlike_tables(planes, places);
        let mut paired = self.paired.clone();
        if !moved.is_empty() {
            paired.again = Some(Box::new(self.again(planes, sets, &moved)?));
        }
        let of_apart = apart.iter().filter_map(|&end| self.place_of(end));
        let special = paired.again.iter().flat_map(|again| again.plan.sort_of.keys().copied());
        let moving: BTreeSet<Id<Location>> =
            places.iter().copied().chain(of_apart).chain(special).collect();
        self.regroup(&mut paired, (planes, sets), &moving, apart);
        Some(paired)
    }

    /// Does the place send packets from its own addresses only, and take packets to these? As all in groups.
    #[must_use]
    pub fn is_end(&self, at: Id<Location>) -> bool {
        self.places.contains_key(&at)
    }

    /// Asks the second network for what the changed tables of `moved` reroute. None where that is more than what
    /// these places send and take.
    fn again(
        &self,
        planes: [&Dataplane; 2],
        sets: &mut Sets,
        moved: &BTreeSet<Id<Location>>,
    ) -> Option<Again> {
        let sort_before = |at| Some(self.paired.groups.get(self.places.get(&at)?.1)?.sort);
        let plan = Plan::of(planes, &self.units, moved, &sort_before)?;
        let (questions, outward) = plan.questions(planes[1], &self.units);
        let mut related = Related::new(planes[1], sets, &self.settled).knows(self.rows_of(planes));
        related.keeps_ways = true;
        for (sender, asked) in questions {
            related.ask_from(sender, &asked, outward.get(&sender).copied());
        }
        for at in self.paired.others.iter().filter_map(|(_, [_, at])| *at) {
            let asked = plan.questions_of_other(planes[1], &planes[1].addresses_at(at));
            if !asked.is_empty() {
                related.ask_other(at, &asked, false);
            }
        }
        if !related.rewritten.is_empty() {
            return None;
        }
        let asked = std::mem::take(&mut related.asked);
        let moved = self.moved(planes, sets, (&plan, &asked));
        Some(Again { plan, asked, moved })
    }

    /// What is known of tables that are the same in the second network.
    fn rows_of(&self, [before, after]: [&Dataplane; 2]) -> KnownRows {
        let is_same = |&id: &Id<Table>| {
            let [old, new] = [before, after].map(|plane| &plane.tables[id]);
            old.main == new.main && old.pinned == new.pinned
        };
        let known = self.rows.iter().filter(|(id, _)| is_same(id));
        known.map(|(&id, rows)| (id, Rows::clone(rows))).collect()
    }

    /// Which packets of what was asked again come by other places.
    fn moved(
        &self,
        planes: [&Dataplane; 2],
        sets: &mut Sets,
        (plan, asked): (&Plan, &Asked),
    ) -> Moved {
        let [before, _] = &self.paired.asked;
        let mut moves =
            Moves { planes, sets, keys: Keys::default(), examples: &self.settled.plain };
        let mut moved = Moved::default();
        for (&pair, new) in &asked.inner {
            let old = before.inner.get(&plan.before(pair));
            moved.inner.insert(pair, moves.between([old, Some(new)]));
        }
        for (&sort, new) in &asked.outward {
            let old = before.outward.get(&plan.sort_before(sort));
            moved.outward.insert(sort, moves.between([old, Some(new)]));
        }
        for &(number, [_, at]) in &*self.paired.others {
            let Some(new) = at.and_then(|at| asked.others.get(&at)) else { continue };
            let old = at.and_then(|at| before.others.get(&at));
            for (&kind, new) in &new.to_kinds {
                let old = old.and_then(|old| old.to_kinds.get(&plan.kind_before(kind)));
                moved.others.insert((number, Some(kind)), moves.between([old, Some(new)]));
            }
        }
        moved
    }

    /// Puts the ends at these places into groups of their own, with the sorts that they now have.
    fn regroup(
        &self,
        paired: &mut Paired,
        (planes, sets): ([&Dataplane; 2], &mut Sets),
        moving: &BTreeSet<Id<Location>>,
        apart: &BTreeSet<usize>,
    ) {
        let plan = paired.again.as_ref().map(|again| &again.plan);
        let mut leaving: BTreeMap<usize, BTreeMap<usize, Id<Realm>>> = BTreeMap::new();
        let mut known: BTreeMap<(usize, usize, [GuardsKey; 2], Option<usize>), usize> =
            BTreeMap::new();
        let mut lists: Vec<(usize, Vec<(usize, End)>)> = Vec::new();
        for &at in moving {
            let Some(&(end, from)) = self.places.get(&at) else { continue };
            let Some(sort) = paired.groups.get(from).map(|group| group.sort) else { continue };
            let sort = plan.and_then(|plan| plan.sort_of.get(&at).copied()).unwrap_or(sort);
            leaving.entry(from).or_default().insert(end, planes[0].locations[at].realm);
            let key = (from, sort, gates_key(planes[1], at), apart.contains(&end).then_some(end));
            let to = *known.entry(key).or_insert_with(|| {
                lists.push((sort, Vec::new()));
                lists.len() - 1
            });
            lists.get_mut(to).into_iter().for_each(|(_, ends)| ends.push((end, [Some(at); 2])));
        }
        lists.iter_mut().for_each(|(_, ends)| ends.sort_unstable_by_key(|it| it.0));
        let nobody =
            plan.into_iter().flat_map(|plan| plan.nobody.iter().map(|it| Arc::clone(&it.1)));
        paired.nobody.extend(nobody.collect::<Vec<_>>());
        for (from, ends) in leaving {
            paired.groups.get_mut(from).into_iter().for_each(|group| leave(group, &ends));
        }
        // PERF: where no rule has changed one network is asked. The ends have the same addresses in both.
        let mut firsts = lists.iter().filter_map(|(_, ends)| ends.first()?.1[1]);
        let is_same = firsts.all(|at| has_same_gates(planes, at));
        let asked = if is_same { [planes[1]; 2] } else { planes };
        paired.groups.extend(grouped(asked, sets, lists));
    }

    fn place_of(&self, end: usize) -> Option<Id<Location>> {
        self.places.iter().find(|(_, it)| it.0 == end).map(|(&at, _)| at)
    }
}

/// Destinations by row, of the tables that places in no group look at.
fn rows_of_others<T>(plane: &Dataplane, ends: &BTreeMap<Id<Location>, T>) -> KnownRows {
    let others = plane.locations.iter().filter(|(at, _)| !ends.contains_key(at));
    let tables = others.flat_map(|(_, other)| [Some(other.table), other.tunnels]);
    let tables: BTreeSet<Id<Table>> = tables.flatten().collect();
    tables.into_iter().map(|id| (id, Rows::new(rows(&plane.tables[id])))).collect()
}

/// These ends, with their networks, leave their group.
fn leave(group: &mut Grouped, ends: &BTreeMap<usize, Id<Realm>>) {
    let numbers = ends.keys().filter_map(|&end| u32::try_from(end).ok());
    group.ends = Arc::new(group.ends.without(&Ranges::of(numbers.collect())));
    let homes = Arc::make_mut(&mut group.homes);
    for realm in ends.values() {
        let home = homes.binary_search_by_key(realm, |it| it.0).ok();
        home.and_then(|at| homes.get_mut(at)).into_iter().for_each(|(_, count)| *count -= 1);
    }
    homes.retain(|it| it.1 > 0);
}
