//! What holds for all sets, tried on sets over few values with the membership of single headers as the
//! judge.

use super::{Change, Headers, Overflow, Set, Sets, Which};
use crate::net::{AddressSet, Flow, PortRange, Protocol, ProtocolSet};
use num_bigint::BigUint;
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A set as a list of products, joined in turn by union and difference.
#[derive(Clone, Debug)]
struct Recipe(Vec<(Product, bool)>);

#[derive(Clone, Debug)]
struct Product {
    sources: AddressSet,
    destinations: AddressSet,
    protocols: ProtocolSet,
    source_ports: Vec<PortRange>,
    destination_ports: Vec<PortRange>,
}

impl Product {
    fn set(&self, sets: &mut Sets) -> Set {
        sets.headers(&Headers {
            sources: &self.sources,
            destinations: &self.destinations,
            protocols: self.protocols,
            source_ports: &self.source_ports,
            destination_ports: &self.destination_ports,
        })
    }

    fn has(&self, flow: &Flow) -> bool {
        let is_any = |ports: &[PortRange]| ports.iter().any(|range| range.is_any());
        let has_port =
            |ports: &[PortRange], port: PortRange| ports.iter().any(|it| it.contains(port));
        let ports = if flow.protocol.has_ports() {
            has_port(&self.source_ports, flow.source_ports)
                && has_port(&self.destination_ports, flow.destination_ports)
        } else {
            is_any(&self.source_ports) && is_any(&self.destination_ports)
        };
        self.sources.contains(flow.source)
            && self.destinations.contains(flow.destination)
            && self.protocols.contains(flow.protocol)
            && ports
    }
}

impl Recipe {
    fn set(&self, sets: &mut Sets) -> Set {
        let mut all = Set::NONE;
        for (product, is_added) in &self.0 {
            let part = product.set(sets);
            all = if *is_added { sets.union(all, part) } else { sets.difference(all, part) };
        }
        all
    }

    fn has(&self, flow: &Flow) -> bool {
        let last = self.0.iter().rev().find(|(product, _)| product.has(flow));
        last.is_some_and(|(_, is_added)| *is_added)
    }
}

fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        3 => (0u32..6).prop_map(|it| Ipv4Addr::from(it).into()),
        1 => Just(IpAddr::from(Ipv4Addr::BROADCAST)),
        1 => (0u128..3).prop_map(|it| Ipv6Addr::from(it).into()),
    ]
}

fn addresses() -> impl Strategy<Value = AddressSet> {
    let range = (address(), address())
        .prop_map(|(a, b)| AddressSet::range(a.min(b), a.max(b)).unwrap_or_default());
    prop_oneof![
        1 => Just(AddressSet::everything()),
        3 => (range, addresses_of_one()).prop_map(|(a, b)| a.union(&b)),
    ]
}

fn addresses_of_one() -> impl Strategy<Value = AddressSet> {
    address().prop_map(|it| AddressSet::range(it, it).unwrap())
}

fn ports() -> impl Strategy<Value = Vec<PortRange>> {
    let range = (0u16..4, 0u16..4).prop_map(|(a, b)| PortRange::new(a.min(b), a.max(b)).unwrap());
    prop_oneof![
        Just(vec![PortRange::ANY]),
        prop::collection::vec(range, 1..3),
        Just(vec![PortRange::new(2, u16::MAX).unwrap()]),
    ]
}

fn protocol() -> impl Strategy<Value = Protocol> {
    prop::sample::select(&Protocol::ALL[..])
}

fn product() -> impl Strategy<Value = Product> {
    let protocols = prop::collection::vec(protocol(), 1..4).prop_map(|all| {
        all.into_iter().fold(ProtocolSet::NONE, |set, it| set.union(ProtocolSet::single(it)))
    });
    (addresses(), addresses(), protocols, ports(), ports()).prop_map(
        |(sources, destinations, protocols, source_ports, destination_ports)| Product {
            sources,
            destinations,
            protocols,
            source_ports,
            destination_ports,
        },
    )
}

fn recipe() -> impl Strategy<Value = Recipe> {
    prop::collection::vec((product(), prop::bool::weighted(0.7)), 0..6).prop_map(Recipe)
}

/// A single header, of one family.
fn flow() -> impl Strategy<Value = Flow> {
    (address(), address(), protocol(), 0u16..5, 0u16..5).prop_map(
        |(source, destination, protocol, from, to)| {
            let has_ports = protocol.has_ports();
            let port = |it| if has_ports { PortRange::single(it) } else { PortRange::ANY };
            let is_mixed = source.is_ipv4() != destination.is_ipv4();
            let destination = if is_mixed { source } else { destination };
            let (source_ports, destination_ports) = (port(from), port(to));
            Flow { source, destination, protocol, source_ports, destination_ports }
        },
    )
}

