//! What differs for the packets of one group of ends, told by who is reached.

use super::called::OTHERS;
use super::field::{Field, only};
use super::groups::{Receiver, Told};
use crate::answer::{FlowChangeKind as Kind, FlowPairs, Verdict};
use crate::net::{AddressSet, Protocol};
use crate::packet_set::{Set, Sets, Which};
use crate::reach::{Compared, Fates, Paired, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Packets that fare so before and after.
type Fared = (Kind, [Verdict; 2], Set);

/// Packets that go to no end of a group, by how they fare before and after.
type ByKind = BTreeMap<(Kind, [Verdict; 2]), Vec<(Set, Target)>>;

/// Packets from some ends to others of a group.
struct Part {
    from: Vec<usize>,
    to: Vec<usize>,
    pairs: FlowPairs,
    /// Of the addresses of those that they go to: 0 is IPv4, 1 is IPv6.
    family: usize,
}

/// The packets of one group of ends, or of an end in no group.
pub(super) struct OfSender<'s> {
    pub(super) field: &'s Field<'s>,
    pub(super) paired: &'s Paired,
    pub(super) from: &'s [usize],
    /// Are they a group? Else there is one.
    pub(super) is_group: bool,
}

pub(super) type Out<'o> = (&'o mut Vec<Told>, &'o mut BTreeMap<usize, BTreeSet<Protocol>>);

impl OfSender<'_> {
    pub(super) fn add(&self, sets: &mut Sets, rows: &[Compared], (told, unknown): Out<'_>) {
        let wished = self.field.wished_by(sets, self.from);
        let mut by_kind = ByKind::new();
        for row in rows {
            for (kind, verdicts, set) in kinds(sets, row) {
                let set = sets.difference(set, wished);
                let fared = (kind, verdicts, set);
                match row.to {
                    _ if set.is_empty() => {}
                    Target::Group(to, is_beside) => {
                        self.add_to_group(sets, fared, (to, is_beside), told);
                    }
                    Target::Nobody(..) | Target::Elsewhere => {
                        by_kind.entry((kind, verdicts)).or_default().push((set, row.to));
                    }
                }
            }
            let neither = sets.difference(row.unknown, wished);
            if !neither.is_empty() {
                self.add_unknown(sets, neither, row.to, unknown);
            }
        }
        for ((kind, verdicts), parts) in by_kind {
            for (from, set) in self.elsewhere(sets, &parts) {
                self.add_elsewhere(sets, (kind, verdicts, set), &from, told);
            }
        }
    }

    /// What goes to ends of a group, by what is the same but for the addresses.
    fn parts(
        &self,
        sets: &mut Sets,
        set: Set,
        (to, is_beside): (usize, Option<bool>),
    ) -> Vec<Part> {
        let field = self.field;
        let pairs = match is_beside {
            None => FlowPairs::All,
            Some(true) => FlowPairs::SameNetwork,
            Some(false) => FlowPairs::OtherNetworks,
        };
        let to = self.paired.ends(to);
        let mut parts = Vec::new();
        for (faces, from) in self.by_faces(sets, set) {
            for (family, face) in faces.into_iter().enumerate() {
                let Some(face) = face.filter(|face| !face.is_empty()) else { continue };
                let by_rest = by(to, |end| {
                    let address = field.called.address(end, family)?;
                    Some(self.rest(sets, face, address)).filter(|rest| !rest.is_empty())
                });
                for to in by_rest.into_values() {
                    if let Some(pairs) = field.pairs((&from, &to), pairs) {
                        parts.push(Part { from: from.clone(), to, pairs, family });
                    }
                }
            }
        }
        parts
    }

    /// What of packets from an end goes to `address`, as if to any.
    fn rest(&self, sets: &mut Sets, face: Set, address: IpAddr) -> Set {
        if self.is_group {
            return sets.to_destination(face, address);
        }
        let one = sets.destinations(&only(address));
        let part = sets.intersection(face, one);
        if part.is_empty() {
            part
        } else {
            sets.before_destination(part, &only(address), Which::Some)
        }
    }

    /// The ends by what is left of `set` for their addresses, in each family; of an end in no group all.
    fn by_faces(&self, sets: &mut Sets, set: Set) -> Vec<([Option<Set>; 2], Vec<usize>)> {
        if !self.is_group {
            let v4 = sets.sources(&AddressSet::everything_v4());
            let both = [sets.intersection(set, v4), sets.difference(set, v4)];
            return vec![(both.map(Some), self.from.to_vec())];
        }
        let found = by(self.from, |end| {
            let address = |family| self.field.called.address(end, family);
            let face = |family| address(family).map(|it| sets.from_source(set, it));
            Some([face(0), face(1)])
        });
        found.into_iter().collect()
    }

    fn add_to_group(
        &self,
        sets: &mut Sets,
        (kind, verdicts, set): Fared,
        to: (usize, Option<bool>),
        told: &mut Vec<Told>,
    ) {
        let field = self.field;
        for part in self.parts(sets, set, to) {
            let ends = (part.from.as_slice(), part.to.as_slice());
            let first = field.first((part.from.iter().copied(), &part.to), part.pairs);
            let Some((from, to)) = first else { continue };
            let packets = field.between(sets, set, (from, to), part.family);
            let destinations =
                field.called.address(to, part.family).map_or(AddressSet::EMPTY, only);
            told.push(Told {
                kind,
                verdicts,
                packets: field.words(sets, packets, from, &destinations),
                headers: sets.count(packets) * field.counted(ends, part.pairs),
                from: part.from,
                to: Receiver::Ends(part.to),
                pairs: part.pairs,
                set,
                family: part.family,
            });
        }
    }

    /// What goes to addresses that no end in a group has, by ends that send the same.
    fn elsewhere(&self, sets: &mut Sets, parts: &[(Set, Target)]) -> Vec<(Vec<usize>, Set)> {
        let is_simple = parts.iter().all(|(_, to)| *to == Target::Elsewhere);
        if is_simple && let [(set, _)] = parts {
            let by_faces = self.by_faces(sets, *set).into_iter();
            let some =
                by_faces.filter(|(faces, _)| faces.iter().flatten().any(|it| !it.is_empty()));
            return some.map(|(_, from)| (from, *set)).collect();
        }
        let each = self.from.iter().map(|&end| {
            let all: Vec<Set> = parts
                .iter()
                .map(|&(set, to)| {
                    let to = sets.destinations(&self.destinations(end, to));
                    sets.intersection(set, to)
                })
                .collect();
            (vec![end], sets.union_all(all))
        });
        let each: Vec<(Vec<usize>, Set)> = each.collect();
        each.into_iter().filter(|(_, set)| !set.is_empty()).collect()
    }

    /// The addresses of a target that no end in a group has.
    fn destinations(&self, from: usize, to: Target) -> AddressSet {
        let Target::Nobody(number, is_beside) = to else { return AddressSet::everything() };
        let [home, _] = self.field.places(from);
        let home = home.map(|(plane, at)| plane.locations[at].realm);
        let free = self.paired.free(number);
        let meant = free
            .filter(|(realm, _)| is_beside.is_none_or(|wanted| wanted == (Some(*realm) == home)));
        meant.fold(AddressSet::EMPTY, |all, (_, free)| all.union(free))
    }

    fn add_elsewhere(
        &self,
        sets: &mut Sets,
        (kind, verdicts, set): Fared,
        from: &[usize],
        told: &mut Vec<Told>,
    ) {
        let Some(&first) = from.first() else { return };
        let Some(end) = self.field.ends.get(first) else { return };
        let mut rest = set;
        let sent = self.field.sent(sets, set, first);
        let reached = destinations(sets, sent);
        let mut parts = Vec::new();
        for (address, name) in self.field.receivers.among(&reached, &end.realm) {
            let to = sets.destinations(&only(address));
            parts.push((name.to_owned(), sets.intersection(rest, to), only(address)));
            rest = sets.difference(rest, to);
        }
        parts.push((OTHERS.to_owned(), rest, AddressSet::EMPTY));
        for (name, set, to) in parts {
            let packets = self.field.sent(sets, set, first);
            if packets.is_empty() {
                continue;
            }
            told.push(Told {
                kind,
                verdicts,
                packets: self.field.words(sets, packets, first, &to),
                headers: sets.count(packets) * from.len(),
                from: from.to_vec(),
                to: Receiver::Named(name),
                pairs: FlowPairs::All,
                set,
                family: 0,
            });
        }
    }

    fn add_unknown(
        &self,
        sets: &mut Sets,
        set: Set,
        to: Target,
        unknown: &mut BTreeMap<usize, BTreeSet<Protocol>>,
    ) {
        let found: Vec<(Vec<usize>, Set)> = match to {
            Target::Group(to, is_beside) => {
                let parts = self.parts(sets, set, (to, is_beside)).into_iter();
                parts.map(|part| (part.from, set)).collect()
            }
            Target::Nobody(..) | Target::Elsewhere => self.elsewhere(sets, &[(set, to)]),
        };
        for (from, packets) in found {
            let protocols: BTreeSet<Protocol> =
                sets.boxes(packets).into_iter().flat_map(|each| each.protocols).collect();
            from.iter().for_each(|&end| unknown.entry(end).or_default().extend(&protocols));
        }
    }
}

