//! A link of a private zone to the network whose resolver is asked, and what a link says.

use super::scene::Scene;
use crate::answer::{NameAnswer, NameStep, Obstacle, Reason};
use crate::azure::{PrivateDnsZone, VirtualNetwork};
use crate::dataplane::names::PLATFORM;
use crate::id::Id;
use crate::net::DnsName;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use std::collections::BTreeSet;
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let Some(answer) = scene.trace.name.as_ref().filter(|_| names_fail(obstacle.reason)) else {
        return Vec::new();
    };
    let zones = scene.network().private_dns_zones.values();
    let holding = zones.filter(|zone| holds(zone, &answer.name)).flat_map(|zone| {
        askers(scene, answer).into_iter().filter_map(|network| link(scene, zone, network))
    });
    holding.chain(redirects(scene, answer)).collect()
}

/// A private address that answers to no name is as good as a name that fails: a client that got the
/// public one goes astray.
const fn names_fail(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NameNotFound
            | Reason::NameHasNoAddress
            | Reason::NameUnknown
            | Reason::RefusedByService
            | Reason::NoOutboundMethod
            | Reason::DeniedByDefaultRule
            | Reason::DeniedByRule
    )
}

/// Does a client get no answer, or not the one that a private zone has, as where it gets a public address that is
/// refused (R283)?
pub(super) fn lacks_answer(scene: &Scene<'_>, obstacle: &Obstacle) -> bool {
    let Some(answer) = &scene.trace.name else { return false };
    let mut zones = scene.network().private_dns_zones.values();
    let is_elsewhere = matches!(obstacle.reason, Reason::NameUnknown | Reason::RefusedByService);
    matches!(obstacle.reason, Reason::NameNotFound | Reason::NameTimeout)
        || is_elsewhere && zones.any(|zone| holds(zone, &answer.name))
}

fn holds(zone: &PrivateDnsZone, name: &DnsName) -> bool {
    let is_it = |other: &DnsName| other == name;
    // A service's public name is an alias for one in `privatelink.…` (R277).
    let first = name.as_str().split('.').next().unwrap_or_default();
    let aliased = zone.name.child(first).filter(|_| zone.name.as_str().starts_with("privatelink."));
    zone.record_sets.iter().any(|set| is_it(&set.name) || aliased.as_ref() == Some(&set.name))
}

/// Networks whose resolver may be the one that answers: the sender's, and those of DNS servers that
/// networks name (R239); what was asked, in any case, whoever forwarded to it.
fn askers(scene: &Scene<'_>, answer: &NameAnswer) -> Vec<Id<VirtualNetwork>> {
    let network = scene.network();
    let home = scene.home();
    let own = home.map(|id| network.virtual_networks[id].dns_servers.clone()).unwrap_or_default();
    // R235: Azure's resolver by its address is that of the sender's own network.
    let asks_own = own.is_empty() || own.contains(&PLATFORM);
    let of_sites = network.sites.values().flat_map(|site| site.dns_servers.iter().copied());
    let servers: BTreeSet<IpAddr> = own.iter().copied().chain(of_sites).collect();
    let hosting = network.virtual_networks.iter().filter(|(_, candidate)| {
        let has = |server: &IpAddr| candidate.address_prefixes.iter().any(|it| it.contains(server));
        servers.iter().any(has)
    });
    let resolvers = network.dns_resolvers.values().filter_map(|it| it.network?.known());
    let asked = network.virtual_networks.iter().filter(|(_, it)| {
        let resolver = NameStep::azure_dns(it.meta.name());
        answer.steps.iter().any(|step| step.at == resolver)
    });
    let mut found: Vec<Id<VirtualNetwork>> = home.into_iter().filter(|_| asks_own).collect();
    for id in hosting.chain(asked).map(|(id, _)| id).chain(resolvers) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn link(scene: &Scene<'_>, zone: &PrivateDnsZone, to: Id<VirtualNetwork>) -> Option<Edit> {
    let is_linked = zone.links.iter().any(|it| it.network.known() == Some(to) && it.is_completed);
    if is_linked {
        return None;
    }
    let network = &scene.network().virtual_networks[to];
    let (name, id) = (network.meta.name(), network.meta.id.as_str());
    let sentence = format!("link zone {} to {name}", zone.name);
    let change = patch::object([(
        "virtualNetworkLinks",
        patch::list(vec![patch::object([
            ("name", patch::text(name)),
            ("virtualNetwork", patch::object([("id", patch::text(id))])),
            ("registrationEnabled", patch::flag(false)),
        ])]),
    )]);
    let command = Command::az("network private-dns link vnet create")
        .beside(&zone.meta.id)
        .with("--zone-name", zone.name.as_str())
        .with("-n", name)
        .with("--virtual-network", id)
        .with("--registration-enabled", "false");
    let change = scene.change(&zone.meta.id, change);
    Some(Edit::new("zone-link", sentence, &[247, 458], change).by(command))
}

/// R262: what a privatelink zone does not have is looked up publicly, by the link of the network whose resolver
/// answers (R239).
fn redirects(scene: &Scene<'_>, answer: &NameAnswer) -> Vec<Edit> {
    let askers: Vec<Id<VirtualNetwork>> =
        scene.home().into_iter().chain(askers(scene, answer)).collect();
    let network = scene.network();
    let mut found = Vec::new();
    for zone in network.private_dns_zones.values() {
        let is_privatelink = zone.name.as_str().contains("privatelink.");
        let asked = answer.steps.iter().any(|step| step.text.contains(zone.name.as_str()));
        for link in zone.links.iter().filter(|_| is_privatelink && asked) {
            let asker = link.network.known().filter(|it| askers.contains(it));
            let Some(asker) = asker.filter(|_| !link.redirects_nxdomain) else { continue };
            let sentence = format!(
                "let the link of zone {} to {} fall back to the public DNS for names it does not have",
                zone.name,
                network.virtual_networks[asker].meta.name()
            );
            let change = patch::object([("resolutionPolicy", patch::text("NxDomainRedirect"))]);
            let command = Command::az("network private-dns link vnet update")
                .beside(&zone.meta.id)
                .with("--zone-name", zone.name.as_str())
                .with("-n", link.meta.name())
                .with("--resolution-policy", "NxDomainRedirect");
            let change = scene.change(&link.meta.id, change);
            found.push(Edit::new("zone-fallback", sentence, &[262], change).by(command));
        }
    }
    found
}
