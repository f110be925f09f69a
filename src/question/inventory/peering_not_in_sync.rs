//! `peering-not-in-sync`: a half that does not know the other network's space as it is now.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, Peering, PeeringSyncLevel};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "peering-not-in-sync",
    severity: Severity::Warning,
    rules: &[Rule(157), Rule(158), Rule(160)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    network.peerings.values().filter_map(|peering| outdated(network, peering)).collect()
}

fn outdated(network: &Network, peering: &Peering) -> Option<Found> {
    match peering.sync_level {
        PeeringSyncLevel::LocalNotInSync | PeeringSyncLevel::LocalAndRemoteNotInSync => {}
        PeeringSyncLevel::FullyInSync | PeeringSyncLevel::RemoteNotInSync => return None,
    }
    let local = network.virtual_networks[peering.network].meta.name();
    let known: Vec<String> =
        peering.remote_address_prefixes.iter().map(ToString::to_string).collect();
    let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
    let remote = peering.remote.known().map(|id| &network.virtual_networks[id]);
    let now = remote.map(|remote| {
        let prefixes: Vec<String> =
            remote.address_prefixes.iter().map(ToString::to_string).collect();
        format!(", and {} has {} now", remote.meta.name(), prefixes.join(", "))
    });
    let now = now.unwrap_or_default();
    Some(Found {
        resource: peering.meta.id.clone(),
        text: format!("{local} has routes to the other network as it was: it knows {known}{now}"),
        hint: "sync it: `az network vnet peering sync --ids ID`".to_owned(),
        origin: Some(peering.meta.origin.clone()),
    })
}
