//! Changes of what has no model, or of what its model leaves out: which packets they open or close is not told.

use crate::answer::ConfigurationChange;
use crate::azure::tree::{Seen, View};
use crate::azure::{Resource, Snapshot};

/// What packets depend on and no model follows, by the types that have it, with those of parts.
const LEFT_OUT: &[(&str, &[&str])] = &[
    // R428: what is behind listeners.
    (
        "microsoft.network/applicationgateways",
        &[
            "backendAddressPools",
            "backendHttpSettingsCollection",
            "backendSettingsCollection",
            "redirectConfigurations",
            "requestRoutingRules",
            "routingRules",
            "urlPathMaps",
        ],
    ),
    ("microsoft.compute/virtualmachinescalesets", &["applicationGatewayBackendAddressPools"]),
    ("microsoft.network/networkinterfaces", &["applicationGatewayBackendAddressPools"]),
    // R319: what the other end announces, where nothing declares it.
    (CONNECTIONS, &["enableBgp", "peer"]),
    // R363-R376
    (
        "microsoft.network/virtualhubs",
        &["hubRoutingPreference", "routeTable", "routingConfiguration", "virtualHubRouteTableV2s"],
    ),
    ("microsoft.network/virtualwans", &["allowBranchToBranchTraffic"]),
    // R337: clients send nothing by themselves.
    ("microsoft.network/virtualnetworkgateways", &["vpnClientAddressPool"]),
    // Apps send nothing by themselves.
    ("microsoft.web/sites", &["virtualNetworkSubnetId"]),
];

const CONNECTIONS: &str = "microsoft.network/connections";

/// Parts of hubs that have no model.
const HUB: &str = "microsoft.network/virtualhubs/";

/// Parts of hubs that are read, but for what stands in [`LEFT_OUT`].
const OF_HUBS: [&str; 3] = ["bgpconnections", "hubvirtualnetworkconnections", "ipconfigurations"];

/// What refers to subnets and has nothing in them: it guards or watches them.
const ASIDE: [&str; 7] = [
    "microsoft.authorization/",
    "microsoft.insights/",
    "microsoft.network/networkwatchers",
    "terraform/azurerm_management_lock",
    "terraform/azurerm_monitor_",
    "terraform/azurerm_network_watcher",
    "terraform/azurerm_subnet_policy_",
];

/// The numbers of those `changes` that packets may depend on and that nothing follows. O(n) in what differs.
#[must_use]
pub fn not_followed(changes: &[ConfigurationChange], sides: [&Snapshot; 2]) -> Vec<usize> {
    let is_it = |change: &ConfigurationChange| {
        sides.into_iter().any(|side| {
            let resource = side.resources.get(&change.resource);
            resource.is_some_and(|it| is_left_out(change, it) && !is_declared(side, it))
        })
    };
    let numbered = changes.iter().enumerate().filter(|(_, change)| is_it(change));
    numbered.map(|(number, _)| number).collect()
}

fn is_left_out(change: &ConfigurationChange, resource: &Resource) -> bool {
    let arm_type = resource.resource_type.to_ascii_lowercase();
    let body = resource.body.view();
    if let Some(others) = body.get("refersTo").filter(|_| body.get("properties").is_none()) {
        return body.get("told").is_some() || is_in_subnet(change, others, &arm_type);
    }
    if arm_type.strip_prefix(HUB).is_some_and(|part| !OF_HUBS.contains(&part)) {
        return true;
    }
    let mut found = LEFT_OUT.iter().filter(|(of, _)| arm_type.starts_with(of));
    found.any(|(_, names)| names.iter().any(|name| is_about(change, body, name)))
}

/// Is it a connection, and says a scenario what sites announce?
fn is_declared(side: &Snapshot, resource: &Resource) -> bool {
    let is_site = |it: &Resource| it.resource_type.eq_ignore_ascii_case("hopwise/onPremises");
    resource.resource_type.eq_ignore_ascii_case(CONNECTIONS) && side.resources.values().any(is_site)
}

/// Does something come into a subnet, or leave it, of which nothing else is known?
fn is_in_subnet(change: &ConfigurationChange, others: View<'_>, arm_type: &str) -> bool {
    let is_subnet = |text: &str| text.to_ascii_lowercase().contains("/subnets/");
    let mut texts = others.elements().filter_map(View::as_text);
    let is_there = if change.path.is_empty() {
        texts.any(is_subnet)
    } else {
        change.before.iter().chain(&change.after).any(|it| is_subnet(it))
    };
    is_there && !ASIDE.iter().any(|start| arm_type.starts_with(start))
}

/// Is the change one of a member called `name`, or of what has one that says something?
fn is_about(change: &ConfigurationChange, body: View<'_>, name: &str) -> bool {
    if change.path.is_empty() {
        return says(body, name);
    }
    let says_no = |value: &Option<String>| value.as_deref().is_none_or(|it| it == "false");
    if says_no(&change.before) && says_no(&change.after) {
        return false;
    }
    let quoted = format!("\"{}\":", name.to_ascii_lowercase());
    change.path.split('/').any(|step| step.eq_ignore_ascii_case(name)) || {
        change.before.iter().chain(&change.after)
    }
    .any(|it| it.to_ascii_lowercase().contains(&quoted))
}

/// Has it a member called `name`, however deep, that says something?
fn says(node: View<'_>, name: &str) -> bool {
    node.elements().any(|node| says(node, name))
        || node.members().any(|(own, node)| {
            (own.eq_ignore_ascii_case(name) && is_something(node)) || says(node, name)
        })
}

fn is_something(node: View<'_>) -> bool {
    match node.seen() {
        Seen::Null => false,
        Seen::Bool(flag) => flag,
        Seen::Text(text) => !text.is_empty(),
        Seen::Number(_) | Seen::Unknown(_) => true,
        Seen::List(mut elements) => elements.next().is_some(),
        Seen::Object(mut members) => members.next().is_some(),
    }
}
