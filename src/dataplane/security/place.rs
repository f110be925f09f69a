//! Where packets meet security rules, and which of them hold there.

use super::rule_set::RuleOwner;
use crate::azure::{
    Link, Network, NetworkInterface, NetworkSecurityGroup, NicOwner, PrivateEndpoint, Subnet,
    VirtualNetwork,
};
use crate::id::Id;

/// A place where packets enter or leave a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The subnet; `None` for an interface without one, which meets no rules of a subnet.
    pub subnet: Option<Link<Subnet>>,
    /// What stands there.
    pub holder: Holder,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A network interface.
    Interface(Id<NetworkInterface>),
    /// A private endpoint.
    PrivateEndpoint(Id<PrivateEndpoint>),
    /// An instance of a service that Azure runs in the subnet: a gateway, a firewall, a Bastion, …
    Service,
}

/// Where a set of rules is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// To the whole network: admin rules.
    Network(Id<VirtualNetwork>),
    /// To the subnet.
    Subnet(Link<Subnet>),
    /// To the interface.
    Interface(Id<NetworkInterface>),
}

impl Place {
    /// The place of a network interface, which may be that of a private endpoint.
    #[must_use]
    pub fn of_interface(network: &Network, id: Id<NetworkInterface>) -> Self {
        let interface = &network.network_interfaces[id];
        let parts =
            interface.ip_configurations.iter().map(|&part| &network.ip_configurations[part]);
        let holder = match interface.owner {
            NicOwner::PrivateEndpoint(Link::To(endpoint)) => Holder::PrivateEndpoint(endpoint),
            NicOwner::PrivateEndpoint(Link::Missing(_))
            | NicOwner::Nobody
            | NicOwner::VirtualMachine(_)
            | NicOwner::PrivateLinkService(_)
            | NicOwner::Other(_) => Holder::Interface(id),
        };
        Self { subnet: parts.filter_map(|part| part.subnet).next(), holder }
    }

    /// The place of a private endpoint.
    #[must_use]
    pub fn of_private_endpoint(network: &Network, id: Id<PrivateEndpoint>) -> Self {
        let subnet = network.private_endpoints[id].subnet;
        Self { subnet, holder: Holder::PrivateEndpoint(id) }
    }

    /// The place of a service that Azure runs in `subnet`.
    #[must_use]
    pub const fn of_service(subnet: Id<Subnet>) -> Self {
        Self { subnet: Some(Link::To(subnet)), holder: Holder::Service }
    }

    /// The network around it.
    #[must_use]
    pub fn network(self, network: &Network) -> Option<Id<VirtualNetwork>> {
        Some(network.subnets[self.subnet?.known()?].network)
    }

    /// The security groups that hold here with what they are attached to, the subnet's first (R183).
    pub(super) fn groups(self, network: &Network) -> Vec<(RuleOwner, Attachment)> {
        let of_interface = match self.holder {
            Holder::Interface(id) => network.network_interfaces[id]
                .network_security_group
                .map(|group| (owner(group), Attachment::Interface(id))),
            Holder::PrivateEndpoint(_) | Holder::Service => None,
        };
        self.group_of_subnet(network).into_iter().chain(of_interface).collect()
    }

    fn group_of_subnet(self, network: &Network) -> Option<(RuleOwner, Attachment)> {
        let link = self.subnet?;
        let attachment = Attachment::Subnet(link);
        let subnet = match link {
            Link::To(id) => &network.subnets[id],
            Link::Missing(id) => return Some((RuleOwner::Missing(id), attachment)),
        };
        // R225: without the policy, private endpoints do not see the group of their subnet.
        let is_exempt = match self.holder {
            Holder::PrivateEndpoint(_) => !subnet.private_endpoint_network_policies.filters(),
            Holder::Interface(_) | Holder::Service => ignores_groups(subnet),
        };
        let group = subnet.network_security_group.filter(|_| !is_exempt)?;
        Some((owner(group), attachment))
    }
}

const fn owner(group: Link<NetworkSecurityGroup>) -> RuleOwner {
    match group {
        Link::To(id) => RuleOwner::Group(id),
        Link::Missing(id) => RuleOwner::Missing(id),
    }
}

/// Is it a subnet where security groups have no effect?
///
/// Source: R222.
#[must_use]
pub fn ignores_groups(subnet: &Subnet) -> bool {
    ["GatewaySubnet", "AzureFirewallSubnet", "RouteServerSubnet"].iter().any(|n| subnet.is_named(n))
}

/// Is it a subnet to which security admin rules are not applied?
///
/// Source: R231.
#[must_use]
pub fn ignores_admin_rules(network: &Network, id: Id<Subnet>) -> bool {
    const NAMES: [&str; 4] =
        ["AzureBastionSubnet", "AzureFirewallSubnet", "RouteServerSubnet", "GatewaySubnet"];
    let is_special = NAMES.iter().any(|name| network.subnets[id].is_named(name));
    let mut gateways = network.application_gateways.values();
    is_special || gateways.any(|gateway| gateway.subnet == Some(Link::To(id)))
}

/// Does a service in the network bring a network intent policy, which keeps admin rules away? Only
/// those that allow may then hold, by an option of the configuration that is not read.
///
/// Source: R231.
#[must_use]
pub fn has_intent_policy(network: &Network, id: Id<VirtualNetwork>) -> bool {
    const SERVICES: [&str; 2] =
        ["Microsoft.Sql/managedInstances", "Microsoft.Databricks/workspaces"];
    let subnets =
        network.virtual_networks[id].subnets.iter().map(|&subnet| &network.subnets[subnet]);
    let mut delegations = subnets.flat_map(|subnet| &subnet.delegations);
    delegations.any(|to| SERVICES.iter().any(|service| to.eq_ignore_ascii_case(service)))
}
