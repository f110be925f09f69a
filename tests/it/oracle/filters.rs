//! Which packets security groups and admin rules let pass (chapter 4).

use super::gateways::learned;
use super::neighbours::{connected, grouped};
use super::routes::{Source, rows};
use super::worlds::{ignores_gateways, may_be_public};
use super::{Place, Said};
use hopwise::answer::NextHopType;
use hopwise::azure::{
    Access, AdminAccess, ApplicationSecurityGroup, Direction, Link, NetworkInterface,
    NetworkSecurityGroup, Route, RouteDestination, RouteNextHop, RuleAddress, RuleMatch,
};
use hopwise::id::Id;
use hopwise::net::{Flow, IpNet, PortRange, Protocol, ProtocolSet};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Does `flow` pass what stands at the interface `nic` of `place`? The platform's exemptions are not
/// looked at, nor are routes (R493).
pub(crate) fn passes(
    place: Place<'_>,
    nic: Id<NetworkInterface>,
    direction: Direction,
    flow: &Flow,
) -> Said<bool> {
    let asked = Asked { place, direction, flow, open: Cell::new(None) };
    let nic = &place.network.network_interfaces[nic];
    let at = [place.subnet().network_security_group, nic.network_security_group];
    // R183, R184: each that is there must allow.
    let mut groups = BTreeSet::from([true]);
    for link in at.into_iter().flatten() {
        let says = match link {
            Link::To(id) => asked.group(&place.network.network_security_groups[id]),
            Link::Missing(_) => BTreeSet::from([true, false]),
        };
        groups = groups.iter().flat_map(|a| says.iter().map(move |b| *a && *b)).collect();
    }
    let outcomes = asked.admin(&groups);
    match (asked.open.get(), outcomes.len()) {
        (Some(why), _) => Said::Open(why),
        (None, 1) => Said::Known(outcomes.contains(&true)),
        (None, _) => Said::Unknown,
    }
}

/// A packet at a place.
struct Asked<'a> {
    place: Place<'a>,
    direction: Direction,
    flow: &'a Flow,
    /// What the rules do not tell and was needed.
    open: Cell<Option<&'static str>>,
}

