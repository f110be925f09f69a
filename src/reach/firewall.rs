//! Packets at a firewall (R396-R404).

use super::gates::{Asked, Open, Partition, Vague, rule_sets};
use super::header::{Header, Packets};
use super::walk::Reach;
use super::way::{Fates, Point, Way};
use crate::dataplane::filter::{Action, Bindings, Match};
use crate::dataplane::graph::{FirewallAt, Location, OneOf, Realm};
use crate::dataplane::security::firewall::{Passes, SnatSource, SourceTranslation, Translation};
use crate::dataplane::{is_private, is_stand_in};
use crate::id::Id;
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::Set;
use ipnet::IpNet;
use std::net::IpAddr;

/// Headers that a firewall lets through, by what decides which source they have then.
#[derive(Clone, Copy, Debug, Default)]
struct Ruled {
    allows: Option<Match>,
    /// The sorts of rules that may.
    passes: Passes,
}

/// Where a firewall's DNS proxy listens (R288).
const DNS: u16 = 53;

impl Reach<'_> {
    /// Packets to an address of the firewall: DNAT rules send them on, unless a network rule denies
    /// what comes out (R399). What no rule is for is the rest.
    pub(super) fn firewall_translates(
        &mut self,
        way: &Way,
        at: Id<Location>,
        firewall: &FirewallAt,
        (header, set): Packets,
    ) -> (Fates, Set) {
        let (filter, translations) = self.plane.programs[firewall.program].nat();
        let vague = Self::vague(way, header);
        let asked = Asked::of(self.plane, vague);
        let (mut fates, mut rest) = (Fates::STOPS, set);
        for (rule, translation) in filter.rules().iter().zip(translations) {
            let (surely, maybe) = rule_sets(self.sets, rule, &Bindings::default(), asked);
            let maybe = header.before(self.sets, maybe);
            let surely = header.before(self.sets, surely);
            let taken = self.sets.intersection(rest, maybe);
            rest = self.sets.difference(rest, taken);
            let groups = [
                (way.clone(), self.sets.intersection(taken, surely)),
                (way.doubted(), self.sets.difference(taken, surely)),
            ];
            for (way, set) in groups.into_iter().filter(|(_, set)| !set.is_empty()) {
                let found = self.forward_port(&way, (at, firewall), translation, (header, set));
                fates = self.join(fates, found);
            }
        }
        // The firewall itself answers nothing but questions for names at its private addresses (R288, R400).
        let ported = ProtocolSet::single(Protocol::Tcp).union(ProtocolSet::single(Protocol::Udp));
        let (any, dns) = ([PortRange::ANY], [PortRange::single(DNS)]);
        let dns = self.sets.of_ports(ported, &any, &dns);
        let dns = header.before(self.sets, dns);
        // A policy that is missing may have a DNAT rule for it (R397).
        let untold = match self.plane.programs[firewall.program].missing.is_empty() {
            true => Set::NONE,
            false => {
                let ported = self.sets.of_protocols(ported);
                header.before(self.sets, ported)
            }
        };
        let public: AddressSet = firewall.public.iter().copied().map(IpNet::from).collect();
        let (_, dns) = self.by_destination((header, dns), &public);
        let dns = if firewall.answers_names { dns } else { Set::NONE };
        let others = self.sets.difference(rest, dns);
        let unsure = self.sets.intersection(others, untold);
        fates = self.join(fates, Fates::unsure(unsure));
        let stopped = self.sets.difference(others, untold);
        if !stopped.is_empty() {
            let stopped = Self::stop(way, stopped);
            fates = self.join(fates, stopped);
        }
        (fates, self.sets.intersection(rest, dns))
    }

    fn forward_port(
        &mut self,
        way: &Way,
        (at, firewall): (Id<Location>, &FirewallAt),
        translation: &Translation,
        (header, set): Packets,
    ) -> Fates {
        // A name is not modelled.
        let Some(address) = translation.address else { return Fates::unsure(set) };
        let after = Header {
            destination: Some(address),
            destination_port: Some(translation.port),
            ..header
        };
        let (device, realm) = (self.plane.device(at), self.plane.locations[at].realm);
        let (passing, mut fates) = self.obeying(way, firewall, (after, set), true);
        let leaves = self.plane.leaves_to_internet(at, address);
        let pool = pool_of(firewall, SourceTranslation::of_dnat_rule(address, leaves));
        for (way, _, part) in passing {
            let found = match pool {
                None => {
                    let way = way.with(Point::Device(device), header, after);
                    self.sent_on(way, (at, false), (header, after), part)
                }
                Some(pool) => self.each_source(pool, address.is_ipv4(), |reach, source| {
                    let sent = Header { source: Some(source), ..after };
                    let vague = vague((at, realm), (firewall, source), is_private(address));
                    let way = Way { vague, ..way.clone() };
                    let way = way.with(Point::Device(device), header, sent);
                    reach.sent_on(way, (at, false), (header, sent), part)
                }),
            };
            fates = self.join(fates, found);
        }
        fates
    }

    /// Packets for somebody else: rules, then the source that they have behind the firewall (R401).
    pub(super) fn through_firewall(
        &mut self,
        way: &Way,
        at: Id<Location>,
        firewall: &FirewallAt,
        (header, set): Packets,
    ) -> Fates {
        let (mut fates, rest) = self.device_answers(way, at, (header, set));
        let (stopped, rest) = self.half_seen(way, rest);
        fates = self.join(fates, stopped);
        if rest.is_empty() {
            return fates;
        }
        let (passing, stopped) = self.obeying(way, firewall, (header, rest), false);
        fates = self.join(fates, stopped);
        for (way, passes, part) in passing {
            let mut as_sort =
                |is_proxy| self.behind(&way, (at, firewall), is_proxy, (header, part));
            let found = match (passes.as_router, passes.as_proxy) {
                (true, true) => {
                    let [router, proxy] = [false, true].map(as_sort);
                    router.agreed(self.sets, proxy)
                }
                (_, is_proxy) => as_sort(is_proxy),
            };
            fates = self.join(fates, found);
        }
        fates
    }

    /// The packets that the rules let pass, each group with the sorts of rules that may, and the
    /// fate of those that they stop.
    fn obeying(
        &mut self,
        way: &Way,
        firewall: &FirewallAt,
        (header, set): Packets,
        is_translated: bool,
    ) -> (Vec<(Way, Passes, Set)>, Fates) {
        let (mut passing, mut fates) = (Vec::new(), Fates::STOPS);
        for (ruled, part) in self.ruling(way, firewall, header, is_translated) {
            let part = self.sets.intersection(set, part);
            let way = match ruled.allows {
                _ if part.is_empty() => continue,
                None => {
                    let stopped = Self::stop(way, part);
                    fates = self.join(fates, stopped);
                    continue;
                }
                Some(Match::Yes) => way.clone(),
                Some(Match::Maybe | Match::No) => way.doubted(),
            };
            passing.push((way, ruled.passes, part));
        }
        (passing, fates)
    }

    /// Packets that set out, by what the rules say of them at the firewall.
    fn ruling(
        &mut self,
        way: &Way,
        firewall: &FirewallAt,
        header: Header,
        is_translated: bool,
    ) -> Vec<(Ruled, Set)> {
        let plane = self.plane;
        let program = &plane.programs[firewall.program];
        let vague = Self::vague(way, header);
        let network = super::gates::partition(
            self.sets,
            program.network_filter(),
            &firewall.bindings,
            Asked::of(plane, vague),
        );
        let behind: Partition = if is_translated {
            vec![(outcome(Action::Allow), Set::ALL)]
        } else {
            self.application(firewall, vague)
        };
        let mut ruled = Vec::new();
        for &(first, part) in &network {
            let as_router = first.has(Some(Action::Allow));
            if !first.has(None) {
                let allows = allows(as_router, first.has(Some(Action::Deny)));
                ruled.push((Ruled { allows, passes: Passes { as_router, as_proxy: false } }, part));
                continue;
            }
            for &(second, inner) in &behind {
                let part = self.sets.intersection(part, inner);
                let behind_allows = second.has(Some(Action::Allow));
                let has = |action| first.has(Some(action)) || second.has(Some(action));
                // R400: what no rule matches is denied.
                let denies = has(Action::Deny) || second.has(None);
                let allows = allows(has(Action::Allow), denies);
                let passes = Passes {
                    as_router: as_router || (is_translated && behind_allows),
                    as_proxy: !is_translated && behind_allows,
                };
                ruled.push((Ruled { allows, passes }, part));
            }
        }
        if !program.missing.is_empty() {
            let tcp = self.sets.of_protocols(ProtocolSet::single(Protocol::Tcp));
            let others = self.sets.difference(Set::ALL, tcp);
            let of = |protocol| {
                let passes = Passes::of_missing(protocol);
                Ruled { allows: Some(Match::Maybe), passes }
            };
            ruled = vec![(of(Protocol::Tcp), tcp), (of(Protocol::Udp), others)];
        }
        ruled
            .into_iter()
            .map(|(ruled, part)| (ruled, header.before(self.sets, part)))
            .filter(|(_, part)| !part.is_empty())
            .collect()
    }

    /// What application rules may say of every header. Which host is asked for is not known: rules for
    /// some names are maybe.
    fn application(&mut self, firewall: &FirewallAt, vague: Vague) -> Partition {
        let plane = self.plane;
        let (filter, names) = plane.programs[firewall.program].application();
        // R398: only TCP comes to application rules.
        let tcp = self.sets.of_protocols(ProtocolSet::single(Protocol::Tcp));
        let mut open = Open::default();
        let asked = Asked::of(plane, vague);
        for (rule, named) in filter.rules().iter().zip(names) {
            let (surely, maybe) = rule_sets(self.sets, rule, &Bindings::default(), asked);
            let (surely, maybe) = match named.names(None) {
                Match::Yes => (surely, maybe),
                Match::Maybe => (Set::NONE, maybe),
                Match::No => (Set::NONE, Set::NONE),
            };
            let (surely, maybe) =
                (self.sets.intersection(surely, tcp), self.sets.intersection(maybe, tcp));
            open.take(self.sets, rule.action, surely, maybe);
        }
        open.finish(self.sets)
    }

    /// Packets that are let through go on with the source that they have behind the firewall.
    fn behind(
        &mut self,
        way: &Way,
        (at, firewall): (Id<Location>, &FirewallAt),
        is_proxy: bool,
        (header, set): Packets,
    ) -> Fates {
        let mut fates = Fates::STOPS;
        for (source, is_destination_private, set) in
            self.by_translation((at, firewall), is_proxy, (header, set))
        {
            for (is_v4, set) in self.by_family(set) {
                let (carried, doubted, stopped) = self.carried(way, source, set);
                let stopped = Self::stop(way, stopped);
                fates = self.join(fates, stopped);
                let (device, realm) = (self.plane.device(at), self.plane.locations[at].realm);
                let pool = pool_of(firewall, source);
                for (way, set) in [(way.clone(), carried), (way.doubted(), doubted)] {
                    if set.is_empty() {
                        continue;
                    }
                    let found = match pool {
                        None => {
                            let way = way.with(Point::Device(device), header, header);
                            self.sent_on(way, (at, false), (header, header), set)
                        }
                        Some(pool) => self.each_source(pool, is_v4, |reach, source| {
                            let after = Header { source: Some(source), ..header };
                            let vague =
                                vague((at, realm), (firewall, source), is_destination_private);
                            let way = Way { vague, ..way.clone() };
                            let way = way.with(Point::Device(device), header, after);
                            reach.sent_on(way, (at, false), (header, after), set)
                        }),
                    };
                    fates = self.join(fates, found);
                }
            }
        }
        fates
    }

    /// The packets that the firewall carries with such a source, maybe carries, and does not (R576).
    fn carried(&mut self, way: &Way, source: SnatSource, set: Set) -> (Set, Set, Set) {
        if way.is_reply {
            return (set, Set::NONE, Set::NONE);
        }
        let of = |wanted: Match| {
            let all = Protocol::ALL.into_iter().filter(|&it| source.carries(it) == wanted);
            all.fold(ProtocolSet::NONE, |set, it| set.union(ProtocolSet::single(it)))
        };
        let [yes, maybe, no] = [Match::Yes, Match::Maybe, Match::No].map(of);
        let [yes, maybe, no] = [yes, maybe, no].map(|protocols| {
            let all = self.sets.of_protocols(protocols);
            self.sets.intersection(set, all)
        });
        (yes, maybe, no)
    }

    /// The packets by the source that they have behind the firewall, and whether they go to private
    /// addresses.
    fn by_translation(
        &mut self,
        (at, firewall): (Id<Location>, &FirewallAt),
        is_proxy: bool,
        (header, set): Packets,
    ) -> Vec<(SnatSource, bool, Set)> {
        let plane = self.plane;
        let translation = &plane.programs[firewall.program].source_translation;
        let of = |destination: IpAddr| {
            let leaves = plane.leaves_to_internet(at, destination);
            let source = if is_proxy {
                SourceTranslation::of_application_rule(destination, leaves)
            } else {
                translation.of_network_rule(destination, || leaves)
            };
            (source, is_private(destination))
        };
        let mut found: Vec<(SnatSource, bool, Set)> = Vec::new();
        for part in self.alike(at, &translation.private_ranges, (header, set)) {
            let Some(destination) = self.some_destination((header, part)) else { continue };
            let (source, is_private) = of(destination);
            match found.iter_mut().find(|it| (it.0, it.1) == (source, is_private)) {
                Some(same) => same.2 = self.sets.union(same.2, part),
                None => found.push((source, is_private, part)),
            }
        }
        found
    }

    /// Parts of `set` in which the translation at a firewall is the same for all destinations.
    fn alike(&mut self, at: Id<Location>, ranges: &AddressSet, (header, set): Packets) -> Vec<Set> {
        if header.destination.is_some() {
            return vec![set];
        }
        let private = self.private.clone();
        let default = SourceTranslation::new(None).private_ranges;
        let table = self.plane.locations[at].table;
        let rows: Vec<Set> =
            self.by_row((header, set), table).into_iter().map(|(_, part)| part).collect();
        let mut parts = rows;
        for addresses in [ranges, &private, &default] {
            let mut split = Vec::new();
            for part in parts {
                let (inside, outside) = self.by_destination((header, part), addresses);
                split.extend([inside, outside]);
            }
            split.retain(|part| !part.is_empty());
            parts = split;
        }
        parts
    }
}

