//! What holds for every network.

use super::support::{line, network, profile, table};
use hopwise::azure::{Network, Route, RouteDestination, RouteNextHop};
use hopwise::dataplane::routes::{effective_table, effective_tables};
use hopwise::dataplane::{EffectiveTable, Gateways, RouteState};
use hopwise::net::IpNet;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Prefixes that meet in every way: nested, equal to ranges, to reserved prefixes, to an endpoint.
const PREFIXES: [&str; 14] = [
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.0.0.0/24",
    "10.1.0.0/16",
    "10.1.5.0/24",
    "10.1.5.4/32",
    "10.2.0.0/16",
    "172.16.0.0/12",
    "172.20.0.0/16",
    "192.168.0.0/16",
    "192.168.10.0/24",
    "20.1.0.0/24",
    "20.1.0.7/32",
];

const DESTINATIONS: [&str; 14] = [
    "8.8.8.8",
    "10.0.0.5",
    "10.0.7.7",
    "10.1.0.4",
    "10.1.5.4",
    "10.1.5.5",
    "10.2.0.4",
    "10.9.9.9",
    "172.16.0.1",
    "172.20.0.1",
    "192.168.10.5",
    "192.168.77.1",
    "20.1.0.7",
    "20.1.0.9",
];

const HOPS: [&str; 4] = [
    "nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.100.4",
    "nextHopType: Internet",
    "nextHopType: None",
    "nextHopType: VnetLocal",
];

/// A network with a peer that has an endpoint, a gateway with a site, and user routes.
#[derive(Clone, Debug)]
struct Case {
    routes: Vec<(usize, usize)>,
    announced: BTreeSet<usize>,
    policies: bool,
    service: bool,
    propagation_off: bool,
    peering_off: bool,
}

fn any_case() -> impl Strategy<Value = Case> {
    let routes = prop::collection::btree_map(0..PREFIXES.len(), 0..HOPS.len(), 0..6);
    let announced = prop::collection::btree_set(0..PREFIXES.len(), 0..6);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (routes, announced, flags).prop_map(|(routes, announced, flags)| Case {
        routes: routes.into_iter().collect(),
        announced,
        policies: flags.0,
        service: flags.1,
        propagation_off: flags.2,
        peering_off: flags.3,
    })
}

impl Case {
    /// The network, its lists in their order or the other way round.
    fn network(&self, reversed: bool) -> Network {
        let order = |mut items: Vec<String>, separator: &str| {
            if reversed {
                items.reverse();
            }
            items.join(separator)
        };
        let route = |&(prefix, hop): &(usize, usize)| {
            let (prefix, hop) = (PREFIXES[prefix], HOPS[hop]);
            format!(
                "{{name: r{}, addressPrefix: {prefix}, {hop}}}",
                prefix.replace(['/', '.'], "-")
            )
        };
        let routes = order(self.routes.iter().map(route).collect(), ", ");
        let announced = self.announced.iter().map(|&at| PREFIXES[at].to_string()).collect();
        let announced = order(announced, ", ");
        let a = format!("
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, routeTable: rt, serviceEndpoints: [{}]}}, {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]",
            if self.service { "{service: Microsoft.Storage, locations: ['*']}" } else { "" });
        let b = format!(
            "
    - name: b
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: pe, addressPrefix: 10.1.5.0/24, privateEndpointNetworkPolicies: {}}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}]",
            if self.policies { "Enabled" } else { "Disabled" }
        );
        let parts = order(vec![
            format!("  routeTables: [{{name: rt, disableBgpRoutePropagation: {}, disablePeeringRoute: {}, routes: [{routes}]}}]", self.propagation_off, if self.peering_off { "All" } else { "None" }),
            format!("  virtualNetworks: {}", order(vec![a, b], "")),
            "  privateEndpoints: [{name: pe, subnet: b/pe, privateIPAddress: 10.1.5.4}]".into(),
            "  virtualNetworkGateways: [{name: gw, virtualNetwork: a, gatewayType: Vpn, enableBgp: true}]".into(),
            "  localNetworkGateways: [{name: office}]".into(),
            "  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, enableBgp: true}]".into(),
        ], "\n");
        let site = format!(
            "onPremises:\n  - {{name: hq, connections: [{{localNetworkGateway: office, advertisedPrefixes: [{announced}]}}]}}\n"
        );
        let mut network = network(&format!("network:\n{parts}\n{site}"));
        network.service_tags.insert("Storage", ["20.1.0.0/24".parse().unwrap()]);
        network
    }
}

