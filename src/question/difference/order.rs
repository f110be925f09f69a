//! Rules that get other numbers, and are tried in the same order.

use crate::answer::ConfigurationChange;
use crate::azure::{Direction, Network};
use crate::dataplane::Dataplane;
use crate::id::ResourceId;

/// Does a change give a security rule another priority, with the same rules before and after it? Only the order counts
/// (R175).
pub(super) fn keeps_order(planes: [&Dataplane; 2], change: &ConfigurationChange) -> bool {
    if change.path.rsplit('/').next() != Some("priority") {
        return false;
    }
    let [before, after] = planes.map(|plane| order(plane.network(), &change.resource));
    before.is_some() && before == after
}

/// The rules of the security group that `id` is, or whose rule it is, as they are tried.
fn order<'n>(network: &'n Network, id: &ResourceId) -> Option<[Vec<&'n str>; 2]> {
    let mut groups = network.network_security_groups.values();
    let group = groups.find(|it| it.meta.id == *id || id.parent().as_ref() == Some(&it.meta.id))?;
    let mut rules: Vec<_> = group.rules.iter().collect();
    rules.sort_by_key(|rule| rule.priority);
    Some([Direction::Inbound, Direction::Outbound].map(|direction| {
        let tried = rules.iter().filter(|rule| rule.direction == direction);
        tried.map(|rule| &*rule.name).collect()
    }))
}
