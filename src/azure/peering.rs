//! `Microsoft.Network/virtualNetworks/virtualNetworkPeerings`.

use super::{Link, Meta, VirtualNetwork};
use crate::id::Id;
use ipnet::IpNet;

/// One half of a peering: the link of `network` to `remote` (R127).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peering {
    /// Id, region of the local network, place.
    pub meta: Meta,
    /// The local network.
    pub network: Id<VirtualNetwork>,
    /// The remote network.
    pub remote: Link<VirtualNetwork>,
    /// The half on the other side, the first one there that leads back, if it exists.
    pub other_half: Option<Id<Peering>>,
    /// `peeringState`; where not given, what follows from the presence of the other half (R127), as far as the
    /// input has the other network.
    pub state: PeeringState,
    /// `peeringSyncLevel` (R158); where not given, what follows from the two address spaces.
    pub sync_level: PeeringSyncLevel,
    /// `allowVirtualNetworkAccess`, default true (R139, R142).
    pub allows_virtual_network_access: bool,
    /// `allowForwardedTraffic`, default false (R144).
    pub allows_forwarded_traffic: bool,
    /// `allowGatewayTransit`, default false (R149).
    pub allows_gateway_transit: bool,
    /// `useRemoteGateways`, default false (R149).
    pub uses_remote_gateways: bool,
    /// What the link knows of the remote space (R160): the prefixes that become routes. For subnet
    /// peering the listed remote subnets' ranges (R165).
    pub remote_address_prefixes: Vec<IpNet>,
    /// `peerCompleteVnets`, default true; false for subnet peering (R165).
    pub peers_complete_networks: bool,
    /// Names of the local subnets that take part; empty when all do.
    pub local_subnet_names: Vec<Box<str>>,
    /// Names of the remote subnets that take part; empty when all do.
    pub remote_subnet_names: Vec<Box<str>>,
    /// `enableOnlyIPv6Peering`, default false (R165).
    pub is_only_ipv6: bool,
    /// Why Azure would not have it; asked only where the input does not tell the state, as in
    /// files that people write.
    pub refusal: Option<PeeringRefusal>,
}

impl Peering {
    /// Is this half connected (R127), and not refused (R133)?
    #[must_use]
    pub fn is_in_effect(&self) -> bool {
        let is_refused = matches!(self.refusal, Some(PeeringRefusal::Overlap(_)));
        self.state == PeeringState::Connected && !is_refused
    }
}

/// Why Azure refuses a peering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeeringRefusal {
    /// The two spaces overlap in this prefix (R133).
    Overlap(IpNet),
    /// The remote space overlaps in this prefix with that of another network that the local one is
    /// peered with, or the other way round (R134): Azure refuses the second of the two, and which
    /// that is depends on their order in time.
    OverlapsAnother(IpNet, Id<VirtualNetwork>),
}

/// `peeringState` (R127).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeeringState {
    /// Only this half exists.
    Initiated,
    /// Both halves exist.
    Connected,
    /// The other half was deleted (R128).
    Disconnected,
    /// Nothing tells, and the network where the other half would be is not in the input.
    NotTold,
}

impl PeeringState {
    /// As ARM writes it, which has no word for what is not told.
    #[must_use]
    pub const fn as_arm(self) -> &'static str {
        match self {
            Self::Initiated => "Initiated",
            Self::Connected => "Connected",
            Self::Disconnected => "Disconnected",
            Self::NotTold => "Unknown",
        }
    }
}

/// `peeringSyncLevel` (R158).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeeringSyncLevel {
    /// Both halves know the other side's address space.
    FullyInSync,
    /// The remote half does not know the local space as it is now.
    RemoteNotInSync,
    /// The local half does not know the remote space as it is now.
    LocalNotInSync,
    /// Neither does.
    LocalAndRemoteNotInSync,
}

impl PeeringSyncLevel {
    /// As ARM writes it.
    #[must_use]
    pub const fn as_arm(self) -> &'static str {
        match self {
            Self::FullyInSync => "FullyInSync",
            Self::RemoteNotInSync => "RemoteNotInSync",
            Self::LocalNotInSync => "LocalNotInSync",
            Self::LocalAndRemoteNotInSync => "LocalAndRemoteNotInSync",
        }
    }
}
