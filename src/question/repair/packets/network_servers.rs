//! DNS servers that do not answer: who is given none of its own asks those of its network, and a
//! network without any asks Azure's own resolver (R235, R236).

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::Meta;
use crate::azure::tree::Value;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

/// Where the servers of a container group, a network interface or a network stand, in the long form
/// and in the short one.
const PLACES: [&str; 4] =
    ["dnsConfig", "dnsSettings/dnsServers", "dhcpOptions/dnsServers", "dnsServers"];

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::NameTimeout {
        return Vec::new();
    }
    let network = scene.network();
    let sender = scene.sender();
    let groups = network.container_groups.values().filter(|it| !it.dns_servers.is_empty());
    let interfaces = network.network_interfaces.values().filter(|it| !it.dns_servers.is_empty());
    let groups = groups.map(|it| (&it.meta, Command::az("resource update")));
    let interfaces = interfaces.map(|it| (&it.meta, Command::az("network nic update")));
    let own = groups.chain(interfaces).filter(|(meta, _)| sender == Some(&meta.id));
    let home = scene.home().map(|id| &network.virtual_networks[id]);
    let home = home.filter(|home| !home.dns_servers.is_empty());
    let home = home.map(|home| (&home.meta, Command::az("network vnet update")));
    own.chain(home).filter_map(|(meta, command)| without(scene, meta, command)).collect()
}

fn without(scene: &Scene<'_>, of: &Meta, command: Command) -> Option<Edit> {
    let body = scene.snapshot.resources.get(&of.id)?.body.node();
    let properties = body.get("properties")?;
    let is_there = |path: &&str| {
        let mut found = Some(properties);
        for step in path.split('/') {
            found = found.and_then(|node| node.get(step));
        }
        found.is_some_and(|node| node.value != Value::Null)
    };
    let path = PLACES.into_iter().find(is_there)?;
    let sentence = format!("give {} no DNS servers of its own", of.name());
    let change = scene.change(&of.id, patch::at(path, patch::nothing()));
    let command = match path {
        "dnsConfig" => command.of(&of.id).with("--remove", "properties.dnsConfig"),
        _ => command.of(&of.id).with("--dns-servers", "null"),
    };
    Some(Edit::new("dns-servers", sentence, &[235, 236], change).by(command))
}
