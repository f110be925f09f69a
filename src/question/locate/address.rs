//! Who has an address.

use super::Refusal;
use super::entry::{self, End};
use crate::azure::Network;
use crate::question::Endpoint;
use std::net::IpAddr;

/// What a packet with the source `address` starts from. O(n) in the size of the estate.
pub(super) fn source(network: &Network, address: IpAddr) -> Result<End, Refusal> {
    let mut owners = owners(network, address);
    if owners.is_empty() {
        owners = sites(network, address);
    }
    let ends: Vec<End> = owners.iter().map(|(end, _)| end.clone()).collect();
    match &*ends {
        [end] => Ok(end.clone()),
        [] => unknown(network, address),
        _ => {
            let candidates = owners.into_iter().map(|(_, candidate)| candidate);
            Err(Refusal::ambiguous(&address.to_string(), candidates))
        }
    }
}

type Owner = (End, String);

fn owners(network: &Network, address: IpAddr) -> Vec<Owner> {
    let mut owners = interfaces(network, address);
    for (endpoint, id) in named_endpoints(network) {
        let end = End::from(endpoint);
        if entry::addresses(network, endpoint).contains(&address)
            && owners.iter().all(|(other, _)| *other != end)
        {
            let candidate = format!("{id} ({})", end.word());
            owners.push((end, candidate));
        }
    }
    owners
}

fn interfaces(network: &Network, address: IpAddr) -> Vec<Owner> {
    let configurations = network.ip_configurations.values();
    let with_address = configurations.filter(|ip| ip.private_ip_address == Some(address));
    let owner = |ip| {
        let end = entry::of_configuration(network, ip);
        let candidate =
            format!("{} ({})", network.network_interfaces[ip.interface].meta.id, end.word());
        (end, candidate)
    };
    with_address.map(owner).collect()
}

/// Everything but interfaces that may have an address, with its id.
fn named_endpoints(network: &Network) -> impl Iterator<Item = (Endpoint, String)> {
    let endpoints = network.private_endpoints.iter();
    let endpoints = endpoints.map(|(id, e)| (Endpoint::PrivateEndpoint(id), e.meta.id.to_string()));
    let public = network.public_ip_addresses.iter();
    let public = public.map(|(id, p)| (Endpoint::PublicAddress(id), p.meta.id.to_string()));
    let frontends = network.frontends.iter();
    let frontends = frontends.map(|(id, f)| (Endpoint::Frontend(id), f.id.to_string()));
    let firewalls = network.firewalls.iter();
    let firewalls = firewalls.map(|(id, f)| (Endpoint::Firewall(id), f.meta.id.to_string()));
    let resolvers = network.inbound_endpoints.iter();
    let resolvers = resolvers.map(|(id, e)| (Endpoint::InboundEndpoint(id), e.meta.id.to_string()));
    let containers = network.container_groups.iter();
    let containers =
        containers.map(|(id, group)| (Endpoint::ContainerGroup(id), group.meta.id.to_string()));
    let site_hosts = network.sites.iter().flat_map(|(id, site)| {
        let host = move |(number, host): (usize, &crate::azure::Host)| {
            (Endpoint::SiteHost(id, number), format!("{}/{}", site.meta.name(), host.name))
        };
        site.hosts.iter().enumerate().map(host)
    });
    let edges = network.sites.iter();
    let edges = edges.map(|(id, site)| (Endpoint::SiteEdge(id), site.edge_name()));
    let hosts = network.internet.hosts.iter().enumerate();
    let hosts =
        hosts.map(|(n, host)| (Endpoint::InternetHost(n), format!("internet/{}", host.name)));
    endpoints
        .chain(public)
        .chain(frontends)
        .chain(firewalls)
        .chain(resolvers)
        .chain(containers)
        .chain(site_hosts)
        .chain(edges)
        .chain(hosts)
}

/// Sites whose prefixes hold `address`.
fn sites(network: &Network, address: IpAddr) -> Vec<Owner> {
    let sites = network.sites.iter();
    let sites =
        sites.filter(|(_, site)| site.address_prefixes.iter().any(|p| p.contains(&address)));
    sites
        .map(|(id, site)| {
            (
                End::Endpoint(Endpoint::Site(id), Some(address)),
                format!("{} (a site on premises)", site.meta.name()),
            )
        })
        .collect()
}

/// An address that nothing in the input has: some machine on the Internet when it is public.
fn unknown(network: &Network, address: IpAddr) -> Result<End, Refusal> {
    let text = address.to_string();
    if !may_be_a_host(address) {
        let why = "is no address that a machine can have".to_owned();
        let hint = "expected a unicast address, neither loopback nor link-local".to_owned();
        return Err(Refusal::Unreadable { text, why, hint });
    }
    let subnets = network.subnets.values();
    let subnet = subnets
        .filter(|s| s.address_prefixes.iter().any(|p| p.contains(&address)))
        .map(|s| format!("{}/{}", network.virtual_networks[s.network].meta.name(), s.meta.name()));
    let subnet = subnet.min();
    if subnet.is_none() && is_public(address) {
        return Ok(End::Endpoint(Endpoint::Internet, Some(address)));
    }
    Err(Refusal::NobodyHas { text, subnet })
}

fn may_be_a_host(address: IpAddr) -> bool {
    let is_link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    !address.is_unspecified() && !address.is_loopback() && !address.is_multicast() && !is_link_local
}

/// Is it outside RFC 1918, RFC 6598 and RFC 4193 (R3)?
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            !(v4.is_private() || first == 100 && second & 0xc0 == 64)
        }
        IpAddr::V6(v6) => !v6.is_unique_local(),
    }
}