/// The addresses that the platform chooses the source from; none: it stays as it is.
fn pool_of(firewall: &FirewallAt, source: SnatSource) -> Option<&[IpAddr]> {
    match source {
        SnatSource::Unchanged => None,
        SnatSource::PublicAddress if !firewall.is_behind_nat_gateway => Some(&firewall.public),
        SnatSource::PublicAddress | SnatSource::InstanceAddress => {
            Some(firewall.instance.as_slice())
        }
    }
}

/// What a source of this sort stands for, of the firewall at a place in a realm.
fn vague(
    (at, realm): (Id<Location>, Id<Realm>),
    (firewall, source): (&FirewallAt, IpAddr),
    is_destination_private: bool,
) -> Option<OneOf> {
    match (is_stand_in(source), firewall.instance == Some(source)) {
        (true, _) => (!is_destination_private).then_some(OneOf::Azure(realm)),
        (false, true) => Some(OneOf::Instances(at)),
        (false, false) => None,
    }
}

fn outcome(action: Action) -> crate::dataplane::filter::Outcomes {
    crate::dataplane::filter::Outcomes::default().with(Some(action))
}

/// None: it is denied.
const fn allows(allows: bool, denies: bool) -> Option<Match> {
    match (allows, denies) {
        (true, false) => Some(Match::Yes),
        (true, true) => Some(Match::Maybe),
        (false, _) => None,
    }
}
