//! Two networks of which most is the same, asked together: who reaches whom in both, in the same groups.

use super::alike::Free;
use super::common::{Common, placed};
use super::related::Related;
use super::relation::{Between, Pair, Relation};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::{Id, ResourceId};
use crate::packet_set::{Set, Sets};
use std::collections::{BTreeMap, BTreeSet};

/// What tells a place from others, in whichever network: its realm, its name, and its resource.
pub type Key = (String, String, Option<ResourceId>);

/// What tells the place `at` from others.
#[must_use]
pub fn key(plane: &Dataplane, at: Id<Location>) -> Key {
    let location = &plane.locations[at];
    let item = location.evidence.map(|evidence| plane.item(evidence));
    let realm = plane.realms[location.realm].name.to_string();
    (realm, location.name.to_string(), item.and_then(|item| item.resource))
}

/// Whoever sends: where that is before and after.
pub type End = [Option<Id<Location>>; 2];

/// Who reaches whom in two networks. All ends are in both in groups of the same number, or in none.
#[derive(Debug)]
pub struct Paired {
    /// The ends of each group, ascending.
    pub groups: Vec<Vec<usize>>,
    /// For each sort of networks those, as in the first network, with their addresses that nobody has.
    pub nobody: Vec<Free>,
    pub(super) relations: [Relation; 2],
    /// Ends in no group.
    pub(super) others: Vec<(usize, End)>,
    /// What comes by other places, from sort to sort.
    pub(super) moved: BTreeMap<Pair, Set>,
    pub(super) moved_out: BTreeMap<usize, Set>,
    /// The same from the end of this number; elsewhere: without a sort.
    pub(super) moved_of: BTreeMap<(usize, Option<usize>), Set>,
}

/// Asks both of `planes` for the packets of all of `ends`; those of `apart` are in groups of their own.
///
/// O(s t + g) as [`super::relation()`], for each.
pub fn paired(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    asked: (&[End], &BTreeSet<usize>),
) -> Paired {
    but(planes, sets, asked, [BTreeSet::new(), BTreeSet::new()])
}

/// What [`paired`] gives, with a walk from each end: slow. For tests that compare.
#[doc(hidden)]
pub fn paired_one_by_one(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    asked: (&[End], &BTreeSet<usize>),
) -> Paired {
    but(planes, sets, asked, planes.map(|plane| plane.realms.ids().collect()))
}

/// Places of the networks of `banned` are in no groups.
fn but(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    (ends, apart): (&[End], &BTreeSet<usize>),
    mut banned: [BTreeSet<Id<Realm>>; 2],
) -> Paired {
    loop {
        let common = Common::of(planes, ends, &mut banned);
        let groups = common.groups(planes, ends, apart);
        let mut related = Vec::new();
        let mut is_rewritten = false;
        for (side, banned) in banned.iter_mut().enumerate() {
            let Some(&plane) = planes.get(side) else { continue };
            let senders = ends.iter().filter_map(|end| *end.get(side)?).collect();
            let alike = common.alike.get(side).unwrap_or_else(|| unreachable!("two sides"));
            let mut one = Related::new(plane, sets, alike);
            one.keeps_ways = true;
            one.ask(Some(&senders));
            is_rewritten |= !one.rewritten.is_empty();
            banned.append(&mut one.rewritten);
            if !is_rewritten {
                related.push(one.relation_of(placed((plane, side), ends, &groups)));
            }
        }
        if let (false, Ok(relations)) = (is_rewritten, <[Relation; 2]>::try_from(related)) {
            let nobody = common.alike.into_iter().next().map(|alike| alike.nobody);
            let groups: Vec<Vec<usize>> = groups.into_iter().map(|it| it.1).collect();
            return Paired::new(
                planes,
                sets,
                (ends, groups, nobody.unwrap_or_default()),
                relations,
            );
        }
    }
}

impl Paired {
    /// Two networks in which what is between ends is the same.
    pub(super) fn unmoved(
        (groups, others): (Vec<Vec<usize>>, Vec<(usize, End)>),
        relations: [Relation; 2],
    ) -> Self {
        let nobody = relations[0].nobody.clone();
        let (moved, moved_out, moved_of) = Default::default();
        Self { groups, nobody, relations, others, moved, moved_out, moved_of }
    }

    fn new(
        planes: [&Dataplane; 2],
        sets: &mut Sets,
        (ends, groups, nobody): (&[End], Vec<Vec<usize>>, Vec<Free>),
        relations: [Relation; 2],
    ) -> Self {
        let [old, new] = &relations;
        let mut moves = Moves { planes, sets, keys: BTreeMap::new() };
        let mut moved = BTreeMap::new();
        for (&pair, between) in &old.inner {
            moved.insert(pair, moves.between([Some(between), new.inner.get(&pair)]));
        }
        let mut moved_out = BTreeMap::new();
        for (&sort, between) in &old.outward {
            moved_out.insert(sort, moves.between([Some(between), new.outward.get(&sort)]));
        }
        let others = ends.iter().copied().enumerate();
        let others = others.filter(|(_, [a, b])| {
            let is_in = |at: &Option<Id<Location>>, one: &Relation| {
                at.is_some_and(|at| one.others.contains_key(&at))
            };
            is_in(a, old) || is_in(b, new)
        });
        let others: Vec<(usize, End)> = others.collect();
        let mut moved_of = BTreeMap::new();
        for &(number, end) in &others {
            let both = [
                end[0].and_then(|at| old.others.get(&at)),
                end[1].and_then(|at| new.others.get(&at)),
            ];
            let elsewhere = both.map(|it| it.map(|it| &it.elsewhere));
            moved_of.insert((number, None), moves.between(elsewhere));
            let sorts: BTreeSet<usize> =
                both.iter().flatten().flat_map(|it| it.to_sorts.keys().copied()).collect();
            for sort in sorts {
                let between = both.map(|it| it.and_then(|it| it.to_sorts.get(&sort)));
                moved_of.insert((number, Some(sort)), moves.between(between));
            }
        }
        Self { groups, nobody, relations, others, moved, moved_out, moved_of }
    }
}

/// Compares by which places packets come.
struct Moves<'m> {
    planes: [&'m Dataplane; 2],
    sets: &'m mut Sets,
    keys: BTreeMap<(usize, Id<Location>), Key>,
}

impl Moves<'_> {
    /// The packets that come by other places in one than in the other.
    fn between(&mut self, both: [Option<&Between>; 2]) -> Set {
        let [Some(old), Some(new)] = both else { return Set::NONE };
        let mut by_way: BTreeMap<Vec<Key>, [Set; 2]> = BTreeMap::new();
        for (side, between) in [old, new].into_iter().enumerate() {
            for (way, &packets) in &between.ways {
                let way = way.iter().map(|&at| self.key(side, at)).collect();
                let both = by_way.entry(way).or_insert([Set::NONE; 2]);
                if let Some(all) = both.get_mut(side) {
                    *all = self.sets.union(*all, packets);
                }
            }
        }
        let each = by_way.into_values();
        each.fold(Set::NONE, |all, [old, new]| {
            let unlike = self.sets.symmetric_difference(old, new);
            self.sets.union(all, unlike)
        })
    }

    fn key(&mut self, side: usize, at: Id<Location>) -> Key {
        let [old, new] = self.planes;
        let plane = if side == 0 { old } else { new };
        self.keys.entry((side, at)).or_insert_with(|| key(plane, at)).clone()
    }
}
