//! Named machines outside Azure.

use super::dns_server;
use crate::azure::Host;
use crate::resolve::fields::Fields;

/// Reads `hosts: [{name, ipAddress or ipAddresses, dns}]`.
pub(super) fn read(owner: &Fields<'_>) -> Vec<Host> {
    let hosts = owner.list("hosts").into_iter().map(|entry| entry.fields());
    hosts.map(|fields| read_host(&fields)).collect()
}

fn read_host(fields: &Fields<'_>) -> Host {
    let mut addresses = fields.addresses("ipAddresses");
    addresses.extend(fields.addresses("ipAddress"));
    if addresses.is_empty() {
        fields.absent("ipAddress");
    }
    Host { name: fields.name(), addresses, dns_server: dns_server::read(fields) }
}
