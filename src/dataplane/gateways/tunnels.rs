//! Where the tunnels of guests end.

use super::connections::ConnectionUse;
use crate::azure::{
    Appliance, Connection, ConnectionPeer, Link, LocalNetworkGateway, Network, TunnelEnd,
    VirtualNetworkGateway,
};
use crate::id::Id;

/// The other end of a tunnel of a guest that is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarEnd {
    /// A VPN gateway, over its connection to the local network gateway that stands for the guest.
    Gateway(Id<VirtualNetworkGateway>, Id<Connection>),
    /// Another guest, and the number of its tunnel that leads back.
    Appliance(Id<Appliance>, usize),
}

/// The other ends of tunnel `number` of `appliance`; none while it is down or has no counterpart.
pub(super) fn far_ends(
    network: &Network,
    uses: &[ConnectionUse],
    (appliance, number): (Id<Appliance>, usize),
) -> Vec<FarEnd> {
    let tunnel = network.appliances[appliance].tunnels.get(number);
    match tunnel.filter(|tunnel| tunnel.is_up).map(|tunnel| tunnel.to) {
        Some(TunnelEnd::VpnGateway(Link::To(end))) => gateways_behind(network, uses, end),
        Some(TunnelEnd::Appliance(Link::To(other))) => {
            let back = tunnel_back(network, other, appliance);
            back.map(|back| FarEnd::Appliance(other, back)).into_iter().collect()
        }
        Some(
            TunnelEnd::VpnGateway(Link::Missing(_))
            | TunnelEnd::Appliance(Link::Missing(_))
            | TunnelEnd::NotGiven,
        )
        | None => Vec::new(),
    }
}

fn gateways_behind(
    network: &Network,
    uses: &[ConnectionUse],
    end: Id<LocalNetworkGateway>,
) -> Vec<FarEnd> {
    let connections = network.connections.iter().filter(|(id, connection)| {
        let is_usable = uses.get(id.index()).is_some_and(|it| it.is_usable());
        is_usable && connection.peer == ConnectionPeer::Site(Link::To(end))
    });
    let ends = connections.filter_map(|(id, connection)| {
        connection.gateway.and_then(Link::known).map(|gateway| FarEnd::Gateway(gateway, id))
    });
    ends.collect()
}

/// The tunnel of `from` that is up and leads to `to`.
fn tunnel_back(network: &Network, from: Id<Appliance>, to: Id<Appliance>) -> Option<usize> {
    let mut tunnels = network.appliances[from].tunnels.iter();
    tunnels.position(|it| it.is_up && it.to == TunnelEnd::Appliance(Link::To(to)))
}
