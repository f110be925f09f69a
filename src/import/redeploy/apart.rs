//! Parts that a template deploys in the list of their owner and by themselves as well.
//!
//! Both are requests for the whole part: what the later one leaves out has its default, whatever the earlier one has.

use super::{doubt_existence, written_anew};
use crate::azure::tree::Node;
use crate::id::ResourceId;
use crate::import::arm;
use crate::import::template::Deployed;
use std::collections::{BTreeMap, BTreeSet};

/// Lets the later one of both count, in `deployed`, which is in the order of deployment.
pub(super) fn apart(mut deployed: Vec<Deployed>) -> Vec<Deployed> {
    let places: BTreeMap<ResourceId, usize> =
        deployed.iter().enumerate().map(|(at, it)| (it.id.clone(), at)).collect();
    let mut replaced = BTreeSet::new();
    for (id, &at) in &places {
        let Some(&owner_at) = id.parent().and_then(|owner| places.get(&owner)) else { continue };
        let Some(owner) = deployed.get_mut(owner_at) else { continue };
        let is_last = owner_at < at;
        if !is_last && is_sure(&owner.body) && listed(&mut owner.body.clone(), id).is_some() {
            replaced.insert(id.clone());
        }
        let inline = is_last.then(|| listed(&mut owner.body, id)).flatten();
        if let (Some(inline), Some(part)) = (inline, deployed.get_mut(at)) {
            part.body = written_anew(id, part.body.clone(), inline);
        }
    }
    deployed.retain(|it| !replaced.contains(&it.id));
    deployed
}

/// The part `id`, taken out of the list of its owner. It is in doubt where the owner is.
fn listed(owner: &mut Node, id: &ResourceId) -> Option<Node> {
    let why = owner.get("condition").and_then(Node::as_unknown).cloned();
    let mut part = arm::taken_out(owner, id)?;
    why.iter().for_each(|why| doubt_existence(&mut part, why));
    Some(part)
}

fn is_sure(body: &Node) -> bool {
    body.get("condition").is_none()
}