fn flows() -> impl Strategy<Value = Vec<Flow>> {
    prop::collection::vec(flow(), 30)
}

/// A header as people say it, in a few letters.
fn example() -> (Sets, Flow) {
    let (a, b) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
    (Sets::new(), Flow::new(a.into(), b.into(), Protocol::Tcp, 443))
}

#[test]
fn one_flow_with_any_source_port_is_as_many_headers_as_there_are_ports() {
    let (mut sets, flow) = example();
    let set = sets.flow(&flow);
    assert_eq!(sets.count(set), BigUint::from(65_536_u32));
    assert!(sets.contains(set, &flow));
    let ping = Flow::new(flow.source, flow.destination, Protocol::Icmp, 0);
    let set = sets.flow(&ping);
    assert_eq!(sets.count(set), BigUint::from(1_u8));
}

#[test]
fn every_header_is_counted_as_the_product_of_its_fields() {
    let sets = Sets::new();
    // Two protocols with ports, three without.
    let above = (BigUint::from(2_u8) << 32) + 3_u8;
    let addresses = (BigUint::from(1_u8) << 64) + (BigUint::from(1_u8) << 256);
    assert_eq!(sets.count(Set::ALL), above * addresses);
    assert_eq!(sets.count(Set::NONE), BigUint::default());
}

#[test]
fn a_witness_has_ports_that_people_know() {
    let (mut sets, flow) = example();
    let to = AddressSet::range(flow.destination, flow.destination).unwrap();
    let set = sets.destinations(&to);
    let witness = sets.witness(set).unwrap();
    assert_eq!(witness.to_string(), "TCP 203.0.113.7:49152 -> 10.0.0.2:443");
    assert_eq!(sets.witness(Set::NONE), None);
}

#[test]
fn too_many_intervals_are_an_error_and_no_wrong_answer() {
    let address = |it: u32| IpAddr::from(Ipv4Addr::from(it));
    let two = |sets: &mut Sets| {
        let flow = |to| Flow::new(address(1), address(to), Protocol::Tcp, 443);
        let (a, b) = (sets.flow(&flow(2)), sets.flow(&flow(5)));
        sets.union(a, b)
    };
    let free = &mut Sets::new();
    let set = two(free);
    assert_eq!(free.count(set), BigUint::from(2 * 65_536_u32));
    assert_eq!(free.checked(), Ok(()));
    let narrow = &mut Sets::limited(10);
    two(narrow);
    assert_eq!(narrow.checked(), Err(Overflow { intervals: 10 }));
    assert_eq!(
        Overflow { intervals: 10 }.to_string(),
        "sets of headers need more than 10 intervals"
    );
}

