//! An exception from a security admin rule.

use super::scene::{Scene, host};
use super::security_rule;
use crate::answer::{Obstacle, Reason};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::DeniedByAdminRule {
        return Vec::new();
    }
    except(scene, obstacle).into_iter().collect()
}

/// R227, R229: `Allow` hands the packet on to the security groups; the lowest number is tried first.
fn except(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let item = obstacle.decided_by.as_ref()?;
    let id = item.resource.as_ref()?;
    let collections = scene.network().admin_rule_collections.values();
    let collection = { collections }.find(|it| it.meta.id == *id)?;
    let name = item.name.rsplit('/').next()?;
    let rule = collection.rules.iter().find(|rule| rule.name.eq_ignore_ascii_case(name))?;
    let same = collection.rules.iter().filter(|it| it.direction == rule.direction);
    let taken: Vec<u16> = same.map(|it| it.priority).collect();
    let priority = (1..rule.priority).rev().find(|it| !taken.contains(it))?;
    let flow = obstacle.flow;
    let (source, destination) = (host(flow.source), host(flow.destination));
    let ports = flow.destination_ports.to_string();
    let address = |prefix: &str| {
        patch::list(vec![patch::object([
            ("addressPrefix", patch::text(prefix)),
            ("addressPrefixType", patch::text("IPPrefix")),
        ])])
    };
    let direction = rule.direction.as_arm();
    let protocol = security_rule::protocol(flow);
    let body = patch::object([
        ("name", patch::text(&format!("except-{priority}"))),
        ("priority", patch::number(priority.into())),
        ("direction", patch::text(direction)),
        ("access", patch::text("Allow")),
        ("protocol", patch::text(protocol)),
        ("sources", address(&source)),
        ("destinations", address(&destination)),
        ("sourcePortRanges", patch::list(vec![patch::text("0-65535")])),
        ("destinationPortRanges", patch::list(vec![patch::text(&ports)])),
    ]);
    let change = patch::object([("rules", patch::list(vec![body]))]);
    let sentence = format!(
        "ask whoever runs the network manager to let {source} to {destination} port {ports} pass before {name} \
         ({}, priority {priority})",
        direction.to_lowercase()
    );
    let end =
        |prefix: &str| [format!("address-prefix={prefix}"), "address-prefix-type=IPPrefix".into()];
    let (from, to) = (end(&source), end(&destination));
    let command = Command::az("network manager security-admin-config rule-collection rule create")
        .beside(id)
        .with("--network-manager-name", "MANAGER")
        .with("--configuration-name", "CONFIGURATION")
        .with("--rule-collection-name", "COLLECTION")
        .with("--rule-name", &format!("except-{priority}"))
        .with("--kind", "Custom")
        .with("--access", "Allow")
        .with("--priority", &priority.to_string())
        .with("--direction", direction)
        .with("--protocol", protocol)
        .with_all("--sources", from.iter().map(String::as_str))
        .with_all("--destinations", to.iter().map(String::as_str))
        .with("--dest-port-ranges", &ports);
    let change = scene.change(id, change);
    Some(Edit::new("admin-rule", sentence, &[227, 229], change).by(command))
}
