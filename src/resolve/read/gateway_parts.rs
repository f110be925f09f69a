//! What gateways, firewalls, Bastion hosts and Route Servers have in common: IP configurations in a
//! subnet of a prescribed name, or in short the network.

use crate::azure::{Link, PublicIpAddress, Subnet};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use std::net::IpAddr;

/// The subnet of the first IP configuration that has one, else the one called `name` in
/// `virtualNetwork` (R26-R29), else `subnet` itself.
pub(super) fn subnet(fields: &Fields<'_>, name: &str) -> Option<Link<Subnet>> {
    let configured = configurations(fields).into_iter().find_map(|entry| entry.link("subnet"));
    let own = configured.or_else(|| fields.link("subnet"));
    own.or_else(|| fields.find("virtualNetwork")?.subnet_of_network(name))
}

/// Public addresses of the IP configurations and of the short form, in the order written.
pub(super) fn public_addresses(fields: &Fields<'_>) -> Vec<Link<PublicIpAddress>> {
    let configured = configurations(fields).into_iter();
    let mut links: Vec<_> = configured.filter_map(|entry| entry.link("publicIPAddress")).collect();
    links.extend(
        fields.lists(&["publicIPAddresses", "publicIPAddress"]).iter().filter_map(Spot::link),
    );
    links
}

/// Private addresses of the IP configurations and of the short form, in the order written.
pub(super) fn private_addresses(fields: &Fields<'_>) -> Vec<IpAddr> {
    let configured = configurations(fields).into_iter();
    let mut found: Vec<_> =
        configured.filter_map(|entry| entry.address("privateIPAddress")).collect();
    found.extend(fields.addresses("privateIPAddresses"));
    found.extend(fields.addresses("privateIPAddress"));
    found
}

/// IP configurations, inline or resources of their own.
fn configurations<'a>(fields: &Fields<'a>) -> Vec<Fields<'a>> {
    fields.parts("ipConfigurations").into_iter().map(|(_, part)| part).collect()
}
