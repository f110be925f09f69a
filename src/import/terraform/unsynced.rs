//! Peerings that a plan leaves alone, though it changes the address space of the network behind them: Azure goes on with
//! the old space until a sync (R157), and the provider syncs only a peering that it makes or changes.

use super::plan::Plan;
use super::resources::{Saying, Strength};
use crate::azure::tree::Node;
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::{arm, merge};
use std::collections::BTreeMap;

/// The space of a network, and what a peering knows of that of the other one.
const OWN: &str = "addressSpace";
const KNOWN: &str = "remoteAddressSpace";

/// Lets such peerings among `sayings`, those of the side after the plan, keep the space that the network had `before`.
pub(super) fn keep(
    before: &[Saying],
    plan: &Plan<'_>,
    sayings: &mut [Saying],
) -> Vec<(String, Diagnostic)> {
    let (old, new) = (spaces(before), spaces(sayings));
    let mut changed: BTreeMap<ResourceId, Node> = BTreeMap::new();
    for (id, old) in old {
        if new.get(id).is_some_and(|new| !merge::same(old, new)) {
            changed.insert(id.clone(), old.clone());
        }
    }
    if changed.is_empty() {
        return Vec::new();
    }
    let mut remarks = Vec::new();
    for saying in sayings.iter_mut().filter(|it| it.strength == Strength::Own) {
        let remote = arm::list_of(&saying.body, "remoteVirtualNetwork");
        let remote = remote.and_then(|it| it.get("id")?.as_text()).map(ResourceId::new);
        let Some((remote, space)) = remote.and_then(|it| changed.get_key_value(&it)) else {
            continue;
        };
        let was_there = before.iter().any(|it| it.address == saying.address && it.id == saying.id);
        let is_told = arm::list_of(&saying.body, KNOWN).is_some();
        if !was_there || is_told || plan.sends(&saying.address) {
            continue;
        }
        let members = arm::properties(&mut saying.body);
        members.into_iter().for_each(|it| it.push((KNOWN.into(), space.clone())));
        remarks.push((saying.pointer.clone(), remark(saying, remote)));
    }
    remarks
}

/// The address spaces of networks.
fn spaces(sayings: &[Saying]) -> BTreeMap<&ResourceId, &Node> {
    let own = sayings.iter().filter(|it| it.strength == Strength::Own);
    own.filter_map(|it| Some((&it.id, arm::list_of(&it.body, OWN)?))).collect()
}

fn remark(peering: &Saying, remote: &ResourceId) -> Diagnostic {
    let message = format!(
        "the plan changes the address space of `{}` and does not sync `{}`, which keeps the old one (R157)",
        remote.name(),
        peering.address
    );
    let hint = "let `triggers` of the peering name the address space, or sync it by hand";
    Diagnostic::warning("peering-not-in-sync", message).hint(hint)
}
