//! The compiled network.

use super::filter::Filters;
use super::graph::{
    Balancer, Cause, Crossing, Encapsulation, EndpointPolicy, Entry, Exit, Location, Realm, Table,
};
use super::names::Names;
use super::security::RuleSet;
use super::security::firewall::FirewallProgram;
use super::{EffectiveTable, Gateways};
use crate::azure::{self, Network, PlatformProfile};
use crate::id::{Arena, Id, ResourceId};
use crate::net::AddressSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the network does with packets: the input of both engines.
///
/// Compiled once by [`super::compile()`]; equal behaviour is shared, evidence is spelled out only when
/// somebody asks for it.
#[derive(Debug)]
#[expect(missing_docs, reason = "one arena per type of the same name, documented there")]
pub struct Dataplane {
    pub(super) network: Arc<Network>,
    pub(super) profile: &'static PlatformProfile,
    pub(super) gateways: Gateways,
    pub locations: Arena<Location>,
    pub realms: Arena<Realm>,
    pub tables: Arena<Table>,
    pub crossings: Arena<Crossing>,
    /// Why nothing leads from one realm to another although a peering was meant to.
    pub gaps: BTreeMap<(Id<Realm>, Id<Realm>), Id<Cause>>,
    pub encapsulations: Arena<Encapsulation>,
    pub balancers: Arena<Balancer>,
    pub exits: Arena<Exit>,
    pub entries: Arena<Entry>,
    pub causes: Arena<Cause>,
    pub filters: Filters,
    pub rule_sets: Arena<RuleSet>,
    pub programs: Arena<FirewallProgram>,
    /// What subnets let go over their service endpoints.
    pub endpoint_policies: Vec<EndpointPolicy>,
    /// Every address that a machine on the Internet may have.
    pub(super) public_space: AddressSet,
    /// Those of them that the input gives to nobody.
    pub(super) strangers: AddressSet,
    /// Which crossings let every packet pass, in their order.
    // PERF: tells a verdict not to look at the crossing itself.
    pub(super) open_crossings: Box<[bool]>,
    /// A cause for walks that record nothing.
    pub(super) unnamed_cause: Id<Cause>,
    /// What is known of names.
    pub names: Names,
    /// The realm of public addresses.
    pub internet: Id<Realm>,
    /// Which location stands for which resource.
    pub places: Places,
    /// The effective routes of each subnet, in the order of subnets.
    pub effective: Vec<Arc<EffectiveTable>>,
}

/// Which location stands for which resource.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "one map per type of resource")]
pub struct Places {
    pub interfaces: BTreeMap<Id<azure::NetworkInterface>, Id<Location>>,
    pub private_endpoints: BTreeMap<Id<azure::PrivateEndpoint>, Id<Location>>,
    pub firewalls: BTreeMap<Id<azure::Firewall>, Id<Location>>,
    pub gateways: BTreeMap<Id<azure::VirtualNetworkGateway>, Id<Location>>,
    pub bastions: BTreeMap<Id<azure::BastionHost>, Id<Location>>,
    pub inbound_endpoints: BTreeMap<Id<azure::InboundEndpoint>, Id<Location>>,
    pub outbound_endpoints: BTreeMap<Id<azure::OutboundEndpoint>, Id<Location>>,
    pub application_gateways: BTreeMap<Id<azure::ApplicationGateway>, Id<Location>>,
    pub container_groups: BTreeMap<Id<azure::ContainerGroup>, Id<Location>>,
    pub route_servers: BTreeMap<Id<azure::RouteServer>, Id<Location>>,
    pub circuits: BTreeMap<Id<azure::ExpressRouteCircuit>, Id<Location>>,
    pub frontends: BTreeMap<Id<azure::Frontend>, Id<Balancer>>,
    /// The edge of each site.
    pub sites: BTreeMap<Id<azure::Site>, Id<Location>>,
    /// Machines of a site without a name of their own.
    pub site_machines: BTreeMap<Id<azure::Site>, Id<Location>>,
    /// Named machines of sites, by site and number.
    pub site_hosts: BTreeMap<(Id<azure::Site>, usize), Id<Location>>,
    /// API servers with a public address.
    pub clusters: BTreeMap<Id<azure::ManagedCluster>, Id<Location>>,
    /// Services with a public address of their own that the public DNS tells.
    pub services: BTreeMap<Id<azure::ServiceTarget>, Vec<Id<Location>>>,
    /// Services that refuse whatever comes to their public address, wherever that is, by id.
    pub closed_services: BTreeMap<ResourceId, Id<Cause>>,
    /// API servers in a subnet of the customer's.
    pub api_servers: BTreeMap<Id<azure::ManagedCluster>, Id<Location>>,
    /// What stands behind a local network gateway that no site of the scenario describes.
    pub implied_sites: BTreeMap<Id<azure::LocalNetworkGateway>, Id<Location>>,
    /// The tunnels that end in guests, by appliance and number.
    pub tunnels: BTreeMap<(Id<azure::Appliance>, usize), Id<Location>>,
    /// Any machine on the Internet.
    pub internet: Option<Id<Location>>,
    /// Named machines on the Internet, by number.
    pub internet_hosts: BTreeMap<usize, Id<Location>>,
}

impl Dataplane {
    /// The network that it was compiled from.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The platform's own data that it was compiled with.
    #[must_use]
    pub const fn profile(&self) -> &'static PlatformProfile {
        self.profile
    }

    /// Does a crossing let every packet pass?
    #[must_use]
    pub fn is_open(&self, crossing: Id<Crossing>) -> bool {
        self.open_crossings.get(crossing.index()).copied().unwrap_or_default()
    }

    /// What the gateways know.
    #[must_use]
    pub const fn gateways(&self) -> &Gateways {
        &self.gateways
    }
}
