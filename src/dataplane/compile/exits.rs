//! The way out to the Internet, per address of an interface (R118).

use super::builder::Builder;
use crate::answer::{Reason, Rule};
use crate::azure::{
    BackendPool, FrontendAddress, IpConfiguration, Link, LoadBalancer, NatGateway,
    NetworkInterface, NicOwner, PublicIpAddress, Sku, Subnet,
};
use crate::dataplane::graph::{Cause, Evidence, Exit, ExitKind, ForwardingKind, Location};
use crate::dataplane::stand_in;
use crate::id::Id;
use crate::net::{IpNet, Protocol, ProtocolSet};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// What carries ports only: everything but instance-level public addresses (R124, R412).
const WITH_PORTS: ProtocolSet =
    ProtocolSet::single(Protocol::Tcp).union(ProtocolSet::single(Protocol::Udp));

/// More addresses than this no NAT gateway has (R413).
const ADDRESSES_MAX: usize = 16;

/// Which exit an address has; addresses with the same key share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    NatGateway(Id<NatGateway>),
    MissingNatGateway(Id<crate::azure::MissingResource>),
    PublicAddress(Id<crate::azure::PublicIpAddress>),
    MissingPublicAddress(Id<crate::azure::MissingResource>),
    MissingPool(Id<crate::azure::MissingResource>),
    Appliances(Id<IpConfiguration>),
    OutboundRule(Id<LoadBalancer>, u32),
    BalancingRule(Id<LoadBalancer>, u32),
    UnknownBalancer(Id<LoadBalancer>),
    InternalBalancer(Id<LoadBalancer>),
    InternalBalancers,
    Private(Id<Subnet>),
    ScaleSet,
    Container,
    Delegated(Id<Subnet>),
    Default,
    NoPublicV6,
}

/// A service of Azure that stands in a subnet.
struct Service {
    at: Id<Location>,
    subnet: Option<Link<Subnet>>,
    public: Vec<Link<PublicIpAddress>>,
}

/// The pools that an address is a member of.
type Memberships = BTreeMap<Id<IpConfiguration>, Vec<Id<BackendPool>>>;

impl Builder {
    /// The pools of each member by interface.
    fn pools_of_members(&self) -> Memberships {
        let mut pools = Memberships::new();
        for (id, pool) in self.network.backend_pools.iter() {
            for member in pool.members.iter().filter_map(|link| link.known()) {
                pools.entry(member).or_default().push(id);
            }
        }
        pools
    }

    /// Exits of interfaces, firewalls, sites and the Internet's own machines.
    pub(super) fn add_exits(&mut self) {
        let network = Arc::clone(&self.network);
        let mut known = BTreeMap::new();
        let pools = self.pools_of_members();
        let interfaces = self.plane.places.interfaces.clone();
        for (nic, at) in interfaces {
            let configurations = network.network_interfaces[nic].ip_configurations.iter();
            let mut exits = Vec::new();
            for &configuration in configurations {
                let Some(address) = network.ip_configurations[configuration].reached_at() else {
                    continue;
                };
                let mine = pools.get(&configuration).map(Vec::as_slice).unwrap_or_default();
                for key in self.exit_keys(nic, configuration, (address, mine)) {
                    let exit = *known.entry(key).or_insert_with(|| self.add_exit(key));
                    exits.push((address, exit));
                }
            }
            self.plane.locations[at].exits = exits.into();
        }
        self.add_container_exits(&mut known);
        self.add_plain_exits();
        self.add_service_exits(&mut known);
        self.add_vague_exits();
        self.add_site_exits();
    }

