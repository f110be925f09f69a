//! `bastion-zone-linked`: a private zone with the name of something public that Bastion needs.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{BastionHost, Link, Network, VirtualNetwork};
use crate::diag::Severity;
use crate::id::Id;
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Network> =
    Kind { code: "bastion-zone-linked", severity: Severity::Error, rules: &[Rule(286)], find };

/// Zones that hide what Bastion asks for (R286).
const ZONES: [&str; 6] = [
    "management.azure.com",
    "blob.core.windows.net",
    "core.windows.net",
    "vaultcore.windows.net",
    "vault.azure.net",
    "azure.com",
];

fn find(network: &Network) -> Vec<Found> {
    let bastions = network.bastion_hosts.values().filter_map(|it| home(network, it));
    let homes: BTreeSet<Id<VirtualNetwork>> = bastions.collect();
    let zones = network.private_dns_zones.values();
    let zones =
        zones.filter(|zone| ZONES.iter().any(|name| zone.meta.name().eq_ignore_ascii_case(name)));
    let links = zones.flat_map(|zone| zone.links.iter().map(move |link| (zone, link)));
    let found = links.filter_map(|(zone, link)| {
        let home = link.network.known().filter(|home| homes.contains(home))?;
        let (zone_name, home) = (zone.meta.name(), network.virtual_networks[home].meta.name());
        Some(Found {
            resource: zone.meta.id.clone(),
            text: format!(
                "{zone_name} is linked to {home}, whose Bastion needs the public names there"
            ),
            hint: format!("unlink it, or use privatelink.{zone_name}"),
            origin: Some(zone.meta.origin.clone()),
        })
    });
    found.collect()
}

fn home(network: &Network, bastion: &BastionHost) -> Option<Id<VirtualNetwork>> {
    let of_subnet = bastion.subnet.and_then(Link::known).map(|id| network.subnets[id].network);
    of_subnet.or_else(|| bastion.network.and_then(Link::known))
}
