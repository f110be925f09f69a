//! Security admin rules and connected groups of `Microsoft.Network/networkManagers`.

use super::security_rule as rule;
use crate::azure::{
    AdminAccess, AdminRule, AdminRuleCollection, ConnectedGroup, Link, VirtualNetwork,
};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;
use std::sync::Arc;

/// Reads the short form: a collection that is in force for `virtualNetworks`.
pub(in crate::resolve) fn read_in_force(fields: &Fields<'_>, draft: &mut Draft) {
    let collection = AdminRuleCollection {
        meta: fields.meta(),
        networks: fields.links("virtualNetworks"),
        rules: rules(fields),
    };
    draft.network.admin_rule_collections.push(collection);
}

/// Reads a collection of a configuration. Whether the configuration is deployed no resource tells
/// (R230), so its rules match *maybe*.
pub(in crate::resolve) fn read_configured(fields: &Fields<'_>, draft: &mut Draft) {
    let mut rules = rules(fields);
    rules.iter_mut().for_each(|admin| rule::doubt(Arc::make_mut(&mut admin.matches), "".into()));
    let text = format!(
        "nothing tells whether the admin rules of `{}` are deployed: they may hold or not",
        fields.id()
    );
    let hint = "write those in force as `adminRuleCollections` of a scenario";
    fields.note(Diagnostic::warning("unknown-deployment", text).hint(hint));
    let collection = AdminRuleCollection { meta: fields.meta(), networks: Vec::new(), rules };
    let id = draft.network.admin_rule_collections.push(collection);
    for group in fields.list("appliesToGroups") {
        let group = group.fields();
        if let Some(group) = group.text("networkGroupId") {
            draft.admin_groups.push((id, ResourceId::new(group)));
        }
    }
}

/// Reads a static member of a network group.
pub(in crate::resolve) fn read_member(fields: &Fields<'_>, draft: &mut Draft) {
    let group = fields.id().parent();
    if let Some((group, member)) = group.zip(fields.link("resourceId")) {
        draft.group_members.push((group, member));
    }
}

/// Reads networks that are joined without peerings (R170).
pub(in crate::resolve) fn read_connected(fields: &Fields<'_>) -> ConnectedGroup {
    let networks = fields.links("virtualNetworks");
    ConnectedGroup { meta: fields.meta(), networks, is_in_force: true }
}

/// Reads a configuration that may join the networks of some groups, and hubs. Whether it is deployed no resource tells
/// (R230).
pub(in crate::resolve) fn read_connectivity(fields: &Fields<'_>, draft: &mut Draft) {
    let text = format!(
        "nothing tells whether `{}` is deployed: the networks of its groups may be joined or not",
        fields.id()
    );
    let hint = "write what is in force as `connectedGroups` of a scenario";
    fields.note(Diagnostic::warning("unknown-deployment", text).hint(hint));
    let hubs = fields.list("hubs");
    let hubs = hubs.iter().filter_map(|hub| hub.fields().link("resourceId"));
    let group =
        ConnectedGroup { meta: fields.meta(), networks: hubs.collect(), is_in_force: false };
    let id = draft.network.connected_groups.push(group);
    for group in fields.list("appliesToGroups") {
        if let Some(group) = group.fields().text("networkGroupId") {
            draft.joined_groups.push((id, ResourceId::new(group)));
        }
    }
}

fn rules(fields: &Fields<'_>) -> Vec<AdminRule> {
    let mut rules: Vec<AdminRule> = fields.scope().in_model(|| {
        let parts = fields.parts("rules");
        parts.iter().flat_map(|(name, part)| read_rule(name, part)).collect()
    });
    rules.sort_by(|a, b| {
        (a.direction, a.priority, &a.name).cmp(&(b.direction, b.priority, &b.name))
    });
    rules
}

/// Reads a rule (R227, R229); what cannot be read makes it stand for every possibility, as with
/// security groups.
fn read_rule(name: &str, fields: &Fields<'_>) -> Vec<AdminRule> {
    let words = [
        ("Allow", AdminAccess::Allow),
        ("Deny", AdminAccess::Deny),
        ("AlwaysAllow", AdminAccess::AlwaysAllow),
    ];
    let accesses = rule::choices(fields, "access", &words);
    let directions = rule::directions(fields);
    let priority = rule::priority(fields);
    let mut matches = rule::matches(fields);
    if directions.len() > 1 || accesses.len() > 1 || priority.is_none() {
        rule::doubt(&mut matches, rule::why_not(fields));
    }
    let matches = Arc::new(matches);
    let pairs = directions.iter().flat_map(|&d| accesses.iter().map(move |&a| (d, a)));
    let rule = |(direction, access)| AdminRule {
        name: name.into(),
        priority: priority.unwrap_or(0),
        direction,
        access,
        matches: Arc::clone(&matches),
        origin: fields.origin(),
    };
    pairs.map(rule).collect()
}

/// The networks of the groups that configurations apply to.
pub(in crate::resolve) fn apply_groups(draft: &mut Draft) {
    let members = &draft.group_members;
    for (collection, group) in std::mem::take(&mut draft.admin_groups) {
        add(&mut draft.network.admin_rule_collections[collection].networks, members, &group);
    }
    for (joined, group) in std::mem::take(&mut draft.joined_groups) {
        add(&mut draft.network.connected_groups[joined].networks, members, &group);
    }
}

/// Adds the members of `group` that are not among `networks`.
fn add(
    networks: &mut Vec<Link<VirtualNetwork>>,
    members: &[(ResourceId, Link<VirtualNetwork>)],
    group: &ResourceId,
) {
    for &(_, member) in members.iter().filter(|(of, _)| of == group) {
        if !networks.contains(&member) {
            networks.push(member);
        }
    }
}
