//! Finding resources of one type by name or id: what gates are about.

use super::{Refusal, catalogue};
use crate::azure::{BastionHost, ManagedCluster, Meta, Network, Principal, Subnet, VirtualMachine};
use crate::diag::similar;
use crate::id::{Arena, Id, ResourceId};

/// The Bastion called `text`, by name or ARM id.
///
/// # Errors
/// When none or several are called so; the same holds for the functions below.
pub fn bastion(network: &Network, text: &str) -> Result<Id<BastionHost>, Refusal> {
    one(&network.bastion_hosts, |it| &it.meta, text)
}

/// The cluster called `text`.
///
/// # Errors
/// As above.
pub fn cluster(network: &Network, text: &str) -> Result<Id<ManagedCluster>, Refusal> {
    one(&network.managed_clusters, |it| &it.meta, text)
}

/// The virtual machine called `text`.
///
/// # Errors
/// As above.
pub fn machine(network: &Network, text: &str) -> Result<Id<VirtualMachine>, Refusal> {
    one(&network.virtual_machines, |it| &it.meta, text)
}

/// The principal called `text`.
///
/// # Errors
/// As above.
pub fn principal(network: &Network, text: &str) -> Result<Id<Principal>, Refusal> {
    one(&network.principals, |it| &it.meta, text)
}

/// The subnet called `text`, also as `network/subnet`.
///
/// # Errors
/// As above.
pub fn subnet(network: &Network, text: &str) -> Result<Id<Subnet>, Refusal> {
    one(&network.subnets, |it| &it.meta, text)
}

/// The id of the resource called `text`, of whatever type; an ARM id stands for itself.
///
/// # Errors
/// As above.
pub fn resource(network: &Network, text: &str) -> Result<ResourceId, Refusal> {
    if text.starts_with('/') {
        return Ok(ResourceId::new(text));
    }
    catalogue::resource(network, text)
}

fn one<T>(things: &Arena<T>, meta: fn(&T) -> &Meta, text: &str) -> Result<Id<T>, Refusal> {
    let called = |(_, thing): &(Id<T>, &T)| is_called(&meta(thing).id, text);
    let found: Vec<(Id<T>, &T)> = things.iter().filter(called).collect();
    match &*found {
        [(id, _)] => Ok(*id),
        [] => {
            let names = things.values().map(|thing| meta(thing).name());
            let similar = similar(text, names).into_iter().map(str::to_owned).collect();
            Err(Refusal::NotFound { text: text.to_owned(), similar })
        }
        several => {
            let ids = several.iter().map(|(_, thing)| meta(thing).id.to_string());
            Err(Refusal::ambiguous(text, ids))
        }
    }
}

fn is_called(id: &ResourceId, text: &str) -> bool {
    if text.starts_with('/') {
        return *id == ResourceId::new(text);
    }
    match text.rsplit_once('/') {
        None => id.name().eq_ignore_ascii_case(text),
        Some((owner, name)) => {
            id.name().eq_ignore_ascii_case(name)
                && id.parent().is_some_and(|parent| parent.name().eq_ignore_ascii_case(owner))
        }
    }
}
