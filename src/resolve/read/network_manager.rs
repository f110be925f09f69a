//! Security admin rules and connected groups of `Microsoft.Network/networkManagers`.

use super::security_rule as rule;
use crate::azure::{
    AdminAccess, AdminRule, AdminRuleCollection, ConnectedGroup, Link, Network, VirtualNetwork,
};
use crate::diag::Diagnostic;
use crate::id::{Id, ResourceId};
use crate::resolve::draft::{Commit, CommitKind, Draft};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use crate::resolve::text::location;
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

/// Reads a collection of a configuration. Whether that is deployed only what puts it in force tells (R230).
pub(in crate::resolve) fn read_configured(fields: &Fields<'_>, draft: &mut Draft) {
    let (meta, rules) = (fields.meta(), rules(fields));
    let collection = AdminRuleCollection { meta, networks: Vec::new(), rules };
    let id = draft.network.admin_rule_collections.push(collection);
    draft.admin_groups.push((id, groups(fields)));
}

/// Reads what puts configurations in force. azurerm calls it a deployment; its id is not that of a part.
pub(in crate::resolve) fn read_commit(fields: &Fields<'_>, draft: &mut Draft) {
    let manager = fields.text("networkManager").map(ResourceId::new);
    let kinds = [CommitKind::SecurityAdmin, CommitKind::Connectivity];
    let kind = fields
        .text("commitType")
        .and_then(|text| kinds.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(text)));
    if let (Some(manager), Some(kind)) = (manager.or_else(|| fields.id().parent()), kind) {
        let ids = fields.list("configurationIds");
        let id = |spot: &Spot<'_>| spot.node.as_text().map(ResourceId::new);
        let configurations = ids.iter().map(id).collect();
        let locations = fields.texts("targetLocations").iter().map(|it| location(it)).collect();
        draft.commits.push(Commit { kind, manager, locations, configurations });
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

/// Reads a configuration that may join the networks of some groups, and hubs. Whether it is deployed only what puts it in
/// force tells (R230).
pub(in crate::resolve) fn read_connectivity(fields: &Fields<'_>, draft: &mut Draft) {
    let hubs = fields.list("hubs");
    let hubs = hubs.iter().filter_map(|hub| hub.fields().link("resourceId"));
    let group =
        ConnectedGroup { meta: fields.meta(), networks: hubs.collect(), is_in_force: false };
    let id = draft.network.connected_groups.push(group);
    let topology = fields.text("connectivityTopology");
    let is_mesh = topology.is_some_and(|it| it.eq_ignore_ascii_case("Mesh"));
    let is_new = fields.flag("isNew").unwrap_or(false);
    draft.joined_groups.push((id, groups(fields), [is_mesh, is_new]));
}

/// The groups that a configuration applies to.
fn groups(fields: &Fields<'_>) -> Vec<ResourceId> {
    let groups = fields.list("appliesToGroups").into_iter().map(|group| group.fields());
    groups.filter_map(|group| group.text("networkGroupId").map(ResourceId::new)).collect()
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
    let mut matches = rule::matches(fields, rule::Unsaid::Any);
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

/// Gives configurations the networks of their groups, and leaves in doubt what may hold or not there.
pub(in crate::resolve) fn put_in_force(draft: &mut Draft, diagnostics: &mut Vec<Diagnostic>) {
    for (collection, groups) in std::mem::take(&mut draft.admin_groups) {
        let networks = members(draft, &groups);
        apply(draft, collection, networks, diagnostics);
    }
    for (id, groups, flags) in std::mem::take(&mut draft.joined_groups) {
        join(draft, id, (&groups, flags), diagnostics);
    }
}

/// The static members of groups.
fn members(draft: &Draft, groups: &[ResourceId]) -> Vec<Link<VirtualNetwork>> {
    let mut networks: Vec<Link<VirtualNetwork>> = Vec::new();
    for &(_, member) in draft.group_members.iter().filter(|(of, _)| groups.contains(of)) {
        if !networks.contains(&member) {
            networks.push(member);
        }
    }
    networks
}

/// Joins the networks of some groups where the configuration is in force. A hub has peerings then, which are resources.
fn join(
    draft: &mut Draft,
    id: Id<ConnectedGroup>,
    (groups, [is_mesh, is_new]): (&[ResourceId], [bool; 2]),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let own = draft.network.connected_groups[id].clone();
    let force = |member: Link<VirtualNetwork>| {
        in_force(draft, (CommitKind::Connectivity, &own.meta.id), member)
            .or_else(|| is_new_alone(draft, &own.meta.id, is_new).then_some(false))
    };
    let members = members(draft, groups).into_iter().filter(|it| !own.networks.contains(it));
    let mut networks: Vec<_> = own.networks.iter().copied().chain(members).collect();
    networks.retain(|&member| force(member) != Some(false));
    let is_sure = networks.iter().all(|&member| force(member) == Some(true));
    // No rule says whether a mesh joins networks of several regions.
    let region = |member: &Link<VirtualNetwork>| {
        member.known().map(|id| &draft.network.virtual_networks[id].meta.location)
    };
    let is_regional = networks.windows(2).all(|it| it.first().map(region) == it.last().map(region));
    let is_in_force = is_mesh && is_sure && is_regional;
    if !is_in_force && !networks.is_empty() {
        let why = match is_sure {
            true => "no rule tells how hubs and several regions are joined",
            false => "nothing tells whether it is deployed",
        };
        let text = format!("the networks of `{}` may be joined by it or not: {why}", own.meta.id);
        let hint = "write what is in force as `connectedGroups` of a scenario";
        let place = draft.network.place(&own.meta.origin);
        diagnostics.push(Diagnostic::warning("unknown-deployment", text).at(place).hint(hint));
    }
    let group = &mut draft.network.connected_groups[id];
    (group.networks, group.is_in_force) = (networks, is_in_force);
}

/// Applies the collection `id` to those of `networks` where it is in force, and *maybe* where nobody tells.
fn apply(
    draft: &mut Draft,
    id: Id<AdminRuleCollection>,
    networks: Vec<Link<VirtualNetwork>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let own = &draft.network.admin_rule_collections[id];
    let configuration = own.meta.id.parent();
    let is_in_force = |member: &Link<VirtualNetwork>| {
        in_force(draft, (CommitKind::SecurityAdmin, configuration.as_ref()?), *member)
    };
    let (told, untold): (Vec<_>, Vec<_>) =
        networks.into_iter().partition(|member| is_in_force(member).is_some());
    let sure: Vec<_> = told.iter().copied().filter(|it| is_in_force(it) == Some(true)).collect();
    let is_told = !told.is_empty() || configuration.is_some_and(|it| is_named(draft, &it));
    if is_told && untold.is_empty() {
        draft.network.admin_rule_collections[id].networks = sure;
        return;
    }
    let doubtful = doubtful(own.clone(), untold);
    diagnostics.push(untold_deployment(&draft.network, &doubtful));
    let collections = &mut draft.network.admin_rule_collections;
    if sure.is_empty() {
        collections[id] = doubtful;
    } else {
        collections[id].networks = sure;
        collections.push(doubtful);
    }
}

/// Does something put the configuration in force in some region?
fn is_named(draft: &Draft, configuration: &ResourceId) -> bool {
    let mut lists = draft.commits.iter().filter_map(|it| it.configurations.as_ref());
    lists.any(|ids| ids.contains(configuration))
}

/// Is the configuration made by what is read, and in force nowhere by it?
fn is_new_alone(draft: &Draft, configuration: &ResourceId, is_new: bool) -> bool {
    let manager = configuration.parent();
    let mut own = draft.commits.iter().filter(|it| manager.as_ref() == Some(&it.manager));
    is_new && own.all(|it| it.configurations.is_some()) && !is_named(draft, configuration)
}

/// The collection as it may hold or not, for `networks`.
fn doubtful(
    mut collection: AdminRuleCollection,
    networks: Vec<Link<VirtualNetwork>>,
) -> AdminRuleCollection {
    collection.networks = networks;
    for admin in &mut collection.rules {
        rule::doubt(Arc::make_mut(&mut admin.matches), "".into());
    }
    collection
}

fn untold_deployment(network: &Network, collection: &AdminRuleCollection) -> Diagnostic {
    let text = format!(
        "nothing tells whether the admin rules of `{}` are deployed: they may hold or not",
        collection.meta.id
    );
    let hint = "write those in force as `adminRuleCollections` of a scenario";
    let place = network.place(&collection.meta.origin);
    Diagnostic::warning("unknown-deployment", text).at(place).hint(hint)
}

/// Is the configuration in force in the network, where that is told (R230)? Where several deployments tell it for one region,
/// they have to agree.
fn in_force(
    draft: &Draft,
    (kind, configuration): (CommitKind, &ResourceId),
    member: Link<VirtualNetwork>,
) -> Option<bool> {
    let manager = configuration.parent()?;
    let region = &draft.network.virtual_networks[member.known()?].meta.location;
    let here = |commit: &&Commit| {
        commit.kind == kind && commit.manager == manager && commit.locations.contains(region)
    };
    let mut commits = draft.commits.iter().filter(here);
    let of = |commit: &Commit| Some(commit.configurations.as_ref()?.contains(configuration));
    let first = of(commits.next()?)?;
    commits.all(|commit| of(commit) == Some(first)).then_some(first)
}
