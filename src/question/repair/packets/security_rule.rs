//! A rule of a network security group for exactly this flow.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::{Direction, NetworkSecurityGroup, SecurityRule};
use crate::dataplane::names::{PLATFORM, PORT};
use crate::dataplane::{is_service_stand_in, is_stand_in};
use crate::net::{Flow, PortRange};
use crate::question::repair::command::{self, Command};
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

/// Custom rules have priorities from 100 to 4096 (R174).
const FIRST: u16 = 100;
const LAST: u16 = 4096;

/// The tag of Azure's resolver.
const PLATFORM_DNS: &str = "AzurePlatformDNS";

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let is_denied = matches!(
        obstacle.reason,
        Reason::DeniedByRule | Reason::DeniedByDefaultRule | Reason::NoHealthyBackend
    );
    let found = if is_denied { allow(scene, obstacle) } else { None };
    found.into_iter().collect()
}

fn allow(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let item = obstacle.decided_by.as_ref()?;
    let id = item.resource.as_ref()?;
    let groups = scene.network().network_security_groups.values();
    let group = { groups }.find(|group| group.meta.id == *id)?;
    let name = item.name.rsplit('/').next()?;
    let (direction, before) = denying(group, name)?;
    match free_before(group, direction, before) {
        Some(priority) => Some(rule(scene, group, Slot { direction, priority }, obstacle.flow)),
        None => {
            let (moved, slot) = make_room(scene, group, direction, name)?;
            let allowed = rule(scene, group, slot, obstacle.flow);
            Some(moved.and(allowed))
        }
    }
}

/// Moves the denying rule up to the next free number, so that its own becomes free: the order of all
/// rules stays.
fn make_room(
    scene: &Scene<'_>,
    group: &NetworkSecurityGroup,
    direction: Direction,
    name: &str,
) -> Option<(Edit, Slot)> {
    let rule = group.rules.iter().find(|rule| rule.name.eq_ignore_ascii_case(name))?;
    let later = group.rules.iter().filter(|it| it.direction == direction);
    let next = later.map(|it| it.priority).filter(|&it| it > rule.priority).min();
    let free = |priority: u16| next.is_none_or(|next| priority < next) && priority <= LAST;
    let moved = [rule.priority + 10, rule.priority + 1].into_iter().find(|&it| free(it))?;
    let body = patch::object([
        ("name", patch::text(&rule.name)),
        ("priority", patch::number(moved.into())),
    ]);
    let change = patch::object([("securityRules", patch::list(vec![body]))]);
    let sentence = format!("move {} of {} to priority {moved}", rule.name, group.meta.name());
    let command = Command::az("network nsg rule update")
        .beside(&group.meta.id)
        .with("--nsg-name", group.meta.name())
        .with("-n", &rule.name)
        .with("--priority", &moved.to_string());
    let change = scene.change(&group.meta.id, change);
    let edit = Edit::new("security-rule", sentence, &[175], change).by(command);
    Some((edit, Slot { direction, priority: rule.priority }))
}

/// Which way the rule `name` is for, and the priority that is to be outranked.
fn denying(group: &NetworkSecurityGroup, name: &str) -> Option<(Direction, u16)> {
    let own = group.rules.iter().find(|rule| rule.name.eq_ignore_ascii_case(name));
    if let Some(rule) = own {
        return Some((rule.direction, rule.priority));
    }
    let lower = name.to_ascii_lowercase();
    let direction = match lower {
        _ if lower.ends_with("inbound") => Direction::Inbound,
        _ if lower.ends_with("outbound") => Direction::Outbound,
        _ => return None,
    };
    Some((direction, LAST + 1))
}

/// The last free priority before `before`, round numbers first.
fn free_before(group: &NetworkSecurityGroup, direction: Direction, before: u16) -> Option<u16> {
    let same = |rule: &&SecurityRule| rule.direction == direction;
    let taken: Vec<u16> = group.rules.iter().filter(same).map(|rule| rule.priority).collect();
    let mut candidates = (FIRST..before.min(LAST + 1)).rev();
    let is_free = |priority: &u16| !taken.contains(priority);
    let round = candidates.clone().find(|priority| priority % 10 == 0 && is_free(priority));
    round.or_else(|| candidates.find(is_free))
}

#[derive(Clone, Copy)]
struct Slot {
    direction: Direction,
    priority: u16,
}

fn rule(scene: &Scene<'_>, group: &NetworkSecurityGroup, slot: Slot, flow: Flow) -> Edit {
    let Slot { direction, priority } = slot;
    let source = match flow.source {
        // Any machine on the Internet.
        any if is_stand_in(any) => "Internet".to_owned(),
        // R203, R214: the probe of a load balancer.
        address if scene.is_prober(address) => "AzureLoadBalancer".to_owned(),
        address => scene.words_for(address),
    };
    let (destination, protocol, ports) = destination(scene, flow);
    let name = format!("allow-{}-{priority}", direction.as_arm().to_lowercase());
    let body = patch::object([
        ("name", patch::text(&name)),
        ("priority", patch::number(priority.into())),
        ("direction", patch::text(direction.as_arm())),
        ("access", patch::text("Allow")),
        ("protocol", patch::text(protocol)),
        ("sourceAddressPrefix", patch::text(&source)),
        ("sourcePortRange", patch::text("*")),
        ("destinationAddressPrefix", patch::text(&destination)),
        ("destinationPortRange", patch::text(&ports)),
    ]);
    let change = patch::object([("securityRules", patch::list(vec![body]))]);
    let sentence = format!(
        "allow {protocol} from {source} to {destination} port {ports} in {} ({}, priority {priority})",
        group.meta.name(),
        direction.as_arm().to_lowercase()
    );
    let command = command::SecurityRule {
        group: &group.meta.id,
        name: &name,
        priority,
        direction: direction.as_arm(),
        protocol,
        source: &source,
        destination: &destination,
        ports: &[ports],
    };
    let change = scene.change(&group.meta.id, change);
    let rules: &[u16] = if destination == PLATFORM_DNS { &[175, 176, 242] } else { &[175, 176] };
    Edit::new("security-rule", sentence, rules, change).by(command.create())
}

/// Where a flow goes, by which protocol, to which ports.
fn destination(scene: &Scene<'_>, flow: Flow) -> (String, &'static str, String) {
    // R242: only rules that name the tag are about Azure's resolver, and about all that it answers.
    if flow.destination == PLATFORM && flow.destination_ports == PortRange::single(PORT) {
        return (PLATFORM_DNS.to_owned(), "*", "*".to_owned());
    }
    let destination = match flow.destination {
        // Any public service.
        any if is_stand_in(any) => "Internet".to_owned(),
        address if is_service_stand_in(address) => {
            scene.service_tag(address).unwrap_or_else(|| "Internet".to_owned())
        }
        address => scene.words_for(address),
    };
    let ports = flow.destination_ports;
    let ports = if flow.protocol.has_ports() { ports.to_string() } else { "*".to_owned() };
    (destination, protocol(flow), ports)
}

/// The protocol of a flow, as rules name it.
pub(super) const fn protocol(flow: Flow) -> &'static str {
    use crate::net::Protocol;
    match flow.protocol {
        Protocol::Tcp => "Tcp",
        Protocol::Udp => "Udp",
        Protocol::Icmp => "Icmp",
        Protocol::Esp => "Esp",
        Protocol::Ah => "Ah",
    }
}
