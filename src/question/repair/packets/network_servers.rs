//! DNS servers of a network that do not answer: without any, Azure's own resolver is asked (R236).

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let home = scene.home().filter(|_| obstacle.reason == Reason::NameTimeout);
    home.and_then(|id| {
        let home = &scene.network().virtual_networks[id];
        let body = scene.snapshot.resources.get(&home.meta.id)?.body.node();
        let is_short = body.get("properties")?.get("dnsServers").is_some();
        let path = if is_short { "dnsServers" } else { "dhcpOptions/dnsServers" };
        let name = home.meta.name();
        let sentence = format!("take the DNS servers of {name} away, so that it asks Azure's own");
        let change = scene.change(&home.meta.id, patch::at(path, patch::list(Vec::new())));
        let command = format!("az network vnet update --ids {} --dns-servers ''", home.meta.id);
        let edit = Edit::new("network-dns", sentence, &[235, 236], change).by(command);
        (!home.dns_servers.is_empty()).then_some(edit)
    })
    .into_iter()
    .collect()
}
