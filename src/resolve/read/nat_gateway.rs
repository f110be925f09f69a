//! `Microsoft.Network/natGateways`.

use crate::azure::{Link, NatGateway};
use crate::resolve::fields::Fields;
use crate::resolve::kinds::Target;

/// Reads a NAT gateway (R411).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> NatGateway {
    NatGateway {
        meta: fields.meta(),
        public_ip_addresses: both(fields, "publicIpAddresses", "publicIpAddressesV6"),
        public_ip_prefixes: both(fields, "publicIpPrefixes", "publicIpPrefixesV6"),
    }
}

fn both<T: Target>(fields: &Fields<'_>, v4: &str, v6: &str) -> Vec<Link<T>> {
    let mut links = fields.links(v4);
    links.extend(fields.links(v6));
    links
}
