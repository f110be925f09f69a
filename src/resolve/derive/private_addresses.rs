//! Private addresses that are still to be assigned.

use super::addresses::{Family, lowest_free};
use crate::azure::{
    FirewallAddress, FirewallRuleKind, Link, Network, RouteDestination, RouteNextHop, RuleAddress,
    RuleMatch, StandIn, Subnet, Taken, UnknownValue,
};
use crate::id::ResourceId;
use crate::net::AddressSet;
use crate::resolve::draft::Draft;
use ipnet::IpNet;
use std::net::IpAddr;

/// Shows the lowest free address of the subnet (R7) in place of each that is still to be assigned, where it does not
/// matter which it will be: where no rule and no route tells the addresses of the subnet apart.
pub(super) fn stand_in(draft: &mut Draft) {
    let Draft { network, of_version_6, .. } = draft;
    // What appliances make of single addresses is not looked at.
    if network.unknown_values.is_empty() || !network.appliances.is_empty() {
        return;
    }
    let named = named(network);
    let mut taken = network.given_addresses();
    for id in network.ip_configurations.ids().collect::<Vec<_>>() {
        let family = Family::of(of_version_6.contains(&network.ip_configurations[id].id));
        let own = &network.ip_configurations[id];
        let own = (&own.id, own.subnet, family);
        if let Some(found) = chosen(network, own, &named, &mut taken) {
            network.ip_configurations[id].stand_in = Some(found.address);
            network.stand_ins.push(found);
        }
    }
    // The same of groups of containers, which have no word for it.
    for id in network.container_groups.ids().collect::<Vec<_>>() {
        let group = &network.container_groups[id];
        let own = (&group.meta.id, group.subnet, Family::V4);
        let is_it = group.is_address_unknown && !group.is_public;
        let found = is_it.then(|| chosen(network, own, &named, &mut taken)).flatten();
        if let Some(found) = found {
            network.container_groups[id].private_ip_address = Some(found.address);
            network.stand_ins.push(found);
        }
    }
}

fn chosen(
    network: &Network,
    (id, subnet, family): (&ResourceId, Option<Link<Subnet>>, Family),
    named: &[AddressSet],
    taken: &mut Taken,
) -> Option<StandIn> {
    let ends = ["privateIPAddress", "ipAddress/ip"];
    let is_it = |value: &&UnknownValue| {
        value.of == *id && ends.iter().any(|end| value.property.ends_with(end))
    };
    let value = network.unknown_values.iter().find(is_it)?;
    let home = subnet.and_then(Link::known)?;
    let subnet = &network.subnets[home];
    let space: AddressSet = subnet.address_prefixes.iter().copied().collect();
    if named.iter().any(|set| set.overlaps(&space) && !set.covers(&space)) {
        return None;
    }
    let address = lowest_free(network, home, family, taken)?;
    taken.insert((subnet.network, address));
    Some(StandIn { of: value.of.clone(), address, why: Some(value.why.clone()) })
}

/// Everything that rules and routes name by addresses.
fn named(network: &Network) -> Vec<AddressSet> {
    let groups = network.network_security_groups.values().flat_map(|group| &group.rules);
    let admin = network.admin_rule_collections.values().flat_map(|collection| &collection.rules);
    let matches = groups.map(|rule| &rule.matches).chain(admin.map(|rule| &rule.matches));
    let of_rules = matches.flat_map(|matches| of_rule(matches));
    let routes = network.route_tables.values().flat_map(|table| &table.routes);
    let of_routes = routes.flat_map(|route| {
        let prefix = match route.destination {
            RouteDestination::Prefix(prefix) => Some(prefix),
            RouteDestination::ServiceTag(_) | RouteDestination::Unreadable(_) => None,
        };
        let hops = match &route.next_hop {
            RouteNextHop::VirtualAppliance(hops) => hops.as_slice(),
            RouteNextHop::VirtualNetworkGateway
            | RouteNextHop::VnetLocal
            | RouteNextHop::Internet
            | RouteNextHop::None
            | RouteNextHop::Unreadable(_) => &[],
        };
        prefix.into_iter().chain(hops.iter().copied().map(IpNet::from)).map(only)
    });
    of_rules.chain(of_routes).chain(of_firewalls(network)).collect()
}

/// What firewalls name by addresses, and which they leave as they are (R396, R399, R402).
fn of_firewalls(network: &Network) -> Vec<AddressSet> {
    let own = network.firewalls.values().flat_map(|firewall| &firewall.collections);
    let groups = network.firewall_policies.values().flat_map(|policy| &policy.groups);
    let collections = own.chain(groups.flat_map(|group| &group.collections));
    let rules = collections.flat_map(|collection| &collection.rules);
    let of_rules = rules.flat_map(|rule| {
        let (destinations, translated): (&[FirewallAddress], Option<IpAddr>) = match &rule.kind {
            FirewallRuleKind::Dnat { destinations, translated_address, .. } => {
                (destinations, *translated_address)
            }
            FirewallRuleKind::Network { destinations, .. } => (destinations, None),
            FirewallRuleKind::Application { .. } => (&[], None),
        };
        let named =
            rule.sources.iter().chain(destinations).filter_map(|it| of_firewall(network, it));
        named.chain(translated.map(|it| only(it.into()))).collect::<Vec<_>>()
    });
    let snat = network.firewalls.values().map(|it| &it.snat_private_ranges);
    let snat = snat.chain(network.firewall_policies.values().map(|it| &it.snat_private_ranges));
    of_rules.chain(snat.flatten().cloned()).collect()
}

fn of_firewall(network: &Network, address: &FirewallAddress) -> Option<AddressSet> {
    match address {
        FirewallAddress::Addresses(addresses) => Some(addresses.clone()),
        FirewallAddress::IpGroup(Link::To(group)) => {
            Some(network.ip_groups[*group].addresses.clone())
        }
        FirewallAddress::IpGroup(Link::Missing(_))
        | FirewallAddress::Any
        | FirewallAddress::ServiceTag(_)
        | FirewallAddress::Fqdn(_)
        | FirewallAddress::Unreadable(_) => None,
    }
}

fn only(prefix: IpNet) -> AddressSet {
    std::iter::once(prefix).collect()
}

fn of_rule(matches: &RuleMatch) -> impl Iterator<Item = AddressSet> {
    matches.sources.iter().chain(&matches.destinations).filter_map(|address| match address {
        RuleAddress::Prefix(prefix) => Some(only(*prefix)),
        RuleAddress::Range(first, last) => AddressSet::range(*first, *last),
        RuleAddress::Any
        | RuleAddress::ServiceTag(_)
        | RuleAddress::Group(_)
        | RuleAddress::Unreadable(_) => None,
    })
}
