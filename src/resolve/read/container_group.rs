//! `Microsoft.ContainerInstance/containerGroups`.

use crate::azure::{ContainerGroup, PowerState};
use crate::resolve::fields::Fields;

/// Reads a container group: where it stands, and whom it asks for names (R488).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ContainerGroup {
    let servers = fields.addresses("dnsConfig/nameServers");
    let address = fields.address("ipAddress/ip").or_else(|| fields.address("privateIPAddress"));
    let is_public = fields.text("ipAddress/type").is_some_and(|t| t.eq_ignore_ascii_case("Public"));
    ContainerGroup {
        meta: fields.meta(),
        subnet: fields.links("subnetIds").into_iter().next().or_else(|| fields.link("subnet")),
        private_ip_address: address.filter(|_| !is_public),
        dns_servers: if servers.is_empty() { fields.addresses("dnsServers") } else { servers },
        power: power(fields),
    }
}

fn power(fields: &Fields<'_>) -> PowerState {
    let words = [
        ("Running", PowerState::Running),
        ("Stopped", PowerState::Stopped),
        ("Succeeded", PowerState::Stopped),
        ("Failed", PowerState::Stopped),
        ("Terminated", PowerState::Stopped),
    ];
    let state = fields.text("instanceView/state").unwrap_or_default();
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(state));
    found.map(|&(_, power)| power).unwrap_or_default()
}
