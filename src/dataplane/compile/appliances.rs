//! What guests do with packets that are not for them.

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{
    Appliance, ApplianceKind, Assumption, DnatRule, GuestWay, IpForwarding, NetworkInterface,
};
use crate::dataplane::graph::{
    Cause, DestinationRewrite, Evidence, Foreign, Forwarding, ForwardingKind, GuestRoutes,
    Location, RewrittenSource,
};
use crate::dataplane::{Guest, guest_table};
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Builder {
    /// An interface passes packets on when IP forwarding is on (R83) and its guest does (R84); else what is
    /// for another address of its guest, of a loopback say, does not get to it either. What comes out of a
    /// tunnel is the guest's alone.
    pub(super) fn add_forwarding(&mut self) {
        let network = Arc::clone(&self.network);
        let mut described: BTreeMap<Id<NetworkInterface>, Id<Appliance>> = BTreeMap::new();
        for (id, appliance) in network.appliances.iter() {
            let interfaces = appliance.interfaces.iter().filter_map(|link| link.known());
            described.extend(interfaces.map(|nic| (nic, id)));
        }
        for (nic, at) in self.plane.places.interfaces.clone() {
            let guest = Guest::behind(&network, nic, described.get(&nic).copied());
            let foreign = self.foreign(nic);
            let forwarding = self.forwarding_of(nic, &guest, foreign);
            let more = guest.appliance.filter(|_| foreign == Foreign::Passes);
            let more = more.iter().flat_map(|(_, guest)| &guest.own_addresses);
            let doubt = self.egress_doubt(&guest, &forwarding.egress);
            let answers = self.answers(&guest, &forwarding.egress);
            let location = &mut self.plane.locations[at];
            location.answers = answers;
            location.foreign = foreign;
            location.forwarding = Forwarding { egress_doubt: doubt, ..forwarding };
            location.addresses = location.addresses.iter().chain(more).copied().collect();
        }
        for ((id, _), at) in self.plane.places.tunnels.clone() {
            let Some(guest) = Guest::described(&network, id) else { continue };
            let kind = self.guest_kind(&guest);
            let forwarding = self.forwarding(kind, &guest);
            let doubt = self.egress_doubt(&guest, &forwarding.egress);
            self.plane.locations[at].forwarding = Forwarding { egress_doubt: doubt, ..forwarding };
        }
    }

    /// By which interface a guest with several of them answers that passes nothing on, unless it has routes for
    /// each of them (R86).
    fn answers(
        &self,
        guest: &Guest<'_>,
        egress: &GuestRoutes,
    ) -> Option<Box<ForwardingTable<Id<Location>>>> {
        let has_others = self.places_of(guest).len() > 1;
        match (egress, self.guest_routes(guest)) {
            (GuestRoutes::Same, GuestRoutes::Table(table)) if has_others => Some(table),
            (GuestRoutes::Same | GuestRoutes::Table(_), _) => None,
        }
    }

    /// What is not known of a network may make guests that others tell of routes know other ones.
    fn egress_doubt(&mut self, guest: &Guest<'_>, egress: &GuestRoutes) -> Option<Id<Cause>> {
        let (_, appliance) = guest.appliance?;
        let is_told = !appliance.tunnels.is_empty() || appliance.bgp.is_some();
        if !is_told || matches!(egress, GuestRoutes::Same) {
            return None;
        }
        let why = self.unknowns.of_networks.values().flatten().next()?.clone();
        Some(self.cause(Cause::new(Reason::ValueUnknown, why, &[])))
    }

    /// A machine that is stopped loses what comes by it, port forwards included (R96); whether one that may not be
    /// there does is not known.
    fn forwarding_of(
        &mut self,
        nic: Id<NetworkInterface>,
        guest: &Guest<'_>,
        foreign: Foreign,
    ) -> Forwarding {
        let interface = &self.network.network_interfaces[nic];
        if let Some(why) = self.perhaps_not_there(interface, nic)
            && !interface.forwards_ip.is_off()
        {
            let kind = ForwardingKind::Unsure(self.cause(why));
            return self.forwarding(kind, guest);
        }
        let is_described = guest.appliance.is_some();
        let orphan = || if is_described { None } else { Self::why_alone(interface, &[96, 517]) };
        let why = self.why_stopped(interface, &[96, 517]).or_else(orphan);
        let Some(why) = why else {
            let kind = match foreign {
                Foreign::Passes => self.guest_kind(guest),
                Foreign::Stopped(cause) => ForwardingKind::Refuse(cause),
                Foreign::Unsure(cause) => ForwardingKind::Unsure(cause),
            };
            return self.forwarding(kind, guest);
        };
        let kind = ForwardingKind::Refuse(self.cause(why));
        Forwarding { rewrites: Box::default(), ..self.forwarding(kind, guest) }
    }

    fn forwarding(&self, kind: ForwardingKind, guest: &Guest<'_>) -> Forwarding {
        let forwards = !matches!(kind, ForwardingKind::Refuse(_));
        let foreign = match kind {
            ForwardingKind::Refuse(cause)
                if self.plane.causes[cause].reason == Reason::IpForwardingOff =>
            {
                RewrittenSource::Refused(cause)
            }
            ForwardingKind::Unsure(cause) => RewrittenSource::Unsure(cause),
            ForwardingKind::Refuse(_)
            | ForwardingKind::Router
            | ForwardingKind::Stateful
            | ForwardingKind::Translate { .. }
            | ForwardingKind::Firewall(_) => RewrittenSource::Kept,
        };
        let rewrites = guest.appliance.map(|(_, guest)| rewrites(guest, foreign));
        let rewrites = rewrites.unwrap_or_default();
        Forwarding {
            kind,
            egress: if forwards { self.guest_routes(guest) } else { GuestRoutes::Same },
            egress_doubt: None,
            device: self.places_of(guest).first().map(|&(_, at)| at),
            rewrites,
            assumption: (guest.appliance.is_none() && forwards)
                .then_some(Assumption::ForwardsAsRouter),
        }
    }

    fn foreign(&mut self, nic: Id<NetworkInterface>) -> Foreign {
        let interface = &self.network.network_interfaces[nic];
        let name = interface.meta.name();
        match &interface.forwards_ip {
            IpForwarding::On => Foreign::Passes,
            IpForwarding::Off => {
                let text = format!("enableIPForwarding of {name} is false");
                let cause = Cause::new(Reason::IpForwardingOff, text, &[83]);
                let cause = cause.by(Evidence::NetworkInterface(nic));
                Foreign::Stopped(self.cause(cause))
            }
            IpForwarding::Unknown(why) => {
                let text = format!("`enableIPForwarding` of {name} {why}");
                let cause = Cause::new(Reason::ValueUnknown, text, &[83]);
                let cause = cause.by(Evidence::NetworkInterface(nic));
                Foreign::Unsure(self.cause(cause))
            }
        }
    }

    fn guest_kind(&mut self, guest: &Guest<'_>) -> ForwardingKind {
        let has_table = self.has_table(guest);
        let Some((id, guest)) = guest.appliance else { return ForwardingKind::Router };
        if guest.kind != ApplianceKind::Host
            && let Some(why) = self.plane.gateways.doubt_of(id).filter(|_| has_table)
        {
            let cause = Cause::new(Reason::NotGiven, why, &[]).by(Evidence::Appliance(id));
            return ForwardingKind::Unsure(self.cause(cause));
        }
        match guest.kind {
            ApplianceKind::Router => ForwardingKind::Router,
            ApplianceKind::StatefulFirewall => ForwardingKind::Stateful,
            ApplianceKind::Snat => ForwardingKind::Translate {
                exempt: Box::new(guest.snat_exempt_prefixes.iter().copied().collect()),
            },
            ApplianceKind::Host => {
                let text = format!("the guest of {} does not forward", guest.meta.name());
                let cause = Cause::new(Reason::ApplianceDoesNotForward, text, &[84]);
                ForwardingKind::Refuse(self.cause(cause.by(Evidence::Appliance(id))))
            }
        }
    }

    /// A guest with one interface and no tunnel sends by that; any other as its table says.
    fn has_table(&self, guest: &Guest<'_>) -> bool {
        let appliance = guest.appliance.map(|(_, appliance)| appliance);
        let tunnels = appliance.map_or(0, |it| it.tunnels.len());
        let missing = appliance.into_iter().flat_map(|it| &it.interfaces);
        let missing = missing.filter(|link| link.missing().is_some()).count();
        self.places_of(guest).len() + tunnels + missing >= 2
    }

    fn guest_routes(&self, guest: &Guest<'_>) -> GuestRoutes {
        if !self.has_table(guest) {
            return GuestRoutes::Same;
        }
        let places = &self.plane.places;
        let place = |way: GuestWay| match way {
            GuestWay::Interface(nic) => places.interfaces.get(&nic.known()?).copied(),
            GuestWay::Tunnel(number) => {
                let (id, _) = guest.appliance?;
                places.tunnels.get(&(id, number)).copied()
            }
        };
        let rows = guest_table(&self.network, &self.plane.gateways, guest);
        let rows = rows.iter().filter_map(|row| {
            let ways = row.ways.iter();
            ways.filter_map(|&(way, _)| place(way)).next().map(|at| (row.prefix, at))
        });
        GuestRoutes::Table(Box::new(ForwardingTable::new(rows)))
    }

    /// The interfaces of a guest with their locations.
    fn places_of(&self, guest: &Guest<'_>) -> Vec<(Id<NetworkInterface>, Id<Location>)> {
        let all = guest.interfaces.iter();
        all.filter_map(|&id| Some((id, *self.plane.places.interfaces.get(&id)?))).collect()
    }
}

/// The port forwards of a guest; a packet with a foreign source fares as `foreign` says.
fn rewrites(guest: &Appliance, foreign: RewrittenSource) -> Box<[DestinationRewrite]> {
    let exempt: AddressSet = guest.snat_exempt_prefixes.iter().copied().collect();
    let translates = |to| guest.kind == ApplianceKind::Snat && !exempt.contains(to);
    let rules = guest.dnat_rules.iter().map(|rule| DestinationRewrite {
        protocols: rule.protocols,
        destinations: destinations(rule),
        ports: rule.destination_ports,
        address: rule.translated_address,
        port: rule.translated_port,
        source: if translates(rule.translated_address) { RewrittenSource::Own } else { foreign },
    });
    rules.collect()
}

/// Where packets go that a rule is for. None becomes one of the other family of addresses.
fn destinations(rule: &DnatRule) -> AddressSet {
    let everything = AddressSet::everything();
    let v4 = AddressSet::everything_v4();
    let family = if rule.translated_address.is_ipv4() { v4 } else { everything.difference(&v4) };
    match rule.destination {
        Some(address) => AddressSet::from_iter([IpNet::from(address)]).intersection(&family),
        None => family,
    }
}