    /// What Azure's own services send from an address of their subnet goes out by the NAT gateway of the subnet, else with
    /// the public addresses of the service (R118, R401, R411). Their public addresses are translated no more.
    fn add_service_exits(&mut self, known: &mut BTreeMap<Key, Id<Exit>>) {
        for service in self.services() {
            let (at, subnet) = (service.at, service.subnet.and_then(Link::known));
            let nat = subnet.and_then(|subnet| self.network.subnets[subnet].nat_gateway);
            let own = (!service.public.is_empty()).then(|| self.public_exit(&service));
            let mut exits = self.plane.locations[at].exits.to_vec();
            for address in self.plane.locations[at].addresses.clone() {
                if exits.iter().any(|&(plain, _)| plain == address) {
                    continue;
                }
                let key = match nat.filter(|_| address.is_ipv4()) {
                    Some(Link::To(nat)) => Some(Key::NatGateway(nat)),
                    Some(Link::Missing(nat)) => Some(Key::MissingNatGateway(nat)),
                    None if self.has_public_like(&service, address) => None,
                    None => Some(self.default_exit(subnet, address)),
                };
                let mut add = |key| *known.entry(key).or_insert_with(|| self.add_exit(key));
                exits.extend(key.map(&mut add).or(own).map(|exit| (address, exit)));
            }
            self.plane.locations[at].exits = exits.into();
        }
    }

    /// Services that stand in a subnet and send packets.
    fn services(&self) -> Vec<Service> {
        let (network, places) = (&self.network, &self.plane.places);
        let of = |at: &Id<Location>, subnet, public: &[Link<PublicIpAddress>]| Service {
            at: *at,
            subnet,
            public: public.to_vec(),
        };
        let firewalls = places.firewalls.iter().map(|(&id, at)| {
            let it = &network.firewalls[id];
            of(at, it.subnet, &it.public_ip_addresses)
        });
        let gateways = places.gateways.iter().map(|(&id, at)| {
            let it = &network.virtual_network_gateways[id];
            of(at, it.subnet, &it.public_ip_addresses)
        });
        let bastions = places.bastions.iter().map(|(&id, at)| {
            let it = &network.bastion_hosts[id];
            of(at, it.subnet, it.public_ip_address.as_slice())
        });
        let proxies = places.application_gateways.iter().map(|(&id, at)| {
            let it = &network.application_gateways[id];
            of(at, it.subnet, &it.public_ip_addresses)
        });
        let resolvers = places.outbound_endpoints.iter();
        let resolvers =
            resolvers.map(|(&id, at)| of(at, network.outbound_endpoints[id].subnet, &[]));
        firewalls.chain(gateways).chain(bastions).chain(proxies).chain(resolvers).collect()
    }

    /// Has the service a public address of the family of `address`, as far as that is known?
    fn has_public_like(&self, service: &Service, address: IpAddr) -> bool {
        let ips = &self.network.public_ip_addresses;
        let mut public = service.public.iter().map(|link| ips[link.known()?].ip_address);
        public.any(|own| own.is_none_or(|own| own.is_ipv4() == address.is_ipv4()))
    }

    /// The way out with the public addresses of a service.
    fn public_exit(&mut self, service: &Service) -> Id<Exit> {
        let public = service.public.iter();
        let public = public.map(|link| self.network.public_ip_addresses[link.known()?].ip_address);
        let pool = pool_of(public);
        let location = &self.plane.locations[service.at];
        let (name, evidence) =
            (format!("public addresses of {}", location.name), location.evidence);
        self.plane.exits.push(Exit {
            name: name.into(),
            evidence,
            kind: ExitKind::Translate(pool),
            protocols: ProtocolSet::ALL,
            rules: vec![Rule(118)],
        })
    }

    /// A container group goes out by the NAT gateway of its subnet (R411).
    fn add_container_exits(&mut self, known: &mut BTreeMap<Key, Id<Exit>>) {
        for (id, at) in self.plane.places.container_groups.clone() {
            let subnet = self.network.container_groups[id].subnet.and_then(Link::known);
            let key = match subnet.and_then(|subnet| self.network.subnets[subnet].nat_gateway) {
                Some(Link::To(nat)) => Key::NatGateway(nat),
                Some(Link::Missing(nat)) => Key::MissingNatGateway(nat),
                None => Key::Container,
            };
            let exit = *known.entry(key).or_insert_with(|| self.add_exit(key));
            let location = &mut self.plane.locations[at];
            location.exits = location.addresses.iter().map(|&address| (address, exit)).collect();
        }
    }

