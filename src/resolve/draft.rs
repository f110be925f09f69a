//! The network while it grows, and what is kept for the end, when everything has been read.

use crate::azure::{
    AdminRuleCollection, BackendPool, ConnectedGroup, IpConfiguration, Link, Network,
    NetworkInterface, NotModelled, Origin, Peering, PeeringState, PeeringSyncLevel,
    PrivateLinkService, PublicDnsZone, PublicIpAddress, RuleMatch, VirtualNetwork,
};
use crate::id::{Id, ResourceId};
use foldhash::fast::RandomState;
use indexmap::IndexSet;
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::Arc;

/// The network while it grows.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Draft {
    /// What has been read.
    pub(in crate::resolve) network: Network,
    /// What a peering said of itself, in the order of peerings.
    pub(in crate::resolve) peerings: Vec<PeeringAsGiven>,
    /// Members of backend pools, as told by pools and by network interfaces.
    pub(in crate::resolve) pool_members: Vec<(Link<BackendPool>, Link<IpConfiguration>)>,
    /// Inbound NAT rules that IP configurations say they are behind.
    pub(in crate::resolve) nat_members: Vec<(ResourceId, Id<IpConfiguration>)>,
    /// Interfaces that private link services say are theirs.
    pub(in crate::resolve) private_link_interfaces:
        Vec<(Id<PrivateLinkService>, Link<NetworkInterface>)>,
    /// The IP configurations that public addresses say they belong to.
    pub(in crate::resolve) public_holders: Vec<(Id<PublicIpAddress>, Id<IpConfiguration>)>,
    /// What has an IPv6 address, by id: IP configurations, frontends, public addresses.
    pub(in crate::resolve) of_version_6: BTreeSet<ResourceId>,
    /// The network groups that configured admin rules apply to.
    pub(in crate::resolve) admin_groups: Vec<(Id<AdminRuleCollection>, Vec<ResourceId>)>,
    /// The network groups whose networks a configuration may join, whether as a mesh (R170), and whether it is made by
    /// what is read.
    pub(in crate::resolve) joined_groups: Vec<(Id<ConnectedGroup>, Vec<ResourceId>, [bool; 2])>,
    /// What puts configurations of network managers in force.
    pub(in crate::resolve) commits: Vec<Commit>,
    /// The static members of network groups.
    pub(in crate::resolve) group_members: Vec<(ResourceId, Link<VirtualNetwork>)>,
    /// Scale sets of which instances were read.
    pub(in crate::resolve) scale_sets: BTreeSet<ResourceId>,
    /// Resources that no reader knows, in the order of ids.
    pub(in crate::resolve) not_modelled: Vec<NotModelled>,
    /// Alias records of public zones.
    pub(in crate::resolve) aliases: Vec<Alias>,
    /// Members of load balancers whose probes fail.
    pub(in crate::resolve) unhealthy: Vec<Unhealthy>,
    /// The names of rules, each once.
    pub(in crate::resolve) names: Shared<str>,
    /// What rules are for, each once.
    pub(in crate::resolve) matches: Shared<RuleMatch>,
}

/// Values that many have, each once.
pub(in crate::resolve) type Shared<T> = IndexSet<Arc<T>, RandomState>;

/// The one of `all` that is equal to `value`, which is added if it is new.
pub(in crate::resolve) fn share<T: ?Sized + Eq + Hash>(
    all: &mut Shared<T>,
    value: &Arc<T>,
) -> Arc<T> {
    match all.get(value) {
        Some(known) => Arc::clone(known),
        None => {
            all.insert(Arc::clone(value));
            Arc::clone(value)
        }
    }
}

/// What a network manager has put in force in some regions, in place of what was before.
#[derive(Debug)]
pub(in crate::resolve) struct Commit {
    /// What is put in force.
    pub(in crate::resolve) kind: CommitKind,
    /// The network manager.
    pub(in crate::resolve) manager: ResourceId,
    /// The regions, in lower case without spaces.
    pub(in crate::resolve) locations: Vec<Box<str>>,
    /// The configurations of security admin rules; `None`: it is not known which.
    pub(in crate::resolve) configurations: Option<Vec<ResourceId>>,
}

/// What follows from both halves and both networks where a peering does not say it.
#[derive(Debug)]
pub(in crate::resolve) struct PeeringAsGiven {
    pub(in crate::resolve) id: Id<Peering>,
    pub(in crate::resolve) state: Option<PeeringState>,
    pub(in crate::resolve) sync_level: Option<PeeringSyncLevel>,
    /// `remoteAddressSpace`: what the link knows.
    pub(in crate::resolve) known_space: Option<Vec<IpNet>>,
    /// `remoteVirtualNetworkAddressSpace`: what the remote network has.
    pub(in crate::resolve) live_space: Option<Vec<IpNet>>,
}

/// A record of a public zone that stands for the address of a resource.
#[derive(Debug)]
pub(in crate::resolve) struct Alias {
    pub(in crate::resolve) zone: Id<PublicDnsZone>,
    pub(in crate::resolve) target: Id<PublicIpAddress>,
    /// Where the record set was read.
    pub(in crate::resolve) origin: Origin,
}

/// A member of load balancers whose probe fails: an IP configuration, or the interface or machine
/// whose primary one it is.
#[derive(Debug)]
pub(in crate::resolve) struct Unhealthy {
    /// An id or a name.
    pub(in crate::resolve) name: Box<str>,
    /// Where it was read.
    pub(in crate::resolve) origin: Origin,
}

/// What a network manager puts in force (R230).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) enum CommitKind {
    /// Security admin rules (R227).
    SecurityAdmin,
    /// Networks that are joined (R170).
    Connectivity,
}

impl CommitKind {
    /// `commitType`.
    pub(in crate::resolve) const fn word(self) -> &'static str {
        match self {
            Self::SecurityAdmin => "SecurityAdmin",
            Self::Connectivity => "Connectivity",
        }
    }
}
