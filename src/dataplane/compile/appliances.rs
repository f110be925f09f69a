//! What guests do with packets that are not for them.

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{Appliance, ApplianceKind, Assumption, Link, NetworkInterface, NicOwner};
use crate::dataplane::graph::{
    Cause, DestinationRewrite, Evidence, Forwarding, ForwardingKind, GuestRoutes, Location,
};
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Builder {
    /// An interface passes packets on when IP forwarding is on (R83) and its guest does (R84).
    pub(super) fn add_forwarding(&mut self) {
        let network = Arc::clone(&self.network);
        let mut guests: BTreeMap<Id<NetworkInterface>, Id<Appliance>> = BTreeMap::new();
        for (id, appliance) in network.appliances.iter() {
            let interfaces = appliance.interfaces.iter().filter_map(|link| link.known());
            guests.extend(interfaces.map(|nic| (nic, id)));
        }
        for (nic, at) in self.plane.places.interfaces.clone() {
            let guest = guests.get(&nic).map(|&id| (id, &network.appliances[id]));
            let forwarding = self.forwarding(nic, guest);
            self.plane.locations[at].forwarding = forwarding;
        }
    }

    fn forwarding(
        &mut self,
        nic: Id<NetworkInterface>,
        guest: Option<(Id<Appliance>, &Appliance)>,
    ) -> Forwarding {
        let kind = self.forwarding_kind(nic, guest);
        let forwards = !matches!(kind, ForwardingKind::Refuse(_));
        Forwarding {
            kind,
            egress: if forwards { self.guest_routes(nic, guest) } else { GuestRoutes::Same },
            device: self.siblings(nic, guest).first().map(|&(_, at)| at),
            rewrites: guest.map(|(_, guest)| rewrites(guest)).unwrap_or_default(),
            assumption: (guest.is_none() && forwards).then_some(Assumption::ForwardsAsRouter),
        }
    }

    fn forwarding_kind(
        &mut self,
        nic: Id<NetworkInterface>,
        guest: Option<(Id<Appliance>, &Appliance)>,
    ) -> ForwardingKind {
        let interface = &self.network.network_interfaces[nic];
        if !interface.forwards_ip {
            let text = format!("enableIPForwarding of {} is false", interface.meta.name());
            let cause = Cause::new(Reason::IpForwardingOff, text, &[83]);
            return ForwardingKind::Refuse(self.cause(cause.by(Evidence::NetworkInterface(nic))));
        }
        let Some((id, guest)) = guest else { return ForwardingKind::Router };
        match guest.kind {
            ApplianceKind::Router => ForwardingKind::Router,
            ApplianceKind::StatefulFirewall => ForwardingKind::Stateful,
            ApplianceKind::Snat => ForwardingKind::Translate {
                exempt: guest.snat_exempt_prefixes.iter().copied().collect(),
            },
            ApplianceKind::Host => {
                let text = format!("the guest of {} does not forward", guest.meta.name());
                let cause = Cause::new(Reason::ApplianceDoesNotForward, text, &[84]);
                ForwardingKind::Refuse(self.cause(cause.by(Evidence::Appliance(id))))
            }
        }
    }

    /// A guest with several interfaces sends to connected subnets by the interface in them, else by
    /// the primary one, which alone gets a default gateway (R86), unless the scenario says more.
    fn guest_routes(
        &self,
        nic: Id<NetworkInterface>,
        guest: Option<(Id<Appliance>, &Appliance)>,
    ) -> GuestRoutes {
        let siblings = self.siblings(nic, guest);
        if siblings.len() < 2 {
            return GuestRoutes::Same;
        }
        let mut routes: Vec<(IpNet, Id<Location>)> = Vec::new();
        let everything = [IpNet::V4(Default::default()), IpNet::V6(Default::default())];
        for &(sibling, at) in &siblings {
            if self.network.network_interfaces[sibling].is_primary {
                routes.extend(everything.map(|prefix| (prefix, at)));
            }
        }
        for &(sibling, at) in &siblings {
            let subnet = self.subnet_of(sibling).map(|id| &self.network.subnets[id]);
            let prefixes = subnet.map(|subnet| subnet.address_prefixes.as_slice());
            routes.extend(prefixes.unwrap_or_default().iter().map(|&prefix| (prefix, at)));
        }
        for &(prefix, by) in guest.map(|(_, guest)| guest.routes.as_slice()).unwrap_or_default() {
            let at = by.known().and_then(|nic| self.plane.places.interfaces.get(&nic));
            routes.extend(at.map(|&at| (prefix, at)));
        }
        GuestRoutes::Table(ForwardingTable::new(routes))
    }

    /// All interfaces of the machine or of the appliance, with their locations.
    fn siblings(
        &self,
        nic: Id<NetworkInterface>,
        guest: Option<(Id<Appliance>, &Appliance)>,
    ) -> Vec<(Id<NetworkInterface>, Id<Location>)> {
        let machine = match self.network.network_interfaces[nic].owner {
            NicOwner::VirtualMachine(link) => link.known(),
            NicOwner::Nobody
            | NicOwner::PrivateEndpoint(_)
            | NicOwner::PrivateLinkService(_)
            | NicOwner::Other(_) => None,
        };
        let machine = machine.map(|id| self.network.virtual_machines[id].interfaces.as_slice());
        let declared = guest.map(|(_, guest)| guest.interfaces.as_slice());
        let all = machine.or(declared).unwrap_or_default();
        let known = all.iter().copied().filter_map(Link::known);
        known.filter_map(|id| Some((id, *self.plane.places.interfaces.get(&id)?))).collect()
    }
}

fn rewrites(guest: &Appliance) -> Box<[DestinationRewrite]> {
    let rules = guest.dnat_rules.iter().map(|rule| DestinationRewrite {
        protocols: rule.protocols,
        destinations: rule.destination.map_or_else(AddressSet::everything, |address| {
            AddressSet::from_iter([IpNet::from(address)])
        }),
        ports: rule.destination_ports,
        address: rule.translated_address,
        port: rule.translated_port,
    });
    rules.collect()
}