    /// Machines that have public addresses themselves.
    fn add_plain_exits(&mut self) {
        let plain = self.plain_exit();
        let places = &self.plane.places;
        let own = places.internet_hosts.values().chain(places.sites.values());
        for at in own.copied().collect::<Vec<_>>() {
            let location = &mut self.plane.locations[at];
            location.exits = location.addresses.iter().map(|&address| (address, plain)).collect();
        }
        for at in self.plane.places.firewalls.values().copied().collect::<Vec<_>>() {
            let ForwardingKind::Firewall(firewall) = &self.plane.locations[at].forwarding.kind
            else {
                continue;
            };
            let public = firewall.public.clone();
            self.plane.locations[at].exits = public.into_iter().map(|own| (own, plain)).collect();
        }
    }

    /// A firewall whose public address is not known translates all the same (R401).
    fn add_vague_exits(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, at) in self.plane.places.firewalls.clone() {
            let mut own = network.firewalls[id].public_ip_addresses.iter().copied();
            let is_vague =
                |pip: Id<PublicIpAddress>| network.public_ip_addresses[pip].ip_address.is_none();
            if !own.any(|link| link.known().is_none_or(is_vague)) {
                continue;
            }
            let exit = self.plane.exits.push(Exit {
                name: network.firewalls[id].meta.name().into(),
                evidence: Some(Evidence::Firewall(id)),
                kind: ExitKind::Translate(Vec::new()),
                protocols: ProtocolSet::ALL,
                rules: vec![Rule(401)],
            });
            let vague = stand_in(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
            let location = &mut self.plane.locations[at];
            location.exits = location.exits.iter().copied().chain([(vague, exit)]).collect();
        }
    }

