//! A machine is managed by way of its own public address: for development and tests only.
//!
//! Source: the article on access to API servers, on SSH.

use super::Scene;
use crate::answer::{Caution, CautionKind, HopKind};
use crate::dataplane::graph::Evidence;

pub(super) fn find(scene: &Scene<'_>) -> Option<Caution> {
    let machine = scene.managed()?;
    let request = &scene.leg.trace.as_ref()?.paths.first()?.request;
    let before = request.iter().rev().nth(1)?;
    if before.kind != HopKind::PublicAddress {
        return None;
    }
    let network = scene.network();
    let address = before.resource.as_ref();
    let (id, address) =
        network.public_ip_addresses.iter().find(|(_, it)| Some(&it.meta.id) == address)?;
    let text = format!(
        "{} is managed by way of its public address {}: for development and tests only; in \
         production, leave the address away and come by Bastion, a VPN or ExpressRoute",
        network.virtual_machines[machine].meta.name(),
        address.meta.name()
    );
    let item = scene.plane.item(Evidence::PublicIpAddress(id));
    Some(scene.say(CautionKind::PublicAddressOnMachine, text, Some(item), &[]))
}
