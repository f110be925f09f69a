//! `service-subnet-refused`: a subnet that Azure does not take for the service in it.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network, Subnet};
use crate::diag::Severity;
use crate::id::Id;

pub(super) const KIND: Kind<Network> = Kind {
    code: "service-subnet-refused",
    severity: Severity::Error,
    rules: &[Rule(28), Rule(29), Rule(31), Rule(32), Rule(276)],
    find,
};

/// What a service wants of its subnet.
struct Wanted {
    service: &'static str,
    /// The longest prefix of IPv4 that is large enough, and the shortest that it takes.
    lengths: (u8, u8),
    delegation: Option<&'static str>,
    /// Has it the subnet to itself, without a security group and a route table?
    is_bare: bool,
    /// Does it work without IPv6 only?
    is_v4: bool,
}

const FIREWALL: Wanted = Wanted {
    service: "Azure Firewall",
    lengths: (26, 0),
    delegation: None,
    is_bare: false,
    is_v4: false,
};
const ROUTE_SERVER: Wanted = Wanted {
    service: "Route Server",
    lengths: (27, 0),
    delegation: None,
    is_bare: true,
    is_v4: false,
};
const RESOLVER: Wanted = Wanted {
    service: "DNS Private Resolver",
    lengths: (28, 24),
    delegation: Some("Microsoft.Network/dnsResolvers"),
    is_bare: false,
    is_v4: true,
};
const API_SERVER: Wanted = Wanted {
    service: "API Server VNet Integration",
    lengths: (28, 0),
    delegation: Some("Microsoft.ContainerService/managedClusters"),
    is_bare: false,
    is_v4: false,
};

fn find(network: &Network) -> Vec<Found> {
    let named = |name: &'static str, wanted: &'static Wanted| {
        let subnets = network.subnets.iter().filter(move |(_, subnet)| subnet.is_named(name));
        subnets.map(move |(id, _)| (id, wanted))
    };
    let inbound = network.inbound_endpoints.values().flat_map(|it| &it.addresses);
    let inbound = inbound.filter_map(|&(subnet, _)| subnet);
    let outbound = network.outbound_endpoints.values().filter_map(|it| it.subnet);
    let resolvers = inbound.chain(outbound).filter_map(Link::known).map(|id| (id, &RESOLVER));
    let clusters = network.managed_clusters.values().filter_map(|it| it.api_server_subnet);
    let clusters = clusters.filter_map(Link::known).map(|id| (id, &API_SERVER));
    let mut all: Vec<(Id<Subnet>, &Wanted)> = named("AzureFirewallSubnet", &FIREWALL)
        .chain(named("RouteServerSubnet", &ROUTE_SERVER))
        .chain(resolvers)
        .chain(clusters)
        .collect();
    all.sort_by_key(|(id, wanted)| (*id, wanted.service));
    all.dedup_by_key(|(id, wanted)| (*id, wanted.service));
    all.into_iter().flat_map(|(id, wanted)| wanted.of(&network.subnets[id])).collect()
}

impl Wanted {
    fn of(&self, subnet: &Subnet) -> Vec<Found> {
        let found = [
            self.size(subnet),
            self.delegated(subnet),
            self.attached(subnet),
            self.families(subnet),
        ];
        let found = found.into_iter().flatten().map(|(text, hint)| Found {
            resource: subnet.meta.id.clone(),
            text: format!("{} in {}: {text}", self.service, subnet.meta.name()),
            hint,
            origin: Some(subnet.meta.origin.clone()),
        });
        found.collect()
    }

    fn size(&self, subnet: &Subnet) -> Option<(String, String)> {
        let (longest, shortest) = self.lengths;
        let mut v4 = subnet.address_prefixes.iter().filter(|prefix| prefix.addr().is_ipv4());
        let wrong = v4.find(|it| !(shortest..=longest).contains(&it.prefix_len()))?;
        let wanted = match shortest {
            0 => format!("/{longest} or larger"),
            _ => format!("/{longest} to /{shortest}"),
        };
        Some((format!("the range {wrong} is not {wanted}"), format!("give the subnet a {wanted}")))
    }

    fn delegated(&self, subnet: &Subnet) -> Option<(String, String)> {
        let wanted = self.delegation?;
        let is_delegated = subnet.delegations.iter().any(|it| it.eq_ignore_ascii_case(wanted));
        let text = format!("the subnet is not delegated to {wanted}");
        (!is_delegated).then(|| (text, format!("delegate the subnet to {wanted}")))
    }

    fn attached(&self, subnet: &Subnet) -> Option<(String, String)> {
        let group = subnet.network_security_group.map(|_| "security group");
        let what = group.or(subnet.route_table.map(|_| "route table")).filter(|_| self.is_bare)?;
        Some((format!("the subnet has a {what}"), format!("detach the {what}")))
    }

    fn families(&self, subnet: &Subnet) -> Option<(String, String)> {
        let v6 = subnet.address_prefixes.iter().find(|prefix| prefix.addr().is_ipv6());
        let v6 = v6.filter(|_| self.is_v4)?;
        Some((format!("the subnet has IPv6 ({v6})"), "make a subnet without IPv6".to_owned()))
    }
}
