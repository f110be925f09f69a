//! Bastion opens a session to a machine (R384-R394).

use super::finding::{by, fails, holds, mended_by, set, unsure};
use super::{Scene, ip_connect, role};
use crate::answer::{GateAnswer, ItemKind, PropertyValue, Reason, Remedy};
use crate::azure::{
    BastionHost, Link, Network, NetworkSecurityGroup, Subnet, VirtualMachine, VirtualNetwork,
};
use crate::dataplane::security::{MissingRule, RequiredRule, missing_bastion_rules};
use crate::id::Id;
use crate::question::locate::{self, Refusal};
use crate::scenario::BastionClient;

pub(super) const KIND: &str = "bastionSession";

/// Ports that every SKU offers.
const ORDINARY: [u16; 2] = [22, 3389];

/// How the session is opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) client: BastionClient,
    pub(super) port: u16,
}

pub(super) fn judge(
    scene: &Scene<'_>,
    bastion: &str,
    machine: &str,
    session: Session,
) -> Result<Vec<GateAnswer>, Refusal> {
    let network = scene.network();
    let bastion = &network.bastion_hosts[locate::bastion(network, bastion)?];
    let machine = &network.virtual_machines[locate::machine(network, machine)?];
    let mut found = vec![offer(scene, bastion, session)];
    found.extend(private_only(scene, bastion));
    found.extend(reach(scene, bastion, machine));
    found.extend(subnet(scene, bastion));
    found.extend(roles(scene, bastion, machine));
    Ok(found)
}

/// The SKU, as the rules compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sku {
    Developer,
    Basic,
    Standard,
    Premium,
}

/// The SKU of a Bastion, when it is given and known (R392).
pub(super) fn sku(bastion: &BastionHost) -> Option<Sku> {
    let words = [
        ("Developer", Sku::Developer),
        ("Basic", Sku::Basic),
        ("Standard", Sku::Standard),
        ("Premium", Sku::Premium),
    ];
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&bastion.sku));
    found.map(|&(_, sku)| sku)
}

/// Does the SKU offer a session of this kind, and is it switched on (R392)?
fn offer(scene: &Scene<'_>, bastion: &BastionHost, session: Session) -> GateAnswer {
    let needs_standard =
        session.client == BastionClient::Native || !ORDINARY.contains(&session.port);
    match session.client {
        BastionClient::Native => native_client(scene, bastion, KIND),
        BastionClient::Browser if needs_standard => {
            at_least_standard(scene, bastion, &format!("sessions to port {}", session.port), KIND)
        }
        BastionClient::Browser => {
            let text = format!("{} opens sessions from the browser", bastion.meta.name());
            holds(KIND, text, &[384, 392])
        }
    }
}

/// A Bastion without a public address is one of the SKU Premium (R392, R393).
fn private_only(scene: &Scene<'_>, bastion: &BastionHost) -> Option<GateAnswer> {
    let name = bastion.meta.name();
    if !bastion.is_private_only {
        return None;
    }
    let found = match sku(bastion) {
        Some(Sku::Premium) => {
            let text = format!("{name} is Premium, and reached at its private address only");
            holds(KIND, text, &[392, 393])
        }
        Some(_) => {
            let text = format!("{name} is {}, and only Premium is private-only", bastion.sku);
            let remedy = set(bastion.meta.id.clone(), "sku/name", PropertyValue::Text("Premium"));
            mended_by(remedy, fails(KIND, Reason::NotInSku, text, &[392, 393]))
        }
        None => {
            let text = format!("{name} does not tell its SKU, and only Premium is private-only");
            unsure(KIND, Reason::NotGiven, text, &[392, 393])
        }
    };
    Some(by(scene.item(ItemKind::Bastion, &bastion.meta), found))
}

/// Native clients: from Standard on, when switched on (R392).
pub(super) fn native_client(
    scene: &Scene<'_>,
    bastion: &BastionHost,
    kind: &'static str,
) -> GateAnswer {
    let offered = at_least_standard(scene, bastion, "native clients", kind);
    if offered.reason.is_some() || bastion.has_native_client {
        return offered;
    }
    let text = format!("native client support of {} is off", bastion.meta.name());
    let item = scene.item(ItemKind::Bastion, &bastion.meta);
    let remedy = set(bastion.meta.id.clone(), "enableTunneling", PropertyValue::Flag(true));
    by(item, mended_by(remedy, fails(kind, Reason::SwitchedOff, text, &[392])))
}

