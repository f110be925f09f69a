//! The public name that a private cluster has as well.

use super::{address_of, locate};
use crate::answer::{Reason, TraceAnswer};
use crate::azure::ManagedCluster;
use crate::dataplane::Dataplane;
use crate::net::DnsName;

/// The public name of a private cluster, which leads to its private address; none where it is switched off (R451).
pub(super) fn public_name(cluster: &ManagedCluster) -> Option<&DnsName> {
    cluster.fqdn.as_ref().filter(|_| cluster.is_private && cluster.has_public_fqdn)
}

/// What to ask for instead, where nothing but its private name keeps packets from a private cluster: the name is a
/// matter of the credential (R459).
pub(super) fn instead(plane: &Dataplane, answer: &TraceAnswer) -> Option<String> {
    let is_name = |reason| matches!(reason, Reason::NameNotFound | Reason::NameTimeout);
    if answer.obstacles.is_empty() || !answer.obstacles.iter().all(|it| is_name(it.reason)) {
        return None;
    }
    let (network, asked) = (plane.network(), &answer.name.as_ref()?.name);
    let mut clusters = network.managed_clusters.values();
    let cluster = clusters.find(|it| it.private_fqdn.as_ref() == Some(asked))?;
    let public = public_name(cluster)?;
    let from = locate::source(network, &answer.from).ok()?;
    address_of(plane, from.endpoint, public).ok()?;
    let name = cluster.meta.name();
    Some(format!(
        "{name} has the public name {public} as well, which leads to its private address: \
         `az aks get-credentials --public-fqdn` (R451, R459)"
    ))
}
