//! What the guest of an appliance routes by: static routes, tunnels, BGP. No export holds it.

use super::{Appliance, Link, LocalNetworkGateway, NetworkInterface, Origin, RouteServer};
use ipnet::IpNet;
use std::net::IpAddr;

/// Where a route of a guest leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestWay {
    /// Out by one of its network interfaces.
    Interface(Link<NetworkInterface>),
    /// Into its tunnel of this number.
    Tunnel(usize),
}

/// A static route of a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestRoute {
    /// What it matches.
    pub prefix: IpNet,
    /// Where it leads.
    pub way: GuestWay,
    /// Where it was read.
    pub origin: Origin,
}

/// A tunnel that ends in a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestTunnel {
    /// What the guest calls it.
    pub name: Box<str>,
    /// The other end.
    pub to: TunnelEnd,
    /// The address of the other end inside the tunnel, which the guest reaches by it.
    pub remote_address: Option<IpAddr>,
    /// Is it up? Default true.
    pub is_up: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// The other end of a tunnel of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TunnelEnd {
    /// The VPN gateways with a connection to this local network gateway, which stands for the guest.
    VpnGateway(Link<LocalNetworkGateway>),
    /// Another appliance, which must have a tunnel to this one.
    Appliance(Link<Appliance>),
    /// Somebody who is not in the input.
    NotGiven,
}

/// A guest that speaks BGP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BgpSpeaker {
    /// Its autonomous system number.
    pub asn: u32,
    /// Whom it speaks with.
    pub peers: Vec<SpeakerPeer>,
}

/// One neighbour of a guest that speaks BGP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerPeer {
    /// Who it is.
    pub over: PeerOver,
    /// The next hop that it is told, where that is not the guest's own address.
    pub next_hop: Option<IpAddr>,
    /// Does the guest put its own number in place of the neighbour's in what it passes on, so that
    /// the neighbour does not take it for its own?
    pub as_override: AsOverride,
}

/// In which paths a guest puts its own number in place of the neighbour's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsOverride {
    /// In none.
    #[default]
    Never,
    /// In those that hold no other number, as FRR does before 8.5 (R579).
    WholePath,
    /// In all.
    Always,
}

/// Who a neighbour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerOver {
    /// The other end of the guest's tunnel of this number.
    Tunnel(usize),
    /// A Route Server that has an address of the guest among its peers (R377).
    RouteServer(Link<RouteServer>),
}
