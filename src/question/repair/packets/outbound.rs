//! A way out to the Internet for a private subnet.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::Subnet;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::NoOutboundMethod {
        return Vec::new();
    }
    let network = scene.network();
    let Some(subnet) = scene.subnet_at(obstacle).map(|id| &network.subnets[id]) else {
        return Vec::new();
    };
    let gateways = network.nat_gateways.values();
    let near = gateways.filter(|it| it.meta.location == subnet.meta.location);
    let mut found: Vec<Edit> = near.map(|it| attach(scene, subnet, &it.meta)).collect();
    if subnet.default_outbound_access == Some(false) {
        found.push(default_access(scene, subnet));
    }
    found
}

/// R411: a NAT gateway that is there already.
fn attach(scene: &Scene<'_>, subnet: &Subnet, gateway: &crate::azure::Meta) -> Edit {
    let (name, id) = (subnet.meta.name(), &gateway.id);
    let sentence = format!("attach the NAT gateway {} to subnet {name}", gateway.name());
    let change = patch::object([("natGateway", patch::object([("id", patch::text(id.as_str()))]))]);
    let command = Command::az("network vnet subnet update")
        .of(&subnet.meta.id)
        .with("--nat-gateway", id.as_str());
    let change = scene.change(&subnet.meta.id, change);
    Edit::new("nat-gateway", sentence, &[118, 411], change).by(command)
}

/// R119, R121: not for production, as the address changes and is Microsoft's.
fn default_access(scene: &Scene<'_>, subnet: &Subnet) -> Edit {
    let name = subnet.meta.name();
    let sentence = format!(
        "allow default outbound access for subnet {name}, which is not meant for production"
    );
    let change = patch::object([("defaultOutboundAccess", patch::flag(true))]);
    let command = Command::az("network vnet subnet update")
        .of(&subnet.meta.id)
        .with("--default-outbound", "true");
    let change = scene.change(&subnet.meta.id, change);
    Edit::new("default-outbound", sentence, &[119, 121], change).by(command)
}
