//! Who belongs to an application security group.

use crate::azure::{
    ApplicationSecurityGroup, IpConfiguration, Link, Network, PrivateEndpoint, Subnet,
    VirtualNetwork,
};
use crate::dataplane::filter::MaybeSet;
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// The addresses of the members of every application security group, by the network they live in
/// (R208, R209).
#[derive(Debug, Default)]
pub(super) struct GroupMembers {
    members: BTreeMap<(GroupKey, Id<VirtualNetwork>), MaybeSet>,
}

/// A group by its position, or by that of the reference to a missing one.
type GroupKey = (bool, usize);

fn key(group: Link<ApplicationSecurityGroup>) -> GroupKey {
    match group {
        Link::To(id) => (true, id.index()),
        Link::Missing(id) => (false, id.index()),
    }
}

impl GroupMembers {
    /// The members in `network`.
    pub(super) fn of(network: &Network) -> Self {
        let mut found = Self::default();
        for configuration in network.ip_configurations.values() {
            found.add_configuration(network, configuration);
        }
        for endpoint in network.private_endpoints.values() {
            found.add_endpoint(network, endpoint);
        }
        found
    }

    /// The addresses that `group` stands for at a place in `network`: its members there. Members in
    /// other networks are not found by the group (R210); a group without members matches nothing
    /// (R211). When the group itself is missing it may have others.
    pub(super) fn within(
        &self,
        group: Link<ApplicationSecurityGroup>,
        network: (Id<VirtualNetwork>, &VirtualNetwork),
    ) -> MaybeSet {
        let known = self.members.get(&(key(group), network.0)).cloned().unwrap_or_default();
        match group {
            Link::To(_) => known,
            Link::Missing(_) => {
                let space = network.1.address_prefixes.iter().copied().collect();
                known.union(&MaybeSet::within(space))
            }
        }
    }

    fn add_configuration(&mut self, network: &Network, configuration: &IpConfiguration) {
        let address = configuration.reached_at().map(IpNet::from);
        let addresses: Vec<IpNet> = address.into_iter().collect();
        for &group in &configuration.application_security_groups {
            self.add(network, group, configuration.subnet, &addresses);
        }
    }

    fn add_endpoint(&mut self, network: &Network, endpoint: &PrivateEndpoint) {
        let addresses: Vec<IpNet> = endpoint.addresses.iter().copied().map(IpNet::from).collect();
        for &group in &endpoint.application_security_groups {
            self.add(network, group, endpoint.subnet, &addresses);
        }
    }

    /// A member without an address has some address of its subnet.
    fn add(
        &mut self,
        network: &Network,
        group: Link<ApplicationSecurityGroup>,
        subnet: Option<Link<Subnet>>,
        addresses: &[IpNet],
    ) {
        let Some(subnet) = subnet.and_then(Link::known).map(|id| &network.subnets[id]) else {
            return;
        };
        let member = match addresses {
            [] => MaybeSet::within(subnet.address_prefixes.iter().copied().collect()),
            known => MaybeSet::exactly(known.iter().copied().collect::<AddressSet>()),
        };
        let all = self.members.entry((key(group), subnet.network)).or_default();
        *all = all.union(&member);
    }
}
