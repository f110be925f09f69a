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
    /// Addresses that may be members of any group, by network.
    of_any: BTreeMap<Id<VirtualNetwork>, AddressSet>,
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
        let known = match self.of_any.get(&network.0) {
            Some(addresses) => known.union(&MaybeSet::within(addresses.clone())),
            None => known,
        };
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
        let groups = &configuration.application_security_groups;
        self.add_all(network, groups, configuration.subnet, &addresses);
    }

    fn add_endpoint(&mut self, network: &Network, endpoint: &PrivateEndpoint) {
        let addresses: Vec<IpNet> = endpoint.addresses.iter().copied().map(IpNet::from).collect();
        let groups = &endpoint.application_security_groups;
        self.add_all(network, groups, endpoint.subnet, &addresses);
    }

    /// A member without an address has some address of its subnet; one of groups that are not known may be
    /// in any.
    fn add_all(
        &mut self,
        network: &Network,
        groups: &[Link<ApplicationSecurityGroup>],
        subnet: Option<Link<Subnet>>,
        addresses: &[IpNet],
    ) {
        let Some(subnet) = subnet.and_then(Link::known).map(|id| &network.subnets[id]) else {
            return;
        };
        let within: AddressSet = match addresses {
            [] => subnet.address_prefixes.iter().copied().collect(),
            known => known.iter().copied().collect(),
        };
        let member = match addresses {
            [] => MaybeSet::within(within.clone()),
            _ => MaybeSet::exactly(within.clone()),
        };
        for &group in groups.iter().filter(|&&group| network.unknown_among(&[group]).is_none()) {
            let all = self.members.entry((key(group), subnet.network)).or_default();
            *all = all.union(&member);
        }
        if network.unknown_among(groups).is_some() {
            let any = self.of_any.entry(subnet.network).or_default();
            *any = any.union(&within);
        }
    }
}
