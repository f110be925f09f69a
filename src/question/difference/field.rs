//! All ends of packets, and what is asked about them.

use super::super::reachability::{Space, openings};
use super::called::Called;
use super::changed::Changed;
use super::compared::{Found, OfSender, Sending, Unknown};
use super::groups::Told;
use super::replay::{self, Sender};
use super::senders::Receivers;
use crate::answer::{FlowPairs, Opening, Ranges};
use crate::dataplane::Dataplane;
use crate::net::{AddressSet, Flow, IpNet, PortRange, ProtocolSet};
use crate::packet_set::{Headers, Set, Sets};
use crate::reach::{self, Compared, Paired};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// Whose packets are compared.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// The network that it is in.
    pub(super) realm: String,
    /// What it is called, which nothing else is.
    pub(super) name: String,
    /// Where it is, before and after.
    pub(super) at: reach::End,
}

/// Packets in words, and by protocols, ports and addresses.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Packets {
    pub(super) lines: Vec<String>,
    pub(super) openings: Vec<Opening>,
}

/// All ends, and what they are asked about.
pub(super) struct Field<'f> {
    pub(super) planes: [&'f Dataplane; 2],
    pub(super) ends: &'f [End],
    pub(super) receivers: &'f Receivers,
    pub(super) called: &'f Called,
    /// Packets that are meant to change, by the end that sends them.
    pub(super) wished: BTreeMap<usize, Vec<Flow>>,
    /// What differs in the configuration; nothing where that is not asked.
    pub(super) changed: Changed<'f>,
    /// The ports that rules which differ are for.
    pub(super) cuts: BTreeSet<PortRange>,
}

