//! The network while it grows, and what is kept for the end, when everything has been read.

use crate::azure::{
    BackendPool, IpConfiguration, Link, Network, Peering, PeeringState, PeeringSyncLevel,
};
use crate::id::Id;
use ipnet::IpNet;

/// The network while it grows.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What has been read.
    pub(super) network: Network,
    /// What a peering said of itself, in the order of peerings.
    pub(super) peerings: Vec<PeeringAsGiven>,
    /// Members of backend pools, as told by pools and by network interfaces.
    pub(super) pool_members: Vec<(Link<BackendPool>, Link<IpConfiguration>)>,
}

/// What follows from both halves and both networks where a peering does not say it.
#[derive(Debug)]
pub(super) struct PeeringAsGiven {
    pub(super) id: Id<Peering>,
    pub(super) state: Option<PeeringState>,
    pub(super) sync_level: Option<PeeringSyncLevel>,
    /// `remoteAddressSpace`: what the link knows.
    pub(super) known_space: Option<Vec<IpNet>>,
    /// `remoteVirtualNetworkAddressSpace`: what the remote network has.
    pub(super) live_space: Option<Vec<IpNet>>,
}
