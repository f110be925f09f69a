//! Tunnels that end in guests.

use super::builder::{Builder, Draft};
use super::encapsulations::Way;
use crate::answer::HopKind;
use crate::azure::{Appliance, Link, LocalNetworkGateway, TunnelEnd};
use crate::dataplane::gateways::FarEnd;
use crate::dataplane::graph::{Evidence, Location, Owners, Realm, Stop, Stray};
use crate::id::Id;
use crate::net::AddressSet;
use std::sync::Arc;

impl Builder {
    /// The guest's end of each tunnel that is up. What goes in comes out at the other end; what comes
    /// out is the guest's.
    pub(super) fn add_tunnels(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, appliance) in network.appliances.iter() {
            for (number, tunnel) in appliance.tunnels.iter().enumerate() {
                if self.plane.gateways.far_ends(id, number).is_empty() {
                    continue;
                }
                let name = format!("{}/{}", appliance.meta.name(), tunnel.name);
                let realm = self.plane.realms.push(Realm {
                    name: name.as_str().into(),
                    evidence: Some(Evidence::Appliance(id)),
                    space: AddressSet::default(),
                    owners: Owners::default(),
                    unsure: Vec::new(),
                    stray: Stray::Lost,
                    has_offer: false,
                    platform: None,
                });
                let draft = Draft {
                    name: &name,
                    kind: HopKind::Tunnel,
                    evidence: Some(Evidence::Appliance(id)),
                    addresses: appliance.own_addresses.clone(),
                };
                let at = self.location(draft, realm);
                self.plane.places.tunnels.insert((id, number), at);
            }
        }
    }

    /// Everything that is sent into a tunnel goes to its other end.
    pub(super) fn add_tunnel_tables(&mut self) {
        for ((id, number), at) in self.plane.places.tunnels.clone() {
            let ends = self.plane.gateways.far_ends(id, number).iter();
            let ends: Vec<_> = ends.filter_map(|&end| self.far_place(end)).collect();
            self.plane.locations[at].table = self.table_to(&ends, "other end of the tunnel");
        }
    }

    fn far_place(&self, end: FarEnd) -> Option<Stop> {
        let places = &self.plane.places;
        match end {
            FarEnd::Gateway(gateway, connection) => {
                let at = places.gateways.get(&gateway).copied()?;
                Some(self.through(Way::Connection(connection), false, at))
            }
            FarEnd::Appliance(other, number) => {
                places.tunnels.get(&(other, number)).copied().map(Stop::at)
            }
        }
    }

    /// The guest that a local network gateway stands for: its first tunnel that is up. Several to one
    /// gateway are as good as one.
    pub(super) fn guest_behind(&self, gateway: Id<LocalNetworkGateway>) -> Option<Id<Location>> {
        let mut tunnels = self.plane.places.tunnels.iter();
        let is_it = |(id, number): (Id<Appliance>, usize)| {
            let tunnel = self.network.appliances[id].tunnels.get(number);
            tunnel.is_some_and(|it| it.to == TunnelEnd::VpnGateway(Link::To(gateway)))
        };
        tunnels.find(|&(&key, _)| is_it(key)).map(|(_, &at)| at)
    }
}