    /// The machines of a site appear on the Internet with its public address; which one it is may not
    /// be known.
    fn add_site_exits(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, at) in self.plane.places.sites.clone() {
            let site = &network.sites[id];
            let exit = self.plane.exits.push(Exit {
                name: site.edge_name().into(),
                evidence: Some(Evidence::Site(id)),
                kind: ExitKind::Translate(site.public_ip_address.into_iter().collect()),
                protocols: ProtocolSet::ALL,
                rules: Vec::new(),
            });
            self.plane.locations[at].exit_of_others = Some(exit);
        }
    }

    /// The exit of a source that is public already.
    pub(super) fn plain_exit(&mut self) -> Id<Exit> {
        if let Some(plain) = self.plain {
            return plain;
        }
        let plain = self.plane.exits.push(Exit {
            name: "public address".into(),
            evidence: None,
            kind: ExitKind::Plain,
            protocols: ProtocolSet::ALL,
            rules: Vec::new(),
        });
        self.plain = Some(plain);
        plain
    }

    /// NAT gateway, then instance-level address, then load balancer, then the default (R118). Several where the
    /// protocol decides.
    fn exit_keys(
        &self,
        nic: Id<NetworkInterface>,
        configuration: Id<IpConfiguration>,
        (address, pools): (IpAddr, &[Id<BackendPool>]),
    ) -> Vec<Key> {
        let ip = &self.network.ip_configurations[configuration];
        let subnet = ip.subnet.and_then(Link::known);
        let nat = subnet.and_then(|subnet| self.network.subnets[subnet].nat_gateway);
        match (nat.filter(|_| address.is_ipv4()), ip.public_ip_address) {
            (Some(Link::To(nat)), _) => return vec![Key::NatGateway(nat)],
            (Some(Link::Missing(nat)), _) => return vec![Key::MissingNatGateway(nat)],
            (None, Some(_)) if ip.has_gateway_balancer => {
                return vec![Key::Appliances(configuration)];
            }
            (None, Some(Link::To(pip))) => return vec![Key::PublicAddress(pip)],
            (None, Some(Link::Missing(pip))) => return vec![Key::MissingPublicAddress(pip)],
            (None, None) => {}
        }
        // One that may be any may be of a load balancer with an outbound rule, which comes first.
        if let Some(pool) = ip.missing_pool
            && self.network.missing[pool].unknown.is_some()
        {
            return vec![Key::MissingPool(pool)];
        }
        if let Some(balancer) = self.unknown_balancer(pools) {
            return vec![Key::UnknownBalancer(balancer)];
        }
        let (mut balanced, internal) = self.balanced_exits(pools, address);
        balanced.extend(ip.missing_pool.map(Key::MissingPool));
        if balanced.is_empty() {
            balanced.extend(internal);
        }
        if balanced.is_empty() {
            balanced.push(self.implicit_exit(nic, subnet, address));
        }
        balanced
    }

    /// A load balancer of these pools of which it is not known which rules it has: an outbound rule may come first.
    fn unknown_balancer(&self, pools: &[Id<BackendPool>]) -> Option<Id<LoadBalancer>> {
        let mut owners = pools.iter().map(|&pool| self.network.backend_pools[pool].load_balancer);
        owners.find(|&id| {
            self.unknowns.of_balancer(&self.network.load_balancers[id].meta.id).is_some()
        })
    }

    /// R418: for each protocol an outbound rule, else a rule with a public frontend; and a Standard internal
    /// pool, which has none.
    fn balanced_exits(&self, mine: &[Id<BackendPool>], address: IpAddr) -> (Vec<Key>, Option<Key>) {
        let (mut found, mut internal) = (Vec::new(), None);
        let mut carried = ProtocolSet::NONE;
        let mut add = |key: Key, protocols: ProtocolSet| {
            let all = carried.union(protocols);
            if all != carried {
                found.push(key);
            }
            carried = all;
        };
        let owners = mine.iter().map(|&pool| self.network.backend_pools[pool].load_balancer);
        let owners: BTreeSet<Id<LoadBalancer>> = owners.collect();
        let pools: Vec<Link<BackendPool>> = mine.iter().copied().map(Link::To).collect();
        for &id in &owners {
            for (rule, number) in self.network.load_balancers[id].outbound_rules.iter().zip(0..) {
                let is_mine = rule.backend_pool.is_some_and(|pool| pools.contains(&pool));
                let mut frontends = rule.frontends.iter();
                let is_like = rule.frontends.is_empty()
                    || frontends.any(|&frontend| self.is_public(frontend, address));
                if is_mine && is_like {
                    add(Key::OutboundRule(id, number), rule.protocols);
                }
            }
        }
        for &id in &owners {
            let balancer = &self.network.load_balancers[id];
            for (rule, number) in balancer.rules.iter().zip(0..) {
                if !rule.disables_outbound_snat
                    && rule.backend_pools.iter().any(|pool| pools.contains(pool))
                    && self.is_public(rule.frontend, address)
                {
                    add(Key::BalancingRule(id, number), rule.protocols);
                }
            }
            if balancer.sku == Sku::Standard {
                // Of several none decides more than the others.
                let is_first = internal.is_none();
                let one = if is_first { Key::InternalBalancer(id) } else { Key::InternalBalancers };
                internal = Some(one);
            }
        }
        (found, internal)
    }

    fn is_public(&self, frontend: Link<crate::azure::Frontend>, address: IpAddr) -> bool {
        let Some(frontend) = frontend.known() else { return false };
        match self.network.frontends[frontend].address {
            FrontendAddress::Public(Link::To(pip)) => {
                let public = self.network.public_ip_addresses[pip].ip_address;
                public.is_none_or(|public| public.is_ipv4() == address.is_ipv4())
            }
            FrontendAddress::Public(Link::Missing(_)) | FrontendAddress::Other => true,
            FrontendAddress::Private(..) => false,
        }
    }

    /// R119-R123: the default, unless the subnet is private or the machine never has it.
    fn implicit_exit(
        &self,
        nic: Id<NetworkInterface>,
        subnet: Option<Id<Subnet>>,
        address: IpAddr,
    ) -> Key {
        let owner = &self.network.network_interfaces[nic].owner;
        let machine = match owner {
            NicOwner::VirtualMachine(link) => link.known(),
            NicOwner::Nobody
            | NicOwner::PrivateEndpoint(_)
            | NicOwner::PrivateLinkService(_)
            | NicOwner::Other(_) => None,
        };
        let machine = machine.map(|id| &self.network.virtual_machines[id]);
        let key = self.default_exit(subnet, address);
        let is_of_scale_set = machine.is_some_and(|it| it.is_flexible_scale_set_instance);
        if key == Key::Default && is_of_scale_set { Key::ScaleSet } else { key }
    }

    /// R119: the default, unless the subnet is private.
    fn default_exit(&self, subnet: Option<Id<Subnet>>, address: IpAddr) -> Key {
        let is_private =
            |id: &Id<Subnet>| self.network.subnets[*id].default_outbound_access == Some(false);
        match subnet.filter(is_private) {
            _ if address.is_ipv6() => Key::NoPublicV6,
            Some(subnet) if !self.network.subnets[subnet].delegations.is_empty() => {
                Key::Delegated(subnet)
            }
            Some(subnet) => Key::Private(subnet),
            None => Key::Default,
        }
    }

    fn add_exit(&mut self, key: Key) -> Id<Exit> {
        let exit = match key {
            Key::NatGateway(id) => self.nat_exit(id),
            Key::PublicAddress(id) => self.address_exit(id),
            Key::Appliances(id) => {
                let name = self.network.ip_configurations[id].id.name();
                self.undocumented(format!("the appliances before {name} are not modelled"), None)
            }
            Key::OutboundRule(id, number) => self.outbound_exit(id, number),
            Key::BalancingRule(id, number) => self.balancing_exit(id, number),
            Key::MissingNatGateway(id) | Key::MissingPublicAddress(id) | Key::MissingPool(id) => {
                self.missing_exit(id)
            }
            Key::UnknownBalancer(id) => self.unknown_exit(id),
            Key::InternalBalancer(id) => {
                let name = self.network.load_balancers[id].meta.name().to_owned();
                let mut frontends = self.network.frontends.values();
                let is_internal = frontends.all(|it| {
                    it.load_balancer != id || matches!(it.address, FrontendAddress::Private(..))
                });
                let text = match is_internal {
                    true => {
                        format!("a pool of the Standard internal load balancer {name} has none")
                    }
                    false => format!(
                        "no rule of the Standard load balancer {name} is for what its pool sends out"
                    ),
                };
                self.refused(text, &[418], Some(Evidence::LoadBalancer(id)))
            }
            Key::InternalBalancers => {
                let text =
                    "no rule of their Standard load balancers is for what these pools send out";
                self.refused(text.into(), &[418], None)
            }
            Key::Private(id) => {
                let text = format!("subnet {} is private", self.network.subnets[id].meta.name());
                self.refused(text, &[121], Some(Evidence::Subnet(id)))
            }
            Key::ScaleSet => {
                let text = "a scale set with flexible orchestration has no default outbound access";
                self.refused(text.into(), &[123], None)
            }
            Key::NoPublicV6 => {
                self.refused("the interface has no public IPv6 address".into(), &[23], None)
            }
            Key::Container => {
                let text = "whether containers without a NAT gateway get out is not documented";
                self.undocumented(text.to_owned(), None)
            }
            // R122: the service that it is delegated to decides, whatever the setting says.
            Key::Delegated(id) => {
                let name = self.network.subnets[id].meta.name();
                let text = format!(
                    "subnet {name} is delegated, so that it is private is not applied; how the \
                     service in it gets out is not documented"
                );
                self.undocumented(text, Some(Evidence::Subnet(id)))
            }
            Key::Default => Exit {
                name: "default outbound access".into(),
                evidence: None,
                kind: ExitKind::Translate(Vec::new()),
                protocols: WITH_PORTS,
                rules: vec![Rule(118), Rule(119)],
            },
        };
        self.plane.exits.push(exit)
    }

    fn refused(&mut self, text: String, rules: &[u16], evidence: Option<Evidence>) -> Exit {
        let mut cause = Cause::new(Reason::NoOutboundMethod, text, rules);
        cause.evidence = evidence;
        let rules = cause.rules.clone();
        let kind = ExitKind::Refuse(self.cause(cause));
        let name = "no way out".into();
        Exit { name, evidence, kind, protocols: ProtocolSet::ALL, rules }
    }

    fn undocumented(&mut self, text: String, evidence: Option<Evidence>) -> Exit {
        let mut cause = Cause::new(Reason::NotModelled, text, &[118, 122]);
        cause.evidence = evidence;
        let kind = ExitKind::Unsure(self.cause(cause));
        let name = "no NAT gateway".into();
        Exit { name, evidence, kind, protocols: ProtocolSet::ALL, rules: vec![Rule(118)] }
    }

    fn missing_exit(&mut self, id: Id<crate::azure::MissingResource>) -> Exit {
        let missing = &self.network.missing[id];
        let (reason, text) = match &missing.unknown {
            Some(why) => {
                let text = format!("how packets get out to the Internet {why}");
                (Reason::ValueUnknown, text)
            }
            None => (Reason::MissingResource, format!("{} is not in the input", missing.id)),
        };
        let evidence = Some(Evidence::Missing(id));
        let cause = Cause::new(reason, text, &[118]).by(Evidence::Missing(id));
        let kind = ExitKind::Unsure(self.cause(cause));
        let name = self.network.missing[id].id.name().into();
        Exit { name, evidence, kind, protocols: ProtocolSet::ALL, rules: vec![Rule(118)] }
    }

    fn unknown_exit(&mut self, id: Id<LoadBalancer>) -> Exit {
        let balancer = &self.network.load_balancers[id].meta;
        let why = self.unknowns.of_balancer(&balancer.id).unwrap_or_default();
        let evidence = Some(Evidence::LoadBalancer(id));
        let cause = Cause::new(Reason::ValueUnknown, why, &[418]).by(Evidence::LoadBalancer(id));
        let name = balancer.name().into();
        let kind = ExitKind::Unsure(self.cause(cause));
        Exit { name, evidence, kind, protocols: ProtocolSet::ALL, rules: vec![Rule(418)] }
    }

    fn nat_exit(&mut self, id: Id<NatGateway>) -> Exit {
        let gateway = &self.network.nat_gateways[id];
        if gateway.public_ip_addresses.is_empty() && gateway.public_ip_prefixes.is_empty() {
            let text = format!(
                "no rule says what NAT gateway {} does without a public address",
                gateway.meta.name()
            );
            let name = format!("NAT gateway {}", gateway.meta.name()).into();
            let own = Evidence::NatGateway(id);
            let cause = Cause::new(Reason::NotModelled, text, &[118, 411]).by(own);
            let kind = ExitKind::Unsure(self.cause(cause));
            let rules = vec![Rule(118), Rule(411)];
            return Exit { name, evidence: Some(own), kind, protocols: ProtocolSet::ALL, rules };
        }
        let pips = gateway.public_ip_addresses.iter();
        let pips = pips.map(|link| self.network.public_ip_addresses[link.known()?].ip_address);
        let prefixes = gateway.public_ip_prefixes.iter();
        let prefixes = prefixes.flat_map(|link| {
            let prefix = link.known().and_then(|id| self.network.public_ip_prefixes[id].prefix);
            prefix.map_or_else(|| vec![None], addresses_of)
        });
        let pool = pips.chain(prefixes).filter(|it| it.is_none_or(|it| it.is_ipv4()));
        let pool = pool_of(pool);
        Exit {
            name: format!("NAT gateway {}", gateway.meta.name()).into(),
            evidence: Some(Evidence::NatGateway(id)),
            kind: ExitKind::Translate(pool),
            protocols: WITH_PORTS,
            rules: vec![Rule(118), Rule(411), Rule(412)],
        }
    }

    fn address_exit(&self, id: Id<crate::azure::PublicIpAddress>) -> Exit {
        let pip = &self.network.public_ip_addresses[id];
        Exit {
            name: format!("public IP address {}", pip.meta.name()).into(),
            evidence: Some(Evidence::PublicIpAddress(id)),
            kind: ExitKind::Translate(pip.ip_address.into_iter().collect()),
            protocols: ProtocolSet::ALL,
            rules: vec![Rule(118), Rule(219), Rule(221)],
        }
    }

    fn outbound_exit(&self, id: Id<LoadBalancer>, number: u32) -> Exit {
        let balancer = &self.network.load_balancers[id];
        let rule = balancer.outbound_rules.get(number as usize);
        let frontends = rule.map(|rule| rule.frontends.clone()).unwrap_or_default();
        let protocols = rule.map_or(WITH_PORTS, |rule| rule.protocols);
        let evidence = Evidence::OutboundRule(id, number);
        let name = format!("outbound rule of load balancer {}", balancer.meta.name());
        self.frontend_exit(name, evidence, (&frontends, protocols))
    }

    fn balancing_exit(&self, id: Id<LoadBalancer>, number: u32) -> Exit {
        let balancer = &self.network.load_balancers[id];
        let rule = balancer.rules.get(number as usize);
        let frontends: Vec<_> = rule.map(|rule| rule.frontend).into_iter().collect();
        let evidence = Evidence::LoadBalancingRule(id, number);
        let protocols = rule.map_or(WITH_PORTS, |rule| rule.protocols);
        let name = format!("load balancer {}", balancer.meta.name());
        self.frontend_exit(name, evidence, (&frontends, protocols))
    }

    fn frontend_exit(
        &self,
        name: String,
        evidence: Evidence,
        (frontends, protocols): (&[Link<crate::azure::Frontend>], ProtocolSet),
    ) -> Exit {
        let pool = pool_of(frontends.iter().map(|link| {
            let balancer = self.plane.places.frontends.get(&link.known()?)?;
            self.plane.balancers[*balancer].address
        }));
        Exit {
            name: name.into(),
            evidence: Some(evidence),
            kind: ExitKind::Translate(pool),
            protocols,
            rules: vec![Rule(118), Rule(418)],
        }
    }
}

/// The addresses of a prefix. A NAT gateway has 16 at most (R413): of a larger one, which can be none of it, some that are not
/// known.
fn addresses_of(prefix: IpNet) -> Vec<Option<IpAddr>> {
    // Those of version 6 are not translated.
    let IpNet::V4(prefix) = prefix else { return Vec::new() };
    let all = u32::from(prefix.network())..=u32::from(prefix.broadcast());
    let mut all: Vec<Option<IpAddr>> =
        all.take(ADDRESSES_MAX + 1).map(|it| Some(Ipv4Addr::from(it).into())).collect();
    if let Some(beyond) = all.get_mut(ADDRESSES_MAX) {
        *beyond = None;
    }
    all
}

/// The addresses in order, and one that stands for those that are not known; empty when none is known.
pub(super) fn pool_of(addresses: impl IntoIterator<Item = Option<IpAddr>>) -> Vec<IpAddr> {
    let all: Vec<Option<IpAddr>> = addresses.into_iter().collect();
    let mut pool: Vec<IpAddr> = all.iter().copied().flatten().collect();
    pool.sort_unstable();
    pool.dedup();
    if all.contains(&None) {
        pool.extend(pool.first().copied().map(stand_in));
    }
    pool
}