#[test]
fn a_rewritten_port_leaves_what_has_none() {
    let (mut sets, flow) = example();
    let ping = Flow::new(flow.source, flow.destination, Protocol::Icmp, 0);
    let (https, ping) = (sets.flow(&flow), sets.flow(&ping));
    let both = sets.union(https, ping);
    let rewritten = sets.with_destination_port(both, &[PortRange::single(8443)]);
    let moved = sets.flow(&Flow::new(flow.source, flow.destination, Protocol::Tcp, 8443));
    assert_eq!(rewritten, sets.union(moved, ping));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn operations_are_those_of_membership(a in recipe(), b in recipe(), flows in flows()) {
        let sets = &mut Sets::new();
        let (x, y) = (a.set(sets), b.set(sets));
        let (union, both) = (sets.union(x, y), sets.intersection(x, y));
        let (less, other) = (sets.difference(x, y), sets.complement(x));
        for flow in &flows {
            let (in_a, in_b) = (a.has(flow), b.has(flow));
            prop_assert_eq!(sets.contains(x, flow), in_a);
            prop_assert_eq!(sets.contains(union, flow), in_a || in_b);
            prop_assert_eq!(sets.contains(both, flow), in_a && in_b);
            prop_assert_eq!(sets.contains(less, flow), in_a && !in_b);
            prop_assert_eq!(sets.contains(other, flow), !in_a);
        }
    }

    #[test]
    fn equal_sets_are_equal_numbers(a in recipe(), b in recipe()) {
        let sets = &mut Sets::new();
        let (x, y) = (a.set(sets), b.set(sets));
        prop_assert_eq!(sets.union(x, y), sets.union(y, x));
        let (less, both) = (sets.difference(x, y), sets.intersection(x, y));
        prop_assert_eq!(sets.union(less, both), x);
        // De Morgan.
        let (not_x, not_y, union) = (sets.complement(x), sets.complement(y), sets.union(x, y));
        let neither = sets.complement(union);
        prop_assert_eq!(sets.intersection(not_x, not_y), neither);
        prop_assert_eq!(sets.complement(not_x), x);
        let (either, two_sided) = (sets.difference(union, both), sets.symmetric_difference(x, y));
        prop_assert_eq!(either, two_sided);
        let wide = sets.forget_source(x);
        prop_assert!(sets.is_subset(x, wide));
        prop_assert_eq!(sets.forget_source(wide), wide);
        prop_assert_eq!(sets.count(union) + sets.count(both), sets.count(x) + sets.count(y));
        let reversed = sets.reversed(x);
        prop_assert_eq!(sets.reversed(reversed), x);
        prop_assert_eq!(sets.count(reversed), sets.count(x));
    }

    #[test]
    fn boxes_are_disjoint_and_make_up_the_set(a in recipe()) {
        let sets = &mut Sets::new();
        let set = a.set(sets);
        let mut all = Set::NONE;
        let mut count = BigUint::default();
        for each in sets.boxes(set) {
            let protocols = each.protocols.iter().fold(ProtocolSet::NONE, |all, &it| {
                all.union(ProtocolSet::single(it))
            });
            let part = sets.headers(&Headers {
                sources: &each.sources,
                destinations: &each.destinations,
                protocols,
                source_ports: &each.source_ports,
                destination_ports: &each.destination_ports,
            });
            count += sets.count(part);
            all = sets.union(all, part);
        }
        prop_assert_eq!(all, set);
        prop_assert_eq!(count, sets.count(set));
    }

    #[test]
    fn a_witness_is_in_its_set(a in recipe()) {
        let sets = &mut Sets::new();
        let set = a.set(sets);
        match sets.witness(set) {
            Some(flow) => prop_assert!(sets.contains(set, &flow) && a.has(&flow)),
            None => prop_assert!(set.is_empty()),
        }
    }

    #[test]
    fn before_a_rewrite_is_in_a_set_what_is_in_it_after(
        a in recipe(), flows in flows(), new in addresses_of_one(), more in addresses_of_one(),
        port in 0u16..5,
    ) {
        let sets = &mut Sets::new();
        let set = a.set(sets);
        let (one, both) = (new.first().unwrap(), new.union(&more));
        let [some, all] = [Which::Some, Which::All].map(|which| sets.before_source(set, &both, which));
        let to = sets.before_destination(set, &new, Which::Some);
        let ports = [PortRange::single(port)];
        let at_port = sets.before_destination_port(set, &ports, Which::All);
        for flow in &flows {
            let like: Vec<IpAddr> = [one, more.first().unwrap()].into_iter()
                .filter(|it| it.is_ipv4() == flow.source.is_ipv4()).collect();
            let is_in = |it: &IpAddr| a.has(&Flow { source: *it, ..*flow });
            prop_assert_eq!(sets.contains(some, flow), like.iter().any(is_in));
            prop_assert_eq!(sets.contains(all, flow), !like.is_empty() && like.iter().all(is_in));
            let is_like = one.is_ipv4() == flow.source.is_ipv4();
            prop_assert_eq!(
                sets.contains(to, flow),
                is_like && a.has(&Flow { destination: one, ..*flow })
            );
            let after = if flow.protocol.has_ports() {
                Flow { destination_ports: ports[0], ..*flow }
            } else {
                *flow
            };
            prop_assert_eq!(sets.contains(at_port, flow), a.has(&after));
        }
    }

    #[test]
    fn after_a_rewrite_and_before_it_belong_together(a in recipe(), b in recipe(), new in address()) {
        // The image of a set lies in another exactly when the set lies in what comes before that one.
        let sets = &mut Sets::new();
        let (x, y) = (a.set(sets), b.set(sets));
        let only = AddressSet::range(new, new).unwrap();
        let like = if new.is_ipv4() { AddressSet::everything_v4() } else {
            AddressSet::everything().difference(&AddressSet::everything_v4())
        };
        let family = sets.sources(&like);
        let x = sets.intersection(x, family);
        let (image, before) = (sets.with_destination(x, new), sets.before_destination(y, &only, Which::All));
        prop_assert_eq!(sets.is_subset(image, y), sets.is_subset(x, before));
        let (image, before) = (sets.with_source(x, &only), sets.before_source(y, &only, Which::All));
        prop_assert_eq!(sets.is_subset(image, y), sets.is_subset(x, before));
    }

    #[test]
    fn where_addresses_count_a_spread_set_is_what_it_was(
        a in recipe(), some in addresses(), flows in flows(),
    ) {
        let sets = &mut Sets::new();
        let x = a.set(sets);
        let from = sets.spread_sources(x, &some);
        let to = sets.spread_destinations(x, &some);
        for flow in &flows {
            if some.contains(flow.source) {
                prop_assert_eq!(sets.contains(from, flow), a.has(flow));
            }
            if some.contains(flow.destination) {
                prop_assert_eq!(sets.contains(to, flow), a.has(flow));
            }
        }
        let (sources, destinations) = (sets.sources(&some), sets.destinations(&some));
        let known = [sets.intersection(x, sources), sets.intersection(x, destinations)];
        let again = [
            sets.spread_sources(known[0], &some),
            sets.spread_destinations(known[1], &some),
        ];
        prop_assert_eq!(again, [from, to], "others do not count");
    }

    #[test]
    fn addresses_of_a_set_are_those_of_its_boxes(a in recipe()) {
        let sets = &mut Sets::new();
        let x = a.set(sets);
        let all = sets.boxes(x);
        let sources = all.iter().fold(AddressSet::EMPTY, |all, it| all.union(&it.sources));
        let destinations =
            all.iter().fold(AddressSet::EMPTY, |all, it| all.union(&it.destinations));
        prop_assert_eq!([sets.sources_of(x), sets.destinations_of(x)], [sources, destinations]);
    }

    #[test]
    fn runs_of_addresses_are_their_addresses(
        a in recipe(), some in prop::collection::vec(address(), 0..9),
    ) {
        let sets = &mut Sets::new();
        let x = a.set(sets);
        let to = sets.forget_source(x);
        for is_v4 in [true, false] {
            let mut some: Vec<_> = some.iter().filter(|it| it.is_ipv4() == is_v4).collect();
            some.sort();
            let some: Vec<(IpAddr, ())> = some.into_iter().map(|&it| (it, ())).collect();
            let runs = [sets.from_sources(x, &some), sets.to_destinations(to, &some)];
            let each = runs.map(|runs| {
                let each = runs.into_iter().flat_map(|(set, run)| run.iter().map(move |it| (it.0, set)));
                each.collect::<Vec<_>>()
            });
            let expected = [
                some.iter().map(|it| (it.0, sets.from_source(x, it.0))).collect::<Vec<_>>(),
                some.iter().map(|it| (it.0, sets.to_destination(to, it.0))).collect(),
            ];
            prop_assert_eq!(each, expected);
        }
    }

    #[test]
    fn replies_are_the_headers_with_both_ends_swapped(a in recipe(), flows in flows()) {
        let sets = &mut Sets::new();
        let set = a.set(sets);
        let reversed = sets.reversed(set);
        for flow in &flows {
            prop_assert_eq!(sets.contains(reversed, &flow.reversed()), a.has(flow));
        }
    }

    #[test]
    fn an_adopted_set_is_the_one_that_is_made_here(a in recipe(), b in recipe()) {
        let (mut other, sets) = (Sets::new(), &mut Sets::new());
        let (x, y) = (a.set(&mut other), b.set(&mut other));
        let adopted = sets.adopt(&other, [x, y]);
        prop_assert_eq!(adopted, [a.set(sets), b.set(sets)]);
    }

    #[test]
    fn the_first_rule_that_matches_decides(
        rules in prop::collection::vec((product(), 0usize..2), 0..12), flows in flows(),
    ) {
        let sets = &mut Sets::new();
        let compiled: Vec<(Set, usize)> =
            rules.iter().map(|(product, outcome)| (product.set(sets), *outcome)).collect();
        let outcomes = sets.first_match(&compiled, 2);
        for flow in &flows {
            let first = rules.iter().find(|(product, _)| product.has(flow)).map(|it| it.1);
            for (number, &set) in outcomes.iter().enumerate() {
                prop_assert_eq!(sets.contains(set, flow), first == Some(number));
            }
        }
    }

    #[test]
    fn changes_of_rules_are_the_differences_of_what_the_first_match_gives(
        rules in prop::collection::vec((product(), 0usize..3), 0..24),
        edits in prop::collection::vec((0usize..24, product(), 0usize..3, 0usize..4), 0..4),
    ) {
        let sets = &mut Sets::new();
        let mut compile = |(product, outcome): &(Product, usize)| (product.set(sets), *outcome);
        let before: Vec<(Set, usize)> = rules.iter().map(&mut compile).collect();
        let mut after = before.clone();
        for (at, product, outcome, edit) in edits {
            let at = at % (after.len() + 1);
            match edit {
                0 => after.insert(at, compile(&(product, outcome))),
                1 if at < after.len() => after[at].1 = outcome,
                2 if at < after.len() => {
                    let moved = after.remove(at);
                    after.push(moved);
                }
                _ => after.truncate(after.len().max(1) - 1),
            }
        }
        let changes = sets.first_match_changes(&before, &after, 3);
        let (old, new) = (sets.first_match(&before, 3), sets.first_match(&after, 3));
        prop_assert_eq!(changes.len(), 3);
        for ((change, old), new) in changes.into_iter().zip(old).zip(new) {
            let (gained, lost) = (sets.difference(new, old), sets.difference(old, new));
            prop_assert_eq!(change, Change { gained, lost });
        }
    }
}