impl Asked<'_> {
    /// The rules of a group in the order of their priorities, then the default rules (R175, R177).
    fn group(&self, group: &NetworkSecurityGroup) -> BTreeSet<bool> {
        let mut own: Vec<_> =
            group.rules.iter().filter(|it| it.direction == self.direction).collect();
        own.sort_by_key(|rule| rule.priority);
        let mut found = BTreeSet::new();
        for rule in own {
            let fits = self.fits(&rule.matches);
            if fits != Some(false) {
                found.insert(rule.access == Access::Allow);
            }
            if fits == Some(true) {
                return found;
            }
        }
        if ![Protocol::Tcp, Protocol::Udp, Protocol::Icmp].contains(&self.flow.protocol) {
            self.leave_open("what becomes of a protocol that no default rule names (R178)?");
        }
        let tag = |name: &str, address| self.tag(name, address);
        let (from, to) = (self.flow.source, self.flow.destination);
        let allowed = match self.direction {
            Direction::Inbound => tag("AzureLoadBalancer", from),
            Direction::Outbound => tag("Internet", to),
        };
        let within = all([tag("VirtualNetwork", from), tag("VirtualNetwork", to)]);
        match any([within, allowed]) {
            Some(passes) => found.insert(passes),
            None => found.insert(true) | found.insert(false),
        };
        found
    }

    /// Admin rules stand before the groups (R227), whose say is `groups`.
    fn admin(&self, groups: &BTreeSet<bool>) -> BTreeSet<bool> {
        let home = Link::To(self.place.subnet().network);
        let collections = self.place.network.admin_rule_collections.values();
        let mut rules: Vec<_> = collections
            .filter(|it| it.networks.contains(&home))
            .flat_map(|it| &it.rules)
            .filter(|rule| rule.direction == self.direction)
            .collect();
        rules.sort_by_key(|rule| rule.priority);
        if rules.windows(2).any(|pair| pair[0].priority == pair[1].priority) {
            self.leave_open("which of two admin rules of one priority comes first?");
        }
        let mut found = BTreeSet::new();
        for rule in rules {
            let fits = self.fits(&rule.matches);
            if fits == Some(false) {
                continue;
            }
            match rule.access {
                AdminAccess::Allow => found.extend(groups),
                AdminAccess::Deny => found.extend([false]),
                AdminAccess::AlwaysAllow => found.extend([true]),
            }
            if fits == Some(true) {
                return found;
            }
        }
        found.extend(groups);
        found
    }

    /// All five must hold (R176); what has no ports is not asked for them (R179).
    fn fits(&self, rule: &RuleMatch) -> Option<bool> {
        let flow = self.flow;
        let ports = |listed: &[PortRange], asked: PortRange| match listed {
            // R179
            listed if !flow.protocol.has_ports() => {
                let is_any = listed.iter().any(|it| it.is_any());
                let is_its_own = rule.protocols == ProtocolSet::single(flow.protocol);
                if !is_any && !is_its_own {
                    self.leave_open("do rules with ports hold for what has none (R179)?");
                }
                (is_any || is_its_own).then_some(true)
            }
            [] => None,
            listed => Some(listed.iter().any(|it| it.contains(asked))),
        };
        all([
            Some(rule.protocols.contains(flow.protocol)),
            any(rule.sources.iter().map(|it| self.is_in(it, flow.source))),
            ports(&rule.source_ports, flow.source_ports),
            any(rule.destinations.iter().map(|it| self.is_in(it, flow.destination))),
            ports(&rule.destination_ports, flow.destination_ports),
        ])
    }

    fn is_in(&self, entry: &RuleAddress, address: IpAddr) -> Option<bool> {
        match entry {
            RuleAddress::Any => Some(true),
            RuleAddress::Prefix(prefix) => Some(prefix.contains(&address)),
            RuleAddress::Range(first, last) => Some((*first..=*last).contains(&address)),
            RuleAddress::ServiceTag(tag) => self.tag(tag, address),
            RuleAddress::Group(group) => self.is_member(*group, address),
            RuleAddress::Unreadable(_) => None,
        }
    }

    /// The addresses of the members in this network (R208, R210).
    fn is_member(&self, group: Link<ApplicationSecurityGroup>, address: IpAddr) -> Option<bool> {
        let network = self.place.network;
        if group.known().is_none() {
            self.leave_open("who belongs to a group that is not in the input?");
        }
        let is_here = |subnet: Option<Link<_>>| {
            let subnet = subnet.and_then(Link::known).map(|id| &network.subnets[id]);
            subnet.is_some_and(|it| it.network == self.place.subnet().network)
        };
        let configurations = network.ip_configurations.values();
        let own = configurations.filter(|it| it.application_security_groups.contains(&group));
        let own = own.filter(|it| is_here(it.subnet)).map(|it| {
            if it.private_ip_address.is_none() {
                self.leave_open("an address that is still to be assigned");
            }
            it.private_ip_address == Some(address)
        });
        let endpoints = network.private_endpoints.values();
        let endpoints = endpoints
            .filter(|it| it.application_security_groups.contains(&group) && is_here(it.subnet))
            .map(|it| it.addresses.contains(&address));
        Some(own.chain(endpoints).fold(false, |found, it| found | it))
    }

    fn tag(&self, name: &str, address: IpAddr) -> Option<bool> {
        let Place { network, profile, .. } = self.place;
        match name {
            "VirtualNetwork" => self.is_virtual_network(address),
            "AzureLoadBalancer" => {
                let probes = profile.azure_load_balancer_prefixes().iter();
                Some(probes.fold(false, |found, it| found | it.contains(&address)))
            }
            "Internet" => {
                let is_public = profile.internet().contains(address);
                if address.is_ipv6() || is_public && self.is_virtual_network(address) != Some(false)
                {
                    self.leave_open("what of the Internet is within the network (R201)?");
                }
                Some(is_public)
            }
            other => match network.service_tags.get(other) {
                Some(known) => Some(known.contains(address)),
                None if may_be_public(self.place, address) => None,
                None => {
                    self.leave_open("may a tag hold what is not public (R207)?");
                    None
                }
            },
        }
    }

    /// R195-R198, R519: the network, its peers while access is allowed, the host, what gateways know and
    /// user routes to appliances and gateways.
    fn is_virtual_network(&self, address: IpAddr) -> Option<bool> {
        let place = self.place;
        let home = place.subnet().network;
        let mut ranges: Vec<IpNet> = place.home().address_prefixes.clone();
        ranges.push("168.63.129.16/32".parse().unwrap());
        for half in connected(place.network, home).filter(|it| it.allows_virtual_network_access) {
            let prefixes = half.remote_address_prefixes.iter().copied();
            ranges.extend(prefixes.filter(|it| !half.is_only_ipv6 || matches!(it, IpNet::V6(_))));
        }
        let learned = learned(place.network, home);
        let prefixes: Vec<IpNet> = learned.prefixes.iter().copied().collect();
        let mut may_be = learned.may_be_more && !ignores_gateways(place);
        for row in rows(place, &prefixes, &[]) {
            match (row.source, row.hop) {
                (Source::Gateway, _)
                | (
                    Source::User(_),
                    NextHopType::VirtualAppliance | NextHopType::VirtualNetworkGateway,
                ) => ranges.push(row.prefix),
                (Source::User(_), NextHopType::Unknown) => {
                    may_be |= row.prefix.contains(&address);
                }
                (Source::User(_) | Source::Default, _) => {}
            }
        }
        if ranges.iter().any(|range| range.contains(&address)) {
            return Some(true);
        }
        if self.is_grouped(address) {
            self.leave_open("are members of a connected group in VirtualNetwork (R170, R195)?");
        }
        if let Some(why) = learned.open.filter(|_| !ignores_gateways(place)) {
            self.leave_open(why);
        }
        may_be |= self.may_be_routed(address);
        (!may_be).then_some(false)
    }

    /// May a network of the same connected group have the address?
    fn is_grouped(&self, address: IpAddr) -> bool {
        let network = self.place.network;
        grouped(network, self.place.subnet().network).any(|member| match member {
            Link::To(id) => {
                let ranges = &network.virtual_networks[id].address_prefixes;
                ranges.iter().any(|range| range.contains(&address))
            }
            Link::Missing(_) => true,
        })
    }

    /// May the address be one of a user route that counts, and of which is not known what it is for?
    fn may_be_routed(&self, address: IpAddr) -> bool {
        let network = self.place.network;
        let table = match self.place.subnet().route_table {
            None => return false,
            Some(Link::Missing(_)) => return true,
            Some(Link::To(table)) => &network.route_tables[table],
        };
        let counts = |route: &Route| match route.next_hop {
            RouteNextHop::VirtualAppliance(_)
            | RouteNextHop::VirtualNetworkGateway
            | RouteNextHop::Unreadable(_) => true,
            RouteNextHop::VnetLocal | RouteNextHop::Internet | RouteNextHop::None => false,
        };
        table.routes.iter().filter(|route| counts(route)).any(|route| match &route.destination {
            RouteDestination::Prefix(_) => false,
            RouteDestination::Unreadable(_) => true,
            RouteDestination::ServiceTag(tag) => {
                network.service_tags.get(tag).is_none() && may_be_public(self.place, address)
            }
        })
    }

    fn leave_open(&self, why: &'static str) {
        self.open.set(Some(why));
    }
}

/// The rule with three values: no beats maybe beats yes.
fn all(each: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let each: BTreeSet<Option<bool>> = each.into_iter().collect();
    match (each.contains(&Some(false)), each.contains(&None)) {
        (true, _) => Some(false),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

/// Yes beats maybe beats no.
fn any(each: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(each.into_iter().map(|it| it.map(|it| !it))).map(|it| !it)
}