fn at_least_standard(
    scene: &Scene<'_>,
    bastion: &BastionHost,
    what: &str,
    kind: &'static str,
) -> GateAnswer {
    let name = bastion.meta.name();
    let item = scene.item(ItemKind::Bastion, &bastion.meta);
    by(
        item,
        match sku(bastion) {
            Some(Sku::Standard | Sku::Premium) => {
                holds(kind, format!("{name} is {} and offers {what}", bastion.sku), &[392])
            }
            Some(Sku::Developer | Sku::Basic) => {
                let text = format!("{name} is {}, which does not offer {what}", bastion.sku);
                let id = bastion.meta.id.clone();
                let remedy = set(id, "sku/name", PropertyValue::Text("Standard"));
                mended_by(remedy, fails(kind, Reason::NotInSku, text, &[392]))
            }
            None => {
                let text = format!("{name} does not tell its SKU, which decides about {what}");
                unsure(kind, Reason::NotGiven, text, &[392])
            }
        },
    )
}

/// The network that a Bastion stands in.
pub(super) fn network_of(network: &Network, bastion: &BastionHost) -> Option<Id<VirtualNetwork>> {
    let subnet = bastion.subnet.and_then(Link::known);
    let own = subnet.map(|subnet| network.subnets[subnet].network);
    own.or_else(|| bastion.network.and_then(Link::known))
}

/// One's own network, and directly peered ones but for the Developer SKU (R389).
fn reach(scene: &Scene<'_>, bastion: &BastionHost, machine: &VirtualMachine) -> Option<GateAnswer> {
    let network = scene.network();
    let from = network_of(network, bastion)?;
    let to = network.subnets[subnet_of(network, machine)?].network;
    let (name, target) = (bastion.meta.name(), machine.meta.name());
    if from == to {
        return Some(holds(KIND, format!("{target} is in the network of {name}"), &[389]));
    }
    let halves = network.virtual_networks[from].peerings.iter().copied();
    let half = { halves }.find(|&half| network.peerings[half].remote == Link::To(to));
    // R127: one half alone is no peering.
    let is_connected = half.is_some_and(|half| scene.plane.gateways().is_connected(half));
    let item = scene.item(ItemKind::Bastion, &bastion.meta);
    Some(match (sku(bastion), is_connected) {
        (Some(Sku::Developer), _) => {
            let text = format!("{name} is Developer, and serves its own network only");
            by(item, fails(KIND, Reason::NotInSku, text, &[389, 392]))
        }
        (_, true) => holds(KIND, format!("{target} is in a network peered with {name}'s"), &[389]),
        (sku, false) if bastion.has_ip_connect => {
            by(item, ip_connect::by_address(scene, bastion, target, sku))
        }
        (sku, false) => by(item, ip_connect::is_off(bastion, target, sku)),
    })
}

fn subnet_of(network: &Network, machine: &VirtualMachine) -> Option<Id<Subnet>> {
    let interface = machine.interfaces.first()?.known()?;
    let configuration = network.network_interfaces[interface].ip_configurations.first()?;
    network.ip_configurations[*configuration].subnet?.known()
}

