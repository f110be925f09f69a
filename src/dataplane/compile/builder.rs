//! The dataplane under construction.

use crate::answer::{HopKind, Reason};
use crate::azure::{
    self, Direction, Network, NetworkSecurityGroup, PlatformProfile, Subnet, VirtualNetwork,
};
use crate::dataplane::graph::{
    Cause, Crossing, Evidence, Exit, ExitKind, Foreign, Forwarding, ForwardingKind, GuestRoutes,
    Location, Own, Owner, Owners, Realm, Reply, Stray, Table,
};
use crate::dataplane::plane::{Dataplane, Places};
use crate::dataplane::security::{Guards, Rulebook, platform_addresses};
use crate::dataplane::unknowns::Unknowns;
use crate::dataplane::unplaced::Unplaced;
use crate::dataplane::{Gateways, is_stand_in, routes};
use crate::id::{Arena, Id};
use crate::net::{AddressSet, IpNet};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// What is known of a location when it is added.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    pub(super) kind: HopKind,
    pub(super) evidence: Option<Evidence>,
    pub(super) addresses: Vec<IpAddr>,
}

/// The dataplane under construction, and what its parts share.
pub(super) struct Builder {
    pub(super) network: Arc<Network>,
    pub(super) plane: Dataplane,
    /// The realm of each virtual network, in the order of networks.
    pub(super) network_realms: Vec<Id<Realm>>,
    /// The realm of each site, in the order of sites.
    pub(super) site_realms: Vec<Id<Realm>>,
    /// A table without rows.
    pub(super) empty_table: Id<Table>,
    /// The cause of locations that pass nothing on.
    pub(super) no_forwarding: Id<Cause>,
    /// The cause of routes with next hop None.
    pub(super) route_drops: Id<Cause>,
    /// The cause of user routes to gateways that cannot be routed to.
    pub(super) unsupported_gateway: Id<Cause>,
    /// The table of each subnet, in the order of subnets.
    pub(super) subnet_tables: Vec<Id<Table>>,
    /// The exit of sources that are public already.
    pub(super) plain: Option<Id<Exit>>,
    /// The platform itself.
    pub(super) platform: Option<Id<Location>>,
    /// The tunnels.
    pub(super) encapsulations: super::encapsulations::Encapsulations,
    /// What lies at the entrance of tunnels that do not take everything.
    pub(super) tunnel_crossings: super::selectors::TunnelCrossings,
    /// Every crossing, by this side's half.
    pub(super) peering_crossings: Vec<Option<Id<Crossing>>>,
    /// What values that are not known may influence.
    pub(super) unknowns: Unknowns,
    /// Services whose address the input does not tell.
    pub(super) unplaced: Unplaced,
    /// Every location that stands in a subnet.
    pub(super) guarded: Vec<super::gates::Guarded>,
    /// The numbers of those where a group holds.
    pub(super) by_group: BTreeMap<Id<NetworkSecurityGroup>, Vec<usize>>,
    /// The same by subnet.
    pub(super) by_subnet: BTreeMap<Id<Subnet>, Vec<usize>>,
    /// Addresses that somebody has, as far as they are given or chosen already.
    pub(super) taken: crate::azure::Taken,
    /// What was compiled of security rules, apart from what is in the plane.
    pub(super) book: Option<Rulebook>,
}

impl Builder {
    pub(super) fn new(network: Arc<Network>, profile: &'static PlatformProfile) -> Self {
        let unknowns = Unknowns::of(&network);
        let gateways = Gateways::new(&network);
        let effective = routes::effective_tables(&network, profile, &gateways);
        let mut tables = Arena::default();
        let empty_table = tables.push(Table::default());
        let mut causes = Arena::default();
        let [no_forwarding, route_drops, unsupported_gateway] = usual(&mut causes);
        let mut realms = Arena::default();
        let internet = realms.push(internet_realm());
        let plane = Dataplane {
            network: Arc::clone(&network),
            profile,
            gateways,
            locations: Arena::default(),
            realms,
            tables,
            crossings: Arena::default(),
            gaps: BTreeMap::new(),
            encapsulations: Arena::default(),
            balancers: Arena::default(),
            exits: Arena::default(),
            entries: Arena::default(),
            causes,
            filters: crate::dataplane::filter::Filters::default(),
            rule_sets: Arena::default(),
            programs: Arena::default(),
            names: crate::dataplane::names::Names::default(),
            public_space: profile.internet().difference(&platform_addresses()),
            endpoint_policies: Vec::new(),
            strangers: AddressSet::EMPTY,
            open_crossings: Box::default(),
            unnamed_cause: no_forwarding,
            internet,
            places: Places::default(),
            effective,
        };
        let unplaced = Unplaced::of(&network, profile);
        let peering_crossings = vec![None; network.peerings.len()];
        Self {
            network,
            plane,
            network_realms: Vec::new(),
            site_realms: Vec::new(),
            empty_table,
            no_forwarding,
            route_drops,
            unsupported_gateway,
            subnet_tables: Vec::new(),
            plain: None,
            platform: None,
            encapsulations: super::encapsulations::Encapsulations::new(),
            tunnel_crossings: super::selectors::TunnelCrossings::new(),
            peering_crossings,
            unknowns,
            unplaced,
            guarded: Vec::new(),
            by_group: BTreeMap::new(),
            by_subnet: BTreeMap::new(),
            taken: crate::azure::Taken::new(),
            book: None,
        }
    }

