//! What appliances announce to Route Servers.

use crate::azure::{Appliance, Network};
use ipnet::IpNet;
use std::net::IpAddr;

/// An appliance announces its prefixes over each connection to one of its addresses (R377); one that
/// speaks BGP is heard by itself.
pub(super) fn join_announcements(network: &mut Network) {
    let announced: Vec<(Vec<IpAddr>, Vec<IpNet>)> = network
        .appliances
        .values()
        .filter(|appliance| appliance.bgp.is_none() && !appliance.advertised_prefixes.is_empty())
        .map(|appliance| (addresses(network, appliance), appliance.advertised_prefixes.clone()))
        .collect();
    for id in network.route_servers.ids().collect::<Vec<_>>() {
        for peer in &mut network.route_servers[id].peers {
            for (_, prefixes) in announced.iter().filter(|(own, _)| own.contains(&peer.address)) {
                peer.advertised_prefixes.extend(prefixes);
            }
            peer.advertised_prefixes.sort();
            peer.advertised_prefixes.dedup();
        }
    }
}

fn addresses(network: &Network, appliance: &Appliance) -> Vec<IpAddr> {
    let interfaces = appliance.interfaces.iter().filter_map(|link| link.known());
    let configurations =
        interfaces.flat_map(|id| network.network_interfaces[id].ip_configurations.iter());
    configurations.filter_map(|&id| network.ip_configurations[id].private_ip_address).collect()
}