/// Name, size, routes and security group of the subnet (R27, R386, R388).
pub(super) fn subnet(scene: &Scene<'_>, bastion: &BastionHost) -> Vec<GateAnswer> {
    let network = scene.network();
    let Some(id) = bastion.subnet.and_then(Link::known) else { return Vec::new() };
    let subnet = &network.subnets[id];
    let wrong = |text: String, rule: u16| {
        let item = scene.item(ItemKind::Subnet, &subnet.meta);
        by(item, fails(KIND, Reason::SubnetNotPrepared, text, &[rule]))
    };
    let name = subnet.meta.name();
    let mut found = Vec::new();
    if !subnet.is_named("AzureBastionSubnet") {
        found.push(wrong(format!("{name} is not called AzureBastionSubnet"), 27));
    }
    let length = subnet.address_prefixes.iter().find(|it| it.addr().is_ipv4());
    match length.map(ipnet::IpNet::prefix_len) {
        Some(27) => {
            let text = format!("{name} is a /27, which only old deployments may have");
            found.push(unsure(KIND, Reason::NotGiven, text, &[27]));
        }
        Some(length) if length > 27 => {
            found.push(wrong(format!("{name} is a /{length}, and has to be a /26 or larger"), 27));
        }
        Some(_) | None => {}
    }
    if subnet.route_table.is_some() {
        let text = format!("{name} has a route table, which it must not have");
        let remedy = set(subnet.meta.id.clone(), "routeTable", PropertyValue::Absent);
        found.push(mended_by(remedy, wrong(text, 388)));
    }
    found.extend(security_group(scene, subnet, bastion.is_private_only));
    found
}

/// Without one of the required rules Azure refuses the group (R386).
fn security_group(scene: &Scene<'_>, subnet: &Subnet, is_private_only: bool) -> Vec<GateAnswer> {
    let rules: &[u16] = if is_private_only { &[386, 393] } else { &[386] };
    let network = scene.network();
    let Some(Link::To(id)) = subnet.network_security_group else {
        let text = format!("{} has no security group that could block Bastion", subnet.meta.name());
        return vec![holds(KIND, text, &[184, 386])];
    };
    let group = &network.network_security_groups[id];
    let name = group.meta.name();
    let missing = missing_bastion_rules(network, id, is_private_only);
    if missing.is_empty() {
        return vec![holds(KIND, format!("{name} has every rule that Bastion needs"), rules)];
    }
    // One rule may have several ports.
    let same_ends = |one: &MissingRule, other: &MissingRule| {
        let ends =
            |it: &MissingRule| (it.required.direction, it.required.source, it.required.destination);
        ends(one) == ends(other)
    };
    let together = missing.chunk_by(same_ends).filter_map(|parts| Some((parts.first()?, parts)));
    together.map(|(first, parts)| lacking(scene, group, (first.required, parts), rules)).collect()
}

/// The rule for all ports of `parts` is missing.
fn lacking(
    scene: &Scene<'_>,
    group: &NetworkSecurityGroup,
    (required, parts): (RequiredRule, &[MissingRule]),
    rules: &[u16],
) -> GateAnswer {
    let ports: Vec<u16> = parts.iter().map(|part| part.required.ports.first()).collect();
    let others = ports.iter().skip(1).map(|port| format!(" and {port}"));
    let others: String = others.collect();
    let text = format!(
        "{} lacks the rule {required}{others}; Azure refuses such a group",
        group.meta.name()
    );
    let remedy = Remedy::SecurityRule {
        group: group.meta.id.clone(),
        direction: required.direction.as_arm(),
        source: required.source,
        destination: required.destination,
        ports,
    };
    let item = scene.item(ItemKind::NetworkSecurityGroup, &group.meta);
    by(item, mended_by(remedy, fails(KIND, Reason::BastionNsgIncomplete, text, rules)))
}

/// Reader on the machine, its interface and the Bastion, and on the network when that is a peer
/// (R394).
fn roles(scene: &Scene<'_>, bastion: &BastionHost, machine: &VirtualMachine) -> Vec<GateAnswer> {
    let network = scene.network();
    let check = |action: &str, on: &crate::id::ResourceId| role::check(scene, action, on, &[394]);
    let mut found = vec![
        check("Microsoft.Network/bastionHosts/read", &bastion.meta.id),
        check("Microsoft.Compute/virtualMachines/read", &machine.meta.id),
    ];
    for interface in machine.interfaces.iter().filter_map(|link| link.known()).take(1) {
        let on = &network.network_interfaces[interface].meta.id;
        found.push(check("Microsoft.Network/networkInterfaces/read", on));
    }
    let from = network_of(network, bastion);
    let to = subnet_of(network, machine).map(|subnet| network.subnets[subnet].network);
    if let Some(to) = to.filter(|to| Some(*to) != from) {
        let on = &network.virtual_networks[to].meta.id;
        found.push(check("Microsoft.Network/virtualNetworks/read", on));
    }
    found
}
