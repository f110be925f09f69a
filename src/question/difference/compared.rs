//! What differs for the packets of one group of ends, told by who is reached.

use super::called::OTHERS;
use super::field::{Field, Packets, only};
use super::groups::{Receiver, Told};
use crate::answer::{FlowChangeKind as Kind, FlowPairs, Ranges, Verdict};
use crate::net::{AddressSet, Protocol, ProtocolSet};
use crate::packet_set::{HeaderBox, Set, Sets, Which};
use crate::reach::{Compared, Faces, Fates, Listed, Paired, Target};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many packets are asked why it is not known how they fare.
pub(super) const ASKED: usize = 10_000;

/// Packets that fare so before and after.
type Fared = (Kind, [Verdict; 2], Set);

/// Packets that go to no end of a group, by how they fare before and after.
type ByKind = BTreeMap<(Kind, [Verdict; 2]), Vec<(Set, Target)>>;

/// Packets from some ends to others of a group.
struct Part {
    from: Arc<Ranges>,
    to: Arc<Ranges>,
    pairs: FlowPairs,
    /// Of the addresses of those that they go to: 0 is IPv4, 1 is IPv6.
    family: usize,
    /// What is the same for all pairs of addresses.
    rest: Set,
}

/// Packets, how many headers, and whether any is of TCP, UDP or ICMP.
type Between = (Arc<Packets>, BigUint, bool);

/// The packets of one group of ends, or of an end in no group.
pub(super) struct OfSender<'s> {
    pub(super) field: &'s Field<'s>,
    pub(super) paired: &'s Paired,
    pub(super) from: Sending<'s>,
}

/// Whose packets they are.
#[derive(Clone, Copy)]
pub(super) enum Sending<'s> {
    Group(&'s Listed),
    End(usize),
}

impl Sending<'_> {
    fn ends(&self) -> Arc<Ranges> {
        match self {
            Self::Group(group) => Arc::clone(group.numbers()),
            Self::End(end) => Arc::new(single(*end)),
        }
    }

    /// The end, if it is alone.
    pub(super) fn alone(&self) -> Option<usize> {
        match self {
            Self::Group(group) => only_one(group.numbers()),
            Self::End(end) => Some(*end),
        }
    }
}

/// Packets of which it is known in neither network how they fare: who sends them, and their protocols.
#[derive(Default)]
pub(super) struct Unknown {
    pub(super) senders: Vec<Arc<Ranges>>,
    pub(super) protocols: BTreeSet<Protocol>,
    /// Were there too many to ask all of them why?
    pub(super) is_cut: bool,
}

/// What differs, as far as it is found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) told: Vec<Told>,
    pub(super) unknown: Unknown,
    /// Packets between two ends in groups, by what is the same for all of these: in words, and how many.
    // PERF: between thousands of groups there are few sorts of packets.
    between: BTreeMap<Set, Between>,
    /// How many packets were asked why it is not known how they fare.
    asked: usize,
}

