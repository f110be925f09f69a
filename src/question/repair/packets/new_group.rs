//! A security group for an interface that has none: a Standard public address is closed without one.

use super::scene::{Scene, host};
use crate::answer::{Obstacle, Reason};
use crate::azure::NetworkInterface;
use crate::id::ResourceId;
use crate::question::repair::command::{self, Command};
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::PublicAddressClosed {
        return Vec::new();
    }
    let hops = scene.trace.paths.iter().flat_map(|path| &path.request);
    let at = { hops }.find(|hop| hop.at == obstacle.at).and_then(|hop| hop.resource.as_ref());
    let nics = scene.network().network_interfaces.values();
    let nic = { nics }.find(|nic| Some(&nic.meta.id) == at);
    nic.map(|nic| create(scene, nic, obstacle)).into_iter().collect()
}

/// R218, R220: the group has to allow the flow as the machine sees it.
fn create(scene: &Scene<'_>, nic: &NetworkInterface, obstacle: &Obstacle) -> Edit {
    let flow = obstacle.flow;
    let name = format!("{}-nsg", nic.meta.name());
    let id = beside(&nic.meta.id, "networkSecurityGroups", &name);
    let (source, destination) = (host(flow.source), host(flow.destination));
    let ports = flow.destination_ports.to_string();
    let protocol = flow.protocol.to_string();
    let rule = patch::object([
        ("name", patch::text("allow-inbound-100")),
        ("priority", patch::number(100)),
        ("direction", patch::text("Inbound")),
        ("access", patch::text("Allow")),
        ("protocol", patch::text(&protocol)),
        ("sourceAddressPrefix", patch::text(&source)),
        ("sourcePortRange", patch::text("*")),
        ("destinationAddressPrefix", patch::text(&destination)),
        ("destinationPortRange", patch::text(&ports)),
    ]);
    let group = patch::create(&id, patch::object([("securityRules", patch::list(vec![rule]))]));
    let link = patch::object([("id", patch::text(id.as_str()))]);
    let attached = scene.change(&nic.meta.id, patch::object([("networkSecurityGroup", link)]));
    let sentence = format!(
        "create the security group {name}, allow {protocol} from {source} to {destination} port {ports} in it, \
         and attach it to {}",
        nic.meta.name()
    );
    let create = Command::az("network nsg create").named(&id);
    let rule = command::SecurityRule {
        group: &id,
        name: "allow-inbound-100",
        priority: 100,
        direction: "Inbound",
        protocol: &protocol,
        source: &source,
        destination: &destination,
        ports: &[ports],
    };
    let attach = Command::az("network nic update")
        .of(&nic.meta.id)
        .with("--network-security-group", id.as_str());
    let edit = Edit::new("security-group", sentence, &[218, 220], patch::joined(group, attached));
    edit.by(create).by(rule.create()).by(attach)
}

/// The id of a network resource in the same group.
fn beside(id: &ResourceId, collection: &str, name: &str) -> ResourceId {
    let group = id.as_str().to_ascii_lowercase().find("/providers/");
    let group = group.and_then(|end| id.as_str().get(..end)).unwrap_or_default();
    ResourceId::new(&format!("{group}/providers/Microsoft.Network/{collection}/{name}"))
}