fn shown(network: &Network, table: &EffectiveTable) -> Vec<String> {
    table.routes.iter().map(|route| line(network, route)).collect()
}

/// The next hops of all destinations, as text.
fn hops(network: &Network, table: &EffectiveTable) -> Vec<(&'static str, String)> {
    let hop = |destination: &'static str| {
        let address: IpAddr = destination.parse().unwrap();
        (
            destination,
            table.next_hop(address).map_or("nothing".into(), |route| line(network, route)),
        )
    };
    DESTINATIONS.into_iter().map(hop).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_order_of_the_input_never_shows(case in any_case()) {
        let (one, other) = (case.network(false), case.network(true));
        prop_assert_eq!(shown(&one, &table(&one, "a/s")), shown(&other, &table(&other, "a/s")));
    }

    #[test]
    fn active_prefixes_are_different(case in any_case()) {
        let network = case.network(false);
        let table = table(&network, "a/s");
        let active = table.routes.iter().filter(|route| route.state == RouteState::Active);
        let mut all: Vec<IpNet> = active.flat_map(|route| route.prefixes.as_slice().to_vec()).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        prop_assert_eq!(all.len(), count, "{:?}", shown(&network, &table));
    }

    #[test]
    fn every_destination_has_a_route_with_reasons(case in any_case()) {
        let network = case.network(false);
        let table = table(&network, "a/s");
        for destination in DESTINATIONS {
            prop_assert!(table.next_hop(destination.parse().unwrap()).is_some(), "{}", destination);
        }
        for route in &table.routes {
            prop_assert!(!route.cites.is_empty());
            prop_assert_eq!(route.state == RouteState::Invalid, route.why_invalid.is_some());
        }
    }

    /// A user route changes nothing outside its prefix, except that a default route takes what was
    /// dropped; taken away again, it leaves no trace.
    #[test]
    fn a_user_route_concerns_its_prefix_only(case in any_case(), at in 1..PREFIXES.len()) {
        let mut network = case.network(false);
        let before = table(&network, "a/s");
        let prefix: IpNet = PREFIXES[at].parse().unwrap();
        let id = network.route_tables.ids().next().unwrap();
        let origin = network.route_tables[id].meta.origin.clone();
        let saved = network.route_tables[id].routes.clone();
        network.route_tables[id].routes.push(Route {
            name: "zz".into(),
            destination: RouteDestination::Prefix(prefix),
            next_hop: RouteNextHop::VirtualAppliance(vec!["10.0.100.99".parse().unwrap()]),
            origin,
        });
        let with = table(&network, "a/s");
        let hops_with = hops(&network, &with);
        for ((destination, before), (_, after)) in hops(&network, &before).into_iter().zip(hops_with) {
            if !prefix.contains(&destination.parse::<IpAddr>().unwrap()) {
                prop_assert_eq!(before, after, "{}", destination);
            }
        }
        network.route_tables[id].routes = saved;
        prop_assert_eq!(before, table(&network, "a/s"));
    }

    #[test]
    fn all_tables_at_once_are_those_made_one_by_one(case in any_case()) {
        let network = case.network(false);
        let gateways = Gateways::new(&network);
        let all = effective_tables(&network, profile(), &gateways);
        for (subnet, together) in network.subnets.ids().zip(&all) {
            prop_assert_eq!(&effective_table(&network, profile(), &gateways, subnet), &**together);
        }
    }
}
