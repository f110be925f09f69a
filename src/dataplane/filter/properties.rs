//! Laws that hold for every filter, packet and place.

use super::*;
use crate::net::{AddressSet, Flow, PortRange, Protocol, ProtocolSet};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// Small address spaces, so that rules and packets meet: 12 addresses, a third of them IPv6.
const ADDRESSES: u8 = 12;

fn address(number: u8) -> IpAddr {
    let low = u32::from(number);
    if number.is_multiple_of(3) {
        Ipv6Addr::from(u128::from(low)).into()
    } else {
        Ipv4Addr::from(low).into()
    }
}

fn set_of(members: u16) -> AddressSet {
    let members = (0..ADDRESSES).filter(|number| members >> number & 1 == 1).map(address);
    members.map(ipnet::IpNet::from).collect()
}

fn set() -> impl Strategy<Value = AddressSet> {
    prop_oneof![
        Just(AddressSet::everything()),
        Just(AddressSet::EMPTY),
        any::<u16>().prop_map(set_of),
    ]
}

fn maybe_set() -> impl Strategy<Value = MaybeSet> {
    let both = (set(), set());
    let mixed = both.prop_map(|(a, b)| MaybeSet::exactly(a).union(&MaybeSet::within(b)));
    prop_oneof![3 => set().prop_map(MaybeSet::exactly), 1 => mixed]
}

fn address_match() -> impl Strategy<Value = AddressMatch> {
    (maybe_set(), prop::collection::vec((0u16..4).prop_map(Parameter), 0..3)).prop_map(
        |(fixed, parameters)| {
            let bound = parameters.into_iter().map(AddressMatch::from);
            bound.fold(AddressMatch::from(fixed), AddressMatch::union)
        },
    )
}

fn ports() -> impl Strategy<Value = PortRange> {
    let some = (0u16..6, 0u16..6).prop_map(|(a, b)| PortRange::new(a.min(b), a.max(b)).unwrap());
    prop_oneof![some, Just(PortRange::ANY), (0u16..6).prop_map(PortRange::single)]
}

fn port_set() -> impl Strategy<Value = PortSet> {
    prop_oneof![
        Just(PortSet::any()),
        prop::collection::vec(ports(), 1..3).prop_map(PortSet::from_iter)
    ]
}

fn protocol() -> impl Strategy<Value = Protocol> {
    prop::sample::select(&Protocol::ALL[..])
}

fn protocols() -> impl Strategy<Value = ProtocolSet> {
    prop_oneof![Just(ProtocolSet::ALL), protocol().prop_map(ProtocolSet::single)]
}

fn action() -> impl Strategy<Value = Action> {
    prop::sample::select(&[Action::Allow, Action::Deny, Action::AlwaysAllow][..])
}

fn rule() -> impl Strategy<Value = FilterRule> {
    (action(), address_match(), address_match(), protocols(), port_set(), port_set()).prop_map(
        |(action, source, destination, protocols, source_ports, destination_ports)| FilterRule {
            action,
            source,
            destination,
            protocols,
            source_ports,
            destination_ports,
        },
    )
}

/// Up to 150 rules: three words.
fn rules() -> impl Strategy<Value = Vec<FilterRule>> {
    prop_oneof![prop::collection::vec(rule(), 0..6), prop::collection::vec(rule(), 60..150)]
}

fn bindings() -> impl Strategy<Value = Bindings> {
    prop::collection::vec(maybe_set().prop_map(Arc::new), 0..5).prop_map(Bindings::from_iter)
}

fn flow() -> impl Strategy<Value = Flow> {
    (0..ADDRESSES, 0..ADDRESSES, protocol(), ports(), ports()).prop_map(|(a, b, protocol, s, d)| {
        Flow {
            source: address(a),
            destination: address(b),
            protocol,
            source_ports: s,
            destination_ports: d,
        }
    })
}

/// One way in which everything that is not known may turn out.
#[derive(Clone, Copy, Debug)]
struct World {
    members: u16,
    pick: u16,
}

impl World {
    /// Members of a set that is known in part.
    fn holds(self, set: &MaybeSet, address: IpAddr, salt: usize) -> bool {
        let chosen = (0..ADDRESSES).position(|number| self::address(number) == address).unwrap();
        let bit = (chosen + salt * 5) % 16;
        set.surely().contains(address)
            || set.perhaps().contains(address) && self.members >> bit & 1 == 1
    }

    fn matches(
        self,
        side: &AddressMatch,
        address: IpAddr,
        bindings: &Bindings,
        salt: usize,
    ) -> bool {
        let unknown = MaybeSet::unknown();
        let bound = side.parameters.iter().any(|&parameter| {
            let set = bindings.get(parameter).unwrap_or(&unknown);
            self.holds(set, address, 100 + usize::from(parameter.0))
        });
        bound || self.holds(&side.fixed, address, salt)
    }