impl<'f> Field<'f> {
    /// The ends, and what has addresses; `wished` are packets that are meant to change, by the names of
    /// their senders.
    pub(super) fn of(
        planes: [&'f Dataplane; 2],
        (ends, receivers, called): (&'f [End], &'f Receivers, &'f Called),
        wished: &[(String, Flow)],
    ) -> Self {
        let mut field = Self {
            planes,
            ends,
            receivers,
            called,
            wished: BTreeMap::new(),
            changed: Changed::default(),
            cuts: BTreeSet::new(),
        };
        for (of, flow) in wished {
            let is_of = |&end: &usize| {
                let mut places = field.places(end).into_iter().flatten();
                places.any(|(plane, at)| *plane.locations[at].name == **of)
            };
            let senders: Vec<usize> = (0..ends.len()).filter(is_of).collect();
            for end in senders {
                field.wished.entry(end).or_default().push(*flow);
            }
        }
        field
    }

    /// Where all ends are.
    pub(super) fn at(&self) -> Vec<reach::End> {
        self.ends.iter().map(|end| end.at).collect()
    }

    /// Ends of which some packets are meant to change.
    pub(super) fn apart(&self) -> BTreeSet<usize> {
        self.wished.keys().copied().collect()
    }

    /// Where an end is, before and after.
    pub(super) fn places(&self, end: usize) -> [Sender<'f>; 2] {
        let [before, after] = self.planes;
        let [old, new] = self.ends.get(end).map_or([None, None], |end| end.at);
        [old.map(|at| (before, at)), new.map(|at| (after, at))]
    }

    /// The addresses that an end may have.
    fn own_addresses(&self, end: usize) -> AddressSet {
        let places = self.places(end).into_iter().flatten();
        places.fold(AddressSet::EMPTY, |all, (plane, at)| all.union(&plane.addresses_at(at)))
    }

    /// Those of `ends` that never have `address` of their own. O(n) in the ends.
    pub(super) fn but_owners(&self, ends: &Arc<Ranges>, address: IpAddr) -> Arc<Ranges> {
        let has_it = |end: u32| {
            let mut places = self.places(end as usize).into_iter().flatten();
            places.any(|(plane, at)| plane.locations[at].addresses.contains(&address))
        };
        let owners: Vec<u32> = ends.iter().filter(|&end| has_it(end)).collect();
        match owners.is_empty() {
            true => Arc::clone(ends),
            false => Arc::new(ends.without(&Ranges::of(owners))),
        }
    }

    /// Is it open in both networks how a packet of an end fares, and by something that is another?
    pub(super) fn is_doubted_anew(&self, flow: Flow, from: usize) -> bool {
        replay::is_doubted_anew(flow, self.places(from), |item| self.changed.has(item))
    }

    /// Is an end on the Internet?
    pub(super) fn is_internet(&self, end: usize) -> bool {
        let mut places = self.places(end).into_iter().flatten();
        places.any(|(plane, at)| plane.locations[at].realm == plane.internet)
    }

    /// Asks for everything that differs, and for what is known in neither network.
    pub(super) fn told(
        &self,
        sets: &mut Sets,
        (paired, rows): (&Paired, &[Compared]),
    ) -> (Vec<Told>, Unknown) {
        let mut found = Found::default();
        for rows in rows.chunk_by(|a, b| a.from == b.from) {
            let from = match rows.first().map(|first| first.from) {
                Some(reach::Sender::Group(group)) => paired.ends(group).map(Sending::Group),
                Some(reach::Sender::End(end)) => Some(Sending::End(end)),
                None => None,
            };
            let Some(from) = from else { continue };
            OfSender { field: self, paired, from }.add(sets, rows, &mut found);
        }
        (found.told, found.unknown)
    }

    /// The packets that are meant to change and are sent by an end alone.
    pub(super) fn wished_by(&self, sets: &mut Sets, alone: Option<usize>) -> Set {
        let Some(alone) = alone else { return Set::NONE };
        let Some(flows) = self.wished.get(&alone) else { return Set::NONE };
        let own = self.own_addresses(alone);
        let each = flows.iter().map(|flow| {
            // An address that stands for others: any of them is meant.
            let is_any = flow.source == crate::dataplane::stand_in(flow.source);
            let (one, to) = (only(flow.source), only(flow.destination));
            sets.headers(&Headers {
                sources: if is_any { &own } else { &one },
                destinations: &to,
                protocols: ProtocolSet::single(flow.protocol),
                source_ports: &[flow.source_ports],
                destination_ports: &[flow.destination_ports],
            })
        });
        let each: Vec<Set> = each.collect();
        sets.union_all(each)
    }

    /// Those pairs of two ends that are meant, fewer words first; none when there are none.
    pub(super) fn pairs(
        &self,
        (from, to): (&Ranges, &Ranges),
        pairs: FlowPairs,
    ) -> Option<FlowPairs> {
        let counted = self.counted((from, to), FlowPairs::All);
        let meant = if pairs == FlowPairs::All { counted } else { self.counted((from, to), pairs) };
        match meant {
            0 => None,
            _ if meant == counted => Some(FlowPairs::All),
            _ => Some(pairs),
        }
    }

    /// How many pairs of different ends are meant.
    ///
    /// O(n log m) in the runs and networks of the shorter list n and the runs of the other m.
    pub(super) fn counted(&self, (from, to): (&Ranges, &Ranges), pairs: FlowPairs) -> usize {
        let is_less = from.as_slice().len() < to.as_slice().len();
        let (few, many) = if is_less { (from, to) } else { (to, from) };
        let same = few.intersection(many).len();
        let all = from.len() * to.len() - same;
        if pairs == FlowPairs::All {
            return all;
        }
        let here = few.as_slice().iter().flat_map(|&run| self.called.by_home(run));
        let beside = here.map(|((first, last), home)| {
            ((last - first) as usize + 1) * many.count(home.0, home.1)
        });
        let beside = beside.sum::<usize>() - same;
        if pairs == FlowPairs::SameNetwork { beside } else { all - beside }
    }

    /// The first of the pairs that are meant.
    pub(super) fn first(
        &self,
        (mut from, to): (impl Iterator<Item = u32>, &Ranges),
        pairs: FlowPairs,
    ) -> Option<(usize, usize)> {
        from.find_map(|a| {
            let (first, last) = self.called.home(a)?;
            let is_beside = |&b: &u32| first <= b && b <= last;
            let near = || to.intersection(&Ranges::between(first, last));
            let b = match pairs {
                FlowPairs::All => to.iter().find(|&b| a != b),
                FlowPairs::SameNetwork => near().iter().find(|&b| a != b),
                FlowPairs::OtherNetworks => to.iter().find(|b| !is_beside(b)),
            };
            Some((a as usize, b? as usize))
        })
    }

    /// The packets of `set` that an end sends.
    pub(super) fn sent(&self, sets: &mut Sets, set: Set, from: usize) -> Set {
        let own = self.own_addresses(from);
        let sources = sets.sources(&own);
        sets.intersection(set, sources)
    }

    /// The packets of `set` from one end to the address of a family of another.
    pub(super) fn between(
        &self,
        sets: &mut Sets,
        set: Set,
        (from, to): (usize, usize),
        family: usize,
    ) -> Set {
        let address = self.called.address(to, family);
        let to = sets.destinations(&address.map_or(AddressSet::EMPTY, only));
        let there = sets.intersection(set, to);
        self.sent(sets, there, from)
    }

    /// The packets of `set` from one end to one address.
    pub(super) fn packets(
        &self,
        sets: &Sets,
        set: Set,
        from: usize,
        to: &AddressSet,
    ) -> Arc<Packets> {
        let places = self.places(from).into_iter().flatten();
        let own = places.map(|(plane, at)| Space::of(plane, plane.addresses_at(at), at));
        let own = own.reduce(|all, one| all.union(&one)).unwrap_or_default();
        let openings = openings(sets, set, (&own, &Space::plain(to.clone())));
        let lines = Opening::lines(&openings, usize::MAX).into_iter().map(|(_, line)| line);
        Arc::new(Packets { lines: lines.collect(), openings })
    }
}

/// The set of one address.
pub(super) fn only(address: IpAddr) -> AddressSet {
    [IpNet::from(address)].into_iter().collect()
}