/// Some of `ends`, by what they are told apart by, each list in the same order.
fn by<K: Ord + Copy>(
    ends: &[usize],
    mut key: impl FnMut(usize) -> Option<K>,
) -> BTreeMap<K, Vec<usize>> {
    let mut found: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    let each = ends.iter().filter_map(|&end| Some((key(end)?, end)));
    let each: Vec<(K, usize)> = each.collect();
    // PERF: neighbours are mostly alike.
    for alike in each.chunk_by(|a, b| a.0 == b.0) {
        let Some(&(key, _)) = alike.first() else { continue };
        found.entry(key).or_default().extend(alike.iter().map(|it| it.1));
    }
    found
}

/// The packets of each kind of change, with what the sets say of them on both sides.
fn kinds(sets: &mut Sets, row: &Compared) -> Vec<Fared> {
    let verdicts = [Verdict::Reachable, Verdict::Unknown, Verdict::Unreachable];
    let parts = row.fates.map(|Fates { arrives, unsure, .. }| {
        let both = sets.union(arrives, unsure);
        [arrives, unsure, sets.complement(both)]
    });
    let mut kinds = Vec::new();
    let [before, after] = parts;
    for (old, before) in verdicts.into_iter().zip(before) {
        for (new, after) in verdicts.into_iter().zip(after) {
            let kind = match (old, new) {
                (Verdict::Unreachable, Verdict::Reachable) => Kind::Opened,
                (Verdict::Reachable, Verdict::Unreachable) => Kind::Closed,
                (old, new) if old == new => continue,
                _ => Kind::Doubtful,
            };
            kinds.push((kind, [old, new], sets.intersection(before, after)));
        }
    }
    kinds.push((Kind::Rerouted, [Verdict::Reachable; 2], row.moved));
    kinds.retain(|(_, _, set)| !set.is_empty());
    kinds
}

/// Every destination of the packets of `set`.
fn destinations(sets: &mut Sets, set: Set) -> AddressSet {
    let set = sets.forget_source(set);
    let boxes = sets.boxes(set);
    boxes.iter().fold(AddressSet::EMPTY, |all, each| all.union(&each.destinations))
}
