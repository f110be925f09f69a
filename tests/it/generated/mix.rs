//! How often generated scenarios have what: the mix that comparisons stand on.

use super::{Scenario, asks};
use hopwise::azure::{
    ConnectionState, FrontendAddress, GatewayKind, Link, Network, OthersAre, PeeringState,
    PeeringSyncLevel, PublicNetworkAccess, RouteDestination, RouteNextHop, RuleAddress, Sku,
    VirtualNetwork,
};
use hopwise::net::IpNet;
use hopwise::trace::{self, Fate};
use rayon::prelude::*;

const SEEDS: u64 = 400;

/// What a network may have, and in how many of a hundred it has to be.
pub(crate) type Feature = (&'static str, usize, fn(&Network) -> bool);

pub(crate) const FEATURES: &[Feature] = &[
    ("three networks or more", 40, |n| n.virtual_networks.len() >= 3),
    ("IPv6", 40, |n| n.virtual_networks.values().any(|v| v.address_prefixes.iter().any(is_v6))),
    ("a second range", 30, |n| {
        let v4 = |v: &VirtualNetwork| v.address_prefixes.iter().filter(|p| !is_v6(p)).count();
        n.virtual_networks.values().any(|v| v4(v) > 1)
    }),
    ("a peering", 60, |n| !n.peerings.is_empty()),
    ("a half of a peering only", 15, |n| n.peerings.values().any(|p| p.other_half.is_none())),
    ("a peering that is not connected", 25, |n| {
        n.peerings.values().any(|p| p.state != PeeringState::Connected)
    }),
    ("a peering out of sync", 25, |n| {
        n.peerings.values().any(|p| p.sync_level != PeeringSyncLevel::FullyInSync)
    }),
    ("a peering without access", 15, |n| {
        n.peerings.values().any(|p| !p.allows_virtual_network_access)
    }),
    ("forwarded traffic allowed", 40, |n| n.peerings.values().any(|p| p.allows_forwarded_traffic)),
    ("gateway transit", 30, |n| n.peerings.values().any(|p| p.uses_remote_gateways)),
    ("a peering of subnets", 10, |n| n.peerings.values().any(|p| !p.peers_complete_networks)),
    ("a global peering", 20, |n| n.peerings.values().any(|p| is_global(n, p))),
    ("a connected group", 5, |n| !n.connected_groups.is_empty()),
    ("a route to an appliance", 30, |n| hops(n, |hop| matches!(hop, Hop::VirtualAppliance(_)))),
    ("a route to several appliances", 10, |n| {
        hops(n, |hop| matches!(hop, Hop::VirtualAppliance(all) if all.len() > 1))
    }),
    ("a route to the gateway", 15, |n| hops(n, |hop| *hop == Hop::VirtualNetworkGateway)),
    ("a route to the network", 12, |n| hops(n, |hop| *hop == Hop::VnetLocal)),
    ("a route to the Internet", 12, |n| hops(n, |hop| *hop == Hop::Internet)),
    ("a route to None", 12, |n| hops(n, |hop| *hop == Hop::None)),
    ("a route that cannot be read", 2, |n| hops(n, |hop| matches!(hop, Hop::Unreadable(_)))),
    ("a route for a service tag", 6, |n| {
        let mut routes = n.route_tables.values().flat_map(|table| &table.routes);
        routes.any(|route| matches!(route.destination, RouteDestination::ServiceTag(_)))
    }),
    ("service tags that are not given", 30, |n| n.service_tags.is_empty()),
    ("propagation off", 20, |n| n.route_tables.values().any(|t| t.disables_gateway_routes)),
    ("peering routes off", 8, |n| n.route_tables.values().any(|t| t.disables_peering_routes)),
    ("a service endpoint", 25, |n| n.subnets.values().any(|s| !s.service_endpoints.is_empty())),
    ("a VPN gateway", 30, |n| gateways(n, GatewayKind::Vpn)),
    ("an ExpressRoute gateway", 20, |n| gateways(n, GatewayKind::ExpressRoute)),
    ("a site", 25, |n| !n.sites.is_empty()),
    ("a Route Server", 15, |n| !n.route_servers.is_empty()),
    ("a security group", 50, |n| !n.network_security_groups.is_empty()),
    ("a group at an interface", 20, |n| {
        n.network_interfaces.values().any(|nic| nic.network_security_group.is_some())
    }),
    ("a rule with several prefixes", 15, |n| rules(n, |sources| sources.len() > 1)),
    ("a rule for members of a group", 8, |n| {
        rules(n, |sources| sources.iter().any(|it| matches!(it, RuleAddress::Group(_))))
    }),
    ("admin rules", 15, |n| !n.admin_rule_collections.is_empty()),
    ("a Basic public address", 10, |n| sku(n, Sku::Basic)),
    ("a Standard public address", 30, |n| sku(n, Sku::Standard)),
    ("a NAT gateway", 15, |n| !n.nat_gateways.is_empty()),
    ("an internal balancer", 25, |n| {
        n.frontends.values().any(|front| matches!(front.address, FrontendAddress::Private(..)))
    }),
    ("a public balancer", 15, |n| {
        n.frontends.values().any(|front| matches!(front.address, FrontendAddress::Public(_)))
    }),
    ("HA ports", 12, |n| {
        n.load_balancers.values().any(|lb| lb.rules.iter().any(|rule| rule.is_ha_ports()))
    }),
    ("a private endpoint", 40, |n| !n.private_endpoints.is_empty()),
    ("an endpoint that is not approved", 20, |n| {
        n.private_endpoints.values().any(|pe| pe.state != ConnectionState::Approved)
    }),
    ("network policies for endpoints", 40, |n| {
        n.subnets.values().any(|s| s.private_endpoint_network_policies.routes())
    }),
    ("a service that refuses", 15, |n| {
        n.service_targets.values().any(|it| it.others == OthersAre::Denied)
    }),
    ("a service without public access", 5, |n| {
        n.service_targets.values().any(|it| it.public_access == PublicNetworkAccess::Disabled)
    }),
    ("a virtual network rule", 15, |n| {
        n.service_targets.values().any(|it| !it.allowed_subnets.is_empty())
    }),
    ("a firewall", 15, |n| !n.firewalls.is_empty()),
    ("a machine that forwards", 40, |n| {
        n.network_interfaces.values().any(|nic| nic.forwards_ip.is_on())
    }),
    ("something said of a guest", 30, |n| !n.appliances.is_empty()),
    ("a private zone", 40, |n| !n.private_dns_zones.is_empty()),
    ("custom DNS servers", 20, |n| n.virtual_networks.values().any(|v| !v.dns_servers.is_empty())),
    ("a value that is not known", 10, |n| !n.unknown_values.is_empty()),
    ("such a value with no word in the model", 5, |n| {
        n.unknown_values.iter().any(|value| !value.is_in_model)
    }),
    ("a rule that cannot be read", 2, |n| {
        let mut rules = n.network_security_groups.values().flat_map(|group| &group.rules);
        rules.any(|rule| {
            rule.matches.sources.iter().any(|it| matches!(it, RuleAddress::Unreadable(_)))
        })
    }),
    ("a reference to nothing", 20, |n| !n.missing.is_empty()),
    ("an attached table that is missing", 2, |n| {
        n.subnets.values().any(|s| matches!(s.route_table, Some(Link::Missing(_))))
    }),
];

use RouteNextHop as Hop;

fn is_v6(prefix: &IpNet) -> bool {
    matches!(prefix, IpNet::V6(_))
}

fn is_global(network: &Network, peering: &hopwise::azure::Peering) -> bool {
    let near = &network.virtual_networks[peering.network].meta.location;
    peering.remote.known().is_some_and(|id| network.virtual_networks[id].meta.location != *near)
}

fn hops(network: &Network, is_it: fn(&RouteNextHop) -> bool) -> bool {
    let mut routes = network.route_tables.values().flat_map(|table| &table.routes);
    routes.any(|route| is_it(&route.next_hop))
}

fn gateways(network: &Network, kind: GatewayKind) -> bool {
    network.virtual_network_gateways.values().any(|gateway| gateway.kind == kind)
}

fn rules(network: &Network, is_it: fn(&[RuleAddress]) -> bool) -> bool {
    let mut rules = network.network_security_groups.values().flat_map(|group| &group.rules);
    rules.any(|rule| is_it(&rule.matches.sources))
}

fn sku(network: &Network, sku: Sku) -> bool {
    network.public_ip_addresses.values().any(|address| address.sku == sku)
}

#[test]
fn scenarios_have_a_bit_of_everything() {
    let networks: Vec<Network> =
        (0..SEEDS).into_par_iter().map(|seed| Scenario::doubted(seed).network()).collect();
    let mut rare = Vec::new();
    for (name, expected, has) in FEATURES {
        let share = networks.iter().filter(|network| has(network)).count() * 100 / networks.len();
        println!("{share:>3}% {name}");
        if share < *expected {
            rare.push(format!("{name}: {share}% instead of {expected}%"));
        }
    }
    assert!(rare.is_empty(), "rarer than they should be:\n  {}", rare.join("\n  "));
}

/// Questions about them have every answer often enough to tell something.
#[test]
fn packets_fare_differently() {
    let count = |seed| {
        let plane = Scenario::seeded(seed).plane();
        let fates = asks(&plane).into_iter().map(|ask| trace::verdict(&plane, &ask));
        fates.fold([0, 0, 0], |mut counts, fate| {
            counts[fate as usize] += 1;
            counts
        })
    };
    let add = |a: [usize; 3], b: [usize; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    let counts = (0..100_u64).into_par_iter().map(count).reduce(|| [0; 3], add);
    let all: usize = counts.iter().sum();
    println!("{all} questions: arrives, stops, unsure {counts:?}");
    for fate in [Fate::Arrives, Fate::Stops, Fate::Unsure] {
        assert!(counts[fate as usize] * 100 / all >= 5, "{fate:?} is rare: {counts:?}");
    }
}
