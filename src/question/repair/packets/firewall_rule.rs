//! A network rule of an Azure Firewall's policy for exactly this flow.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::{FirewallPolicy, RuleCollectionGroup};
use crate::net::{Flow, Protocol};
use crate::question::repair::edit::Edit;
use crate::question::repair::{command, patch};

/// Groups and collections have priorities from 100 on (R397).
const FIRST: u32 = 100;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if !matches!(obstacle.reason, Reason::NoFirewallRuleMatches | Reason::DeniedByFirewall) {
        return Vec::new();
    }
    add(scene, obstacle).into_iter().collect()
}

fn add(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let network = scene.network();
    let hops = scene.trace.paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    let hop = { hops }.find(|hop| hop.at == obstacle.at)?;
    let id = hop.resource.as_ref()?;
    let firewall = network.firewalls.values().find(|it| it.meta.id == *id)?;
    let policy = &network.firewall_policies[firewall.policy?.known()?];
    let group = policy.groups.first()?;
    Some(rule(scene, policy, group, obstacle.flow))
}

fn rule(
    scene: &Scene<'_>,
    policy: &FirewallPolicy,
    group: &RuleCollectionGroup,
    flow: Flow,
) -> Edit {
    let taken: Vec<u32> = group.collections.iter().map(|it| it.priority).collect();
    let priority = (FIRST..=65_000).find(|it| !taken.contains(it)).unwrap_or(FIRST);
    let (source, destination) = (flow.source.to_string(), flow.destination.to_string());
    let protocol = match flow.protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Icmp => "ICMP",
        Protocol::Esp | Protocol::Ah => "Any",
    };
    let ports = flow.destination_ports.to_string();
    let ports = if flow.protocol.has_ports() { ports } else { "*".to_owned() };
    let name = format!("allow-{priority}");
    let one = |text: &str| patch::list(vec![patch::text(text)]);
    let inner = patch::object([
        ("ruleType", patch::text("NetworkRule")),
        ("name", patch::text("flow")),
        ("ipProtocols", one(protocol)),
        ("sourceAddresses", one(&source)),
        ("destinationAddresses", one(&destination)),
        ("destinationPorts", one(&ports)),
    ]);
    let collection = patch::object([
        ("name", patch::text(&name)),
        ("ruleCollectionType", patch::text("FirewallPolicyFilterRuleCollection")),
        ("priority", patch::number(priority)),
        ("action", patch::object([("type", patch::text("Allow"))])),
        ("rules", patch::list(vec![inner])),
    ]);
    let collections = patch::object([("ruleCollections", patch::list(vec![collection]))]);
    let id = policy.meta.id.child("ruleCollectionGroups", &group.name);
    let sentence = format!(
        "allow {protocol} from {source} to {destination} port {ports} in {} of {}",
        group.name,
        policy.meta.name()
    );
    let command = format!(
        "az network firewall policy rule-collection-group collection add-filter-collection {} --policy-name {} \
         --rcg-name {} --name {name} --collection-priority {priority} --action Allow --rule-type NetworkRule \
         --rule-name flow --ip-protocols {protocol} --source-addresses {source} \
         --destination-addresses {destination} --destination-ports {ports}",
        command::group(&policy.meta.id),
        policy.meta.name(),
        group.name
    );
    Edit::new("firewall-rule", sentence, &[396, 398], scene.change(&id, collections)).by(command)
}