impl OfSender<'_> {
    pub(super) fn add(&self, sets: &mut Sets, rows: &[Compared], found: &mut Found) {
        let wished = self.field.wished_by(sets, self.from.alone());
        let mut by_kind = ByKind::new();
        for row in rows {
            let neither = sets.difference(row.unknown, wished);
            let anew = self.add_unknown(sets, neither, row.to, found);
            let anew = (Kind::Doubtful, [Verdict::Unknown; 2], anew);
            for (kind, verdicts, set) in kinds(sets, row).into_iter().chain([anew]) {
                let set = sets.difference(set, wished);
                let fared = (kind, verdicts, set);
                match row.to {
                    _ if set.is_empty() => {}
                    Target::Group(to, is_beside) => {
                        self.add_to_group(sets, fared, (to, is_beside), found);
                    }
                    Target::Nobody(..) | Target::Elsewhere => {
                        by_kind.entry((kind, verdicts)).or_default().push((set, row.to));
                    }
                }
            }
        }
        for ((kind, verdicts), parts) in by_kind {
            for (from, set) in self.elsewhere(sets, &parts) {
                self.add_elsewhere(sets, (kind, verdicts, set), &from, &mut found.told);
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
        let Some(to) = self.paired.ends(to) else { return Vec::new() };
        let mut parts = Vec::new();
        for (faces, from) in self.by_faces(sets, set) {
            for (family, face) in faces.into_iter().enumerate() {
                let Some(face) = face.filter(|face| !face.is_empty()) else { continue };
                for (rest, to) in self.by_rest(sets, face, (to, family)) {
                    if let Some(pairs) = field.pairs((&from, &to), pairs) {
                        parts.push(Part { from: Arc::clone(&from), to, pairs, family, rest });
                    }
                }
            }
        }
        parts
    }

    /// Those of `to` that packets from an end go to, by what of them goes there, as if to any.
    fn by_rest(
        &self,
        sets: &mut Sets,
        face: Set,
        (to, family): (&Listed, usize),
    ) -> BTreeMap<Set, Arc<Ranges>> {
        let mut found = match self.from {
            Sending::Group(_) => to.by_destination(sets, face, family),
            Sending::End(_) => {
                let reached = sets.destinations_of(face);
                to.by_address((family, &reached), |address| {
                    let one = sets.destinations(&only(address));
                    let part = sets.intersection(face, one);
                    sets.before_destination(part, &only(address), Which::Some)
                })
            }
        };
        found.remove(&Set::NONE);
        found
    }

    /// The ends by what is left of `set` for their addresses, in each family; of an end in no group all.
    fn by_faces(&self, sets: &mut Sets, set: Set) -> Vec<Faces> {
        match self.from {
            Sending::Group(group) => group.by_source(sets, set),
            Sending::End(_) => {
                let v4 = sets.sources(&AddressSet::everything_v4());
                let both = [sets.intersection(set, v4), sets.difference(set, v4)];
                vec![(both.map(Some), self.from.ends())]
            }
        }
    }

    fn add_to_group(
        &self,
        sets: &mut Sets,
        (kind, verdicts, set): Fared,
        to: (usize, Option<bool>),
        found: &mut Found,
    ) {
        for part in self.parts(sets, set, to) {
            let is_group = matches!(self.from, Sending::Group(_));
            let known = found.between.get(&part.rest).filter(|_| is_group).cloned();
            let Some((packets, count, is_usual)) = known.or_else(|| self.between(sets, set, &part))
            else {
                continue;
            };
            let pairs = self.field.counted((&part.from, &part.to), part.pairs);
            found.told.push(Told {
                kind,
                verdicts,
                packets: Arc::clone(&packets),
                headers: &count * pairs,
                from: part.from,
                to: Receiver::Ends(part.to),
                pairs: part.pairs,
                set,
                is_usual,
                family: part.family,
            });
            if is_group {
                found.between.insert(part.rest, (packets, count, is_usual));
            }
        }
    }

    /// The packets of `set` between two ends of a part, in words, and how many headers that are.
    fn between(&self, sets: &mut Sets, set: Set, part: &Part) -> Option<Between> {
        let field = self.field;
        let (from, to) = field.first((part.from.iter(), &part.to), part.pairs)?;
        let packets = field.between(sets, set, (from, to), part.family);
        let destinations = field.called.address(to, part.family).map_or(AddressSet::EMPTY, only);
        let told = field.packets(sets, packets, from, &destinations);
        Some((told, sets.count(packets), is_usual(sets, packets)))
    }

    /// What goes to addresses that no end in a group has, by ends that send the same.
    fn elsewhere(&self, sets: &mut Sets, parts: &[(Set, Target)]) -> Vec<(Arc<Ranges>, Set)> {
        let is_simple = parts.iter().all(|(_, to)| *to == Target::Elsewhere);
        if is_simple && let [(set, _)] = parts {
            let by_faces = self.by_faces(sets, *set).into_iter();
            let some =
                by_faces.filter(|(faces, _)| faces.iter().flatten().any(|it| !it.is_empty()));
            return some.map(|(_, from)| (from, *set)).collect();
        }
        let ends = self.from.ends();
        let each = ends.iter().map(|end| end as usize).map(|end| {
            let all: Vec<Set> = parts
                .iter()
                .map(|&(set, to)| {
                    let to = sets.destinations(&self.destinations(end, to));
                    sets.intersection(set, to)
                })
                .collect();
            let all = sets.union_all(all);
            (Arc::new(single(end)), self.field.sent(sets, all, end))
        });
        let each: Vec<(Arc<Ranges>, Set)> = each.collect();
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
        from: &Arc<Ranges>,
        told: &mut Vec<Told>,
    ) {
        let Some(first) = from.iter().next().map(|end| end as usize) else { return };
        let Some(end) = self.field.ends.get(first) else { return };
        let mut rest = set;
        let sent = self.field.sent(sets, set, first);
        let reached = sets.destinations_of(sent);
        let mut parts = Vec::new();
        for (address, name) in self.field.receivers.among(&reached, &end.realm) {
            let to = sets.destinations(&only(address));
            // A machine and itself are no pair.
            let others = self.field.but_owners(from, address);
            parts.push((name.to_owned(), sets.intersection(rest, to), only(address), others));
            rest = sets.difference(rest, to);
        }
        parts.push((
            OTHERS.to_owned(),
            rest,
            self.field.receivers.others.clone(),
            Arc::clone(from),
        ));
        for (name, set, to, from) in parts {
            let Some(first) = from.iter().next().map(|end| end as usize) else { continue };
            let packets = self.field.sent(sets, set, first);
            if packets.is_empty() {
                continue;
            }
            told.push(Told {
                kind,
                verdicts,
                packets: self.field.packets(sets, packets, first, &to),
                headers: sets.count(packets) * from.len(),
                from,
                to: Receiver::Named(name),
                pairs: FlowPairs::All,
                set,
                is_usual: is_usual(sets, packets),
                family: 0,
            });
        }
    }

    /// Of packets of which it is known in neither network how they fare those of which something else is the reason
    /// after the changes, as far as one packet of each sort tells.
    fn doubted_anew(&self, sets: &mut Sets, set: Set, to: Target, found: &mut Found) -> Set {
        if self.field.changed.is_empty() || set.is_empty() {
            return Set::NONE;
        }
        let mut anew = Set::NONE;
        for (sender, packets, is_for_all) in self.samples(sets, set, to) {
            let mut sorts = self.sorts(sets, packets);
            if !is_for_all {
                let known =
                    sorts.iter().flat_map(|sort| self.known(sort)).take(ASKED).collect::<Vec<_>>();
                sorts.extend(known);
            }
            for sort in sorts {
                found.asked += 1;
                if found.asked > ASKED {
                    found.unknown.is_cut = true;
                    return anew;
                }
                let one = sets.of_box(&sort);
                let flow = sets.witness(one);
                if flow.is_some_and(|flow| self.field.is_doubted_anew(flow, sender)) {
                    let everywhere = AddressSet::everything();
                    let destinations =
                        if is_for_all { everywhere.clone() } else { sort.destinations.clone() };
                    let alike = HeaderBox { sources: everywhere, destinations, ..sort };
                    let alike = sets.of_box(&alike);
                    let alike = sets.intersection(set, alike);
                    anew = sets.union(anew, alike);
                }
            }
        }
        anew
    }

    /// Packets that one stands for: as sets tell them apart, and those to ports of rules that differ.
    fn sorts(&self, sets: &mut Sets, packets: Set) -> Vec<HeaderBox> {
        let mut sorts = sets.boxes(packets);
        for &ports in &self.field.cuts {
            let there = sets.to_ports(ports);
            let there = sets.intersection(packets, there);
            sorts.extend(sets.boxes(there));
        }
        sorts
    }

    /// The packets of a sort to each address that something has.
    fn known(&self, sort: &HeaderBox) -> Vec<HeaderBox> {
        let known = self.field.receivers.among(&sort.destinations, "").take(ASKED);
        known.map(|(at, _)| HeaderBox { destinations: only(at), ..sort.clone() }).collect()
    }

    /// Senders, and their packets among `set`: these stand for those to any place of a group, or for their own
    /// destinations alone.
    fn samples(&self, sets: &mut Sets, set: Set, to: Target) -> Vec<(usize, Set, bool)> {
        let field = self.field;
        match to {
            Target::Group(to, is_beside) => {
                let mut samples = Vec::new();
                for part in self.parts(sets, set, (to, is_beside)) {
                    let ends = field.first((part.from.iter(), &part.to), part.pairs);
                    let Some((from, to)) = ends else { continue };
                    let packets = field.between(sets, set, (from, to), part.family);
                    samples.push((from, packets, true));
                }
                samples
            }
            Target::Nobody(..) | Target::Elsewhere => {
                let found = self.elsewhere(sets, &[(set, to)]).into_iter();
                let each = found.filter_map(|(from, set)| {
                    let first = from.iter().next()? as usize;
                    Some((first, field.sent(sets, set, first), false))
                });
                each.collect()
            }
        }
    }

    /// Of packets of which it is known in neither network how they fare those that are doubted anew; the others are
    /// counted.
    fn add_unknown(&self, sets: &mut Sets, set: Set, to: Target, found: &mut Found) -> Set {
        let anew = self.doubted_anew(sets, set, to, found);
        let same = sets.difference(set, anew);
        if !same.is_empty() {
            self.count_unknown(sets, same, to, &mut found.unknown);
        }
        anew
    }

    fn count_unknown(&self, sets: &mut Sets, set: Set, to: Target, unknown: &mut Unknown) {
        let found: Vec<(Arc<Ranges>, Set)> = match to {
            Target::Group(to, is_beside) => {
                let parts = self.parts(sets, set, (to, is_beside)).into_iter();
                parts.map(|part| (part.from, part.rest)).collect()
            }
            Target::Nobody(..) | Target::Elsewhere => {
                let found = self.elsewhere(sets, &[(set, to)]).into_iter();
                let each = found.map(|(from, set)| {
                    let first = from.iter().next().map(|end| end as usize);
                    let sent = first.map_or(set, |first| self.field.sent(sets, set, first));
                    (from, sent)
                });
                each.collect()
            }
        };
        for (from, packets) in found {
            unknown.protocols.extend(sets.boxes(packets).into_iter().flat_map(|it| it.protocols));
            unknown.senders.push(from);
        }
    }
}

/// Is any of the packets of TCP, UDP or ICMP?
fn is_usual(sets: &mut Sets, packets: Set) -> bool {
    let usual = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp].map(ProtocolSet::single);
    let usual = usual.into_iter().fold(ProtocolSet::NONE, ProtocolSet::union);
    let usual = sets.of_protocols(usual);
    !sets.intersection(packets, usual).is_empty()
}

/// An end alone.
fn single(end: usize) -> Ranges {
    u32::try_from(end).map_or_else(|_| Ranges::default(), |end| Ranges::between(end, end))
}

/// The end that is alone.
fn only_one(ends: &Ranges) -> Option<usize> {
    match ends.as_slice() {
        [(first, last)] if first == last => Some(*first as usize),
        _ => None,
    }
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
    let elsewhere = sets.union(row.gained, row.lost);
    let moved = sets.difference(row.moved, elsewhere);
    for (kind, set) in
        [(Kind::Opened, row.gained), (Kind::Closed, row.lost), (Kind::Rerouted, moved)]
    {
        kinds.push((kind, [Verdict::Reachable; 2], set));
    }
    kinds.retain(|(_, _, set)| !set.is_empty());
    kinds
}
