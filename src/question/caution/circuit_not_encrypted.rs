//! What goes over ExpressRoute is private, and not encrypted.
//!
//! Source: the article on access to API servers, on ExpressRoute.

use super::Scene;
use crate::answer::{Caution, CautionKind, HopKind, Item, ItemKind};

pub(super) fn find(scene: &Scene<'_>) -> Option<Caution> {
    let circuit = scene.hops().find(|hop| hop.kind == HopKind::Circuit)?;
    let text = format!(
        "{} is private, and not encrypted: encrypt above it, as SSH and TLS do, or with IPsec or MACsec",
        circuit.at
    );
    let item = Item {
        kind: ItemKind::Connection,
        name: circuit.at.clone(),
        resource: circuit.resource.clone(),
        place: None,
    };
    Some(scene.say(CautionKind::CircuitNotEncrypted, text, Some(item), &[]))
}
