//! `virtual-network-everywhere`: the tag `VirtualNetwork` under a default route.

use crate::answer::Rule;
use crate::azure::{
    Access, Direction, NetworkSecurityGroup, RuleAddress, SecurityRule, Subnet, attached,
};
use crate::dataplane::Dataplane;
use crate::dataplane::security::{Tag, VirtualNetworkTag, default_rules};
use crate::diag::Severity;
use crate::id::Id;
use crate::net::AddressSet;
use crate::question::cover::{INTERVALS_MAX, Rules};
use crate::question::inventory::{Found, Kind};
use std::collections::BTreeMap;

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "virtual-network-everywhere",
    severity: Severity::Warning,
    rules: &[Rule(195), Rule(196), Rule(198)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    let everything = AddressSet::everything_v4();
    let mut places: BTreeMap<Id<NetworkSecurityGroup>, Vec<(Id<Subnet>, String)>> = BTreeMap::new();
    for (group, subnet) in attached::places_of_groups(network) {
        let Some(table) = plane.effective.get(subnet.index()) else { continue };
        let tag = VirtualNetworkTag::at(network, plane.profile(), subnet, table);
        if !tag.addresses.surely().covers(&everything) {
            continue;
        }
        let whole = tag.parts.iter().find(|part| matches!(part.cites, Rule(196 | 198)));
        let from = whole.map(|part| part.from.clone()).unwrap_or_default();
        places.entry(group).or_default().push((subnet, from));
    }
    places.iter().filter_map(|(&group, places)| of_group(plane, group, places)).collect()
}

fn of_group(
    plane: &Dataplane,
    id: Id<NetworkSecurityGroup>,
    places: &[(Id<Subnet>, String)],
) -> Option<Found> {
    let network = plane.network();
    let group = &network.network_security_groups[id];
    let rules = wide(plane, group);
    let ((subnet, from), more) = places.split_first()?;
    if rules.is_empty() {
        return None;
    }
    let more = match more.len() {
        0 => String::new(),
        1 => " and at another subnet".to_owned(),
        count => format!(" and at {count} more subnets"),
    };
    Some(Found {
        resource: group.meta.id.clone(),
        text: format!(
            "at {}{more} {from} makes VirtualNetwork every address, so these inbound rules allow any \
             source that gets there: {}",
            network.subnets[*subnet].meta.name(),
            rules.join(", ")
        ),
        hint:
            "name the prefixes instead of the tag, and deny the rest in front of AllowVnetInBound"
                .to_owned(),
        origin: Some(group.meta.origin.clone()),
    })
}

/// The inbound rules that allow sources by the tag and that packets get to.
fn wide(plane: &Dataplane, group: &NetworkSecurityGroup) -> Vec<String> {
    let own: Vec<&SecurityRule> =
        group.rules.iter().filter(|rule| rule.direction == Direction::Inbound).collect();
    let defaults = default_rules(Direction::Inbound);
    let mut rules = Rules::new(plane.network(), plane.profile(), &own, defaults, INTERVALS_MAX);
    let each = own
        .iter()
        .map(|rule| (&*rule.name, rule.access, &*rule.matches))
        .chain(defaults.iter().map(|rule| (rule.name, rule.access, &rule.matches)));
    let wide = each.enumerate().filter(|(at, (_, access, matches))| {
        *access == Access::Allow
            && matches.sources.iter().any(is_virtual_network)
            && rules.is_reached(*at).unwrap_or(true)
    });
    wide.map(|(_, (name, ..))| name.to_owned()).collect()
}

fn is_virtual_network(entry: &RuleAddress) -> bool {
    matches!(entry, RuleAddress::ServiceTag(name) if Tag::named(name) == Tag::VirtualNetwork)
}
