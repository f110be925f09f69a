//! Where an API server stands that is in a subnet of the customer's own.

use super::Names;
use crate::azure::{Frontend, FrontendAddress, Link, ManagedCluster, Network, Subnet};
use crate::id::Id;
use crate::net::RecordType;
use std::net::IpAddr;

/// The frontends in the delegated subnet of an API server (R465).
pub(in crate::dataplane) fn frontends_in(
    network: &Network,
    subnet: Id<Subnet>,
) -> impl Iterator<Item = (Id<Frontend>, IpAddr)> {
    network.frontends.iter().filter_map(move |(id, frontend)| match frontend.address {
        FrontendAddress::Private(Some(Link::To(here)), Some(address)) if here == subnet => {
            Some((id, address))
        }
        FrontendAddress::Private(..) | FrontendAddress::Public(_) | FrontendAddress::Other => None,
    })
}

impl Names {
    /// The address of an API server in a delegated subnet: that of the frontend there (R465), else
    /// the one within the subnet that a private zone has for its name.
    pub(in crate::dataplane) fn api_server_address(
        &self,
        network: &Network,
        cluster: &ManagedCluster,
    ) -> Option<IpAddr> {
        let subnet = cluster.api_server_subnet?.known()?;
        let prefixes = &network.subnets[subnet].address_prefixes;
        let recorded = || {
            let name = cluster.private_fqdn.as_ref()?;
            let records = self.intended(name, RecordType::A);
            let addresses = records.iter().filter_map(|it| it.records.data.addresses()).flatten();
            { addresses }.find(|address| prefixes.iter().any(|prefix| prefix.contains(address)))
        };
        let frontend = frontends_in(network, subnet).map(|(_, address)| address).next();
        frontend.or_else(recorded)
    }
}