    /// One realm per virtual network and per site: addresses are keyed by network (R11).
    pub(super) fn add_realms(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, vnet) in network.virtual_networks.iter() {
            let realm = self.plane.realms.push(Realm {
                name: vnet.meta.name().into(),
                evidence: Some(Evidence::VirtualNetwork(id)),
                space: vnet.address_prefixes.iter().copied().collect(),
                owners: Owners::default(),
                unsure: Vec::new(),
                stray: Stray::Lost,
                has_offer: true,
                platform: None,
            });
            self.network_realms.push(realm);
        }
        for (id, site) in network.sites.iter() {
            let realm = self.plane.realms.push(Realm {
                name: site.meta.name().into(),
                evidence: Some(Evidence::Site(id)),
                space: site.address_prefixes.iter().copied().collect(),
                owners: Owners::default(),
                unsure: Vec::new(),
                stray: Stray::Lost,
                has_offer: false,
                platform: None,
            });
            self.site_realms.push(realm);
        }
    }

    /// The realm of a virtual network.
    #[expect(clippy::indexing_slicing, reason = "one per network, in the same order")]
    pub(super) fn realm_of(&self, network: Id<VirtualNetwork>) -> Id<Realm> {
        self.network_realms[network.index()]
    }

    /// The realm of a site.
    #[expect(clippy::indexing_slicing, reason = "one per site, in the same order")]
    pub(super) fn realm_of_site(&self, site: Id<azure::Site>) -> Id<Realm> {
        self.site_realms[site.index()]
    }

    /// A location with nothing in it yet: it delivers, and passes nothing on.
    pub(super) fn location(&mut self, draft: Draft<'_>, realm: Id<Realm>) -> Id<Location> {
        let Draft { name, kind, evidence, addresses } = draft;
        self.plane.locations.push(Location {
            name: name.into(),
            kind,
            evidence,
            realm,
            addresses: addresses.into(),
            takes_all: false,
            shares_guest: false,
            has_chosen_address: false,
            arriving: no_guards(Direction::Inbound),
            leaving: no_guards(Direction::Outbound),
            table: self.empty_table,
            tunnels: None,
            exits: Box::default(),
            exit_of_others: None,
            own: Own::Deliver,
            forwarding: Forwarding {
                kind: ForwardingKind::Refuse(self.no_forwarding),
                egress: GuestRoutes::Same,
                egress_doubt: None,
                rewrites: Box::default(),
                device: None,
                assumption: None,
            },
            reply: Reply::Routed,
            answers: None,
            foreign: Foreign::Passes,
            instances: None,
        })
    }

    /// A location that stands in `subnet`; none when the subnet is not in the input.
    pub(super) fn location_in(
        &mut self,
        draft: Draft<'_>,
        subnet: Option<azure::Link<Subnet>>,
    ) -> Option<Id<Location>> {
        let subnet = subnet?.known()?;
        let realm = self.realm_of(self.network.subnets[subnet].network);
        Some(self.location(draft, realm))
    }

    /// Notes a cause.
    pub(super) fn cause(&mut self, cause: Cause) -> Id<Cause> {
        self.plane.causes.push(cause)
    }

    /// The locations whose guest keeps its flow records at another one, with that one.
    fn interfaces_of_others(&self) -> Vec<(Id<Location>, Id<Location>)> {
        let locations = self.plane.locations.iter();
        let devices = locations.filter_map(|(at, it)| Some((at, it.forwarding.device?)));
        devices.filter(|(at, device)| at != device).collect()
    }

    /// What an address may be that is public and not known: none that is somebody else's (R119).
    fn strangers(&self) -> AddressSet {
        let plane = &self.plane;
        let owners = plane.realms[plane.internet].owners.iter();
        let owned = owners.filter(|(_, owner)| !matches!(owner, Owner::Unsure(_))).map(|it| it.0);
        let pools = plane.exits.values().filter_map(|exit| match &exit.kind {
            ExitKind::Translate(pool) => Some(pool.iter().copied()),
            ExitKind::Plain | ExitKind::Refuse(_) | ExitKind::Unsure(_) => None,
        });
        let all = owned.chain(pools.flatten()).filter(|&it| !is_stand_in(it));
        let all: AddressSet = all.map(IpNet::from).collect();
        plane.public_space.difference(&all)
    }

    pub(super) fn finish(mut self) -> Self {
        for (at, device) in self.interfaces_of_others() {
            self.plane.locations[at].shares_guest = true;
            self.plane.locations[device].shares_guest = true;
        }
        self.plane.strangers = self.strangers();
        for table in self.plane.tables.ids().collect::<Vec<_>>() {
            self.tell_apart(table);
        }
        self.plane.open_crossings = self.plane.crossings.values().map(Crossing::is_open).collect();
        self
    }
}

fn no_guards(direction: Direction) -> Guards {
    Guards { direction, list: Arc::default(), overrides_default_route: false }
}

/// Causes that stand in many places: nothing passes packets on, a route drops, a gateway cannot be a next hop.
fn usual(causes: &mut Arena<Cause>) -> [Id<Cause>; 3] {
    [
        Cause::new(
            Reason::ApplianceDoesNotForward,
            "it takes only packets for its own addresses",
            &[15],
        ),
        Cause::new(Reason::RouteDrops, "the next hop is None", &[40]),
        Cause::new(
            Reason::GatewayNotSupported,
            "a user route to a virtual network gateway works only with a VPN gateway",
            &[74, 517],
        ),
    ]
    .map(|cause| causes.push(cause))
}

fn internet_realm() -> Realm {
    Realm {
        name: "Internet".into(),
        evidence: None,
        space: AddressSet::everything(),
        owners: Owners::default(),
        unsure: Vec::new(),
        stray: Stray::Lost,
        has_offer: false,
        platform: None,
    }
}