    fn port(self, ports: PortRange) -> u16 {
        let width = u32::from(ports.last() - ports.first()) + 1;
        // Low ports matter most: rules mention 0 to 5.
        let offset = if self.pick.is_multiple_of(4) {
            u32::from(self.pick)
        } else {
            u32::from(self.pick % 8)
        };
        ports.first() + u16::try_from(offset % width).unwrap()
    }

    fn source(self, flow: &Flow, sources: &AddressSet) -> IpAddr {
        let members: Vec<u8> = (0..ADDRESSES).filter(|&n| sources.contains(address(n))).collect();
        let at = usize::from(self.pick) % members.len().max(1);
        members.get(at).map_or(flow.source, |&number| address(number))
    }
}

/// The first match in one world, found the slow way: R175, R176.
fn naive(
    rules: &[FilterRule],
    flow: &Flow,
    sources: &AddressSet,
    bindings: &Bindings,
    world: World,
) -> Option<(Action, usize)> {
    let source = world.source(flow, sources);
    let source_port = world.port(flow.source_ports);
    let destination_port = world.port(flow.destination_ports);
    let has = |ports: &PortSet, port: u16| {
        ports.ranges().iter().any(|range| (range.first()..=range.last()).contains(&port))
    };
    let position = rules.iter().enumerate().position(|(at, rule)| {
        rule.protocols.contains(flow.protocol)
            && world.matches(&rule.source, source, bindings, at * 2)
            && world.matches(&rule.destination, flow.destination, bindings, at * 2 + 1)
            && has(&rule.source_ports, source_port)
            && has(&rule.destination_ports, destination_port)
    });
    position.map(|at| (rules[at].action, at))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_definite_decision_holds_in_every_world(
        rules in rules(), flow in flow(), sources in set(), bindings in bindings(),
        worlds in prop::collection::vec((any::<u16>(), any::<u16>()), 8),
    ) {
        let filter = Filter::new(rules.clone().into());
        let packet = Packet::from_one_of(&flow, &sources);
        let decision = filter.decide(&packet, &bindings);
        for (members, pick) in worlds {
            let found = naive(&rules, &flow, &sources, &bindings, World { members, pick });
            prop_assert!(decision.possible().has(found.map(|o| o.0)));
            match decision {
                Decision::Definite { action, rule } => {
                    let (real, at) = found.unwrap();
                    prop_assert_eq!(real, action);
                    prop_assert!(at <= rule.index());
                }
                Decision::NoMatch => prop_assert_eq!(found, None),
                Decision::Unsure { if_matched, otherwise, .. } => {
                    prop_assert_ne!(Some(if_matched.0), otherwise.map(|o| o.0));
                }
            }
        }
    }

    #[test]
    fn where_everything_is_known_the_decision_is_that_of_the_first_match(
        rules in rules(), flow in flow(), bindings in bindings(), pick in any::<u16>(),
    ) {
        let known: Vec<FilterRule> = rules.into_iter().map(|rule| FilterRule {
            source: AddressMatch::from(rule.source.fixed.surely().clone()),
            destination: AddressMatch::from(rule.destination.fixed.surely().clone()),
            ..rule
        }).collect();
        let world = World { members: 0, pick };
        let flow = Flow {
            source_ports: PortRange::single(world.port(flow.source_ports)),
            destination_ports: PortRange::single(world.port(flow.destination_ports)),
            ..flow
        };
        let expected = match naive(&known, &flow, &AddressSet::EMPTY, &bindings, world) {
            Some((action, at)) => Decision::Definite { action, rule: RuleIndex(u32::try_from(at).unwrap()) },
            None => Decision::NoMatch,
        };
        let filter = Filter::new(known.into());
        prop_assert_eq!(filter.decide(&Packet::from(&flow), &bindings), expected);
    }

    #[test]
    fn the_rules_that_match_are_those_of_which_every_condition_does(
        rules in rules(), flow in flow(), (sources, destinations) in (set(), set()),
        bindings in bindings(),
    ) {
        let filter = Filter::new(rules.clone().into());
        let packet = Packet::from_one_of(&flow, &sources).to_one_of(&destinations);
        let each = rules.iter().enumerate().map(|(at, rule)| {
            (RuleIndex(u32::try_from(at).unwrap()), rule.evaluate(&packet, &bindings).all())
        });
        let expected: Vec<_> = each.filter(|&(_, found)| found != Match::No).collect();
        let found: Vec<_> = filter.matching(&packet, &bindings).collect();
        prop_assert_eq!(found, expected);
    }
}
