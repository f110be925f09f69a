//! `Microsoft.Network/networkInterfaces`, also those of scale sets.

use crate::azure::{IpForwarding, NetworkInterface, NicOwner};
use crate::id::ResourceId;
use crate::resolve::fields::Fields;
use crate::resolve::plan;
use crate::resolve::scope::Reference;

/// Reads a network interface; its IP configurations join it when they are read.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> NetworkInterface {
    let servers = fields.addresses("dnsSettings/dnsServers");
    NetworkInterface {
        meta: fields.meta(),
        ip_configurations: Vec::new(),
        network_security_group: fields.link_or_doubt("networkSecurityGroup"),
        // R83
        forwards_ip: forwards_ip(fields),
        // R235
        dns_servers: if servers.is_empty() { fields.addresses("dnsServers") } else { servers },
        internal_domain_name_suffix: fields.boxed("dnsSettings/internalDomainNameSuffix"),
        owner: owner(fields),
        is_primary: fields.is("primary"),
    }
}

fn forwards_ip(fields: &Fields<'_>) -> IpForwarding {
    let Some(spot) = fields.find("enableIPForwarding") else { return IpForwarding::Off };
    match fields.scope().in_model(|| spot.flag()) {
        Some(true) => IpForwarding::On,
        Some(false) => IpForwarding::Off,
        None => IpForwarding::Unknown(spot.unread()),
    }
}

/// The owner as the interface tells it; where it does not, the owner may.
fn owner(fields: &Fields<'_>) -> NicOwner {
    if let Some(machine) = fields.link("virtualMachine") {
        return NicOwner::VirtualMachine(machine);
    }
    if let Some(endpoint) = fields.link("privateEndpoint") {
        return NicOwner::PrivateEndpoint(endpoint);
    }
    if let Some(service) = fields.link("privateLinkService") {
        return NicOwner::PrivateLinkService(service);
    }
    if let Some(instance) = plan::instance_of(fields.id()) {
        let text = instance.as_str();
        let reference = Reference { text, from: fields.id(), origin: fields.origin() };
        return NicOwner::VirtualMachine(fields.scope().link(&reference));
    }
    let manager = fields.text("managedBy").map(|id| NicOwner::Other(ResourceId::new(id)));
    manager.unwrap_or(NicOwner::Nobody)
}
