//! A network rule of an Azure Firewall for exactly this flow: in its policy, or in its own rules.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::Node;
use crate::azure::{Firewall, FirewallPolicy, RuleCollectionGroup};
use crate::net::{Flow, Protocol};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

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
    let Some(policy) = firewall.policy else {
        return Some(own_rule(scene, firewall, obstacle.flow));
    };
    let policy = &network.firewall_policies[policy.known()?];
    let group = policy.groups.first()?;
    Some(rule(scene, policy, group, obstacle.flow))
}

/// The words of a rule for exactly one flow.
struct Words {
    source: String,
    destination: String,
    protocol: &'static str,
    ports: String,
}

impl Words {
    fn of(scene: &Scene<'_>, flow: Flow) -> Self {
        let protocol = match flow.protocol {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Icmp => "ICMP",
            Protocol::Esp | Protocol::Ah => "Any",
        };
        let ports = flow.destination_ports.to_string();
        let ports = if flow.protocol.has_ports() { ports } else { "*".to_owned() };
        let source = flow.source.to_string();
        let destination = scene.service_tag(flow.destination);
        let destination = destination.unwrap_or_else(|| flow.destination.to_string());
        Self { source, destination, protocol, ports }
    }

    /// The rule; policies and firewalls call the list of its protocols differently.
    fn rule(&self, protocols: &'static str) -> Node {
        let one = |text: &str| patch::list(vec![patch::text(text)]);
        patch::object([
            ("ruleType", patch::text("NetworkRule")),
            ("name", patch::text("flow")),
            (protocols, one(self.protocol)),
            ("sourceAddresses", one(&self.source)),
            ("destinationAddresses", one(&self.destination)),
            ("destinationPorts", one(&self.ports)),
        ])
    }

    fn sentence(&self, place: &str) -> String {
        let Self { source, destination, protocol, ports } = self;
        format!("allow {protocol} from {source} to {destination} port {ports} in {place}")
    }
}

/// A firewall without a policy has rules of its own.
fn own_rule(scene: &Scene<'_>, firewall: &Firewall, flow: Flow) -> Edit {
    let words = Words::of(scene, flow);
    let taken: Vec<u32> = firewall.collections.iter().map(|it| it.priority).collect();
    let priority = (FIRST..=65_000).find(|it| !taken.contains(it)).unwrap_or(FIRST);
    let name = format!("allow-{priority}");
    let collection = patch::object([
        ("name", patch::text(&name)),
        ("priority", patch::number(priority)),
        ("action", patch::object([("type", patch::text("Allow"))])),
        ("rules", patch::list(vec![words.rule("protocols")])),
    ]);
    let change = patch::object([("networkRuleCollections", patch::list(vec![collection]))]);
    let sentence = words.sentence(firewall.meta.name());
    let Words { source, destination, protocol, ports } = words;
    let command = Command::az("network firewall network-rule create")
        .beside(&firewall.meta.id)
        .with("-f", firewall.meta.name())
        .with("--collection-name", &name)
        .with("--priority", &priority.to_string())
        .with("--action", "Allow")
        .with("-n", "flow")
        .with("--protocols", protocol)
        .with("--source-addresses", &source)
        .with("--destination-addresses", &destination)
        .with("--destination-ports", &ports);
    let change = scene.change(&firewall.meta.id, change);
    Edit::new("firewall-rule", sentence, &[396, 398], change).by(command)
}

fn rule(
    scene: &Scene<'_>,
    policy: &FirewallPolicy,
    group: &RuleCollectionGroup,
    flow: Flow,
) -> Edit {
    let taken: Vec<u32> = group.collections.iter().map(|it| it.priority).collect();
    let priority = (FIRST..=65_000).find(|it| !taken.contains(it)).unwrap_or(FIRST);
    let words = Words::of(scene, flow);
    let name = format!("allow-{priority}");
    let collection = patch::object([
        ("name", patch::text(&name)),
        ("ruleCollectionType", patch::text("FirewallPolicyFilterRuleCollection")),
        ("priority", patch::number(priority)),
        ("action", patch::object([("type", patch::text("Allow"))])),
        ("rules", patch::list(vec![words.rule("ipProtocols")])),
    ]);
    let collections = patch::object([("ruleCollections", patch::list(vec![collection]))]);
    let id = policy.meta.id.child("ruleCollectionGroups", &group.name);
    let sentence = words.sentence(&format!("{} of {}", group.name, policy.meta.name()));
    let Words { source, destination, protocol, ports } = words;
    let command = Command::az(
        "network firewall policy rule-collection-group collection add-filter-collection",
    )
    .beside(&policy.meta.id)
    .with("--policy-name", policy.meta.name())
    .with("--rcg-name", &group.name)
    .with("--name", &name)
    .with("--collection-priority", &priority.to_string())
    .with("--action", "Allow")
    .with("--rule-type", "NetworkRule")
    .with("--rule-name", "flow")
    .with("--ip-protocols", protocol)
    .with("--source-addresses", &source)
    .with("--destination-addresses", &destination)
    .with("--destination-ports", &ports);
    Edit::new("firewall-rule", sentence, &[396, 398], scene.change(&id, collections)).by(command)
}
