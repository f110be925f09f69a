//! Which connections are up, and whether BGP runs over them.

use super::learned::Assumes;
use crate::azure::{
    Assumption, Connection, ConnectionPeer, ConnectionStatus, Holds, Link, Network, SiteConnection,
    VirtualNetworkGateway,
};
use crate::id::Id;

/// Is a connection up?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectionUse {
    /// Azure or the scenario says so.
    Up,
    /// Nobody says that it is not.
    AssumedUp,
    /// It is not: it teaches nothing and carries nothing.
    Down,
    /// It may be, and that is not to be assumed.
    Unknown,
}

impl ConnectionUse {
    /// R507, and the assumption where Azure's word is not in the input.
    pub(super) fn of(network: &Network, connection: &Connection) -> Self {
        match connection.status {
            Some(ConnectionStatus::Connected) => Self::Up,
            Some(ConnectionStatus::NotConnected | ConnectionStatus::Connecting) => Self::Down,
            Some(ConnectionStatus::Unknown) | None if !is_provisioned(network, connection) => {
                Self::Down
            }
            Some(ConnectionStatus::Unknown) | None => {
                match network.holds(Assumption::ConnectionsUp) {
                    Holds::Assumed => Self::AssumedUp,
                    Holds::Yes => Self::Up,
                    Holds::No => Self::Down,
                    Holds::Unknown => Self::Unknown,
                }
            }
        }
    }

    /// Can it be used, for certain or by assumption?
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Up | Self::AssumedUp)
    }

    pub(super) const fn assumes(self) -> Assumes {
        Assumes { connections_up: matches!(self, Self::AssumedUp), learns_what_is_declared: false }
    }
}

/// Is the circuit of a connection there to carry anything?
fn is_provisioned(network: &Network, connection: &Connection) -> bool {
    match connection.peer {
        ConnectionPeer::Circuit(Link::To(circuit)) => {
            network.express_route_circuits[circuit].is_provisioned
        }
        ConnectionPeer::Circuit(Link::Missing(_))
        | ConnectionPeer::Site(_)
        | ConnectionPeer::Network(_)
        | ConnectionPeer::NotGiven => true,
    }
}

/// Why it is not known whether a connection can be used.
pub(super) fn doubt_of_use(connection: &Connection) -> String {
    format!("whether connection {} is up is not known", connection.meta.name())
}

/// Does BGP run over `connection` of `gateway`? The connection tells, whatever `enableBgp` of the gateway is
/// (R322); policy-based gateways have none (R312).
pub(in crate::dataplane) fn has_bgp(
    gateway: &VirtualNetworkGateway,
    connection: &Connection,
) -> bool {
    connection.has_bgp && !gateway.is_policy_based
}

/// The connection of the other gateway that leads back to `here`: a network-to-network tunnel has
/// one on either side (R326).
pub(super) fn counterpart(
    network: &Network,
    connections: &[Id<Connection>],
    here: Id<VirtualNetworkGateway>,
) -> Option<Id<Connection>> {
    let leads_back = |&&id: &&Id<Connection>| match network.connections[id].peer {
        ConnectionPeer::Network(link) => link.known() == Some(here),
        ConnectionPeer::Site(_) | ConnectionPeer::Circuit(_) | ConnectionPeer::NotGiven => false,
    };
    connections.iter().find(leads_back).copied()
}

/// The prefixes that a site announces over its connection, while it is up.
pub(super) fn announced_by(connection: &SiteConnection) -> &[ipnet::IpNet] {
    if connection.is_up { &connection.advertised_prefixes } else { &[] }
}
