//! `Microsoft.ContainerInstance/containerGroups`.

use crate::azure::{ContainerGroup, Link, PowerState, Subnet};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::resolve::fields::Fields;
use crate::resolve::scope::Reference;

/// Reads a container group: where it stands, and whom it asks for names (R488).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ContainerGroup {
    let servers = fields.addresses("dnsConfig/nameServers");
    let places = ["ipAddress/ip", "privateIPAddress"];
    let address = places.iter().find_map(|name| fields.address(name));
    let is_unknown =
        |name: &&str| fields.find(name).is_some_and(|address| address.node.as_unknown().is_some());
    let is_public = fields.text("ipAddress/type").is_some_and(|t| t.eq_ignore_ascii_case("Public"));
    ContainerGroup {
        meta: fields.meta(),
        subnet: subnet(fields),
        private_ip_address: address.filter(|_| !is_public),
        public_ip_address: address.filter(|_| is_public),
        is_public,
        is_address_unknown: places.iter().any(is_unknown),
        dns_servers: if servers.is_empty() { fields.addresses("dnsServers") } else { servers },
        power: power(fields),
    }
}

/// The subnet; of groups made before there was `subnetIds` their network profile tells it.
fn subnet(fields: &Fields<'_>) -> Option<Link<Subnet>> {
    let told = fields.links("subnetIds").into_iter().next().or_else(|| fields.link("subnet"));
    told.or_else(|| {
        let profile = fields.find("networkProfile")?.reference()?;
        let Some(text) = profile.text() else { return profile.link() };
        let (id, scope) = (ResourceId::new(text), fields.scope());
        match scope.in_profile(&id).as_deref() {
            Some(&[subnet]) => Some(subnet),
            Some(_) | None => {
                let reference = Reference { text, from: fields.id(), origin: fields.origin() };
                let said = format!(
                    "`{id}`, which tells the subnet of `{}`, does not tell it",
                    fields.name()
                );
                let said = Diagnostic::warning("missing-reference", said);
                Some(Link::Missing(scope.missing(id, &reference, said)))
            }
        }
    })
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
